"""Synthetic vehicles: cars, buses, lorries, motorcycles and bicycles that are drawn, not photographed.

Each image is drawn from its seed and its index alone, with NumPy: a background with clutter, a vehicle of random shape, size,
pose and colour, things in front of it, and light. Networks that tell them apart have learned to read these drawings; what they
do with photographs is another question.
"""

import numpy as np

from .._common.names import public_attributes
from .drawing import Canvas, check_amount, drawn, lit, uniform

#: Names of the classes, by their labels.
CLASSES = ("car", "bus", "lorry", "motorcycle", "bicycle")

_TYRE, _HUB, _METAL = (0.07, 0.07, 0.08), (0.62, 0.62, 0.65), (0.5, 0.5, 0.53)
_LAMP, _TAIL_LAMP = (1.0, 0.93, 0.6), (0.85, 0.1, 0.1)


def load_data(size=48):
    """Return synthetic vehicles: 2,000 images to train on and 500 to test on, which are drawn in a few seconds.

    Parameters
    ----------
    size : int
        Height and width of the images.

    Returns
    -------
    (x_train, y_train), (x_test, y_test) : tuples of ndarray of uint8
        Images (2000, size, size, 3) and (500, size, size, 3), and labels, indices of `CLASSES`: what `generate` returns for the
        seeds 0 and 1.

    Raises
    ------
    TypeError, ValueError
        If `size` is not an integer from 16 to 1024.

    Examples
    --------
    >>> from striate.datasets import vehicles
    >>> (x_train, y_train), (x_test, y_test) = vehicles.load_data(size=16)
    >>> x_train.shape, x_test.shape
    ((2000, 16, 16, 3), (500, 16, 16, 3))
    """
    return generate(2000, size, seed=0), generate(500, size, seed=1)


def generate(n, size=48, *, seed=0):
    """Return `n` synthetic vehicles, drawn with random shapes, sizes, poses, colours, light and clutter.

    Parameters
    ----------
    n : int
        Number of images.
    size : int
        Height and width of the images, from 16 to 1024.
    seed : int
        Seed; image i depends on it, on i and on `size` only, and is the same on every machine.

    Returns
    -------
    x : ndarray of uint8, shape (n, size, size, 3)
        The images.
    y : ndarray of uint8, shape (n,)
        Labels, indices of `CLASSES`.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of range.
    MemoryError
        If there is no memory for so many images.

    Examples
    --------
    >>> from striate.datasets import vehicles
    >>> x, y = vehicles.generate(100)
    >>> x.shape, [vehicles.CLASSES[i] for i in y[:3]]
    ((100, 48, 48, 3), ['bicycle', 'lorry', 'bicycle'])
    """
    n, size, seed = check_amount(n, size, 16, seed)
    return drawn(lambda rng: _scene(rng, size), seed, ((n, size, size, 3), np.uint8), ((n,), np.uint8))


def _scene(rng, size):
    """Return an image of one vehicle, and its label."""
    label = rng.integers(len(CLASSES))
    horizon = size * uniform(rng, 0.25, 0.6)
    canvas = Canvas(size, uniform(rng, 0.35, 1, 3))
    draw_background(canvas, horizon, rng)
    scale = size * uniform(rng, 0.22, 0.42)  # half the vehicle's length
    stretch = uniform(rng, 0.7, 1) * (1 if rng.random() < 0.5 else -1)
    reach = min(0.8 * scale, size / 2)
    origin = uniform(rng, reach, size - reach), uniform(rng, max(horizon + 0.1 * size, 1.05 * scale), 0.95 * size)
    canvas.place(origin, scale, uniform(rng, -0.1, 0.1), stretch)
    draw_shadow(canvas, rng)
    DRAW[label](canvas, rng)
    draw_foreground(canvas, rng)
    return lit(canvas.pixels, rng), label


def draw_shadow(canvas, rng):
    """Draw the shadow of what stands at the point (0, 0)."""
    canvas.disk(0, 0, 1.1, (0, 0, 0), uniform(rng, 0.2, 0.6), flat=0.08)


def draw_background(canvas, horizon, rng):
    """Draw houses, trees and a street on a canvas in pixels."""
    size = canvas.size
    canvas.place((0, horizon), 1.0)
    for _ in range(rng.integers(6)):
        left, width, height = size * uniform(rng, -0.1, 1), size * uniform(rng, 0.05, 0.4), size * uniform(rng, 0.05, 0.5)
        color = rng.random(3)
        if rng.random() < 0.6:
            canvas.box(left, 0, left + width, height, color)
            for floor in np.arange(0.2, 0.9, 0.25):
                canvas.box(left + width / 5, floor * height, left + width / 2, (floor + 0.12) * height, rng.random(3))
        else:
            canvas.line((left, 0), (left, height), 0.02 * size, color / 3)
            canvas.disk(left, height, width / 2, color * (0.5, 1, 0.5))
    canvas.box(-size, -size, 2 * size, 0, uniform(rng, 0.15, 0.7) + uniform(rng, -0.08, 0.08, 3))
    for _ in range(rng.integers(4)):
        start, end = uniform(rng, 0, size, 2), uniform(rng, 0, size, 2)
        canvas.line((start[0], -start[1]), (end[0], -end[1]), size * uniform(rng, 0.005, 0.03), rng.random(3))


def draw_foreground(canvas, rng):
    """Draw poles and leaves before the vehicle, on a canvas in pixels."""
    size = canvas.size
    canvas.place((0, size), 1.0)
    if rng.random() < 0.3:
        left, width = uniform(rng, 0, size), size * uniform(rng, 0.02, 0.06)
        canvas.box(left, -1, left + width, size * uniform(rng, 0.5, 1.1), rng.random(3))
    for _ in range(rng.integers(4)):
        canvas.disk(uniform(rng, 0, size), uniform(rng, 0, size), size * uniform(rng, 0.01, 0.07), rng.random(3))


def _solid(canvas, points, color, depth):
    """Draw a polygon with the side that is seen of its depth, to the right and above."""
    for step in (1.0, 0.66, 0.33):
        canvas.polygon([(x + step * depth, y + 0.3 * step * depth) for x, y in points], 0.6 * color)
    canvas.polygon(points, color)


def _wheels(canvas, places, radius):
    for x in places:
        canvas.disk(x, radius, radius, _TYRE)
        canvas.disk(x, radius, 0.5 * radius, _HUB)


def _rectangle(left, bottom, right, top):
    return [(left, bottom), (right, bottom), (right, top), (left, top)]


def _car(canvas, rng):
    color, glass, depth = rng.random(3), uniform(rng, 0.15, 0.75) * np.array((0.8, 0.9, 1)), uniform(rng, 0, 0.25)
    belt, roof = uniform(rng, 0.42, 0.52), uniform(rng, 0.72, 0.95)
    back, front = uniform(rng, -0.95, -0.5), uniform(rng, 0.4, 0.65)
    cabin = [(back, belt), (front, belt), (front - uniform(rng, 0.15, 0.35), roof), (back + uniform(rng, 0.05, 0.25), roof)]
    _solid(canvas, cabin, color, depth)
    _solid(canvas, [(-1, 0.16), (1, 0.16), (1, belt - 0.1), (0.9, belt), (-0.95, belt)], color, depth)
    middle, top = (back + front) / 2 - 0.05, roof - 0.07
    canvas.polygon([(cabin[0][0] + 0.1, belt), (middle - 0.04, belt), (middle - 0.04, top), (cabin[3][0] + 0.06, top)], glass)
    canvas.polygon([(middle + 0.04, belt), (front - 0.08, belt), (cabin[2][0] - 0.04, top), (middle + 0.04, top)], glass)
    _wheels(canvas, (-0.6 + uniform(rng, -0.05, 0.05), 0.6 + uniform(rng, -0.05, 0.05)), uniform(rng, 0.17, 0.22))
    canvas.disk(0.93, belt - 0.13, 0.06, _LAMP)
    canvas.disk(-0.95, belt - 0.1, 0.05, _TAIL_LAMP)


def _bus(canvas, rng):
    color, glass, depth = rng.random(3), uniform(rng, 0.15, 0.75) * np.array((0.8, 0.9, 1)), uniform(rng, 0, 0.2)
    roof = uniform(rng, 0.85, 1.05)
    _solid(canvas, _rectangle(-1.1, 0.14, 1.1, roof), color, depth)
    canvas.box(-1.1, 0.14, 1.1, uniform(rng, 0.2, 0.35), rng.random(3))
    count, sill = rng.integers(4, 8), uniform(rng, 0.48, 0.56)
    for place in np.linspace(-1.03, 0.6, count):
        canvas.box(place, sill, place + 1.3 / count, roof - 0.1, glass)
    canvas.box(0.87, sill - 0.08, 1.08, roof - 0.1, glass)
    _wheels(canvas, (-0.65, 0.62 + uniform(rng, -0.05, 0.05)), uniform(rng, 0.14, 0.18))
    canvas.disk(1.05, 0.28, 0.05, _LAMP)


def _lorry(canvas, rng):
    cab, cargo, depth = rng.random(3), rng.random(3), uniform(rng, 0, 0.2)
    front, roof = uniform(rng, 0.45, 0.6), uniform(rng, 0.65, 0.9)
    canvas.box(-1.05, 0.2, 1.1, 0.3, (0.2, 0.2, 0.2))
    _solid(canvas, _rectangle(front + 0.05, 0.16, 1.1, roof), cab, depth)
    canvas.polygon([(front + 0.25, 0.5), (1.08, 0.5), (1.02, roof - 0.08), (front + 0.25, roof - 0.08)], (0.25, 0.3, 0.35))
    if rng.random() < 0.7:
        _solid(canvas, _rectangle(-1.1, 0.3, front, uniform(rng, 0.95, 1.15)), cargo, depth)
    else:  # a tank, with round ends
        height = uniform(rng, 0.28, 0.34)
        canvas.line((-1.1 + height, 0.32 + height), (front - height, 0.32 + height), 2 * height, cargo)
    _wheels(canvas, (-0.85, -0.5, 0.82), uniform(rng, 0.15, 0.19))
    canvas.disk(1.05, 0.26, 0.05, _LAMP)


def _motorcycle(canvas, rng):
    color, radius = rng.random(3), uniform(rng, 0.3, 0.36)
    for x in (-0.64, 0.64):
        canvas.ring(x, radius, radius - 0.06, uniform(rng, 0.1, 0.14), _TYRE)
        canvas.disk(x, radius, 0.1, _METAL)
    canvas.line((0.64, radius), (0.34, 0.85), 0.07, _METAL)  # fork
    canvas.line((-0.64, radius), (-0.1, 0.35), 0.08, _METAL)
    canvas.polygon([(-0.28, 0.2), (0.24, 0.2), (0.3, 0.5), (-0.25, 0.5)], (0.28, 0.28, 0.3))  # engine
    canvas.line((0.15, 0.22), (-0.75, 0.2 + uniform(rng, 0, 0.15)), 0.08, _HUB)  # exhaust
    canvas.polygon([(-0.15, 0.5), (0.36, 0.5), (0.34, 0.75), (0.15, 0.82), (-0.12, 0.68)], color)  # tank
    canvas.polygon([(-0.75, 0.6), (-0.1, 0.52), (-0.1, 0.67), (-0.7, 0.74)], (0.1, 0.1, 0.1))  # seat
    canvas.line((-0.8, 0.62), (-0.45, 0.58), 0.1, color)
    canvas.line((0.34, 0.85), (0.2, 0.95 + uniform(rng, 0, 0.1)), 0.06, _TYRE)
    canvas.disk(0.45, 0.78, 0.08, _LAMP)


def _bicycle(canvas, rng):
    color, tube, radius = rng.random(3), uniform(rng, 0.045, 0.07), uniform(rng, 0.36, 0.42)
    for x in (-0.6, 0.6):
        canvas.ring(x, radius, radius - 0.03, uniform(rng, 0.04, 0.06), _TYRE)
        canvas.disk(x, radius, 0.05, _METAL)
    crank, saddle, head = (-0.08, 0.36), (-0.25, 0.9), (0.42, 0.88)
    seat = (-0.22, 0.8 + uniform(rng, -0.05, 0.05))
    frame = [((-0.6, radius), crank), (crank, seat), ((-0.6, radius), seat), (seat, head), (crank, (0.45, 0.75))]
    for start, end in [*frame, (seat, saddle), ((0.6, radius), head)]:
        canvas.line(start, end, tube, color)
    canvas.line((-0.38, 0.93), (-0.14, 0.93), 0.07, _TYRE)
    handle = uniform(rng, -0.12, 0.15)
    canvas.line(head, (0.4, 1.0), tube, _METAL)
    canvas.line((0.4, 1.0), (0.4 + handle, 0.98), 0.06, _TYRE)
    canvas.disk(*crank, 0.09, _METAL)


#: Functions that draw the classes, by their labels.
DRAW = (_car, _bus, _lorry, _motorcycle, _bicycle)


__all__ = ["CLASSES", "generate", "load_data"]

__getattr__, __dir__ = public_attributes(globals())
