"""Convolutions whose output is written over their residual, compared with those that keep it."""

import numpy as np
import pytest

from striate.geometry import conv2d_geometry
from striate.kernels import bindings

#: By name, the algorithm, the shapes of x and the kernel, and the arguments of the geometry: whole and partial vectors of
#: filters, vectors that hold elements of the input, borders, tiles that reach beyond the output, and several tasks.
CASES = {
    "1x1": ("direct", (2, 9, 13, 40), (1, 1, 40, 64), {}),
    "part of a vector": ("direct", (1, 7, 9, 5), (3, 3, 5, 21), {"padding": "same"}),
    "filters of less than a vector": ("direct", (1, 7, 9, 5), (3, 2, 5, 3), {"strides": 2}),
    "few filters": ("direct", (2, 23, 31, 80), (1, 1, 80, 2), {}),
    "more filters than a tile of channels": ("direct", (2, 5, 7, 150), (3, 2, 150, 7), {"padding": "same"}),
    "one channel": ("direct", (2, 9, 37, 1), (3, 4, 1, 5), {}),
    "pixels that share a set of the cache": ("direct", (1, 3, 11, 1024), (1, 1, 1024, 33), {"strides": 2}),
    "groups": ("direct", (2, 6, 7, 6), (3, 2, 2, 51), {"groups": 3, "padding": 1}),
    "depthwise": ("depthwise", (2, 12, 17, 37), (3, 3, 1, 37), {"groups": 37, "padding": "same"}),
    "depthwise with multiplier": ("depthwise", (1, 7, 6, 4), (3, 3, 1, 12), {"groups": 4, "strides": 2}),
    "winograd_f2": ("winograd_f2", (2, 9, 7, 5), (3, 3, 5, 19), {"padding": "same"}),
    "winograd_f4": ("winograd_f4", (2, 13, 11, 33), (3, 3, 33, 70), {"padding": "same"}),
    "winograd_f5": ("winograd_f5", (1, 15, 18, 4), (4, 4, 4, 17), {"padding": 1, "strides": 2}),
    "im2col": ("im2col", (2, 9, 8, 6), (3, 3, 3, 22), {"padding": "same", "groups": 2}),
}


@pytest.mark.parametrize("activation", ["linear", "relu6", "leaky_relu", "hard_silu", "hard_sigmoid"])
@pytest.mark.parametrize(("algorithm", "x_shape", "kernel_shape", "arguments"), CASES.values(), ids=CASES)
def test_output_may_be_the_residual(rng, dtype, instruction_set, algorithm, x_shape, kernel_shape, arguments, activation):
    geometry = conv2d_geometry(x_shape, kernel_shape, **arguments)
    shapes = x_shape, kernel_shape, kernel_shape[3:], geometry.y_shape
    x, kernel, bias, residual = (rng.integers(-4, 5, shape).astype(dtype) for shape in shapes)
    settings = {"algorithm": algorithm, "geometry": geometry.call, "groups": geometry.groups, "activation": activation}
    for threads in (1, 2):
        separate, in_place = np.full_like(residual, np.nan), residual.copy()
        for y, added in ((separate, residual), (in_place, in_place)):
            bindings.conv2d_forward(x, kernel, y, bias=bias, residual=added, negative_slope=0.25, threads=threads, **settings)
        np.testing.assert_array_equal(in_place, separate)


def test_residual_that_overlaps_in_part_is_refused():
    memory = np.ones(400, np.float32)
    residual, y = memory[:192].reshape(2, 3, 4, 8), memory[8:200].reshape(2, 3, 4, 8)
    with pytest.raises(ValueError, match="out overlaps an input"):
        bindings.conv2d_forward(
            np.ones((2, 3, 4, 4), np.float32), np.ones((1, 1, 4, 8), np.float32), y, residual=residual,
            algorithm="direct", geometry=(1, 1, 0, 0, 1, 1), threads=1,
        )  # fmt: skip
    assert (memory == 1).all()
