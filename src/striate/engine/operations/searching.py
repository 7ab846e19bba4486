"""Places of elements in order, and numbers of elements."""

import math

import numpy as np

from .function import Function


def _bincount(x, *weights, length):
    rows = x.reshape(math.prod(x.shape[:-1]), x.shape[-1]).astype(np.intp)
    if rows.size and not 0 <= rows.min() <= rows.max() < length:
        raise ValueError(
            f"x holds {rows.min() if rows.min() < 0 else rows.max()}; expected integers of at least 0 and below {length}, the "
            "number of bins"
        )
    places = (rows + length * np.arange(len(rows))[:, np.newaxis]).ravel()
    y = np.bincount(places, *[each.ravel() for each in weights], minlength=length * len(rows))
    return y.reshape(*x.shape[:-1], length)


def _bincount_gradient(dy, y, x, weights, length):
    return np.zeros_like(x), np.take_along_axis(dy, x.astype(np.intp), -1)


def unique_parts(x, axis=None, size=None, fill_value=None):
    """Return the different elements of an array in ascending order, or what differs along an axis, and where they are.

    Parameters
    ----------
    x : ndarray
        The array.
    axis : int, optional
        Axis along which parts are compared; elements of the flattened array if None.
    size : int, optional
        The number of elements that is returned: some are left out, or `fill_value`, 0 if None, is appended.

    Returns
    -------
    values, first, inverse, counts : ndarray
        The elements; the index of the first of each; for each element of `x`, the index of what equals it in `values`; and how
        often each occurs.
    """
    values, first, inverse, counts = np.unique(
        x, return_index=True, return_inverse=True, return_counts=True, axis=axis, equal_nan=False
    )
    inverse = inverse.reshape(x.shape if axis is None else -1)
    if size is not None:
        axis = 0 if axis is None else axis
        values = _of_size(values, size, axis, 0 if fill_value is None else fill_value)
        first, counts = _of_size(first, size, 0, 1), _of_size(counts, size, 0, 0)
    return values, *(each.astype(np.int32) for each in (first, inverse, counts))


def _of_size(x, size, axis, value):
    """Return an array cut off, or filled up with a number, to a size along an axis."""
    x = np.moveaxis(x, axis, 0)[:size]
    x = np.pad(x, [(0, size - len(x)), *[(0, 0)] * (x.ndim - 1)], constant_values=value)
    return np.moveaxis(x, 0, axis)


SEARCHING = [
    Function("argpartition", lambda x, kth, axis=-1: np.argpartition(x, kth, axis)),
    Function("bincount", _bincount, _bincount_gradient),
    Function("digitize", lambda x, bins: np.digitize(x, bins)),
    Function("histogram", lambda x, bins, range=None, part=0, dtype=None: np.histogram(x, bins, range)[part]),
    Function("isin", lambda x, elements, assume_unique=False, invert=False: np.isin(x, elements, assume_unique, invert)),
    Function("searchsorted", lambda x, values, side="left": np.searchsorted(x, values, side)),
    Function("unique", lambda x, part=0, dtype=None, **settings: unique_parts(x, **settings)[part]),
]
