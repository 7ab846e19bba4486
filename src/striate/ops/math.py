"""Functions of mathematics that NumPy has under other names, or not at all."""

import numpy as np

from .._common.checks import integer
from .._common.errors import explain_all
from ..engine.operators import apply
from ._functions import axes, of_one
from .core import convert_to_tensor, stop_gradient
from .numpy import argsort, exp, flip, isfinite, log, max, squeeze, subtract, sum, take_along_axis, where

rsqrt = of_one("rsqrt", "Return one over the square root.")
erf = of_one("erf", "Return the error function: what lies between -x and x of a normal distribution of variance 1/2.")


def logsumexp(x, axis=None, keepdims=False):
    """Return the logarithm of the sum of the exponentials along axes, or over all; none of them overflows."""
    axis = axes(axis)
    largest = stop_gradient(max(x, axis, keepdims=True))
    largest = where(isfinite(largest), largest, 0)  # infinity less itself would be NaN
    with np.errstate(divide="ignore"):  # of arrays that are minus infinity
        y = apply("add", log(sum(exp(subtract(x, largest)), axis, keepdims=True)), largest)
    return y if keepdims else squeeze(y, axis)


def top_k(x, k, sorted=True):
    """Return the `k` largest elements along the last axis, the largest first, and their indices."""
    x = convert_to_tensor(x)
    k = integer("k", k, 1)
    if not x.shape or k > x.shape[-1]:
        raise ValueError(f"k={k} is more than x has along its last axis, shape {tuple(x.shape)}; expected at most as many")
    indices = subtract(x.shape[-1] - 1, flip(argsort(flip(x, -1)), -1))[..., :k]  # of equal ones, the first comes first
    return take_along_axis(x, indices, -1), indices


__all__ = ["erf", "logsumexp", "rsqrt", "top_k"]

explain_all(globals(), __all__)
