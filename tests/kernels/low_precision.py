"""Convolutions in low precision that tests of their kernels share, and the sums that these must find."""

import numpy as np

from striate._common.arrays import on_a_cache_line
from striate.geometry import conv2d_geometry
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
    "depthwise": ((2, 9, 14, 37), (3, 3, 1, 37), {"groups": 37, "padding": "same"}),
    "depthwise 5×5 with strides": ((1, 15, 23, 72), (5, 5, 1, 72), {"groups": 72, "strides": (2, 3), "padding": "same"}),
    "depthwise without padding": ((1, 6, 9, 32), (3, 3, 1, 32), {"groups": 32}),
    "depthwise of few channels": ((1, 8, 7, 3), (2, 3, 1, 3), {"groups": 3, "padding": 1}),
    "depthwise and dilated": ((1, 13, 17, 16), (3, 3, 1, 16), {"groups": 16, "dilation": (2, 3), "padding": (5, 4)}),
    "depthwise with a wide kernel": ((1, 4, 19, 50), (1, 7, 1, 50), {"groups": 50, "padding": "same"}),
    "depthwise, padding beyond image": ((1, 2, 3, 20), (3, 3, 1, 20), {"groups": 20, "padding": 4}),
    "depthwise 1×1": ((2, 3, 5, 18), (1, 1, 1, 18), {"groups": 18}),
    "depthwise of two blocks, with strides": (
        (2, 11, 18, 150),
        (3, 3, 1, 150),
        {"groups": 150, "strides": 2, "padding": "same"},
    ),
    "depthwise of one block, dilated rows": (
        (1, 12, 13, 64),
        (3, 3, 1, 64),
        {"groups": 64, "dilation": (2, 1), "padding": (2, 1)},
    ),
    "depthwise of half a block": ((1, 5, 21, 160), (2, 3, 1, 160), {"groups": 160, "strides": (3, 1), "padding": "same"}),
    "depthwise of blocks, beyond image": ((1, 2, 3, 96), (3, 3, 1, 96), {"groups": 96, "strides": (1, 2), "padding": 5}),
    "depthwise with a multiplier": ((1, 6, 5, 8), (3, 3, 1, 16), {"groups": 8, "padding": "same"}),
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


class LowPrecisionCase:
    """A convolution: a subclass draws its input `x`, and packs a kernel."""

    zeros = 0, 0, 0  # of x, y and the residual

    def __init__(self, x_shape, kernel_shape, geometry):
        self.rng = np.random.default_rng(0)
        self.geometry = conv2d_geometry(x_shape, kernel_shape, **geometry)
        self.kernel_shape = kernel_shape

    def pack(self, kernel, bias, multiplier):
        g = self.geometry
        of_bfloat16 = kernel.dtype == np.uint16
        how = {"groups": g.groups, "dilation_w": g.dilation[1]}
        size = bindings.low_precision_conv2d_packed_size(kernel_shape=kernel.shape, **how, bfloat16=of_bfloat16)
        self.packed = on_a_cache_line((size,), np.dtype(np.uint8))
        bindings.low_precision_conv2d_pack(kernel, bias, multiplier, self.packed, **how)

    def run(self, y, low, high, threads=1, residual=None, residual_multiplier=1.0, activation="linear"):
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
            activation=activation,
            low=low,
            high=high,
            threads=threads,
        )
        return y
