"""Synthetic lines of text, for reading: invented words, numbers and codes that are drawn, not printed or photographed.

Each line is drawn from its seed and its index alone, in the strokes of ``stroke_font``: their size, slant, thickness and
spacing vary, as do light, noise, blur, and the lines and specks beside them. What a network that has learned from these
drawings does with photographs is another question.
"""

import itertools

import numpy as np

from .._common.checks import LARGEST_SEED, integer, shown, text
from .drawing import uniform
from .stroke_font import CAPITALS, CHARACTERS, DEPTH, ink, set_text

#: The characters that lines may have.
ALPHABET = CHARACTERS + " "

_VOWELS, _CONSONANTS = "aeiouy", "bcdfghjklmnpqrstvwxz"

#: Attempts to make a text of an alphabet's characters, before some of them are taken at random.
_ATTEMPTS = 20

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
        texts.append(write(rng, alphabet, longest))
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


def write(rng, alphabet, longest):
    """Return an invented text of an alphabet's characters: words, numbers and codes, with single spaces between them."""
    visible = [each for each in alphabet if each != " "]
    for _ in range(_ATTEMPTS):
        whole = " ".join(_PARTS[rng.integers(len(_PARTS))](rng) for _ in range(rng.integers(1, 4)))
        kept = "".join(each for each in whole if each in alphabet)
        if 2 * len(kept) < len(whole):  # The alphabet is of another kind.
            continue
        found = " ".join(kept[:longest].split())
        if rng.random() < 0.5 and found:  # Rare characters appear more often.
            place = int(rng.integers(len(found)))
            found = " ".join((found[:place] + visible[rng.integers(len(visible))] + found[place + 1 :]).split())
        if found:
            return found
    return "".join(visible[i] for i in rng.integers(len(visible), size=rng.integers(1, longest + 1)))


def _word(rng):
    """Return an invented word in small letters, in capitals, or with one."""
    begins = int(rng.integers(2))
    letters = [
        (_CONSONANTS, _VOWELS)[(i + begins) % 2][int(rng.integers(20 if (i + begins) % 2 == 0 else 6))]
        for i in range(rng.integers(2, 9))
    ]
    word = "".join(letters)
    return (word, word, word.upper(), word.capitalize())[rng.integers(4)] + ("", "", "", ",", ".", "!", "?", ":")[
        rng.integers(8)
    ]


def _number(rng):
    """Return a number, an amount, a date or a time."""
    a, b, c = (int(each) for each in rng.integers((1, 1, 1), (32, 60, 10000)))
    form = (
        "{c}",
        "{c}",
        "{a}",
        "{a}.{b:02}",
        "{c},{b}",
        "{a}:{b:02}",
        "{a}/{b}",
        "{a}%",
        "+{c}",
        "-{a}",
        "#{c}",
        "({b})",
        "{a}*{b}",
    )
    return form[rng.integers(len(form))].format(a=a, b=b, c=c)


def _code(rng):
    """Return some letters and digits in any order, such as a number plate or a serial number has."""
    characters = CHARACTERS[:26] + CHARACTERS[52:62] if rng.random() < 0.5 else CHARACTERS[:62]
    found = "".join(characters[i] for i in rng.integers(len(characters), size=rng.integers(2, 7)))
    join = ("", "", "-", "/", "&", "'")[rng.integers(6)]
    return found[:2] + join + found[2:]


_PARTS = (_word, _word, _number, _code)


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
    for _ in range(rng.integers(4)):
        x, y = uniform(rng, 0, 1, (2, 2)) * [[width], [height]]
        mark = ink([np.array([[[x[0], y[0]], [x[1], y[1]]]])], opacity.shape, height * uniform(rng, 0.02, 0.06))
        pixels += mark * ((paper + uniform(rng, -0.25, 0.25)) - pixels)
    for _ in range(rng.integers(3)):  # lines above or below the text
        y, slope = height * (1 - uniform(rng, 0, 0.06) if rng.random() < 0.5 else uniform(rng, 0, 0.06)), uniform(rng, -1, 1)
        mark = ink([np.array([[[0, y], [width, y + slope]]])], opacity.shape, height * uniform(rng, 0.02, 0.06))
        pixels += mark * (writing - pixels)
    pixels += opacity * (writing - pixels)
    return exposed(rng, pixels, most_blurred=2)


def exposed(rng, pixels, most_blurred):
    """Return an image as bytes: in light that changes from left to right, blurred at random, with a sensor's noise."""
    along = (np.arange(pixels.shape[1]) + 0.5) / pixels.shape[1] - 0.5
    pixels = pixels * (1 + uniform(rng, -0.3, 0.3) * along)
    for _ in range(rng.integers(most_blurred + 1)):
        pixels = _blurred(pixels)
    pixels += uniform(rng, 0, 0.2) * (rng.random(pixels.shape) - 0.5)
    return np.floor(np.clip(pixels, 0, 1) * 255 + 0.5).astype(np.uint8)


def brightnesses(rng):
    """Return the brightness of paper and writing, from 0 to 1, which differ by a third at least."""
    dark = uniform(rng, 0, 0.45)
    bright = uniform(rng, dark + 0.35, 1)
    return (bright, dark) if rng.random() < 0.7 else (dark, bright)


def _blurred(pixels):
    """Return pixels averaged with their neighbours, by weights of 1/4, 1/2 and 1/4 in both directions."""
    padded = np.pad(pixels, 1, "edge")
    rows = 0.25 * padded[:-2] + 0.5 * padded[1:-1] + 0.25 * padded[2:]
    return 0.25 * rows[:, :-2] + 0.5 * rows[:, 1:-1] + 0.25 * rows[:, 2:]
