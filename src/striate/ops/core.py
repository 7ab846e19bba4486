"""Shapes and dtypes."""

import numpy as np

from .._common.errors import explain_all
from .._common.names import public_attributes
from ..engine.dtypes import dtype_named
from ..engine.operators import Operators, apply
from ._functions import in_dtype, shape_of


def stop_gradient(variable):
    """Return an array or symbolic tensor as a constant, through which no gradient flows."""
    return apply("stop_gradient", variable)


def shape(x):
    """Return the shape of `x`; in a graph of layers, the batch size is None, and `reshape` takes None for it."""
    return shape_of(x)


def cast(x, dtype):
    """Return `x` cast to a dtype; floats are truncated to integers."""
    return apply("cast", x, dtype=dtype_named(dtype).name)


def saturate_cast(x, dtype):
    """Return `x` cast to a dtype, with elements beyond its range clipped to its limits.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.saturate_cast(np.array([-5.0, 300.0]), "uint8")
    array([  0, 255], dtype=uint8)
    """
    x = convert_to_tensor(x)
    given, wanted = np.dtype(x.dtype), dtype_named("float32" if dtype is None else dtype)
    limits = []
    for of_given, of_wanted, choose in zip(_limits(given), _limits(wanted), (max, min), strict=True):
        limit = given.type(choose(of_given, of_wanted))
        if choose(limit.item(), of_wanted) != limit.item():  # It was rounded to a number beyond the range.
            limit = np.nextafter(limit, given.type(0))
        limits.append(limit)
    return cast(apply("clip", x, *limits), wanted)


def _limits(dtype):
    """Return the smallest and the largest number of a dtype."""
    if dtype.kind == "b":
        return 0, 1
    info = np.finfo(dtype) if dtype.kind == "f" else np.iinfo(dtype)
    return info.min, info.max


def dtype(x):
    """Return the name of the dtype of an array or symbolic tensor."""
    return np.dtype(x.dtype).name


def convert_to_tensor(x, dtype=None, sparse=None, ragged=None):
    """Return `x` as an array or symbolic tensor of a dtype.

    None means its own dtype; that of Python's numbers is float32 or int32, or int64 for large ones. `sparse` and `ragged` are
    accepted for compatibility with Keras, without effect.
    """
    if dtype is not None:
        return cast(x, dtype)
    if is_tensor(x):
        return x
    array = np.asarray(x)
    if isinstance(x, np.generic) or array.dtype.kind == "f":
        return array if isinstance(x, np.generic) else in_dtype(array, None)
    small = array.astype(np.int32) if array.dtype == np.int64 and not hasattr(x, "dtype") else array
    return small if np.array_equal(small, array) else array


def convert_to_numpy(x):
    """Return `x` as a NumPy array."""
    return np.asarray(x)


def is_tensor(x):
    """Return whether `x` is an array or a symbolic tensor."""
    return isinstance(x, (np.ndarray, Operators))


__all__ = [
    "cast",
    "convert_to_numpy",
    "convert_to_tensor",
    "dtype",
    "is_tensor",
    "saturate_cast",
    "shape",
    "stop_gradient",
]

__getattr__, __dir__ = public_attributes(globals())

explain_all(globals(), __all__)
