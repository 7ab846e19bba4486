"""Synthetic videos of handwritten digits that move, with their boxes and identities, for tracking.

Each video is made from its seed and its index alone: digits, real ones with a dark outline, that come in at the borders, move
at different speeds and in curves, now and then stop, hide each other and pass behind bars, and go out again, on a background of
lines, boxes and disks, with noise in each frame.
"""

import numpy as np

from .._common.arrays import empty
from .._common.checks import integer
from .._common.names import public_attributes
from ..image import dilate, structuring_element
from . import mnist
from .digit_scenes import CLASSES, background, check_digits, glyph_of_random_size, mix
from .drawing import check_amount, uniform

__all__ = ["CLASSES", "generate"]

#: Number of digits at the beginning, and the most that there are at the same time.
_FIRST, _MOST = 3, 5

#: Probability that a digit comes in, in a frame in which there are fewer than the most.
_COMES = 0.05

#: Speeds, in parts of the height of the video per frame, and the largest turn, a part of the speed per frame.
_SPEED, _TURN = (0.004, 0.022), 0.06

#: Probabilities that a digit stops, and that one that stands still goes on, in a frame.
_STOPS, _GOES_ON = 0.01, 0.1

#: Width of the outline, in parts of the height of the video, by which a digit is told from one that it hides, and its opacity.
_OUTLINE, _OPACITY = 0.016, 0.85


def generate(n, frames=80, size=128, *, seed=0, digits=None):
    """Return `n` videos of digits that move.

    Parameters
    ----------
    n : int
        Number of videos.
    frames : int
        Number of frames of each.
    size : int
        Height and width, from 32 to 1024.
    seed : int
        Seed; video i depends on it, on i, on `frames`, on `size` and on the digits only.
    digits : pair of array_like, optional
        Images of single digits (digits, height, width), bright on 0, and their labels; MNIST's training images if None.

    Returns
    -------
    x : ndarray of uint8, shape (n, frames, size, size)
        The videos.
    boxes : list of list of ndarray of float32, shape (objects, 4)
        For each video and frame, the boxes (x_min, y_min, x_max, y_max) in pixels of the digits of which anything is seen. They
        are around the whole digit, also where something hides it, but end at the border.
    labels : list of list of ndarray of uint8, shape (objects,)
        Labels, indices of `CLASSES`.
    ids : list of list of ndarray of int64, shape (objects,)
        Identities: 1, 2, … in the order in which the digits of a video come in.
    visible : list of list of ndarray of float32, shape (objects,)
        Which part of each digit is seen, above 0 and at most 1.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of range.
    OSError
        If MNIST is needed, and can neither be found nor downloaded.

    Examples
    --------
    >>> from striate.datasets import load_digits, moving_digits
    >>> x, boxes, labels, ids, visible = moving_digits.generate(2, frames=10, size=64, digits=load_digits())
    >>> x.shape, ids[0][0], ids[0][9]
    ((2, 10, 64, 64), array([1, 2, 3]), array([1, 2, 3]))
    """
    n, size, seed = check_amount(n, size, 32, seed)
    frames = integer("frames", frames, 1)
    glyphs, names = mnist.load_data()[0] if digits is None else check_digits(digits)
    x, found = empty((n, frames, size, size), np.dtype(np.uint8)), []
    for i in range(n):
        found.append(_video(np.random.default_rng([seed, i]), glyphs, names, x[i]))
    return x, *([video[part] for video in found] for part in range(4))


class _Digit:
    """A digit that moves: its ink, its centre in pixels, and how far it goes in a frame."""

    def __init__(self, rng, glyphs, names, size, id, inside):
        index = rng.integers(len(glyphs))
        self.id, self.label = id, names[index]
        margin = max(round(_OUTLINE * size), 1)
        self.ink = np.pad(glyph_of_random_size(rng, glyphs[index], size), margin)
        self.outline = _OPACITY * dilate(self.ink, structuring_element("ellipse", 2 * margin + 1))
        self.bright = uniform(rng, 0.65, 1)
        self.place = uniform(rng, 0.2 * size, 0.8 * size, 2)  # x and y
        self.step = _direction(rng) * size * uniform(rng, *_SPEED)
        self.turn = uniform(rng, -_TURN, _TURN)
        self.stands = False
        if not inside:  # It starts just beyond the border that it moves away from.
            axis = int(rng.integers(2))
            reach = self.ink.shape[1 - axis] / 2
            self.place[axis] = -reach if self.step[axis] > 0 else size + reach

    def move(self, rng):
        """Go on for a frame."""
        self.stands = rng.random() > _GOES_ON if self.stands else rng.random() < _STOPS
        if not self.stands:
            self.place = self.place + self.step
            x, y = self.step
            length = np.sqrt(x * x + y * y)
            x, y = x - self.turn * y, y + self.turn * x
            self.step = np.array([x, y]) * (length / np.sqrt(x * x + y * y))

    def corner(self):
        """Return the first row and column of the ink, which may lie beyond the border."""
        return [int(np.floor(self.place[1 - axis] - self.ink.shape[axis] / 2 + 0.5)) for axis in (0, 1)]

    def is_gone(self, size):
        """Return whether nothing of it is left in the frame, and nothing will come back."""
        reach = np.array(self.ink.shape[::-1]) / 2
        return bool(((self.place + reach < 0) | (self.place - reach > size)).any())


def _direction(rng):
    """Return a direction as a vector of length 1, by operations that are exact on every machine."""
    while True:
        x, y = uniform(rng, -1, 1, 2)
        if 0.01 < (length := x * x + y * y) <= 1:
            return np.array([x, y]) / np.sqrt(length)


def _video(rng, glyphs, names, x):
    """Fill the frames x (frames, size, size); return boxes, labels, identities and visible parts for each."""
    size = x.shape[1]
    behind = background(rng, size)
    bars = [
        (int(rng.integers(size)), int(size * uniform(rng, 0.03, 0.07)), uniform(rng, 0, 0.5)) for _ in range(rng.integers(3))
    ]
    noise = uniform(rng, 0.02, 0.1)
    digits = [_Digit(rng, glyphs, names, size, i + 1, True) for i in range(_FIRST)]
    last = _FIRST
    found = [], [], [], []
    for frame in x:
        if len(digits) < _MOST and rng.random() < _COMES:
            last += 1
            digits.append(_Digit(rng, glyphs, names, size, last, False))
        seen = _draw(frame, behind, digits, bars, noise, rng)
        for part, each in zip(found, seen, strict=True):
            part.append(each)
        for digit in digits:
            digit.move(rng)
        digits = [digit for digit in digits if not digit.is_gone(size)]
    return found


def _draw(frame, behind, digits, bars, noise, rng):
    """Draw a frame, digits that came in later before the others; return boxes, labels, identities and parts of what is seen."""
    size = len(frame)
    pixels = behind.copy()
    owner = np.zeros((size, size), np.int64)  # the identity of what is seen at each pixel
    for digit in digits:
        part, inside = _inside(digit, size)
        corner = part[0].start, part[1].start
        mix(pixels, digit.outline[inside], *corner, 0)
        mix(pixels, digit.ink[inside], *corner, digit.bright)
        owner[part][digit.outline[inside] > 0.5 * _OPACITY] = 0
        owner[part][digit.ink[inside] > 0.5] = digit.id
    for left, width, color in bars:
        pixels[:, left : left + width] = color
        owner[:, left : left + width] = 0
    pixels += noise * (rng.random(pixels.shape) - 0.5)
    frame[:] = np.floor(np.clip(pixels, 0, 1) * 255 + 0.5).astype(np.uint8)
    parts = {digit: (owner == digit.id).sum() / (digit.ink > 0.5).sum() for digit in digits}
    seen = [digit for digit in digits if parts[digit]]
    places = [_inside(digit, size)[0] for digit in seen]
    return (
        np.array([(columns.start, rows.start, columns.stop, rows.stop) for rows, columns in places], np.float32).reshape(-1, 4),
        np.array([digit.label for digit in seen], np.uint8),
        np.array([digit.id for digit in seen], np.int64),
        np.array([parts[digit] for digit in seen], np.float32),
    )


def _inside(digit, size):
    """Return the slices of rows and columns of the frame that a digit covers, and those of its ink that are in the frame."""
    part, inside = [], []
    for begin, length in zip(digit.corner(), digit.ink.shape, strict=True):
        start, stop = min(max(begin, 0), size), max(min(begin + length, size), 0)
        part.append(slice(start, max(stop, start)))
        inside.append(slice(start - begin, max(stop, start) - begin))
    return tuple(part), tuple(inside)


__getattr__, __dir__ = public_attributes(globals())
