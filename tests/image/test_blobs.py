"""Blobs: against scikit-image, whose blobs they are where few overlap, and what is promised where many do."""

import math

import numpy as np
import pytest

from striate import image
from striate.image.blobs import _covered


def spots(places, shape=(100, 120)):
    """Return an image of Gaussian spots, each (row, column, sigma, height)."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    return sum(height * np.exp(-((rows - i) ** 2 + (columns - j) ** 2) / (2 * s**2)) for i, j, s, height in places)


PLACES = [(20, 25, 3, 1), (20, 80, 6, 0.7), (70, 30, 9, 0.9), (75, 90, 4, 0.8), (50, 60, 2, 0.6), (3, 110, 3, 1)]


def in_order(blobs):
    return blobs[np.lexsort(blobs.T)]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_blobs_are_those_of_scikit_image(dtype):
    feature = pytest.importorskip("skimage.feature")
    x = spots(PLACES).astype(dtype)
    for threshold in (0.05, 0.2):
        got = image.blob_log(x, 1, 12, 12, threshold)
        assert len(got) >= len(PLACES)
        want = feature.blob_log(x.astype(np.float64), 1, 12, 12, threshold)
        np.testing.assert_allclose(in_order(got), in_order(want), rtol=1e-6)
        got = image.blob_dog(x, 1, 12, 1.5, threshold)
        assert len(got) >= len(PLACES)
        want = feature.blob_dog(x.astype(np.float64), 1, 12, 1.5, threshold)
        np.testing.assert_allclose(in_order(got), in_order(want), rtol=1e-6)


def test_blobs_have_the_places_and_sizes_of_spots_and_come_in_order_of_their_strength():
    inner = PLACES[:-1]
    got = image.blob_log(spots(inner), 1, 10, 19, 0.1)
    want = sorted(inner, key=lambda each: -each[3])
    assert len(got) == len(want)
    heights = []
    for row, column, sigma in got:
        (spot,) = [each for each in want if math.hypot(each[0] - row, each[1] - column) <= 1]
        assert sigma == pytest.approx(spot[2], abs=0.5)
        heights.append(spot[3])
    assert heights == sorted(heights, reverse=True)


def test_uint8_has_responses_of_its_own_range():
    x = np.rint(200 * spots(PLACES)).clip(0, 255).astype(np.uint8)
    np.testing.assert_array_equal(image.blob_log(x, 1, 10, 10, 30), image.blob_log(x.astype(np.float64), 1, 10, 10, 30))


def part_covered(blob, other):
    """Return which part of the pixels of a disc of radius √2 sigma lies in another one, on a grid that is finer than pixels."""
    rows, columns = np.mgrid[-1:1:200j, -1:1:200j] * math.sqrt(2) * blob[2]
    inside = np.hypot(rows, columns) <= math.sqrt(2) * blob[2]
    return (
        inside & (np.hypot(rows + blob[0] - other[0], columns + blob[1] - other[1]) <= math.sqrt(2) * other[2])
    ).sum() / inside.sum()


def test_how_much_discs_cover_is_an_area():
    for sigma, smaller in ((2, 2), (3, 1.5), (4, 0.7)):
        parts = _covered(sigma, smaller, 100)
        middle = len(parts) // 2
        for i, j in ((0, 0), (0, 1), (2, 1), (3, 2), (-4, 1), (0, middle)):
            want = part_covered((i, j, smaller), (0, 0, sigma))
            if max(i, j) <= middle:
                assert parts[middle + i, middle + j] == pytest.approx(want, abs=0.01)
        assert _covered(sigma, smaller, 2).shape == (5, 5)


def test_of_blobs_that_overlap_the_larger_and_stronger_ones_count():
    x = np.random.default_rng(0).random((40, 30))
    every = image.blob_log(x, 1, 6, 6, 0.05, overlap=1)
    want = []
    for blob in every[np.argsort(-every[:, 2], kind="stable")]:
        apart = [np.abs(blob - other)[:2].astype(int) for other in want]
        parts = [_covered(other[2], blob[2], 100) for other in want]
        middles = [len(part) // 2 for part in parts]
        if not any(
            max(step) <= middle and part[tuple(middle + step)] > 0.3
            for step, part, middle in zip(apart, parts, middles, strict=True)
        ):
            want.append(blob)
    got = image.blob_log(x, 1, 6, 6, 0.05, overlap=0.3)
    assert 0 < len(got) < len(every)
    np.testing.assert_array_equal(in_order(got), in_order(np.array(want)))


def test_nothing_is_found_where_nothing_is():
    for function in (image.blob_log, image.blob_dog):
        assert function(np.zeros((20, 30))).shape == (0, 3)


def test_wrong_arguments_are_refused():
    x = np.zeros((9, 9))
    for function in (image.blob_log, image.blob_dog):
        with pytest.raises(ValueError, match=r"min_sigma=0 is out of range; expected a finite number of at least 0\.1"):
            function(x, 0)
        with pytest.raises(ValueError, match=r"max_sigma=1\.0 is less than min_sigma=2\.0; expected at least that"):
            function(x, 2, 1)
        with pytest.raises(ValueError, match="overlap=2 is out of range; expected a finite number of at least 0 and at most 1"):
            function(x, overlap=2)
        with pytest.raises(ValueError, match="image has 3 dimensions"):
            function(x[..., np.newaxis])
        with pytest.raises(ValueError, match=r"image holds nan at \(0, 0\)"):
            function(np.full((3, 3), np.nan))
    with pytest.raises(ValueError, match="scales=0 is too small"):
        image.blob_log(x, scales=0)
    with pytest.raises(ValueError, match="ratio=1 is out of range; expected a finite number above 1"):
        image.blob_dog(x, ratio=1)
