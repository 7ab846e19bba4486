"""Dropout, and its gradient."""

import numpy as np

from .._common.checks import float_array, number, output, shown
from .._common.randomness import generator
from ..kernels import bindings
from ..threads import get_num_threads
from ._elementwise import refuse_partial_overlap

_STREAM = 0xFFFFFFFF  # of random numbers, apart from those that models count from 0


def dropout(x, rate, rng, *, out=None):
    """Zero a random part of the elements and scale the others up, so that the expected sum stays.

    Parameters
    ----------
    x : ndarray of float32 or float64, any shape
        Input.
    rate : float
        Probability of an element to be dropped, at least 0 and below 1.
    rng : None, int or numpy.random.Generator
        Source of the seed.
    out : ndarray, optional
        Where to write the result; may be `x`.

    Returns
    -------
    y : ndarray of x's shape and dtype
        0 for the dropped elements, ``x / (1 - rate)`` for the others.
    seed : ndarray of uint64, shape (1,)
        Seed of the dropped elements, which the gradient draws again.

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, or `rate` out of range.

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
    return _dropped(x, rate, seed, out), seed


def dropout_backward_input(dy, rate, seed, *, out=None):
    """Gradient of `dropout` with respect to its input: the same elements zeroed, the others scaled.

    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient of the output.
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
        If `dy` is not a float array, `rate` out of range, or `seed` not one that `dropout` returned.

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
    return _dropped(dy, rate, seed, out)


def _dropped(x, rate, seed, out):
    y = output(out, x.shape, x.dtype)
    if y is not x:
        refuse_partial_overlap(y, x)
    bindings.dropout(x, y, seed, stream=_STREAM, rate=rate, threads=get_num_threads())
    return y
