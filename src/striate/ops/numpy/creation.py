"""New arrays: filled with one number, or evenly spaced, and grids of coordinates."""

import numpy as np

from ..._common.checks import boolean, choice, integer
from ..._common.errors import explain_all
from ...engine.dtypes import dtype_named
from ...engine.operations.arithmetic import dtype_of
from ...engine.operators import Operators, apply
from .._functions import in_dtype
from ..core import cast, convert_to_tensor
from .elementwise import absolute, divide, exp, log, multiply, power, sign, subtract
from .selection import where
from .shaping import expand_dims, reshape, swapaxes


def array(x, dtype=None):
    """Return a new array; Python's floats become float32, its integers int32, and a symbolic tensor stays as it is."""
    if isinstance(x, Operators):
        return convert_to_tensor(x, dtype)
    return np.array(x, dtype) if dtype is not None or hasattr(x, "dtype") else in_dtype(np.array(x), None)


def copy(x):
    """Return a copy of `x`; see `array`."""
    return array(x)


def zeros(shape, dtype=None):
    """Return an array of zeros."""
    return np.zeros(shape, _or_float32(dtype))


def ones(shape, dtype=None):
    """Return an array of ones."""
    return np.ones(shape, _or_float32(dtype))


def empty(shape, dtype=None):
    """Return an array whose elements are to be set; they are 0."""
    return zeros(shape, dtype)


def full(shape, fill_value, dtype=None):
    """Return an array filled with one number."""
    return np.full(shape, fill_value, _or_float32(dtype))


def eye(N, M=None, k=0, dtype=None):
    """Return a matrix with ones on the diagonal, shifted to the right by `k`, and zeros elsewhere."""
    return np.eye(N, M, k, _or_float32(dtype))


def identity(n, dtype=None):
    """Return a square matrix with ones on the diagonal and zeros elsewhere."""
    return eye(n, dtype=dtype)


def tri(N, M=None, k=0, dtype=None):
    """Return a matrix with ones on and below the diagonal, shifted to the right by `k`, and zeros elsewhere."""
    return np.tri(N, M, k, _or_float32(dtype))


def zeros_like(x, dtype=None):
    """Return zeros in the shape of `x`."""
    return _like("zeros_like", x, dtype)


def ones_like(x, dtype=None):
    """Return ones in the shape of `x`."""
    return _like("ones_like", x, dtype)


def empty_like(x, dtype=None):
    """Return an array in the shape of `x` whose elements are to be set; they are 0."""
    return zeros_like(x, dtype)


def full_like(x, fill_value, dtype=None):
    """Return an array in the shape of `x`, filled with one number."""
    ones = ones_like(x, dtype)
    return where(ones, cast(fill_value, ones.dtype), ones)


def _like(name, x, dtype):
    """Return the result of a function of `x`, in a dtype unless that is None."""
    return apply(name, x) if dtype is None else apply(name, x, dtype=dtype_named(dtype).name)


def _or_float32(dtype):
    return "float32" if dtype is None else dtype


def arange(start, stop=None, step=None, dtype=None):
    """Return evenly spaced numbers from `start`, 0 by default, to below `stop`."""
    start, stop = (0, start) if stop is None else (start, stop)
    return in_dtype(np.arange(start, stop, 1 if step is None else step), dtype)


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    """Return `num` evenly spaced numbers from `start` to `stop`; with `retstep` also their distance."""
    num, endpoint = integer("num", num, 0), boolean("endpoint", endpoint)
    y = apply("linspace", start, stop, num=num, endpoint=endpoint, axis=axis)
    y = y if dtype is None else cast(y, dtype)
    intervals = num - endpoint
    return (y, divide(subtract(stop, start), intervals if intervals > 0 else np.nan)) if retstep else y


def logspace(start, stop, num=50, endpoint=True, base=10, dtype=None, axis=0):
    """Return `num` numbers from ``base ** start`` to ``base ** stop``, evenly spaced on a logarithmic scale."""
    exponents = linspace(cast(start, "float64"), cast(stop, "float64"), num, endpoint, axis=axis)
    return cast(power(base, exponents), _floating(start, stop) if dtype is None else dtype)


def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    """Return `num` numbers from `start` to `stop`, each the same multiple of the one before."""
    signs = expand_dims(sign(cast(start, "float64")), axis)
    logarithms = (log(absolute(cast(each, "float64"))) for each in (start, stop))
    y = multiply(exp(linspace(*logarithms, num, endpoint, axis=axis)), signs)
    return cast(y, _floating(start, stop) if dtype is None else dtype)


def _floating(*xs):
    """Return the dtype of the quotient of arrays."""
    return dtype_of("divide", xs, {})


def meshgrid(*x, indexing="xy"):
    """Return the coordinates of a grid, one array for each axis, of vectors with the coordinates along each axis.

    The first two axes are exchanged for ``indexing="xy"``, as columns are in images, and not for ``indexing="ij"``.
    """
    choice("indexing", indexing, ("xy", "ij"))
    rows = [reshape(each, (*[1] * i, -1, *[1] * (len(x) - 1 - i))) for i, each in enumerate(x)]
    if indexing == "xy" and len(x) > 1:
        rows = [swapaxes(each, 0, 1) for each in rows]
    return [_spread(each, rows) for each in rows]


def _spread(x, others):
    """Return an array broadcast to the shape that it has together with others."""
    for other in others:
        x = x if other is x else multiply(x, ones_like(other, "bool"))
    return x


__all__ = [
    "arange", "array", "copy", "empty", "empty_like", "eye", "full", "full_like", "geomspace", "identity", "linspace",
    "logspace", "meshgrid", "ones", "ones_like", "tri", "zeros", "zeros_like",
]  # fmt: skip

explain_all(globals(), __all__)
