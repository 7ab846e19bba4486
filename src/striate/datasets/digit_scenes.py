"""Scenes of several handwritten digits, with the boxes around them, for detection.

Each scene is made from its seed and its index alone: digits, real ones, of different sizes and brightness, which may overlap,
on a background of lines, boxes and disks, among pieces of other digits and noise.
"""

import numpy as np

from .._common.checks import as_array, check_shape, shown
from .._common.names import public_attributes
from ..image import resize
from . import mnist
from .drawing import Canvas, check_amount, uniform
from .placing import box_around, is_free, scenes_of

#: Names of the classes, by their labels.
CLASSES = tuple("0123456789")

#: Largest number of digits in a scene, and of attempts to find a place for one.
_MOST, _ATTEMPTS = 6, 10

#: Least and largest height of a digit, as parts of the scene's.
_HEIGHTS = 0.12, 0.42

_INK = 0.25  # From this part of the largest value on, a pixel of a digit belongs to it.


def load_data(size=128):
    """Return scenes of MNIST's digits: 2,000 of its training images to learn from, and 500 of its test images.

    Parameters
    ----------
    size : int
        Height and width of the scenes.

    Returns
    -------
    (x, boxes, labels), (x_test, boxes_test, labels_test) : tuples
        What `generate` returns for the seeds 0 and 1.

    Raises
    ------
    TypeError, ValueError
        If `size` is not an integer from 32 to 1024.
    OSError
        If MNIST can neither be found nor downloaded; see `striate.datasets.mnist.load_data`.
    """
    train, test = mnist.load_data()
    return generate(2000, size, seed=0, digits=train), generate(500, size, seed=1, digits=test)


def generate(n, size=128, *, seed=0, digits=None):
    """Return `n` scenes of up to six digits.

    Parameters
    ----------
    n : int
        Number of scenes.
    size : int
        Height and width of the scenes, from 32 to 1024.
    seed : int
        Seed; scene i depends on it, on i, on `size` and on the digits only.
    digits : pair of array_like, optional
        Images of single digits (digits, height, width), bright on 0, and their labels; MNIST's training images if None.

    Returns
    -------
    x : ndarray of uint8, shape (n, size, size)
        The scenes.
    boxes : list of ndarray of float32, shape (objects, 4)
        Boxes (x_min, y_min, x_max, y_max) in pixels of each scene.
    labels : list of ndarray of uint8, shape (objects,)
        Labels, indices of `CLASSES`.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of range.
    OSError
        If MNIST is needed, and can neither be found nor downloaded.

    Examples
    --------
    Scenes of the small digits that come with striate:

    >>> from striate.datasets import digit_scenes, load_digits
    >>> x, boxes, labels = digit_scenes.generate(3, 64, digits=load_digits())
    >>> x.shape, [[digit_scenes.CLASSES[i] for i in each] for each in labels]
    ((3, 64, 64), [['4', '7', '3'], ['9', '7', '8', '9', '0', '3'], ['9']])
    """
    n, size, seed = check_amount(n, size, 32, seed)
    glyphs, names = mnist.load_data()[0] if digits is None else check_digits(digits)
    return scenes_of(lambda rng: _scene(rng, glyphs, names, size), (n, size, size), seed)


def check_digits(digits):
    """Return images of digits with values from 0 to 255, and their labels."""
    if not isinstance(digits, (tuple, list)) or len(digits) != 2:
        raise ValueError(f"digits={shown(digits)} is not a pair; expected images and labels")
    glyphs, labels = as_array("digits[0]", digits[0]), as_array("digits[1]", digits[1])
    if glyphs.ndim != 3 or glyphs.dtype.kind not in "uif" or not glyphs.size or glyphs.max() <= 0 or glyphs.min() < 0:
        raise ValueError(
            f"digits[0] has shape {glyphs.shape} and dtype {glyphs.dtype}; expected (digits, height, width) of numbers, 0 for "
            "the background and more for the digit"
        )
    check_shape("digits[1]", labels, glyphs.shape[:1], "the digits")
    if labels.dtype.kind not in "ui" or labels.min() < 0 or labels.max() >= len(CLASSES):
        raise ValueError(f"digits[1] has dtype {labels.dtype} or other labels; expected integers from 0 to {len(CLASSES) - 1}")
    return np.rint(glyphs * (255 / glyphs.max())).astype(np.uint8), labels


def _scene(rng, glyphs, names, size):
    """Return a scene, and the boxes and labels of its digits."""
    pixels = background(rng, size)
    for _ in range(rng.integers(4)):
        add_piece(pixels, glyph_of_random_size(rng, glyphs[rng.integers(len(glyphs))], size), rng)
    boxes, labels = [], []
    for _ in range(rng.integers(1, _MOST + 1)):
        index = rng.integers(len(glyphs))
        ink = glyph_of_random_size(rng, glyphs[index], size)
        for _ in range(_ATTEMPTS):
            top, left = (int(rng.integers(size - each + 1)) for each in ink.shape)
            box = np.array([left, top, left + ink.shape[1], top + ink.shape[0]], np.float32)
            if is_free(box, boxes):
                mix(pixels, ink, top, left, uniform(rng, 0.65, 1))
                boxes.append(box)
                labels.append(names[index])
                break
    pixels += uniform(rng, 0, 0.15) * (rng.random(pixels.shape) - 0.5)
    scene = np.floor(np.clip(pixels, 0, 1) * 255 + 0.5).astype(np.uint8)
    return scene, np.array(boxes, np.float32), np.array(labels, np.uint8)


def background(rng, size):
    """Return an image (size, size) from 0 to 1 of lines, disks and boxes, all darker than digits."""
    canvas = Canvas(size, [uniform(rng, 0, 0.35)] * 3)
    for _ in range(rng.integers(3, 9)):
        color = [uniform(rng, 0, 0.55)] * 3
        x, y = uniform(rng, 0, size, 2)
        kind = rng.integers(3)
        if kind == 0:
            canvas.line((x, y), uniform(rng, 0, size, 2), size * uniform(rng, 0.005, 0.025), color)
        elif kind == 1:
            canvas.disk(x, y, size * uniform(rng, 0.01, 0.12), color)
        else:
            width, height = size * uniform(rng, 0.03, 0.35, 2)
            canvas.box(x, y, x + width, y + height, color)
    return canvas.pixels[..., 0].copy()


def glyph_of_random_size(rng, glyph, size):
    """Return the opacity, from 0 to 1, of a digit of random size, cut to what it covers."""
    box = box_around(glyph >= _INK * max(glyph.max(), 1))
    left, top, right, bottom = box.astype(int)
    cut = glyph[top:bottom, left:right]
    scale = uniform(rng, *_HEIGHTS) * size / cut.shape[0]
    return resize(cut, [min(max(int(each * scale + 0.5), 2), size) for each in cut.shape]) / 255


def add_piece(pixels, ink, rng):
    """Mix a piece of a digit, of at most a third of its height or width, into an image: clutter like a digit's parts."""
    length = max(max(ink.shape) // 3, 1)
    start = int(rng.integers(max(max(ink.shape) - length, 1)))
    piece = ink[start : start + length] if ink.shape[0] >= ink.shape[1] else ink[:, start : start + length]
    top, left = (int(rng.integers(old - new + 1)) for old, new in zip(pixels.shape, piece.shape, strict=True))
    mix(pixels, piece, top, left, uniform(rng, 0.4, 1))


def mix(pixels, ink, top, left, color):
    """Mix a colour into pixels, with an opacity."""
    part = pixels[top : top + ink.shape[0], left : left + ink.shape[1]]
    part += ink * (color - part)


__all__ = ["CLASSES", "generate", "load_data"]

__getattr__, __dir__ = public_attributes(globals())
