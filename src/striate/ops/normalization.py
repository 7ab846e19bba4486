"""Normalizations: of vectors by their norm, and by means and variances."""

import warnings

import numpy as np

from .._common.checks import axes_of, axis_of, boolean, integer, number, shown
from .._common.errors import explain_all
from ..engine.dtypes import promoted
from ._functions import numpy_axis, shape_of
from .core import cast, convert_to_tensor
from .linalg import norm
from .math import rsqrt
from .numpy import add, clip, divide, maximum, mean, multiply, reshape, square, squeeze, subtract, sum

#: Added to variances, and to means of squares, unless another number is given: Keras' `backend.epsilon()`.
_EPSILON = 1e-7


def normalize(x, axis=-1, order=2, epsilon=None):
    """Return vectors along an axis divided by their norm of some order, or by `epsilon`, 1e-12 if None, if that is larger."""
    try:
        order = integer("order", order, 1)
    except TypeError as error:
        raise ValueError(str(error)) from None  # as Keras does
    epsilon = 1e-12 if epsilon is None else number("epsilon", epsilon, 0)
    if order == 2:  # Unlike `norm`, this has a gradient for vectors of length 0, too.
        return multiply(x, rsqrt(maximum(sum(square(x), axis, keepdims=True), epsilon * epsilon)))
    return divide(x, maximum(norm(x, order, axis, keepdims=True), epsilon))


def moments(x, axes, keepdims=False, synchronized=False):
    """Return the mean and the variance along axes; those of float16 are computed in float32, and clipped."""
    if boolean("synchronized", synchronized):
        raise NotImplementedError("synchronized=True is not supported; expected False")
    keepdims, axes = boolean("keepdims", keepdims), numpy_axis(axes)
    x = convert_to_tensor(x)
    given = np.dtype(x.dtype)
    x = cast(x, "float32") if given == np.float16 else x
    middle = mean(x, axes, keepdims=True)
    variance = mean(square(subtract(x, middle)), axes, keepdims=keepdims)
    middle = middle if keepdims else squeeze(middle, axes if axes is not None else tuple(range(len(shape_of(x)))))
    if given != np.float16:
        return middle, variance
    largest = float(np.finfo(np.float16).max)
    return tuple(cast(clip(each, -largest, largest), "float16") for each in (middle, variance))


def batch_normalization(x, mean, variance, axis, offset=None, scale=None, epsilon=1e-3):
    """Return `x` normalized with a mean and a variance for each index of an axis, then scaled and shifted."""
    shape = [1] * len(shape_of(x))
    shape[axis_of(axis, "x", shape_of(x))] = -1
    epsilon = number("epsilon", epsilon, 0)
    inverse = rsqrt(add(variance, epsilon))
    inverse = inverse if scale is None else multiply(inverse, scale)
    y = multiply(subtract(x, reshape(mean, shape)), reshape(inverse, shape))
    return y if offset is None else add(y, reshape(offset, shape))


def layer_normalization(x, gamma=None, beta=None, axis=-1, epsilon=None, rms_scaling=False):
    """Return `x` with mean 0 and variance 1 along axes, then scaled and shifted.

    Parameters
    ----------
    x : array_like or symbolic tensor
        Array; float16 is computed in float32.
    gamma, beta : array_like or symbolic tensor, optional
        Factors and summands, in the shape of the axes.
    axis : int or tuple of int
        The axes.
    epsilon : float, optional
        What is added to the variance; 1e-7 if None.
    rms_scaling : bool
        Whether to divide by the standard deviation, without a shift; deprecated by Keras, see `rms_normalization`.

    Returns
    -------
    array or symbolic tensor, in the shape and dtype of `x`
    """
    x, axes, epsilon, dtype = _prepared(x, axis, epsilon)
    middle, variance = moments(x, axes, keepdims=True)
    if boolean("rms_scaling", rms_scaling):
        warnings.warn("rms_scaling=True divides by the standard deviation; expected ops.rms_normalization", stacklevel=3)
        return cast(_scaled(multiply(x, rsqrt(add(variance, epsilon))), gamma, None, axes), dtype)
    return cast(_scaled(multiply(subtract(x, middle), rsqrt(add(variance, epsilon))), gamma, beta, axes), dtype)


def rms_normalization(x, scale=None, axis=-1, epsilon=None):
    """Return `x` divided by the root of the mean of its squares along axes, then scaled.

    Parameters
    ----------
    x : array_like or symbolic tensor
        Array; float16 is computed in float32.
    scale : array_like or symbolic tensor, optional
        Factors, in the shape of the axes.
    axis : int or tuple of int
        The axes.
    epsilon : float, optional
        What is added to the mean of the squares; 1e-7 if None.

    Returns
    -------
    array or symbolic tensor, in the shape and dtype of `x`

    References
    ----------
    .. [1] Zhang, B. and Sennrich, R., "Root mean square layer normalization", NeurIPS 2019, equation 4.
    """
    x, axes, epsilon, dtype = _prepared(x, axis, epsilon)
    if not shape_of(x):
        return cast(multiply(x, rsqrt(add(square(x), epsilon))), dtype)
    return cast(_scaled(multiply(x, rsqrt(add(mean(square(x), axes, keepdims=True), epsilon))), scale, None, axes), dtype)


def _prepared(x, axis, epsilon):
    """Return `x` in float32 or float64, checked axes and epsilon, and the dtype of the result."""
    x = convert_to_tensor(x)
    dtype = np.dtype(x.dtype)
    shape = shape_of(x)
    axes = tuple(sorted(axes_of(axis, "x", shape))) if shape else ()
    epsilon = _EPSILON if epsilon is None else number("epsilon", epsilon, 0)
    return cast(x, promoted(dtype, np.dtype(np.float32))), axes, epsilon, dtype


def _scaled(x, factors, summands, axes):
    """Return an array times factors, plus summands, which have the shape of some axes or can be broadcast."""
    shape = shape_of(x)
    wanted = tuple(n if axis in axes else 1 for axis, n in enumerate(shape))
    for name, each, join in (("gamma", factors, multiply), ("beta", summands, add)):
        if each is None:
            continue
        given = shape_of(each)
        if len(given) != len(shape) and axes != (len(shape) - 1,):
            if None in wanted:
                raise ValueError(f"x has shape {shape}; expected known sizes of axes {axes} for {name}={shown(each)}")
            each = reshape(each, wanted)
        x = join(x, cast(convert_to_tensor(each), x.dtype))
    return x


__all__ = ["batch_normalization", "layer_normalization", "moments", "normalize", "rms_normalization"]

explain_all(globals(), __all__)
