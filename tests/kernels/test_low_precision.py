"""Convolutions and pooling of 8-bit integers against plain NumPy: the same bits on every instruction set, for any threads."""

import numpy as np
import pytest

from striate import functional as F
from striate.geometry import pool2d_geometry
from striate.kernels import bindings

from .low_precision import CONVOLUTIONS, LowPrecisionCase, sums


class Case(LowPrecisionCase):
    """A convolution of random integers, and the sums that it must find."""

    def __init__(self, x_shape, kernel_shape, **geometry):
        super().__init__(x_shape, kernel_shape, geometry)
        rng = self.rng
        self.x = rng.integers(0, 256, x_shape).astype(np.uint8)
        self.zeros = 7, 20, 200  # of x, y and the residual
        kernel = rng.integers(-127, 128, kernel_shape).astype(np.int8)
        bias = rng.integers(-1000, 1000, kernel_shape[3]).astype(np.intc)
        self.multiplier = (rng.uniform(0.5, 2, kernel_shape[3]) / (3000 * np.sqrt(np.prod(kernel_shape[:3])))).astype(
            np.float32
        )
        self.pack(kernel, bias, self.multiplier)
        self.sums = sums(self.x.astype(np.int64), kernel.astype(np.int64), self.geometry, self.zeros[0]) + bias


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_integers_are_exact(name, instruction_set):
    x_shape, kernel_shape, geometry = CONVOLUTIONS[name]
    case = Case(x_shape, kernel_shape, **geometry)
    zero = case.zeros[1]
    products = case.sums.astype(np.float32) * case.multiplier
    expected = np.rint(np.clip(products, -zero, 255 - zero).astype(np.float64) + zero)
    for threads in (1, 2, 3):
        y = case.run(np.full(case.geometry.y_shape, 99, np.uint8), -zero, 255 - zero, threads)
        np.testing.assert_array_equal(y, expected)
    real = case.run(np.full(case.geometry.y_shape, np.nan, np.float32), 0, 3e38)
    np.testing.assert_array_equal(real, np.maximum(products, 0))


@pytest.mark.parametrize("activation", ["hard_sigmoid", "hard_silu"])
@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_hard_activations_are_those_of_float32(name, activation, instruction_set):
    x_shape, kernel_shape, geometry = CONVOLUTIONS[name]
    case = Case(x_shape, kernel_shape, **geometry)
    shape = case.geometry.y_shape
    real = case.run(np.full(shape, np.nan, np.float32), -np.inf, np.inf)
    for threads in (1, 2):
        got = case.run(np.full(shape, np.nan, np.float32), -np.inf, np.inf, threads, activation=activation)
        np.testing.assert_array_equal(got, getattr(F, activation)(real))
    with pytest.raises(ValueError, match="do not fit together"):
        case.run(np.full(shape, 99, np.uint8), -20, 235, activation=activation)


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_residuals_are_added_before_rounding(name, instruction_set):
    x_shape, kernel_shape, geometry = CONVOLUTIONS[name]
    case = Case(x_shape, kernel_shape, **geometry)
    _, zero, residual_zero = case.zeros
    factor = np.float32(0.7)
    residual = case.rng.integers(0, 256, case.geometry.y_shape).astype(np.uint8)
    total = case.sums.astype(np.float32) * case.multiplier + (residual.astype(np.float32) - residual_zero) * factor
    expected = np.rint(np.clip(total, 0, 255 - zero).astype(np.float64) + zero)
    for threads in (1, 2):
        y = np.full(case.geometry.y_shape, 99, np.uint8)
        np.testing.assert_array_equal(case.run(y, 0, 255 - zero, threads, residual, factor), expected)
    # an output may be written over its residual
    np.testing.assert_array_equal(case.run(residual, 0, 255 - zero, 2, residual, factor), expected)


@pytest.mark.parametrize(
    "geometry",
    [
        {"pool_size": 2, "strides": 2, "padding": "valid"},
        {"pool_size": (3, 2), "strides": (2, 1), "padding": "same"},
        {"pool_size": 3, "strides": 5, "padding": "valid"},
    ],
)
@pytest.mark.parametrize("channels", [3, 37, 64, 100])  # fewer than a vector has, one vector, and more
def test_pooling_takes_the_largest_byte(geometry, channels, instruction_set):
    x = np.random.default_rng(0).integers(0, 256, (2, 9, 11, channels)).astype(np.uint8)
    shape, call = pool2d_geometry(x.shape, **geometry)
    y, real = np.zeros(shape, np.uint8), np.zeros(shape, np.float32)
    bindings.low_precision_max_pool2d(x, y, geometry=call, threads=2)
    bindings.max_pool2d_forward(x.astype(np.float32), real, geometry=call, threads=1)
    np.testing.assert_array_equal(y, real)


def test_bytes_are_the_nearest_to_real_numbers(instruction_set):
    x = np.random.default_rng(0).normal(0, 3, 5000).astype(np.float32)
    x[:6] = 0.125, 0.375, -0.125, 1e30, -1e30, np.nan  # halves go to even; beyond the range is its end
    scale, zero = 0.25, 40
    q = np.full(x.shape, 99, np.uint8)
    bindings.quantize(x, q, scale=scale, zero=zero, threads=2)
    expected = np.rint(np.clip(np.nan_to_num(x, nan=-1e30).astype(np.float64) / scale, -zero, 255 - zero) + zero)
    np.testing.assert_array_equal(q, expected)
    back = np.zeros(x.shape, np.float32)
    bindings.dequantize(q, back, scale=scale, zero=zero, threads=2)
    np.testing.assert_array_equal(back, (q.astype(np.float32) - zero) * np.float32(scale))


def test_what_does_not_fit_is_refused():
    case = Case((1, 5, 5, 8), (3, 3, 8, 4))
    y = np.zeros(case.geometry.y_shape, np.uint8)
    with pytest.raises(ValueError, match="do not fit"):
        case.run(y, -300, 200)
    with pytest.raises(TypeError, match="format"):
        bindings.low_precision_max_pool2d(np.zeros((1, 4, 4, 1), np.int8), y, geometry=(2, 2, 2, 2, 0, 0, 0, 0), threads=1)
    case.packed = case.packed[:-64]
    with pytest.raises(ValueError, match="do not fit"):
        case.run(y, -20, 200)
