"""Activations, scales and averages of bfloat16 numbers, against the same kernels of the float32 numbers that they are."""

import numpy as np
import pytest

from striate.geometry import pool2d_geometry
from striate.kernels import bindings

from .test_bfloat16 import rounded, stored, widened

#: Activations of single elements, as kernels know them
ELEMENTWISE = sorted(set(bindings.ACTIVATIONS) - {"softmax", "log_softmax"})


def assert_nearest(y, real, error=2.0**-20):
    """Assert that bfloat16 numbers are the nearest to float32 numbers, which have such a relative error."""
    y, nearest = widened(y), widened(rounded(real))
    with np.errstate(invalid="ignore"):
        near = np.abs(y - real) <= np.abs(nearest - real) + error * np.abs(real)
    assert ((y == nearest) | near | (np.isnan(y) & np.isnan(real))).all()


@pytest.mark.parametrize("activation", ELEMENTWISE)
def test_activations_are_the_nearest_numbers(activation, instruction_set):
    rng = np.random.default_rng(0)
    for size in (0, 1, 7, 16, 1037, 40_003):
        x = rounded(4 * rng.standard_normal(size, np.float32))
        if size > 16:
            x[:6] = rounded(np.array([np.nan, np.inf, -np.inf, -0.0, 3e38, -3e38], np.float32))
        settings = {"columns": 1, "activation": activation, "alpha": 0.3}
        real = np.empty(size, np.float32)
        bindings.activation_forward(widened(x), real, threads=1, **settings)
        first = np.full(size, 99, np.uint16)
        bindings.activation_forward(x, first, threads=1, **settings)
        assert_nearest(first, real, 2.0**-12 if activation == "silu" else 2.0**-20)
        for threads in (2, 3):
            y = np.full(size, 99, np.uint16)
            bindings.activation_forward(x, y, threads=threads, **settings)
            np.testing.assert_array_equal(y, first)
        bindings.activation_forward(x, x, threads=1, **settings)
        np.testing.assert_array_equal(x, first)


@pytest.mark.parametrize("per_image", [False, True])
@pytest.mark.parametrize("shape", [(1, 1, 1), (2, 7, 5), (3, 100, 48), (2, 31, 33), (1, 300, 130)])
def test_scaled_channels_are_the_nearest_numbers(shape, per_image, instruction_set):
    rng = np.random.default_rng(0)
    x = stored(rng, shape)
    channels = (shape[0], shape[2]) if per_image else shape[2:]
    scale, shift = np.maximum(rng.standard_normal(channels, np.float32), 0), rng.standard_normal(channels, np.float32)
    x.flat[:2] = rounded(np.array([np.nan, np.inf], np.float32))[: x.size]
    for others in ({}, {"shift": shift, "low": -1, "high": 1}, {"masked": True}):
        real, settings = np.empty(shape, np.float32), {"scale": scale, **others}
        bindings.scale_shift_forward(widened(x), real, shape=shape, threads=1, **settings)
        for threads in (1, 2, 3):
            y = np.full(shape, 99, np.uint16)
            bindings.scale_shift_forward(x, y, shape=shape, threads=threads, **settings)
            assert_nearest(y, real)


@pytest.mark.parametrize(
    ("shape", "pooling"),
    [
        ((2, 7, 7, 40), {"pool_size": 7}),
        ((1, 8, 9, 3), {"pool_size": 2}),
        ((2, 9, 11, 130), {"pool_size": 3, "strides": 2, "padding": "same"}),
        ((1, 10, 7, 16), {"pool_size": 2, "strides": 3}),
        ((1, 1, 1, 5), {"pool_size": 3, "padding": "same"}),
        ((1, 40, 130, 33), {"pool_size": (2, 5), "strides": 1, "padding": "same"}),
        ((0, 4, 4, 8), {"pool_size": 2}),
    ],
)
@pytest.mark.parametrize("count_include_pad", [False, True])
def test_averages_are_the_nearest_numbers(shape, pooling, count_include_pad, instruction_set):
    x = stored(np.random.default_rng(0), shape)
    y_shape, geometry = pool2d_geometry(shape, **{"strides": None, "padding": "valid", **pooling})
    settings = {"geometry": geometry, "count_include_pad": count_include_pad}
    real = np.empty(y_shape, np.float32)
    bindings.average_pool2d_forward(widened(x), real, threads=1, **settings)
    for threads in (1, 2, 3):
        y = np.full(y_shape, 99, np.uint16)
        bindings.average_pool2d_forward(x, y, threads=threads, **settings)
        assert_nearest(y, real)


def test_what_does_not_fit_together_is_refused():
    low, real = np.zeros(8, np.uint16), np.zeros(8, np.float32)
    for activation in ("softmax", "log_softmax"):
        with pytest.raises(ValueError, match="fit"):
            bindings.activation_forward(low, low, columns=8, activation=activation, threads=1)
    for x, y in ((low, real), (real, low)):
        with pytest.raises(TypeError):
            bindings.activation_forward(x, y, columns=8, activation="relu", threads=1)
        with pytest.raises(TypeError):
            bindings.scale_shift_forward(x, y, scale=real, shape=(1, 1, 8), threads=1)
        images = x.reshape(1, 2, 2, 2), y.reshape(1, 2, 2, 2)
        with pytest.raises(TypeError):
            bindings.average_pool2d_forward(*images, geometry=(1, 1, 1, 1, 0, 0, 0, 0), threads=1)
    with pytest.raises(TypeError):
        bindings.scale_shift_forward(low, low, scale=low, shape=(1, 1, 8), threads=1)
    with pytest.raises(TypeError):
        bindings.activation_backward(low, low, low, columns=8, activation="relu", threads=1)
