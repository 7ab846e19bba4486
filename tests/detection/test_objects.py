"""Objects and detections: arrays with a row for each box."""

import numpy as np
import pytest

from striate.detection import Detections, Objects


def test_objects_complete_what_is_not_given():
    objects = Objects([[0, 0, 2, 3], [1, 1, 2, 2]], [1, 0])
    assert objects.boxes.dtype == np.float64
    assert objects.labels.dtype == np.int64
    assert objects.ignored.tolist() == [False, False]
    assert objects.areas.tolist() == [6, 1]
    assert len(objects) == 2
    assert len(Objects([], [])) == 0


@pytest.mark.parametrize("index", [slice(1, 3), [1, 2], np.array([1, 2]), np.array([False, True, True])])
def test_parts_keep_rows_together(index):
    boxes = np.arange(12.0).reshape(3, 4)
    objects = Objects(boxes, [0, 1, 2], np.array([False, True, False]), [5.0, 6.0, 7.0])[index]
    assert objects.boxes.tolist() == boxes[1:].tolist()
    assert objects.labels.tolist() == [1, 2]
    assert objects.ignored.tolist() == [True, False]
    assert objects.areas.tolist() == [6, 7]
    found = Detections(boxes, [0, 1, 2], [0.1, 0.2, 0.3])[index]
    assert found.scores.tolist() == [0.2, 0.3]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Objects([[0, 0, 1, 1]], []), r"Objects: labels has shape \(0,\); expected \(1,\), one for each box"),
        (lambda: Objects([[0, 0, 1, 1]], [0], [1]), r"Objects: ignored has shape \(1,\) and dtype int64; expected"),
        (lambda: Objects([[0, 0, 1, 1]], [0], areas=[-1]), r"Objects: areas=\[-1\] of shape \(1,\); expected \(1,\) numbers"),
        (lambda: Detections([[0, 0, 1, 1]], [0], [[1]]), r"Detections: scores has shape \(1, 1\); expected \(1,\)"),
        (lambda: Objects([[0, 0, 1, 1]], [0])[0], "index=0 is of type int; expected a slice or an array of indices"),
    ],
)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()
