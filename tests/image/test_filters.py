"""Linear filters by name: the numbers of their kernels, and what other libraries make of the same image."""

import numpy as np
import pytest

from striate import image


def test_kernels():
    np.testing.assert_array_equal(image.box_kernel() * 9, np.ones((3, 3)))
    np.testing.assert_array_equal(image.sharpen_kernel(), [[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
    np.testing.assert_array_equal(image.edge_kernel(), [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]])
    np.testing.assert_array_equal(image.laplacian_kernel(8), -image.edge_kernel())
    np.testing.assert_array_equal(image.line_kernel("horizontal"), image.line_kernel("vertical").T)
    np.testing.assert_array_equal(image.line_kernel("diagonal"), image.line_kernel("antidiagonal")[::-1])
    np.testing.assert_array_equal(image.sobel_kernel(0), [[-1, -2, -1], [0, 0, 0], [1, 2, 1]])
    np.testing.assert_array_equal(image.sobel_kernel(1), image.sobel_kernel(0).T)
    np.testing.assert_array_equal(image.emboss_kernel(), [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]])
    for kernel in (image.gaussian_kernel(1.3), image.unsharp_kernel(1.3, 0.7)):
        assert kernel.sum() == pytest.approx(1)
    for kernel in (image.difference_of_gaussians_kernel(1.3), image.prewitt_kernel(), image.scharr_kernel(1)):
        assert kernel.sum() == pytest.approx(0, abs=1e-12)


FILTERS = {
    "sharpen": (image.sharpen, image.sharpen_kernel()),
    "lines": (image.lines, image.line_kernel()),
    "edges": (image.detect_edges, image.edge_kernel()),
    "laplacian": (image.laplacian, image.laplacian_kernel()),
    "log": (image.laplacian_of_gaussian, image.laplacian_of_gaussian_kernel()),
    "dog": (image.difference_of_gaussians, image.difference_of_gaussians_kernel()),
    "unsharp": (image.unsharp_mask, image.unsharp_kernel()),
    "sobel": (image.sobel, image.sobel_kernel()),
    "prewitt": (image.prewitt, image.prewitt_kernel()),
    "scharr": (image.scharr, image.scharr_kernel()),
    "emboss": (image.emboss, image.emboss_kernel()),
    "gaussian": (image.gaussian_filter, image.gaussian_kernel()),
}


@pytest.mark.parametrize("name", FILTERS)
def test_filters_are_correlations_with_their_kernels(rng, name):
    function, kernel = FILTERS[name]
    x = rng.integers(0, 256, (17, 23, 3), np.uint8)
    for border in ("mirror", "constant"):
        np.testing.assert_array_equal(function(x, border=border, value=9), image.correlate(x, kernel, border, 9))


@pytest.mark.parametrize("border", ["reflect", "mirror", "nearest", "wrap"])
def test_equal_to_scipy(rng, border):
    ndimage = pytest.importorskip("scipy.ndimage")
    x = rng.standard_normal((19, 24))
    for ours, theirs in (
        (image.gaussian_filter(x, 1.7, border=border), ndimage.gaussian_filter(x, 1.7, mode=border)),
        (image.laplacian(x, border=border), ndimage.laplace(x, mode=border)),
        (image.laplacian_of_gaussian(x, 1.7, border=border), ndimage.gaussian_laplace(x, 1.7, mode=border)),
        (image.sobel(x, 1, border), ndimage.sobel(x, 1, mode=border)),
        (image.prewitt(x, 0, border), ndimage.prewitt(x, 0, mode=border)),
    ):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_equal_to_opencv(rng):
    cv2 = pytest.importorskip("cv2")
    x = rng.standard_normal((19, 24)).astype(np.float32)
    np.testing.assert_allclose(image.scharr(x, 1, "mirror"), cv2.Scharr(x, -1, 1, 0), atol=1e-4)
    want = cv2.GaussianBlur(x, (9, 9), 1.2)
    np.testing.assert_allclose(image.gaussian_filter(x, 1.2, 4, "mirror"), want, atol=1e-6)
