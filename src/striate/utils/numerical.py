"""Encoding of labels, and normalization of vectors."""

import numpy as np

from .. import ops
from .._common.checks import integer, real_array, shown
from .._common.errors import explained
from ..engine.operators import Operators


@explained
def to_categorical(x, num_classes=None):
    """Return class indices as one-hot vectors.

    Parameters
    ----------
    x : array_like of integers or symbolic tensor, shape (...) or (..., 1)
        Class indices, from 0.
    num_classes : int, optional
        Number of classes; one more than the largest index if None. Symbolic tensors need it.

    Returns
    -------
    ndarray of float32 or symbolic tensor, shape (..., num_classes)

    Raises
    ------
    TypeError, ValueError
        If an index is not an integer, or out of range.

    Examples
    --------
    >>> from striate.utils import to_categorical
    >>> to_categorical([0, 2], num_classes=3)
    array([[1., 0., 0.],
           [0., 0., 1.]], dtype=float32)
    """
    if isinstance(x, Operators):
        labels = ops.squeeze(x, -1) if len(x.shape) > 1 and x.shape[-1] == 1 else x
        return ops.one_hot(labels, integer("num_classes", num_classes, 0))
    labels = real_array("x", x)
    if labels.dtype.kind == "f" and (labels != np.floor(labels)).any():
        raise TypeError(f"x has dtype {labels.dtype} and holds fractions; expected integers")
    if labels.size and not abs(labels.astype(np.float64)).max() < 1 << 62:
        raise ValueError(f"x={shown(x)} holds something that is not a class index; expected integers")
    if labels.ndim > 1 and labels.shape[-1] == 1:
        labels = labels[..., 0]
    labels = labels.astype(np.int64)
    if num_classes is None:
        num_classes = int(labels.max(initial=-1)) + 1
    num_classes = integer("num_classes", num_classes, 0)
    if labels.size and not 0 <= labels.min() <= labels.max() < num_classes:
        wrong = labels[(labels < 0) | (labels >= num_classes)].ravel()[0]
        raise ValueError(f"x={shown(x)} holds {wrong}; expected 0 to {num_classes - 1} for num_classes={num_classes}")
    return np.equal(labels[..., np.newaxis], np.arange(num_classes)).astype(np.float32)


@explained
def normalize(x, axis=-1, order=2):
    """Return vectors along an axis divided by their norm of the given order; zero vectors are returned as they are.

    Symbolic tensors are taken, too.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import utils
    >>> utils.normalize(np.array([[3.0, 4.0]]))
    array([[0.6, 0.8]])
    """
    if isinstance(x, Operators):
        return ops.normalize(x, axis, order)
    x = real_array("x", x)
    norms = np.atleast_1d(np.linalg.norm(x, order, axis, keepdims=True))
    return x / np.where(norms == 0, 1, norms)
