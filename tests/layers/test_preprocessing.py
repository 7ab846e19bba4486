"""Preprocessing layers: pixels that "nearest" picks, single images, and the data that `adapt` takes."""

import numpy as np
import pytest

from striate import Input, config, layers
from striate.engine import Graph, Plan
from striate.layers.resizing import resize


@pytest.mark.parametrize("axis", [1, 2])
def test_nearest_picks_the_pixel_at_the_centre(axis):
    sizes = range(1, 200)
    for n in sizes:
        pixels = np.expand_dims(np.arange(n, dtype=np.float32), [each for each in range(4) if each != axis])
        for first in sizes[::20]:  # Small plans are made faster.
            graph, some = Graph(), range(first, min(first + 20, 200))
            x = graph.input(pixels.shape, "float32")
            outputs = [resize(x, *((m, 1) if axis == 1 else (1, m)), "nearest") for m in some]
            results = Plan(graph, outputs, 1).instantiate().compute([pixels])
            for m, result in zip(some, results, strict=True):
                np.testing.assert_array_equal(result.ravel(), (2 * np.arange(m) + 1) * n // (2 * m))  # floor((j + 1/2) n / m)


@pytest.mark.parametrize(
    "layer",
    [
        layers.Rescaling(1 / 255, 0.5),
        layers.Resizing(4, 9),
        layers.CenterCrop(3, 3),
        layers.RandomFlip(seed=1),
        layers.RandomTranslation(0.3, 0.2, seed=1),
        layers.RandomRotation(0.3, seed=1),
        layers.RandomZoom(0.3, seed=1),
        layers.RandomCrop(4, 5, seed=1),
        layers.RandomContrast(0.5, seed=1),
        layers.RandomBrightness(0.5, seed=1),
    ],
)
@pytest.mark.parametrize("training", [False, True])
def test_one_image_gives_the_output_of_a_batch_of_one(layer, training):
    image = (np.random.default_rng(0).random((6, 7, 3)) * 255).astype(np.float32)
    alone = type(layer).from_config(layer.get_config())(image, training=training)
    batch = type(layer).from_config(layer.get_config())(image[np.newaxis], training=training)
    assert alone.ndim == 3
    np.testing.assert_array_equal(alone, batch[0])


def test_images_with_another_number_of_axes_are_refused():
    for shape in ((6, 7), (1, 2, 6, 7, 3)):
        with pytest.raises(ValueError, match=f"{len(shape)} dimensions; expected 4"):
            layers.Resizing(4, 9)(np.ones(shape, np.float32))


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (3.0, TypeError, r"data=3.0 is of type float; expected an array, or an iterable of batches"),
        (None, TypeError, r"data=None is of type NoneType; expected an array"),
        ([], ValueError, r"data=.* has no samples"),
        (np.zeros((0, 3)), ValueError, r"data=.* has no samples"),
        ([1.0, 2.0], ValueError, r"data has shape \(2,\); expected \(samples, ..., features\)"),
        (np.array(3.0), ValueError, r"data has shape \(\); expected \(samples, ..., features\)"),
        ("images", TypeError, r"data='images' is of type str; expected an array"),
        ([[None, 1.0]], TypeError, r"data=.* has dtype object; expected real numbers"),
    ],
)
def test_adapt_refuses_invalid_data(data, error, message):
    layer = layers.Normalization()
    with pytest.raises(error, match=message):
        layer.adapt(data)
    layer.adapt([np.array([[1.0, 2.0], [3.0, 6.0]])])
    np.testing.assert_allclose(layer(np.array([[3.0, 2.0]], np.float32)), [[1, -1]], rtol=1e-6)


def test_a_single_mean_allows_any_number_of_channels():
    layer = layers.Normalization(axis=None)
    layer.adapt(np.array([1.0, 5.0]))
    for shape in ((2, 3), (2, 4), (1, 2, 2, 5)):
        np.testing.assert_allclose(layer(np.full(shape, 7.0, np.float32)), np.full(shape, 2.0), rtol=1e-6)


def test_given_means_must_fit_the_channels():
    layer = layers.Normalization(mean=[1.0, 2.0, 3.0], variance=1.0)
    with pytest.raises(ValueError, match=r"mean=\[1.0, 2.0, 3.0\] has 3 elements; expected one for each of 4 channels"):
        layer(np.ones((2, 4), np.float32))
    layer = layers.Normalization(mean=0.0, variance=[1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match=r"variance=.* has 3 elements; expected one for each of 4 channels"):
        layer(np.ones((2, 4), np.float32))


@pytest.mark.parametrize("invert", [False, True])
@pytest.mark.parametrize("axis", [None, -1, 1, (1, 2), [-1, 1], (1, 2, 3)])
def test_any_axes_but_that_of_the_samples_have_their_own_mean_and_variance(axis, invert):
    x = np.random.default_rng(0).normal(3, 2, (6, 4, 3, 5)).astype(np.float32)
    kept = {each % 4 for each in np.ravel(axis)} if axis is not None else set()
    others = tuple(each for each in range(4) if each not in kept)
    mean, deviation = x.mean(others, keepdims=True), x.std(others, keepdims=True)
    wanted = x * deviation + mean if invert else (x - mean) / deviation
    adapted = layers.Normalization(axis, invert=invert)
    adapted.adapt(iter([x[:1], x[1:4], x[4:]]))
    np.testing.assert_allclose(adapted(x), wanted, rtol=1e-4, atol=1e-5)
    given = layers.Normalization(axis, x.mean(others), x.var(others), invert)
    np.testing.assert_allclose(given(x), wanted, rtol=1e-4, atol=1e-5)
    assert given.mean.shape == mean.shape
    again = layers.Normalization.from_config(given.get_config())
    np.testing.assert_array_equal(again(x), given(x))


def test_adapt_takes_batches_in_lists_and_sequences():
    x = np.random.default_rng(0).normal(3, 2, (6, 4, 3)).astype(np.float32)

    class Batches:
        def __len__(self):
            return 3

        def __getitem__(self, i):
            return x[2 * i : 2 * i + 2], np.zeros(2)

    whole = layers.Normalization(1)
    whole.adapt(x)
    for data in ([x[:2], x[2:]], [(x[:2], 0), (x[2:], 1)], Batches()):
        layer = layers.Normalization(1)
        layer.adapt(data)
        np.testing.assert_allclose(layer(x), whole(x), rtol=1e-5, atol=1e-6)


def test_bad_axes_and_means_are_refused():
    x = np.ones((2, 3, 4, 5), np.float32)
    with pytest.raises(ValueError, match=r"axis=\[0, 1\] of x, shape .* is that of the samples"):
        layers.Normalization((0, 1))(x)
    with pytest.raises(ValueError, match=r"axis=4 is out of range; expected an axis of x"):
        layers.Normalization((1, 4))(x)
    with pytest.raises(ValueError, match=r"mean=.* has shape \(5,\); expected one that is broadcast to \(3, 4\)"):
        layers.Normalization((1, 2), np.zeros(5), 1.0)(x)


def test_vectors_of_rescaling_belong_to_the_channels_of_the_default_format():
    x = np.random.default_rng(0).random((2, 3, 4, 5)).astype("float32")
    scale, offset = [2.0, 3.0, 4.0], [0.5, 0.0, -1.0]
    try:
        config.set_image_data_format("channels_first")
        layer = layers.Rescaling(scale, offset)
        expected = x * np.reshape(scale, (3, 1, 1)) + np.reshape(offset, (3, 1, 1))
        np.testing.assert_allclose(layer(x), expected, rtol=1e-6)
        assert layer(Input((3, 4, 5))).shape == (None, 3, 4, 5)
        np.testing.assert_allclose(layer(x[:, :, 0, 0]), x[:, :, 0, 0] * scale + offset, rtol=1e-6)
        with pytest.raises(ValueError, match="expected one for each of 5 channels"):
            layer(np.moveaxis(x, 1, -1).copy().reshape(2, 5, 4, 3))
    finally:
        config.set_image_data_format("channels_last")
