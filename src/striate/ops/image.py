"""Functions of images (batch, height, width, channels), or of one image (height, width, channels)."""

from .._common.errors import explain_all
from .._common.names import public_names
from ..layers import Resizing
from ..layers.augmentation.base import GRAY_WEIGHTS
from ..layers.shape_checks import check_data_format
from ._functions import apply_layer, shape_of
from .filters import bilateral_filter, box_filter, convolve, correlate, dilate, erode, gaussian_filter, median_filter
from .numpy import expand_dims, multiply, squeeze, sum


def resize(
    images,
    size,
    interpolation="bilinear",
    antialias=False,
    crop_to_aspect_ratio=False,
    pad_to_aspect_ratio=False,
    fill_mode="constant",
    fill_value=0.0,
    data_format=None,
):
    """Return images resized to `size`, (height, width), as by `striate.layers.Resizing`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.image.resize(np.array([0, 1], np.float32).reshape(1, 2, 1), (1, 4)).ravel()
    array([0.  , 0.25, 0.75, 1.  ], dtype=float32)
    """
    if len(shape_of(images)) == 3:
        batch = expand_dims(images, 0)
        ratio = crop_to_aspect_ratio, pad_to_aspect_ratio
        return squeeze(resize(batch, size, interpolation, antialias, *ratio, fill_mode, fill_value, data_format), 0)
    return apply_layer(
        Resizing,
        images,
        *size,
        interpolation,
        crop_to_aspect_ratio,
        pad_to_aspect_ratio,
        fill_mode,
        fill_value,
        antialias,
        data_format,
    )


def rgb_to_grayscale(images, data_format=None):
    """Return the luma of RGB images as one channel: the sum of red, green and blue with the weights of ITU-R BT.601.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.image.rgb_to_grayscale(np.eye(3, dtype=np.float32)[np.newaxis]).ravel()
    array([0.2989, 0.587 , 0.114 ], dtype=float32)
    """
    check_data_format(data_format)
    return sum(multiply(images, GRAY_WEIGHTS), axis=-1, keepdims=True)


__all__ = [
    "bilateral_filter",
    "box_filter",
    "convolve",
    "correlate",
    "dilate",
    "erode",
    "gaussian_filter",
    "median_filter",
    "resize",
    "rgb_to_grayscale",
]

__dir__ = public_names(globals())

explain_all(globals(), __all__)
