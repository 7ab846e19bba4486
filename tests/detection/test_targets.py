"""Targets of locations, against plain loops over the definition."""

import math

import numpy as np
import pytest

from striate.detection import Objects
from striate.detection.network import locations
from striate.detection.targets import assign, batch_targets, grid

STRIDES = (8, 16, 32)
SIZES = [(12, 16), (6, 8), (3, 4)]
GRID = grid(*locations(SIZES, STRIDES), STRIDES)


def plain_targets(objects):
    """Return (label, box, centerness) of each location, by FCOS's definition."""
    found = []
    for (height, width), stride in zip(SIZES, STRIDES, strict=True):
        for i in range(height):
            for j in range(width):
                x, y = (j + 0.5) * stride, (i + 0.5) * stride
                label, best, of_best, centerness = -1, math.inf, (0, 0, 0, 0), 0
                for box, own, ignored in zip(objects.boxes, objects.labels, objects.ignored, strict=True):
                    left, top, right, bottom = x - box[0], y - box[1], box[2] - x, box[3] - y
                    if min(left, top, right, bottom) <= 0:
                        continue
                    if ignored:
                        label = -2 if label == -1 else label
                        continue
                    central = max(abs(x - (box[0] + box[2]) / 2), abs(y - (box[1] + box[3]) / 2)) <= 1.5 * stride
                    low, high = {8: (0, 64), 16: (64, 128), 32: (128, math.inf)}[stride]
                    area = (box[2] - box[0]) * (box[3] - box[1])
                    if central and low < max(left, top, right, bottom) <= high and area < best:
                        ratio = min(left, right) / max(left, right) * min(top, bottom) / max(top, bottom)
                        label, best, of_best, centerness = own, area, box, math.sqrt(ratio)
                found.append((label, of_best, centerness))
    return map(np.array, zip(*found, strict=True))


@pytest.mark.parametrize("seed", range(5))
def test_targets_follow_the_definition(seed):
    rng = np.random.default_rng(seed)
    corners = rng.integers(0, 96, (8, 2, 2)) * [1.3, 1]
    boxes = np.concatenate([corners.min(1), corners.max(1) + 1], 1)
    objects = Objects(boxes, rng.integers(0, 3, 8), rng.random(8) < 0.2)
    labels, of_locations, centerness = plain_targets(objects)
    got = assign(objects, GRID)
    np.testing.assert_array_equal(got.labels, labels)
    np.testing.assert_allclose(got.boxes, of_locations, rtol=1e-6)
    np.testing.assert_allclose(got.centerness, centerness, rtol=1e-5)
    assert (labels >= 0).sum() > 5


def test_each_size_has_its_level():
    for side, level in ((20, 0), (60, 0), (150, 1), (300, 2)):
        sizes = [(320 // stride, 320 // stride) for stride in STRIDES]
        where = grid(*locations(sizes, STRIDES), STRIDES)
        labels = assign(Objects([[10, 10, 10 + side, 10 + side]], [0]), where).labels
        assert set(where.strides[labels == 0]) == {STRIDES[level]}


def test_one_level_takes_all_sizes():
    where = grid(*locations([(40, 40)], [8]), [8])
    assert (assign(Objects([[0, 0, 310, 310]], [0]), where).labels == 0).sum() > 1


def test_batches_weigh_what_counts():
    objects = [Objects([[8, 8, 40, 40]], [1]), Objects([], []), Objects([[0, 0, 30, 30]], [0], np.array([True]))]
    (one_hot, boxes, centerness), (of_classes, of_boxes, of_centerness) = batch_targets(objects, 2, GRID)
    positive = one_hot.sum(-1) > 0
    assert positive.sum() == positive[0].sum() > 0
    assert one_hot[0][positive[0]].tolist() == [[0, 1]] * positive.sum()
    assert (boxes[0][positive[0]] == [8, 8, 40, 40]).all()
    np.testing.assert_array_equal(of_boxes, centerness[..., 0])
    np.testing.assert_array_equal(of_centerness, positive)
    ignored = of_classes == 0
    assert ignored.sum() == ignored[2].sum() > 0
    # the mean of values that are weighted so is their sum, divided by the number of locations with an object
    assert of_classes.max() == pytest.approx(one_hot.size / positive.sum())


def test_batches_without_objects_have_finite_weights():
    _, weights = batch_targets([Objects([], [])], 2, GRID)
    assert all(np.isfinite(each).all() for each in weights)
