"""Mathematical functions that NumPy has under other names, or not at all."""

import numpy as np

from .._common.checks import boolean, integer, shown
from .._common.errors import explain_all
from .._common.names import public_attributes
from ..engine.operators import Operators, apply
from . import fourier, segments
from ._functions import binary, numpy_axis, shape_of, unary
from .core import convert_to_tensor, stop_gradient
from .fourier import *  # noqa: F403
from .numpy import (
    argsort,
    equal,
    exp,
    expand_dims,
    flip,
    greater_equal,
    isfinite,
    log,
    max,
    sqrt,
    square,
    squeeze,
    subtract,
    sum,
    take_along_axis,
    where,
)
from .segments import *  # noqa: F403

rsqrt = unary("rsqrt", "Return the reciprocal of the square root.")
erf = unary("erf", "Return the error function, the probability of [-x, x] in a normal distribution of variance 1/2.")
erfc = unary("erfc", "Return 1 minus the error function, accurate where that is small.")
gammainc = binary(
    "gammainc",
    "Return the regularized lower incomplete gamma function of the shape `x1` at `x2`; no gradient flows to the shape.",
)
erfinv = unary("erfinv", "Return the inverse of the error function: infinite at -1 and 1, and NaN beyond.")


def logsumexp(x, axis=None, keepdims=False):
    """Return ``log(sum(exp(x)))`` along axes, or over all, without overflow."""
    axis = numpy_axis(axis)
    largest = stop_gradient(max(x, axis, keepdims=True))
    largest = where(isfinite(largest), largest, 0)  # Infinity minus infinity would be NaN.
    with np.errstate(divide="ignore"):  # The sum is 0 if all elements are minus infinity.
        y = apply("add", log(sum(exp(subtract(x, largest)), axis, keepdims=True)), largest)
    return y if keepdims else squeeze(y, axis)


def top_k(x, k, sorted=True, is_stable=True):
    """Return the `k` largest elements along the last axis in descending order, and their indices.

    The order is the same whatever `sorted` and `is_stable` are: of equal elements, the first comes first.
    """
    x = convert_to_tensor(x)
    k = integer("k", k, 1)
    boolean("sorted", sorted)
    boolean("is_stable", is_stable)
    if not x.shape or k > x.shape[-1]:
        raise ValueError(f"k={k} is larger than the last axis of x, shape {tuple(x.shape)}; expected at most its size")
    # The elements are sorted in reverse, so that of equal ones the first comes first.
    indices = subtract(x.shape[-1] - 1, flip(argsort(flip(x, -1)), -1))[..., :k]
    return take_along_axis(x, indices, -1), indices


def in_top_k(targets, predictions, k):
    """Return whether the predictions of targets are among the `k` largest.

    Parameters
    ----------
    targets : array_like of integers or symbolic tensor, shape (…)
        Classes.
    predictions : array_like or symbolic tensor, shape (…, classes)
        Predictions for each class.
    k : int
        Number of classes.

    Returns
    -------
    array of bool or symbolic tensor, shape (…)
    """
    predictions = convert_to_tensor(predictions)
    smallest = top_k(predictions, k)[0][..., -1:]
    of_targets = take_along_axis(predictions, expand_dims(targets, -1), -1)
    return squeeze(greater_equal(of_targets, smallest), -1)


def cdist(x, y):
    """Return the Euclidean distances between all pairs of vectors.

    Parameters
    ----------
    x, y : array_like or symbolic tensor, shape (…, m, d) and (…, n, d)
        Vectors.

    Returns
    -------
    array or symbolic tensor, shape (…, m, n)
        Distances, whose gradient is 0 where they are 0.
    """
    shapes = shape_of(x), shape_of(y)
    if min(map(len, shapes)) < 2 or (None not in (shapes[0][-1], shapes[1][-1]) and shapes[0][-1] != shapes[1][-1]):
        raise ValueError(f"x has shape {shapes[0]} and y {shapes[1]}; expected (…, m, d) and (…, n, d)")
    squares = sum(square(subtract(expand_dims(x, -2), expand_dims(y, -3))), -1)
    none = equal(squares, 0)
    return where(none, 0, sqrt(where(none, 1, squares)))


def view_as_complex(x):
    """Return an array (…, 2) of real and imaginary parts as complex numbers, which symbolic tensors cannot be."""
    _refuse_tensor(x)
    x = np.asarray(x)
    if not x.shape or x.shape[-1] != 2:
        raise ValueError(f"Last dimension of input must be size 2, the real and imaginary parts; x has shape {x.shape}")
    return (x[..., 0] + 1j * x[..., 1]).astype(np.complex64)


def view_as_real(x):
    """Return an array of complex numbers as an array (…, 2) of their real and imaginary parts."""
    _refuse_tensor(x)
    x = np.asarray(x)
    return np.stack([x.real, x.imag], -1)


def _refuse_tensor(x):
    if isinstance(x, Operators):
        raise TypeError(
            f"x={shown(x)} is symbolic, and complex numbers are not; expected an array, or real and imaginary parts"
        )


__all__ = [
    "cdist",
    "erf",
    "erfc",
    "erfinv",
    "gammainc",
    "in_top_k",
    "logsumexp",
    "rsqrt",
    "top_k",
    "view_as_complex",
    "view_as_real",
    *fourier.__all__,
    *segments.__all__,
]

__getattr__, __dir__ = public_attributes(globals())

explain_all(globals(), __all__)
