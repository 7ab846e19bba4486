"""Sums, products and extrema of segments: of the rows of an array that have the same index.

Rows whose index is not that of a segment are left out.
"""

import numpy as np

from .function import Function, applied


def _by_segment(ufunc):
    """Return a function that reduces each segment by a function of NumPy."""

    def reduce(x, ids, segments):
        ids = ids.astype(np.intp)
        inside = (ids >= 0) & (ids < segments)
        y = np.full((segments, *x.shape[1:]), _start(ufunc, x.dtype), x.dtype)
        ufunc.at(y, ids[inside], x[inside])
        return y

    return reduce


def _start(ufunc, dtype):
    """Return what a segment without rows is reduced to."""
    if ufunc in (np.add, np.multiply):
        return ufunc.identity
    if dtype.kind == "b":
        return ufunc is np.minimum
    low, high = (-np.inf, np.inf) if dtype.kind == "f" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
    return low if ufunc is np.maximum else high


def _of_rows(y, ids, segments):
    """Return for each row of x what `y` holds for its segment, and 0 for rows that are left out."""
    inside = (ids >= 0) & (ids < segments)
    rows = applied("take", y, np.where(inside, ids, 0), axis=0)
    inside = inside.reshape((*ids.shape, *[1] * (len(y.shape) - 1)))
    return np.where(inside, rows, np.zeros(rows.shape, rows.dtype))


def _as_numbers(mask, like):
    """Return a mask as zeros and ones of the dtype of another array."""
    return applied("cast", mask, dtype=np.dtype(like.dtype).name)


def _segment_sum_gradient(dy, y, x, ids, segments):
    return (_of_rows(dy, ids, segments),)


def _segment_extremum_gradient(dy, y, x, ids, segments):
    """Return the gradient, which rows share that are the extremum."""
    found = _as_numbers(_of_rows(y, ids, segments) == x, dy)
    counts = applied("segment_sum", found, ids, segments=segments)
    return (_of_rows(dy / np.maximum(counts, 1), ids, segments) * found,)


def _segment_prod_gradient(dy, y, x, ids, segments):
    """Return dy times the product of the other rows, which is not a quotient where a factor is 0."""
    zero = x == 0
    others = np.where(zero, np.ones(x.shape, x.dtype), x)
    zeros = _of_rows(applied("segment_sum", _as_numbers(zero, dy), ids, segments=segments), ids, segments)
    product = _of_rows(applied("segment_prod", others, ids, segments=segments), ids, segments) / others
    alone = np.where(zero, zeros - 1, zeros) == 0  # No other factor is 0.
    return (_of_rows(dy, ids, segments) * np.where(alone, product, np.zeros(x.shape, x.dtype)),)


SEGMENT_FUNCTIONS = [
    Function("segment_sum", _by_segment(np.add), _segment_sum_gradient),
    Function("segment_max", _by_segment(np.maximum), _segment_extremum_gradient),
    Function("segment_min", _by_segment(np.minimum), _segment_extremum_gradient),
    Function("segment_prod", _by_segment(np.multiply), _segment_prod_gradient),
]
