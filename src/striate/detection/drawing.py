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
    names = names_of(found, classes)
    if isinstance(found, Detections) and classes is not None:
        names = [f"{name} {score:.2f}" for name, score in zip(names, found.scores, strict=True)]
    drawing = Drawing(image, width)
    for i in reversed(range(len(found))):  # the best last, above the others
        ignored = isinstance(found, Objects) and found.ignored[i]
        drawing.box(found.boxes[i], names[i], color_of(found.labels[i]), 1 if ignored else None)
    return drawing.pixels()


def names_of(found, classes):
    """Return the name of the class of each box, "" if no names are given."""
    if classes is None:
        return [""] * len(found)
    classes = check_names(classes)
    if len(found) and found.labels.max() >= len(classes):
        raise ValueError(f"classes={shown(classes)} has no name for the label {found.labels.max()}; expected one for each")
    return [classes[label] for label in found.labels]


def color_of(label):
    """Return the colour of a class or an identity, red, green and blue."""
    color = hsv_to_rgb(np.array([[[(_HUE * label) % 1, 0.8, 0.9]]]))[0, 0]
    return tuple(int(each) for each in np.rint(255 * color))


class Drawing:
    """A checked image that boxes are drawn into, in colour; see `draw_boxes` for `width`.

    Letters are `letters` pixels high, or as high as suits the size of the image.
    """

    def __init__(self, image, width=None, letters=None):
        self._width = max(round(min(image.shape[:2]) / 160), 1) if width is None else integer("width", width, 1, 100)
        image_module = pillow()
        from PIL import ImageDraw

        self._picture = image_module.fromarray(np.repeat(image, 3, 2) if image.shape[2] == 1 else image)
        self._draw = ImageDraw.Draw(self._picture)
        self._font = _font(letters or max(round(min(image.shape[:2]) * _PART), _LETTERS))

    def box(self, box, name, color, width=None):
        """Draw a box, and write a name at it unless that is ""."""
        left, top, right, bottom = box.tolist()
        # Pillow's rectangles include their last pixels.
        corners = (left, top, max(right - 1, left), max(bottom - 1, top))
        self._draw.rectangle(corners, outline=color, width=width or self._width)
        if name:
            _write(self._draw, name, left, top, color, self._font)

    def line(self, points, color):
        """Draw a line through points (x, y)."""
        self._draw.line([tuple(map(float, each)) for each in points], fill=color, width=self._width, joint="curve")

    def pixels(self):
        """Return the image (height, width, 3)."""
        return np.array(self._picture)


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
