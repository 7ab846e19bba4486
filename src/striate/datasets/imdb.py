"""IMDB: 50,000 reviews of films (Maas, A. et al., "Learning word vectors for sentiment analysis", 2011)."""

import json

from .._common.docstrings import documented
from .._common.names import public_attributes
from . import keras_files
from .word_sequences import PARAMETERS, frequent, marked, short

_CHECKSUM = "sha256:69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f"  # as Keras has it
_CHECKSUM_OF_WORDS = "md5:bfafd718b763782e994055a2d397834f"


@documented(PARAMETERS)
def load_data(path="imdb.npz", num_words=None, skip_top=0, maxlen=None, seed=113, start_char=1, oov_char=2, index_from=3):
    """Return the reviews, and whether they praise the film, downloaded to striate's cache unless they are there.

    The file may also be in ``STRIATE_DATA``.
    """
    arrays = keras_files.arrays_in(keras_files.find(path, "imdb.npz", _CHECKSUM))
    random, parts = keras_files.generator(seed), []
    for part in ("train", "test"):
        texts, labels = keras_files.shuffled([arrays[f"x_{part}"], arrays[f"y_{part}"]], random)
        parts.append(short(marked(texts, start_char, index_from), labels, maxlen))
    (train, y_train), (test, y_test) = parts
    texts = frequent(train + test, num_words, skip_top, oov_char)
    return (texts[: len(train)], y_train), (texts[len(train) :], y_test)


def get_word_index(path="imdb_word_index.json"):
    """Return the rank of each word, from 1, as a dict; the file is downloaded unless it is there."""
    return json.loads(keras_files.find(path, "imdb_word_index.json", _CHECKSUM_OF_WORDS).read_text(encoding="utf-8"))


__all__ = ["get_word_index", "load_data"]

__getattr__, __dir__ = public_attributes(globals())
