"""Synthetic images of cells under a fluorescence microscope, with the label of the cell that each pixel belongs to.

Each image is drawn from its seed and its index alone: bright, roundish cells of different sizes, most of which touch or overlap
others, in uneven light, out of focus, with noise. What a network that has learned from these drawings does with photographs is
another question.
"""

import math

import numpy as np

from .._common.names import public_attributes
from .drawing import blurred, check_amount, drawn, uniform

#: Fewest and largest number of cells in an image, and of attempts to find a place for one.
_FEWEST, _MOST, _ATTEMPTS = 6, 24, 10

#: Least and largest radius of a cell, as parts of the image's size.
_RADII = 0.045, 0.1

#: Two cells are at least this part of the sum of their radii apart, and cells that touch at most the second one.
_DISTANCES = 0.8, 1.0


def load_data(size=96):
    """Return synthetic images of cells: 400 to train on and 100 to test on, which are drawn in a few seconds.

    Parameters
    ----------
    size : int
        Height and width of the images.

    Returns
    -------
    (x_train, y_train), (x_test, y_test) : tuples of ndarray of uint8
        What `generate` returns for the seeds 0 and 1.

    Raises
    ------
    TypeError, ValueError
        If `size` is not an integer from 32 to 1024.

    Examples
    --------
    >>> from striate.datasets import cell_images
    >>> (x_train, y_train), (x_test, y_test) = cell_images.load_data(size=32)
    >>> x_train.shape, y_test.shape
    ((400, 32, 32), (100, 32, 32))
    """
    return generate(400, size, seed=0), generate(100, size, seed=1)


def generate(n, size=96, *, seed=0):
    """Return `n` synthetic images of up to 24 cells, most of which touch or overlap others.

    Parameters
    ----------
    n : int
        Number of images.
    size : int
        Height and width of the images, from 32 to 1024.
    seed : int
        Seed; image i depends on it, on i and on `size` only, and is the same on every machine.

    Returns
    -------
    x : ndarray of uint8, shape (n, size, size)
        The images.
    y : ndarray of uint8, shape (n, size, size)
        For each pixel 0 for the background, or the number of its cell: 1, 2, … in each image. Where cells overlap, it is the
        number of the upper one. ``y > 0`` are the masks of all cells together.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of range.
    MemoryError
        If there is no memory for so many images.

    Examples
    --------
    >>> from striate.datasets import cell_images
    >>> x, y = cell_images.generate(3)
    >>> x.shape, y.max((1, 2)).tolist()
    ((3, 96, 96), [15, 23, 11])
    """
    n, size, seed = check_amount(n, size, 32, seed)
    return drawn(lambda rng: _image(rng, size), seed, *[((n, size, size), np.uint8)] * 2)


def _image(rng, size):
    """Return an image, and the labels of its pixels."""
    light, labels = np.zeros((size, size)), np.zeros((size, size), np.uint8)
    strength = uniform(rng, 0.3, 0.7)
    for i, (row, column, radius) in enumerate(_places(rng, size), 1):
        _add(light, labels, i, (row, column), radius, strength * uniform(rng, 0.6, 1.3), rng)
    middles = (np.arange(size) + 0.5) / size - 0.5
    down, across, curve = uniform(rng, -0.5, 0.5), uniform(rng, -0.5, 0.5), uniform(rng, 0, 1)
    rows = middles[:, np.newaxis]
    illumination = 1 + down * rows + across * middles - curve * (rows * rows + middles * middles)
    pixels = (light + uniform(rng, 0.02, 0.25)) * illumination
    pixels = blurred(pixels, int(rng.integers(1, 4)))
    # The noise of counted photons grows with the square root of the light; a sum of twelve uniform numbers is nearly normal.
    noise = rng.random((12, size, size)).sum(0) - 6
    pixels = pixels + noise * (uniform(rng, 0.01, 0.03) + uniform(rng, 0, 0.08) * np.sqrt(np.maximum(pixels, 0)))
    return np.floor(np.clip(pixels, 0, 1) * 255 + 0.5).astype(np.uint8), labels


def _places(rng, size):
    """Return (row, column, radius) of cells, of which about two thirds lie beside another one."""
    found = []
    for _ in range(rng.integers(_FEWEST, _MOST + 1)):
        radius = size * uniform(rng, *_RADII)
        for _ in range(_ATTEMPTS):
            row, column = uniform(rng, radius, size - radius, 2)
            if found and rng.random() < 0.67:
                row, column = _beside(found[rng.integers(len(found))], radius, rng)
            inside = min(row, column) >= radius and max(row, column) <= size - radius
            if inside and all(_distance(row - y, column - x) >= _DISTANCES[0] * (radius + r) for y, x, r in found):
                found.append((row, column, radius))
                break
    return found


def _beside(cell, radius, rng):
    """Return the row and column of a cell that touches or overlaps another one, in a random direction."""
    row, column, other = cell
    down, right = uniform(rng, -1, 1, 2)
    factor = uniform(rng, *_DISTANCES) * (radius + other) / max(_distance(down, right), 1e-9)
    return row + factor * down, column + factor * right


def _distance(down, right):
    return math.sqrt(down * down + right * right)


def _add(light, labels, label, place, radius, brightness, rng):
    """Add the light and the label of a cell, whose outline is a circle with three bumpy waves of 2, 3 and 4 periods."""
    top, left = (max(math.floor(each - 1.5 * radius), 0) for each in place)
    part = np.s_[top : math.ceil(place[0] + 1.5 * radius) + 1, left : math.ceil(place[1] + 1.5 * radius) + 1]
    rows, columns = np.ogrid[top : top + light[part].shape[0], left : left + light[part].shape[1]]
    down, right = rows + 0.5 - place[0], columns + 0.5 - place[1]
    distance = np.sqrt(down * down + right * right)
    cosine, sine = right / np.maximum(distance, 1e-9), down / np.maximum(distance, 1e-9)
    outline, real, imaginary = 1.0, cosine, sine
    for amplitude in (0.12, 0.06, 0.04):  # (cosine + i sine)^k has the cosine and sine of the k-fold angle.
        real, imaginary = real * cosine - imaginary * sine, real * sine + imaginary * cosine
        outline = outline + uniform(rng, -amplitude, amplitude) * real + uniform(rng, -amplitude, amplitude) * imaginary
    relative = distance / (radius * outline)
    dome = 0.6 + 0.4 * np.clip(1 - relative * relative, 0, 1)
    for _ in range(rng.integers(4)):  # bright and dark spots
        y, x = uniform(rng, -0.6, 0.6, 2) * radius
        spot = np.clip(1 - ((down - y) * (down - y) + (right - x) * (right - x)) / (0.09 * radius * radius), 0, 1)
        dome += uniform(rng, -0.4, 0.4) * spot
    light[part] += brightness * dome * np.clip(0.5 - (relative - 1) * radius, 0, 1)
    labels[part][relative < 1] = label


__all__ = ["generate", "load_data"]

__getattr__, __dir__ = public_attributes(globals())
