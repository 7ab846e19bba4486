"""Colours: grey from red, green and blue, and the colour spaces HSV and YCbCr."""

import numpy as np

from .._common.checks import choice, number, shown
from .arrays import check_image, rounded

#: Weights of red, green and blue in grey, as whole numbers and what they are divided by, so that uint8 is computed exactly.
_WEIGHTS = {"rec601": ((299, 587, 114), 1000), "rec709": ((2126, 7152, 722), 10000), "average": ((1, 1, 1), 3)}

#: Y, Cb and Cr (columns) from red, green and blue (rows): each column is divided by its element of `_YCBCR_DIVISORS`.
_YCBCR = np.array([[299, -299, 701], [587, -587, -587], [114, 886, -114]], np.float64)
_YCBCR_DIVISORS = np.array([1000, 1772, 1402], np.float64)

#: Red, green and blue (columns) from Y, Cb and Cr (rows), likewise.
_RGB = np.array([[1000, 587000, 1000], [0, -202008, 1772], [1402, -419198, 0]], np.float64)
_RGB_DIVISORS = np.array([1000, 587000, 1000], np.float64)

#: What Cb and Cr are without a colour, in images of uint8.
_MIDDLE = 128


def to_grayscale(image, weights="rec601"):
    """Return images in grey: weighted sums of red, green and blue.

    Parameters
    ----------
    image : array_like of uint8, float32 or float64, shape (height, width, 3) or (batch, height, width, 3)
        Images in red, green and blue.
    weights : {"rec601", "rec709", "average"} or three floats
        Weights of red, green and blue: 0.299, 0.587, 0.114, the luma of ITU-R BT.601, which JPEG, OpenCV and Pillow take;
        0.2126, 0.7152, 0.0722, that of ITU-R BT.709; a third each; or others, which need not sum to 1.

    Returns
    -------
    ndarray of the image's dtype, shape (height, width) or (batch, height, width, 1)
        For uint8, the exact sums, rounded half to even and clipped to 0 … 255.

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array, or `weights` is neither a name nor three finite numbers.

    Notes
    -----
    `striate.ops.image.rgb_to_grayscale` has 0.2989 as its first weight, as in Keras.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> colors = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]], np.uint8)
    >>> image.to_grayscale(colors)
    array([[ 76, 150,  29, 255]], dtype=uint8)
    >>> image.to_grayscale(colors, "average")
    array([[ 85,  85,  85, 255]], dtype=uint8)
    """
    image = check_image("image", image, ndims=(3, 4), channels=(3,))
    if isinstance(weights, str):
        weights, divisor = _WEIGHTS[choice("weights", weights, tuple(_WEIGHTS))]
    elif isinstance(weights, (tuple, list, np.ndarray)) and np.shape(weights)[:1] == (3,):
        weights, divisor = [number(f"weights[{i}]", each) for i, each in enumerate(weights)], 1
    else:
        raise ValueError(
            f"weights={shown(weights)} is unknown; expected one of {', '.join(map(repr, _WEIGHTS))}, or three numbers"
        )
    gray = _linear(image, np.array(weights, np.float64)[:, np.newaxis], np.float64(divisor))
    return gray if image.ndim == 4 else gray[..., 0]


@np.errstate(invalid="ignore")  # of infinity, which becomes NaN
def rgb_to_hsv(image):
    """Return images in hue, saturation and value.

    Parameters
    ----------
    image : array_like of uint8, float32 or float64, shape (height, width, 3) or (batch, height, width, 3)
        Images in red, green and blue. Floats may have any range that begins at 0.

    Returns
    -------
    ndarray of the image's shape and dtype
        The hue, 0 where there is none: red is 0, and once around the circle of colours is 1, or 180 in images of uint8. The
        saturation: from 0 for grey to 1, or 255 for uint8. The value: the largest of red, green and blue.

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array.

    References
    ----------
    .. [1] Smith, A. R., "Color gamut transform pairs", SIGGRAPH 1978. Floats are those of ``skimage.color.rgb2hsv``, and uint8
       has the units of ``cv2.cvtColor``, rounded exactly.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.rgb_to_hsv(np.array([[[255, 0, 0], [0, 128, 0], [100, 100, 200]]], np.uint8)).tolist()
    [[[0, 255, 255], [60, 255, 128], [120, 128, 200]]]
    """
    image, (red, green, blue) = _planes(image)
    turn, one = _units(image.dtype)
    value = np.maximum(np.maximum(red, green), blue)
    spread = value - np.minimum(np.minimum(red, green), blue)
    # The sixth of the circle in which the largest channel lies, and the way from there, both times the spread.
    place = np.where(
        value == red, green - blue, np.where(value == green, 2 * spread + (blue - red), 4 * spread + (red - green))
    )
    gray = spread == 0
    spread[gray] = 1
    hue = np.mod(place * (turn / 6), spread * turn) / spread
    spread[gray] = 0
    saturation = one * spread / np.where(gray, 1, value)
    hsv = rounded(np.stack([hue, saturation, value], -1), image.dtype)
    if image.dtype == np.uint8:
        hsv[..., 0] %= turn
    return hsv


@np.errstate(invalid="ignore")
def hsv_to_rgb(image):
    """Return images in red, green and blue, made from hue, saturation and value.

    Parameters
    ----------
    image : array_like of uint8, float32 or float64, shape (height, width, 3) or (batch, height, width, 3)
        Images as `rgb_to_hsv` returns them; hues may go around the circle more than once.

    Returns
    -------
    ndarray of the image's shape and dtype

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array.

    References
    ----------
    .. [1] See `rgb_to_hsv`; floats are those of ``skimage.color.hsv2rgb``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.hsv_to_rgb(np.array([[[0.0, 1.0, 1.0], [1 / 3, 0.5, 0.8], [0.5, 0.0, 0.2]]])).round(3).tolist()
    [[[1.0, 0.0, 0.0], [0.4, 0.8, 0.4], [0.2, 0.2, 0.2]]]
    """
    image, (hue, saturation, value) = _planes(image)
    turn, one = _units(image.dtype)
    rgb = np.empty_like(image)
    for i, start in enumerate((5, 3, 1)):
        # How far the channel is below the value, in sixths of the circle (times `turn`), at full saturation.
        place = np.mod(6 * hue + start * turn, 6 * turn)
        below = np.clip(np.minimum(place, 4 * turn - place), 0, turn)
        rgb[..., i] = rounded((value * (turn * one) - value * saturation * below) / (turn * one), image.dtype)
    return rgb


def rgb_to_ycbcr(image):
    """Return images in luma, and blue and red without it, as JPEG stores them.

    Parameters
    ----------
    image : array_like of uint8, float32 or float64, shape (height, width, 3) or (batch, height, width, 3)
        Images in red, green and blue.

    Returns
    -------
    ndarray of the image's shape and dtype
        Y, Cb and Cr in the full range: Cb and Cr are 128 where there is no colour in images of uint8, and 0 in others.

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array.

    References
    ----------
    .. [1] ITU-T T.871, "JPEG File Interchange Format", 2011, section 7. Pillow's ``"YCbCr"`` is the same with integers that are
       rounded earlier. OpenCV has the order Y, Cr, Cb.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.rgb_to_ycbcr(np.array([[[255, 0, 0], [0, 0, 255], [9, 9, 9]]], np.uint8)).tolist()
    [[[76, 85, 255], [29, 255, 107], [9, 128, 128]]]
    """
    image = check_image("image", image, ndims=(3, 4), channels=(3,))
    return _linear(image, _YCBCR, _YCBCR_DIVISORS, after=_middle(image.dtype))


def ycbcr_to_rgb(image):
    """Return images in red, green and blue, made from Y, Cb and Cr.

    Parameters
    ----------
    image : array_like of uint8, float32 or float64, shape (height, width, 3) or (batch, height, width, 3)
        Images as `rgb_to_ycbcr` returns them.

    Returns
    -------
    ndarray of the image's shape and dtype
        For uint8, colours that do not exist are clipped to 0 … 255.

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array.

    References
    ----------
    .. [1] See `rgb_to_ycbcr`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.ycbcr_to_rgb(np.array([[[76, 85, 255], [9, 128, 128]]], np.uint8)).tolist()
    [[[254, 0, 0], [9, 9, 9]]]
    """
    image = check_image("image", image, ndims=(3, 4), channels=(3,))
    return _linear(image, _RGB, _RGB_DIVISORS, before=_middle(image.dtype))


@np.errstate(invalid="ignore")
def _linear(image, matrix, divisors, before=0.0, after=0.0):
    """Return images times a matrix (channels, new channels), divided by one number for each new channel.

    `before` is subtracted first, and `after` added last. Where the elements of `matrix` are whole numbers, the sums of uint8
    are exact in float64, and the quotients rounded once, so that ties are found as ties.
    """
    dtype = np.float64 if image.dtype == np.uint8 else image.dtype
    return rounded(
        (image - before).astype(dtype, copy=False) @ matrix.astype(dtype) / divisors.astype(dtype) + after, image.dtype
    )


def _middle(dtype):
    """Return what is added to Cb and Cr, but not to Y."""
    return np.array([0, _MIDDLE, _MIDDLE] if dtype == np.uint8 else [0, 0, 0], np.float64 if dtype == np.uint8 else dtype)


def _units(dtype):
    """Return what stands for once around the circle of hues, and for full saturation."""
    return (180, 255) if dtype == np.uint8 else (1, 1)


def _planes(image):
    """Return images of three channels, checked, and the channels as floats.

    float32 is enough for uint8: what is divided are whole numbers below 2**24, and no quotient is so near to a tie that its
    rounding could make it one.
    """
    image = check_image("image", image, ndims=(3, 4), channels=(3,))
    return image, np.moveaxis(image, -1, 0).astype(np.float32 if image.dtype == np.uint8 else image.dtype, order="C")
