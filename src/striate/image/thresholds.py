"""Binary images: pixels above a threshold, which is given, found by Otsu's method, or that of each pixel's neighbourhood."""

import numpy as np

from .._common.checks import integer, number
from .arrays import check_finite, check_gray, check_image

_LEVELS = 256


def threshold(image, value):
    """Return which pixels are brighter than a value.

    Parameters
    ----------
    image : array_like of uint8, float32 or float64, shape (height, width), (height, width, channels) or with a batch
        Images.
    value : float
        The threshold. Pixels that are equal to it are not above it, as in OpenCV and scikit-image.

    Returns
    -------
    ndarray of bool, the image's shape

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array or holds NaN or infinity, or `value` is not a finite number.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.threshold(np.array([[3, 100, 101, 255]], np.uint8), 100)
    array([[False, False,  True,  True]])
    """
    image = check_image("image", image)
    value = number("value", value)
    check_finite("image", image)
    return image > value


def otsu_threshold(image, bins=256):
    """Return the threshold that best separates dark pixels from bright ones: values differ least within the two classes.

    Parameters
    ----------
    image : array_like of uint8, float32 or float64, shape (height, width)
        One image in grey.
    bins : int
        Number of bins between the smallest and the largest value, for floats. uint8 needs none.

    Returns
    -------
    float
        The largest value of the dark class, or the middle of its bin; what `threshold` takes. If all pixels are equal, their
        value.

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array, or holds NaN or infinity.

    References
    ----------
    .. [1] Otsu, N., "A threshold selection method from gray-level histograms", IEEE Transactions on Systems, Man, and
       Cybernetics 9, 1979. Equal to ``skimage.filters.threshold_otsu``, and for uint8 to OpenCV's ``THRESH_OTSU``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> x = np.array([[10, 12, 14], [200, 210, 205]], np.uint8)
    >>> image.otsu_threshold(x)
    14.0
    >>> image.threshold(x, image.otsu_threshold(x))
    array([[False, False, False],
           [ True,  True,  True]])
    """
    image = check_gray("image", image)
    bins = integer("bins", bins, 2, 1 << 24)
    check_finite("image", image)
    if image.min() == image.max():
        return float(image.flat[0])
    if image.dtype == np.uint8:
        counts, levels = np.bincount(image.ravel(), minlength=_LEVELS), np.arange(_LEVELS, dtype=np.float64)
    else:
        counts, edges = np.histogram(image, bins)
        levels = (edges[:-1] + edges[1:]) / 2
    # The variance between the classes, times a constant, for each level that may be the last dark one.
    dark, total = np.cumsum(counts, dtype=np.float64)[:-1], counts.sum()
    sums = np.cumsum(counts * levels)
    both = dark * (total - dark)
    between = np.divide((sums[-1] * dark - total * sums[:-1]) ** 2, both, where=both > 0, out=np.zeros_like(both))
    return float(levels[between.argmax()])
