"""Blobs: bright spots and their sizes, by the Laplacian of Gaussian (LoG) or differences of Gaussians (DoG)."""

import itertools
import math

import numpy as np

from .._common.checks import integer, number
from .._common.docstrings import documented
from .arrays import LARGEST_SIGMA, check_finite, check_gray
from .correlation import correlate
from .filters import gaussian_filter, gaussian_kernel

#: What the functions share, for their docstrings.
_BLOBS = """
    Parameters
    ----------
    image : array_like of uint8, float32 or float64, shape (height, width)
        One image in grey. Dark blobs are bright ones of ``-image``, in floats.
    min_sigma, max_sigma : float
        Smallest and largest standard deviation of the Gaussian. Blobs are found whose radius is about √2 times that.
    overlap : float
        Of two blobs of which a larger part of the smaller one is covered, only the larger one counts.

    Returns
    -------
    ndarray of float64, shape (blobs, 3)
        Rows, columns and standard deviations, the strongest first.

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array, or holds NaN or infinity, or another argument is out of range.
    """

_MOST_SCALES = 1000
_TINY = 1e-300  # instead of a distance of 0, by which is divided
_SMALLEST_SIGMA = 0.1


@documented(_BLOBS)
def blob_log(image, min_sigma=1.0, max_sigma=20.0, scales=10, threshold=0.2, overlap=0.5):
    """Find bright blobs on a darker background, by the Laplacian of Gaussian.

    Parameters
    ----------
    scales : int
        How many standard deviations are tried, at equal distances.
    threshold : float
        What the response must exceed, ``-sigma**2`` times the Laplacian: about the contrast of a blob, in units of the image.

    References
    ----------
    .. [1] Lindeberg, T., "Feature detection with automatic scale selection", IJCV 30, 1998. Equal to
       ``skimage.feature.blob_log``, whose threshold is for images from 0 to 1, and whose choice of several blobs that overlap
       depends on the order in which it meets them.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> rows, columns = np.mgrid[:60, :80]
    >>> x = np.exp(-((rows - 20) ** 2 + (columns - 30) ** 2) / (2 * 4**2))
    >>> image.blob_log(x, 1, 10, scales=10).tolist()
    [[20.0, 30.0, 4.0]]
    """
    image = _checked(image)
    min_sigma, max_sigma = _range_of_sigmas(min_sigma, max_sigma)
    scales = integer("scales", scales, 1, _MOST_SCALES)
    sigmas = np.linspace(min_sigma, max_sigma, scales)
    return _blobs(np.stack([_response(image, sigma) for sigma in sigmas.tolist()]), sigmas, threshold, overlap)


def _response(image, sigma):
    """Return ``-sigma**2`` times the Laplacian of Gaussian of an image, the sum of two products of a column and a row."""
    weights = gaussian_kernel(sigma).sum(0)
    places = np.arange(len(weights)) - len(weights) // 2
    second = (1 - (places / sigma) ** 2) * weights
    parts = (
        correlate(correlate(image, [row]), np.transpose([column])) for column, row in ((second, weights), (weights, second))
    )
    return np.add(*parts)


@documented(_BLOBS)
def blob_dog(image, min_sigma=1.0, max_sigma=20.0, ratio=1.6, threshold=0.5, overlap=0.5):
    """Find bright blobs on a darker background, by differences of Gaussians: faster than `blob_log`, and less exact.

    Parameters
    ----------
    ratio : float
        By what standard deviations increase, from one to the next.
    threshold : float
        What the response must exceed, the difference divided by ``ratio - 1``, in units of the image.

    References
    ----------
    .. [1] Lowe, D. G., "Distinctive image features from scale-invariant keypoints", IJCV 60, 2004. Equal to
       ``skimage.feature.blob_dog``; see `blob_log`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> rows, columns = np.mgrid[:60, :80]
    >>> x = np.exp(-((rows - 20) ** 2 + (columns - 30) ** 2) / (2 * 4**2))
    >>> image.blob_dog(x, 1, 10, threshold=0.2).round(2).tolist()
    [[20.0, 30.0, 2.56]]
    """
    image = _checked(image)
    min_sigma, max_sigma = _range_of_sigmas(min_sigma, max_sigma)
    ratio = number("ratio", ratio, 1, open_minimum=True)
    count = int(math.log(max_sigma / min_sigma) / math.log(ratio) + 1)
    if count > _MOST_SCALES:
        raise ValueError(f"ratio={ratio} gives {count} standard deviations up to max_sigma; expected {_MOST_SCALES} at most")
    sigmas = min_sigma * ratio ** np.arange(count + 1)
    smooth = [gaussian_filter(image, sigma) for sigma in sigmas.tolist()]
    differences = [(one - other) / (ratio - 1) for one, other in itertools.pairwise(smooth)]
    return _blobs(np.stack(differences), sigmas, threshold, overlap)


def _range_of_sigmas(min_sigma, max_sigma):
    min_sigma = number("min_sigma", min_sigma, _SMALLEST_SIGMA, LARGEST_SIGMA)
    max_sigma = number("max_sigma", max_sigma, _SMALLEST_SIGMA, LARGEST_SIGMA)
    if max_sigma < min_sigma:
        raise ValueError(f"max_sigma={max_sigma} is less than min_sigma={min_sigma}; expected at least that")
    return min_sigma, max_sigma


def _checked(image):
    image = check_gray("image", image)
    check_finite("image", image)
    return image.astype(np.float64) if image.dtype == np.uint8 else image


def _blobs(responses, sigmas, threshold, overlap):
    """Return the blobs where responses (scale, row, column) are largest among their neighbours, and above a threshold."""
    threshold = number("threshold", threshold)
    overlap = number("overlap", overlap, 0, 1)
    places = np.argwhere(responses > threshold)
    for step in np.ndindex(3, 3, 3):
        neighbors = np.clip(places + np.array(step) - 1, 0, np.array(responses.shape) - 1)
        places = places[responses[tuple(places.T)] >= responses[tuple(neighbors.T)]]
    places = places[np.argsort(-responses[tuple(places.T)], kind="stable")]
    counted = _without_covered(places, responses.shape, sigmas, overlap)
    return np.column_stack([places[counted, 1:].astype(np.float64), sigmas[places[counted, 0]]])


def _without_covered(places, shape, sigmas, overlap):
    """Return which blobs, (scale, row, column) in order of their strength, no larger one covers, nor an equal stronger one."""
    masks = {}  # of the places around a blob that it covers, by the scales of both
    reach = min(math.ceil(2 * math.sqrt(2) * sigmas.max()), max(shape[1:]))
    covered = np.zeros((shape[0], shape[1] + 2 * reach, shape[2] + 2 * reach), bool)
    counted = []
    for i in np.argsort(-places[:, 0], kind="stable").tolist():
        scale, row, column = places[i].tolist()
        if covered[scale, row + reach, column + reach]:
            continue
        counted.append(i)
        for smaller in range(scale + 1):
            if (scale, smaller) not in masks:
                masks[scale, smaller] = _covered(sigmas[scale], sigmas[smaller], reach) > overlap
            mask = masks[scale, smaller]
            rows, columns = (slice(n + reach - len(mask) // 2, n + reach + len(mask) // 2 + 1) for n in (row, column))
            covered[smaller, rows, columns] |= mask
    return np.sort(np.array(counted, np.int64))


def _covered(sigma, smaller, reach):
    """Return which part of a smaller blob, a disc of radius √2 sigma, a blob covers, by the smaller one's place around it.

    The array has an odd number of rows and columns; elements that are further away than `reach` are left out.
    """
    radius = smaller / sigma  # The radius of the larger one is 1.
    size = min(math.ceil(math.sqrt(2) * (sigma + smaller)), reach)
    distance = np.hypot(*np.mgrid[-size : size + 1, -size : size + 1]) / (math.sqrt(2) * sigma)
    apart = np.clip(
        distance, max(1 - radius, np.finfo(float).tiny), 1 + radius
    )  # Discs inside of others, or apart, are limits.
    own = np.arccos(np.clip((apart**2 + radius**2 - 1) / (2 * apart * radius), -1, 1))
    other = np.arccos(np.clip((apart**2 + 1 - radius**2) / (2 * apart), -1, 1))
    kite = np.sqrt(np.maximum((1 + radius - apart) * (apart + radius - 1) * (apart - radius + 1) * (apart + radius + 1), 0))
    part = (radius**2 * own + other - kite / 2) / (np.pi * radius**2)
    return np.where(distance <= 1 - radius, 1.0, part)
