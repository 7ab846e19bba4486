"""A layer that turns texts into indices of words."""

import re
from itertools import islice

import numpy as np

from ..._common.checks import boolean, choice, integer, integers, shown, text
from ..._common.docstrings import documented
from ..._common.strings import strings
from ..preprocessing import batches_of
from .base import ENCODINGS, ArrayLayer
from .tables import LOOKUP_DOC, StringLookup

_PUNCTUATION = re.compile(r"[!\"#$%&()*+,\-./:;<=>?@\[\\\]^_`{|}~']")
_STANDARDIZATIONS = {
    "lower": str.lower,
    "strip_punctuation": lambda each: _PUNCTUATION.sub("", each),
    "lower_and_strip_punctuation": lambda each: _PUNCTUATION.sub("", each.lower()),
}
_SPLITS = {"whitespace": str.split, "character": list}


@documented(LOOKUP_DOC)
class TextVectorization(ArrayLayer):
    """Split texts into words, and replace these by their indices in a vocabulary.

    Parameters
    ----------
    standardize : {"lower_and_strip_punctuation", "lower", "strip_punctuation"} or callable, optional
        What is done to texts first. A function takes an array of strings, and returns another.
    split : {"whitespace", "character"} or callable, optional
        How texts are split into words. A function takes an array of strings, and returns a list of words for each.
    ngrams : int or tuple of int, optional
        Numbers of words that make an entry of the vocabulary, joined by spaces; an integer means all up to it.
    output_sequence_length : int, optional
        Number of indices of each text for "int", which are cut off or followed by zeros; that of the longest text if None.
    ragged : bool
        Accepted for compatibility with Keras; must be False.
    encoding : str
        Encoding of bytes.

    Examples
    --------
    >>> from striate import layers
    >>> layer = layers.TextVectorization(output_sequence_length=4)
    >>> layer.adapt(["A dog runs.", "A cat sleeps."])
    >>> layer.get_vocabulary()
    ['', '[UNK]', 'a', 'sleeps', 'runs', 'dog', 'cat']
    >>> layer(["A cat runs!", "A mouse"])
    array([[2, 6, 4, 0],
           [2, 1, 0, 0]])
    """

    def __init__(
        self,
        max_tokens=None,
        standardize="lower_and_strip_punctuation",
        split="whitespace",
        ngrams=None,
        output_mode="int",
        output_sequence_length=None,
        pad_to_max_tokens=False,
        vocabulary=None,
        idf_weights=None,
        sparse=False,
        ragged=False,
        encoding="utf-8",
        name=None,
        **kwargs,
    ):
        super().__init__(output_mode, sparse, ("int", *ENCODINGS, "tf_idf"), name=name, **kwargs)
        self.standardize = _named_or_function("standardize", standardize, _STANDARDIZATIONS)
        self.split = _named_or_function("split", split, _SPLITS)
        if ngrams is not None and not isinstance(ngrams, (int, tuple, list)):
            raise ValueError(f"ngrams={shown(ngrams)} is not supported; expected None, an integer, or a tuple of integers")
        self.ngrams = integers("ngrams", ngrams, 1) if isinstance(ngrams, (tuple, list)) else ngrams
        if isinstance(ngrams, int):
            integer("ngrams", ngrams, 1)
        if output_sequence_length is not None:
            integer("output_sequence_length", output_sequence_length, 1)
            if self.output_mode != "int":
                raise ValueError(
                    f"output_sequence_length={output_sequence_length} goes with output_mode='int', not {output_mode!r}; "
                    "expected None"
                )
        self.output_sequence_length = output_sequence_length
        if boolean("ragged", ragged):
            raise ValueError("ragged=True is not supported; expected False, since arrays are dense")
        self.ragged = False
        self.encoding = text("encoding", encoding)
        self._lookup_layer = StringLookup(
            max_tokens,
            mask_token="",
            vocabulary=vocabulary,
            idf_weights=idf_weights,
            output_mode=output_mode,
            pad_to_max_tokens=pad_to_max_tokens,
            encoding=encoding,
        )

    def _words(self, texts):
        """Return the words of each of an array of texts, as nested lists."""
        texts = np.asarray(texts)
        texts = strings("x", np.char.decode(texts, self.encoding) if texts.dtype.kind == "S" else texts)
        if callable(self.standardize):
            texts = strings("x", self.standardize(texts.astype(str)))
        elif self.standardize is not None:
            texts = np.asarray(np.frompyfunc(_STANDARDIZATIONS[self.standardize], 1, 1)(texts), object)
        if self.split is None:
            words = texts.tolist() if texts.ndim > 1 else [[each] for each in texts.ravel().tolist()]
        else:
            if texts.ndim > 1 and texts.shape[-1] != 1:
                raise ValueError(
                    f"x has shape {texts.shape}; expected one text for each sample, which is split: (batch,) or (batch, 1)"
                )
            texts = texts[..., 0] if texts.ndim > 1 else np.atleast_1d(texts)
            if callable(self.split):
                words = [list(each) for each in self.split(texts.astype(str))]
            else:
                words = [_SPLITS[self.split](each) for each in texts.tolist()]
        return words if self.ngrams is None else [self._grams(each) for each in words]

    def _grams(self, words):
        """Return all sequences of words of the wanted lengths, joined by spaces."""
        sizes = range(1, self.ngrams + 1) if isinstance(self.ngrams, int) else self.ngrams
        return [" ".join(words[i : i + size]) for size in sizes for i in range(len(words) - size + 1)]

    def look_up(self, inputs):
        """Return the output for an array of texts."""
        words = self._words(inputs)
        length = self.output_sequence_length or max(map(len, words), default=0)
        padded = np.full((len(words), length), "", object)
        for row, own in zip(padded, words, strict=True):
            row[: len(own)] = own[:length]
        indices = self._lookup_layer.encoded(self._lookup_layer.indices_of(padded))
        return indices[0] if np.ndim(inputs) == 0 else indices

    def compute_output_shape(self, input_shape):
        """Return (batch, output_sequence_length), or (batch, size of vectors)."""
        size = self.output_sequence_length if self.output_mode == "int" else self._depth()
        if self.output_mode == "one_hot":
            return input_shape[0], None, size
        return input_shape[0], size

    def _depth(self):
        return self._lookup_layer._depth()

    def adapt(self, data, batch_size=None, steps=None):
        """Make the vocabulary of the words of texts, the most frequent first.

        Parameters
        ----------
        data : array_like of str, or an iterable of such batches
            Texts.
        batch_size : int, optional
            Accepted for compatibility with Keras, without effect.
        steps : int, optional
            Number of batches that are used; all if None.
        """
        self.reset_state()
        whole = isinstance(data, (list, tuple, np.ndarray))
        for batch in [data] if whole else islice(batches_of(data), None if steps is None else integer("steps", steps, 1)):
            self.update_state(batch)
        self.finalize_state()

    def update_state(self, data):
        """Count the words of a batch of texts."""
        if self.has_given_vocabulary:
            raise ValueError(f"layer {self.name!r} was made with a vocabulary; expected one without, to adapt it to texts")
        self._lookup_layer._count(self._words(data))

    def finalize_state(self):
        """Make the vocabulary of what was counted."""
        self._lookup_layer.finalize_state()

    def reset_state(self):
        """Forget what `update_state` has counted."""
        self._lookup_layer.reset_state()

    def entry_of(self, line):
        """Return the entry of a line of a file."""
        return line

    @property
    def has_given_vocabulary(self):
        """Whether the layer was made with a vocabulary, so that `adapt` finds none."""
        return self._lookup_layer.has_given_vocabulary

    def get_vocabulary(self, include_special_tokens=True):
        """Return the words by index, with those of special indices or without."""
        return self._lookup_layer.get_vocabulary(include_special_tokens)

    def vocabulary_size(self):
        """Return the number of indices, those of special entries included."""
        return self._lookup_layer.vocabulary_size()

    def set_vocabulary(self, vocabulary, idf_weights=None):
        """Set the vocabulary; see `StringLookup.set_vocabulary`."""
        self._lookup_layer.set_vocabulary(vocabulary, idf_weights)

    def get_config(self):
        """Return the constructor's arguments, with the vocabulary that `adapt` found."""
        of_lookup = self._lookup_layer.get_config()
        kept = ("max_tokens", "pad_to_max_tokens", "vocabulary", "idf_weights")
        names = ("standardize", "split", "ngrams", "output_sequence_length", "ragged", "encoding")
        return {
            **{name: getattr(self, name) for name in names},
            **{name: of_lookup[name] for name in kept},
            **super().get_config(),
        }


def _named_or_function(name, value, known):
    """Return a function, None, or a name after checking that it is known."""
    return value if value is None or callable(value) else choice(name, value, tuple(known))
