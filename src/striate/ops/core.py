"""Shapes and dtypes."""

import numpy as np

from ..engine.operators import Operators
from ._functions import in_dtype, of_one, shape_of

stop_gradient = of_one("stop_gradient", "Return it, as something whose gradient is zero.")


def shape(x):
    """Return the shape; of a tensor of a graph of layers with None for the batch, for which `reshape` takes it."""
    return shape_of(x)


def cast(x, dtype):
    """Return an array in a dtype; what stands for one keeps its own."""
    return x if isinstance(x, Operators) else np.asarray(x, dtype)


def convert_to_tensor(x, dtype=None):
    """Return an array, Python's floats in float32; what stands for an array as it is."""
    if isinstance(x, Operators):
        return x
    return (
        np.asarray(x, dtype) if dtype is not None or isinstance(x, (np.ndarray, np.generic)) else in_dtype(np.asarray(x), None)
    )


def convert_to_numpy(x):
    """Return an array."""
    return np.asarray(x)


def is_tensor(x):
    """Return whether it is an array, or stands for one."""
    return isinstance(x, (np.ndarray, Operators))


__all__ = ["cast", "convert_to_numpy", "convert_to_tensor", "is_tensor", "shape", "stop_gradient"]
