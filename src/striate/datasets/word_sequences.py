"""Texts as lists of the ranks of their words, filtered as Keras filters them."""

import numpy as np

from .._common.checks import integer, shown


def marked(texts, start_char, index_from):
    """Return texts, lists of ranks, with a number in front, and with the ranks moved on by another."""
    index_from = 0 if index_from is None else integer("index_from", index_from, 0)
    first = [] if start_char is None else [integer("start_char", start_char, 0)]
    return [first + [rank + index_from for rank in text] for text in texts]


def short(texts, labels, maxlen):
    """Return the texts of less than `maxlen` words, if that is not None, and their labels."""
    if maxlen is None:
        return texts, labels
    kept = [i for i, text in enumerate(texts) if len(text) < integer("maxlen", maxlen, 1)]
    if not kept:
        raise ValueError(f"maxlen={shown(maxlen)} leaves no texts; expected more")
    return [texts[i] for i in kept], labels[kept]


def frequent(texts, num_words, skip_top, oov_char):
    """Return texts as an array of lists, with a number in place of ranks that are too low or too high, or without them."""
    words = max(map(max, filter(None, texts)), default=0) if num_words is None else integer("num_words", num_words, 1)
    least = integer("skip_top", skip_top, 0)
    last = words
    found = np.empty(len(texts), object)
    for i, text in enumerate(texts):
        if oov_char is None:
            found[i] = [rank for rank in text if least <= rank < last]
        else:
            found[i] = [rank if least <= rank < last else oov_char for rank in text]
    return found


PARAMETERS = """
    Parameters
    ----------
    path : str
        Name of the file in the cache.
    num_words : int, optional
        Number that all ranks are below; None for all.
    skip_top : int
        Number that no rank is below.
    maxlen : int, optional
        Number that all lengths are below; None for all.
    test_split : float
        Fraction of the texts to test with.
    seed : int
        Seed of the order.
    start_char : int, optional
        Number at the beginning of each text; None for none.
    oov_char : int, optional
        Number in place of words that are left out; None for none.
    index_from : int
        What is added to the ranks.

    Returns
    -------
    (x_train, y_train), (x_test, y_test) : tuples of ndarray
        Texts as lists of ranks, and labels.

    Raises
    ------
    OSError
        If the data can neither be found nor downloaded.
    ValueError
        If the file is damaged, or no texts are left.
    """
