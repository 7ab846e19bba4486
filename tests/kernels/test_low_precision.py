"""Convolutions and pooling of 8-bit integers against plain NumPy: the same bits on every instruction set, for any threads."""

import numpy as np
import pytest

from striate._arrays import on_a_cache_line
from striate.geometry import conv2d_geometry, pool2d_geometry
from striate.kernels import bindings

#: Images, kernel and geometry: odd sizes, one pixel, no image, strides beyond kernels, padding beyond images, dilation, groups;
#: blocks of filters with a part of a vector, one vector, and more than one; windows, and images that are read in place.
CONVOLUTIONS = {
    "1×1 in place": ((1, 5, 5, 64), (1, 1, 64, 40), {}),
    "1×1 of few channels": ((2, 5, 3, 4), (1, 1, 4, 8), {}),
    "1×1 with stride": ((1, 14, 14, 128), (1, 1, 128, 33), {"strides": 2}),
    "3×3": ((2, 20, 20, 64), (3, 3, 64, 64), {"padding": "same"}),
    "3×3 without padding": ((1, 9, 8, 64), (3, 3, 64, 20), {}),
    "3×3 of 3 channels": ((2, 7, 6, 3), (3, 3, 3, 5), {"padding": "same"}),
    "odd geometry": ((1, 9, 11, 8), (3, 2, 8, 40), {"strides": (2, 3), "padding": 1}),
    "grouped": ((1, 12, 12, 16), (3, 3, 4, 32), {"groups": 4, "padding": "same"}),
    "grouped and dilated": ((1, 10, 10, 6), (3, 3, 3, 8), {"groups": 2, "dilation": 2, "padding": 2}),
    "first layer": ((1, 33, 40, 3), (7, 7, 3, 64), {"strides": 2, "padding": 3}),
    "one pixel": ((3, 1, 1, 100), (1, 1, 100, 17), {}),
    "one column": ((1, 30, 31, 5), (5, 1, 5, 33), {"dilation": (2, 1)}),
    "stride beyond kernel": ((1, 17, 19, 12), (2, 2, 12, 16), {"strides": 5}),
    "padding beyond image": ((1, 2, 3, 5), (3, 3, 5, 7), {"padding": 4}),
    "wide row": ((1, 1, 700, 16), (1, 1, 16, 48), {}),
    "many rows": ((1, 150, 40, 8), (3, 3, 8, 16), {"padding": "same"}),
    "short rows with stride": ((2, 14, 13, 64), (3, 3, 64, 40), {"strides": 2, "padding": "same"}),
    "short rows, grouped, with strides": ((1, 9, 20, 128), (3, 2, 64, 48), {"groups": 2, "strides": (2, 3), "padding": 1}),
    "short rows, stride beyond kernel": ((1, 17, 19, 64), (2, 3, 64, 16), {"strides": (5, 1), "padding": (0, 0)}),
    "few rows, stride beyond kernel": ((3, 17, 30, 64), (1, 2, 64, 16), {"strides": 5}),
    "no image": ((0, 4, 4, 8), (3, 3, 8, 4), {}),
}


def sums(x, kernel, g, zero=0):
    """Return the sums of products of a convolution, in the inputs' dtype; images are padded with `zero`."""
    kh, kw, channels, filters = kernel.shape
    _, height, width, _ = g.y_shape
    padded = np.pad(x, ((0, 0), *g.padding, (0, 0)), constant_values=zero)
    sums, filters = np.zeros(g.y_shape, x.dtype), filters // g.groups
    for group in range(g.groups):
        of_group = slice(group * filters, (group + 1) * filters)
        for i in range(kh):
            for j in range(kw):
                top, left = i * g.dilation[0], j * g.dilation[1]
                rows = slice(top, top + (height - 1) * g.strides[0] + 1, g.strides[0])
                columns = slice(left, left + (width - 1) * g.strides[1] + 1, g.strides[1])
                part = padded[:, rows, columns, group * channels : (group + 1) * channels]
                sums[..., of_group] += part @ kernel[i, j, :, of_group]
    return sums


class Case:
    """A convolution of random integers, and the sums that it must find."""

    def __init__(self, x_shape, kernel_shape, **geometry):
        rng = np.random.default_rng(0)
        self.rng = rng
        self.geometry = conv2d_geometry(x_shape, kernel_shape, **geometry)
        self.kernel_shape = kernel_shape
        self.x = rng.integers(0, 256, x_shape).astype(np.uint8)
        self.zeros = 7, 20, 200  # of x, y and the residual
        kernel = rng.integers(-127, 128, kernel_shape).astype(np.int8)
        bias = rng.integers(-1000, 1000, kernel_shape[3]).astype(np.intc)
        self.multiplier = (rng.uniform(0.5, 2, kernel_shape[3]) / (3000 * np.sqrt(np.prod(kernel_shape[:3])))).astype(
            np.float32
        )
        g = self.geometry
        size = bindings.low_precision_conv2d_packed_size(kernel_shape=kernel_shape, groups=g.groups, dilation_w=g.dilation[1])
        self.packed = on_a_cache_line((size,), np.dtype(np.uint8))
        bindings.low_precision_conv2d_pack(
            kernel, bias, self.multiplier, self.packed, groups=g.groups, dilation_w=g.dilation[1]
        )
        self.sums = sums(self.x.astype(np.int64), kernel.astype(np.int64), g, self.zeros[0]) + bias

    def run(self, y, low, high, threads=1, residual=None, residual_multiplier=0.0):
        x_zero, y_zero, residual_zero = self.zeros
        bindings.low_precision_conv2d(
            self.x,
            self.packed,
            y,
            kernel_shape=self.kernel_shape,
            residual=residual,
            geometry=self.geometry.call,
            groups=self.geometry.groups,
            x_zero=x_zero,
            y_zero=y_zero,
            residual_zero=residual_zero,
            residual_multiplier=residual_multiplier,
            low=low,
            high=high,
            threads=threads,
        )
        return y


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
def test_pooling_takes_the_largest_byte(geometry, instruction_set):
    x = np.random.default_rng(0).integers(0, 256, (2, 9, 11, 37)).astype(np.uint8)
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
