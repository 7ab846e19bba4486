"""Images as a network takes them."""

import numpy as np

from ..image import resize, to_grayscale
from ..image.arrays import check_image
from ..image.files import opened
from .objects import Objects

#: Value of the pixels beside an image of another shape than the network's, in the middle of the range.
GRAY = 127


def check_one(name, image):
    """Return an image of uint8 as an array (height, width, channels)."""
    image = check_image(name, image, ("uint8",), (2, 3), (1, 3))
    return image if image.ndim == 3 else image[..., np.newaxis]


def upright_size(path):
    """Return height and width of an image file as it is looked at, and as `striate.image.read` returns it."""
    with opened(path) as picture:
        turned = picture.getexif().get(0x0112, 1) >= 5  # the EXIF orientations with height and width exchanged
        return (picture.width, picture.height) if turned else (picture.height, picture.width)


def fitted(image, shape):
    """Return a checked image in a shape (height, width, channels), and the factors of x and y by which it was resized.

    It keeps its aspect ratio: it is made as large as fits, and lies in the upper left corner, grey beside it.
    """
    *size, channels = shape
    if image.shape[2] != channels:
        image = np.repeat(image, 3, 2) if channels == 3 else to_grayscale(image)[..., np.newaxis]
    if image.shape == tuple(shape):
        return image, np.ones(2)
    scale = min(new / old for new, old in zip(size, image.shape, strict=False))
    inner = [max(round(old * scale), 1) for old in image.shape[:2]]
    whole = np.full(shape, GRAY, np.uint8)
    whole[: inner[0], : inner[1]] = resize(image, inner)
    return whole, np.array([inner[1] / image.shape[1], inner[0] / image.shape[0]])


def scaled(objects, factors):
    """Return objects whose boxes are multiplied by factors of x and y."""
    if (factors == 1).all():
        return objects
    boxes = objects.boxes * np.tile(factors, 2)
    return Objects(boxes, objects.labels, objects.ignored, objects.areas * factors.prod())
