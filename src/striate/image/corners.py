"""Corners: how much of one each pixel is, by Harris, Shi and Tomasi, and FAST, and where they are."""

import numpy as np

from .._common.checks import choice, integer, number
from .._common.docstrings import documented
from .arrays import FLOATS, LARGEST_SIGMA, check_finite, check_gray
from .borders import CONTINUED
from .edges import gradient
from .filters import gaussian_filter
from .morphology import dilate

#: What the responses share, for their docstrings.
_RESPONSE = """
    Parameters
    ----------
    image : array_like of uint8, float32 or float64, shape (height, width)
        One image in grey.
    sigma : float
        Standard deviation of the Gaussian window in which gradients count.
    border, value
        How the image goes on beyond its borders; see `gaussian_filter`.

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array, or holds NaN or infinity, or another argument is out of range.
    """

#: The circle of 16 pixels around a pixel, as (row, column), in order.
_CIRCLE = (
    *((-3, 0), (-3, 1), (-2, 2), (-1, 3), (0, 3), (1, 3), (2, 2), (3, 1)),
    *((3, 0), (3, -1), (2, -2), (1, -3), (0, -3), (-1, -3), (-2, -2), (-3, -1)),
)
_RADIUS = 3
_BAND = 16  # rows whose circles are in memory at one time


@documented(_RESPONSE)
def harris(image, k=0.05, sigma=1.0, border="reflect", value=0):
    """Return how much of a corner each pixel is, by Harris and Stephens: positive at corners, negative at edges.

    Parameters
    ----------
    k : float
        How much edges are refused, usually from 0.04 to 0.06.

    Returns
    -------
    ndarray of float32, or of float64 for images of float64, the image's shape
        ``det(A) - k * trace(A)**2``, where A are the products of the two derivatives (by `sobel`), averaged by the window.

    References
    ----------
    .. [1] Harris, C. and Stephens, M., "A combined corner and edge detector", Alvey Vision Conference 1988. Equal to
       ``skimage.feature.corner_harris`` away from the borders, where it takes zeros.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> x = np.zeros((12, 12))
    >>> x[3:9, 3:9] = 1
    >>> image.corner_peaks(image.harris(x), threshold=0.1).tolist()
    [[3, 3], [3, 8], [8, 3], [8, 8]]
    """
    k = number("k", k, 0)
    rows, columns, mixed = _structure(image, sigma, border, value)
    return rows * columns - mixed * mixed - k * np.square(rows + columns)


@documented(_RESPONSE)
def shi_tomasi(image, sigma=1.0, border="reflect", value=0):
    """Return how much of a corner each pixel is, by Shi and Tomasi: how strong gradients are across their main direction.

    Returns
    -------
    ndarray of float32, or of float64 for images of float64, the image's shape
        The smaller eigenvalue of the matrix of `harris`.

    References
    ----------
    .. [1] Shi, J. and Tomasi, C., "Good features to track", CVPR 1994. Equal to ``skimage.feature.corner_shi_tomasi`` away from
       the borders, where it takes zeros.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> x = np.zeros((12, 12))
    >>> x[3:9, 3:9] = 1
    >>> image.corner_peaks(image.shi_tomasi(x), threshold=0.1).tolist()
    [[3, 3], [3, 8], [8, 3], [8, 8]]
    """
    rows, columns, mixed = _structure(image, sigma, border, value)
    return (rows + columns - np.sqrt(np.square(rows - columns) + 4 * np.square(mixed))) / 2


def _structure(image, sigma, border, value):
    """Return the products of derivatives, averaged: along the rows' axis, along the columns' axis, and mixed."""
    image = check_gray("image", image)
    sigma = number("sigma", sigma, 0, LARGEST_SIGMA, open_minimum=True)
    border = choice("border", border, CONTINUED)
    check_finite("image", image)
    x = image.astype(np.float32) if image.dtype == np.uint8 else image
    down, right = gradient(x, border, value)
    products = down * down, right * right, down * right
    return tuple(gaussian_filter(product, sigma, border=border, value=value) for product in products)


@documented(_RESPONSE)
def fast(image, threshold, arc=9):
    """Return how much of a corner each pixel is, by FAST: brighter or darker than an arc of the circle around it.

    Parameters
    ----------
    threshold : float
        By how much all pixels of the arc must be brighter, or darker, at least.
    arc : int
        How many neighbours on the circle of 16 pixels, whose radius is 3, make an arc, from 1 to 16.

    Returns
    -------
    ndarray of float32, or of float64 for images of float64, the image's shape
        By how much the pixels of the best arc differ, at least, where that is more than `threshold`, and 0 elsewhere, as at the
        three pixels next to a border. `corner_peaks` finds the corners.

    References
    ----------
    .. [1] Rosten, E. and Drummond, T., "Machine learning for high-speed corner detection", ECCV 2006. Equal to OpenCV's
       ``FastFeatureDetector`` (whose responses are smaller by 1), and its corners to those of ``skimage.feature.corner_fast``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> x = np.zeros((12, 12), np.uint8)
    >>> x[5:, 5:] = 200
    >>> image.corner_peaks(image.fast(x, 20), distance=3).tolist()
    [[5, 5]]
    """
    image = check_gray("image", image)
    threshold = number("threshold", threshold, 0)
    arc = integer("arc", arc, 1, len(_CIRCLE))
    check_finite("image", image)
    response = np.zeros(image.shape, np.float64 if image.dtype == np.float64 else np.float32)
    x = image.astype(np.int16) if image.dtype == np.uint8 else image
    for top in range(_RADIUS, image.shape[0] - _RADIUS, _BAND):
        bottom = min(top + _BAND, image.shape[0] - _RADIUS)
        best = _contrast(x[top - _RADIUS : bottom + _RADIUS], arc)
        np.copyto(response[top:bottom, _RADIUS:-_RADIUS], best, where=best > threshold)
    return response


def _contrast(x, arc):
    """Return by how much all pixels of the best arc are brighter, or darker, for the pixels that have a whole circle in `x`."""
    height, width = (max(n - 2 * _RADIUS, 0) for n in x.shape)
    center = x[_RADIUS : _RADIUS + height, _RADIUS : _RADIUS + width]
    differences = np.empty((len(_CIRCLE) + arc - 1, height, width), x.dtype)
    for difference, (down, right) in zip(differences, _CIRCLE, strict=False):
        top, left = _RADIUS + down, _RADIUS + right
        np.subtract(x[top : top + height, left : left + width], center, out=difference)
    differences[len(_CIRCLE) :] = differences[: arc - 1]  # The circle is closed.
    brighter = _windows(np.minimum, differences, arc).max(0)
    return np.maximum(brighter, -_windows(np.maximum, differences, arc).min(0))


def corner_peaks(response, distance=1, threshold=None, most=None):
    """Return where a response is largest: corners, in order of their strength.

    Parameters
    ----------
    response : array_like of float32 or float64, shape (height, width)
        Such as `harris` returns it.
    distance : int
        How many rows or columns corners are apart, more than: of those that are nearer, only the strongest counts.
    threshold : float, optional
        What responses must exceed; the smallest one if None.
    most : int, optional
        How many corners are returned at most.

    Returns
    -------
    ndarray of int64, shape (corners, 2)
        Their rows and columns. Of equal ones, those that are higher up, or further to the left, come first.

    Raises
    ------
    TypeError, ValueError
        If `response` is not such an array, or holds NaN or infinity, or another argument is out of range.

    Notes
    -----
    Equal to ``skimage.feature.peak_local_max`` without its border, but for peaks of equal height that are near each other.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.corner_peaks(np.array([[0, 5, 4, 0], [0, 0, 0, 7.0]])).tolist()
    [[1, 3], [0, 1]]
    >>> image.corner_peaks(np.array([[0, 5, 4, 0], [0, 0, 0, 7.0]]), distance=2).tolist()
    [[1, 3]]
    """
    response = check_gray("response", response, FLOATS)
    distance = integer("distance", distance, 1)
    threshold = response.min() if threshold is None else number("threshold", threshold)
    most = None if most is None else integer("most", most, 0)
    check_finite("response", response)
    rows, columns = np.nonzero((response == _largest_around(response, distance)) & (response > threshold))
    order = np.argsort(-response[rows, columns], kind="stable")
    rows, columns = rows[order], columns[order]
    # Only of equal ones can another be near: those that have one before them count if that does not.
    ranks = np.zeros(response.shape)
    ranks[rows, columns] = np.arange(len(order), 0, -1)
    first = _largest_around(ranks, distance)[rows, columns] == ranks[rows, columns]
    counted = np.zeros(response.shape, bool)
    counted[rows[first], columns[first]] = True
    for row, column in zip(rows[~first].tolist(), columns[~first].tolist(), strict=True):
        around = slice(max(row - distance, 0), row + distance + 1), slice(max(column - distance, 0), column + distance + 1)
        counted[row, column] = not counted[around].any()
    chosen = counted[rows, columns]
    return np.stack([rows[chosen], columns[chosen]], 1)[:most]


def _largest_around(x, distance):
    """Return the maximum of each element and those that are up to some distance away along each axis."""
    return dilate(x, [2 * min(distance, n - 1) + 1 for n in x.shape], border="nearest")


def _windows(reduce, x, length):
    """Return what `reduce`, the minimum or maximum, makes of each window of some neighbours along the first axis."""
    done = 1
    while 2 * done <= length:
        x = reduce(x[:-done], x[done:])
        done *= 2
    rest = length - done
    return reduce(x[:-rest], x[rest:]) if rest else x
