"""A font of strokes: letters, digits and punctuation as lines and curves of any thickness, for images of text that are drawn.

A glyph is a width and some strokes, lines through points (x to the right, y up), in units of which capitals are 8 high: the
baseline is at 0, the tops of small letters at 5.2, and their lower ends at -2.6. A stroke that begins with "~" is a curve, the
quadratic B-spline of its points: it begins at the first and ends at the last, or is closed if they are the same. Easily
confused characters differ: the digit 0 has a slash, 1 a foot, I serifs, and l a hook.
"""

import functools

import numpy as np

#: Height of capitals in units of the font, and the depth of the lower ends.
CAPITALS, DEPTH = 8.0, 2.6

#: Advance of a space.
_SPACE = 3.6

#: Times that a curve's corners are cut: each leaves twice the points.
_CUTS = 2

_GLYPHS = {
    "A": "6 | 0,0 3,8 6,0 | 1.1,2.9 4.9,2.9",
    "B": "5.5 | 0,0 0,8 | ~0,8 3,8 5,8 5,4.3 3,4.3 0,4.3 | ~0,4.3 3,4.3 5.6,4.3 5.6,0 3,0 0,0",
    "C": "5.6 | ~5.6,6.3 5,8 0,8 0,0 5,0 5.6,1.7",
    "D": "6 | 0,0 0,8 | ~0,8 2.5,8 6,8 6,0 2.5,0 0,0",
    "E": "5 | 5,8 0,8 0,0 5,0 | 0,4.2 4.2,4.2",
    "F": "4.8 | 4.8,8 0,8 0,0 | 0,4.2 4,4.2",
    "G": "5.8 | ~5.6,6.3 5,8 0,8 0,0 5.8,0 5.8,3.6 | 3.4,3.6 5.8,3.6",
    "H": "6 | 0,0 0,8 | 6,0 6,8 | 0,4.2 6,4.2",
    "I": "3 | 1.5,0 1.5,8 | 0,0 3,0 | 0,8 3,8",
    "J": "4.2 | ~4.2,8 4.2,3 4.2,0 0,0 0,2",
    "K": "5.6 | 0,0 0,8 | 5.4,8 0,3.2 | 1.9,4.9 5.6,0",
    "L": "4.8 | 0,8 0,0 4.8,0",
    "M": "7 | 0,0 0,8 3.5,2.5 7,8 7,0",
    "N": "6 | 0,0 0,8 6,0 6,8",
    "O": "6.4 | ~0,0 6.4,0 6.4,8 0,8 0,0",
    "P": "5.3 | 0,0 0,8 | ~0,8 3,8 5.3,8 5.3,3.8 3,3.8 0,3.8",
    "Q": "6.4 | ~0,0 6.4,0 6.4,8 0,8 0,0 | 3.8,2.2 6.4,-0.6",
    "R": "5.5 | 0,0 0,8 | ~0,8 3,8 5.3,8 5.3,3.8 3,3.8 0,3.8 | 2.6,3.8 5.5,0",
    "S": "5.4 | ~5.2,6.7 4.6,8 0.3,8.2 0.3,4.5 5.4,3.9 5.4,-0.2 0.6,0 0,1.5",
    "T": "6 | 0,8 6,8 | 3,8 3,0",
    "U": "6 | ~0,8 0,3 0,0 6,0 6,3 6,8",
    "V": "6 | 0,8 3,0 6,8",
    "W": "8 | 0,8 2,0 4,6 6,0 8,8",
    "X": "5.8 | 0,0 5.8,8 | 0,8 5.8,0",
    "Y": "6 | 0,8 3,4 6,8 | 3,4 3,0",
    "Z": "5.6 | 0,8 5.6,8 0,0 5.6,0",
    "a": "4.3 | ~0.4,4.2 0.9,5.2 4.3,5.5 4.3,3 4.3,0 | ~4.3,3.1 2.6,3.1 0,3.2 0,-0.1 3.4,-0.3 4.3,1.5",
    "b": "4.8 | 0,0 0,8 | ~0,3.5 0.8,5.2 4.8,5.2 4.8,0 0.8,0 0,1.7",
    "c": "4.2 | ~4.2,4.1 3.7,5.2 0,5.2 0,0 3.7,0 4.2,1.1",
    "d": "4.8 | 4.8,0 4.8,8 | ~4.8,3.5 4,5.2 0,5.2 0,0 4,0 4.8,1.7",
    "e": "4.6 | 0.1,2.7 4.6,2.7 | ~4.6,2.7 4.6,5.3 0,5.3 0,0 3.6,-0.1 4.4,1.1",
    "f": "3 | ~3.1,7.6 2.6,8.1 1.2,8.2 1.2,6 1.2,0 | 0,5.2 2.8,5.2",
    "g": "4.8 | ~4.8,3.5 4,5.2 0,5.2 0,0 4,0 4.8,1.7 | ~4.8,5.2 4.8,-0.2 4.8,-2.7 0.8,-2.7 0.3,-1.7",
    "h": "4.5 | 0,0 0,8 | ~0,3.4 0.6,5.2 4.5,5.5 4.5,3 4.5,0",
    "i": "0.8 | 0.4,0 0.4,5.2 | 0.4,7.1 0.4,7.5",
    "j": "1.5 | ~1.5,5.2 1.5,-1 1.5,-2.7 0,-2.6 | 1.5,7.1 1.5,7.5",
    "k": "4.4 | 0,0 0,8 | 4.2,5.2 0,1.8 | 1.4,3 4.4,0",
    "l": "1.6 | ~0,8 0,1.6 0,0 1.6,0",
    "m": "7.2 | 0,0 0,5.2 | ~0,3.4 0.5,5.2 3.6,5.5 3.6,3 3.6,0 | ~3.6,3.4 4.1,5.2 7.2,5.5 7.2,3 7.2,0",
    "n": "4.4 | 0,0 0,5.2 | ~0,3.4 0.6,5.2 4.4,5.5 4.4,3 4.4,0",
    "o": "4.8 | ~0,0 4.8,0 4.8,5.2 0,5.2 0,0",
    "p": "4.8 | 0,-2.6 0,5.2 | ~0,3.5 0.8,5.2 4.8,5.2 4.8,0 0.8,0 0,1.7",
    "q": "4.8 | 4.8,-2.6 4.8,5.2 | ~4.8,3.5 4,5.2 0,5.2 0,0 4,0 4.8,1.7",
    "r": "3.2 | 0,0 0,5.2 | ~0,3.2 0.6,5 2,5.4 3.2,5",
    "s": "4.2 | ~4,4.2 3.5,5.3 0.2,5.3 0.2,2.9 4.2,2.5 4.2,-0.1 0.4,-0.1 0,1",
    "t": "3.2 | ~1.2,7.2 1.2,1.5 1.2,0 3.2,0.1 | 0,5.2 3,5.2",
    "u": "4.4 | ~0,5.2 0,2 0,-0.3 3.8,0 4.4,1.8 | 4.4,5.2 4.4,0",
    "v": "4.6 | 0,5.2 2.3,0 4.6,5.2",
    "w": "6.6 | 0,5.2 1.6,0 3.3,4.2 5,0 6.6,5.2",
    "x": "4.4 | 0,0 4.4,5.2 | 0,5.2 4.4,0",
    "y": "4.6 | 0,5.2 2.4,0 | 4.6,5.2 2.4,0 1.3,-2.6",
    "z": "4.2 | 0,5.2 4.2,5.2 0,0 4.2,0",
    "0": "4.8 | ~0,0 4.8,0 4.8,8 0,8 0,0 | 1.6,2.6 3.2,5.4",
    "1": "3.8 | 0.3,6.2 2,8 2,0 | 0.2,0 3.8,0",
    "2": "5 | ~0.2,6.2 0.4,8 4.9,8.2 4.9,5 2.4,2.6 0,0 | 0,0 5,0",
    "3": "5 | ~0.2,6.8 0.6,8 4.6,8.2 4.6,4.4 1.8,4.3 | ~1.8,4.3 5.1,4.4 5.1,-0.2 0.6,0 0,1.5",
    "4": "5.4 | 3.9,0 3.9,8 0,2.4 5.4,2.4",
    "5": "5 | 4.6,8 0.8,8 0.4,4.5 | ~0.4,4.5 1.2,5.1 5.1,5.4 5.1,-0.2 0.8,0 0,1.2",
    "6": "5 | ~4.6,7 4.2,8 0,8.2 0,3 0,0 5,-0.2 5,5 0.4,5.2 0.1,2.6",
    "7": "5 | 0,8 5,8 1.8,0",
    "8": "5 | ~0.5,4.3 4.5,4.3 4.5,8 0.5,8 0.5,4.3 | ~0,0 5,0 5,4.3 0,4.3 0,0",
    "9": "5 | ~0.4,1 0.8,0 5,-0.2 5,5 5,8 0,8.2 0,3 4.6,2.8 4.9,5.4",
    ".": "0.8 | 0.4,0 0.4,0.4",
    ",": "0.6 | 0.6,0.5 0.6,0 0,-1.5",
    ":": "0.8 | 0.4,0 0.4,0.4 | 0.4,3.9 0.4,4.3",
    ";": "0.6 | 0.6,0.5 0.6,0 0,-1.5 | 0.6,3.9 0.6,4.3",
    "!": "0.8 | 0.4,8 0.4,2.4 | 0.4,0 0.4,0.4",
    "?": "4.4 | ~0,6.4 0.3,8 4.4,8.2 4.4,4.8 2.1,4.2 2.1,2.4 | 2.1,0 2.1,0.4",
    "'": "0.8 | 0.4,8 0.4,6",
    '"': "1.6 | 0,8 0,6 | 1.6,8 1.6,6",
    "(": "1.8 | ~1.8,8.6 0,6.5 0,0.3 1.8,-1.6",
    ")": "1.8 | ~0,8.6 1.8,6.5 1.8,0.3 0,-1.6",
    "-": "2.8 | 0,3 2.8,3",
    "+": "4.4 | 0,3.2 4.4,3.2 | 2.2,1 2.2,5.4",
    "=": "4.4 | 0,2.3 4.4,2.3 | 0,4.3 4.4,4.3",
    "/": "3.6 | 0,-1 3.6,8.4",
    "%": "6.4 | 0.8,0 5.6,8 | ~0,4.8 2.4,4.8 2.4,8 0,8 0,4.8 | ~4,0 6.4,0 6.4,3.2 4,3.2 4,0",
    "&": "6 | ~5.8,0 1,5.8 0.9,8.1 4.2,8.1 4.2,5.6 0,3.4 0,-0.1 4.4,-0.1 5.6,3.4",
    "#": "5.6 | 1.2,0.6 2.2,7.4 | 3.6,0.6 4.6,7.4 | 0.2,2.6 5.2,2.6 | 0.6,5.4 5.6,5.4",
    "*": "3.4 | 1.7,4.9 1.7,8.1 | 0.4,5.7 3,7.3 | 0.4,7.3 3,5.7",
}

#: The characters of the font, without the space.
CHARACTERS = "".join(_GLYPHS)


@functools.cache
def glyph(character):
    """Return the width of a character, and its strokes as lines, an array (lines, 2, 2) of ends with x and y."""
    width, *strokes = _GLYPHS[character].split("|")
    return float(width), np.concatenate([_lines(each.strip()) for each in strokes])


def _lines(stroke):
    """Return the lines of a stroke, (lines, 2, 2)."""
    points = np.array([each.split(",") for each in stroke.lstrip("~").split()], np.float64)
    for _ in range(_CUTS if stroke.startswith("~") else 0):
        points = _cut(points)
    return np.stack([points[:-1], points[1:]], 1)


def _cut(points):
    """Return the points of a curve after its corners were cut, at a quarter of each line (Chaikin, 1974)."""
    near, far = 0.75 * points[:-1] + 0.25 * points[1:], 0.25 * points[:-1] + 0.75 * points[1:]
    between = np.stack([near, far], 1).reshape(-1, 2)
    if (points[0] == points[-1]).all():
        return np.concatenate([between, between[:1]])
    return np.concatenate([points[:1], between[1:-1], points[-1:]])


def set_text(text, spacing=1.6):
    """Return a text's characters side by side, from x = 0 on, as a list of arrays of lines (see `glyph`), and its width.

    Parameters
    ----------
    text : str
        Characters of the font, and spaces.
    spacing : float
        Distance between characters.
    """
    placed, x = [], 0.0
    for character in text:
        if character == " ":
            x += _SPACE
            continue
        width, lines = glyph(character)
        placed.append(lines + np.array([x, 0]))
        x += width + spacing
    return placed, x - spacing


def ink(characters, shape, thickness):
    """Return how much of each pixel lines cover, from 0 to 1.

    Only operations that IEEE 754 rounds exactly are used, so that it is the same on every machine.

    Parameters
    ----------
    characters : list of ndarray, shape (lines, 2, 2)
        Ends of lines, x and y in pixels from the upper left corner.
    shape : pair of int
        Height and width.
    thickness : float
        Thickness of the lines in pixels; their ends are round.
    """
    covered = np.zeros(shape)
    for lines in characters:
        low = np.maximum(np.floor(lines.min((0, 1)) - thickness / 2 - 1), 0).astype(int)
        high = np.maximum(np.ceil(lines.max((0, 1)) + thickness / 2 + 1), 0).astype(int)
        part = covered[low[1] : high[1], low[0] : high[0]]
        x, y = (np.arange(n) + 0.5 + first for n, first in zip(part.shape[::-1], low, strict=True))
        starts, steps = lines[:, 0], lines[:, 1] - lines[:, 0]
        right, down = x - starts[:, :1], y - starts[:, 1:]  # (lines, columns) and (lines, rows)
        squared = np.maximum(steps[:, 0] * steps[:, 0] + steps[:, 1] * steps[:, 1], 1e-12)
        along = (right * (steps[:, :1] / squared[:, np.newaxis]))[:, np.newaxis] + (
            down * (steps[:, 1:] / squared[:, np.newaxis])
        )[:, :, np.newaxis]
        along = np.clip(along, 0, 1)
        right = right[:, np.newaxis] - along * steps[:, 0, np.newaxis, np.newaxis]
        down = down[:, :, np.newaxis] - along * steps[:, 1, np.newaxis, np.newaxis]
        distance = np.sqrt((right * right + down * down).min(0, initial=np.inf))
        np.maximum(part, np.clip(0.5 + thickness / 2 - distance, 0, 1), out=part)
    return covered
