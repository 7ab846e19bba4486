"""The base class of layers that take arrays of strings or integers, and encodings of indices as vectors."""

import numpy as np

from ..._common.checks import boolean, choice, integer, shown
from ..._common.structures import leaves
from ...engine import Value
from ..base import Layer
from ..categories import encoded_shape
from ..symbolic import Tensor

ENCODINGS = ("one_hot", "multi_hot", "count")
#: Older names of output modes.
_ALIASES = {"binary": "multi_hot", "tf-idf": "tf_idf"}


class ArrayLayer(Layer):
    """A layer that takes arrays of strings or integers, at once. A subclass defines `look_up`.

    It cannot be part of a model, whose inputs are numbers: its outputs are what models take.
    """

    fixed_arguments = ("modes",)
    takes_empty_samples = True

    def __init__(self, output_mode, sparse, modes, dtype=None, **kwargs):
        super().__init__(**kwargs)
        self.output_mode = choice("output_mode", _ALIASES.get(output_mode, output_mode), modes)
        self.sparse = boolean("sparse", sparse)
        if self.sparse:
            raise ValueError("sparse=True is not supported; expected False, since arrays are dense")

    def __call__(self, inputs, training=None, rng=None):
        """Return the output for an array of strings or integers, or nested lists of them; see `Layer.__call__`."""
        if inputs is None:
            raise ValueError(f"layer {self.name!r} got x=None; expected strings or integers")
        if any(isinstance(each, (Tensor, Value)) for each in leaves(inputs)):
            raise TypeError(
                f"layer {self.name!r} got a symbolic tensor; expected an array, as the layer prepares data before a model"
            )
        try:
            return self.look_up(inputs)
        except (TypeError, ValueError) as error:
            text = str(error)
            raise type(error)(text if "layer '" in text else f"layer {self.name!r}: {text}") from None

    def look_up(self, inputs):
        """Return the output for an array."""
        raise NotImplementedError

    def _depth(self):
        """Return the size of vectors, or None if it is unknown."""
        raise NotImplementedError

    def compute_output_shape(self, input_shape):
        """Return the shape of the encoded input."""
        if self.output_mode in ("int", "one_hot"):
            return encoded_shape(input_shape, self.output_mode, self._depth())
        return (*input_shape[:-1], self._depth())

    def get_config(self):
        """Return the constructor's arguments."""
        return {"output_mode": self.output_mode, "sparse": self.sparse, **super().get_config()}


def strings_or_integers(name, value):
    """Return an array of strings, of Python's class, or of int64; floats are truncated."""
    array = np.asarray(value)
    if array.dtype.kind == "S":
        array = np.char.decode(array, "utf-8")
    if array.dtype.kind in "UT":
        return array.astype(object)
    if array.dtype.kind == "O":
        texts = [each.decode() if isinstance(each, bytes) else each for each in array.ravel().tolist()]
        if all(isinstance(each, str) for each in texts):
            return np.array(texts, object).reshape(array.shape)
    if array.dtype.kind in "biuf":
        return array.astype(np.int64)
    raise TypeError(f"{name}={shown(value)} is of dtype {array.dtype}; expected strings or integers")


def entry(name, value, *kinds):
    """Return an entry of a vocabulary, a string or an integer as `kinds` say, or None."""
    if isinstance(value, str) and str in kinds:
        return str(value)
    if value is None or int in kinds:
        return None if value is None else integer(name, value)
    raise TypeError(f"{name}={shown(value)} is of type {type(value).__name__}; expected a string, or None")


def strings(name, value):
    """Return an array of strings, of Python's class."""
    array = strings_or_integers(name, value)
    return array if array.dtype == object else array.astype(str).astype(object)


def mapped_elements(function, array):
    """Return an array of int64 with the result of a function, which is called once for equal elements."""
    flat = array.ravel().tolist()
    known = {each: function(each) for each in dict.fromkeys(flat)}
    return np.array([known[each] for each in flat], np.int64).reshape(array.shape)


def encode(indices, mode, depth, dtype="float32", weights=None):
    """Return an array of indices as vectors.

    Parameters
    ----------
    indices : ndarray, shape (..., n)
        Indices; those outside of the vectors count for nothing.
    mode : {"one_hot", "multi_hot", "count", "tf_idf"}
        Vectors of 0 and 1 for each index; of 0 and 1 for each of the samples, (...); of how often each index occurs; or these
        numbers, times weights.
    depth : int
        Size of the vectors.
    dtype : str
        Dtype of the vectors.
    weights : ndarray, optional
        One for each index, for "tf_idf".
    """
    if mode == "one_hot":
        indices = indices[..., 0] if indices.ndim > 1 and indices.shape[-1] == 1 else indices
        return (indices[..., None] == np.arange(depth)).astype(dtype)
    indices = np.atleast_1d(indices)
    counts = np.zeros((*indices.shape[:-1], depth), dtype)
    *places, _ = np.indices(indices.shape, sparse=True) if indices.ndim > 1 else (None,)
    inside = (indices >= 0) & (indices < depth)
    np.add.at(counts, (*places, np.where(inside, indices, 0)), inside.astype(dtype))
    if mode == "multi_hot":
        return np.minimum(counts, 1)
    return counts if weights is None else counts * weights.astype(dtype)
