"""Functions that apply the engine's function of the same name, with signatures that type checkers see."""

from typing import Protocol

import numpy as np

from .._common.checks import boolean
from ..engine.operators import apply


class Unary(Protocol):
    def __call__(self, x): ...


class Binary(Protocol):
    def __call__(self, x1, x2): ...


class Bitwise(Protocol):
    def __call__(self, x, y): ...


class Reduction(Protocol):
    def __call__(self, x, axis=None, keepdims=False): ...


def unary(name, doc) -> Unary:
    """Return a function of one array."""

    def function(x):
        return apply(name, x)

    return described(function, name, doc)


def binary(name, doc) -> Binary:
    """Return a function of two arrays, which are broadcast."""

    def function(x1, x2):
        return apply(name, x1, x2)

    return described(function, name, doc)


def bitwise(name, doc) -> Bitwise:
    """Return a function of two arrays of integers, which are broadcast."""

    def function(x, y):
        return apply(name, x, y)

    return described(function, name, doc)


def reduction(name, doc) -> Reduction:
    """Return a function that reduces an array along axes."""

    def function(x, axis=None, keepdims=False):
        return apply(name, x, axis=numpy_axis(axis), keepdims=boolean("keepdims", keepdims))

    return described(function, name, doc)


def described(function, name, doc):
    """Return a function after setting its name and docstring."""
    function.__name__ = function.__qualname__ = name
    function.__doc__ = doc
    return function


def numpy_axis(axis):
    """Return an axis, or several as the tuple that NumPy expects."""
    return tuple(axis) if isinstance(axis, list) else axis


def shape_of(x):
    """Return the shape of an array, symbolic tensor, nested list or number."""
    return tuple(x.shape) if hasattr(x, "shape") else np.shape(x)


def indexed(x, *key):
    """Return ``x[key]``, which tapes record, too, if `x` is an array."""
    return apply("getitem", x, key=key)


def in_dtype(array, dtype):
    """Return an array of Python's numbers with a dtype; None means float32 for floats, and int32 for integers that fit."""
    if dtype is None:
        fits = array.dtype == np.int64 and array.size and np.abs(array).max() < 1 << 31
        dtype = "float32" if array.dtype.kind == "f" else "int32" if fits else array.dtype
    return array.astype(dtype, copy=False)


def apply_layer(cls, x, *arguments):
    """Make a layer of class `cls` with the arguments, and return its output for `x`, in the dtype of `x`."""
    dtype = np.dtype(getattr(x, "dtype", np.float32))
    y = cls(*arguments, dtype="float64" if dtype == np.float64 else "float32")(x)
    return apply("cast", y, dtype="float16") if dtype == np.float16 else y
