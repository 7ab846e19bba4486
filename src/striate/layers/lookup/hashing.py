"""Layers that sort strings and integers into bins by hashes."""

import numpy as np

from ..._common.checks import choice, integer, sequence, shown
from ..._common.strings import strings_or_integers
from ..._common.structures import OF_SHAPES
from .base import ENCODINGS, ArrayLayer, encode, entry, mapped_elements
from .hashes import fingerprint, joined, siphash

_KEY = 0xDECAFCAFFE  # with which crossing begins in TensorFlow


class _Hashing(ArrayLayer):
    """The base class of layers that return bins."""

    def __init__(self, num_bins, output_mode, sparse, dtype, modes, **kwargs):
        super().__init__(output_mode, sparse, modes, **kwargs)
        self.num_bins = integer("num_bins", num_bins, 1)
        whole = self.output_mode == "int"
        dtypes = ("int64", "int32") if whole else ("float32", "float64", "int32", "int64")
        self.dtype = choice("dtype", dtype or dtypes[0], dtypes)

    def _depth(self):
        return self.num_bins

    @property
    def output_dtype(self):
        """The name of the dtype of the output."""
        return self.dtype

    def _encoded(self, bins):
        """Return bins as the output."""
        if self.output_mode == "int":
            return bins.astype(self.dtype)
        return encode(bins, self.output_mode, self.num_bins, self.dtype)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"num_bins": self.num_bins, **super().get_config()}


class Hashing(_Hashing):
    """Sort strings or integers into bins by their hashes, FarmHash's fingerprints or, with a salt, SipHash's.

    Parameters
    ----------
    num_bins : int
        Number of bins.
    mask_value : str or int, optional
        What is alone in bin 0.
    salt : int or pair of int, optional
        Key of SipHash.
    output_mode : {"int", "one_hot", "multi_hot", "count"}
        "int" returns the bins; for the others, see `CategoryEncoding`.
    sparse : bool
        Accepted for compatibility with Keras; must be False.
    dtype : str, optional
        Dtype of the output, "int64" for "int" and "float32" for others if None.
    name, trainable
        See `Layer`.

    Notes
    -----
    Input (batch, ...), strings or integers, arrays or symbolic tensors. The bins are Keras'.

    Examples
    --------
    >>> from striate import layers
    >>> layers.Hashing(num_bins=3)([["A"], ["B"], ["C"]])
    array([[1],
           [0],
           [1]])
    """

    def __init__(self, num_bins, mask_value=None, salt=None, output_mode="int", sparse=False, dtype=None, **kwargs):
        super().__init__(num_bins, output_mode, sparse, dtype, ("int", *ENCODINGS), **kwargs)
        self.mask_value = entry("mask_value", mask_value, str, int)
        self.salt = checked_salt(salt)

    def look_up(self, inputs):
        """Return the output for an array."""
        values = strings_or_integers("x", inputs)
        masked = self.mask_value is not None and self.num_bins > 1
        bins = bins_of(values, self.num_bins - masked, self.salt)
        return self._encoded(np.where(values == self.mask_value, 0, bins + 1) if masked else bins)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"mask_value": self.mask_value, "salt": self.salt, **super().get_config()}


class HashedCrossing(_Hashing):
    """Sort pairs of strings or integers, one from each of several inputs, into bins by their hashes.

    Parameters
    ----------
    num_bins : int
        Number of bins.
    output_mode : {"int", "one_hot"}
        "int" returns the bins, "one_hot" vectors.
    sparse : bool
        Accepted for compatibility with Keras; must be False.
    dtype : str, optional
        Dtype of the output, "int64" for "int" and "float32" for "one_hot" if None.
    name, trainable
        See `Layer`.

    Notes
    -----
    Inputs, a list of them, (batch,) or (batch, 1), strings or integers, arrays or symbolic tensors. The bins are Keras'.

    Examples
    --------
    >>> from striate import layers
    >>> layers.HashedCrossing(num_bins=5)([["A", "B", "A"], [101, 101, 102]])
    array([1, 4, 3])
    """

    takes_lists = True

    def __init__(self, num_bins, output_mode="int", sparse=False, name=None, dtype=None, **kwargs):
        super().__init__(num_bins, output_mode, sparse, dtype, ("int", "one_hot"), name=name, **kwargs)

    def compute_output_shape(self, input_shape):
        """Return the shape of an input, encoded."""
        if not isinstance(input_shape, OF_SHAPES) or len(input_shape) < 2 or len({tuple(each) for each in input_shape}) > 1:
            raise ValueError(f"input_shape={shown(input_shape)} is not that of several inputs; expected a list of equal shapes")
        return super().compute_output_shape(tuple(input_shape[0]))

    def look_up(self, inputs):
        """Return the output for a list of arrays."""
        if not isinstance(inputs, (list, tuple)) or len(inputs) < 2:
            raise ValueError(f"x={shown(inputs)} is not a list of inputs; expected at least two")
        arrays = [np.asarray(each) for each in inputs]
        if any(each.dtype.kind not in "biuUTSO" for each in arrays):
            raise ValueError(f"x has inputs of dtypes {[each.dtype.name for each in arrays]}; expected strings or integers")
        shape = arrays[0].shape
        if any(each.shape != shape for each in arrays) or len(shape) > 2 or (len(shape) == 2 and shape[1] != 1):
            raise ValueError(f"x has inputs of shapes {[each.shape for each in arrays]}; expected all (batch,) or (batch, 1)")
        columns = [strings_or_integers("x", each).ravel().tolist() for each in arrays]
        bins = [_crossed(values) % self.num_bins for values in zip(*columns, strict=True)]
        return self._encoded(np.array(bins, np.int64).reshape(shape))


def _crossed(values):
    """Return the hash of several strings or integers."""
    found = _KEY
    for value in values:
        found = joined(found, fingerprint(value.encode()) if isinstance(value, str) else value % (1 << 64))
    return found


def bins_of(values, count, salt=None):
    """Return the bins, of a number of them, of an array of strings or integers, the hashes of whose decimals they are."""

    def bin_of(value):
        data = str(value).encode()
        return (fingerprint(data) if salt is None else siphash(data, salt)) % count

    return mapped_elements(bin_of, values)


def checked_salt(salt):
    """Return a salt as a list of two integers, or None."""
    if salt is None:
        return None
    given = [salt, salt] if isinstance(salt, int) else sequence("salt", salt, "two integers")
    if len(given) != 2:
        raise ValueError(f"salt={shown(salt)} has {len(given)} elements; expected an integer or two")
    return [integer(f"salt[{i}]", each, 0, None) for i, each in enumerate(given)]
