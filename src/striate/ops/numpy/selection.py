"""Elements chosen by conditions, indices, diagonals and triangles."""

import math

import numpy as np

from ..._common.checks import integer, shown
from ..._common.errors import explain_all
from ...engine.dtypes import dtype_named
from ...engine.operators import Operators, apply
from .._functions import shape_of
from ..core import convert_to_tensor
from .elementwise import floor_divide, mod
from .shaping import ravel


def where(condition, x1=None, x2=None):
    """Return `x1` where `condition` is not 0, `x2` elsewhere; without both, the indices where `condition` is not 0."""
    if x1 is None and x2 is None:
        return nonzero(condition)
    if x1 is None or x2 is None:
        raise ValueError(f"x{1 if x1 is None else 2}=None is not an array; expected x1 and x2, or neither")
    return apply("where", condition, x1, x2)


def nonzero(x):
    """Return the indices of the elements that are not 0, one array for each axis.

    Raises
    ------
    TypeError
        If `x` is a symbolic tensor, in which their number is not known.
    """
    if isinstance(x, Operators):
        raise TypeError(f"x={shown(x)} is symbolic, so the number of its nonzero elements is unknown; expected an array")
    return tuple(each.astype(np.int32) for each in np.nonzero(x))


def select(condlist, choicelist, default=0):
    """Return elements of the array in `choicelist` that belongs to the first condition that holds; `default` if none does."""
    for name, value in (("condlist", condlist), ("choicelist", choicelist)):
        if not isinstance(value, (list, tuple)) or not value or len(value) != len(choicelist):
            raise ValueError(f"{name}={shown(value)} does not fit; expected a list, with as many conditions as choices")
    y = default
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        y = where(condition, choice, y)
    return y


def take(x, indices, axis=None):
    """Return the elements at these indices along an axis; of the flattened array if None."""
    return apply("take", ravel(x), indices, axis=0) if axis is None else apply("take", x, indices, axis=axis)


def take_along_axis(x, indices, axis=None):
    """Return elements by indices along an axis, separate for each row; of the flattened array if None."""
    if axis is None:
        return apply("take_along_axis", ravel(x), ravel(indices), axis=0)
    return apply("take_along_axis", x, indices, axis=axis)


def get_item(x, key):
    """Return ``x[key]``."""
    return apply("getitem", convert_to_tensor(x), key=tuple(key) if isinstance(key, list) else key)


def view(x, dtype=None):
    """Return the bytes of `x` as elements of another dtype, of which there may be more or fewer along the last axis."""
    x = convert_to_tensor(x)
    return x if dtype is None else apply("view", x, dtype=dtype_named(dtype).name, itemsize=np.dtype(x.dtype).itemsize)


def unravel_index(indices, shape):
    """Return the index along each axis of an array of a shape, for indices in the flattened array."""
    rest, found, count = convert_to_tensor(indices), [], math.prod(shape)
    if not isinstance(rest, Operators) and rest.size and not -count <= rest.min() <= rest.max() < count:
        raise ValueError(f"indices={shown(indices)} are not all within shape={tuple(shape)}; expected indices below {count}")
    for size in reversed(shape):
        found.append(mod(rest, size))
        rest = floor_divide(rest, size)
    return tuple(reversed(found))


def diag(x, k=0):
    """Return a diagonal of a matrix, or a matrix with a vector on its diagonal, `k` columns to the right of the main one."""
    rank = len(shape_of(x))
    if rank not in (1, 2):
        raise ValueError(f"x has shape {tuple(shape_of(x))}; expected a vector or a matrix")
    return apply("diagflat", x, k=integer("k", k)) if rank == 1 else diagonal(x, k)


def diagflat(x, k=0):
    """Return a matrix with the elements of `x` on the diagonal that is `k` columns to the right of the main one."""
    return apply("diagflat", ravel(x), k=integer("k", k))


def diagonal(x, offset=0, axis1=0, axis2=1):
    """Return the diagonals of the matrices along two axes, `offset` columns to the right of the main ones, as the last axis."""
    if len(shape_of(x)) < 2:
        raise ValueError(f"x has shape {tuple(shape_of(x))}; expected at least two axes")
    return apply("diagonal", x, offset=integer("offset", offset), axis1=axis1, axis2=axis2)


def tril(x, k=0):
    """Return matrices with zeros above the diagonal that is `k` columns to the right of the main one."""
    return apply("tril", x, k=integer("k", k))


def triu(x, k=0):
    """Return matrices with zeros below the diagonal that is `k` columns to the right of the main one."""
    return apply("triu", x, k=integer("k", k))


__all__ = [
    "diag", "diagflat", "diagonal", "get_item", "nonzero", "select", "take", "take_along_axis", "tril", "triu", "unravel_index",
    "view", "where",
]  # fmt: skip

explain_all(globals(), __all__)
