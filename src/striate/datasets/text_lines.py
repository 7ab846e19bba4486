"""Synthetic lines of text, for reading: invented words, numbers and codes that are drawn, not printed or photographed.

Each line is drawn from its seed and its index alone, in the strokes of ``stroke_font``: their size, slant, thickness and
spacing vary, as do light, noise, blur, and the lines and specks beside them. What a network that has learned from these
drawings does with photographs is another question.
"""

import itertools

import numpy as np

from .._common.checks import LARGEST_SEED, integer, shown, text
from .._common.names import public_attributes
from .drawing import blurred, uniform
from .invented_texts import invent
from .stroke_font import CAPITALS, CHARACTERS, DEPTH, ink, set_text

#: The characters that lines may have.
ALPHABET = CHARACTERS + " "

_LARGEST_HEIGHT, _LONGEST = 256, 100


def load_data(height=32):
    """Return lines of text: 8,000 to learn from and 1,000 to test on, which are drawn in about half a minute.

    Parameters
    ----------
    height : int
        Height of the lines in pixels.

    Returns
    -------
    (x, texts), (x_test, texts_test) : tuples
        What `generate` returns for the seeds 0 and 1.

    Raises
    ------
    TypeError, ValueError
        If `height` is not an integer from 16 to 256.
    """
    return generate(8000, height, seed=0), generate(1000, height, seed=1)


def generate(n, height=32, *, seed=0, alphabet=ALPHABET, longest=12):
    """Return `n` images of lines of text.

    Parameters
    ----------
    n : int
        Number of lines.
    height : int
        Height of the images in pixels, from 16 to 256; their widths are those of the texts.
    seed : int
        Seed; line i depends on it, on i and on the other arguments but `n`, and is the same on every machine.
    alphabet : str
        Characters of the texts, some of `ALPHABET`.
    longest : int
        Number of characters of the longest texts, from 1 to 100.

    Returns
    -------
    x : list of ndarray of uint8, shape (height, width)
        The images.
    texts : list of str
        What is written in them.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of range.

    Examples
    --------
    >>> from striate.datasets import text_lines
    >>> x, texts = text_lines.generate(4)
    >>> texts
    ['3078 VOX. i5', "xO'7 huh", 'gowa dykamzh', 'Tk/T8S N6']
    >>> [image.shape for image in x]
    [(32, 162), (32, 93), (32, 178), (32, 167)]
    """
    n, height = integer("n", n, 0), integer("height", height, 16, _LARGEST_HEIGHT)
    seed, longest = integer("seed", seed, 0, LARGEST_SEED), integer("longest", longest, 1, _LONGEST)
    alphabet = check_alphabet(alphabet)
    images, texts = [], []
    for i in range(n):
        rng = np.random.default_rng([seed, i])
        texts.append(invent(rng, alphabet, longest))
        images.append(_photographed(rng, line_of(rng, texts[-1], height)))
    return images, texts


def check_alphabet(alphabet):
    """Return an alphabet, after checking that the font has its characters."""
    alphabet = text("alphabet", alphabet)
    wrong = [each for each in alphabet if each not in ALPHABET]
    if wrong or not alphabet.strip():
        reason = f"{wrong[0]!r}, which the font lacks" if wrong else "no character but spaces"
        raise ValueError(f"alphabet={shown(alphabet)} has {reason}; expected characters of {ALPHABET!r}")
    return alphabet


def line_of(rng, written, height):
    """Return how much a text covers of each pixel of its line, from 0 to 1: in letters of random size, slant and thickness."""
    size = height * uniform(rng, 0.46, 0.62)  # of capitals
    scale = size / CAPITALS
    wide, slant = uniform(rng, 0.8, 1.2), uniform(rng, -0.15, 0.3)
    left, right = uniform(rng, 0.08, 0.4, 2) * height
    spacing = uniform(rng, 1.6, 2.8)
    characters, length = set_text(written, spacing)
    missing = _columns_needed(written) * height / 8 - (left + right + scale * wide * length)
    if missing > 0:  # a row of narrow characters
        characters, length = set_text(written, spacing + missing / (scale * wide * max(len(written) - 1, 1)))
    width = int(left + right + scale * (wide * length + abs(slant) * CAPITALS) + 0.5)
    baseline = uniform(rng, size + 0.05 * height, height - DEPTH * scale - 0.02 * height)
    rise = uniform(rng, -1, 1) * 0.05 * height / width  # of the baseline
    for lines in characters:
        x, y = lines[..., 0].copy(), lines[..., 1].copy()
        lines[..., 0] = left + max(-slant, 0) * size + scale * (wide * x + slant * y)
        lines[..., 1] = baseline - rise * scale * wide * x - scale * y
    return ink(characters, (height, width), max(uniform(rng, 0.07, 0.19) * size, 1))


def _columns_needed(written):
    """Return the number of characters, and of pairs of equal ones: the columns of which CTC needs one for each."""
    return len(written) + sum(a == b for a, b in itertools.pairwise(written))


def _photographed(rng, opacity):
    """Return writing as an image of bytes: on paper of random brightness, beside lines and specks, in light, blurred, noisy."""
    height, width = opacity.shape
    paper, writing = brightnesses(rng)
    pixels = np.full(opacity.shape, paper)

    def line(start, end):
        """Return how much a thin line covers."""
        return ink([np.array([[start, end]])], opacity.shape, height * uniform(rng, 0.02, 0.06))

    for _ in range(rng.integers(4)):
        x, y = uniform(rng, 0, 1, (2, 2)) * [[width], [height]]
        pixels += line((x[0], y[0]), (x[1], y[1])) * (paper + uniform(rng, -0.25, 0.25) - pixels)
    for _ in range(rng.integers(3)):  # above or below the text
        y, slope = height * (1 - uniform(rng, 0, 0.06) if rng.random() < 0.5 else uniform(rng, 0, 0.06)), uniform(rng, -1, 1)
        pixels += line((0, y), (width, y + slope)) * (writing - pixels)
    pixels += opacity * (writing - pixels)
    return exposed(rng, pixels, most_blurred=2)


def exposed(rng, pixels, most_blurred):
    """Return an image as bytes: in light that changes from left to right, blurred at random, with a sensor's noise."""
    along = (np.arange(pixels.shape[1]) + 0.5) / pixels.shape[1] - 0.5
    pixels = pixels * (1 + uniform(rng, -0.3, 0.3) * along)
    pixels = blurred(pixels, int(rng.integers(most_blurred + 1)))
    pixels += uniform(rng, 0, 0.2) * (rng.random(pixels.shape) - 0.5)
    return np.floor(np.clip(pixels, 0, 1) * 255 + 0.5).astype(np.uint8)


def brightnesses(rng):
    """Return the brightness of paper and writing, from 0 to 1, which differ by a third at least."""
    dark = uniform(rng, 0, 0.45)
    bright = uniform(rng, dark + 0.35, 1)
    return (bright, dark) if rng.random() < 0.7 else (dark, bright)


__all__ = ["ALPHABET", "generate", "load_data"]

__getattr__, __dir__ = public_attributes(globals())
