"""Synthetic traffic signs that are drawn, not photographed: one in each image, among clutter, in changing light.

Each image is drawn from its seed and its index alone, as the vehicles of `striate.datasets.vehicles` are. The signs look like
those of the Vienna convention, simplified. What a network that has learned from these drawings does with photographs is another
question.
"""

import numpy as np

from .._common.names import public_attributes
from .drawing import Canvas, blurred, check_amount, drawn, lit, uniform
from .vehicles import draw_background, draw_foreground

#: Names of the classes, by their labels.
CLASSES = (
    "stop", "yield", "no entry", "no vehicles", "no overtaking", "speed limit 30", "speed limit 50", "speed limit 80",
    "priority road", "danger", "crossroads", "pedestrians", "ahead only", "turn right", "pedestrian crossing",
)  # fmt: skip

_RED, _BLUE, _YELLOW = np.array((0.75, 0.05, 0.08)), np.array((0.05, 0.25, 0.65)), np.array((0.95, 0.75, 0.1))
_WHITE, _BLACK = np.array((0.95, 0.95, 0.95)), np.array((0.06, 0.06, 0.06))


def load_data(size=32):
    """Return synthetic traffic signs: 3,000 images to train on and 600 to test on, which are drawn in a few seconds.

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
        If `size` is not an integer from 16 to 1024.

    Examples
    --------
    >>> from striate.datasets import traffic_signs
    >>> (x_train, y_train), (x_test, y_test) = traffic_signs.load_data(size=16)
    >>> x_train.shape, x_test.shape
    ((3000, 16, 16, 3), (600, 16, 16, 3))
    """
    return generate(3000, size, seed=0), generate(600, size, seed=1)


def generate(n, size=32, *, seed=0):
    """Return `n` synthetic traffic signs of changing size, place, pose, light, blur and clutter.

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
    >>> from striate.datasets import traffic_signs
    >>> x, y = traffic_signs.generate(100)
    >>> x.shape, [traffic_signs.CLASSES[i] for i in y[:3]]
    ((100, 32, 32, 3), ['ahead only', 'speed limit 80', 'pedestrian crossing'])
    """
    n, size, seed = check_amount(n, size, 16, seed)
    return drawn(lambda rng: _scene(rng, size), seed, ((n, size, size, 3), np.uint8), ((n,), np.uint8))


def _scene(rng, size):
    """Return an image of one sign, and its label."""
    label = rng.integers(len(CLASSES))
    canvas = Canvas(size, uniform(rng, 0.35, 1, 3))
    draw_background(canvas, size * uniform(rng, 0.6, 1.1), rng)
    scale = size * uniform(rng, 0.24, 0.46)  # half the sign's height
    origin = uniform(rng, 0.9 * scale, size - 0.9 * scale, 2)
    canvas.place(origin, scale, uniform(rng, -0.12, 0.12), uniform(rng, 0.75, 1))
    canvas.box(-0.07, -4, 0.07, 0, uniform(rng, 0.3, 0.6) + np.zeros(3))  # the pole
    DRAW[label](canvas)
    if rng.random() < 0.5:  # A leaf or a sticker hides a part.
        canvas.disk(*uniform(rng, -1, 1, 2), uniform(rng, 0.1, 0.25), rng.random(3))
    if rng.random() < 0.3:
        draw_foreground(canvas, rng)
    dirt = uniform(rng, 0, 0.3)
    pixels = (1 - dirt) * canvas.pixels + dirt * uniform(rng, 0.2, 0.8)  # of the lens, or fog
    return lit(blurred(pixels, int(rng.integers(3))), rng), label


def _disk(canvas, rim, face):
    canvas.disk(0, 0, 1, rim)
    canvas.disk(0, 0, 0.76, face)


def _triangle(canvas, tip):
    """Draw a white triangle with a red rim, whose tip is up (1) or down (-1)."""
    for size, color in ((1.0, _RED), (0.66, _WHITE)):
        points = [(-size, -0.7 * size), (size, -0.7 * size), (0, size)]
        # Turned round, the corners are in counter-clockwise order again.
        canvas.polygon([(x * tip, (y - 0.1 * (1 - size)) * tip) for x, y in points], color)


def _strokes(canvas, lines, width, color):
    for *start, right, up in lines:
        canvas.line(start, (right, up), width, color)


#: Lines (x, y, x, y) of letters and digits, in a box from (0, 0) to (1, 2).
_GLYPHS = {
    "S": [(1, 1.8, 0.2, 2), (0.2, 2, 0, 1.3), (0, 1.3, 1, 0.8), (1, 0.8, 0.8, 0), (0.8, 0, 0, 0.2)],
    "T": [(0, 2, 1, 2), (0.5, 2, 0.5, 0)],
    "O": [(0.2, 0, 0.8, 0), (0.8, 0, 1, 1), (1, 1, 0.8, 2), (0.8, 2, 0.2, 2), (0.2, 2, 0, 1), (0, 1, 0.2, 0)],
    "P": [(0, 0, 0, 2), (0, 2, 0.9, 1.9), (0.9, 1.9, 0.9, 1), (0.9, 1, 0, 0.9)],
    "0": [(0, 0.3, 0, 1.7), (0, 1.7, 0.5, 2), (0.5, 2, 1, 1.7), (1, 1.7, 1, 0.3), (1, 0.3, 0.5, 0), (0.5, 0, 0, 0.3)],
    "3": [(0, 2, 1, 2), (1, 2, 0.5, 1.2), (0.5, 1.2, 1, 0.8), (1, 0.8, 1, 0.3), (1, 0.3, 0.5, 0), (0.5, 0, 0, 0.2)],
    "5": [(1, 2, 0, 2), (0, 2, 0, 1.1), (0, 1.1, 1, 1), (1, 1, 1, 0.2), (1, 0.2, 0, 0)],
    "8": [
        (0, 0, 1, 0), (1, 0, 1, 0.9), (1, 0.9, 0, 1.1), (0, 1.1, 0, 2), (0, 2, 1, 2), (1, 2, 1, 1.1), (1, 1.1, 0, 0.9),
        (0, 0.9, 0, 0),
    ],
}  # fmt: skip


def _text(canvas, text, width, height, thickness, color):
    """Draw a text in the middle, of a given width and height."""
    advance = width / (1.4 * len(text) - 0.4)  # Gaps are 0.4 letters wide.
    for i, glyph in enumerate(text):
        left = -width / 2 + 1.4 * i * advance
        lines = [
            (left + advance * x, height * (y / 2 - 0.5), left + advance * to_x, height * (to_y / 2 - 0.5))
            for x, y, to_x, to_y in _GLYPHS[glyph]
        ]
        _strokes(canvas, lines, thickness, color)


def _stop(canvas):
    for radius, color in ((1.0, _WHITE), (0.9, _RED)):
        near, far = 0.4142 * radius, radius  # The sides of a regular octagon end at the tangent of 22.5 degrees.
        corners = [
            (near, -far),
            (far, -near),
            (far, near),
            (near, far),
            (-near, far),
            (-far, near),
            (-far, -near),
            (-near, -far),
        ]
        canvas.polygon(corners, color)
    _text(canvas, "STOP", 1.35, 0.6, 0.13, _WHITE)


def _yield(canvas):
    _triangle(canvas, -1)


def _no_entry(canvas):
    canvas.disk(0, 0, 1, _RED)
    canvas.box(-0.7, -0.18, 0.7, 0.18, _WHITE)


def _no_vehicles(canvas):
    _disk(canvas, _RED, _WHITE)


def _no_overtaking(canvas):
    _disk(canvas, _RED, _WHITE)
    for x, color in ((-0.3, _RED), (0.3, _BLACK)):  # two cars from behind
        canvas.box(x - 0.22, -0.3, x + 0.22, 0.05, color)
        canvas.box(x - 0.15, 0.05, x + 0.15, 0.28, color)


def _speed_limit(text):
    def draw(canvas):
        _disk(canvas, _RED, _WHITE)
        _text(canvas, text, 1.0, 0.75, 0.15, _BLACK)

    return draw


def _priority_road(canvas):
    for size, color in ((1.05, _BLACK), (1.0, _WHITE), (0.68, _YELLOW)):
        canvas.polygon([(0, -size), (size, 0), (0, size), (-size, 0)], color)


def _danger(canvas):
    _triangle(canvas, 1)
    canvas.line((0, -0.08), (0, 0.3), 0.17, _BLACK)
    canvas.disk(0, -0.3, 0.1, _BLACK)


def _crossroads(canvas):
    _triangle(canvas, 1)
    _strokes(canvas, [(-0.2, -0.35, 0.2, 0.2), (0.2, -0.35, -0.2, 0.2)], 0.15, _BLACK)


def _walker(canvas, size):
    """Draw someone who walks, black, around the point (0, 0)."""
    lines = [(0, 0.25, 0, -0.1), (0, -0.1, 0.2, -0.45), (0, -0.1, -0.2, -0.45), (-0.2, 0, 0, 0.18), (0, 0.18, 0.22, 0.02)]
    _strokes(canvas, [[size * each for each in line] for line in lines], 0.13 * size, _BLACK)
    canvas.disk(0, 0.42 * size, 0.12 * size, _BLACK)


def _pedestrians(canvas):
    _triangle(canvas, 1)
    _walker(canvas, 0.72)


def _arrow(canvas, points, tip):
    _strokes(canvas, points, 0.24, _WHITE)
    canvas.polygon(tip, _WHITE)


def _ahead_only(canvas):
    canvas.disk(0, 0, 1, _BLUE)
    _arrow(canvas, [(0, -0.6, 0, 0.2)], [(-0.42, 0.15), (0.42, 0.15), (0, 0.72)])


def _turn_right(canvas):
    canvas.disk(0, 0, 1, _BLUE)
    _arrow(canvas, [(-0.35, -0.55, -0.35, 0.15), (-0.35, 0.15, 0.2, 0.15)], [(0.15, -0.27), (0.7, 0.15), (0.15, 0.57)])


def _pedestrian_crossing(canvas):
    canvas.box(-0.95, -0.95, 0.95, 0.95, _BLUE)
    canvas.polygon([(-0.75, -0.65), (0.75, -0.65), (0, 0.8)], _WHITE)
    _walker(canvas, 0.9)


#: Functions that draw the classes, by their labels.
DRAW = (
    _stop, _yield, _no_entry, _no_vehicles, _no_overtaking, *map(_speed_limit, ("30", "50", "80")), _priority_road, _danger,
    _crossroads, _pedestrians, _ahead_only, _turn_right, _pedestrian_crossing,
)  # fmt: skip


__all__ = ["CLASSES", "generate", "load_data"]

__getattr__, __dir__ = public_attributes(globals())
