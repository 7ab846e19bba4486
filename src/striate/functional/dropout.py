"""Dropout, and its gradient."""

import numpy as np

from .._common.checks import float_array, number, shown
from .._common.randomness import generator
from ..kernels import bindings
from ..threads import get_num_threads
from ._elementwise import elementwise_output

#: Index of a random stream that no model uses, since the operations of a graph count theirs from 0.
_STREAM = 0xFFFFFFFF


def dropout(x, rate, rng, *, out=None):
    """Set a random part of the elements to 0, and scale the others up so that the expected sum stays the same.

    Parameters
    ----------
    x : ndarray of float32 or float64, any shape
        Input.
    rate : float
        Probability that an element is dropped, at least 0 and below 1.
    rng : None, int or numpy.random.Generator
        Source of the seed.
    out : ndarray, optional
        Where to write the result; may be `x`.

    Returns
    -------
    y : ndarray of x's shape and dtype
        0 for the dropped elements, ``x / (1 - rate)`` for the others.
    seed : ndarray of uint64, shape (1,)
        Seed with which the gradient finds the same elements again.

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, or `rate` is out of range.

    References
    ----------
    .. [1] Srivastava, N. et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15, 2014.
    .. [2] Salmon, J. et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011: the generator, Philox4x32-10.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.ones((1, 8), np.float32)
    >>> y, seed = F.dropout(x, 0.5, rng=0)
    >>> y.shape, sorted(set(y.ravel().tolist()))
    ((1, 8), [0.0, 2.0])
    """
    x = float_array("x", x)
    rate = number("rate", rate, 0, 1, open_maximum=True)
    seed = generator(rng).integers(1 << 64, size=1, dtype=np.uint64)
    return _drop(x, rate, seed, out), seed


def dropout_backward_input(dy, rate, seed, *, out=None):
    """Gradient of `dropout` with respect to its input: the same elements are 0, the others are scaled.

    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient with respect to the output.
    rate : float
        As in `dropout`.
    seed : ndarray of uint64, shape (1,)
        As `dropout` returned it.
    out : ndarray, optional
        Where to write the result; may be `dy`.

    Returns
    -------
    ndarray of dy's shape and dtype

    Raises
    ------
    TypeError, ValueError
        If `dy` is not a float array, `rate` is out of range, or `seed` is not what `dropout` returned.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.ones((1, 8), np.float32)
    >>> y, seed = F.dropout(x, 0.5, rng=0)
    >>> bool((F.dropout_backward_input(np.ones_like(x), 0.5, seed) == y).all())
    True
    """
    dy = float_array("dy", dy)
    rate = number("rate", rate, 0, 1, open_maximum=True)
    if not isinstance(seed, np.ndarray) or seed.dtype != np.uint64 or seed.shape != (1,):
        raise TypeError(f"seed={shown(seed)} is not what dropout returned; expected an array of one uint64")
    return _drop(dy, rate, seed, out)


def _drop(x, rate, seed, out):
    """Return `x` with the elements that `seed` chooses set to 0 and the others scaled, written to `out` unless that is None."""
    y = elementwise_output(out, x)
    bindings.dropout(x, y, seed, stream=_STREAM, rate=rate, threads=get_num_threads())
    return y
