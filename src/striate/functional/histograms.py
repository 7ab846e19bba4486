"""Equalization of the histograms of images, as Keras computes it: of floats from 0 to 255, which are sorted into levels."""

import numpy as np

_LEVELS = 256  # of `clahe`
_HIGHEST = 255.0


def equalize(x, bins):
    """Return images whose levels occur equally often in each channel, as far as that can be.

    Parameters
    ----------
    x : ndarray of floats, shape (batch, height, width, channels)
        Images with values from 0 to 255.
    bins : int
        Number of levels.
    """
    levels = _levels(x * ((bins - 1) / _HIGHEST), bins)
    y = x.copy()  # Channels of only one level stay as they are.
    for i, c in np.ndindex(len(x), x.shape[3]):
        plane = levels[i, :, :, c]
        counts = np.bincount(plane.ravel(), minlength=bins)
        if np.count_nonzero(counts) > 1:
            no_brighter = np.cumsum(counts)
            first = no_brighter[np.flatnonzero(counts)[0]]
            y[i, :, :, c] = np.round((no_brighter - first) * _HIGHEST / (no_brighter[-1] - first))[plane]
    return np.where(np.isnan(x), x, y)


def clahe(x, clip_limit, tiles):
    """Return images that are equalized in each region by itself, where contrast is limited (CLAHE).

    Zuiderveld, K., "Contrast limited adaptive histogram equalization", Graphics Gems IV, 1994. Unlike
    `striate.image.clahe`, which computes with 8 bits as OpenCV does, nothing is rounded here, as in Keras.

    Parameters
    ----------
    x : ndarray of floats, shape (batch, height, width, channels)
        Images with values from 0 to 255.
    clip_limit : float
        How often a value may occur in a tile, compared with all values equally often; 0 for any number.
    tiles : pair of int
        How many tiles there are, one below another and side by side.
    """
    batch, height, width, channels = x.shape
    (down, across), (tile_height, tile_width) = tiles, (-(-n // count) for n, count in zip(x.shape[1:3], tiles, strict=True))
    rest = (down * tile_height - height, across * tile_width - width)
    levels = _levels(x, _LEVELS)
    whole = np.pad(levels, ((0, 0), (0, rest[0]), (0, rest[1]), (0, 0)), "symmetric")
    cut = whole.reshape(batch, down, tile_height, across, tile_width, channels).transpose(0, 1, 3, 5, 2, 4)
    maps = _maps(cut.reshape(batch * down * across * channels, -1), clip_limit)
    maps = maps.reshape(batch, down, across, channels, _LEVELS)
    upper, lower, below = _tiles_around(height, tile_height, down, (1, -1, 1, 1))
    left, right, beside = _tiles_around(width, tile_width, across, (1, 1, -1, 1))
    image, channel = np.arange(batch).reshape(-1, 1, 1, 1), np.arange(channels)
    corners = [[maps[image, row, column, channel, levels] for column in (left, right)] for row in (upper, lower)]
    top, bottom = (first * (1 - beside) + second * beside for first, second in corners)
    return np.where(np.isnan(x), x, (top * (1 - below) + bottom * below).astype(x.dtype))


def _levels(x, count):
    """Return the level of each value: its integer part, within the levels that there are; the first for NaN, which has none."""
    return np.clip(np.nan_to_num(x), 0, count - 1).astype(np.intp)


def _maps(tiles, clip_limit):
    """Return what each level becomes in each tile, (tiles, levels), for the levels of its pixels, (tiles, pixels)."""
    count, pixels = tiles.shape
    offsets = np.arange(count)[:, np.newaxis] * _LEVELS
    counts = np.bincount((offsets + tiles).ravel(), minlength=count * _LEVELS).reshape(count, _LEVELS).astype(np.float64)
    if clip_limit > 0:
        clipped = np.minimum(counts, clip_limit * pixels / _LEVELS)
        counts = clipped + (counts - clipped).sum(1, keepdims=True) / _LEVELS  # The excess is spread over all levels.
    no_brighter = np.cumsum(counts, 1)
    first = no_brighter[:, :1]
    spread = np.where(pixels == first, 1, pixels - first)
    return np.clip((no_brighter - first) * _HIGHEST / spread, 0, _HIGHEST)


def _tiles_around(size, tile, count, shape):
    """Return for each row, or column, the tiles before and behind it, by their middles, and how near the second one is."""
    places = (np.arange(size) - tile / 2) / tile
    before = np.floor(places).astype(np.intp)
    found = np.clip(before, 0, count - 1), np.clip(before + 1, 0, count - 1), places - before
    return (each.reshape(shape) for each in found)
