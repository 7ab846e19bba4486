"""Boxes: formats, overlap, and suppression, against plain loops."""

import numpy as np
import pytest

from striate import detection
from striate.detection.boxes import FORMATS


def random_boxes(count, seed=0, dtype=np.float64):
    """Return boxes on a grid, so that many of them touch, are equal, or have no area."""
    rng = np.random.default_rng(seed)
    corners = rng.integers(0, 12, (count, 2, 2))
    return np.concatenate([corners.min(1), corners.max(1)], 1).astype(dtype)


def shared_area(a, b):
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    return max(width, 0) * max(height, 0)


def area(box):
    return (box[2] - box[0]) * (box[3] - box[1])


def plain_iou(a, b):
    union = area(a) + area(b) - shared_area(a, b)
    return shared_area(a, b) / union if union else 0


def plain_giou(a, b):
    hull = (max(a[2], b[2]) - min(a[0], b[0])) * (max(a[3], b[3]) - min(a[1], b[1]))
    union = area(a) + area(b) - shared_area(a, b)
    return plain_iou(a, b) - ((hull - union) / hull if hull else 0)


@pytest.mark.parametrize(("function", "plain"), [(detection.iou, plain_iou), (detection.giou, plain_giou)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_overlaps_are_those_of_each_pair(function, plain, dtype):
    first, second = random_boxes(40, 1, dtype), random_boxes(30, 2, dtype)
    got = function(first, second)
    assert got.dtype == dtype
    expected = [[plain(a, b) for b in second.astype(float)] for a in first.astype(float)]
    np.testing.assert_allclose(got, expected, rtol=4 * np.finfo(dtype).eps, atol=4 * np.finfo(dtype).eps)


def test_no_boxes_overlap_nothing():
    assert detection.iou([], random_boxes(3)).shape == (0, 3)
    assert detection.giou(random_boxes(3), np.zeros((0, 4))).shape == (3, 0)
    assert detection.nms([], []).tolist() == []
    assert [each.tolist() for each in detection.soft_nms([], [])] == [[], []]
    assert detection.areas([]).tolist() == []


def test_areas_and_clipping():
    boxes = random_boxes(20) - 3
    np.testing.assert_array_equal(detection.areas(boxes), [area(box) for box in boxes])
    clipped = detection.clip_boxes(boxes, (5, 7))
    expected = [[min(max(x, 0), 5 if i % 2 else 7) for i, x in enumerate(box)] for box in boxes]
    np.testing.assert_array_equal(clipped, expected)


@pytest.mark.parametrize("source", FORMATS)
@pytest.mark.parametrize("target", FORMATS)
def test_formats_convert_into_each_other(source, target):
    boxes = random_boxes(10)
    there = detection.convert_boxes(boxes, "xyxy", source, (16, 32))
    again = detection.convert_boxes(detection.convert_boxes(there, source, target, (16, 32)), target, "xyxy", (16, 32))
    np.testing.assert_allclose(again, boxes, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("xyxy", [2, 4, 10, 8]),
        ("yxyx", [4, 2, 8, 10]),
        ("xywh", [2, 4, 8, 4]),
        ("center_xywh", [6, 6, 8, 4]),
        ("center_yxhw", [6, 6, 4, 8]),
        ("rel_xyxy", [0.0625, 0.25, 0.3125, 0.5]),
        ("rel_center_xywh", [0.1875, 0.375, 0.25, 0.25]),
    ],
)
def test_formats_mean_what_their_names_say(form, expected):
    np.testing.assert_allclose(detection.convert_boxes([[2, 4, 10, 8]], "xyxy", form, (16, 32)), [expected])


def test_keras_converts_boxes_in_the_same_way():
    box_utils = pytest.importorskip("keras").utils.bounding_boxes
    boxes = random_boxes(10, dtype=np.float32)
    for form in FORMATS:
        expected = box_utils.convert_format(boxes, "xyxy", form, height=16, width=32)
        np.testing.assert_allclose(detection.convert_boxes(boxes, "xyxy", form, (16, 32)), np.asarray(expected), atol=1e-6)


def plain_nms(boxes, scores, threshold, labels):
    """Keep boxes from the best to the worst, unless one that is kept overlaps them."""
    kept = []
    for i in sorted(range(len(boxes)), key=lambda i: -scores[i]):
        if all(labels[i] != labels[j] or plain_iou(boxes[i], boxes[j]) <= threshold for j in kept):
            kept.append(i)
    return kept


@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.5, 1.0])
@pytest.mark.parametrize("classes", [1, 3])
def test_suppression_keeps_the_best(threshold, classes):
    rng = np.random.default_rng(3)
    for seed in range(5):
        boxes, scores = random_boxes(60, seed), rng.integers(0, 20, 60) / 20
        labels = rng.integers(0, classes, 60)
        expected = plain_nms(boxes, scores, threshold, labels)
        got = detection.nms(boxes, scores, threshold, labels)
        assert got.tolist() == expected
        assert detection.nms(boxes, scores, threshold, labels, most=4).tolist() == expected[:4]
    if classes == 1:
        assert detection.nms(boxes, scores, threshold).tolist() == expected


def plain_soft_nms(boxes, scores, sigma, threshold, labels):
    left = {i: score for i, score in enumerate(scores) if score >= threshold}
    kept = []
    while left:
        best = max(left, key=lambda i: (left[i], -i))
        kept.append((best, left.pop(best)))
        for i in left:
            if labels[i] == labels[best]:
                left[i] *= np.exp(-(plain_iou(boxes[i], boxes[best]) ** 2) / sigma)
        left = {i: score for i, score in left.items() if score >= threshold}
    return kept


@pytest.mark.parametrize("sigma", [0.1, 0.5])
def test_soft_suppression_lowers_scores(sigma):
    rng = np.random.default_rng(4)
    boxes, scores, labels = random_boxes(50), rng.random(50), rng.integers(0, 2, 50)
    expected = plain_soft_nms(boxes, scores, sigma, 0.05, labels)
    indices, lowered = detection.soft_nms(boxes, scores, sigma, 0.05, labels)
    assert indices.tolist() == [i for i, _ in expected]
    np.testing.assert_allclose(lowered, [score for _, score in expected], rtol=1e-12)
    assert 5 < len(indices) < 50
    few, _ = detection.soft_nms(boxes, scores, sigma, 0.05, labels, most=3)
    assert few.tolist() == indices[:3].tolist()


def test_soft_suppression_leaves_its_arguments():
    scores = np.array([0.9, 0.8])
    detection.soft_nms([[0, 0, 2, 2], [0, 0, 2, 2]], scores)
    assert scores.tolist() == [0.9, 0.8]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: detection.iou([[0, 0, 1]], []), r"first has shape \(1, 3\); expected \(boxes, 4\)"),
        (lambda: detection.iou([], [[0, 0, 1, np.nan]]), "second holds NaN or infinity, first in box 0; expected finite"),
        (lambda: detection.areas([[0, 0, 1, 1], [3, 0, 1, 1]]), r"boxes holds \[3.0, 0.0, 1.0, 1.0\] as box 1, which ends"),
        (lambda: detection.areas("box"), "boxes='box' has dtype <U3; expected real numbers"),
        (lambda: detection.nms([[0, 0, 1, 1]], []), r"scores has shape \(0,\); expected \(1,\), one for each box"),
        (lambda: detection.nms([[0, 0, 1, 1]], [np.inf]), "scores holds NaN or infinity; expected finite"),
        (lambda: detection.nms([[0, 0, 1, 1]], [1], 2), "threshold=2 is out of range; expected .* at most 1"),
        (lambda: detection.nms([[0, 0, 1, 1]], [1], labels=[0.5]), "labels has dtype float64; expected integers"),
        (lambda: detection.nms([[0, 0, 1, 1]], [1], labels=[-1]), "labels holds the label -1, out of range; expected"),
        (lambda: detection.soft_nms([[0, 0, 1, 1]], [-1]), "scores holds .*-1.*, below 0; expected numbers of at least 0"),
        (lambda: detection.soft_nms([[0, 0, 1, 1]], [1], sigma=0), "sigma=0 is out of range; expected .* above 0"),
        (lambda: detection.clip_boxes([], 3), "size=3 is not a size; expected the height and width"),
        (lambda: detection.convert_boxes([], "xyxy", "xxyy"), "target='xxyy' is unknown; expected one of 'xyxy'"),
        (lambda: detection.convert_boxes([], "xyxy", "rel_xyxy"), "size=None, and 'xyxy' is to become 'rel_xyxy'; expected"),
    ],
)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()
