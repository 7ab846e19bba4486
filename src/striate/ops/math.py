"""Mathematical functions that NumPy has under other names, or not at all."""

import numpy as np

from .._common.checks import integer
from .._common.errors import explain_all
from .._common.names import public_names
from ..engine.operators import apply
from ._functions import numpy_axis, unary
from .core import convert_to_tensor, stop_gradient
from .numpy import argsort, exp, flip, isfinite, log, max, squeeze, subtract, sum, take_along_axis, where

rsqrt = unary("rsqrt", "Return the reciprocal of the square root.")
erf = unary("erf", "Return the error function, the probability of [-x, x] in a normal distribution of variance 1/2.")


def logsumexp(x, axis=None, keepdims=False):
    """Return ``log(sum(exp(x)))`` along axes, or over all, without overflow."""
    axis = numpy_axis(axis)
    largest = stop_gradient(max(x, axis, keepdims=True))
    largest = where(isfinite(largest), largest, 0)  # Infinity minus infinity would be NaN.
    with np.errstate(divide="ignore"):  # The sum is 0 if all elements are minus infinity.
        y = apply("add", log(sum(exp(subtract(x, largest)), axis, keepdims=True)), largest)
    return y if keepdims else squeeze(y, axis)


def top_k(x, k, sorted=True):
    """Return the `k` largest elements along the last axis in descending order, and their indices."""
    x = convert_to_tensor(x)
    k = integer("k", k, 1)
    if not x.shape or k > x.shape[-1]:
        raise ValueError(f"k={k} is larger than the last axis of x, shape {tuple(x.shape)}; expected at most its size")
    # The elements are sorted in reverse, so that of equal ones the first comes first.
    indices = subtract(x.shape[-1] - 1, flip(argsort(flip(x, -1)), -1))[..., :k]
    return take_along_axis(x, indices, -1), indices


__all__ = ["erf", "logsumexp", "rsqrt", "top_k"]

__dir__ = public_names(globals())

explain_all(globals(), __all__)
