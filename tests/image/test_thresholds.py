"""Thresholds: fixed, Otsu's, and local ones."""

import numpy as np
import pytest

from striate import image


def two_classes(seed, shape=(40, 50)):
    """Return an image of uint8 with a dark and a bright part."""
    rng = np.random.default_rng(seed)
    bright = rng.random(shape) < rng.uniform(0.2, 0.8)
    means, widths = np.sort(rng.uniform(20, 230, 2)), rng.uniform(2, 40, 2)
    return rng.normal(np.where(bright, *means[::-1]), np.where(bright, *widths)).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 3), (2, 5, 7, 3)])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_pixels_above_a_threshold(shape, dtype):
    x = np.random.default_rng(0).integers(0, 9, shape).astype(dtype)
    got = image.threshold(x, 4)
    assert got.dtype == bool
    np.testing.assert_array_equal(got, x > 4)
    np.testing.assert_array_equal(image.threshold(x, 300), False)
    np.testing.assert_array_equal(image.threshold(x, -0.5), True)


def slow_otsu(x):
    """Return the value whose classes differ least within themselves, by trying all."""
    values = np.unique(x)[:-1]
    within = [sum(part.var() * part.size for part in (x[x <= value], x[x > value])) for value in values]
    return values[np.argmin(within)]


@pytest.mark.parametrize("seed", range(8))
def test_the_classes_of_otsu_differ_least_within_themselves(seed):
    cv2, filters = pytest.importorskip("cv2"), pytest.importorskip("skimage.filters")
    x = two_classes(seed)
    got = image.otsu_threshold(x)
    assert got == slow_otsu(x.astype(np.float64))
    assert got == filters.threshold_otsu(x)
    assert got == cv2.threshold(x, 0, 255, cv2.THRESH_OTSU)[0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("bins", [2, 50, 256])
def test_otsu_of_floats_is_that_of_scikit_image(bins, dtype):
    filters = pytest.importorskip("skimage.filters")
    for seed in range(4):
        x = (two_classes(seed) / 100 - 1 + np.random.default_rng(seed).random((40, 50))).astype(dtype)
        assert image.otsu_threshold(x, bins) == pytest.approx(filters.threshold_otsu(x, bins), rel=1e-6)


def test_otsu_of_one_value_is_that_value():
    assert image.otsu_threshold(np.full((3, 4), 7, np.uint8)) == 7
    assert image.otsu_threshold(np.full((3, 4), -0.5)) == -0.5


def test_wrong_arguments_are_refused():
    x = np.zeros((4, 4))
    with pytest.raises(ValueError, match="value=nan is out of range; expected a finite number"):
        image.threshold(x, np.nan)
    with pytest.raises(ValueError, match=r"image has 3 dimensions, shape \(4, 4, 3\); expected an image \(height, width\)"):
        image.otsu_threshold(np.zeros((4, 4, 3)))
    with pytest.raises(ValueError, match="bins=1 is too small"):
        image.otsu_threshold(x, 1)
    x[0, 1] = np.inf
    for function in (lambda x: image.threshold(x, 1), image.otsu_threshold):
        with pytest.raises(ValueError, match=r"image holds inf at \(0, 1\); expected finite values"):
            function(x)
