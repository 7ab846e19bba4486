"""Drawing with NumPy: convex polygons, disks and lines with smooth edges, on an image whose coordinates can be turned.

A pixel is covered by ``clip(1/2 - d, 0, 1)``, where d is its distance from the shape in pixels, negative inside. Only
operations that IEEE 754 rounds exactly are used, so that an image is the same on every machine.
"""

import math

import numpy as np

from .._common.arrays import empty
from .._common.checks import LARGEST_SEED, integer

_LARGEST_SIZE = 1024


class Canvas:
    """An image with coordinates (x to the right, y up) that shapes are drawn in.

    Parameters
    ----------
    size : int
        Height and width in pixels.
    color : array_like, shape (3,)
        Colour of all pixels, red, green and blue from 0 to 1.
    """

    def __init__(self, size, color):
        self.pixels = np.empty((size, size, 3))
        self.pixels[:] = color
        self.size = size
        self.place((0.0, size), 1.0)

    def place(self, origin, scale, turn=0.0, stretch=1.0):
        """Set the coordinates of what is drawn from now on.

        Parameters
        ----------
        origin : pair of float
            Pixels from the left and the upper border to the point (0, 0).
        scale : float
            Pixels to a unit.
        turn : float
            Tangent of half the angle by which shapes are turned, counter-clockwise.
        stretch : float
            Factor of x, from -1 to 1: nearer to 0 for what is seen obliquely, below 0 for what is mirrored.
        """
        cosine, sine = (1 - turn * turn) / (1 + turn * turn), 2 * turn / (1 + turn * turn)
        middles = np.arange(self.size) + 0.5
        right, up = (middles - origin[0]) / scale, (origin[1] - middles[:, np.newaxis]) / scale
        self._x = (cosine * right + sine * up) / stretch
        self._y = cosine * up - sine * right
        self._placed = *origin, scale, cosine, sine, stretch

    def polygon(self, points, color, opacity=1.0):
        """Draw a convex polygon; its corners are in counter-clockwise order."""
        near = self._near(points)
        right_of, above = self._x[near], self._y[near]
        distance = None
        for (x, y), (next_x, next_y) in zip(points, [*points[1:], points[0]], strict=True):
            right, up = next_x - x, next_y - y
            length = math.sqrt(right * right + up * up)
            beyond = (right_of - x) * (up / length) - (above - y) * (right / length)
            distance = beyond if distance is None else np.maximum(distance, beyond)
        self._paint(near, distance, color, opacity)

    def box(self, left, bottom, right, top, color, opacity=1.0):
        """Draw a rectangle."""
        self.polygon([(left, bottom), (right, bottom), (right, top), (left, top)], color, opacity)

    def disk(self, x, y, radius, color, opacity=1.0, flat=1.0):
        """Draw a disk, or an ellipse whose height is `flat` times its width, at most 1."""
        near = self._near([(x, y)], radius)
        self._paint(near, self._distance(near, x, y, flat) - radius, color, opacity)

    def ring(self, x, y, radius, width, color):
        """Draw a circle as a line of a given width."""
        near = self._near([(x, y)], radius + width / 2)
        self._paint(near, np.abs(self._distance(near, x, y) - radius) - width / 2, color, 1.0)

    def line(self, start, end, width, color):
        """Draw a line with round ends."""
        near = self._near([start, end], width / 2)
        right, up = end[0] - start[0], end[1] - start[1]
        x, y = self._x[near] - start[0], self._y[near] - start[1]
        along = np.clip((x * right + y * up) / (right * right + up * up), 0, 1)
        x -= along * right
        y -= along * up
        self._paint(near, np.sqrt(x * x + y * y) - width / 2, color, 1.0)

    def _near(self, points, reach=0.0):
        """Return the slices of rows and columns of the pixels that a shape may cover, as far from some points as it reaches."""
        left, top, scale, cosine, sine, stretch = self._placed
        columns = [left + scale * (cosine * stretch * x - sine * y) for x, y in points]
        rows = [top - scale * (sine * stretch * x + cosine * y) for x, y in points]
        beyond = reach * scale + 1
        return tuple(
            slice(max(math.floor(min(each) - beyond), 0), max(math.ceil(max(each) + beyond), 0)) for each in (rows, columns)
        )

    def _distance(self, near, x, y, flat=1.0):
        right, up = self._x[near] - x, (self._y[near] - y) / flat
        return np.sqrt(right * right + up * up)

    def _paint(self, near, distance, color, opacity):
        """Mix the colour of a shape into the pixels that it covers."""
        covered = (np.clip(0.5 - distance * self._placed[2], 0, 1) * opacity)[..., np.newaxis]
        pixels = self.pixels[near]
        pixels += covered * (np.asarray(color) - pixels)


def check_amount(n, size, smallest, seed, name="n"):
    """Return the arguments `n`, called `name`, `size`, of at least `smallest`, and `seed` of functions that draw images."""
    return integer(name, n, 0), integer("size", size, smallest, _LARGEST_SIZE), integer("seed", seed, 0, LARGEST_SEED)


def uniform(rng, low, high, shape=None):
    """Return random numbers from `low` to `high`; each operation is rounded, unlike in `rng.uniform` on some processors."""
    return low + (high - low) * rng.random(shape)


def drawn(make, seed, *kinds):
    """Return arrays of some shapes (images, ...) and dtypes, of which ``make(rng)`` returns the elements for one image.

    It gets a generator that depends on the seed and the image's index.
    """
    arrays = [empty(shape, np.dtype(dtype)) for shape, dtype in kinds]
    for i in range(len(arrays[0])):
        for array, element in zip(arrays, make(np.random.default_rng([seed, i])), strict=True):
            array[i] = element
    return tuple(arrays)


def blurred(pixels, passes):
    """Return an image that is out of focus: each pass of (1, 2, 1) / 4 along both axes adds 1/2 to the blur's variance."""
    for _ in range(2 * passes):
        padded = np.concatenate([pixels[:1], pixels, pixels[-1:]])
        pixels = ((padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4).swapaxes(0, 1)
    return pixels


def lit(pixels, rng):
    """Return the image as bytes, in light of random strength, colour and direction, with a sensor's noise."""
    middles = (np.arange(len(pixels)) + 0.5) / len(pixels) - 0.5
    slope = uniform(rng, -0.5, 0.5, 2)
    across = 1 + slope[0] * middles[:, np.newaxis] + slope[1] * middles
    light = uniform(rng, 0.35, 1.15) * uniform(rng, 0.85, 1.15, 3)
    noise = uniform(rng, 0, 0.16) * (rng.random(pixels.shape) - 0.5)
    return np.floor(np.clip(pixels * across[..., np.newaxis] * light + noise, 0, 1) * 255 + 0.5).astype(np.uint8)
