"""Colours of images (batch, height, width, channels), or of one image (height, width, channels), of symbolic tensors too."""

import numpy as np

from .._common.errors import explain_all
from ..layers.augmentation.base import GRAY_WEIGHTS
from ._functions import indexed, shape_of
from ._images import checked_images
from .core import cast
from .data_formats import in_channels_last
from .numpy import absolute, add, clip, divide, equal, greater, less, max, min, multiply, stack, subtract, sum, where


def rgb_to_grayscale(images, data_format=None):
    """Return the luma of RGB images as one channel: the sum of red, green and blue with the weights of ITU-R BT.601.

    Images of one channel stay as they are, and integers are rounded down.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.image.rgb_to_grayscale(np.eye(3, dtype=np.float32)[np.newaxis]).ravel()
    array([0.2989, 0.587 , 0.114 ], dtype=float32)
    """
    images, back = _checked(images, data_format, (1, 3))
    if shape_of(images)[-1] == 1:
        return back(images)
    return back(cast(sum(multiply(images, GRAY_WEIGHTS), axis=-1, keepdims=True), images.dtype))


def rgb_to_hsv(images, data_format=None):
    """Return RGB images, floats from 0 to 1, in hue, saturation and value, which range from 0 to 1, too.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.image.rgb_to_hsv(np.array([[[0.2, 0.4, 0.4]]])).round(3)
    array([[[0.5, 0.5, 0.4]]])
    """
    images, back = _checked(images, data_format, (3,), floats=True)
    images = where(less(absolute(images), float(np.finfo(images.dtype).eps)), 0.0, images)
    red, green, blue = (indexed(images, ..., i) for i in range(3))
    value = max(images, axis=-1)
    spread = subtract(value, min(images, axis=-1))
    colored = greater(spread, 0)
    scale = divide(1 / 6, where(colored, spread, 1.0))

    def hue(start, first, second):
        return add(multiply(scale, subtract(first, second)), start)

    hues = where(equal(value, green), hue(2 / 6, blue, red), hue(4 / 6, red, green))
    hues = where(colored, where(equal(value, red), hue(0.0, green, blue), hues), 0.0)
    positive = greater(value, 0)
    saturation = where(positive, divide(spread, where(positive, value, 1.0)), 0.0)
    return back(stack([where(less(hues, 0), add(hues, 1.0), hues), saturation, value], axis=-1))


def hsv_to_rgb(images, data_format=None):
    """Return images of hue, saturation and value, as `rgb_to_hsv` returns them, in red, green and blue.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.image.hsv_to_rgb(np.array([[[0.5, 0.5, 0.4]]])).round(3)
    array([[[0.2, 0.4, 0.4]]])
    """
    images, back = _checked(images, data_format, (3,), floats=True)
    sixths, saturation, value = multiply(indexed(images, ..., 0), 6.0), indexed(images, ..., 1), indexed(images, ..., 2)
    parts = [
        subtract(absolute(subtract(sixths, 3.0)), 1.0),
        subtract(2.0, absolute(subtract(sixths, 2.0))),
        subtract(2.0, absolute(subtract(sixths, 4.0))),
    ]
    white = subtract(1.0, saturation)
    return back(stack([multiply(add(white, multiply(saturation, clip(each, 0.0, 1.0))), value) for each in parts], axis=-1))


def _checked(images, data_format, channels, floats=False):
    """Return images with their channels last, and a function that puts these back, after checking their number."""
    images = checked_images("images", images)
    if floats and np.dtype(images.dtype).kind != "f":
        raise ValueError(f"images has dtype {images.dtype}; expected floats")
    last, back = in_channels_last(images, data_format)
    if last.shape[-1] not in channels:
        raise ValueError(f"images has shape {tuple(images.shape)}; expected {' or '.join(map(str, channels))} channels")
    return last, back


__all__ = ["hsv_to_rgb", "rgb_to_grayscale", "rgb_to_hsv"]

explain_all(globals(), __all__)
