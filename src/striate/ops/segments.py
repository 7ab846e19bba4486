"""Sums, products and extrema of the rows of an array that belong to the same segment."""

import numpy as np

from .._common.checks import boolean, integer
from .._common.docstrings import documented
from .._common.errors import explain_all
from ..engine.operators import Operators, apply
from ._functions import shape_of

#: What the functions have in common, for their docstrings.
_SEGMENTS = """
    Parameters
    ----------
    data : array_like or symbolic tensor, shape (rows, …)
        Rows.
    segment_ids : array_like of integers or symbolic tensor, shape (rows,)
        Segment of each row. Rows whose segment is negative, or not below their number, are left out.
    num_segments : int, optional
        Number of segments; if None, the largest of `segment_ids`, which must then be an array, plus 1.
    sorted : bool
        Whether `segment_ids` is sorted; without effect.

    Returns
    -------
    array or symbolic tensor, shape (segments, …)
    """


@documented(_SEGMENTS)
def segment_sum(data, segment_ids, num_segments=None, sorted=False):
    """Return the sum of the rows of each segment, 0 for a segment without rows.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.segment_sum(np.array([1, 2, 10, 20]), [0, 1, 0, 1])
    array([11, 22])
    """
    return _reduced("segment_sum", data, segment_ids, num_segments, sorted)


@documented(_SEGMENTS)
def segment_prod(data, segment_ids, num_segments=None, sorted=False):
    """Return the product of the rows of each segment, 1 for a segment without rows."""
    return _reduced("segment_prod", data, segment_ids, num_segments, sorted)


@documented(_SEGMENTS)
def segment_max(data, segment_ids, num_segments=None, sorted=False):
    """Return the maximum of the rows of each segment; for a segment without rows minus infinity, or the smallest integer."""
    return _reduced("segment_max", data, segment_ids, num_segments, sorted)


@documented(_SEGMENTS)
def segment_min(data, segment_ids, num_segments=None, sorted=False):
    """Return the minimum of the rows of each segment; for a segment without rows infinity, or the largest integer."""
    return _reduced("segment_min", data, segment_ids, num_segments, sorted)


def _reduced(name, data, segment_ids, num_segments, sorted):
    """Return the rows of each segment reduced by a function."""
    boolean("sorted", sorted)
    rows, ids = shape_of(data), shape_of(segment_ids)
    if len(ids) != 1 or not rows or (None not in (rows[0], ids[0]) and rows[0] != ids[0]):
        raise ValueError(f"segment_ids has shape {ids} for data of shape {rows}; expected (rows,) and (rows, …)")
    if num_segments is None:
        if isinstance(segment_ids, Operators):
            raise ValueError("num_segments=None leaves the shape of a symbolic result unknown; expected an integer")
        num_segments = int(np.max(segment_ids, initial=-1)) + 1
    return apply(name, data, segment_ids, segments=integer("num_segments", num_segments, 0))


__all__ = ["segment_max", "segment_min", "segment_prod", "segment_sum"]

explain_all(globals(), __all__)
