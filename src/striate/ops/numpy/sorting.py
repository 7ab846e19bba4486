"""Elements in order, their places, and how often they occur."""

import numpy as np

from ..._common.checks import boolean, choice, integer, shown
from ..._common.errors import explain_all
from ...engine.dtypes import promoted
from ...engine.operations.searching import unique_parts
from ...engine.operators import Operators, apply
from .._functions import shape_of
from ..core import cast, convert_to_tensor
from .selection import take_along_axis
from .shaping import ravel


def argsort(x, axis=-1):
    """Return the indices that sort the elements along an axis in ascending order; those of the flattened array if None."""
    return apply("argsort", ravel(x), axis=-1) if axis is None else apply("argsort", x, axis=axis)


def sort(x, axis=-1):
    """Return the elements sorted along an axis in ascending order; of the flattened array if None."""
    return take_along_axis(x, argsort(x, axis), axis)


def argpartition(x, kth, axis=-1):
    """Return indices along an axis that put the element that sorting puts at `kth` there, smaller ones before it."""
    x, axis = (ravel(x), -1) if axis is None else (x, axis)
    return apply("argpartition", x, kth=integer("kth", kth), axis=axis)


def searchsorted(sorted_sequence, values, side="left"):
    """Return the indices in a sorted vector before which values can be inserted: the first if `side` is "left", or the last."""
    if len(shape_of(sorted_sequence)) != 1:
        raise ValueError(f"sorted_sequence has shape {tuple(shape_of(sorted_sequence))}; expected a vector")
    return apply("searchsorted", sorted_sequence, values, side=choice("side", side, ("left", "right")))


def digitize(x, bins):
    """Return for each element the index of the first of ascending numbers that is larger than it."""
    if len(shape_of(bins)) != 1:
        raise ValueError(f"bins has shape {tuple(shape_of(bins))}; expected a vector")
    return apply("digitize", x, bins)


def isin(x1, x2, assume_unique=False, invert=False):
    """Return a mask, 1 where elements of `x1` are among those of `x2`, or are not if `invert`."""
    settings = {"assume_unique": boolean("assume_unique", assume_unique), "invert": boolean("invert", invert)}
    return apply("isin", x1, x2, **settings)


def unique(
    x, sorted=True, return_index=False, return_inverse=False, return_counts=False, axis=None, size=None, fill_value=None
):
    """Return the different elements of an array.

    Parameters
    ----------
    x : array_like or symbolic tensor
        The array.
    sorted : bool
        Accepted for compatibility with Keras: elements are always in ascending order.
    return_index, return_inverse, return_counts : bool
        Whether to return the index of the first of each, the index in the result of each element of `x`, and how often each
        occurs, too.
    axis : int, optional
        Axis along which parts are compared; elements of the flattened array if None.
    size : int, optional
        The number of elements that is returned: further ones are left out, and `fill_value`, 0 if None, is put in place of
        missing ones. Symbolic tensors need it, as the number of their different elements is not known.
    fill_value : float, optional
        What stands for missing elements.

    Returns
    -------
    array or symbolic tensor, or tuple of them
    """
    settings = {"axis": axis, "size": size if size is None else integer("size", size, 0), "fill_value": fill_value}
    wanted = [True, *map(bool, (return_index, return_inverse, return_counts))]
    if not isinstance(x, Operators):
        parts = unique_parts(convert_to_tensor(x), **settings)
    elif size is None:
        raise TypeError(f"x={shown(x)} is symbolic, so the number of its different elements is unknown; expected `size`")
    else:
        dtypes = [{}, *[{"dtype": "int32"}] * 3]
        parts = [apply("unique", x, part=i, **dtypes[i], **settings) if each else None for i, each in enumerate(wanted)]
    found = tuple(part for part, each in zip(parts, wanted, strict=True) if each)
    return found if len(found) > 1 else found[0]


def bincount(x, weights=None, minlength=0, sparse=False):
    """Return how often each integer occurs, or the sums of weights.

    Parameters
    ----------
    x : array_like or symbolic tensor
        Integers of at least 0; several rows of them are counted separately.
    weights : array_like or symbolic tensor, optional
        A weight for each integer, to be added up in place of 1.
    minlength : int
        At least how many numbers to return. For symbolic tensors it is needed, and how many there are, so that it must be
        above all integers.
    sparse : bool
        Accepted for compatibility with Keras: False.

    Returns
    -------
    array or symbolic tensor
        The number of times that 0, 1, 2 … occur, in place of the last axis.
    """
    if sparse:
        raise ValueError(f"sparse={shown(sparse)} is not supported; expected False")
    length = integer("minlength", minlength, 1 if isinstance(x, Operators) else 0)
    x = convert_to_tensor(x)
    if not isinstance(x, Operators) and x.size:
        if not np.array_equal(x, np.floor(x)):
            raise ValueError(f"x={shown(x)} holds fractions; expected integers")
        length = max(length, int(x.max()) + 1)
    if weights is None:
        return apply("bincount", x, length=length)
    weights = convert_to_tensor(weights)
    dtype = promoted(np.dtype(x.dtype), np.dtype(weights.dtype))
    return apply("bincount", x, cast(weights, dtype), length=length)


def histogram(x, bins=10, range=None):
    """Return how many elements of a vector are in each of several bins of equal width, and the edges of the bins.

    Parameters
    ----------
    x : array_like or symbolic tensor, shape (n,)
        Numbers.
    bins : int
        The number of bins.
    range : tuple of float, optional
        Smallest and largest edge; those of the elements if None. Elements beyond are not counted.

    Returns
    -------
    counts : array or symbolic tensor, shape (bins,)
    edges : array or symbolic tensor, shape (bins + 1,)
    """
    bins, x = integer("bins", bins, 1), convert_to_tensor(x)
    if len(x.shape) != 1:
        raise ValueError(f"x has shape {tuple(x.shape)}; expected a vector")
    if range is not None and (not isinstance(range, tuple) or len(range) != 2 or range[1] < range[0]):
        raise ValueError(f"range={shown(range)} is no range; expected two numbers in a tuple, the smaller one first")
    settings = {"bins": bins, "range": range}
    return apply("histogram", x, part=0, dtype="int32", **settings), apply("histogram", x, part=1, **settings)


__all__ = [
    "argpartition", "argsort", "bincount", "digitize", "histogram", "isin", "searchsorted", "sort", "unique",
]  # fmt: skip

explain_all(globals(), __all__)
