"""Diagonals and triangles of matrices."""

import numpy as np

from .function import Function, applied


def _places(rows, columns, offset):
    """Return the rows and the columns of a diagonal."""
    places = np.arange(max(min(rows + min(offset, 0), columns - max(offset, 0)), 0))
    return places - min(offset, 0), places + max(offset, 0)


def _diagonal_gradient(dy, y, x, offset=0, axis1=0, axis2=1):
    ends = axis1 % x.ndim, axis2 % x.ndim
    order = [*(axis for axis in range(x.ndim) if axis not in ends), *ends]
    shape = [x.shape[axis] for axis in order]
    dx = applied("add_at", dy, shape=tuple(shape), key=(..., *_places(*shape[-2:], offset)))
    return (dx.transpose([order.index(axis) for axis in range(x.ndim)]),)


MATRICES = [
    Function("diagonal", np.diagonal, _diagonal_gradient),
    Function("diagflat", np.diagflat, lambda dy, y, x, k=0: (dy[_places(*dy.shape, k)],)),
    Function("tril", np.tril, lambda dy, y, x, k=0: (applied("tril", dy, k=k),)),
    Function("triu", np.triu, lambda dy, y, x, k=0: (applied("triu", dy, k=k),)),
]
