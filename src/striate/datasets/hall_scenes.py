"""Synthetic videos of a hall that a camera looks at: people walk through it, some wait, bags are left, and the light changes.

Everything is drawn, not filmed, from the seed alone, as the streets of `striate.datasets.street_scenes` are. What comes and
stays is told with its time and place: a video with the truth about it, on which a detector of abandoned objects can be tried.
What such a detector does in a real hall is another question.
"""

import numpy as np

from .._common.arrays import empty
from .._common.checks import integer
from .._common.names import public_attributes
from ..image import resize
from .drawing import Canvas, check_amount, uniform
from .placing import box_around
from .street_scenes import Look, draw_pedestrian

#: Names of what comes and stays: a bag, someone who waits, and light on the floor.
CLASSES = ("bag", "person", "light")

#: Row where the wall ends and the floor begins, and those where people walk, in parts of the height of the video.
_HORIZON, _NEAREST, _FARTHEST = 0.45, 0.93, 0.62

#: Height of someone on the nearest row, in parts of the height of the video.
_TALL = 0.42

#: Height and width of the halls that crops are cut out of, and how many come from one.
_CROPPED, _CROPS = 128, 10

#: Frames of a step of someone who walks.
_STRIDE = 8

#: Difference, where 1 is the whole range, from which a pixel belongs to what was drawn.
_CHANGED = 0.02


def generate(frames=600, size=128, *, seed=0):
    """Return a video of a hall, and what happened in it.

    In its course, a bag is left, someone waits for about a sixth of the video, sunlight falls on the floor and stays, and the
    lamps get darker, while others walk through.

    Parameters
    ----------
    frames : int
        Number of frames, at least 60.
    size : int
        Height and width, from 64 to 1024.
    seed : int
        Seed; the video depends on it, on `frames` and on `size` only.

    Returns
    -------
    x : ndarray of uint8, shape (frames, size, size, 3)
        The video.
    events : list of tuple (int, box, str)
        The first frame in which something has come to stay, its box (x_min, y_min, x_max, y_max) in pixels, and which of
        `CLASSES` it is, in the order of time.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of range.

    Examples
    --------
    >>> from striate.datasets import hall_scenes
    >>> x, events = hall_scenes.generate(90, 64)
    >>> x.shape, sorted(name for _, _, name in events)
    ((90, 64, 64, 3), ['bag', 'light', 'person'])
    """
    _, size, seed = check_amount(1, size, 64, seed)
    frames = integer("frames", frames, 60)
    rng = np.random.default_rng([seed, frames])
    hall = _hall(rng, size)
    plan = _Plan(rng, frames)
    x = empty((frames, size, size, 3), np.dtype(np.uint8))
    noise = np.random.default_rng([seed, frames, 1])
    for i in range(frames):
        x[i] = _exposed(plan.drawn(hall, i), plan.light(i), noise)
    return x, sorted(plan.events(hall), key=lambda event: event[0])


def crops(n, size=32, *, seed=0):
    """Return images of single things that stay in a hall, for a classifier to learn from.

    Parameters
    ----------
    n : int
        Number of images.
    size : int
        Height and width, from 16 to 1024.
    seed : int
        Seed; image i depends on it, on i and on `size` only.

    Returns
    -------
    x : ndarray of uint8, shape (n, size, size, 3)
        The images: a box with what stays and a little around it, resized.
    y : ndarray of uint8, shape (n,)
        Labels, indices of `CLASSES`.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of range.

    Examples
    --------
    >>> from striate.datasets import hall_scenes
    >>> x, y = hall_scenes.crops(4, 24)
    >>> x.shape, [hall_scenes.CLASSES[i] for i in y]
    ((4, 24, 24, 3), ['light', 'person', 'light', 'person'])
    """
    n, size, seed = check_amount(n, size, 16, seed)
    x, y = empty((n, size, size, 3), np.dtype(np.uint8)), np.empty(n, np.uint8)
    for i in range(n):
        if i % _CROPS == 0:
            hall = _hall(np.random.default_rng([seed, i, 1]), _CROPPED)
        rng = np.random.default_rng([seed, i])
        y[i] = rng.integers(len(CLASSES))
        x[i] = _crop(rng, hall, CLASSES[y[i]], size)
    return x, y


# --------------------------------------------------------------------------------------------------------------- the hall


def _hall(rng, size):
    """Return an image (size, size, 3) of an empty hall: a wall with doors and pictures, and a floor of tiles."""
    canvas = Canvas(size, uniform(rng, 0.55, 0.8, 3))
    horizon = _HORIZON * size
    canvas.place((0, horizon), 1.0)
    for _ in range(rng.integers(2, 5)):
        left, width = size * uniform(rng, 0, 0.85), size * uniform(rng, 0.08, 0.2)
        if rng.random() < 0.5:
            canvas.box(left, 0, left + width, 0.32 * size, uniform(rng, 0.15, 0.6, 3))
        else:
            canvas.box(left, 0.15 * size, left + width, 0.3 * size, rng.random(3))
    floor = uniform(rng, 0.35, 0.65) + uniform(rng, -0.05, 0.05, 3)
    canvas.box(-size, -size, 2 * size, 0, floor)
    for x in np.linspace(-1, 2, 13):
        canvas.line((x * size, -size), (0.5 * size + 0.3 * (x - 0.5) * size, 0), 0.006 * size, 0.85 * floor)
    for depth in (0.03, 0.09, 0.18, 0.32, 0.5):
        canvas.line((-size, -depth * size), (2 * size, -depth * size), 0.005 * size, 0.85 * floor)
    return canvas.pixels


def _exposed(pixels, light, rng):
    """Return an image of uint8, in light of a strength, with a sensor's noise."""
    noisy = pixels * light + 0.03 * (rng.random(pixels.shape) - 0.5)
    return np.floor(np.clip(noisy, 0, 1) * 255 + 0.5).astype(np.uint8)


def _scale(ground):
    """Return the height of someone who stands on a row, both in parts of the height of the video."""
    return _TALL * (ground - 0.3) / (_NEAREST - 0.3)


class _Person:
    """Someone who comes in at one side, may stop for a while, and goes out at the other."""

    def __init__(self, rng, begin, frames_across, stops=None):
        self.look, self.height = Look.random(rng), uniform(rng, 0.9, 1.1)
        self.ground = uniform(rng, _FARTHEST, _NEAREST)
        self.begin, self.across = begin, frames_across
        self.right = rng.random() < 0.5
        self.stops = stops  # (part of the width of the video, number of frames)

    def way(self, frame):
        """Return the part of the way behind at a frame, and whether they walk."""
        gone = frame - self.begin
        if self.stops is not None:
            at, length = self.part(self.stops[0]), self.stops[1]
            if gone >= at * self.across:
                standing = gone < at * self.across + length
                return (at if standing else (gone - length) / self.across), not standing
        return gone / self.across, True

    def x(self, part):
        """Return where they are, in parts of the width of the video, after a part of the way."""
        return -0.15 + 1.3 * (part if self.right else 1 - part)

    def part(self, x):
        """Return the part of the way after which they are somewhere."""
        part = (x + 0.15) / 1.3
        return part if self.right else 1 - part

    def draw(self, canvas, frame):
        """Draw them, if they are there."""
        part, walks = self.way(frame)
        if 0 <= part <= 1:
            swing = abs((frame - self.begin) % _STRIDE - _STRIDE / 2) / (_STRIDE / 2) if walks else 0.1
            self.stand(canvas, self.x(part), 0.18 * swing, 0.18 * swing)

    def stand(self, canvas, x, stride, swing):
        size = canvas.size
        scale = _scale(self.ground) * size
        canvas.place((x * size, self.ground * size), scale, 0.0, 1 if self.right else -1)
        canvas.disk(0.02, 0, 0.16, (0, 0, 0), 0.3, flat=0.25)
        draw_pedestrian(canvas, self.look, self.height, stride, swing)


class _Bag:
    """A bag on the floor: a suitcase, or a rucksack."""

    def __init__(self, rng, x, ground):
        self.x, self.ground = x, ground
        self.color = uniform(rng, 0.02, 0.2) + uniform(rng, 0, 0.4, 3) * (np.arange(3) == rng.integers(4))
        self.trim = uniform(rng, 0.3, 0.8) * self.color
        self.width, self.height = uniform(rng, 0.2, 0.34), uniform(rng, 0.2, 0.34)
        self.round = rng.random() < 0.4

    def draw(self, canvas):
        """Draw it where it stands."""
        size = canvas.size
        canvas.place((self.x * size, self.ground * size), _scale(self.ground) * size)
        half, height = self.width / 2, self.height
        canvas.disk(0.02, 0, 1.1 * half, (0, 0, 0), 0.3, flat=0.25)
        if self.round:
            canvas.disk(0, 0.75 * height, half, self.color)
        canvas.ring(0, height, 0.3 * half, 0.03, self.trim)
        canvas.box(-half, 0, half, 0.8 * height if self.round else height, self.color)
        canvas.box(-0.7 * half, 0.2 * height, 0.7 * half, 0.45 * height, self.trim)


class _Sun:
    """Light that falls on the floor through a window."""

    def __init__(self, rng, x):
        self.x, self.ground = x, uniform(rng, 0.7, 0.9)
        self.width, self.height, self.slant = uniform(rng, 0.12, 0.25), uniform(rng, 0.07, 0.15), uniform(rng, -0.05, 0.05)
        self.color = np.array((1.0, 0.95, 0.8))

    def draw(self, canvas):
        """Draw it."""
        size = canvas.size
        canvas.place((self.x * size, self.ground * size), size)
        far = self.slant
        canvas.polygon([(0, 0), (self.width, 0), (self.width + far, self.height), (far, self.height)], self.color, opacity=0.45)


class _Plan:
    """What happens when."""

    def __init__(self, rng, frames):
        across = max(frames // 8, 20)
        # Each has a third of the floor for itself, so that nothing hides anything else for long.
        bag, person, sun = rng.permutation(3) / 3 + uniform(rng, 0.05, 0.15, 3)
        self.sun, self.sun_from = _Sun(rng, sun - 0.03), int(frames * uniform(rng, 0.55, 0.62))
        self.dark_from, self.darker = int(frames * uniform(rng, 0.42, 0.48)), uniform(rng, 0.82, 0.9)
        carrier = _Person(rng, int(frames * uniform(rng, 0.1, 0.15)), across, (bag, max(across // 10, 2)))
        self.left_from = carrier.begin + int(carrier.part(bag) * across) + max(across // 20, 1)
        self.bag = _Bag(rng, bag + 0.06, carrier.ground)
        self.waiting = _Person(rng, int(frames * uniform(rng, 0.3, 0.35)), across, (person + 0.05, frames // 6))
        passing = [_Person(rng, int(frames * begin), across) for begin in (0.0, 0.07, 0.22, 0.5, 0.68, 0.85)]
        self.people = sorted([carrier, self.waiting, *passing], key=lambda each: each.ground)

    def light(self, frame):
        """Return the strength of the light."""
        return 1 - (1 - self.darker) * min(max((frame - self.dark_from) / 10, 0), 1)

    def drawn(self, hall, frame):
        """Return the pixels of a frame: what is nearer is drawn later."""
        canvas = _canvas(hall)
        if frame >= self.sun_from:
            self.sun.draw(canvas)
        left = frame < self.left_from
        for person in self.people:
            if not left and self.bag.ground <= person.ground:
                self.bag.draw(canvas)
                left = True
            person.draw(canvas, frame)
        if not left:
            self.bag.draw(canvas)
        return canvas.pixels

    def events(self, hall):
        """Yield what has come to stay: frame, box and class."""
        waits_from = self.waiting.begin + int(np.ceil(self.waiting.part(self.waiting.stops[0]) * self.waiting.across))
        for begin, name, draw in (
            (self.left_from, "bag", self.bag.draw),
            (waits_from, "person", lambda canvas: self.waiting.draw(canvas, waits_from)),
            (self.sun_from, "light", self.sun.draw),
        ):
            canvas = _canvas(hall)
            draw(canvas)
            yield begin, tuple(_box_of(hall, canvas).tolist()), name


def _canvas(hall):
    """Return a canvas with a hall on it."""
    canvas = Canvas(len(hall), (0, 0, 0))
    canvas.pixels[:] = hall
    return canvas


def _box_of(hall, canvas):
    """Return the box around what was drawn into a hall."""
    return box_around((np.abs(canvas.pixels - hall) > _CHANGED).any(-1))


def _crop(rng, hall, name, size):
    """Return an image of something that stays in a hall."""
    x, ground = uniform(rng, 0.15, 0.85), uniform(rng, _FARTHEST, _NEAREST)
    if name == "bag":
        draw = _Bag(rng, x, ground).draw
    elif name == "light":
        draw = _Sun(rng, 0.7 * x).draw
    else:
        person, stride = _Person(rng, 0, 1), uniform(rng, 0, 0.1)

        def draw(canvas):
            person.stand(canvas, x, stride, 0.02)

    canvas = _canvas(hall)
    draw(canvas)
    box = _box_of(hall, canvas)
    reach = box[2:] - box[:2]
    jitter = np.concatenate([-uniform(rng, 0, 0.35, 2) * reach - 1, uniform(rng, 0, 0.35, 2) * reach + 1])
    left, top, right, bottom = np.clip(np.rint(box + jitter), 0, len(hall)).astype(int)
    pixels = _exposed(canvas.pixels[top:bottom, left:right], uniform(rng, 0.7, 1.05), rng)
    return resize(pixels, (size, size))


__all__ = ["CLASSES", "crops", "generate"]

__getattr__, __dir__ = public_attributes(globals())
