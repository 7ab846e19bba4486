"""Boxes drawn into images, by Pillow, which is optional."""

import numpy as np

from .._common.checks import integer, shown
from ..image import hsv_to_rgb
from ..image.files import pillow
from .objects import Detections, Objects, check_names
from .preparation import check_one

#: Step of the hue from one class to the next, the golden ratio: however many there are, their hues differ.
_HUE = 0.618034

#: Least height of letters in pixels, and the part of an image's height or width that they have.
_LETTERS, _PART = 10, 1 / 24

#: Brightness of a colour, from 0 to 255, from which on black is more legible on it than white.
_BRIGHT = 140


def draw_boxes(image, found, classes=None, width=None):
    """Return an image in colour, with boxes, and the names of their classes and their scores.

    Parameters
    ----------
    image : array_like of uint8, shape (height, width) or (height, width, channels)
        The image.
    found : Detections or Objects
        What is in it. Objects to be ignored have thin lines.
    classes : sequence of str, optional
        Names of the classes; boxes without names if None.
    width : int, optional
        Width of the lines in pixels; one that suits the size of the image if None.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above, or a label has no name.
    ImportError
        If Pillow is not installed.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import detection
    >>> found = detection.Detections([[10, 20, 50, 60]], labels=[0], scores=[0.9])
    >>> drawn = detection.draw_boxes(np.zeros((64, 64), np.uint8), found, ["cat"])
    >>> drawn.shape, drawn[40, 10], drawn[40, 30]
    ((64, 64, 3), array([230,  46,  46], dtype=uint8), array([0, 0, 0], dtype=uint8))
    """
    image = check_one("image", image)
    if not isinstance(found, (Detections, Objects)):
        raise TypeError(f"found={shown(found)} is of type {type(found).__name__}; expected Detections or Objects")
    if classes is not None:
        classes = check_names(classes)
        if len(found) and found.labels.max() >= len(classes):
            raise ValueError(f"classes={shown(classes)} has no name for the label {found.labels.max()}; expected one for each")
    width = max(round(min(image.shape[:2]) / 160), 1) if width is None else integer("width", width, 1, 100)
    image_module = pillow()
    from PIL import ImageDraw

    picture = image_module.fromarray(np.repeat(image, 3, 2) if image.shape[2] == 1 else image)
    draw = ImageDraw.Draw(picture)
    font = _font(max(round(min(image.shape[:2]) * _PART), _LETTERS))
    for i in reversed(range(len(found))):  # the best last, above the others
        left, top, right, bottom = found.boxes[i].tolist()
        color = _color(found.labels[i])
        lines = 1 if getattr(found, "ignored", np.zeros(len(found), bool))[i] else width
        # Pillow's rectangles include their last pixels.
        draw.rectangle((left, top, max(right - 1, left), max(bottom - 1, top)), outline=color, width=lines)
        if classes is not None:
            score = f" {found.scores[i]:.2f}" if isinstance(found, Detections) else ""
            _write(draw, f"{classes[found.labels[i]]}{score}", left, top, color, font)
    return np.array(picture)


def _font(size):
    """Return Pillow's own font."""
    from PIL import ImageFont

    try:
        return ImageFont.load_default(size)
    except (ImportError, TypeError):  # Without FreeType, or before Pillow 10.1, it has one size.
        return ImageFont.load_default()


def _write(draw, label, left, top, color, font):
    """Write a label on a box's upper border, or below it where there is no place above."""
    label = label.encode("latin-1", "replace").decode("latin-1")  # what Pillow's own font has
    across, down = draw.textbbox((0, 0), label, font)[2:]
    left = max(min(left, draw.im.size[0] - across - 2), 0)
    top = top - down - 2 if top >= down + 2 else top
    draw.rectangle((left, top, left + across + 2, top + down + 2), fill=color)
    bright = 0.3 * color[0] + 0.6 * color[1] + 0.1 * color[2] > _BRIGHT
    draw.text((left + 1, top + 1), label, (0, 0, 0) if bright else (255, 255, 255), font)


def _color(label):
    """Return the colour of a class, red, green and blue."""
    color = hsv_to_rgb(np.array([[[(_HUE * label) % 1, 0.8, 0.9]]]))[0, 0]
    return tuple(int(each) for each in np.rint(255 * color))
