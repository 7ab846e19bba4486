"""Norms."""

import math

from .._common.checks import boolean, shown
from .._common.errors import explain_all
from ..engine.operators import apply
from ._functions import axes, shape_of


def norm(x, ord=None, axis=None, keepdims=False):
    """Return the norm of vectors along an axis, or of all elements.

    Parameters
    ----------
    x : array_like or symbolic tensor
        Vectors.
    ord : {None, "euclidean", "fro", inf, -inf} or number, optional
        Which norm: the Euclidean one (None, 2, "euclidean" or "fro"), the largest or smallest absolute value (inf and -inf),
        how many are not 0 (0), or the root of the sum of the absolute values to that power.
    axis : int or tuple of int, optional
        Along which axes; all if None.
    keepdims : bool
        Whether the axes stay, with size 1.

    Notes
    -----
    The norms of matrices that are none of their elements, "nuc" and those of numbers along two axes, are missing.
    """
    axis, keepdims = axes(axis), boolean("keepdims", keepdims)
    several = len(axis) if isinstance(axis, tuple) else 1 if axis is not None else len(shape_of(x))
    if ord in (None, "euclidean", "fro") or (ord == 2 and several == 1):
        return apply("sqrt", apply("sum", apply("square", x), axis=axis, keepdims=keepdims))
    if isinstance(ord, str) or several != 1:
        raise ValueError(
            f"ord={shown(ord)} along axis={shown(axis)} is not supported; expected None, or a number along one axis"
        )
    sizes = apply("absolute", x)
    if math.isinf(ord):
        return apply("max" if ord > 0 else "min", sizes, axis=axis, keepdims=keepdims)
    if ord == 0:
        return apply("sum", apply("where", apply("equal", x, 0.0), 0.0, 1.0), axis=axis, keepdims=keepdims)
    return apply("power", apply("sum", apply("power", sizes, ord), axis=axis, keepdims=keepdims), 1 / ord)


__all__ = ["norm"]

explain_all(globals(), __all__)
