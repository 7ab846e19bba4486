"""Layers that encode categories: integers, or numbers that are sorted into bins."""

import numpy as np

from .._common.checks import boolean, choice, integer, number, real_array, sequence, shown
from ..engine import operations
from ..engine.operators import apply
from .base import Layer
from .preprocessing import batches_of

_ENCODINGS = ("one_hot", "multi_hot", "count")


class _Encoding(Layer):
    """The base class of layers that encode integers; a subclass defines `_depth`, the number of categories."""

    fixed_arguments = ("modes",)

    def __init__(self, output_mode, sparse, modes, **kwargs):
        super().__init__(**kwargs)
        self.output_mode = choice("output_mode", output_mode, modes)
        self.sparse = boolean("sparse", sparse)
        if self.sparse:
            raise ValueError("sparse=True is not supported; expected False, since arrays are dense")

    def _depth(self):
        """Return the number of categories."""
        raise NotImplementedError

    def compute_output_shape(self, input_shape):
        """Return the shape of the encoded input."""
        return encoded_shape(input_shape, self.output_mode, self._depth())

    def get_config(self):
        """Return the constructor's arguments."""
        return {"output_mode": self.output_mode, "sparse": self.sparse, **super().get_config()}


class CategoryEncoding(_Encoding):
    """Encode integers as vectors of 0 and 1, or of counts.

    Parameters
    ----------
    num_tokens : int
        Number of categories. Integers are from 0 to ``num_tokens - 1``; others are encoded as zeros.
    output_mode : {"multi_hot", "one_hot", "count"}
        "one_hot" is a vector for each integer, "multi_hot" a vector for each sample with a 1 for each integer that it has, and
        "count" a vector with how often each occurs.
    sparse : bool
        Accepted for compatibility with Keras; must be False.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, n); output (batch, num_tokens), or (batch, n, num_tokens) for "one_hot" unless n is 1. With `count_weights`, a
    second argument of a call, of the input's shape, "count" sums weights.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> layers.CategoryEncoding(4)(np.array([[0, 1], [0, 0], [3, 1]]))
    array([[1., 1., 0., 0.],
           [1., 0., 0., 0.],
           [0., 1., 0., 1.]], dtype=float32)
    >>> layers.CategoryEncoding(4, "count")(np.array([[0, 0]]), count_weights=np.array([[0.5, 0.25]]))
    array([[0.75, 0.  , 0.  , 0.  ]], dtype=float32)
    """

    def __init__(self, num_tokens=None, output_mode="multi_hot", sparse=False, **kwargs):
        super().__init__("multi_hot" if output_mode == "binary" else output_mode, sparse, _ENCODINGS, **kwargs)
        if num_tokens is None:
            raise ValueError("num_tokens=None is not a number of categories; expected an integer of at least 1")
        self.num_tokens = integer("num_tokens", num_tokens, 1)

    def _depth(self):
        return self.num_tokens

    def call(self, x, count_weights=None):
        """Encode integers; "count" sums `count_weights`, or else ones."""
        if count_weights is not None and self.output_mode != "count":
            raise ValueError(f"count_weights goes with output_mode='count', not {self.output_mode!r}; expected no weights")
        return encoded(x, self.output_mode, self.num_tokens, self.dtype, count_weights)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"num_tokens": self.num_tokens, **super().get_config()}


class Discretization(_Encoding):
    """Sort numbers into bins: replace each by the index of the interval that it lies in.

    Parameters
    ----------
    bin_boundaries : sequence of float, optional
        Boundaries of the intervals, in ascending order; the first interval begins at minus infinity, the last has no end, and a
        boundary belongs to the interval above it.
    num_bins : int, optional
        Number of intervals, whose boundaries `adapt` finds so that they hold equally many numbers; in place of
        `bin_boundaries`.
    epsilon : float
        Fraction of the numbers by which boundaries that `adapt` finds may be off.
    output_mode : {"int", "one_hot", "multi_hot", "count"}
        "int" returns the indices, of dtype int32; for the others, see `CategoryEncoding`.
    sparse : bool
        Accepted for compatibility with Keras; must be False.
    name, trainable, dtype
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[-1.5, 1.0, 3.4, 0.5], [0.0, 3.0, 1.3, 0.0]])
    >>> layers.Discretization([0.0, 1.0, 2.0])(x)
    array([[0, 2, 3, 1],
           [1, 3, 2, 1]], dtype=int32)
    >>> layer = layers.Discretization(num_bins=4)
    >>> layer.adapt(x)
    >>> layer(x)
    array([[0, 2, 3, 2],
           [1, 3, 3, 1]], dtype=int32)
    """

    def __init__(
        self, bin_boundaries=None, num_bins=None, epsilon=0.01, output_mode="int", sparse=False, dtype="float32", name=None,
        **kwargs,
    ):  # fmt: skip
        super().__init__(
            output_mode, sparse, ("int", *_ENCODINGS), dtype="float32" if dtype is None else dtype, name=name, **kwargs
        )
        if (num_bins is None) == (bin_boundaries is None):
            raise ValueError(
                f"bin_boundaries={shown(bin_boundaries)} and num_bins={shown(num_bins)} exclude each other; expected one"
            )
        self.bin_boundaries = None if bin_boundaries is None else _boundaries(bin_boundaries)
        self.num_bins = None if num_bins is None else integer("num_bins", num_bins, 1)
        self.epsilon = number("epsilon", epsilon, 0, 1, open_minimum=True)

    def adapt(self, data, steps=None):
        """Find boundaries of bins that hold equally many of the data.

        Parameters
        ----------
        data : array_like, or an iterable of such batches
            Numbers of any shape.
        steps : int, optional
            Number of batches that are used; all if None.

        Raises
        ------
        TypeError
            If the data are not arrays of real numbers.
        ValueError
            If the layer was made with boundaries, or if there are no numbers.
        """
        if self.num_bins is None:
            raise ValueError("adapt was called on a Discretization with given bin_boundaries; expected one with num_bins")
        steps = None if steps is None else integer("steps", steps, 1)
        summary = np.zeros((2, 0))
        for i, batch in enumerate(batches_of(data)):
            if i == steps:
                break
            values = real_array("data", batch, np.float32)
            summary = _compressed(np.concatenate([_summary(values.ravel(), self.epsilon), summary], 1), self.epsilon)
        if not summary.size:
            raise ValueError(f"data={shown(data)} has no numbers; expected at least one")
        self.bin_boundaries = _compressed(summary, 1 / self.num_bins)[0, :-1].tolist()

    def _depth(self):
        return self.num_bins if self.bin_boundaries is None else len(self.bin_boundaries) + 1

    def _knows_dtype(self):
        return True

    @property
    def output_dtype(self):
        """The name of the dtype of the output."""
        return "int32" if self.output_mode == "int" else self.dtype

    def _output_for(self, input_shape, dtypes=None):
        """Return the shape and dtype of the output."""
        return super()._output_for(input_shape, dtypes)[0], self.output_dtype

    def call(self, x):
        """Sort numbers into bins."""
        if self.bin_boundaries is None:
            raise ValueError(f"layer {self.name!r} has no boundaries; expected a call of `adapt` first")
        boundaries = np.asarray(self.bin_boundaries, self.dtype)
        indices = operations.Levels(x, lambda array: np.digitize(array, boundaries)).y
        if self.output_mode == "int":
            return apply("cast", indices, dtype="int32")
        return encoded(indices, self.output_mode, len(boundaries) + 1, self.dtype)

    def get_config(self):
        """Return the constructor's arguments, with the boundaries that `adapt` found."""
        own = {name: getattr(self, name) for name in ("bin_boundaries", "num_bins", "epsilon")}
        return {**own, **super().get_config()}

    @classmethod
    def from_config(cls, config):
        """Make a layer from what `get_config` returned, after `adapt` or before."""
        boundaries = config.get("bin_boundaries")
        if boundaries is None or config.get("num_bins") is None:
            return super().from_config(config)
        layer = super().from_config({**config, "bin_boundaries": None})
        layer.bin_boundaries = _boundaries(boundaries)
        return layer


def encoded_shape(shape, mode, depth):
    """Return the shape of integers after an encoding with a number of categories."""
    if mode == "int":
        return shape
    if mode == "one_hot":
        return (*shape[:-1], depth) if len(shape) > 1 and shape[-1] == 1 else (*shape, depth)
    return (*shape[:1], *shape[2:], depth) if len(shape) > 1 else (depth,)


def encoded(indices, mode, depth, dtype, weights=None):
    """Return integers, a value, encoded with a number of categories.

    Parameters
    ----------
    indices : Value, shape (batch, n, ...)
        Integers.
    mode : {"one_hot", "multi_hot", "count"}
        See `CategoryEncoding`.
    depth : int
        Number of categories.
    dtype : str
        Dtype of the result.
    weights : Value, optional
        Of the shape of `indices`; what "count" sums instead of ones.
    """
    rank = len(indices.shape)
    if mode == "one_hot" and rank > 1 and indices.shape[-1] == 1:
        indices = apply("getitem", indices, key=(..., 0))
    vectors = apply("one_hot", indices, classes=depth, dtype=dtype)
    if mode == "one_hot":
        return vectors
    if weights is not None:
        vectors = apply("multiply", vectors, apply("getitem", weights, key=(..., None)))
    counts = apply("sum", vectors, axis=1 if rank > 1 else 0)
    return apply("minimum", counts, 1.0) if mode == "multi_hot" else counts


def _boundaries(value):
    """Return boundaries of bins as a list of floats, after checking that they ascend."""
    numbers = [number(f"bin_boundaries[{i}]", each) for i, each in enumerate(sequence("bin_boundaries", value, "numbers"))]
    if sorted(numbers) != numbers:
        raise ValueError(f"bin_boundaries={shown(value)} do not ascend; expected numbers in ascending order")
    return numbers


def _summary(values, epsilon):
    """Return some quantiles of values, and how many values each stands for, as rows of an array."""
    step = max(len(values) * epsilon, 1.0)
    quantiles = np.sort(values)[int(step - 1) :: int(step)]
    return np.stack([quantiles, np.full(len(quantiles), step)])


def _compressed(summary, epsilon):
    """Return a summary of at most ``1 / epsilon`` quantiles, interpolated between those of another one."""
    summary = summary[:, np.argsort(summary[0], kind="stable")]
    if summary.shape[1] * epsilon < 1:
        return summary
    parts = epsilon + np.arange(0.0, 1.0, epsilon)
    counts = np.cumsum(summary[1])
    quantiles, new_counts = (np.interp(parts, counts / counts[-1], each) for each in (summary[0], counts))
    return np.stack([quantiles, np.diff(new_counts, prepend=0.0)])
