"""Synthetic scenes with signs that have numbers or words on them, with the boxes around them and their texts.

Each scene is drawn from its seed and its index alone: walls, windows and poles, and up to three signs with writing as in
`striate.datasets.text_lines`. What a network that has learned from these drawings does with photographs is another question.
"""

import numpy as np

from .._common.checks import integer
from .._common.names import public_attributes
from .drawing import Canvas, check_amount, uniform
from .invented_texts import invent
from .placing import is_free, scenes_of
from .text_lines import ALPHABET, brightnesses, check_alphabet, exposed, line_of

#: Names of the classes, by their labels.
CLASSES = ("sign",)

#: Largest number of signs in a scene, and of attempts to draw one that has a place.
_MOST, _ATTEMPTS = 3, 10

#: Least and largest height of a sign, as parts of the scene's.
_HEIGHTS = 0.16, 0.28

_LONGEST = 20


def generate(n, size=128, *, seed=0, alphabet=ALPHABET, longest=5):
    """Return `n` scenes with up to three signs.

    Parameters
    ----------
    n : int
        Number of scenes.
    size : int
        Height and width of the scenes, from 64 to 1024.
    seed : int
        Seed; scene i depends on it, on i and on the other arguments but `n`, and is the same on every machine.
    alphabet : str
        Characters of the texts, some of `striate.datasets.text_lines.ALPHABET`.
    longest : int
        Number of characters of the longest texts, from 1 to 20.

    Returns
    -------
    x : ndarray of uint8, shape (n, size, size)
        The scenes.
    boxes : list of ndarray of float32, shape (signs, 4)
        Boxes (x_min, y_min, x_max, y_max) in pixels around the signs of each scene.
    texts : list of list of str
        What is written on them.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of range.

    Examples
    --------
    >>> from striate.datasets import sign_scenes
    >>> x, boxes, texts = sign_scenes.generate(3, alphabet="0123456789")
    >>> texts
    [['34', '31422'], ['51355'], ['96432', '20473']]
    >>> x.shape, boxes[0]
    ((3, 128, 128), array([[  5.,  47.,  31.,  71.],
           [ 42.,  13., 116.,  44.]], dtype=float32))
    """
    n, size, seed = check_amount(n, size, 64, seed)
    alphabet, longest = check_alphabet(alphabet), integer("longest", longest, 1, _LONGEST)
    return scenes_of(lambda rng: _scene(rng, size, alphabet, longest), (n, size, size), seed)


def _scene(rng, size, alphabet, longest):
    """Return a scene, and the boxes and texts of its signs."""
    pixels = _street(rng, size)
    boxes, texts = [], []
    for _ in range(rng.integers(1, _MOST + 1)):
        for _ in range(_ATTEMPTS):
            written = invent(rng, alphabet, longest)
            opacity = line_of(rng, written, int(uniform(rng, *_HEIGHTS) * size))
            if opacity.shape[1] <= size:
                top, left = (int(rng.integers(size - each + 1)) for each in opacity.shape)
                box = np.array([left, top, left + opacity.shape[1], top + opacity.shape[0]], np.float32)
                if is_free(box, boxes, covered=0):
                    _hang(rng, pixels[top : top + opacity.shape[0], left : left + opacity.shape[1]], opacity)
                    boxes.append(box)
                    texts.append(written)
                    break
    return exposed(rng, pixels, most_blurred=1), np.array(boxes, np.float32).reshape(-1, 4), texts


def _street(rng, size):
    """Return an image (size, size) from 0 to 1 of walls, windows, poles and lamps."""
    canvas = Canvas(size, [uniform(rng, 0.1, 0.9)] * 3)
    for _ in range(rng.integers(3, 9)):
        color = [uniform(rng, 0.1, 0.9)] * 3
        x, y = uniform(rng, -0.1, 1, 2) * size
        kind = rng.integers(3)
        if kind == 0:
            width, height = size * uniform(rng, 0.05, 0.5, 2)
            canvas.box(x, y, x + width, y + height, color)
        elif kind == 1:
            canvas.line((x, 0), (x + size * uniform(rng, -0.1, 0.1), size), size * uniform(rng, 0.01, 0.04), color)
        else:
            canvas.disk(x, y, size * uniform(rng, 0.02, 0.08), color)
    return canvas.pixels[..., 0].copy()


def _hang(rng, place, opacity):
    """Draw a sign, with a frame or without, over a place of a scene."""
    paper, writing = brightnesses(rng)
    place[...] = paper + opacity * (writing - paper)
    if rng.random() < 0.5:
        place[[0, -1]] = writing
        place[:, [0, -1]] = writing


__all__ = ["CLASSES", "generate"]

__getattr__, __dir__ = public_attributes(globals())
