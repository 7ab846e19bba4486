"""The gradients of convolutions behind which 2×2 windows are pooled, held against those by way of the pooling's gradient."""

import numpy as np
import pytest

from striate import functional as F
from striate.geometry import conv2d_geometry
from striate.kernels import bindings
from tests.helpers import bounds, reference

#: Shape of x, of the kernel, padding, and how many numbers a vector must hold for a row of taps, of kw * c elements, to be few
#: vectors: one and several vectors of taps and filters, odd outputs, windows at the border, several images a block and several
#: blocks, no image, and kernels that reach beyond the image.
CASES = [
    ((5, 28, 28, 1), (5, 5, 1, 6), "same", 2),
    ((40, 14, 14, 1), (5, 5, 1, 16), "valid", 2),
    ((3, 14, 14, 3), (5, 5, 3, 16), "valid", 4),
    ((2, 9, 11, 3), (3, 3, 3, 7), "same", 4),
    ((4, 13, 10, 2), (4, 7, 2, 9), "valid", 4),
    ((2, 15, 17, 4), (2, 1, 4, 3), "same", 2),
    ((1, 2, 3, 1), (7, 3, 1, 17), "same", 2),
    ((17, 8, 8, 2), (8, 2, 2, 1), (4, 1), 2),
    ((0, 6, 6, 1), (3, 3, 1, 4), "valid", 2),
    ((2, 10, 9, 5), (2, 5, 5, 6), "same", 8),
    ((1, 7, 8, 20), (3, 3, 20, 5), "valid", 16),
    ((1, 7, 8, 22), (3, 3, 22, 5), "valid", 32),
]
#: Bytes of a vector, of instruction sets that have less than AVX-512. float64 goes without that.
VECTOR_BYTES = {"baseline": 16, "v2": 16, "v3": 32}


def lanes(instruction_set, dtype):
    return min(VECTOR_BYTES.get(instruction_set, 64), 32 if dtype == np.float64 else 64) // dtype.itemsize


def draw(rng, dtype, x_shape, kernel_shape, padding):
    """Images, kernel, outputs, the gradient of their pooling, and the geometry."""
    x, kernel = (rng.standard_normal(shape).astype(dtype) for shape in (x_shape, kernel_shape))
    y = F.conv2d(x, kernel, padding=padding)
    dpooled = rng.standard_normal((y.shape[0], y.shape[1] // 2, y.shape[2] // 2, y.shape[3])).astype(dtype)
    return x, kernel, y, dpooled, conv2d_geometry(x.shape, kernel.shape, 1, padding)


def backward_input(x, kernel, y, dpooled, geometry, threads=1):
    dx = np.full_like(x, np.nan)
    bindings.conv2d_backward_input(dpooled, kernel, dx, algorithm="direct", geometry=geometry.call, threads=threads, unpooled=y)
    return dx


def backward_kernel(x, kernel, y, dpooled, geometry, threads=1):
    dkernel = np.full_like(kernel, np.nan)
    bindings.conv2d_backward_kernel(
        dpooled, x, dkernel, algorithm="direct", geometry=geometry.call, threads=threads, unpooled=y
    )
    return dkernel


def gradients(*case, threads=1):
    """Those of x and kernel."""
    return backward_input(*case, threads), backward_kernel(*case, threads)


@pytest.mark.parametrize(("x_shape", "kernel_shape", "padding", "least"), CASES)
def test_gradients(rng, dtype, instruction_set, x_shape, kernel_shape, padding, least):
    x, kernel, y, dpooled, geometry = case = draw(rng, dtype, x_shape, kernel_shape, padding)
    takes = bindings.conv2d_differentiates_pooled(
        dtype=dtype.name, x_shape=x_shape, kernel_shape=kernel_shape, y_shape=y.shape, geometry=geometry.call
    )
    assert takes == (lanes(instruction_set, dtype) >= least)
    if not takes:
        for gradient in (backward_input, backward_kernel):
            with pytest.raises(ValueError, match="not fit"):
                gradient(*case)
        return
    for outputs in (y, np.maximum(y, 0)):  # with ties among zeros
        dy = reference.max_pool2d_backward_input(dpooled, outputs)
        dx, dkernel = gradients(x, kernel, outputs, dpooled, geometry)
        want = reference.conv2d_backward_input(dy, kernel, x.shape, padding=padding)
        scale = reference.conv2d_backward_input(abs(dy), abs(kernel), x.shape, padding=padding)
        bounds.assert_within(dx, want, scale, bounds.SUM, dtype)
        want = reference.conv2d_backward_kernel(dy, x, kernel.shape, padding=padding)
        scale = reference.conv2d_backward_kernel(abs(dy), abs(x), kernel.shape, padding=padding)
        bounds.assert_within(dkernel, want, scale, bounds.SUM, dtype)


def test_the_first_nan_of_a_window_wins(rng):
    x, kernel, y, dpooled, geometry = draw(rng, np.float32, (2, 8, 8, 1), (3, 3, 1, 5), "same")
    y[0, 1, 0, 2] = y[0, 1, 1, 2] = y[1, 7, 7, 4] = np.nan
    dy = F.max_pool2d_backward_input(dpooled, y)
    dx, dkernel = gradients(x, kernel, y, dpooled, geometry)
    np.testing.assert_allclose(dx, F.conv2d_backward_input(dy, kernel, x.shape, padding="same"), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(dkernel, F.conv2d_backward_kernel(dy, x, kernel.shape, padding="same"), rtol=1e-4, atol=1e-5)


def test_bits_do_not_depend_on_threads(rng, dtype):
    case = draw(rng, dtype, (33, 28, 28, 1), (5, 5, 1, 6), "same")
    first = gradients(*case)
    for threads in (1, 2, 3, 4):
        for got, want in zip(gradients(*case, threads=threads), first, strict=True):
            np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize("pad", [-3, 0, 5])
def test_outputs_beyond_the_input_read_zeros(rng, pad):
    geometry = (1, 1, pad, pad, 1, 1)
    x, kernel = rng.standard_normal((2, 5, 6, 1)).astype(np.float32), rng.standard_normal((3, 3, 1, 8)).astype(np.float32)
    y, dpooled = (rng.standard_normal(shape).astype(np.float32) for shape in ((2, 14, 16, 8), (2, 7, 8, 8)))
    dx, dkernel = np.full_like(x, np.nan), np.full_like(kernel, np.nan)
    bindings.conv2d_backward_input(dpooled, kernel, dx, algorithm="direct", geometry=geometry, threads=1, unpooled=y)
    bindings.conv2d_backward_kernel(dpooled, x, dkernel, algorithm="direct", geometry=geometry, threads=1, unpooled=y)
    dy, wide = F.max_pool2d_backward_input(dpooled, y), np.zeros((2, 16, 18, 1), np.float32)
    inside = [slice(max(pad, 0), max(pad, 0) + size + min(pad, 0)) for size in (5, 6)]
    cut = [slice(max(-pad, 0), None)] * 2
    wide[:, *inside] = x[:, *cut]
    np.testing.assert_allclose(dkernel, F.conv2d_backward_kernel(dy, wide, kernel.shape), rtol=1e-4, atol=1e-4)
    want = np.zeros_like(x)
    want[:, *cut] = F.conv2d_backward_input(dy, kernel, wide.shape)[:, *inside]
    np.testing.assert_allclose(dx, want, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("x", "kernel", "y", "geometry"),
    [
        ((1, 600, 600, 1), (3, 3, 1, 2), (1, 598, 598, 2), (1, 1, 0, 0, 1, 1)),
        ((1, 9, 9, 16), (5, 5, 16, 2), (1, 5, 5, 2), (1, 1, 0, 0, 1, 1)),
        ((1, 9, 9, 1), (1, 5, 1, 2), (1, 9, 5, 2), (1, 1, 0, 0, 1, 1)),
        ((1, 9, 9, 1), (3, 3, 1, 2), (1, 4, 7, 2), (2, 1, 0, 0, 1, 1)),
        ((1, 9, 9, 1), (3, 3, 1, 2), (1, 7, 5, 2), (1, 1, 0, 0, 1, 2)),
    ],
)
def test_what_has_no_kernel_is_refused(x, kernel, y, geometry):
    assert not bindings.conv2d_differentiates_pooled(
        dtype="float32", x_shape=x, kernel_shape=kernel, y_shape=y, geometry=geometry
    )
    x, kernel, y, dpooled = (np.zeros(shape, np.float32) for shape in (x, kernel, y, (1, y[1] // 2, y[2] // 2, y[3])))
    with pytest.raises(ValueError, match="not fit"):
        bindings.conv2d_backward_kernel(dpooled, x, kernel, algorithm="direct", geometry=geometry, threads=1, unpooled=y)
    with pytest.raises(ValueError, match="not fit"):
        bindings.conv2d_backward_input(dpooled, kernel, x, algorithm="direct", geometry=geometry, threads=1, unpooled=y)


@pytest.mark.parametrize(
    "changed",
    [
        {"y": (2, 8, 8, 4)},
        {"y": (1, 8, 8, 5)},
        {"y": (2, 10, 8, 5)},
        {"y": (2, 8, 7, 5)},
        {"dpooled": (2, 5, 4, 5)},
        {"algorithm": "im2col"},
        {"bias": (1,)},
        {"activation": "relu"},
    ],
)
def test_what_does_not_fit_is_refused(changed):
    shapes = {"x": (2, 8, 8, 1), "kernel": (3, 3, 1, 5), "y": (2, 8, 8, 5), "dpooled": (2, 4, 4, 5), "bias": None, **changed}
    algorithm, activation = shapes.pop("algorithm", "direct"), shapes.pop("activation", "linear")
    arrays = {name: None if shape is None else np.zeros(shape, np.float32) for name, shape in shapes.items()}
    dx, geometry = np.zeros((2, 8, 8, 1), np.float32), (1, 1, 1, 1, 1, 1)
    with pytest.raises(ValueError, match="not fit"):
        bindings.conv2d_backward_input(
            arrays["dpooled"],
            arrays["kernel"],
            dx,
            algorithm=algorithm,
            bias=arrays["bias"],
            geometry=geometry,
            activation=activation,
            threads=1,
            unpooled=arrays["y"],
        )
