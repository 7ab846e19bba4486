"""The base class of layers that take strings or integers, and encodings of indices as vectors."""

import numpy as np

from ..._common.checks import boolean, choice, integer, shown
from ..._common.structures import leaves
from ...engine import Value
from ...engine.dtypes import array_dtype
from ...engine.operations import PythonFunction
from ..base import Layer
from ..categories import encoded_shape
from ..symbolic import Tensor, shapes_of

ENCODINGS = ("one_hot", "multi_hot", "count")
#: Older names of output modes.
_ALIASES = {"binary": "multi_hot", "tf-idf": "tf_idf"}


class ArrayLayer(Layer):
    """A layer of strings or integers, which Python looks up, within a model, too. A subclass defines `look_up`."""

    fixed_arguments = ("modes",)
    built_at_once = True
    takes_strings = True
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
            return super().__call__(inputs, training=training, rng=rng)
        return self._looked_up(inputs)

    def call(self, x):
        """Look up what is in the values of a model."""
        shape = self.compute_output_shape(shapes_of(x))
        if None in shape:
            raise ValueError(
                f"layer {self.name!r} has outputs of shape {shape} in a model; expected a vocabulary, and a length of texts"
            )
        several = isinstance(x, (list, tuple))

        def look_up(*arrays):
            return self._looked_up(list(arrays) if several else arrays[0])

        return PythonFunction(x if several else [x], look_up, shape, array_dtype(self.output_dtype)).y

    @property
    def output_dtype(self):
        """The name of the dtype of the output."""
        return "int64" if self.output_mode == "int" else self.dtype

    def _build_sublayers(self, input_shape, rng):
        """Build nothing: a layer within has no weights."""

    def _knows_dtype(self):
        return True

    def _output_for(self, input_shape, dtypes=None):
        """Return the shape and dtype of the output."""
        return super()._output_for(input_shape, dtypes)[0], self.output_dtype

    def _looked_up(self, inputs):
        """Return the output for an array; errors name the layer."""
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


def entry(name, value, *kinds):
    """Return an entry of a vocabulary, a string or an integer as `kinds` say, or None."""
    if isinstance(value, str) and str in kinds:
        return str(value)
    if value is None or int in kinds:
        return None if value is None else integer(name, value)
    raise TypeError(f"{name}={shown(value)} is of type {type(value).__name__}; expected a string, or None")


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
