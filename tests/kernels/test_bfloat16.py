"""Convolutions and pooling of bfloat16 numbers against float64, on every instruction set, for any number of threads."""

import numpy as np
import pytest

from striate import functional as F
from striate._common.arrays import on_a_cache_line
from striate.geometry import conv2d_geometry, pool2d_geometry
from striate.kernels import bindings

from .low_precision import CONVOLUTIONS, LowPrecisionCase, sums


def widened(stored):
    """Return the float32 numbers that are stored as bfloat16."""
    return (stored.astype(np.uint32) << 16).view(np.float32)


def rounded(numbers):
    """Return the nearest bfloat16 numbers as they are stored, halves to even: by float64, which holds a float32's bits."""
    numbers = np.asarray(numbers, np.float32)
    mantissa, exponent = np.frexp(numbers.astype(np.float64))
    with np.errstate(invalid="ignore", over="ignore"):
        nearest = np.ldexp(np.rint(mantissa * 256), exponent - 8).astype(np.float32)
    nearest = np.where(np.isfinite(numbers), nearest, numbers)
    return (nearest.view(np.uint32) >> 16).astype(np.uint16)


def stored(rng, shape):
    return rounded(rng.standard_normal(shape, np.float32))


class Case(LowPrecisionCase):
    """A convolution of random numbers, the sums that it must find, and how far those in float32 may be off."""

    def __init__(self, x_shape, kernel_shape, **geometry):
        super().__init__(x_shape, kernel_shape, geometry)
        self.x, kernel = stored(self.rng, x_shape), stored(self.rng, kernel_shape)
        bias = self.rng.standard_normal(kernel_shape[3], np.float32)
        self.pack(kernel, bias, np.ones_like(bias))

        x, kernel = widened(self.x).astype(np.float64), widened(kernel).astype(np.float64)
        self.sums = sums(x, kernel, self.geometry) + bias
        terms = np.prod(kernel_shape[:3]) + 1
        self.error = (sums(abs(x), abs(kernel), self.geometry) + abs(bias)) * terms * 2.0**-24


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_sums_are_those_of_float32_and_outputs_the_nearest_numbers(name, instruction_set):
    x_shape, kernel_shape, geometry = CONVOLUTIONS[name]
    case = Case(x_shape, kernel_shape, **geometry)
    shape = case.geometry.y_shape
    real = case.run(np.full(shape, np.nan, np.float32), -np.inf, np.inf)
    assert (abs(real - case.sums) <= case.error).all()
    for threads in (1, 2, 3):
        y = case.run(np.full(shape, 99, np.uint16), -np.inf, np.inf, threads)
        np.testing.assert_array_equal(y, rounded(real))
    positive = case.run(np.full(shape, 99, np.uint16), 0, np.inf)
    np.testing.assert_array_equal(widened(positive), np.maximum(widened(rounded(real)), 0))


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_residuals_are_added_before_rounding(name, instruction_set):
    x_shape, kernel_shape, geometry = CONVOLUTIONS[name]
    case = Case(x_shape, kernel_shape, **geometry)
    residual = stored(case.rng, case.geometry.y_shape)
    real = case.run(np.empty(case.geometry.y_shape, np.float32), -np.inf, np.inf)
    expected = rounded(np.maximum(real + widened(residual), 0))
    for threads in (1, 2):
        y = np.full(case.geometry.y_shape, 99, np.uint16)
        np.testing.assert_array_equal(case.run(y, 0, np.inf, threads, residual), expected)
    # an output may be written over its residual
    np.testing.assert_array_equal(case.run(residual, 0, np.inf, 2, residual), expected)


@pytest.mark.parametrize("activation", ["hard_sigmoid", "hard_silu"])
@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_hard_activations_are_applied_before_rounding(name, activation, instruction_set):
    x_shape, kernel_shape, geometry = CONVOLUTIONS[name]
    case = Case(x_shape, kernel_shape, **geometry)
    shape = case.geometry.y_shape
    unbounded = {"low": -np.inf, "high": np.inf}
    residual = stored(case.rng, shape)
    real = case.run(np.empty(shape, np.float32), **unbounded)
    expected = getattr(F, activation)(real)
    expected_sum = getattr(F, activation)(real + widened(residual))
    got = case.run(np.full(shape, np.nan, np.float32), **unbounded, activation=activation)
    np.testing.assert_array_equal(got, expected)
    for threads in (1, 2):
        how = {**unbounded, "threads": threads, "activation": activation}
        np.testing.assert_array_equal(case.run(np.full(shape, 99, np.uint16), **how), rounded(expected))
        got = case.run(np.full(shape, 99, np.uint16), **how, residual=residual)
        np.testing.assert_array_equal(got, rounded(expected_sum))


@pytest.mark.parametrize("activation", ["hard_sigmoid", "hard_silu"])
def test_hard_activations_of_nan_and_infinity(activation, instruction_set):
    case = Case((1, 1, 40, 1), (1, 1, 1, 32))
    case.x[...] = rounded(np.resize([np.nan, np.inf, -np.inf, 0.0], case.x.shape))
    case.pack(rounded(np.ones((1, 1, 1, 32), np.float32)), np.zeros(32, np.float32), np.ones(32, np.float32))
    y = case.run(np.full(case.geometry.y_shape, 99, np.uint16), -np.inf, np.inf, activation=activation)
    limit = {"hard_sigmoid": [np.nan, 1, 0, 0.5], "hard_silu": [np.nan, np.inf, 0, 0]}[activation]
    np.testing.assert_array_equal(widened(y), np.broadcast_to(np.resize(limit, 40)[:, np.newaxis], (1, 1, 40, 32)))


def test_every_number_is_the_same_after_a_way_through_float32(instruction_set):
    numbers = np.arange(1 << 16, dtype=np.uint16)
    exponents = numbers & 0x7F80
    numbers = numbers[(exponents != 0) | (numbers & 0x7F == 0)]  # denormals count as zero
    real = np.empty(numbers.shape, np.float32)
    bindings.dequantize(numbers, real, scale=1.0, zero=0, threads=1)
    nan = np.isnan(widened(numbers))
    np.testing.assert_array_equal(real, widened(numbers))
    np.testing.assert_array_equal(np.signbit(real[~nan]), np.signbit(widened(numbers[~nan])))
    again = np.empty_like(numbers)
    bindings.quantize(real, again, scale=1.0, zero=0, threads=1)
    np.testing.assert_array_equal(again[~nan], numbers[~nan])
    assert np.isnan(widened(again[nan])).all()


def test_rounding_is_to_the_nearest_number_and_halves_to_even(instruction_set):
    rng = np.random.default_rng(0)
    halves = (rng.integers(0x0080, 0x7F80, 4000).astype(np.uint32) << 16) + 0x8000
    neighbours = np.concatenate([halves - 1, halves, halves + 1, rng.integers(0x00800000, 0x7F7F8000, 4000).astype(np.uint32)])
    numbers = np.concatenate([neighbours, neighbours | 0x80000000]).astype(np.uint32).view(np.float32)
    out = np.empty(numbers.shape, np.uint16)
    for threads in (1, 2):
        bindings.quantize(numbers, out, scale=1.0, zero=0, threads=threads)
        np.testing.assert_array_equal(out, rounded(numbers))
    special = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, np.finfo(np.float32).max], np.float32)
    out = np.empty(special.shape, np.uint16)
    bindings.quantize(special, out, scale=1.0, zero=0, threads=1)
    np.testing.assert_array_equal(widened(out), [np.nan, np.inf, -np.inf, 0, 0, np.inf])
    assert out[4] == 0x8000


@pytest.mark.parametrize("options", [{}, {"strides": 1, "padding": "same"}, {"strides": (3, 1), "padding": 1}])
def test_pooling_takes_the_largest(options, instruction_set):
    x = stored(np.random.default_rng(0), (2, 9, 7, 21))
    x[0, 3, 3, 5] = 0x7FC0  # NaN
    shape, call = pool2d_geometry(x.shape, 3, **{"strides": None, "padding": "valid", **options})
    expected = np.empty(shape, np.float32)
    bindings.max_pool2d_forward(widened(x), expected, geometry=call, threads=1)
    assert np.isnan(expected).any()
    for threads in (1, 2):
        y = np.full(shape, 99, np.uint16)
        bindings.low_precision_max_pool2d(x, y, geometry=call, threads=threads)
        np.testing.assert_array_equal(widened(y), expected)


def test_integers_and_bfloat16_do_not_mix():
    x, y = np.zeros((1, 4, 4, 8), np.uint8), np.zeros((1, 4, 4, 8), np.uint16)
    with pytest.raises(TypeError, match="format"):
        bindings.low_precision_max_pool2d(x, y, geometry=(1, 1, 1, 1, 0, 0, 0, 0), threads=1)
    packed = np.zeros(bindings.low_precision_conv2d_packed_size(kernel_shape=(1, 1, 8, 8), bfloat16=True), np.uint8)
    with pytest.raises((TypeError, ValueError), match=r"format|fit"):
        bindings.low_precision_conv2d(y, packed, x, kernel_shape=(1, 1, 8, 8), geometry=(1, 1, 0, 0, 1, 1), threads=1)
    with pytest.raises(ValueError, match="do not fit together"):  # a zero point
        bindings.quantize(np.zeros(4, np.float32), np.zeros(4, np.uint16), scale=1.0, zero=3, threads=1)


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("channels", [1, 3, 5, 33])
@pytest.mark.parametrize(("kernel", "stride"), [(1, 1), (3, 1), (3, 2), (2, 3)])
def test_nan_and_infinity_reach_what_sees_them_alone(value, channels, kernel, stride, instruction_set):
    rng = np.random.default_rng(0)
    g = conv2d_geometry((3, 5, 7, channels), (kernel, kernel, channels, 20), stride, "same")
    size = bindings.low_precision_conv2d_packed_size(kernel_shape=g.kernel_shape, bfloat16=True)
    packed = on_a_cache_line((size,), np.dtype(np.uint8))
    weights = rounded(rng.uniform(1, 2, g.kernel_shape))
    bindings.low_precision_conv2d_pack(weights, np.zeros(20, np.float32), np.ones(20, np.float32), packed)
    for place in ((0, 0, 0, 0), (1, 2, 3, channels - 1), (1, 4, 6, channels // 2), (2, 4, 5, 0)):
        x = np.ones((3, 5, 7, channels), np.float32)
        x[place] = value
        seen = sums((x != 1).astype(float), np.ones(g.kernel_shape), g) > 0
        y = np.zeros(g.y_shape, np.uint16)
        bindings.low_precision_conv2d(
            rounded(x),
            packed,
            y,
            kernel_shape=g.kernel_shape,
            geometry=g.call,
            x_zero=0,
            y_zero=0,
            residual_zero=0,
            residual_multiplier=1.0,
            low=-np.inf,
            high=np.inf,
            threads=1,
        )
        np.testing.assert_array_equal(~np.isfinite(widened(y)), seen)
