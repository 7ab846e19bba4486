"""Keypoints with descriptors, by which the same places are found in other images: SIFT and ORB, and their matching.

They are scikit-image's, which is optional: the extra `features`. SURF, the third of that generation, is not here: it is
patented, and so no maintained library ships it; OpenCV has it only in a part that everybody must build for themselves.
"""

import contextlib
from typing import NamedTuple

import numpy as np

from .._common.checks import boolean, integer, number, real_array
from .._common.extras import needing
from .arrays import check_finite, check_gray, check_range


class Keypoints(NamedTuple):
    """What `sift` and `orb` return.

    Parameters
    ----------
    points : ndarray of float64, shape (count, 2)
        Rows and columns.
    scales : ndarray of float64, shape (count,)
        How large the described places are: the standard deviation of the Gaussian for SIFT, and for ORB the factor by which the
        image was made smaller.
    orientations : ndarray of float64, shape (count,)
        Angles by which the descriptors are turned, in radians.
    descriptors : ndarray of uint8 or bool, shape (count, 128) or (count, 256)
        What `match` compares: 128 bytes for SIFT, 256 bits for ORB.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> corner = image.Keypoints(np.array([[2.0, 5.0]]), np.ones(1), np.zeros(1), np.eye(1, 256, dtype=bool))
    >>> corner.points
    array([[2., 5.]])
    """

    points: np.ndarray
    scales: np.ndarray
    orientations: np.ndarray
    descriptors: np.ndarray


def _features():
    with needing("keypoints need scikit-image", "features"):
        from skimage import feature
    return feature


def sift(image, data_range=None, **settings):
    """Find keypoints and describe them, by the scale-invariant feature transform (SIFT).

    Parameters
    ----------
    image : array_like of uint8, float32 or float64, shape (height, width)
        One image in grey.
    data_range : pair of float, optional
        Lowest and highest value; 0 and 255 for uint8.
    **settings
        Arguments of ``skimage.feature.SIFT``, such as ``c_dog``, the least contrast, or ``upsampling``.

    Returns
    -------
    Keypoints

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array, has floats but there is no `data_range`, or holds NaN or infinity.
    ImportError
        If scikit-image is not installed.

    References
    ----------
    .. [1] Lowe, D. G., "Distinctive image features from scale-invariant keypoints", IJCV 60, 2004.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> x = image.resize(np.random.default_rng(0).integers(0, 256, (12, 12)).astype(np.uint8), 96, "bicubic")
    >>> keypoints = image.sift(x)
    >>> turned = image.sift(np.rot90(x).copy())
    >>> pairs = image.match(keypoints.descriptors, turned.descriptors, ratio=0.8)
    >>> row, column = np.moveaxis(turned.points[pairs[:, 1]], 1, 0)
    >>> bool(np.median(np.hypot(95 - column, row - 0) - np.hypot(*keypoints.points[pairs[:, 0]].T)) < 1)
    True
    """
    found = _detected(_features().SIFT(**settings), image, data_range)
    if found is None:
        return Keypoints(np.zeros((0, 2)), np.zeros(0), np.zeros(0), np.zeros((0, 128), np.uint8))
    return Keypoints(found.positions.astype(np.float64), found.sigmas.astype(np.float64), found.orientations, found.descriptors)


def orb(image, most=500, data_range=None, **settings):
    """Find keypoints and describe them, by oriented FAST and rotated BRIEF (ORB).

    Parameters
    ----------
    image : array_like of uint8, float32 or float64, shape (height, width)
        One image in grey.
    most : int
        How many keypoints are returned at most.
    data_range : pair of float, optional
        Lowest and highest value; 0 and 255 for uint8.
    **settings
        Arguments of ``skimage.feature.ORB``, such as ``fast_threshold``.

    Returns
    -------
    Keypoints

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array, has floats but there is no `data_range`, or holds NaN or infinity.
    ImportError
        If scikit-image is not installed.

    References
    ----------
    .. [1] Rublee, E. et al., "ORB: an efficient alternative to SIFT and SURF", ICCV 2011.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> x = image.resize(np.random.default_rng(0).integers(0, 256, (12, 12)).astype(np.uint8), 96, "bicubic")
    >>> image.orb(x, 20).descriptors.shape
    (20, 256)
    """
    most = integer("most", most, 1)
    found = _detected(_features().ORB(n_keypoints=most, **settings), image, data_range)
    if found is None:
        return Keypoints(np.zeros((0, 2)), np.zeros(0), np.zeros(0), np.zeros((0, 256), bool))
    points, scales, orientations = (
        np.asarray(each, np.float64) for each in (found.keypoints, found.scales, found.orientations)
    )
    return Keypoints(points, scales, orientations, found.descriptors)


def _detected(detector, image, data_range):
    """Return a detector that has found something in an image, or None if it has not."""
    image = check_gray("image", image)
    lowest, highest = check_range(image, data_range)
    check_finite("image", image)
    dtype = np.float32 if image.dtype == np.float32 else np.float64
    with contextlib.suppress(RuntimeError):  # It is raised where nothing is found.
        detector.detect_and_extract((image.astype(dtype) - lowest) / (highest - lowest))
        return detector
    return None


def match(first, second, ratio=1.0, cross_check=True):
    """Return which descriptors of two images belong together: the nearest ones.

    Parameters
    ----------
    first, second : array_like, shape (count, length)
        Descriptors of `sift` or `orb`; those of bool are compared by the number of different bits.
    ratio : float
        How far the nearest one may be, compared with the second, so that the match is clear: 0.8 is usual for SIFT, and 1
        demands nothing.
    cross_check : bool
        Whether each must be the nearest one of the other.

    Returns
    -------
    ndarray of int64, shape (matches, 2)
        Indices in `first` and `second`.

    Raises
    ------
    TypeError, ValueError
        If the descriptors are not such arrays, or of different lengths, or `ratio` is not from 0 to 1.
    ImportError
        If scikit-image is not installed.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> first, second = np.array([[0, 9], [5, 5]], np.uint8), np.array([[5, 6], [1, 9], [90, 0]], np.uint8)
    >>> image.match(first, second).tolist()
    [[0, 1], [1, 0]]
    """
    first, second = _descriptors("first", first), _descriptors("second", second)
    ratio = number("ratio", ratio, 0, 1)
    cross_check = boolean("cross_check", cross_check)
    if first.shape[1] != second.shape[1] or (first.dtype == bool) != (second.dtype == bool):
        raise ValueError(
            f"first has shape {first.shape} and dtype {first.dtype}, second has {second.shape} and {second.dtype}; expected "
            "descriptors of the same kind"
        )
    feature = _features()
    if not len(first) or not len(second):
        return np.zeros((0, 2), np.int64)
    return feature.match_descriptors(first, second, max_ratio=ratio, cross_check=cross_check).astype(np.int64)


def _descriptors(name, value):
    array = real_array(name, value)
    if array.ndim != 2:
        raise ValueError(f"{name} has {array.ndim} dimensions, shape {array.shape}; expected descriptors (count, length)")
    return array if array.dtype == bool else array.astype(np.float64)
