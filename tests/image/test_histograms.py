"""Histograms and equalization: against NumPy, and OpenCV and scikit-image, whose results they are."""

import numpy as np
import pytest

from striate import image


def dim(shape=(60, 80), dtype=np.uint8):
    """Return an image of few different values, most of them dark, with a gradient from left to right."""
    rng = np.random.default_rng(0)
    x = rng.gamma(4, 8, shape) + np.linspace(0, 60, shape[1])[:, *(np.newaxis,) * (len(shape) - 2)]
    return np.clip(x, 0, 255).astype(np.uint8) if dtype == np.uint8 else (x / 300).astype(dtype)


@pytest.mark.parametrize("bins", [1, 7, 255, 256, 300])
@pytest.mark.parametrize("data_range", [None, (10, 50.5), (-3, 400)])
def test_counts_of_uint8_are_those_of_numpy(bins, data_range):
    x = dim()
    want = np.histogram(x, bins, data_range or (0, 255))[0]
    got = image.histogram(x, bins, data_range)
    assert got.dtype == np.int64
    np.testing.assert_array_equal(got, want)


def test_each_channel_is_counted():
    x = dim((2, 10, 20, 3), np.float32)
    got = image.histogram(x, 9, (0, 0.5))
    assert got.shape == (2, 3, 9)
    for i, c in np.ndindex(2, 3):
        np.testing.assert_array_equal(got[i, c], np.histogram(x[i, :, :, c], 9, (0, 0.5))[0])
    np.testing.assert_array_equal(image.histogram(x[1], 9, (0, 0.5)), got[1])
    np.testing.assert_array_equal(image.histogram(x[1, :, :, 2], 9, (0, 0.5)), got[1, 2])


def test_every_value_of_uint8_has_its_bin():
    np.testing.assert_array_equal(image.histogram(np.arange(256, dtype=np.uint8).reshape(16, 16)), 1)


def test_uint8_is_equalized_as_by_opencv():
    cv2 = pytest.importorskip("cv2")
    for seed in range(20):
        rng = np.random.default_rng(seed)
        x = rng.normal(rng.integers(20, 200), rng.integers(1, 60), (37, 53)).clip(0, 255).astype(np.uint8)
        np.testing.assert_array_equal(image.equalize(x), cv2.equalizeHist(x))


def test_floats_are_equalized_as_by_scikit_image():
    exposure = pytest.importorskip("skimage.exposure")
    for dtype in (np.float32, np.float64):
        x = dim(dtype=dtype)
        got = image.equalize(x, (0, 1))
        assert got.dtype == dtype
        np.testing.assert_allclose(got, exposure.equalize_hist(x), rtol=4 * np.finfo(dtype).eps)
        np.testing.assert_allclose(image.equalize(x, (-2, 3), 50), 5 * exposure.equalize_hist(x, 50) - 2, atol=1e-6)


def test_equalized_values_occur_equally_often():
    x = dim((300, 400), np.float64)
    counts = image.histogram(image.equalize(x, (0, 1), 4096), 8, (0, 1))
    np.testing.assert_allclose(counts, x.size / 8, rtol=0.01)


@pytest.mark.parametrize("function", [image.equalize, image.clahe])
def test_channels_and_images_are_equalized_alone(function):
    x = dim((2, 32, 40, 3))
    got = function(x)
    for i, c in np.ndindex(2, 3):
        np.testing.assert_array_equal(got[i, :, :, c], function(x[i, :, :, c]))
    np.testing.assert_array_equal(function(x[1]), got[1])


def test_images_of_one_value_stay_so():
    x = np.full((9, 9), 77, np.uint8)
    np.testing.assert_array_equal(image.equalize(x), x)
    assert len(np.unique(image.equalize(np.full((9, 9), 0.3), (0, 1)))) == 1


@pytest.mark.parametrize("tiles", [8, (3, 5), 1, (7, 2)])
@pytest.mark.parametrize("clip_limit", [0, 0.5, 2, 3.7, 40])
def test_uint8_is_equalized_in_tiles_as_by_opencv(clip_limit, tiles):
    cv2 = pytest.importorskip("cv2")
    for shape in [(64, 80), (61, 83), (40, 41), (64, 83)]:
        x = dim(shape)
        down, across = tiles if isinstance(tiles, tuple) else (tiles, tiles)
        want = cv2.createCLAHE(clip_limit, (across, down)).apply(x)
        np.testing.assert_array_equal(image.clahe(x, clip_limit, tiles), want)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_floats_are_equalized_in_tiles_like_uint8_but_are_not_rounded(dtype):
    x = dim()
    values = -1 + 2 * ((x + 0.5) / 256).astype(dtype)  # in the middle of the bins
    got = image.clahe(values, 3.0, data_range=(-1, 1))
    assert got.dtype == dtype
    np.testing.assert_allclose((got + 1) * 127.5, image.clahe(x, 3.0), atol=1.01)
    assert len(np.unique(got)) > 300


def test_arrays_in_another_order_work_and_stay_as_they_are():
    x = dim((40, 50)).T
    before = x.copy()
    for function in (image.histogram, image.equalize, image.clahe):
        np.testing.assert_array_equal(function(x), function(before))
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("function", [image.histogram, image.equalize, image.clahe])
def test_wrong_images_are_refused(function):
    with pytest.raises(ValueError, match=r"data_range=None tells nothing about an image of float64; expected its lowest"):
        function(np.zeros((9, 9)))
    x = np.zeros((9, 9))
    x[2, 3] = np.nan
    with pytest.raises(ValueError, match=r"image holds nan at \(2, 3\); expected finite values"):
        function(x, data_range=(0, 1))
    with pytest.raises(TypeError, match="image has dtype bool"):
        function(x > 0)


def test_wrong_settings_are_refused():
    x = np.zeros((9, 9), np.uint8)
    with pytest.raises(ValueError, match="bins=0 is too small"):
        image.histogram(x, 0)
    with pytest.raises(ValueError, match=r"data_range=\(0, 1\) is not that of uint8; expected \(0, 255\) or None"):
        image.equalize(x, (0, 1))
    with pytest.raises(ValueError, match=r"tiles=\(10, 1\) are more than rows or columns of the image, \(9, 9\)"):
        image.clahe(x, tiles=(10, 1))
    with pytest.raises(ValueError, match="clip_limit=-1 is out of range; expected a finite number of at least 0"):
        image.clahe(x, -1)
