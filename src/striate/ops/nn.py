"""Functions of neural networks."""

import numpy as np

from .. import activations
from .._common.checks import axis_of, choice, number
from .._common.errors import explain_all
from .._common.names import public_names
from ..activations import functions
from ..activations.functions import *  # noqa: F403
from ..engine.dtypes import dtype_named
from ..engine.operators import Operators, apply
from ..layers import AveragePooling1D, AveragePooling2D, MaxPooling1D, MaxPooling2D
from ..layers.shape_checks import check_data_format
from ..losses.crossentropy import EPSILON, binary_entropy, with_logits
from ._functions import apply_layer, shape_of
from .ctc import ctc_decode, ctc_loss
from .linalg import norm
from .math import rsqrt
from .numpy import (
    add,
    clip,
    divide,
    expand_dims,
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


def conv(inputs, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """Return the convolution of images, or of sequences, with kernels.

    Parameters
    ----------
    inputs : array_like or symbolic tensor, shape (batch, height, width, channels) or (batch, length, channels)
        Images or sequences.
    kernel : array_like or symbolic tensor, shape (height, width, channels / groups, filters) or (length, …)
        Kernels; their number of channels determines the number of groups.
    strides, dilation_rate : int or tuple of int
        Distance between neighbouring windows, and between neighbouring elements of a kernel.
    padding : {"valid", "same"}
        Zeros at the borders: none for "valid"; enough to keep the size at stride 1 for "same".
    data_format : {"channels_last"}, optional
        Position of the channels.

    Returns
    -------
    array or symbolic tensor, shape (batch, output height, output width, filters) or (batch, output length, filters)

    Raises
    ------
    ValueError
        If the shapes do not fit together, or an argument is not supported.
    """
    _check_axes(inputs, "kernel", kernel)
    groups = shape_of(inputs)[-1] // shape_of(kernel)[-2]
    return _convolve(inputs, kernel, strides, padding, data_format, dilation_rate, groups)


def depthwise_conv(inputs, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """Return the convolution of each channel with its own kernels (…, channels, kernels per channel); see `conv`."""
    _check_axes(inputs, "kernel", kernel)
    return _convolve(inputs, kernel, strides, padding, data_format, dilation_rate, shape_of(inputs)[-1])


def separable_conv(inputs, depthwise_kernel, pointwise_kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """Return a depthwise convolution followed by a convolution with kernels of size 1; see `depthwise_conv` and `conv`."""
    _check_axes(inputs, "depthwise_kernel", depthwise_kernel)
    _check_axes(inputs, "pointwise_kernel", pointwise_kernel)
    y = depthwise_conv(inputs, depthwise_kernel, strides, padding, data_format, dilation_rate)
    return conv(y, pointwise_kernel)


def _check_axes(inputs, name, kernel):
    """Raise an error unless inputs are images or sequences, and the kernel has as many axes."""
    x_shape, kernel_shape = shape_of(inputs), shape_of(kernel)
    if len(x_shape) not in (3, 4):
        raise ValueError(
            f"inputs has shape {tuple(x_shape)}; expected (batch, height, width, channels) or (batch, length, channels)"
        )
    if len(kernel_shape) != len(x_shape) or 0 in kernel_shape:
        raise ValueError(
            f"{name} has shape {tuple(kernel_shape)}; expected as many axes as inputs have, shape {tuple(x_shape)}, of sizes "
            "of at least 1"
        )


def _convolve(inputs, kernel, strides, padding, data_format, dilation_rate, groups):
    """Return a convolution with groups; sequences are convolved as images of one row."""
    check_data_format(data_format)
    choice("padding", padding, ("valid", "same"))
    geometry = {"padding": padding, "groups": groups}
    if len(shape_of(inputs)) == 4:
        return apply("conv", inputs, kernel, strides=strides, dilation=dilation_rate, **geometry)
    y = apply("conv", expand_dims(inputs, 1), kernel, strides=_row(strides), dilation=_row(dilation_rate), **geometry)
    return squeeze(y, 1)


def conv_transpose(inputs, kernel, strides=1, padding="valid", output_padding=None, data_format=None, dilation_rate=1):
    """Return the transposed convolution of images, or of sequences, with kernels (…, filters, channels).

    Parameters
    ----------
    inputs, padding, data_format
        As in `conv`.
    kernel : array_like or symbolic tensor, shape (height, width, filters, channels) or (length, filters, channels)
        Kernels.
    strides, dilation_rate : int or tuple of int
        Distance between neighbouring windows in the output, and between neighbouring elements of a kernel.
    output_padding : int or tuple of int, optional
        Size added at the end of the output; see `striate.layers.Conv2DTranspose`.

    Returns
    -------
    array or symbolic tensor, shape (batch, output height, output width, filters) or (batch, output length, filters)

    Raises
    ------
    ValueError
        As in `conv`.
    """
    check_data_format(data_format)
    _check_axes(inputs, "kernel", kernel)
    settings = {"strides": strides, "output_padding": output_padding, "dilation": dilation_rate}
    if len(shape_of(inputs)) == 4:
        return apply("conv_transpose", inputs, kernel, padding=padding, **settings)
    row_padding = None if output_padding is None else _row(output_padding, 0)
    settings = {"strides": _row(strides), "output_padding": row_padding, "dilation": _row(dilation_rate)}
    return squeeze(apply("conv_transpose", expand_dims(inputs, 1), expand_dims(kernel, 0), padding=padding, **settings), 1)


def _row(value, height=1):
    """Return an argument for sequences as the pair (height, width) for images of one row."""
    return height, value[0] if isinstance(value, (tuple, list)) else value


def max_pool(inputs, pool_size, strides=None, padding="valid", data_format=None):
    """Return the maximum of each window of images or sequences, as `striate.layers.MaxPooling2D` does."""
    cls = MaxPooling2D if len(shape_of(inputs)) == 4 else MaxPooling1D
    return apply_layer(cls, inputs, pool_size, strides, padding, data_format)


def average_pool(inputs, pool_size, strides=None, padding="valid", data_format=None):
    """Return the mean of each window of images or sequences, as `striate.layers.AveragePooling2D` does."""
    cls = AveragePooling2D if len(shape_of(inputs)) == 4 else AveragePooling1D
    return apply_layer(cls, inputs, pool_size, strides, padding, data_format)


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

__dir__ = public_names(globals())

explain_all(globals(), __all__)
