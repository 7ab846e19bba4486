"""How functions are made of those of the engine that have their name, with signatures that type checkers see."""

from typing import Protocol

import numpy as np

from .._common.checks import boolean
from ..engine.operators import apply


class OfOne(Protocol):
    def __call__(self, x): ...


class OfTwo(Protocol):
    def __call__(self, x1, x2): ...


class Along(Protocol):
    def __call__(self, x, axis=None, keepdims=False): ...


def of_one(name, doc) -> OfOne:
    """Return a function of one array."""

    def function(x):
        return apply(name, x)

    return _described(function, name, doc)


def of_two(name, doc) -> OfTwo:
    """Return a function of two arrays."""

    def function(x1, x2):
        return apply(name, x1, x2)

    return _described(function, name, doc)


def along(name, doc) -> Along:
    """Return a function of an array along axes."""

    def function(x, axis=None, keepdims=False):
        return apply(name, x, axis=axes(axis), keepdims=boolean("keepdims", keepdims))

    return _described(function, name, doc)


def _described(function, name, doc):
    function.__name__ = function.__qualname__ = name
    function.__doc__ = doc
    return function


def axes(axis):
    """Return axes as NumPy takes them."""
    return tuple(axis) if isinstance(axis, list) else axis


def shape_of(x):
    """Return the shape of an array, a symbolic tensor, or of lists and numbers."""
    return tuple(x.shape) if hasattr(x, "shape") else np.shape(x)


def in_dtype(array, dtype):
    """Return an array in a dtype; if None, one of Python's floats in float32, as Keras keeps them."""
    if dtype is None:
        dtype = "float32" if array.dtype.kind == "f" else array.dtype
    return array.astype(dtype, copy=False)


def called_with(x, layer, *arguments):
    """Return the output of a layer of some class for an array or symbolic tensor, in its dtype."""
    dtype = np.dtype(getattr(x, "dtype", np.float32))
    y = layer(*arguments, dtype="float64" if dtype == np.float64 else "float32")(x)
    return apply("cast", y, dtype="float16") if dtype == np.float16 else y
