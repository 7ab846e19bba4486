"""Gradients that are sums over very many pixels: errors do not grow with the size of images, of rows or of the batch."""

import numpy as np
import pytest

from striate import functional as F
from striate.geometry import conv2d_geometry
from striate.kernels import bindings

#: Largest error of gradients that the docs promise, relative to the largest element.
BOUND = 1.5e-6

#: Largest such error of Winograd's convolution, which the docstring of `set_winograd` promises, too.
WINOGRAD_BOUND = 3e-6

#: By name, the algorithm, the shapes of x and the kernel, and the arguments.
CONVOLUTIONS = {
    "F(2×2, 3×3)": ("winograd_f2", (1, 1200, 900, 2), (3, 3, 2, 3), {}),
    "F(4×4, 3×3)": ("winograd_f4", (1, 1600, 2000, 2), (3, 3, 2, 2), {}),
    "F(4×4, 3×3), more channels": ("winograd_f4", (1, 400, 500, 20), (3, 3, 20, 18), {}),
    "F(2×2, 5×5)": ("winograd_f2", (2, 500, 600, 8), (5, 5, 8, 2), {}),
    "F(5×5, 2×2)": ("winograd_f5", (1, 1600, 1800, 2), (4, 4, 2, 3), {"strides": 2}),
    "a large image": ("direct", (1, 1600, 2000, 2), (3, 3, 2, 2), {}),
    "few long rows": ("direct", (1, 4, 300_000, 3), (3, 3, 3, 5), {}),
    "few long rows, strides": ("direct", (1, 6, 400_000, 2), (3, 4, 2, 5), {"strides": (2, 3)}),
    "a long row": ("direct", (1, 1, 1_000_000, 3), (1, 5, 3, 4), {}),
    "many small images": ("direct", (40_000, 8, 8, 2), (3, 3, 2, 3), {}),
    "1×1": ("direct", (1, 1500, 2000, 3), (1, 1, 3, 4), {}),
    "one channel, a large image": ("direct", (1, 1600, 2000, 1), (3, 3, 1, 2), {}),
    "one channel, few long rows": ("direct", (1, 4, 500_000, 1), (3, 3, 1, 3), {}),
    "one channel, a long row": ("direct", (1, 1, 2_000_000, 1), (1, 7, 1, 3), {}),
    "im2col": ("im2col", (1, 1600, 2000, 2), (3, 3, 2, 2), {}),
    "im2col, many small images": ("im2col", (40_000, 8, 8, 2), (3, 3, 2, 3), {}),
    "depthwise": ("depthwise", (1, 1500, 1500, 4), (3, 3, 1, 4), {"groups": 4}),
    "depthwise, few long rows": ("depthwise", (1, 4, 300_000, 3), (3, 3, 1, 6), {"groups": 3}),
    "depthwise, a long row": ("depthwise", (1, 1, 1_000_000, 4), (1, 5, 1, 8), {"groups": 4}),
}


def draw(rng, mean, *shapes):
    """Return random float32 arrays with a mean."""
    return [rng.standard_normal(shape, dtype=np.float32) + np.float32(mean) for shape in shapes]


def assert_near(got, want, bound):
    """Check that the largest error, relative to the largest element, is below a bound."""
    error = abs(got - want).max() / abs(want).max()
    assert error < bound, f"{error:.2g}"


@pytest.mark.parametrize("mean", [0, 0.5])
@pytest.mark.parametrize(("algorithm", "x_shape", "kernel_shape", "arguments"), CONVOLUTIONS.values(), ids=CONVOLUTIONS)
def test_errors_of_the_kernel_gradient_do_not_grow(rng, algorithm, x_shape, kernel_shape, arguments, mean):
    arguments = {"padding": "same", **arguments}
    x, dy = draw(rng, mean, x_shape, conv2d_geometry(x_shape, kernel_shape, **arguments).y_shape)
    want = F.conv2d_backward_kernel(dy.astype(float), x.astype(float), kernel_shape, algorithm="im2col", **arguments)
    got = F.conv2d_backward_kernel(dy, x, kernel_shape, algorithm=algorithm, **arguments)
    assert_near(got, want, WINOGRAD_BOUND if algorithm.startswith("winograd") else BOUND)


@pytest.mark.parametrize("mean", [0, 0.5])
def test_errors_of_the_kernel_gradient_from_a_pooled_gradient_do_not_grow(rng, mean):
    x, kernel = draw(rng, mean, (3, 246, 250, 1), (5, 5, 1, 6))
    y = F.conv2d(x, kernel)
    geometry = conv2d_geometry(x.shape, kernel.shape)
    assert bindings.conv2d_differentiates_pooled(
        dtype="float32", x_shape=x.shape, kernel_shape=kernel.shape, y_shape=y.shape, geometry=geometry.call
    )
    (dpooled,) = draw(rng, mean, F.max_pool2d(y).shape)
    dy = F.max_pool2d_backward_input(dpooled, y)
    want = F.conv2d_backward_kernel(dy.astype(float), x.astype(float), kernel.shape, algorithm="im2col")
    got = np.empty_like(kernel)
    bindings.conv2d_backward_kernel(dpooled, x, got, algorithm="direct", geometry=geometry.call, threads=1, unpooled=y)
    assert_near(got, want, BOUND)


@pytest.mark.parametrize("mean", [0, 0.5])
@pytest.mark.parametrize("filters", [1, 3, 4, 16])
def test_errors_of_the_bias_gradient_do_not_grow(rng, filters, mean):
    (dy,) = draw(rng, mean, (1, 1600, 2000, filters))
    # The sum may be almost 0 by chance, so the error is compared with the largest sum that many filters would have.
    want = dy.astype(float).sum(axis=(0, 1, 2))
    scale = max(abs(want).max(), 2 * (dy.size / filters) ** 0.5)
    assert abs(F.conv2d_backward_bias(dy) - want).max() < BOUND * scale
