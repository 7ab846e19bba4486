"""Means, medians, bilateral means and morphology against plain NumPy and other libraries."""

import numpy as np
import pytest

from striate import image
from tests.helpers.windows import BORDERS, as_pixels, by_channel, windows

SHAPES = [(1, 1), (1, 90), (33, 1), (9, 12), (70, 37, 3), (2, 9, 70, 2)]
SIZES = [(1, 1), (3, 3), (5, 5), (2, 3), (4, 4), (9, 1), (1, 17), (6, 20), (17, 33)]
DTYPES = ("uint8", "float32", "float64")


def each_case(rng, dtype, border):
    for shape in SHAPES:
        x = rng.integers(0, 256, shape).astype(dtype)
        height, width = shape[:2] if len(shape) < 4 else shape[1:3]
        for size in SIZES:
            if border != "valid" or (size[0] <= height and size[1] <= width):
                yield x, size


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("border", BORDERS)
def test_box(rng, dtype, border):
    for x, size in each_case(rng, dtype, border):
        want = by_channel(lambda c, s=size: windows(c, s, border, 7).sum((2, 3)), x) / (size[0] * size[1])
        got = image.box_filter(x, size, border, 7)
        if dtype == "uint8":
            np.testing.assert_array_equal(got, as_pixels(want, x.dtype))
        else:
            np.testing.assert_allclose(got, want, rtol=4 * np.finfo(dtype).eps)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("border", BORDERS)
def test_median(rng, dtype, border):
    for x, size in each_case(rng, dtype, border):
        middle = size[0] * size[1] // 2
        want = by_channel(lambda c, s=size, m=middle: np.sort(_flat(windows(c, s, border, 7)), -1)[..., m], x)
        np.testing.assert_array_equal(image.median_filter(x, size, border, 7), want.astype(dtype))


def test_median_of_signs_and_infinities(rng):
    x = rng.standard_normal((30, 40)).astype(np.float32)
    x[rng.random(x.shape) < 0.2] = np.inf
    x[rng.random(x.shape) < 0.2] = -np.inf
    for size in ((3, 3), (5, 5), (7, 7)):
        want = np.sort(_flat(windows(x, size, "reflect")), -1)[..., size[0] * size[1] // 2]
        np.testing.assert_array_equal(image.median_filter(x, size), want)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("size", [3, 5, 7])
@pytest.mark.parametrize("border", ["nearest", "zero", "valid"])
def test_nan_anywhere_in_a_window_makes_its_extremes_and_median_nan(rng, dtype, size, border):
    for width in (32, 37):  # a number of whole vectors, and one that is not
        for row, column in [(0, 0), (11, width - 1), *((5, column) for column in range(width))]:
            x = rng.standard_normal((12, width)).astype(dtype)
            x[row, column] = np.nan
            want = np.isnan(windows(x, (size, size), border)).any((2, 3))
            for function in (image.median_filter, image.erode, image.dilate):
                np.testing.assert_array_equal(np.isnan(function(x, size, border)), want)


@pytest.mark.parametrize("dtype", ["bool", *DTYPES])
@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("density", [0.2, 0.7, 1.0])
def test_morphology(rng, dtype, border, density):
    for x, size in each_case(rng, "uint8", border):
        x = x > 100 if dtype == "bool" else x.astype(dtype)
        element = rng.random(size) <= density
        element[0, -1] = True
        value = 1 if dtype == "bool" else 7
        want = by_channel(lambda c, e=element, v=value: np.where(e, windows(c, e.shape, border, v), np.inf).min((2, 3)), x)
        np.testing.assert_array_equal(image.erode(x, element, border, value), want.astype(dtype))
        turned = element[::-1, ::-1]
        want = by_channel(
            lambda c, e=turned, v=value: np.where(e, windows(c, e.shape, border, v, True), -np.inf).max((2, 3)), x
        )
        got = image.dilate(x, element, border, value)
        assert got.dtype == dtype
        np.testing.assert_array_equal(got, want.astype(dtype))


def test_opening_and_closing(rng):
    x = rng.integers(0, 256, (30, 40), np.uint8)
    assert (image.open(x, 3) <= x).all()
    assert (image.close(x, 3) >= x).all()
    np.testing.assert_array_equal(image.open(image.open(x, 3), 3), image.open(x, 3))


@pytest.mark.parametrize("channels", [(), (1,), (3,)])
def test_bilateral(rng, channels):
    for dtype, bound in (("float32", 2e-6), ("float64", 1e-14), ("uint8", 0.51)):
        scale = 255 if dtype == "uint8" else 1
        x = (rng.random((21, 34, *channels)) * scale).astype(dtype)
        padded = np.pad(x, [(2, 2), (2, 2)] + [(0, 0)] * len(channels), "symmetric").astype(np.float64)
        total, sums = 0, 0
        for t in range(5):
            for u in range(5):
                other = padded[t : t + 21, u : u + 34]
                distance = (other - x) ** 2
                distance = distance.sum(-1, keepdims=True) if channels else distance
                weight = np.exp(-((t - 2) ** 2 + (u - 2) ** 2) / (2 * 1.5**2) - distance / (2 * (0.2 * scale) ** 2))
                total, sums = total + weight, sums + weight * other
        assert np.abs(image.bilateral_filter(x, 0.2 * scale, 1.5, 2) - sums / total).max() <= bound


@pytest.mark.parametrize("border", ["reflect", "mirror", "nearest", "wrap", "constant"])
def test_equal_to_scipy(rng, border):
    ndimage = pytest.importorskip("scipy.ndimage")
    x = rng.standard_normal((15, 22))
    other = {"mode": border, "cval": 0.25}
    for size in ((3, 3), (4, 5), (2, 2)):
        np.testing.assert_allclose(
            image.box_filter(x, size, border, 0.25), ndimage.uniform_filter(x, size, **other), atol=1e-12
        )
        np.testing.assert_array_equal(image.median_filter(x, size, border, 0.25), ndimage.median_filter(x, size, **other))
        element = rng.random(size) < 0.6
        element[0, 0] = True
        np.testing.assert_array_equal(
            image.erode(x, element, border, 0.25), ndimage.grey_erosion(x, footprint=element, **other)
        )
        np.testing.assert_array_equal(
            image.dilate(x, element, border, 0.25), ndimage.grey_dilation(x, footprint=element, **other)
        )


@pytest.mark.parametrize("border", ["reflect", "mirror", "nearest", "wrap"])
def test_equal_to_opencv(rng, border):
    cv2 = pytest.importorskip("cv2")
    modes = {"reflect": cv2.BORDER_REFLECT, "mirror": cv2.BORDER_REFLECT_101, "nearest": cv2.BORDER_REPLICATE}
    for shape in ((15, 22), (40, 31, 3)):
        x = rng.integers(0, 256, shape, np.uint8)
        for size in ((3, 3), (4, 5), (2, 2), (1, 6)):
            element = (rng.random(size) < 0.6).astype(np.uint8)
            element[0, 0] = 1
            if border == "wrap":  # which OpenCV has for none of these: it pads first
                top, left = size[0] // 2, size[1] // 2
                around = top, size[0] - 1 - top, left, size[1] - 1 - left
                padded = cv2.copyMakeBorder(x, *around, cv2.BORDER_WRAP)
                want = cv2.erode(padded, element)[top : top + x.shape[0], left : left + x.shape[1]]
                np.testing.assert_array_equal(image.erode(x, element, border), want)
                continue
            mode = {"borderType": modes[border]}
            blurred = cv2.blur(x, size[::-1], **mode)
            assert np.abs(image.box_filter(x, size, border).astype(int) - blurred).max() <= 1  # It rounds halves up.
            exact = cv2.blur(x.astype(np.float64), size[::-1], **mode)
            np.testing.assert_allclose(image.box_filter(x.astype(np.float64), size, border), exact, rtol=1e-12)
            np.testing.assert_array_equal(image.erode(x, element, border), cv2.erode(x, element, **mode))
            # OpenCV does not turn the element, whose centre moves as it is turned if its sides are even.
            if size[0] % 2 and size[1] % 2:
                turned = element[::-1, ::-1]
                np.testing.assert_array_equal(image.dilate(x, turned, border), cv2.dilate(x, element, **mode))
        if border == "nearest":
            for size in (3, 5, 7):
                np.testing.assert_array_equal(image.median_filter(x, size, border), cv2.medianBlur(x, size))


def _flat(array):
    return array.reshape(*array.shape[:2], -1)
