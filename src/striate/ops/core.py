"""Shapes and dtypes."""

import numpy as np

from .._common.errors import explain_all
from .._common.names import public_names
from ..engine.dtypes import dtype_named
from ..engine.operators import Operators, apply
from ._functions import in_dtype, shape_of, unary

stop_gradient = unary("stop_gradient", "Return `x` as a constant, through which no gradient flows.")


def shape(x):
    """Return the shape of `x`; in a graph of layers, the batch size is None, and `reshape` takes None for it."""
    return shape_of(x)


def cast(x, dtype):
    """Return `x` cast to a dtype; floats are truncated to integers."""
    return apply("cast", x, dtype=dtype_named(dtype).name)


def convert_to_tensor(x, dtype=None):
    """Return `x` as an array or symbolic tensor of a dtype; None means its own dtype, and float32 for Python's floats."""
    if dtype is not None:
        return cast(x, dtype)
    return x if is_tensor(x) else np.asarray(x) if isinstance(x, np.generic) else in_dtype(np.asarray(x), None)


def convert_to_numpy(x):
    """Return `x` as a NumPy array."""
    return np.asarray(x)


def is_tensor(x):
    """Return whether `x` is an array or a symbolic tensor."""
    return isinstance(x, (np.ndarray, Operators))


__all__ = ["cast", "convert_to_numpy", "convert_to_tensor", "is_tensor", "shape", "stop_gradient"]

__dir__ = public_names(globals())

explain_all(globals(), __all__)
