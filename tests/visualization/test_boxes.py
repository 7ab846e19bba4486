"""Bounding boxes in images: their pixels, names, formats and arguments."""

import numpy as np
import pytest

from striate import visualization
from striate.utils.bounding_boxes import convert_format

pytest.importorskip("PIL")

IMAGES = np.full((2, 40, 60, 3), 50, np.uint8)
BOXES = np.array([[[10, 5, 30, 25], [0, 0, 0, 0]], [[2, 3, 20, 30], [30, 10, 59, 38]]], np.float32)
LABELS = np.array([[0, -1], [1, 0]])


def outlines(thickness):
    """Return which pixels lie on the lines of the boxes that have labels."""
    found = np.zeros(IMAGES.shape[:3], bool)
    for i, j in np.argwhere(LABELS >= 0):
        left, top, right, bottom = BOXES[i, j].astype(int)
        inside = np.zeros(IMAGES.shape[1:3], bool)
        inside[top:bottom, left:right] = True
        inside[top + thickness : bottom - thickness, left + thickness : right - thickness] = False
        found[i] |= inside
    return found


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("source", ["xyxy", "center_xywh", "rel_yxyx"])
@pytest.mark.parametrize("thickness", [1, 3])
def test_lines_lie_inside_of_boxes(data_format, source, thickness):
    boxes = {"boxes": convert_format(BOXES, "xyxy", source, 40, 60), "labels": LABELS}
    images = IMAGES if data_format == "channels_last" else IMAGES.transpose(0, 3, 1, 2)
    settings = {"color": (1, 200, 3), "line_thickness": thickness, "data_format": data_format}
    drawn = visualization.draw_bounding_boxes(images, boxes, source, **settings)
    assert drawn.shape == images.shape
    assert drawn.dtype == np.uint8
    drawn = drawn if data_format == "channels_last" else drawn.transpose(0, 2, 3, 1)
    np.testing.assert_array_equal(drawn, np.where(outlines(thickness)[..., None], np.array([1, 200, 3]), IMAGES))
    assert (IMAGES == 50).all()


def test_floats_are_scaled_if_none_is_above_one():
    boxes = {"boxes": BOXES, "labels": np.full((2, 2), -1)}
    expected = np.full(IMAGES.shape, 127)
    np.testing.assert_array_equal(visualization.draw_bounding_boxes(IMAGES / 100, boxes, "xyxy"), expected)
    np.testing.assert_array_equal(visualization.draw_bounding_boxes(IMAGES + 77.5, boxes, "xyxy"), expected)


def test_names_and_confidences_are_written():
    boxes = {"boxes": BOXES, "labels": LABELS}
    plain = visualization.draw_bounding_boxes(IMAGES, boxes, "xyxy")
    named = visualization.draw_bounding_boxes(IMAGES, boxes, "xyxy", {1: "dog"}, font_scale=0.5)
    np.testing.assert_array_equal(named[0], plain[0])  # The class 0 has no name.
    assert (named[1] != plain[1]).any()
    sure = visualization.draw_bounding_boxes(
        IMAGES, {**boxes, "confidences": np.full((2, 2), 0.5)}, "xyxy", {1: "dog"}, font_scale=0.5
    )
    assert (sure[1] != named[1]).any()
    large = visualization.draw_bounding_boxes(IMAGES, boxes, "xyxy", {1: "dog"}, font_scale=1.0)
    assert (large[1] != plain[1]).sum() > (named[1] != plain[1]).sum()


@pytest.mark.parametrize(
    ("images", "boxes", "settings", "error", "message"),
    [
        (IMAGES[0], {"boxes": BOXES, "labels": LABELS}, {}, ValueError, "images has shape"),
        (IMAGES, [BOXES], {}, TypeError, "expected a dict"),
        (IMAGES, {"boxes": BOXES}, {}, ValueError, "expected 'boxes' and 'labels'"),
        (IMAGES, {"boxes": BOXES, "labels": LABELS[:, :1]}, {}, ValueError, r"labels has shape \(2, 1\); expected \(2, 2\)"),
        (IMAGES, {"boxes": BOXES[:1], "labels": LABELS[:1]}, {}, ValueError, r"expected \(2, boxes, 4\)"),
        (IMAGES, {"boxes": BOXES, "labels": LABELS}, {"color": 3}, ValueError, "color=3 is not red, green and blue"),
        (IMAGES, {"boxes": BOXES, "labels": LABELS}, {"color": (1, 2, 256)}, ValueError, r"color\[2\]=256 is too large"),
        (IMAGES, {"boxes": BOXES, "labels": LABELS}, {"line_thickness": 0}, ValueError, "line_thickness=0 is too small"),
        (IMAGES, {"boxes": BOXES, "labels": LABELS}, {"font_scale": 0}, ValueError, "font_scale=0 is out of range"),
    ],
)
def test_bad_arguments_are_reported(images, boxes, settings, error, message):
    with pytest.raises(error, match=message):
        visualization.draw_bounding_boxes(images, boxes, "xyxy", **settings)
