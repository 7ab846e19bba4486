"""Functions of neural networks."""

import numpy as np

from .. import activations
from .._common.checks import axis_of, number
from .._common.errors import explain_all
from ..activations import functions
from ..activations.functions import *  # noqa: F403
from ..engine.dtypes import dtype_named
from ..engine.operators import Operators, apply
from ..layers.shape_checks import check_data_format
from ..losses.crossentropy import EPSILON, binary_entropy, with_logits
from ._functions import shape_of
from .ctc import ctc_decode, ctc_loss
from .linalg import norm
from .math import rsqrt
from .numpy import (
    add,
    clip,
    divide,
    log,
    maximum,
    mean,
    moveaxis,
    multiply,
    negative,
    reshape,
    square,
    squeeze,
    subtract,
    sum,
    transpose,
    var,
)
from .spatial import (
    adaptive_average_pool,
    adaptive_max_pool,
    average_pool,
    conv,
    conv_transpose,
    depthwise_conv,
    max_pool,
    separable_conv,
)


def gelu(x, approximate=True):
    """Return ``x * Φ(x)``, Φ being the standard normal distribution function, or its tanh approximation if `approximate`."""
    return activations.gelu(x, approximate)


gelu.activation_name = "gelu_tanh"  # The name under which layers take this function as their activation.


def normalize(x, axis=-1, order=2, epsilon=None):
    """Return vectors along an axis divided by their norm of some order, or by `epsilon`, 1e-12 if None, if that is larger."""
    epsilon = 1e-12 if epsilon is None else epsilon
    if order == 2:  # Unlike `norm`, this has a gradient for vectors of length 0, too.
        return multiply(x, rsqrt(maximum(sum(square(x), axis, keepdims=True), epsilon * epsilon)))
    return divide(x, maximum(norm(x, order, axis, keepdims=True), epsilon))


def one_hot(x, num_classes, axis=-1, dtype=None):
    """Return one-hot vectors along a new axis: 1 at the index that each element of `x` holds, 0 elsewhere."""
    y = apply("one_hot", x, classes=int(num_classes), dtype="float32" if dtype is None else dtype_named(dtype).name)
    return y if axis == -1 else moveaxis(y, -1, axis)


def moments(x, axes, keepdims=False, synchronized=False):
    """Return the mean and the variance along axes."""
    return mean(x, axes, keepdims), var(x, axes, keepdims)


def binary_crossentropy(target, output, from_logits=False):
    """Return ``-(target * log(p) + (1 - target) * log(1 - p))`` for each element.

    Parameters
    ----------
    target : array_like or symbolic tensor
        Targets from 0 to 1.
    output : array_like or symbolic tensor
        Probabilities, which are clipped to between 1e-7 and 1 - 1e-7, or logits.
    from_logits : bool
        Whether `output` holds logits, which a sigmoid turns into probabilities.

    Returns
    -------
    array or symbolic tensor
        Losses, in the shape of `output`.
    """
    target, output = (each if isinstance(each, Operators) else np.asarray(each) for each in (target, output))
    return binary_entropy(target, output, from_logits)


def categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """Return ``-sum(target * log(p))`` along an axis.

    Parameters
    ----------
    target : array_like or symbolic tensor
        Probabilities, such as one-hot vectors.
    output : array_like or symbolic tensor
        Probabilities, which are divided by their sum and clipped to between 1e-7 and 1 - 1e-7, or logits.
    from_logits : bool
        Whether `output` holds logits, which a softmax turns into probabilities.
    axis : int
        Axis of the classes.

    Returns
    -------
    array or symbolic tensor
        Losses, in the shape of `output` without the axis.
    """
    if axis in (-1, len(shape_of(output)) - 1):
        output, from_logits = with_logits(output, from_logits, "softmax")
    if from_logits:
        log_p = activations.log_softmax(output, axis)
    else:
        log_p = log(clip(divide(output, sum(output, axis, keepdims=True)), EPSILON, 1 - EPSILON))
    return negative(sum(apply("weigh", target, log_p), axis))


def sparse_categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """Return ``-log(p[target])`` for class indices as targets, with or without the axis; see `categorical_crossentropy`."""
    shape = shape_of(output)
    if len(shape_of(target)) == len(shape):
        target = squeeze(target, axis)
    dtype = np.dtype(getattr(output, "dtype", "float32"))
    chosen = one_hot(target, shape[axis], axis, dtype if dtype.kind == "f" else None)
    return categorical_crossentropy(chosen, output, from_logits, axis)


def batch_normalization(x, mean, variance, axis, offset=None, scale=None, epsilon=1e-3):
    """Return `x` normalized with a mean and a variance for each index of an axis, then scaled and shifted."""
    shape = [1] * len(shape_of(x))
    shape[axis_of(axis, "x", shape_of(x))] = -1
    epsilon = number("epsilon", epsilon, 0)
    inverse = rsqrt(add(variance, epsilon))
    inverse = inverse if scale is None else multiply(inverse, scale)
    y = multiply(subtract(x, reshape(mean, shape)), reshape(inverse, shape))
    return y if offset is None else add(y, reshape(offset, shape))


def depth_to_space(x, block_size, data_format="channels_last"):
    """Return larger images with fewer channels: groups of channels become blocks of `block_size` × `block_size` pixels."""
    check_data_format(data_format)
    batch, height, width, channels = shape_of(x)
    x = reshape(x, (batch, height, width, block_size, block_size, channels // block_size**2))
    x = transpose(x, (0, 1, 3, 2, 4, 5))
    return reshape(x, (batch, height * block_size, width * block_size, channels // block_size**2))


def space_to_depth(x, block_size, data_format="channels_last"):
    """Return smaller images with more channels: blocks of `block_size` × `block_size` pixels become groups of channels."""
    check_data_format(data_format)
    batch, height, width, channels = shape_of(x)
    x = reshape(x, (batch, height // block_size, block_size, width // block_size, block_size, channels))
    x = transpose(x, (0, 1, 3, 2, 4, 5))
    return reshape(x, (batch, height // block_size, width // block_size, channels * block_size**2))


__all__ = [
    "adaptive_average_pool",
    "adaptive_max_pool",
    "average_pool",
    "batch_normalization",
    "binary_crossentropy",
    "categorical_crossentropy",
    "conv",
    "conv_transpose",
    "ctc_decode",
    "ctc_loss",
    "depth_to_space",
    "depthwise_conv",
    "gelu",
    "max_pool",
    "moments",
    "normalize",
    "one_hot",
    "separable_conv",
    "space_to_depth",
    "sparse_categorical_crossentropy",
    *functions.__all__,
]

explain_all(globals(), __all__)
