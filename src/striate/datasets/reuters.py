"""Reuters-21578: 11,228 newswires on 46 topics (Lewis, D., "Reuters-21578 text categorization test collection", 1997)."""

import json

import numpy as np

from .._common.docstrings import documented
from .._common.names import public_attributes
from . import keras_files
from .word_sequences import PARAMETERS, frequent, marked, short

_CHECKSUM = "sha256:d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916"  # as Keras has it
_CHECKSUM_OF_WORDS = "md5:4d44cc38712099c9e383dc6e5f11a921"

_LABELS = (
    "cocoa",
    "grain",
    "veg-oil",
    "earn",
    "acq",
    "wheat",
    "copper",
    "housing",
    "money-supply",
    "coffee",
    "sugar",
    "trade",
    "reserves",
    "ship",
    "cotton",
    "carcass",
    "crude",
    "nat-gas",
    "cpi",
    "money-fx",
    "interest",
    "gnp",
    "meal-feed",
    "alum",
    "oilseed",
    "gold",
    "tin",
    "strategic-metal",
    "livestock",
    "retail",
    "ipi",
    "iron-steel",
    "rubber",
    "heat",
    "jobs",
    "lei",
    "bop",
    "zinc",
    "orange",
    "pet-chem",
    "dlr",
    "gas",
    "silver",
    "wpi",
    "hog",
    "lead",
)


@documented(PARAMETERS)
def load_data(
    path="reuters.npz",
    num_words=None,
    skip_top=0,
    maxlen=None,
    test_split=0.2,
    seed=113,
    start_char=1,
    oov_char=2,
    index_from=3,
):
    """Return the newswires and their topics, downloaded to striate's cache unless they are there.

    The file may also be in ``STRIATE_DATA``.
    """
    arrays = keras_files.arrays_in(keras_files.find(path, "reuters.npz", _CHECKSUM))
    texts, labels = keras_files.shuffled([arrays["x"], arrays["y"]], seed)
    texts, labels = short(marked(texts, start_char, index_from), labels, maxlen)
    return keras_files.split(frequent(texts, num_words, skip_top, oov_char), np.asarray(labels), test_split)


def get_word_index(path="reuters_word_index.json"):
    """Return the rank of each word, from 1, as a dict; the file is downloaded unless it is there."""
    return json.loads(keras_files.find(path, "reuters_word_index.json", _CHECKSUM_OF_WORDS).read_text(encoding="utf-8"))


def get_label_names():
    """Return the names of the topics.

    Examples
    --------
    >>> from striate.datasets import reuters
    >>> reuters.get_label_names()[:3]
    ('cocoa', 'grain', 'veg-oil')
    """
    return _LABELS


__all__ = ["get_label_names", "get_word_index", "load_data"]

__getattr__, __dir__ = public_attributes(globals())
