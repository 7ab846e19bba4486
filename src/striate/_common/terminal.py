"""Text, pictures and tables in a terminal, adapted to the characters that it can show."""

import sys

import numpy as np

#: Whether progress is written to standard output; see `striate.config`.
interactive = True

#: Substitutes for characters that a terminal cannot show.
_PLAIN = {"→": "->", "─": "-", "━": "=", "░": ".", "▒": ":", "▓": "*", "█": "#", "✓": "yes", "✗": "no"}


def showable(text, stream=None):
    """Return `text` in characters that `stream` (standard output if None) can show."""
    encoding = getattr(sys.stdout if stream is None else stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        for character, plain in _PLAIN.items():
            text = text.replace(character, plain)
        text = text.encode(encoding, "replace").decode(encoding)
    return text


class _Log:
    """A stream that writes lines to the logger "striate"."""

    def write(self, text):
        import logging  # slow to import

        if text.strip():
            logging.getLogger("striate").info(text.strip())

    def flush(self):
        """Do nothing."""


def progress_stream():
    """Return the stream that progress is written to."""
    return sys.stdout if interactive else _Log()


def print_progress(line):
    """Write a line to where progress is written."""
    print(line, file=progress_stream())


def show(text=""):
    """Print `text` in characters that standard output can show."""
    print(showable(text))


def in_notebook():
    """Return whether output goes to a notebook, which draws a bar as a terminal does."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return type(shell).__name__ == "ZMQInteractiveShell"


def picture(image):
    """Return the lines of text that show a grayscale image.

    Parameters
    ----------
    image : ndarray, shape (height, width)
        Brightness between 0 and 1.
    """
    shades = " ░▒▓█"
    levels = np.clip(np.rint(image * (len(shades) - 1)), 0, len(shades) - 1).astype(int)
    return ["".join(shades[level] * 2 for level in row) for row in levels]


def probability_table(probabilities, label, names=None):
    """Return lines with each class and its probability, where a mark tells whether the prediction is right.

    Parameters
    ----------
    probabilities : ndarray, shape (classes,)
        Probability of each class.
    label : int
        The true class.
    names : list of str, optional
        The classes' names; their indices if None.
    """
    names = [str(i) for i in range(len(probabilities))] if names is None else names
    width = max(map(len, names))
    best = int(np.argmax(probabilities))
    lines = []
    for i, (name, probability) in enumerate(zip(names, probabilities, strict=True)):
        mark = ("✓" if i == label else "✗") if i == best else " "
        bar = "█" * round(20 * float(probability))
        lines.append(f"{name:>{width}}  {probability:.2f} {mark} {bar}".rstrip())
    return lines


def top_classes(outputs, names=None, most=5):
    """Return lines with the classes that have the largest outputs, and bars if these are probabilities.

    Parameters
    ----------
    outputs : ndarray, shape (classes,)
        Output of each class.
    names : list of str, optional
        The classes' names; their indices if None.
    most : int
        Largest number of classes.
    """
    best = np.argsort(-outputs, kind="stable")[:most]
    texts = [str(i) if names is None else names[i] for i in best]
    width = max(map(len, texts))
    probable = outputs.min() >= 0 and outputs.max() <= 1
    bars = ["█" * round(20 * float(outputs[i])) if probable else "" for i in best]
    return [f"{text:>{width}}  {outputs[i]:.2f} {bar}".rstrip() for i, text, bar in zip(best, texts, bars, strict=True)]


def side_by_side(left, right, gap=4):
    """Return two blocks of lines as one text, centred on each other."""
    height = max(len(left), len(right))
    width = max(map(len, left))

    def padded(lines):
        before = (height - len(lines)) // 2
        return [""] * before + lines + [""] * (height - before - len(lines))

    return "\n".join(f"{a:{width + gap}}{b}".rstrip() for a, b in zip(padded(left), padded(right), strict=True))
