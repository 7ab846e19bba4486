"""Images as arguments: the shapes and dtypes that they have, and the one form in which they are computed.

An image is an array (height, width) or (height, width, channels), and several are one array (batch, height, width, channels).
So a 3-D array is always one image with its channels last, and images in grey that come together have one channel. Every image
can be seen as a batch, and what is computed of that can be given the shape of the image again.
"""

import numpy as np

from .._common.checks import as_array, kernel_ready, number, shown

#: Dtypes of images of intensities, in grey or in colour, and of binary images.
INTENSITIES = ("uint8", "float32", "float64")
FLOATS = ("float32", "float64")
BINARY = ("bool",)
ANY = ("bool", *INTENSITIES)

#: Largest standard deviation of Gaussians and, for them, largest number of pixels on either side of a kernel's centre.
LARGEST_SIGMA = 250
LARGEST_RADIUS = 1000

_NAMES = {np.dtype(name): name for name in ANY}
_AXES = {2: "(height, width)", 3: "(height, width, channels)", 4: "(batch, height, width, channels)"}
_GRAY = (2,)
_WHITE = 255  # in an image of uint8


def check_image(name, value, kinds=INTENSITIES, ndims=(2, 3, 4), channels=None):
    """Return images as a C-contiguous array in native byte order, copied only if necessary.

    Parameters
    ----------
    name : str
        Name of the argument, for errors.
    value : array_like
        The argument.
    kinds : tuple of str
        Dtypes that are accepted.
    ndims : tuple of int
        Numbers of dimensions that are accepted, some of 2, 3 and 4.
    channels : tuple of int, optional
        Numbers of channels that are accepted, all if None; an image (height, width) has one.

    Raises
    ------
    TypeError
        If the dtype is none of `kinds`.
    ValueError
        If the number of dimensions or of channels is none of those, or an image has no pixels.
    """
    array = as_array(name, value)
    if (_NAMES.get(array.dtype) or array.dtype.newbyteorder("=").name) not in kinds:
        raise TypeError(f"{name} has dtype {array.dtype}; expected an image of {_listed(kinds)}{_hint(array.dtype, kinds)}")
    if array.ndim not in ndims:
        expected = _listed([_AXES[ndim] for ndim in ndims])
        raise ValueError(f"{name} has {array.ndim} dimensions, shape {array.shape}; expected an image {expected}")
    size = array.shape if array.ndim < 4 else array.shape[1:]
    if 0 in size:
        raise ValueError(f"{name} has shape {array.shape}; expected an image with at least one pixel and one channel")
    found = array.shape[2:] if array.ndim == 3 else array.shape[3:]
    if channels is not None and (found[0] if found else 1) not in channels:
        raise ValueError(f"{name} has shape {array.shape}, {found[0] if found else 1} channels; expected {_listed(channels)}")
    return kernel_ready(array)


def check_gray(name, value, kinds=INTENSITIES):
    """Return one image in grey, or a binary one, (height, width); see `check_image`."""
    return check_image(name, value, kinds, _GRAY)


def check_finite(name, image):
    """Raise a ValueError if an image holds NaN or infinity."""
    if image.dtype.kind == "f" and not np.isfinite(image).all():
        place = tuple(map(int, np.argwhere(~np.isfinite(image))[0]))
        raise ValueError(f"{name} holds {image[place]} at {place}; expected finite values")


def check_range(image, data_range):
    """Return the lowest and the highest value that an image can have: 0 and 255 for uint8; others do not tell it themselves.

    Parameters
    ----------
    image : ndarray
        The image.
    data_range : pair of float, optional
        The argument of that name; needed unless the image is of uint8.
    """
    if data_range is None:
        if image.dtype == np.uint8:
            return 0.0, float(_WHITE)
        raise ValueError(
            f"data_range=None tells nothing about an image of {image.dtype}; expected its lowest and highest, such as (0, 1)"
        )
    return interval(data_range)


def interval(data_range):
    """Return the argument `data_range` as two floats, of which the first is less."""
    if not isinstance(data_range, (tuple, list)) or len(data_range) != 2:
        raise ValueError(
            f"data_range={shown(data_range)} is not a range; expected two numbers, the lowest and the highest value"
        )
    lowest = number("data_range[0]", data_range[0])
    return lowest, number("data_range[1]", data_range[1], lowest, open_minimum=True)


def as_batch(image):
    """Return a view (batch, height, width, channels) of images as `check_image` returns them."""
    if image.ndim == 2:
        return image[np.newaxis, :, :, np.newaxis]
    return image[np.newaxis] if image.ndim == 3 else image


def from_batch(batch, image):
    """Return what was computed of ``as_batch(image)``, a batch, with as many dimensions as the image has."""
    if image.ndim == 2:
        return batch[0, :, :, 0]
    return batch[0] if image.ndim == 3 else batch


def rounded(values, dtype):
    """Return computed values in the dtype of an image: for uint8 rounded half to even, and clipped to 0 … 255.

    NaN, for which uint8 has no value, must not occur in that case.
    """
    if dtype == np.uint8:
        return np.clip(np.rint(values), 0, _WHITE).astype(np.uint8)
    return values.astype(dtype, copy=False)


def _listed(words):
    """Return words, or numbers, in a row: "a, b or c"."""
    *first, last = map(str, words)
    return f"{', '.join(first)} or {last}" if first else last


def _hint(dtype, kinds):
    """Return what can be done about a dtype that is not accepted."""
    if dtype.kind in "iuf" and "float32" in kinds:
        return " (convert it, for example with astype(numpy.float32), which keeps the values)"
    if dtype.kind == "f" and "uint8" in kinds:
        return " (scale it to 0 … 255 first, if it is not, and convert it with astype(numpy.uint8))"
    if kinds == BINARY:
        return " (striate.image.threshold makes one)"
    return ""
