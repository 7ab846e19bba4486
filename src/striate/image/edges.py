"""Edges: how strong gradients are, and thin lines along their ridges (Canny)."""

import numpy as np

from .._common.checks import choice, number
from .arrays import LARGEST_SIGMA, check_finite, check_gray, check_image, rounded
from .borders import CONTINUED
from .filters import gaussian_filter, sobel
from .regions import label


def sobel_magnitude(image, border="reflect", value=0):
    """Return how strong the gradient is at each pixel: the length of the vector of the two derivatives of `sobel`.

    Parameters
    ----------
    image : array_like of uint8, float32 or float64, shape (height, width), (height, width, channels) or with a batch
        Images; each channel has its gradients.
    border, value
        How images go on beyond their borders; see `sobel`.

    Returns
    -------
    ndarray of the image's shape and dtype
        For uint8, rounded half to even and clipped to 255.

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array, or another argument is not what is described there.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> x = np.array([[0, 0, 9, 9]] * 3, np.uint8)
    >>> image.sobel_magnitude(x)[1]
    array([ 0, 36, 36,  0], dtype=uint8)
    """
    image = check_image("image", image)
    border = choice("border", border, CONTINUED)
    # float32 is enough for uint8: derivatives are whole numbers, and no root of one is near to a tie.
    x = image.astype(np.float32) if image.dtype == np.uint8 else image
    return rounded(np.hypot(*gradient(x, border, value)), image.dtype)


def canny(image, low, high, sigma=1.0, border="reflect", value=0):
    """Return which pixels are edges, by Canny: thin lines where the gradient is steepest, and strong somewhere.

    The image is smoothed; pixels whose gradient is not smaller than those before and behind them, along it, remain; and of
    lines of these that are stronger than `low`, those that reach `high` somewhere.

    Parameters
    ----------
    image : array_like of uint8, float32 or float64, shape (height, width)
        One image in grey.
    low, high : float
        Thresholds of `sobel_magnitude` of the smoothed image: 4 times what neighbouring pixels on a ramp differ by, times 2.
    sigma : float
        Standard deviation of the Gaussian that smooths; 0 for none.
    border, value
        How the image goes on beyond its borders when it is smoothed; see `gaussian_filter`.

    Returns
    -------
    ndarray of bool, the image's shape
        Pixels at the border are never edges.

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array or holds NaN or infinity, `high` is below `low`, or another argument is out of range.

    References
    ----------
    .. [1] Canny, J., "A computational approach to edge detection", IEEE TPAMI 8, 1986. Equal to ``skimage.feature.canny`` with
       the same border, but for "constant", its default, with which it finds no edges along the frame of the image. OpenCV's
       does not smooth, and interpolates no gradients.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> x = np.zeros((7, 9), np.uint8)
    >>> x[:, 4], x[:, 5:], x[3, 1] = 100, 200, 20
    >>> image.canny(x, 50, 300).astype(int)[:4]
    array([[0, 0, 0, 0, 0, 0, 0, 0, 0],
           [0, 0, 0, 0, 1, 0, 0, 0, 0],
           [0, 0, 0, 0, 1, 0, 0, 0, 0],
           [0, 0, 0, 0, 1, 0, 0, 0, 0]])
    """
    image = check_gray("image", image)
    low = number("low", low, 0)
    high = number("high", high, 0)
    if high < low:
        raise ValueError(f"high={high} is less than low={low}; expected at least that")
    sigma = number("sigma", sigma, 0, LARGEST_SIGMA)
    border = choice("border", border, CONTINUED)
    check_finite("image", image)
    x = image.astype(np.float64) if image.dtype == np.uint8 else image
    if sigma > 0:
        x = gaussian_filter(x, sigma, border=border, value=value)
    down, right = gradient(x, "reflect", 0)
    strength = np.sqrt(down * down + right * right)
    lines = _ridges(strength, down, right, low)
    labels = label(lines)
    strong = np.zeros(labels.max() + 1, bool)
    strong[labels[lines & (strength >= high)]] = True
    return strong[labels]


def gradient(x, border, value):
    """Return the derivatives of images along the axes of rows and columns."""
    return tuple(sobel(x, axis=axis, border=border, value=value) for axis in (0, 1))


def _ridges(strength, down, right, low):
    """Return which pixels are as strong as `low`, and as the places before and behind them along the gradient.

    These places lie on the square of the eight neighbours: strengths are interpolated between two of them.
    """
    candidates = strength >= low
    candidates &= strength > 0
    candidates[[0, -1]] = candidates[:, [0, -1]] = False
    width, places = strength.shape[1], np.flatnonzero(candidates)
    i, j, strength = down.ravel()[places], right.ravel()[places], strength.ravel()
    same = ((i >= 0) & (j >= 0)) | ((i <= 0) & (j <= 0))  # The gradient points down and right, or up and left.
    i, j = np.abs(i), np.abs(j)
    steep = (i > j) | (~same & (i == j))
    part = np.minimum(i, j) / np.maximum(i, j)
    straight = np.where(steep, np.where(same, width, -width), 1)
    diagonal = np.where(same, width, -width) + 1
    own = strength[places]
    highest = np.ones(len(places), bool)
    for sign in (1, -1):
        neighbor = strength[places + sign * diagonal] * part + strength[places + sign * straight] * (1 - part)
        highest &= neighbor <= own
    candidates.ravel()[places] = highest
    return candidates
