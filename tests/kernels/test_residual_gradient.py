"""The gradient of a convolution's input is added to a residual as it is stored, as a sum of its own would add it."""

import numpy as np
import pytest

from striate import functional as F
from striate.geometry import conv2d_geometry
from striate.kernels import bindings

CASES = {
    "pointwise": ("direct", (2, 7, 9, 40), (1, 1, 40, 24), {}),
    "strided pointwise": ("direct", (2, 7, 9, 40), (1, 1, 40, 24), {"strides": 2}),  # Most pixels have no tap.
    "strided": ("direct", (2, 8, 11, 33), (3, 2, 33, 20), {"strides": (2, 3), "padding": "same"}),
    "dilated": ("direct", (2, 8, 11, 16), (3, 3, 16, 20), {"dilation": 2}),
    "few channels": ("direct", (2, 13, 12, 3), (3, 3, 3, 20), {"padding": "same"}),
    "first layer": ("direct", (2, 23, 21, 3), (7, 7, 3, 32), {"strides": 2, "padding": "same"}),
    "one channel": ("direct", (2, 12, 9, 1), (5, 3, 1, 6), {"padding": "same"}),
    "groups": ("direct", (2, 6, 7, 12), (3, 3, 4, 15), {"groups": 3}),
    "im2col": ("im2col", (2, 8, 11, 5), (3, 2, 5, 7), {"strides": (2, 1), "padding": "same"}),
    "F(2×2)": ("winograd_f2", (2, 9, 11, 19), (3, 3, 19, 20), {"padding": "same"}),
    "F(4×4)": ("winograd_f4", (2, 9, 11, 40), (3, 3, 40, 20), {"padding": "same"}),
    "depthwise": ("depthwise", (2, 9, 11, 19), (3, 3, 1, 19), {"padding": "same", "groups": 19}),
    "depthwise, one channel": ("depthwise", (2, 12, 9, 1), (5, 3, 1, 6), {"groups": 1}),
    "depthwise, multiplied": ("depthwise", (2, 9, 11, 5), (3, 3, 1, 10), {"strides": 2, "groups": 5}),
}


def draw(rng, *shapes, dtype):
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


def gradient(case, dy, kernel, dx, residual, threads):
    """Write the gradient of the input and the residual to `dx`."""
    algorithm, x_shape, kernel_shape, arguments = case
    geometry = conv2d_geometry(x_shape, kernel_shape, **arguments)
    how = {"algorithm": algorithm, "geometry": geometry.call, "groups": geometry.groups, "threads": threads}
    bindings.conv2d_backward_input(dy, kernel, dx, residual=residual, **how)
    return dx


@pytest.mark.parametrize("name", CASES)
def test_a_residual_is_added(rng, dtype, name):
    algorithm, x_shape, kernel_shape, arguments = case = CASES[name]
    y_shape = conv2d_geometry(x_shape, kernel_shape, **arguments).y_shape
    dy, kernel, residual = draw(rng, y_shape, kernel_shape, x_shape, dtype=dtype)
    want = F.conv2d_backward_input(dy, kernel, x_shape, algorithm=algorithm, **arguments) + residual
    for threads in (1, 2):
        dx = np.full(x_shape, np.nan, dtype)
        np.testing.assert_array_equal(gradient(case, dy, kernel, dx, residual, threads), want)
        if "groups" not in arguments:
            written_over = residual.copy()
            gradient(case, dy, kernel, written_over, written_over, threads)
            np.testing.assert_array_equal(written_over, want)


def test_residuals_that_do_not_fit_are_refused(rng):
    case = "direct", (1, 4, 4, 2), (2, 2, 2, 2), {}
    dy, kernel, residual = draw(rng, (1, 3, 3, 2), (2, 2, 2, 2), (1, 4, 3, 2), dtype="float32")
    dx = np.zeros((1, 4, 4, 2), np.float32)
    with pytest.raises(ValueError, match="do not fit together"):
        gradient(case, dy, kernel, dx, residual, 1)
    grouped = "direct", (1, 4, 4, 2), (2, 2, 1, 2), {"groups": 2}
    with pytest.raises(ValueError, match="do not fit together"):
        gradient(grouped, dy, kernel[:, :, :1].copy(), dx, dx, 1)
    of_one_channel, image = ("depthwise", (1, 4, 4, 1), (2, 2, 1, 2), {}), np.zeros((1, 4, 4, 1), np.float32)
    with pytest.raises(ValueError, match="do not fit together"):
        gradient(of_one_channel, dy, kernel[:, :, :1].copy(), image, image, 1)
