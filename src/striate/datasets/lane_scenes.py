"""Synthetic roads with lane markers, as a camera behind a windscreen sees them, drawn, not photographed.

Each scene is drawn from its seed and its index alone: a flat road that turns, in perspective, with a marker on either side of
the lane, solid or dashed, fresh or worn; cracks, shadows, a car ahead, and houses and trees beside it. What a network that has
learned from these drawings does with photographs is another question.

Rows are counted by t, from 0 at the horizon to 1 at the lower border. What is x lane widths to the right of the camera appears
x W t pixels to the right of the image's middle, where W is the width of the lane in pixels at the lower border. At the distance
z = 1/t - 1, the middle of the lane is a + b z + c z² to the right of the camera: a is where in the lane the camera is, b its
direction, and c half the curvature of the road.
"""

import numpy as np

from .._common.names import public_attributes
from .drawing import Canvas, blurred, check_amount, drawn, lit, uniform
from .vehicles import draw_background

#: Names of the classes of pixels, by their labels.
CLASSES = ("other", "left marker", "right marker")

#: Parts t of the way from the horizon to the lower border at which markers begin, and number of points of a polyline.
_NEAREST_TO_HORIZON, _POINTS = 0.15, 24

#: Width of a marker in widths of the lane.
_WIDTH = 0.06


def load_data(size=96):
    """Return synthetic roads: 400 scenes to train on and 100 to test on, which are drawn in a few seconds.

    Parameters
    ----------
    size : int
        Height and width of the scenes.

    Returns
    -------
    (x, masks, lines), (x_test, masks_test, lines_test) : tuples of ndarray
        What `generate` returns for the seeds 0 and 1.

    Raises
    ------
    TypeError, ValueError
        If `size` is not an integer from 64 to 1024.

    Examples
    --------
    >>> from striate.datasets import lane_scenes
    >>> (x, masks, lines), (x_test, masks_test, lines_test) = lane_scenes.load_data(size=64)
    >>> x.shape, masks_test.shape
    ((400, 64, 64, 3), (100, 64, 64))
    """
    return generate(400, size, seed=0), generate(100, size, seed=1)


def generate(n, size=96, *, seed=0):
    """Return `n` synthetic roads, with the markers at both sides of the lane as masks and as polylines.

    Parameters
    ----------
    n : int
        Number of scenes.
    size : int
        Height and width of the scenes, from 64 to 1024.
    seed : int
        Seed; scene i depends on it, on i and on `size` only, and is the same on every machine.

    Returns
    -------
    x : ndarray of uint8, shape (n, size, size, 3)
        The scenes.
    masks : ndarray of uint8, shape (n, size, size)
        For each pixel its label, an index of `CLASSES`: paint of the left or the right marker, or other. The gaps of dashed
        markers are other.
    lines : ndarray of float32, shape (n, 2, 24, 2)
        Points (x, y) in pixels, with (0, 0) at the upper left corner, in the middle of the left and the right marker, dashed or
        not, from the lower border up. They may lie beside the image.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of range.
    MemoryError
        If there is no memory for so many scenes.

    Examples
    --------
    >>> from striate.datasets import lane_scenes
    >>> x, masks, lines = lane_scenes.generate(2)
    >>> x.shape, masks.shape, lines.shape
    ((2, 96, 96, 3), (2, 96, 96), (2, 2, 24, 2))
    """
    n, size, seed = check_amount(n, size, 64, seed)
    shapes = ((n, size, size, 3), np.uint8), ((n, size, size), np.uint8), ((n, 2, _POINTS, 2), np.float32)
    return drawn(lambda rng: _scene(rng, size), seed, *shapes)


def _scene(rng, size):
    """Return a scene, the labels of its pixels, and the polylines of its markers."""
    canvas = Canvas(size, uniform(rng, 0.35, 1, 3))
    road = _Road(rng, size)
    draw_background(canvas, road.horizon, rng)
    _draw_verge(canvas.pixels, road, rng)
    mask = np.zeros((size, size), np.uint8)
    for label, side in enumerate((-0.5, 0.5), 1):
        _draw_marker(canvas.pixels, mask, label, side, road, rng)
    for _ in range(rng.integers(4)):
        _draw_shadow(canvas, road.horizon, rng)
    if rng.random() < 0.4:
        empty_road = canvas.pixels.copy()
        _draw_car(canvas, road, rng)
        mask[(canvas.pixels != empty_road).any(-1)] = 0
    return lit(blurred(canvas.pixels, int(rng.integers(3))), rng), mask, [road.line(-0.5), road.line(0.5)]


class _Road:
    """Where the road is, and where each pixel below the horizon is on it."""

    def __init__(self, rng, size):
        self.size = size
        self.horizon = size * uniform(rng, 0.3, 0.5)
        self.width = size * uniform(rng, 0.6, 1.0)
        self.course = uniform(rng, -0.25, 0.25), uniform(rng, -0.15, 0.15), uniform(rng, -0.06, 0.06)
        first = int(self.horizon) + 1  # the first row all of which is below the horizon
        self.rows = slice(first, size)
        self.t = ((np.arange(first, size) + 0.5 - self.horizon) / (size - self.horizon))[:, np.newaxis]
        self.z = 1 / self.t - 1
        self.scale = self.width * self.t  # pixels to a lane's width, on each row
        #: How far right of the lane's middle each pixel is, in widths of the lane.
        self.across = (np.arange(size) + 0.5 - size / 2) / self.scale - self.middle(self.z)

    def middle(self, z):
        """Return how far right of the camera the middle of the lane is at a distance, in widths of the lane."""
        a, b, c = self.course
        return a + b * z + c * z * z

    def point(self, t, across):
        """Return x and y of what is on the row at `t`, and `across` widths of the lane right of its middle."""
        x = self.size / 2 + self.width * t * (self.middle(1 / t - 1) + across)
        return x, self.horizon + t * (self.size - self.horizon)

    def line(self, across):
        """Return the points of a line along the lane, from the lower border up."""
        return np.stack(self.point(np.linspace(1, _NEAREST_TO_HORIZON, _POINTS), across), 1)


def _draw_verge(pixels, road, rng):
    """Draw what is beside the road, at random distances from the lane."""
    left, right = 0.55 + uniform(rng, 0, 1.2, 2)
    color = uniform(rng, 0.1, 0.6) * np.array((0.8, 1.0, 0.5)) + uniform(rng, -0.1, 0.1, 3)
    for beyond in (-road.across - left, road.across - right):
        _mix(pixels[road.rows], np.clip(0.5 + beyond * road.scale, 0, 1), color)


def _draw_marker(pixels, mask, label, side, road, rng):
    """Draw a marker along the lane, and its label, where it is solid or the distance is within a dash."""
    there = np.clip(0.5 - (np.abs(road.across - side) - _WIDTH / 2) * road.scale, 0, 1)
    there = there * (road.t >= _NEAREST_TO_HORIZON)
    dashed, phase = rng.random() < 0.5, rng.random()
    period, part = uniform(rng, 0.8, 2), uniform(rng, 0.45, 0.7)
    along = road.z / period + phase
    if dashed:
        there = there * (along - np.floor(along) < part)
    mask[road.rows][there >= 0.5] = label
    paint = (0.95, 0.95, 0.92) if rng.random() < 0.75 else (0.95, 0.75, 0.2)
    worn = uniform(rng, 0, 0.35) > rng.random(there.shape)
    _mix(pixels[road.rows], there * uniform(rng, 0.6, 1) * np.where(worn, 0.4, 1), np.array(paint))


def _mix(pixels, opacity, color):
    pixels += opacity[..., np.newaxis] * (color - pixels)


def _draw_shadow(canvas, horizon, rng):
    """Draw a shadow that lies across the road, such as a pole's or a bridge's."""
    canvas.place((0, canvas.size), canvas.size)
    left, width, lean = uniform(rng, -0.3, 1), uniform(rng, 0.03, 0.4), uniform(rng, -0.6, 0.6)
    height = 1 - horizon / canvas.size
    corners = [(left, 0), (left + width, 0), (left + width + lean, height), (left + lean, height)]
    canvas.polygon(corners, (0, 0, 0), uniform(rng, 0.2, 0.55))


def _draw_car(canvas, road, rng):
    """Draw a car ahead, from behind, in the lane or beside it."""
    t, across = uniform(rng, 0.2, 0.5), rng.integers(-1, 2) + uniform(rng, -0.15, 0.15)
    canvas.place(road.point(t, across), 0.27 * road.width * t)
    color, lamp = rng.random(3), (0.8, 0.1, 0.1)
    canvas.disk(0, 0, 1.15, (0, 0, 0), 0.5, flat=0.12)
    for side in (-0.9, 0.6):
        canvas.box(side, 0, side + 0.3, 0.3, (0.06, 0.06, 0.07))
    canvas.box(-1, 0.2, 1, 0.85, color)
    canvas.polygon([(-0.9, 0.85), (0.9, 0.85), (0.7, 1.45), (-0.7, 1.45)], 0.9 * color)
    canvas.polygon([(-0.75, 0.9), (0.75, 0.9), (0.6, 1.35), (-0.6, 1.35)], (0.3, 0.35, 0.4))
    for side in (-0.95, 0.7):
        canvas.box(side, 0.6, side + 0.25, 0.75, lamp)


__all__ = ["CLASSES", "generate", "load_data"]

__getattr__, __dir__ = public_attributes(globals())
