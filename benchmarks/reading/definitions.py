"""What is learned, and by which network."""

from typing import NamedTuple

from striate.datasets import text_lines
from striate.ocr import TextRecognizer

#: Largest learning rate of a cycle, and lines per step: those of `TextRecognizer.fit`.
RATE, BATCH = 4e-3, 32


class Task(NamedTuple):
    """Lines, and how long they are learned from."""

    train: int  # number of lines to learn from
    test: int  # number of lines to be judged by
    epochs: int


TASKS = {"lines": Task(train=16000, test=1000, epochs=6)}


def data(name):
    """Return images and texts to learn from, and those to be judged by."""
    task = TASKS[name]
    return [text_lines.generate(count, seed=seed) for seed, count in enumerate((task.train, task.test))]


def recognizer(seed):
    """Return the recognizer that learns."""
    return TextRecognizer(text_lines.ALPHABET, rng=seed)
