"""How often values occur, and images in which they occur equally often: histogram, equalization, CLAHE."""

import numpy as np

from .._common.checks import integer, number, pair
from .arrays import as_batch, check_finite, check_image, check_range, from_batch, rounded

_LEVELS = 256  # values of uint8, and bins of floats in `clahe`


def histogram(image, bins=256, data_range=None):
    """Return how many pixels have values in each of some bins of equal width, for each channel.

    Parameters
    ----------
    image : array_like of uint8, float32 or float64, shape (height, width), (height, width, channels) or with a batch
        Images.
    bins : int
        How many bins there are. With the 256 bins of uint8, each value has its own.
    data_range : pair of float, optional
        Beginning of the first bin and end of the last; 0 and 255 for uint8 if None. Values outside are not counted.

    Returns
    -------
    ndarray of int64, shape (bins,), (channels, bins) or (batch, channels, bins)
        The counts of ``numpy.histogram``.

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array, has floats but there is no `data_range`, or holds NaN or infinity.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> x = np.array([[0, 10, 10], [200, 255, 255]], np.uint8)
    >>> np.flatnonzero(image.histogram(x))
    array([  0,  10, 200, 255])
    >>> image.histogram(x, 4)
    array([3, 0, 0, 3])
    >>> image.histogram(x / 255, 2, (0, 1))
    array([3, 3])
    """
    image = check_image("image", image)
    bins = integer("bins", bins, 1, 1 << 24)
    data_range = check_range(image, data_range)
    check_finite("image", image)
    batch = as_batch(image)
    count, channels = len(batch), batch.shape[-1]
    counts = np.empty((count, channels, bins), np.int64)
    for i, c in np.ndindex(count, channels):
        counts[i, c] = _counts(batch[i, :, :, c], bins, data_range)
    if image.ndim == 2:
        return counts[0, 0]
    return counts[0] if image.ndim == 3 else counts


def _counts(plane, bins, data_range):
    if plane.dtype != np.uint8:
        return np.histogram(plane, bins, data_range)[0]
    levels = np.bincount(plane.ravel(), minlength=_LEVELS)
    return np.histogram(np.arange(_LEVELS), bins, data_range, weights=levels)[0]


def equalize(image, data_range=None, bins=256):
    """Return images whose values occur equally often, as far as that can be: the contrast is spread over the whole range.

    Parameters
    ----------
    image : array_like of uint8, float32 or float64, shape (height, width), (height, width, channels) or with a batch
        Images. Each channel is equalized alone, which changes colours: to keep them, equalize Y of `rgb_to_ycbcr`.
    data_range : pair of float, optional
        Lowest and highest value of the result; 0 and 255 for uint8, for which nothing else is possible.
    bins : int
        Number of bins between the smallest and the largest value, for floats.

    Returns
    -------
    ndarray of the image's shape and dtype

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array, has floats but there is no `data_range`, or holds NaN or infinity.

    Notes
    -----
    uint8 is that of OpenCV's ``equalizeHist``: the smallest value becomes 0. Floats are those of scikit-image's
    ``equalize_hist``, from 0 to 1, brought to `data_range`: the part of pixels that are not brighter, interpolated between the
    centres of bins.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.equalize(np.array([[50, 52], [52, 54]], np.uint8))
    array([[  0, 170],
           [170, 255]], dtype=uint8)
    """
    image = check_image("image", image)
    bins = integer("bins", bins, 1, 1 << 24)
    lowest, highest = check_range(image, data_range)
    if image.dtype == np.uint8 and (lowest, highest) != (0, _LEVELS - 1):
        raise ValueError(f"data_range={data_range} is not that of uint8; expected (0, 255) or None")
    check_finite("image", image)
    batch = as_batch(image)
    y = np.empty_like(batch)
    for i, c in np.ndindex(len(batch), batch.shape[-1]):
        plane = batch[i, :, :, c]
        if image.dtype == np.uint8:
            y[i, :, :, c] = _equalizing(np.bincount(plane.ravel(), minlength=_LEVELS))[plane]
        else:
            counts, edges = np.histogram(plane, bins)
            parts = np.cumsum(counts) / plane.size
            y[i, :, :, c] = lowest + (highest - lowest) * np.interp(plane, (edges[:-1] + edges[1:]) / 2, parts)
    return from_batch(y, image)


def _equalizing(counts):
    """Return what each value of uint8 becomes: 255 times the part of the pixels above the smallest value that are no brighter.

    The factor and the product are rounded to float32, which decides some ties as OpenCV does.
    """
    first = np.flatnonzero(counts)[0]
    others = counts.sum() - counts[first]
    if others == 0:
        return np.full(_LEVELS, first, np.uint8)
    no_brighter = (np.cumsum(counts) - counts[first]).astype(np.float32)
    return rounded(no_brighter * (np.float32(_LEVELS - 1) / np.float32(others)), np.dtype(np.uint8))


def clahe(image, clip_limit=40.0, tiles=8, data_range=None):
    """Return images that are equalized in each region by itself, where contrast is limited (CLAHE).

    Parameters
    ----------
    image : array_like of uint8, float32 or float64, shape (height, width), (height, width, channels) or with a batch
        Images. Each channel is equalized alone; see `equalize`.
    clip_limit : float
        How often a value may occur in a tile, compared with all values equally often; what exceeds it is spread over all
        values. With small limits, such as 2 to 4, little noise is enhanced. 0 means no limit.
    tiles : int or pair of int
        How many tiles there are, one below another and side by side.
    data_range : pair of float, optional
        Lowest and highest value of the image and the result; 0 and 255 for uint8. Floats are sorted into 256 bins, and the
        result is not rounded.

    Returns
    -------
    ndarray of the image's shape and dtype

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array, has floats but there is no `data_range`, or holds NaN or infinity.

    References
    ----------
    .. [1] Zuiderveld, K., "Contrast limited adaptive histogram equalization", Graphics Gems IV, 1994. uint8 is that of OpenCV's
       ``createCLAHE``, whose defaults these are.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> dim = np.tile(np.arange(100, 108, dtype=np.uint8), (8, 1))
    >>> image.clahe(dim, clip_limit=0, tiles=1)[0]
    array([ 32,  64,  96, 128, 159, 191, 223, 255], dtype=uint8)
    """
    image = check_image("image", image)
    clip_limit = number("clip_limit", clip_limit, 0)
    down, across = tiles = pair("tiles", tiles)
    lowest, highest = check_range(image, data_range)
    check_finite("image", image)
    batch = as_batch(image)
    if down > batch.shape[1] or across > batch.shape[2]:
        raise ValueError(f"tiles={tiles} are more than rows or columns of the image, {batch.shape[1:3]}; expected fewer")
    exact = image.dtype == np.uint8
    y = np.empty_like(batch)
    for i, c in np.ndindex(len(batch), batch.shape[-1]):
        plane = batch[i, :, :, c]
        if exact:
            y[i, :, :, c] = _clahe(plane, clip_limit, tiles, exact)
            continue
        scaled = (plane.astype(np.float64) - lowest) * (_LEVELS / (highest - lowest))
        equalized = _clahe(np.clip(scaled, 0, _LEVELS - 1).astype(np.uint8), clip_limit, tiles, exact)
        y[i, :, :, c] = lowest + (highest - lowest) / (_LEVELS - 1) * equalized
    return from_batch(y, image)


def _clahe(plane, clip_limit, tiles, exact):
    """Return an equalized plane of uint8, rounded if `exact`, and in float32 otherwise."""
    size = plane.shape
    if any(n % count for n, count in zip(size, tiles, strict=True)):  # Then both sides are padded, as in OpenCV.
        whole = np.pad(plane, [(0, count - n % count) for n, count in zip(size, tiles, strict=True)], "reflect")
    else:
        whole = plane
    (down, across), (height, width) = tiles, (n // count for n, count in zip(whole.shape, tiles, strict=True))
    numbered = np.arange(down * across).reshape(down, across).repeat(height, 0).repeat(width, 1) * _LEVELS
    cut = whole[: down * height, : across * width]
    counts = np.bincount((numbered + cut).ravel(), minlength=down * across * _LEVELS).reshape(-1, _LEVELS)
    if clip_limit > 0:
        counts = _clipped(counts, max(int(clip_limit * height * width / _LEVELS), 1))
    maps = np.cumsum(counts, 1).astype(np.float32) * np.float32((_LEVELS - 1) / np.float32(height * width))
    maps = rounded(maps, plane.dtype).astype(np.float32) if exact else maps
    maps = maps.reshape(down, across, _LEVELS)
    upper, lower, below = _neighbours(size[0], height, down)
    left, right, beside = _neighbours(size[1], width, across)
    upper, lower, below = (each[:, np.newaxis] for each in (upper, lower, below))
    top = maps[upper, left, plane] * (1 - beside) + maps[upper, right, plane] * beside
    bottom = maps[lower, left, plane] * (1 - beside) + maps[lower, right, plane] * beside
    y = top * (1 - below) + bottom * below
    return rounded(y, plane.dtype) if exact else y


def _clipped(counts, limit):
    """Return histograms (tile, value) whose counts above a limit are spread over all values."""
    excess = np.maximum(counts - limit, 0).sum(1)
    share, rest = np.divmod(excess, _LEVELS)
    counts = np.minimum(counts, limit) + share[:, np.newaxis]
    step = np.maximum(_LEVELS // np.maximum(rest, 1), 1)[:, np.newaxis]
    values = np.arange(_LEVELS)
    return counts + ((values % step == 0) & (values // step < rest[:, np.newaxis]))


def _neighbours(size, tile, count):
    """Return, for each row or column, the tiles before and behind it, by their middles, and how near the second one is."""
    places = np.arange(size, dtype=np.float32) * (np.float32(1) / np.float32(tile)) - np.float32(0.5)
    before = np.floor(places).astype(np.int64)
    return np.maximum(before, 0), np.minimum(before + 1, count - 1), places - before.astype(np.float32)
