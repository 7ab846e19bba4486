"""Local binary patterns: how each pixel compares with those on a circle around it."""

import numpy as np

from .._common.checks import choice, integer, number
from .arrays import check_finite, check_gray

_DIGITS = 5  # of places on the circle, so that points on the axes lie on pixels


def local_binary_pattern(image, points=8, radius=1.0, method="default"):
    """Return, for each pixel, a code of which points on a circle around it are at least as bright: a description of texture.

    Parameters
    ----------
    image : array_like of uint8, float32 or float64, shape (height, width)
        One image in grey. Beyond its borders it is 0.
    points : int
        Number of points on the circle, at most 24. They are sampled bilinearly.
    radius : float
        Radius of the circle, in pixels.
    method : {"default", "ror", "uniform"}
        "default": bit i says whether point i is at least as bright, from the right counter-clockwise. "ror": the smallest
        number that the bits can be rotated to, which does not change when the image is turned. "uniform": how many bits are set
        if they change at most twice around the circle, as at spots, edges and corners, and ``points + 1`` otherwise.

    Returns
    -------
    ndarray of int32, shape (height, width)
        Their histogram, ``numpy.bincount(codes.ravel())``, describes the texture of the image.

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array, or holds NaN or infinity, or another argument is not what is described above.

    References
    ----------
    .. [1] Ojala, T., Pietikäinen, M. and Mäenpää, T., "Multiresolution gray-scale and rotation invariant texture classification
       with local binary patterns", IEEE TPAMI 24, 2002. Equal to ``skimage.feature.local_binary_pattern``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> x = np.array([[0, 0, 9], [0, 5, 9], [0, 0, 9]], np.uint8)
    >>> int(image.local_binary_pattern(x)[1, 1]), int(image.local_binary_pattern(x, method="uniform")[1, 1])
    (131, 3)
    """
    image = check_gray("image", image)
    points = integer("points", points, 1, 24)
    radius = number("radius", radius, 0, open_minimum=True)
    choice("method", method, ("default", "ror", "uniform"))
    check_finite("image", image)
    codes = np.zeros(image.shape, np.int32)
    angles = 2 * np.pi * np.arange(points) / points
    steps = np.round(np.stack([-radius * np.sin(angles), radius * np.cos(angles)], 1), _DIGITS)
    margin = int(np.ceil(radius)) + 1
    padded = np.pad(image.astype(np.float64), margin)
    for i, (down, right) in enumerate(steps):
        codes |= (_moved(padded, image.shape, margin, down, right) >= image).astype(np.int32) << i
    if method == "ror":
        ones = (1 << points) - 1
        return np.minimum.reduce([(codes >> i) | (codes << (points - i)) & ones for i in range(points)])
    if method == "uniform":
        changes = np.bitwise_count((codes ^ (codes >> 1)) & ((1 << (points - 1)) - 1))
        return np.where(changes <= 2, np.bitwise_count(codes), points + 1).astype(np.int32)
    return codes


def _moved(padded, shape, margin, down, right):
    """Return an image that has at each pixel what the padded one has at some distance from there, between pixels."""
    for axis, size, step in ((1, shape[1], right), (0, shape[0], down)):  # The order decides ties as scikit-image does.
        places = np.arange(size) + step
        before = np.floor(places)
        first = margin + int(np.floor(step))
        part = (places - before)[(slice(None),) + (np.newaxis,) * (1 - axis)]
        low, high = (padded[(slice(None),) * axis + (slice(start, start + size),)] for start in (first, first + 1))
        padded = low if step == int(step) else (1 - part) * low + part * high
    return padded
