"""Norms."""

import math

from .._common.checks import boolean, shown
from .._common.errors import explain_all
from .._common.names import public_names
from ..engine.operators import apply
from ._functions import numpy_axis, shape_of


def norm(x, ord=None, axis=None, keepdims=False):
    """Return the norm of vectors along an axis, or of all elements.

    Parameters
    ----------
    x : array_like or symbolic tensor
        Vectors.
    ord : {None, "euclidean", "fro", inf, -inf} or number, optional
        Order of the norm: None, 2, "euclidean" and "fro" mean the Euclidean norm, inf and -inf the largest and the smallest
        absolute value, 0 the number of nonzero elements, and another number p the norm ``sum(|x| ** p) ** (1 / p)``.
    axis : int or tuple of int, optional
        Axes along which the norm is taken; all if None.
    keepdims : bool
        Whether to keep these axes, with size 1.

    Returns
    -------
    array or symbolic tensor
        Norms, in the shape of `x` without the axes.

    Raises
    ------
    ValueError
        If `ord` is a number and there is not exactly one axis, or an unknown name.

    Notes
    -----
    Norms of matrices that are not norms of their elements are not supported: "nuc", and numbers along two axes.
    """
    axis, keepdims = numpy_axis(axis), boolean("keepdims", keepdims)
    axis_count = len(axis) if isinstance(axis, tuple) else 1 if axis is not None else len(shape_of(x))
    if ord in (None, "euclidean", "fro") or (ord == 2 and axis_count == 1):
        return apply("sqrt", apply("sum", apply("square", x), axis=axis, keepdims=keepdims))
    if isinstance(ord, str) or axis_count != 1:
        raise ValueError(
            f"ord={shown(ord)} along axis={shown(axis)} is not supported; expected None, or a number along one axis"
        )
    magnitudes = apply("absolute", x)
    if math.isinf(ord):
        return apply("max" if ord > 0 else "min", magnitudes, axis=axis, keepdims=keepdims)
    if ord == 0:
        return apply("sum", apply("where", apply("equal", x, 0.0), 0.0, 1.0), axis=axis, keepdims=keepdims)
    return apply("power", apply("sum", apply("power", magnitudes, ord), axis=axis, keepdims=keepdims), 1 / ord)


__all__ = ["norm"]

__dir__ = public_names(globals())

explain_all(globals(), __all__)
