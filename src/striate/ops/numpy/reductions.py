"""Sums, means, extrema and other reductions along axes, and cumulative ones."""

import numpy as np

from ..._common.checks import boolean
from ..._common.errors import explain_all
from ...engine.operators import apply
from .._functions import numpy_axis, reduction, shape_of
from ..core import cast
from .elementwise import divide, isclose, maximum, minimum, multiply, not_equal, sqrt, square, subtract
from .shaping import ravel, reshape

sum = reduction("sum", "Return the sum along axes, or over all.")
mean = reduction("mean", "Return the mean along axes, or over all.")
any = reduction("any", "Return whether any element is not 0, along axes or over all.")
all = reduction("all", "Return whether no element is 0, along axes or over all.")
argmax = reduction("argmax", "Return the index of the largest element along an axis, or in the flattened array.")
argmin = reduction("argmin", "Return the index of the smallest element along an axis, or in the flattened array.")


def prod(x, axis=None, keepdims=False, dtype=None):
    """Return the product along axes, or over all."""
    x = x if dtype is None else cast(x, dtype)
    return apply("prod", x, axis=numpy_axis(axis), keepdims=boolean("keepdims", keepdims))


def max(x, axis=None, keepdims=False, initial=None):
    """Return the maximum along axes, or over all, including `initial` unless that is None."""
    return _extremum("max", x, axis, keepdims, initial, maximum)


def min(x, axis=None, keepdims=False, initial=None):
    """Return the minimum along axes, or over all, including `initial` unless that is None."""
    return _extremum("min", x, axis, keepdims, initial, minimum)


def _extremum(name, x, axis, keepdims, initial, including):
    axis, keepdims = numpy_axis(axis), boolean("keepdims", keepdims)
    if initial is not None and 0 in shape_of(x):  # There is nothing but `initial`.
        return getattr(np, name)(x, axis, keepdims=keepdims, initial=initial)
    y = apply(name, x, axis=axis, keepdims=keepdims)
    if initial is None:
        return y
    return including(y, bool(initial) if np.dtype(y.dtype) == bool else initial)


amax, amin = max, min


def ptp(x, axis=None, keepdims=False):
    """Return the difference between the maximum and the minimum along axes, or of all."""
    return subtract(max(x, axis, keepdims), min(x, axis, keepdims))


def var(x, axis=None, keepdims=False):
    """Return the variance along axes, or over all."""
    return mean(square(subtract(x, mean(x, axis, keepdims=True))), axis, keepdims)


def std(x, axis=None, keepdims=False):
    """Return the standard deviation along axes, or over all."""
    return sqrt(var(x, axis, keepdims))


def average(x, axis=None, weights=None):
    """Return the mean along axes, or over all, with weights: in the shape of `x`, or one for each index of an axis."""
    axis = numpy_axis(axis)
    if weights is None:
        return mean(x, axis)
    shape = shape_of(x)
    if len(shape_of(weights)) != len(shape):
        axes = axis if isinstance(axis, tuple) else (axis,)
        if len(shape_of(weights)) != 1 or len(axes) != 1 or axis is None:
            raise ValueError(
                f"weights has shape {tuple(shape_of(weights))}; expected that of x, {tuple(shape)}, or one weight for each "
                "index of an axis"
            )
        weights = reshape(weights, (-1, *[1] * (len(shape) - 1 - axes[0] % len(shape))))
    weights = multiply(weights, apply("ones_like", x))
    return divide(sum(multiply(x, weights), axis), sum(weights, axis))


def count_nonzero(x, axis=None):
    """Return the number of elements that are not 0, along axes or of all."""
    return sum(cast(not_equal(x, 0), "int32"), axis)


def allclose(x1, x2, rtol=1e-5, atol=1e-8, equal_nan=False):
    """Return whether `isclose` holds for all elements."""
    return all(isclose(x1, x2, rtol, atol, equal_nan))


def cumsum(x, axis=None, dtype=None):
    """Return the cumulative sum along an axis; of the flattened array if None."""
    return _cumulative("cumsum", x, axis, dtype)


def cumprod(x, axis=None, dtype=None):
    """Return the cumulative product along an axis; of the flattened array if None."""
    return _cumulative("cumprod", x, axis, dtype)


def _cumulative(name, x, axis, dtype):
    x = x if dtype is None else cast(x, dtype)
    return apply(name, ravel(x), axis=0) if axis is None else apply(name, x, axis=axis)


__all__ = [
    "all", "allclose", "amax", "amin", "any", "argmax", "argmin", "average", "count_nonzero", "cumprod", "cumsum", "max",
    "mean", "min", "prod", "ptp", "std", "sum", "var",
]  # fmt: skip

explain_all(globals(), __all__)
