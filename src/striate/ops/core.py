"""Shapes and dtypes."""

import numpy as np

from .._common.errors import explain_all
from ..engine.dtypes import dtype_named
from ..engine.operators import Operators, apply
from ._functions import in_dtype, of_one, shape_of

stop_gradient = of_one("stop_gradient", "Return it, as something whose gradient is zero.")


def shape(x):
    """Return the shape; of a tensor of a graph of layers with None for the batch, for which `reshape` takes it."""
    return shape_of(x)


def cast(x, dtype):
    """Return it in a dtype; floats become integers by truncation."""
    return apply("cast", x, dtype=dtype_named(dtype).name)


def convert_to_tensor(x, dtype=None):
    """Return an array or symbolic tensor in a dtype; in its own if None, Python's floats in float32."""
    if dtype is not None:
        return cast(x, dtype)
    return x if is_tensor(x) else np.asarray(x) if isinstance(x, np.generic) else in_dtype(np.asarray(x), None)


def convert_to_numpy(x):
    """Return an array."""
    return np.asarray(x)


def is_tensor(x):
    """Return whether it is an array or a symbolic tensor."""
    return isinstance(x, (np.ndarray, Operators))


__all__ = ["cast", "convert_to_numpy", "convert_to_tensor", "is_tensor", "shape", "stop_gradient"]

explain_all(globals(), __all__)
