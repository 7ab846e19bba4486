"""Correlation and convolution against plain NumPy, `scipy.ndimage` and OpenCV."""

import numpy as np
import pytest

from striate import image
from striate.functional import filtering
from striate.kernels import instruction_set as best
from striate.kernels import load, usable_instruction_sets
from tests.helpers.windows import BORDERS, as_pixels, by_channel, windows

SHAPES = [(1, 1), (1, 40), (33, 1), (7, 5), (20, 130), (70, 37, 3), (2, 9, 70, 2)]
SIZES = [(1, 1), (1, 4), (5, 1), (2, 2), (3, 3), (4, 3), (3, 6), (5, 5), (9, 7), (12, 31)]
DTYPES = ("uint8", "float32", "float64")


def pixels(rng, shape, dtype):
    return rng.integers(0, 256, shape).astype(dtype)


def bound(dtype, kernel):
    """Return by how much sums may differ: of uint8, by one where the sum is nearly a half."""
    return 1 if dtype == "uint8" else 8 * np.finfo(dtype).eps * 255 * np.abs(kernel).sum() * max(kernel.shape)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("border", BORDERS)
def test_equal_to_sums_of_windows(rng, dtype, border):
    for shape in SHAPES:
        x = pixels(rng, shape, dtype)
        height, width = shape[:2] if len(shape) < 4 else shape[1:3]
        for size in SIZES:
            kernel = rng.integers(-3, 4, size).astype(np.float64)
            if border == "valid" and (size[0] > height or size[1] > width):
                with pytest.raises(ValueError, match=r"^border='valid' with a window of"):
                    image.correlate(x, kernel, border)
                continue
            for turned, function in ((False, image.correlate), (True, image.convolve)):
                used = kernel[::-1, ::-1] if turned else kernel
                want = by_channel(lambda c, u=used, t=turned, s=size: np.sum(windows(c, s, border, 7, t) * u, (2, 3)), x)
                got = function(x, kernel, border, 7)
                assert got.dtype == dtype
                # Whole numbers are exact in any order.
                np.testing.assert_array_equal(got, as_pixels(want, x.dtype))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("rank", [1, 2, 3, 20])
def test_kernels_of_any_rank(rng, dtype, rank):
    x = pixels(rng, (40, 61), dtype)
    kernel = np.einsum("ki,kj->ij", rng.standard_normal((rank, 21)), rng.standard_normal((rank, 19))) / 100
    parts = filtering.separated(kernel, np.float64 if dtype == "float64" else np.float32)
    assert (None if parts is None else len(parts[0])) == (None if rank == 20 else rank)
    want = np.sum(windows(x, kernel.shape, "mirror") * kernel, (2, 3))
    got = image.correlate(x, kernel, "mirror").astype(np.float64)
    assert np.abs(got - as_pixels(want, np.dtype(dtype))).max() <= bound(dtype, kernel)


def test_sixteenths_are_rounded_half_to_even(rng):
    x = pixels(rng, (50, 60), "uint8")
    weights = np.array([1, 4, 6, 4, 1]) / 16
    kernel = np.outer(weights, weights)
    assert filtering.separated(kernel, np.float32) is not None
    sums = np.sum(windows(x, (5, 5), "reflect") * kernel, (2, 3))
    assert (sums % 1 == 0.5).any()
    np.testing.assert_array_equal(image.correlate(x, kernel), np.rint(sums))


@pytest.mark.parametrize("isa", usable_instruction_sets())
def test_all_instruction_sets(rng, isa):
    x, kernel = pixels(rng, (30, 77, 3), "float32"), rng.integers(-3, 4, (5, 6)).astype(np.float64)
    load(isa)
    try:
        for dtype in DTYPES:
            want = by_channel(lambda c: np.sum(windows(c, (5, 6), "wrap") * kernel, (2, 3)), x)
            np.testing.assert_array_equal(image.correlate(x.astype(dtype), kernel, "wrap"), as_pixels(want, np.dtype(dtype)))
            want = as_pixels(by_channel(lambda c: np.median(windows(c, (5, 5), "wrap"), (2, 3)), x), np.dtype(dtype))
            np.testing.assert_array_equal(image.median_filter(x.astype(dtype), 5, "wrap"), want)
            want = as_pixels(by_channel(lambda c: np.min(windows(c, (4, 9), "wrap"), (2, 3)), x), np.dtype(dtype))
            np.testing.assert_array_equal(image.erode(x.astype(dtype), (4, 9), "wrap"), want)
    finally:
        load(best)


def test_the_same_bits_for_any_threads(rng, for_any_threads):
    x = rng.standard_normal((300, 400, 3)).astype(np.float32)
    kernel = rng.standard_normal((7, 7))
    for_any_threads(lambda: image.correlate(x, kernel))
    for_any_threads(lambda: image.gaussian_filter(x, 2.0))
    for_any_threads(lambda: image.box_filter(x, 19))


def test_forms(rng, form):
    x = rng.standard_normal((12, 13, 3)).astype(np.float32)
    before = x.copy()
    np.testing.assert_array_equal(image.sharpen(form(x)), image.sharpen(x))
    np.testing.assert_array_equal(x, before)


def test_empty_batches():
    x = np.zeros((0, 5, 6, 1), np.float32)
    assert image.gaussian_filter(x).shape == x.shape
    assert image.correlate(x, np.ones((3, 3)), "valid").shape == (0, 3, 4, 1)


def test_nan_reaches_as_far_as_the_window():
    x = np.zeros((20, 30), np.float32)
    x[10, 10] = np.nan
    for result in (image.box_filter(x, 5), image.box_filter(x, 19)[2:-2], image.gaussian_filter(x, 1, 2), image.erode(x, 5)):
        assert np.isnan(result).any()
    for size in (3, 5, 7, 19):
        reach = np.abs(np.arange(20)[:, None] - 10) <= size // 2, np.abs(np.arange(30) - 10) <= size // 2
        for function in (image.box_filter, image.erode, image.dilate, image.median_filter):
            np.testing.assert_array_equal(np.isnan(function(x, size, "constant")), reach[0] & reach[1])


@pytest.mark.parametrize("border", ["reflect", "mirror", "nearest", "wrap", "constant"])
def test_equal_to_scipy(rng, border):
    ndimage = pytest.importorskip("scipy.ndimage")
    x = rng.standard_normal((11, 14))
    for size in ((3, 3), (4, 4), (2, 5), (1, 16)):
        kernel = rng.standard_normal(size)
        for ours, theirs in ((image.correlate, ndimage.correlate), (image.convolve, ndimage.convolve)):
            want = theirs(x, kernel, mode=border, cval=0.5)
            np.testing.assert_allclose(ours(x, kernel, border, 0.5), want, rtol=1e-12, atol=1e-12)


def test_equal_to_opencv(rng):
    cv2 = pytest.importorskip("cv2")
    x, kernel = rng.standard_normal((21, 34, 3)).astype(np.float32), rng.standard_normal((5, 7))
    np.testing.assert_allclose(image.correlate(x, kernel, "mirror"), cv2.filter2D(x, -1, kernel), atol=1e-5)


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_functions_of_one_variable(rng, mode):
    for sizes in ((1, 1), (5, 1), (5, 4), (5, 5), (3, 8), (40, 7)):
        f, g = (rng.standard_normal(size) for size in sizes)
        np.testing.assert_allclose(image.convolve1d(f, g, mode), np.convolve(f, g, mode), atol=1e-12)


def test_separable_kernels_are_found(rng):
    column, row = rng.standard_normal(4), rng.standard_normal(7)
    np.testing.assert_allclose(np.outer(*image.separate(np.outer(column, row))), np.outer(column, row))
    assert image.separate(rng.standard_normal((4, 7))) is None


@pytest.mark.parametrize("sigma", [2, 20, 60])
def test_a_laplacian_of_gaussian_is_two_products(sigma):
    kernel = image.laplacian_of_gaussian_kernel(sigma)
    for dtype in (np.float32, np.float64):
        columns, rows = filtering.separated(kernel, dtype)
        assert len(columns) == 2
        np.testing.assert_allclose(columns.T @ rows, kernel, rtol=0, atol=1e-13 * np.abs(kernel).max())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: image.correlate(x, [1, 2, 3]), "kernel has shape (3,); expected two axes"),
        (lambda x: image.correlate(x, [[np.nan]]), "holds NaN or infinity; expected finite weights"),
        (lambda x: image.correlate(x, [[1]], "edge"), "border='edge' is unknown; expected one of 'reflect'"),
        (lambda x: image.correlate(x.astype(np.uint8), [[1]], "constant", 0.5), "value=0.5 cannot be a pixel of uint8"),
        (lambda x: image.correlate(x.astype(np.int16), [[1]]), "image has dtype int16; expected an image of uint8"),
        (lambda x: image.box_filter(x, 0), "size=0 is too small"),
        (lambda x: image.gaussian_filter(x, 0), "sigma=0 is out of range"),
        (lambda x: image.gaussian_filter(x, 1e9), "sigma=1000000000.0 is out of range"),
        (lambda x: image.unsharp_mask(x, 1, 1, 10**9), "radius=1000000000 is too large"),
        (lambda x: image.difference_of_gaussians(x, 200, 2), "sigma=200.0 times ratio=2 is 400.0; expected at most 250"),
        (lambda x: image.bilateral_filter(x, 1.0, 1e9), "sigma_space=1000000000.0 is out of range"),
        (lambda x: image.median_filter(x, 300), "expected at most 65535"),
        (lambda x: image.erode(x, [[0, 0]]), "picks no pixels"),
        (lambda x: image.bilateral_filter(np.ones((4, 4, 2)), 1.0), "image has shape (4, 4, 2), 2 channels; expected 1 or 3"),
        (lambda x: image.open(x, 3, "valid"), "border='valid' is not possible in two steps"),
        (lambda x: image.convolve1d([[1]], [1]), "f has shape (1, 1); expected one axis"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises((TypeError, ValueError)) as error:
        call(np.ones((6, 7), np.float32))
    assert message in str(error.value)
