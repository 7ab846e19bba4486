"""Connected regions: against a flood fill, and against SciPy and scikit-image, whose labels and properties they are."""

import math

import numpy as np
import pytest

from striate import image

STEPS = {
    4: [(-1, 0), (1, 0), (0, -1), (0, 1)],
    8: [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if (down, right) != (0, 0)],
}


def flooded(x, neighbors):
    """Return the labels of regions, filled one after another from their first pixels."""
    labels = np.zeros(x.shape, int)
    for place in zip(*np.nonzero(x), strict=True):
        if labels[place]:
            continue
        number, waiting = labels.max() + 1, [place]
        while waiting:
            i, j = waiting.pop()
            if 0 <= i < x.shape[0] and 0 <= j < x.shape[1] and x[i, j] and not labels[i, j]:
                labels[i, j] = number
                waiting += [(i + down, j + right) for down, right in STEPS[neighbors]]
    return labels


def spiral(size):
    """Return a spiral line, whose pixels are connected in one long chain."""
    x = np.zeros((size, size), bool)
    i, j, down, right = 0, 0, 0, 1
    for length in [size - 1, *np.arange(size - 1, 1, -2).repeat(2)]:
        for _ in range(length):
            x[i, j] = True
            i, j = i + down, j + right
        down, right = right, -down
    return x


IMAGES = {
    **{f"noise {part}": np.random.default_rng(0).random((37, 50)) < part for part in (0.05, 0.3, 0.41, 0.5, 0.59, 0.8)},
    "nothing": np.zeros((4, 5), bool),
    "everything": np.ones((4, 5), bool),
    "diagonal": np.eye(6, dtype=bool),
    "one pixel": np.ones((1, 1), bool),
    "column": np.array([[1], [0], [1], [1]], bool),
    "row": np.array([[1, 0, 1, 1]], bool),
    "spiral": spiral(25),
    "chessboard": np.indices((9, 11)).sum(0) % 2 == 0,
    "comb": np.array([[1, 0, 1, 0, 1], [1, 1, 1, 1, 1]], bool),
    "row's end and next row's start": np.array([[0, 0, 1], [1, 0, 0], [0, 0, 0]], bool),
}


@pytest.mark.parametrize("neighbors", [4, 8])
@pytest.mark.parametrize("name", IMAGES)
def test_labels_are_those_of_a_flood_fill(name, neighbors):
    got = image.label(IMAGES[name], neighbors)
    assert got.dtype == np.int32
    np.testing.assert_array_equal(got, flooded(IMAGES[name], neighbors))


@pytest.mark.parametrize("neighbors", [4, 8])
@pytest.mark.parametrize("part", [0.3, 0.41, 0.59])
def test_labels_of_larger_images_are_those_of_scipy_and_scikit_image(part, neighbors):
    ndimage, measure = pytest.importorskip("scipy.ndimage"), pytest.importorskip("skimage.measure")
    x = np.random.default_rng(1).random((300, 411)) < part
    got = image.label(x, neighbors)
    np.testing.assert_array_equal(got, ndimage.label(x, np.ones((3, 3)) if neighbors == 8 else None)[0])
    np.testing.assert_array_equal(got, measure.label(x, connectivity={4: 1, 8: 2}[neighbors]))


def compare(got, want, neighbors):
    measure = pytest.importorskip("skimage.measure")
    assert len(got) == len(want)
    for own, their in zip(got, want, strict=True):
        assert (own.label, own.area, own.bounding_box) == (their.label, their.area, their.bbox)
        assert own.euler_number == measure.euler_number(their.image, {4: 1, 8: 2}[neighbors])
        assert own.centroid == pytest.approx(their.centroid, rel=1e-12)
        assert own.perimeter == pytest.approx(their.perimeter, rel=1e-12)
        assert own.axes == pytest.approx((their.axis_major_length, their.axis_minor_length), rel=1e-9, abs=1e-6)
        if own.axes[0] - own.axes[1] > 1e-9:  # A circle has no orientation, and half a turn makes no difference.
            turns = (own.orientation - their.orientation) / math.pi
            assert turns == pytest.approx(round(turns), abs=1e-9)
        assert -math.pi / 2 <= own.orientation <= math.pi / 2


@pytest.mark.parametrize("neighbors", [4, 8])
@pytest.mark.parametrize("name", IMAGES)
def test_properties_are_those_of_scikit_image(name, neighbors):
    measure = pytest.importorskip("skimage.measure")
    labels = image.label(IMAGES[name], neighbors)
    got = image.region_properties(IMAGES[name], neighbors)
    compare(got, measure.regionprops(labels), neighbors)
    assert image.region_properties(labels, neighbors) == got


def test_labels_need_not_be_connected_or_in_order():
    measure = pytest.importorskip("skimage.measure")
    labels = np.random.default_rng(0).choice([0, 3, 8, 5000], (20, 30))
    for dtype in (np.int64, np.uint32, ">i4"):
        compare(image.region_properties(labels.astype(dtype)), measure.regionprops(labels), 8)
    full = np.array([[2, 2, 5], [2, 5, 5]], np.uint8)
    assert [each.area for each in image.region_properties(full)] == [3, 3]


def test_sums_of_huge_regions_do_not_overflow():
    (region,) = image.region_properties(np.ones((3000, 4000), bool))
    assert region.centroid == (1499.5, 1999.5)
    assert region.axes == pytest.approx([4 * math.sqrt((n * n - 1) / 12) for n in (4000, 3000)])
    assert region.orientation == math.pi / 2


def test_what_properties_mean():
    i, j = np.mgrid[:101, :121]
    along, across = i - 50, j - 60
    angle = 0.4
    longer, shorter = along * math.cos(angle) + across * math.sin(angle), across * math.cos(angle) - along * math.sin(angle)
    (ellipse,) = image.region_properties((longer / 40) ** 2 + (shorter / 20) ** 2 <= 1)
    assert ellipse.centroid == (50, 60)
    assert ellipse.axes == pytest.approx((80, 40), rel=5e-3)
    assert ellipse.orientation == pytest.approx(angle, abs=5e-3)
    assert ellipse.eccentricity == pytest.approx(math.sqrt(3) / 2, abs=5e-3)
    assert ellipse.area == pytest.approx(math.pi * 40 * 20, rel=5e-3)
    assert ellipse.holes == 0
    (ring,) = image.region_properties((np.hypot(along, across) < 40) & (np.hypot(along, across) > 20))
    assert ring.holes == 1
    assert ring.eccentricity < 0.01


def test_wrong_arguments_are_refused():
    with pytest.raises(TypeError, match=r"image has dtype float64; expected an image of bool \(striate.image.thr"):
        image.label(np.zeros((2, 2)))
    with pytest.raises(ValueError, match="neighbors=6 is unknown; expected one of 4, 8"):
        image.label(np.zeros((2, 2), bool), 6)
    with pytest.raises(ValueError, match="neighbors=6 is unknown; expected one of 4, 8"):
        image.region_properties(np.zeros((2, 2), int), 6)
    with pytest.raises(TypeError, match="image has dtype float64; expected bool, or integers as labels"):
        image.region_properties(np.zeros((2, 2)))
    with pytest.raises(ValueError, match="image holds -1; expected labels of at least 0"):
        image.region_properties(np.full((2, 2), -1))
    with pytest.raises(ValueError, match="image has 3 dimensions"):
        image.region_properties(np.zeros((2, 2, 1), int))
