"""Bounding boxes, rows of four numbers, which tell two corners, or a corner or the centre and the size: formats and areas."""

import numpy as np

_RELATIVE = "rel_"

#: Formats of boxes, with Keras' names: corners or a corner or the centre and the size, in pixels or as parts of the image.
FORMATS = ("xyxy", "yxyx", "xywh", "center_xywh", "center_yxhw", "rel_xyxy", "rel_yxyx", "rel_xywh", "rel_center_xywh")


def is_relative(form):
    """Return whether the numbers of a format are parts of the image's width and height."""
    return form.startswith(_RELATIVE)


def converted(boxes, source, target, size):
    """Return boxes in another format.

    Parameters
    ----------
    boxes : ndarray of floats, shape (..., 4)
        Boxes.
    source, target : str
        Formats before and after, of `FORMATS`.
    size : pair of float or None
        Height and width of the image; needed between relative and absolute formats.
    """
    x, y, right, below = _corners(boxes, source.removeprefix(_RELATIVE))
    height, width = (1, 1) if is_relative(source) == is_relative(target) else size
    if is_relative(target):
        height, width = 1 / height, 1 / width
    corners = np.stack([x * width, y * height, right * width, below * height], -1)
    return _from_corners(corners.astype(boxes.dtype, copy=False), target.removeprefix(_RELATIVE))


def _corners(boxes, form):
    """Return x and y of the two corners of boxes of a format."""
    first, second, third, fourth = np.moveaxis(boxes, -1, 0)
    if form == "xyxy":
        return first, second, third, fourth
    if form == "yxyx":
        return second, first, fourth, third
    if form == "xywh":
        return first, second, first + third, second + fourth
    x, y, width, height = (first, second, third, fourth) if form.endswith("xywh") else (second, first, fourth, third)
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _from_corners(corners, form):
    """Return boxes in a format, from "xyxy"."""
    if form in ("xyxy", "yxyx"):
        return corners if form == "xyxy" else corners[..., [1, 0, 3, 2]]
    sizes = corners[..., 2:] - corners[..., :2]
    if form == "xywh":
        return np.concatenate([corners[..., :2], sizes], -1)
    boxes = np.concatenate([(corners[..., :2] + corners[..., 2:]) / 2, sizes], -1)
    return boxes if form.endswith("xywh") else boxes[..., [1, 0, 3, 2]]


def areas(boxes):
    """Return the areas of boxes (..., 4) in the format "xyxy"."""
    return (boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1])


def intersections(first, second):
    """Return the areas that boxes share with others in the format "xyxy", both (..., 4), which are broadcast."""
    low, high = np.maximum(first[..., :2], second[..., :2]), np.minimum(first[..., 2:], second[..., 2:])
    width, height = np.moveaxis(np.maximum(high - low, 0), -1, 0)
    return width * height
