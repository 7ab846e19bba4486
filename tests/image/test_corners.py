"""Corners: against loops over pixels, and OpenCV and scikit-image, whose corners they are."""

import numpy as np
import pytest

from striate import image


def polygons(shape=(60, 70), dtype=np.float64):
    """Return an image of rectangles, bright and dark, with a little noise."""
    rng = np.random.default_rng(0)
    x = np.full(shape, 100.0)
    for _ in range(12):
        i, j = rng.integers(0, shape[0] - 12), rng.integers(0, shape[1] - 12)
        x[i : i + rng.integers(5, 20), j : j + rng.integers(5, 20)] = rng.integers(0, 256)
    x = (x + rng.normal(0, 3, shape)).clip(0, 255)
    return x.round().astype(dtype) if dtype == np.uint8 else x.astype(dtype)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("sigma", [0.7, 1, 2.5])
def test_responses_are_those_of_scikit_image(sigma, dtype):
    feature = pytest.importorskip("skimage.feature")
    x = polygons(dtype=dtype)
    exact = x.astype(np.float64)
    rows, mixed, columns = feature.structure_tensor(exact, sigma, mode="reflect", order="rc")
    eps = np.finfo(np.float64 if dtype == np.float64 else np.float32).eps
    scale = (rows + columns).max()
    margin = int(4 * sigma + 0.5) + 2  # scikit-image's corners take zeros beyond the borders.
    inside = slice(margin, -margin), slice(margin, -margin)
    for got, want, theirs, power in [
        (
            image.harris(x, 0.04, sigma),
            rows * columns - mixed**2 - 0.04 * (rows + columns) ** 2,
            feature.corner_harris(exact, k=0.04, sigma=sigma),
            2,
        ),
        (
            image.shi_tomasi(x, sigma),
            np.linalg.eigvalsh(np.moveaxis(np.array([[rows, mixed], [mixed, columns]]), (0, 1), (2, 3)))[..., 0],
            feature.corner_shi_tomasi(exact, sigma),
            1,
        ),
    ]:
        assert got.dtype == (np.float64 if dtype == np.float64 else np.float32)
        np.testing.assert_allclose(got, want, rtol=0, atol=16 * eps * scale**power)
        np.testing.assert_allclose(got[inside], theirs[inside], rtol=0, atol=16 * eps * scale**power)


def test_corners_of_a_square_have_large_responses_and_edges_negative_ones():
    x = np.zeros((20, 20))
    x[6:14, 6:14] = 1
    response = image.harris(x)
    assert response[6, 6] > 0
    assert response[10, 6] < 0
    assert abs(response[0, 0]) < 1e-9
    for response in (image.harris(x), image.shi_tomasi(x)):
        assert sorted(map(tuple, image.corner_peaks(response, most=4).tolist())) == [(6, 6), (6, 13), (13, 6), (13, 13)]


CIRCLE = [(-3, 0), (-3, 1), (-2, 2), (-1, 3), (0, 3), (1, 3), (2, 2), (3, 1), (3, 0), (3, -1), (2, -2), (1, -3), (0, -3)]
CIRCLE += [(-1, -3), (-2, -2), (-3, -1)]


@pytest.mark.parametrize("arc", [1, 2, 9, 12, 15, 16])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_arcs_are_those_of_a_loop(dtype, arc):
    x = polygons((20, 15), dtype)
    want = np.zeros(x.shape)
    for i in range(3, 17):
        for j in range(3, 12):
            values = [float(x[i + down, j + right]) - float(x[i, j]) for down, right in CIRCLE]
            for sign in (1, -1):
                arcs = [min(sign * values[(start + k) % 16] for k in range(arc)) for start in range(16)]
                if max(arcs) > 9:
                    want[i, j] = max(want[i, j], max(arcs))
    got = image.fast(x, 9, arc)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, want, rtol=1e-6)


@pytest.mark.parametrize("threshold", [5, 20, 60])
def test_corners_of_fast_are_those_of_opencv(threshold):
    cv2 = pytest.importorskip("cv2")
    for x in (polygons((120, 140), np.uint8), np.random.default_rng(0).integers(0, 256, (90, 70)).astype(np.uint8)):
        response = image.fast(x, threshold)
        for suppress in (False, True):
            found = cv2.FastFeatureDetector_create(threshold, suppress, cv2.FAST_FEATURE_DETECTOR_TYPE_9_16).detect(x)
            theirs = {(round(each.pt[1]), round(each.pt[0])): each.response + 1 for each in found}
            if suppress:
                # OpenCV drops corners that are as strong as a neighbour; `corner_peaks` keeps the first of them.
                peaks = [tuple(place) for place in image.corner_peaks(response, threshold=0).tolist()]
                around = np.lib.stride_tricks.sliding_window_view(np.pad(response, 1), (3, 3))
                own = {place: response[place] for place in peaks if (around[place] == response[place]).sum() == 1}
                assert own == theirs
            else:
                assert theirs.keys() == set(zip(*map(np.ndarray.tolist, np.nonzero(response)), strict=True))


@pytest.mark.parametrize("arc", [9, 12])
def test_corners_of_fast_are_those_of_scikit_image(arc):
    feature = pytest.importorskip("skimage.feature")
    x = polygons() / 255
    np.testing.assert_array_equal(image.fast(x, 0.1, arc) > 0, feature.corner_fast(x, arc, 0.1) > 0)


def test_small_images_have_no_corners():
    for shape in ((1, 1), (6, 50), (50, 6), (7, 6)):
        assert not image.fast(np.zeros(shape), 0).any()
    x = np.zeros((7, 7))
    x[3, 3] = 5
    assert image.fast(x, 4, 16)[3, 3] == 5


@pytest.mark.parametrize("distance", [1, 2, 5, 100])
def test_peaks_are_those_of_scikit_image(distance):
    feature = pytest.importorskip("skimage.feature")
    x = np.random.default_rng(0).normal(size=(40, 50))
    want = feature.peak_local_max(x, distance, threshold_abs=0.1, exclude_border=False)
    got = image.corner_peaks(x, distance, 0.1)
    np.testing.assert_array_equal(got, want)
    assert got.dtype == np.int64
    np.testing.assert_array_equal(image.corner_peaks(x, distance, 0.1, 3), want[:3])


def test_equal_peaks_that_are_near_count_once():
    x = np.zeros((6, 9))
    x[2, 1:8] = 1
    assert image.corner_peaks(x, 2).tolist() == [[2, 1], [2, 4], [2, 7]]
    assert image.corner_peaks(np.ones((5, 5))).shape == (0, 2)


def test_wrong_arguments_are_refused():
    x = np.zeros((9, 9))
    nan = x.copy()
    nan[1, 2] = np.nan
    for function in (image.harris, image.shi_tomasi, lambda x: image.fast(x, 1), image.corner_peaks):
        with pytest.raises(ValueError, match=r"holds nan at \(1, 2\); expected finite values"):
            function(nan)
        with pytest.raises(ValueError, match=r"has 3 dimensions, shape \(9, 9, 1\); expected an image \(height, width\)"):
            function(x[..., np.newaxis])
    with pytest.raises(ValueError, match="k=-1 is out of range"):
        image.harris(x, -1)
    with pytest.raises(ValueError, match="sigma=0 is out of range; expected a finite number above 0"):
        image.shi_tomasi(x, 0)
    with pytest.raises(ValueError, match="threshold=-1 is out of range"):
        image.fast(x, -1)
    with pytest.raises(ValueError, match="arc=17 is too large; expected an integer of at least 1 and at most 16"):
        image.fast(x, 1, 17)
    with pytest.raises(ValueError, match="distance=0 is too small"):
        image.corner_peaks(x, 0)
    with pytest.raises(TypeError, match="response has dtype uint8; expected an image of float32 or float64"):
        image.corner_peaks(np.zeros((3, 3), np.uint8))
