"""Functions of images (batch, height, width, channels), or of one image (height, width, channels)."""

import numpy as np

from .._common.checks import integer
from .._common.errors import explain_all
from .._common.names import public_attributes
from ..layers import Resizing
from . import blurring, colors, warps
from ._functions import apply_layer, indexed
from ._images import checked_images
from .blurring import *  # noqa: F403
from .colors import *  # noqa: F403
from .core import cast
from .data_formats import in_channels_last
from .filters import bilateral_filter, box_filter, convolve, correlate, dilate, erode, gaussian_filter, median_filter
from .numpy import clip, expand_dims, max, min, pad, round, squeeze, take
from .patches import extract_patches, extract_patches_3d, reconstruct_patches
from .scaling import scale_and_translate
from .warps import *  # noqa: F403


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
    """Return images resized to `size`, (height, width), as by `striate.layers.Resizing`; integers are rounded.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.image.resize(np.array([0, 1], np.float32).reshape(1, 2, 1), (1, 4)).ravel()
    array([0.  , 0.25, 0.75, 1.  ], dtype=float32)
    """
    images = checked_images("images", images)
    ratio = crop_to_aspect_ratio, pad_to_aspect_ratio
    if len(images.shape) == 3:
        batch = expand_dims(images, 0)
        return squeeze(resize(batch, size, interpolation, antialias, *ratio, fill_mode, fill_value, data_format), 0)
    x, back = in_channels_last(images, data_format)
    y = apply_layer(Resizing, x, *size, interpolation, *ratio, fill_mode, fill_value, antialias, "channels_last")
    if np.dtype(images.dtype).kind != "f":
        y = cast(clip(round(y), min(x), max(x)), images.dtype)
    return back(y)


def pad_images(
    images,
    top_padding=None,
    left_padding=None,
    bottom_padding=None,
    right_padding=None,
    target_height=None,
    target_width=None,
    data_format=None,
):
    """Return images surrounded by zeros.

    Parameters
    ----------
    images : array_like or symbolic tensor, shape (batch, height, width, channels) or (height, width, channels)
        Images.
    top_padding, left_padding, bottom_padding, right_padding : int, optional
        Number of rows and columns of zeros at each border; of two opposite ones, None is what the target size leaves.
    target_height, target_width : int, optional
        Size of the result, for None at one of the borders.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels.

    Returns
    -------
    array or symbolic tensor
        Larger images.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.image.pad_images(np.ones((1, 2, 1)), 1, 0, target_height=3, target_width=3)[:, :, 0]
    array([[0., 0., 0.],
           [1., 1., 0.],
           [0., 0., 0.]])
    """
    x, back = in_channels_last(checked_images("images", images), data_format)
    height, width = x.shape[-3:-1]
    rows = _amounts("padding", ("top", "bottom", "height"), (top_padding, bottom_padding, target_height), height, 1)
    columns = _amounts("padding", ("left", "right", "width"), (left_padding, right_padding, target_width), width, 1)
    return back(pad(x, [*[(0, 0)] * (len(x.shape) - 3), rows, columns, (0, 0)]))


def crop_images(
    images,
    top_cropping=None,
    left_cropping=None,
    bottom_cropping=None,
    right_cropping=None,
    target_height=None,
    target_width=None,
    data_format=None,
):
    """Return images without some rows and columns at their borders.

    Parameters
    ----------
    images : array_like or symbolic tensor, shape (batch, height, width, channels) or (height, width, channels)
        Images.
    top_cropping, left_cropping, bottom_cropping, right_cropping : int, optional
        Number of rows and columns to cut off at each border; of two opposite ones, None is what the target size leaves.
    target_height, target_width : int, optional
        Size of the result, for None at one of the borders.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels.

    Returns
    -------
    array or symbolic tensor
        Smaller images.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.image.crop_images(np.arange(6).reshape(2, 3, 1), 1, 0, 0, target_width=2)[:, :, 0]
    array([[3, 4]])
    """
    x, back = in_channels_last(checked_images("images", images), data_format)
    x = _cropped(x, -3, ("top", "bottom", "height"), (top_cropping, bottom_cropping, target_height))
    return back(_cropped(x, -2, ("left", "right", "width"), (left_cropping, right_cropping, target_width)))


def _cropped(x, axis, sides, amounts):
    """Return images cropped along an axis, whose size may be unknown if the new one is given; see `_amounts`."""
    before, after, target = amounts
    if x.shape[axis] is None and target is not None and (before is None) != (after is None):
        first = before if after is None else -after - target
        return take(x, np.arange(first, first + target), axis)
    before, after = _amounts("cropping", sides, amounts, x.shape[axis], -1)
    return indexed(x, ..., slice(before, -after or None), *[slice(None)] * (-axis - 1))


def _amounts(what, sides, amounts, size, sign):
    """Return how much is added to, or cut off, both ends of an axis, of which one may follow from the new size.

    Parameters
    ----------
    what : {"padding", "cropping"}
        What is done.
    sides : tuple of str
        Names of both ends and of the size, for errors.
    amounts : tuple of (int or None)
        At both ends, and the new size.
    size : int or None
        Size of the axis, None if it is unknown.
    sign : {1, -1}
        Whether it grows.
    """
    before, after, target = amounts
    if [before, after, target].count(None) != 1:
        raise ValueError(
            f"{sides[0]}_{what}={before}, {sides[1]}_{what}={after}, target_{sides[2]}={target}; expected exactly two of them"
        )
    if target is not None:
        if size is None:
            raise ValueError(f"target_{sides[2]}={target} needs images of a known {sides[2]}; expected the {what} at both ends")
        rest = sign * (integer(f"target_{sides[2]}", target, 1) - size) - (after if before is None else before)
        before, after = (rest, after) if before is None else (before, rest)
    return tuple(integer(f"{side}_{what}", each, 0) for side, each in zip(sides[:2], (before, after), strict=True))


__all__ = [
    "bilateral_filter",
    "box_filter",
    "convolve",
    "correlate",
    "crop_images",
    "dilate",
    "erode",
    "extract_patches",
    "extract_patches_3d",
    "gaussian_filter",
    "median_filter",
    "pad_images",
    "reconstruct_patches",
    "resize",
    "scale_and_translate",
    *blurring.__all__,
    *colors.__all__,
    *warps.__all__,
]

__getattr__, __dir__ = public_attributes(globals())

explain_all(globals(), __all__)
