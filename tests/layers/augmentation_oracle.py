"""Slow and obvious references for augmentations, in NumPy and float64."""

import numpy as np

GRAY = np.array([0.2989, 0.587, 0.114])


def equalize(channel):
    """Return a plane of whole numbers from 0 to 255, equalized."""
    first = channel.min()
    others = (channel > first).sum()
    if not others:
        return channel
    part = np.array([[((channel <= value) & (channel > first)).sum() for value in row] for row in channel])
    return np.round(part * 255 / others)


def clahe(plane, clip_limit, tiles):
    """Return a plane with values from 0 to 255 after contrast limited adaptive equalization, pixel by pixel."""
    (down, across), (height, width) = tiles, plane.shape
    tall, wide = -(-height // down), -(-width // across)
    levels = np.clip(plane, 0, 255).astype(int)
    whole = np.pad(levels, ((0, tall * down - height), (0, wide * across - width)), "symmetric")
    maps = np.empty((down, across, 256))
    for i, j in np.ndindex(down, across):
        tile = whole[i * tall : (i + 1) * tall, j * wide : (j + 1) * wide]
        counts = np.array([(tile == level).sum() for level in range(256)], float)
        if clip_limit:
            limit = clip_limit * tile.size / 256
            counts = np.minimum(counts, limit) + np.maximum(counts - limit, 0).sum() / 256
        sums = np.cumsum(counts)
        maps[i, j] = np.clip((sums - sums[0]) * 255 / (tile.size - sums[0] or 1), 0, 255)
    y = np.empty(plane.shape)
    for i, j in np.ndindex(height, width):
        row, column = (i - tall / 2) / tall, (j - wide / 2) / wide
        total = 0.0
        for r, u in ((int(np.floor(row)), 1 - row % 1), (int(np.floor(row)) + 1, row % 1)):
            for c, v in ((int(np.floor(column)), 1 - column % 1), (int(np.floor(column)) + 1, column % 1)):
                total += u * v * maps[min(max(r, 0), down - 1), min(max(c, 0), across - 1), levels[i, j]]
        y[i, j] = total
    return y


def correlate(image, kernel):
    """Return an image (height, width, channels) correlated with a kernel, and padded with 0."""
    (tall, wide), (height, width, _) = kernel.shape, image.shape
    padded = np.pad(image.astype(float), ((tall // 2,) * 2, (wide // 2,) * 2, (0, 0)))
    return sum(kernel[i, j] * padded[i : i + height, j : j + width] for i, j in np.ndindex(tall, wide))


def sample(image, row, column, fill_value):
    """Return the channels of an image at a place, bilinearly interpolated, with a constant outside."""
    height, width, channels = image.shape
    top, left = int(np.floor(row)), int(np.floor(column))
    total = np.zeros(channels)
    for i, u in ((top, 1 - (row - top)), (top + 1, row - top)):
        for j, v in ((left, 1 - (column - left)), (left + 1, column - left)):
            total += u * v * (image[i, j] if 0 <= i < height and 0 <= j < width else fill_value)
    return total
