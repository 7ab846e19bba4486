"""From predictions to detections, against a plain reference."""

import numpy as np
import pytest

from striate import detection
from striate.detection.selection import select


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize("threshold", [0.0, 0.05, 0.5, 1.0])
def test_the_best_boxes_are_chosen(threshold):
    rng = np.random.default_rng(0)
    logits, centerness = rng.normal(-1, 3, (60, 3)), rng.normal(0, 2, (60, 1))
    corners = rng.integers(0, 12, (60, 2, 2))
    boxes = np.concatenate([corners.min(1), corners.max(1) + 1], 1).astype(float)
    scores = np.sqrt(sigmoid(logits) * sigmoid(centerness))
    expected = []
    for label in range(3):
        kept = detection.nms(boxes, scores[:, label], 0.6)
        expected += [(scores[i, label], label, tuple(boxes[i])) for i in kept if scores[i, label] > threshold]
    found = select(logits, boxes, centerness, threshold, 0.6, 1000)
    got = list(zip(found.scores, found.labels, map(tuple, found.boxes), strict=True))
    assert [each[1:] for each in got] == [each[1:] for each in sorted(expected, key=lambda one: -one[0])]
    few = select(logits, boxes, centerness, threshold, 0.6, 3)
    assert few.scores.tolist() == found.scores[:3].tolist()


def test_endless_boxes_have_an_end():
    found = select(np.array([[3.0]]), np.array([[-np.inf, 0, 5, np.inf]]), np.array([[3.0]]), 0.5, 0.6, 10)
    assert found.boxes.tolist() == [[-1e6, 0, 5, 1e6]]
