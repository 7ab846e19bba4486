"""Dropout, and its gradient."""

import numpy as np

from .._checks import float_array, number


def dropout(x, rate, rng):
    """Zero a random part of the elements and scale the others up, so that the expected sum stays.

    Parameters
    ----------
    x : ndarray of float32 or float64, any shape
        Input.
    rate : float
        Probability of an element to be dropped, at least 0 and below 1.
    rng : None, int or numpy.random.Generator
        Where the random numbers come from.

    Returns
    -------
    y : ndarray of x's shape and dtype
        ``x * mask``.
    mask : ndarray of x's shape and dtype
        0 for the dropped elements, ``1 / (1 - rate)`` for the others.

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, or `rate` out of range.

    References
    ----------
    .. [1] Srivastava, N. et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15, 2014.
    """
    x = float_array("x", x)
    rate = number("rate", rate, 0, 1, open_maximum=True)
    mask = np.random.default_rng(rng).random(x.shape, dtype=x.dtype)
    np.greater_equal(mask, rate, out=mask, casting="unsafe")
    mask *= 1 / (1 - rate)
    return x * mask, mask


def dropout_backward_input(dy, mask):
    """Gradient of `dropout` with respect to its input, ``dy * mask``.

    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient of the output.
    mask : ndarray of dy's shape and dtype
        As `dropout` returned it.

    Returns
    -------
    ndarray of dy's shape and dtype
    """
    dy = float_array("dy", dy)
    mask = float_array("mask", mask, like=("dy", dy))
    if dy.shape != mask.shape:
        raise ValueError(f"dy has shape {dy.shape}; expected the shape of mask, {mask.shape}")
    return dy * mask
