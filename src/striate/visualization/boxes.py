"""Bounding boxes in images."""

import numpy as np

from .._common.checks import choice, integer, number, shown
from ..config import image_data_format
from ..detection.drawing import Drawing
from ..utils.bounding_boxes import convert_format

#: Height of letters in pixels at `font_scale` 1.
_LETTERS = 22

#: Label of boxes that are not drawn, as they only fill up the number of boxes.
_NO_BOX = -1


def draw_bounding_boxes(
    images,
    bounding_boxes,
    bounding_box_format,
    class_mapping=None,
    color=(128, 128, 128),
    line_thickness=2,
    text_thickness=1,
    font_scale=1.0,
    data_format=None,
):
    """Return images with bounding boxes, and the names of their classes.

    Parameters
    ----------
    images : array_like, shape (batch, height, width, 3)
        Images, 0 to 255, or floats from 0 to 1; with "channels_first", the channels come before the height.
    bounding_boxes : dict
        "boxes", (batch, boxes, 4); "labels", (batch, boxes), the classes, of which -1 means that there is no box; and, if they
        are to be shown, "confidences", (batch, boxes).
    bounding_box_format : str
        Format of the boxes, such as "xyxy"; see `striate.detection.convert_boxes`.
    class_mapping : dict of int to str, optional
        Names of the classes; boxes of others have none.
    color : tuple of int
        Red, green and blue, 0 to 255.
    line_thickness : int
        Width of lines in pixels.
    text_thickness : int
        Accepted for compatibility with Keras: letters have the thickness of their font.
    font_scale : float
        Size of letters, of which 1 means 22 pixels.
    data_format : {"channels_last", "channels_first"}, optional
        Where the channels are; `striate.config.image_data_format` if None.

    Returns
    -------
    ndarray of uint8, of the shape of images

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.
    ImportError
        If Pillow is not installed.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import visualization
    >>> boxes = {"boxes": [[[10, 20, 50, 60]]], "labels": [[0]]}
    >>> drawn = visualization.draw_bounding_boxes(np.zeros((1, 64, 64, 3)), boxes, "xyxy", color=(255, 0, 0))
    >>> drawn[0, 40, 10].tolist(), drawn[0, 40, 30].tolist()
    ([255, 0, 0], [0, 0, 0])
    """
    data_format = choice("data_format", data_format or image_data_format(), ("channels_last", "channels_first"))
    images = in_colors(images, data_format)
    boxes, labels, confidences = _checked(bounding_boxes, bounding_box_format, images.shape)
    names = class_mapping or {}
    color, thickness = _color(color), integer("line_thickness", line_thickness, 1)
    letters = max(round(_LETTERS * number("font_scale", font_scale, 0, open_minimum=True)), 1)
    drawn = []
    for i, image in enumerate(images):
        drawing = Drawing(image, thickness, letters)
        for j, label in enumerate(labels[i].tolist()):
            if label != _NO_BOX:
                name = names.get(label, "")
                name += f" | {confidences[i, j]:.2f}" if name and confidences is not None else ""
                drawing.box(np.trunc(boxes[i, j]), name, color)
        drawn.append(drawing.pixels())
    drawn = np.reshape(drawn, images.shape).astype(np.uint8, copy=False)
    return drawn if data_format == "channels_last" else drawn.transpose(0, 3, 1, 2)


def in_colors(images, data_format):
    """Return images of bytes with the channels last, after checking that they are a batch in colors."""
    images = np.asarray(images)
    if images.ndim == 4 and data_format == "channels_first":
        images = images.transpose(0, 2, 3, 1)
    if images.ndim != 4 or images.shape[-1] != 3 or images.dtype.kind not in "fiub":
        raise ValueError(f"images has shape {images.shape} and dtype {images.dtype}; expected a batch with 3 channels")
    if images.dtype.kind == "f":
        images = images * 255 if images.max(initial=0) <= 1 else images
    return np.clip(images, 0, 255).astype(np.uint8)


def _checked(bounding_boxes, bounding_box_format, shape):
    """Return boxes "xyxy", labels and confidences, which may be None, of images of a shape."""
    if not isinstance(bounding_boxes, dict):
        raise TypeError(f"bounding_boxes={shown(bounding_boxes)} is of type {type(bounding_boxes).__name__}; expected a dict")
    if not {"boxes", "labels"} <= set(bounding_boxes):
        raise ValueError(f"bounding_boxes has the keys {list(bounding_boxes)}; expected 'boxes' and 'labels'")
    batch, height, width, _ = shape
    boxes = convert_format(bounding_boxes["boxes"], bounding_box_format, "xyxy", height, width)
    labels, confidences = np.asarray(bounding_boxes["labels"]), bounding_boxes.get("confidences")
    if boxes.ndim != 3 or len(boxes) != batch:
        raise ValueError(f"boxes has shape {boxes.shape}; expected ({batch}, boxes, 4) for {batch} images")
    confidences = None if confidences is None else np.asarray(confidences)
    for name, array in (("labels", labels), ("confidences", confidences)):
        if array is not None and array.shape != boxes.shape[:2]:
            raise ValueError(f"{name} has shape {array.shape}; expected {boxes.shape[:2]}, one for each box")
    return boxes, labels.astype(int), confidences


def _color(color):
    """Return a color as three integers, checked."""
    if np.shape(color) != (3,):
        raise ValueError(f"color={shown(color)} is not red, green and blue; expected three integers from 0 to 255")
    return tuple(integer(f"color[{i}]", each, 0, 255) for i, each in enumerate(color))
