"""Images as a network takes them."""

import numpy as np

from .._common.checks import shown
from ..image import resize, to_grayscale, warp_affine
from ..image.arrays import check_image
from ..image.files import opened
from ..models import Model
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
    image = with_channels(image, channels)
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


def check_network(name, model):
    """Return the shape (height, width, channels) of a network's images."""
    if not isinstance(model, Model) or isinstance(model.input_shape, list) or isinstance(model.output_shape, list):
        raise TypeError(f"{name}={shown(model)} is of type {type(model).__name__}; expected a Model of images with one output")
    shape = model.input_shape and tuple(model.input_shape[1:])
    if not shape or len(shape) != 3 or shape[2] not in (1, 3):
        raise ValueError(f"{name} takes inputs of shape {shape}; expected images (height, width, channels), 1 or 3 channels")
    return shape


def with_channels(image, channels):
    """Return a checked image in grey or in colour."""
    if image.shape[2] == channels:
        return image
    return np.repeat(image, 3, 2) if channels == 3 else to_grayscale(image)[..., np.newaxis]


def around(image, box):
    """Return the part of an image that `cut` reads, a view, and its first row and column."""
    first, last = np.floor(box[1::-1]) - 1, np.ceil(box[:1:-1]) + 1  # rows before columns, with a pixel on either side
    limits = np.array(image.shape[:2]) - 1
    first, last = np.clip(first, 0, limits).astype(int), np.clip(last, 0, limits).astype(int)
    return image[first[0] : last[0] + 1, first[1] : last[1] + 1], first


def cut(image, box, size):
    """Return the content of a box, resized to (height, width), as float32; beyond the border, the image's last pixels."""
    part, first = around(image, box)
    begin, step = box[1::-1] - first, np.maximum(box[:1:-1] - box[1::-1], 1e-3) / size
    # Pixel i of the result has its centre (i + 1/2) steps from the border of the box; that of the image's is at i + 1/2, too.
    offset = begin + step / 2 - 0.5
    return warp_affine(part, [[step[0], 0, offset[0]], [0, step[1], offset[1]]], size, border="nearest").astype(np.float32)
