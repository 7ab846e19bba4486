"""Which detection belongs to which track: the assignment of least cost, by the Hungarian method."""

import numpy as np

from .._common.extras import needing

#: More than all costs together that are allowed, which are at most 1 each: one pair more is always worth it.
_FORBIDDEN = 1e6


def solver():
    """Return SciPy's function for the assignment problem."""
    with needing("tracking needs SciPy", "tracking"):
        from scipy.optimize import linear_sum_assignment
    return linear_sum_assignment


def assign(costs, allowed):
    """Return pairs of rows and columns, as many as are allowed, and of those the pairs of least total cost.

    Parameters
    ----------
    costs : ndarray, shape (rows, columns)
        Costs from 0 to 1.
    allowed : ndarray of bool, shape (rows, columns)
        Pairs that can be.

    Returns
    -------
    rows, columns : ndarray of int
        The pairs.
    """
    if not allowed.any():
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    rows, columns = solver()(np.where(allowed, costs, _FORBIDDEN))
    kept = allowed[rows, columns]
    return rows[kept], columns[kept]
