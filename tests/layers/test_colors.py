"""Random changes of colours."""

import colorsys

import numpy as np
import pytest

from striate import layers


def _in_hsv(x, change):
    """Return images with a function of hue, saturation and value applied to each pixel."""
    pixels = [colorsys.hsv_to_rgb(*change(*colorsys.rgb_to_hsv(*pixel))) for pixel in x.reshape(-1, 3).astype(float)]
    return np.reshape(pixels, x.shape)


@pytest.mark.parametrize("high", [1, 255])
def test_saturation_and_hue_change_in_the_hsv_colour_space(high):
    x = np.random.default_rng(0).random((3, 5, 6, 3), dtype=np.float32)
    x[0, 0] = 0.3  # Grey.
    x[0, 1] = 0
    x[0, 2, :, 1:] = x[0, 2, :, :1] / 2
    for factor in (0.0, 0.3, 0.5, 0.8):
        layer = layers.RandomSaturation((factor, factor), value_range=(0, high))
        expected = _in_hsv(x, lambda h, s, v: (h, min(s * factor / (1 - factor), 1), v))  # noqa: B023
        np.testing.assert_allclose(layer(high * x, training=True, rng=0), high * expected, atol=2e-6 * high)
    for factor in (0.0, 0.4, 1.0):
        y = layers.RandomHue((factor, factor), value_range=(0, high))(high * x, training=True, rng=0)
        either = [_in_hsv(x, lambda h, s, v: ((h + turn * factor / 2) % 1, s, v)) for turn in (-1, 1)]  # noqa: B023
        for image, *options in zip(y, *either, strict=True):
            assert min(np.abs(image - high * option).max() for option in options) < 5e-6 * high


def test_random_grayscale_makes_images_grey():
    x = np.random.default_rng(0).random((400, 2, 3, 3), dtype=np.float32)
    y = layers.RandomGrayscale(0.3)(x, training=True, rng=0)
    changed = (y != x).any((1, 2, 3))
    assert changed.mean() == pytest.approx(0.3, abs=0.08)
    grey = x[changed] @ np.float32([0.2989, 0.587, 0.114])
    np.testing.assert_allclose(y[changed], np.repeat(grey[..., np.newaxis], 3, -1), rtol=1e-5)


def test_random_erasing_erases_one_rectangle():
    x = np.full((300, 20, 30, 3), 7.0, np.float32)
    layer = layers.RandomErasing((0.5, 0.5), scale=(0.25, 0.25), fill_value=-1.0, value_range=(-9, 9))
    y = layer(x, training=True, rng=0)
    erased = (y == -1).all(-1)
    assert ((y == 7).all(-1) | erased).all()
    assert set(np.unique(erased.sum((1, 2)))) == {0, 150}  # Half the height times half the width.
    assert erased.any((1, 2)).mean() == pytest.approx(0.5, abs=0.1)
    assert (erased.any(2).sum(1) * erased.any(1).sum(1) == erased.sum((1, 2))).all()
    noisy = layers.RandomErasing((1, 1), value_range=(0, 5))(x, training=True, rng=0)
    assert set(np.unique(noisy[noisy != 7])) >= {0, 5}
    np.testing.assert_array_equal(layer(x, training=False), x)
