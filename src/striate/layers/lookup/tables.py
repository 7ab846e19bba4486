"""Layers that replace words of a vocabulary by their indices, and indices by words."""

import collections
import math
from itertools import islice

import numpy as np

from ..._common.checks import boolean, check_path, choice, integer, real_array, shown, text
from ..._common.docstrings import documented
from ..._common.strings import strings, strings_or_integers
from ...engine.dtypes import STRING, array_dtype
from ..preprocessing import batches_of
from .base import ENCODINGS, ArrayLayer, encode, entry, mapped_elements
from .hashing import bins_of, checked_salt

_DROPPED = -1  # the index of what no vector counts

LOOKUP_DOC = """
    Parameters
    ----------
    max_tokens : int, optional
        Largest size of the vocabulary, special entries included.
    num_oov_indices : int
        Number of indices for what is out of the vocabulary, which hashes choose among; with 0 it is an error.
    vocabulary : sequence or path, optional
        The vocabulary, with or without the special entries at its beginning, or a text file with one entry a line; `adapt`
        finds it if None.
    idf_weights : sequence of float, optional
        A weight for each entry of `vocabulary`, for "tf_idf".
    invert : bool
        Whether indices are replaced by entries of the vocabulary.
    output_mode : {"int", "one_hot", "multi_hot", "count", "tf_idf"}
        "int" returns indices; "one_hot" a vector for each of them; "multi_hot", "count" and "tf_idf" a vector for each sample,
        with ones for the entries that it has, how often it has them, and these numbers times the weights of the entries.
    pad_to_max_tokens : bool
        Whether vectors have the size `max_tokens` even if the vocabulary is smaller.
    sparse : bool
        Accepted for compatibility with Keras; must be False.
    salt : int or pair of int, optional
        Key of SipHash, which chooses among indices in place of FarmHash.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, ...), strings or integers, arrays or symbolic tensors; in a model, texts of "int" and "one_hot" need an
    `output_sequence_length`. The first indices are those of the mask token, if there is one and the mode is "int", and of what
    is out of the vocabulary.
    """


class IndexLookup(ArrayLayer):
    """The base class of lookups. A subclass defines `_taken`, which checks arrays of entries, and the class of entries."""

    def __init__(
        self,
        max_tokens,
        num_oov_indices,
        mask_token,
        oov_token,
        vocabulary,
        idf_weights=None,
        invert=False,
        output_mode="int",
        pad_to_max_tokens=False,
        sparse=False,
        salt=None,
        oov_method="farmhash",
        **kwargs,
    ):
        super().__init__(output_mode, sparse, ("int", *ENCODINGS, "tf_idf"), **kwargs)
        self.max_tokens = None if max_tokens is None else integer("max_tokens", max_tokens, 2)
        self.num_oov_indices = integer("num_oov_indices", num_oov_indices, 0)
        self.mask_token = entry("mask_token", mask_token, self._kind)
        self.oov_token = entry("oov_token", oov_token, self._kind)
        self.invert = boolean("invert", invert)
        self.pad_to_max_tokens = boolean("pad_to_max_tokens", pad_to_max_tokens)
        self.oov_method = choice("oov_method", oov_method, ("floormod", "farmhash"))
        self.salt = checked_salt(salt)
        if self.invert and self.output_mode != "int":
            raise ValueError(f"invert=True goes with output_mode='int', not {self.output_mode!r}; expected invert=False")
        if self.pad_to_max_tokens and max_tokens is None:
            raise ValueError("pad_to_max_tokens=True needs max_tokens; expected an integer, got None")
        if self.salt is not None and self.oov_method != "farmhash":
            raise ValueError(f"salt={shown(salt)} goes with oov_method='farmhash', not {oov_method!r}; expected None")
        self._tokens, self._indices, self.idf_weights = [], {}, None
        self._fixed = vocabulary is not None
        if idf_weights is not None and vocabulary is None:
            raise ValueError(f"idf_weights={shown(idf_weights)} belongs to a vocabulary; expected None without one")
        self.reset_state()
        if vocabulary is not None:
            self.set_vocabulary(vocabulary, idf_weights)

    def _taken(self, value):
        """Return entries as an array."""
        raise NotImplementedError

    @property
    def _first_oov(self):
        """The first index of what is out of the vocabulary."""
        return int(self.mask_token is not None and self.output_mode == "int")

    @property
    def _first_token(self):
        """The index of the first entry that is not special."""
        return self._first_oov + self.num_oov_indices

    def entry_of(self, line):
        """Return the entry of a line of a file."""
        return self._kind(line)

    @property
    def has_given_vocabulary(self):
        """Whether the layer was made with a vocabulary, so that `adapt` finds none."""
        return self._fixed

    def vocabulary_size(self):
        """Return the number of indices, those of special entries included."""
        return self._first_token + len(self._tokens)

    def get_vocabulary(self, include_special_tokens=True):
        """Return the entries by index, with those of special indices or without."""
        special = [self.mask_token] * self._first_oov + [self.oov_token] * self.num_oov_indices
        return [*(special if boolean("include_special_tokens", include_special_tokens) else []), *self._tokens]

    def set_vocabulary(self, vocabulary, idf_weights=None):
        """Set the vocabulary, and for "tf_idf" the weights of its entries.

        Parameters
        ----------
        vocabulary : sequence or path
            The entries, with or without the special ones at the beginning, or a text file with one a line.
        idf_weights : sequence of float, optional
            A weight for each entry.

        Raises
        ------
        ValueError
            If entries repeat, if they are more than `max_tokens`, or if weights are missing, or given without being needed.
        """
        if (idf_weights is None) == (self.output_mode == "tf_idf"):
            raise ValueError(
                f"idf_weights={shown(idf_weights)} does not go with output_mode={self.output_mode!r}; expected weights for "
                "'tf_idf', and None for others"
            )
        if isinstance(vocabulary, str) or hasattr(vocabulary, "__fspath__"):
            with open(check_path("vocabulary", vocabulary), encoding="utf-8") as file:
                lines = file.read().splitlines()
            vocabulary = [self.entry_of(line) for line in lines]
        given = self._taken(vocabulary).ravel().tolist()
        special = self.get_vocabulary()[: self._first_token]
        whole = bool(special) and given[: len(special)] == special
        tokens = given[len(special) :] if whole else given
        if not given:
            raise ValueError("vocabulary is empty; expected at least one entry")
        repeated = [token for token, count in collections.Counter(tokens).items() if count > 1]
        reserved = {self.mask_token, *([self.oov_token] if self.invert else [])} - {None}
        misplaced = [token for token in tokens if token in reserved]
        if repeated or misplaced:
            kind = "repeats" if repeated else "has at unexpected places"
            raise ValueError(
                f"vocabulary {kind} {shown(repeated or misplaced)}; expected different entries, special ones at the beginning "
                f"as {special}, or none of them"
            )
        if self.max_tokens is not None and self._first_token + len(tokens) > self.max_tokens:
            raise ValueError(
                f"vocabulary has {self._first_token + len(tokens)} entries, special ones included; expected at most "
                f"max_tokens={self.max_tokens}"
            )
        weights = None if idf_weights is None else real_array("idf_weights", idf_weights, np.float32)
        if weights is not None and weights.shape != (len(given),):
            raise ValueError(f"idf_weights has shape {weights.shape}; expected ({len(given)},), one for each entry")
        self._keep(tokens, weights if weights is None or whole else self._with_special(weights))

    def _with_special(self, weights):
        """Return weights of entries with the mean of them in front, for special ones."""
        return np.concatenate([np.full(self._first_token, weights.mean() if weights.size else 0, np.float32), weights])

    def _keep(self, tokens, weights):
        """Keep a vocabulary, and the weights of all its entries."""
        self._tokens = tokens
        self._indices = {token: self._first_token + i for i, token in enumerate(tokens)}
        if weights is not None:
            self.idf_weights = np.pad(weights, (0, max(self._depth() - len(weights), 0)))

    def adapt(self, data, steps=None):
        """Make the vocabulary of the entries of data, the most frequent first.

        Parameters
        ----------
        data : array_like, or an iterable of such batches
            Entries. Those of an array of one axis are samples of their own.
        steps : int, optional
            Number of batches that are used; all if None.

        Raises
        ------
        ValueError
            If the layer was made with a vocabulary.
        """
        self.reset_state()
        if isinstance(data, (list, tuple, np.ndarray)):
            batches = [data if np.ndim(data) != 1 else self._taken(data)[:, None]]
        else:
            batches = islice(batches_of(data), None if steps is None else integer("steps", steps, 1))
        for batch in batches:
            self.update_state(batch)
        self.finalize_state()

    def reset_state(self):
        """Forget what `update_state` has counted."""
        self._counts, self._samples, self._documents = collections.Counter(), collections.Counter(), 0

    def update_state(self, data):
        """Count the entries of a batch; one of a single axis is one sample."""
        if self._fixed:
            raise ValueError(f"layer {self.name!r} was made with a vocabulary; expected one without, to adapt it to data")
        self._count(np.atleast_2d(self._taken(data)).tolist())

    def _count(self, samples):
        """Count the entries of samples, nested lists."""
        for sample in samples:
            entries = np.ravel(np.array(sample, object)).tolist()
            self._counts.update(entries)
            self._samples.update(set(entries))
        self._documents += len(samples)

    def finalize_state(self):
        """Make the vocabulary of what was counted."""
        special = {self.mask_token, self.oov_token}
        counts = {token: count for token, count in self._counts.items() if token not in special}
        if self._fixed or not self._counts:
            return
        limit = None if self.max_tokens is None else max(self.max_tokens - self._first_token, 0)
        tokens = sorted(counts, key=lambda token: (counts[token], token), reverse=True)[:limit]
        weights = None
        if self.output_mode == "tf_idf":
            found = [math.log(1 + self._documents / (1 + self._samples[token])) for token in tokens]
            weights = self._with_special(np.array(found, np.float32))
        self._keep(tokens, weights)
        self.reset_state()

    def _depth(self):
        if self.pad_to_max_tokens:
            return self.max_tokens
        return self.vocabulary_size() if self._tokens else None

    @property
    def output_dtype(self):
        """The name of the dtype of the output."""
        return self._dtype_of_entries if self.invert else super().output_dtype

    def look_up(self, inputs):
        """Return the output for an array."""
        if self.invert:
            return self._words(strings_or_integers("x", inputs))
        return self.encoded(self.indices_of(self._taken(inputs)))

    def _words(self, indices):
        """Return the entries of an array of indices."""
        special = {0: self.mask_token} if self._first_oov else {}
        words = special | dict(enumerate(self._tokens, self._first_token))
        found = [words.get(index, self.oov_token) for index in indices.ravel().tolist()]
        return np.array(found, array_dtype(self._dtype_of_entries)).reshape(indices.shape)

    def indices_of(self, entries):
        """Return the indices of an array of entries, as int64."""
        indices = mapped_elements(lambda entry: self._indices.get(entry, _DROPPED), entries)
        masked = np.zeros(indices.shape, bool) if self.mask_token is None else entries == self.mask_token
        out = (indices == _DROPPED) & ~masked
        if out.any():
            if not self.num_oov_indices:
                raise ValueError(
                    f"x has {shown(entries[out].tolist())}, which are not in the vocabulary; expected entries of it, or "
                    "num_oov_indices=1"
                )
            indices[out] = self._first_oov + self._oov_bins(entries[out])
        indices[masked] = 0 if self.output_mode == "int" else _DROPPED
        return indices

    def _oov_bins(self, entries):
        """Return which of the indices for what is out of the vocabulary belongs to each entry."""
        if self.num_oov_indices == 1:
            return 0
        if self.oov_method == "floormod":
            return entries % self.num_oov_indices
        return bins_of(entries, self.num_oov_indices, self.salt)

    def encoded(self, indices):
        """Return indices as the output."""
        if self.output_mode == "int":
            return indices
        if self._depth() is None:
            raise RuntimeError(f"layer {self.name!r} has no vocabulary; expected `adapt` or `set_vocabulary` before a call")
        return encode(indices, self.output_mode, self._depth(), weights=self.idf_weights)

    def get_config(self):
        """Return the constructor's arguments, with the vocabulary that `adapt` found."""
        names = ("max_tokens", "num_oov_indices", "mask_token", "oov_token", "invert", "pad_to_max_tokens", "salt")
        weights = None if self.idf_weights is None else self.idf_weights[: self.vocabulary_size()].tolist()
        vocabulary = None if not self._tokens else self.get_vocabulary() if weights is not None else [*self._tokens]
        own = {name: getattr(self, name) for name in names}
        return {**own, "vocabulary": vocabulary, "idf_weights": weights, **super().get_config()}


@documented(LOOKUP_DOC)
class StringLookup(IndexLookup):
    """Replace strings by their indices in a vocabulary, or indices by strings.

    Parameters
    ----------
    mask_token : str, optional
        What stands for nothing: index 0, which vectors do not count.
    oov_token : str
        What `invert` makes of indices out of the vocabulary.
    encoding : str
        Encoding of bytes.

    Examples
    --------
    >>> from striate import layers
    >>> to_indices = layers.StringLookup(vocabulary=["a", "b", "c"])
    >>> to_indices([["c", "a", "z"]])
    array([[3, 1, 0]])
    >>> layers.StringLookup(vocabulary=to_indices.get_vocabulary(), invert=True)([[3, 1, 0]]).tolist()
    [['c', 'a', '[UNK]']]
    """

    _kind, _dtype_of_entries = str, STRING
    fixed_arguments = ("modes", "oov_method")

    def __init__(
        self,
        max_tokens=None,
        num_oov_indices=1,
        mask_token=None,
        oov_token="[UNK]",
        vocabulary=None,
        idf_weights=None,
        invert=False,
        output_mode="int",
        pad_to_max_tokens=False,
        sparse=False,
        encoding="utf-8",
        name=None,
        salt=None,
        **kwargs,
    ):
        self.encoding = text("encoding", encoding)
        super().__init__(
            max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, idf_weights, invert, output_mode, pad_to_max_tokens,
            sparse, salt, name=name, **kwargs,
        )  # fmt: skip

    def _taken(self, value):
        array = np.asarray(value)
        return strings("x", np.char.decode(array, self.encoding) if array.dtype.kind == "S" else array)

    def get_config(self):
        """Return the constructor's arguments, with the vocabulary that `adapt` found."""
        return {"encoding": self.encoding, **super().get_config()}


@documented(LOOKUP_DOC)
class IntegerLookup(IndexLookup):
    """Replace integers by their indices in a vocabulary, or indices by integers of it.

    Parameters
    ----------
    mask_token : int, optional
        What stands for nothing: index 0, which vectors do not count.
    oov_token : int
        What `invert` makes of indices out of the vocabulary.
    vocabulary_dtype : {"int64"}
        Dtype of the vocabulary.
    oov_method : {"floormod", "farmhash"}
        How an index is chosen for what is out of the vocabulary, if there are several: the remainder, or a hash of the
        decimals.

    Examples
    --------
    >>> from striate import layers
    >>> layers.IntegerLookup(vocabulary=[12, 36, 1138, 42])([[12, 1138, 42], [42, 1000, 36]])
    array([[1, 3, 4],
           [4, 0, 2]])
    """

    _kind, _dtype_of_entries = int, "int64"

    def __init__(
        self,
        max_tokens=None,
        num_oov_indices=1,
        mask_token=None,
        oov_token=-1,
        vocabulary=None,
        vocabulary_dtype="int64",
        idf_weights=None,
        invert=False,
        output_mode="int",
        sparse=False,
        pad_to_max_tokens=False,
        oov_method="floormod",
        salt=None,
        name=None,
        **kwargs,
    ):
        self.vocabulary_dtype = choice("vocabulary_dtype", vocabulary_dtype, ("int64",))
        super().__init__(
            max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, idf_weights, invert, output_mode, pad_to_max_tokens,
            sparse, salt, oov_method, name=name, **kwargs,
        )  # fmt: skip

    def _taken(self, value):
        array = strings_or_integers("x", value)
        if array.dtype == object:
            raise TypeError(f"x={shown(value)} has strings; expected integers")
        return array

    def get_config(self):
        """Return the constructor's arguments, with the vocabulary that `adapt` found."""
        own = {"vocabulary_dtype": self.vocabulary_dtype, "oov_method": self.oov_method}
        return {**own, **super().get_config()}
