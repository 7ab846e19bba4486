"""Characters and their labels: character i of an alphabet has the label i + 1, since 0 is CTC's blank."""

import numpy as np

from .._common.checks import shown, text


def check_alphabet(value):
    """Return an alphabet, whose characters are different."""
    alphabet = text("alphabet", value)
    if not alphabet or len(set(alphabet)) < len(alphabet):
        raise ValueError(f"alphabet={shown(value)} has no character, or one twice; expected different characters")
    return alphabet


def encode(name, texts, alphabet):
    """Return the labels of texts, an array (texts, longest) with zeros behind shorter ones; errors call the texts `name`."""
    labels = {character: i for i, character in enumerate(alphabet, 1)}
    encoded = np.zeros((len(texts), max(map(len, texts), default=0)), np.int64)
    for i, each in enumerate(texts):
        wrong = [character for character in each if character not in labels]
        if wrong:
            raise ValueError(f"{name}[{i}]={shown(each)} has {wrong[0]!r}; expected characters of the alphabet {alphabet!r}")
        encoded[i, : len(each)] = [labels[character] for character in each]
    return encoded


def decode(labels, alphabet):
    """Return the text of labels, which others than those of characters follow."""
    return "".join(alphabet[label - 1] for label in labels if label > 0)
