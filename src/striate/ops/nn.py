"""Functions of neural networks."""

import numpy as np

from .. import activations
from .._common.checks import axis_of, choice, number
from .._common.errors import explain_all
from ..activations import functions
from ..activations.functions import *  # noqa: F403
from ..engine.dtypes import dtype_named
from ..engine.operators import Operators, apply
from ..layers import AveragePooling1D, AveragePooling2D, MaxPooling1D, MaxPooling2D
from ..layers.shape_checks import check_data_format
from ..losses.crossentropy import EPSILON, binary_entropy, with_logits
from ._functions import called_with, shape_of
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
    """Return ``x`` times the part of a normal distribution below it, by a formula with tanh unless `approximate` is False."""
    return activations.gelu(x, approximate)


gelu.activation_name = "gelu_tanh"  # as an argument of layers


def normalize(x, axis=-1, order=2, epsilon=None):
    """Return vectors along an axis, scaled to length 1 by a norm; at least `epsilon`, 1e-12 if None, is divided by."""
    epsilon = 1e-12 if epsilon is None else epsilon
    if order == 2:  # of vectors of length 0, too, with a gradient
        return multiply(x, rsqrt(maximum(sum(square(x), axis, keepdims=True), epsilon * epsilon)))
    return divide(x, maximum(norm(x, order, axis, keepdims=True), epsilon))


def one_hot(x, num_classes, axis=-1, dtype=None):
    """Return vectors along a new axis that are 1 at the index that an element gives, and 0 elsewhere."""
    y = apply("one_hot", x, classes=int(num_classes), dtype="float32" if dtype is None else dtype_named(dtype).name)
    return y if axis == -1 else moveaxis(y, -1, axis)


def moments(x, axes, keepdims=False, synchronized=False):
    """Return mean and variance along axes."""
    return mean(x, axes, keepdims), var(x, axes, keepdims)


def binary_crossentropy(target, output, from_logits=False):
    """Return ``-(target log p + (1 - target) log(1 - p))`` of each element.

    Parameters
    ----------
    target : array_like or symbolic tensor
        From 0 to 1.
    output : array_like or symbolic tensor
        Probabilities, which count as at least 1e-7 away from 0 and 1, or logits.
    from_logits : bool
        Whether a sigmoid would make probabilities of `output`.
    """
    target, output = (each if isinstance(each, Operators) else np.asarray(each) for each in (target, output))
    return binary_entropy(target, output, from_logits)


def categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """Return ``-sum(target log p)`` along an axis.

    Parameters
    ----------
    target : array_like or symbolic tensor
        Probabilities, such as one-hot vectors.
    output : array_like or symbolic tensor
        Numbers that become probabilities divided by their sum, which count as at least 1e-7 away from 0 and 1, or logits.
    from_logits : bool
        Whether a softmax would make probabilities of `output`.
    axis : int
        Of the classes.
    """
    if axis in (-1, len(shape_of(output)) - 1):
        output, from_logits = with_logits(output, from_logits, "softmax")
    if from_logits:
        log_p = activations.log_softmax(output, axis)
    else:
        log_p = log(clip(divide(output, sum(output, axis, keepdims=True)), EPSILON, 1 - EPSILON))
    return negative(sum(apply("weigh", target, log_p), axis))


def sparse_categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """Return ``-log p[target]`` along an axis, which class indices may have with size 1; see `categorical_crossentropy`."""
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
        What the kernels slide over.
    kernel : array_like or symbolic tensor, shape (height, width, channels / groups, filters) or (length, …)
        The kernels; their channels tell how many groups there are.
    strides, dilation_rate : int or tuple of int
        Steps between neighbouring windows, and between neighbouring elements of a kernel.
    padding : {"valid", "same"}
        Zeros at the borders: none, or as many as keep the size at stride 1.
    data_format : {"channels_last"}, optional
        Position of the channels.
    """
    _check_axes(inputs, "kernel", kernel)
    groups = shape_of(inputs)[-1] // shape_of(kernel)[-2]
    return _convolve(inputs, kernel, strides, padding, data_format, dilation_rate, groups)


def depthwise_conv(inputs, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """Return the convolution of each channel with its own kernels (…, channels, kernels for each); see `conv`."""
    _check_axes(inputs, "kernel", kernel)
    return _convolve(inputs, kernel, strides, padding, data_format, dilation_rate, shape_of(inputs)[-1])


def separable_conv(inputs, depthwise_kernel, pointwise_kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """Return a depthwise convolution, and of that one with kernels of size 1; see `conv`."""
    _check_axes(inputs, "depthwise_kernel", depthwise_kernel)
    _check_axes(inputs, "pointwise_kernel", pointwise_kernel)
    y = depthwise_conv(inputs, depthwise_kernel, strides, padding, data_format, dilation_rate)
    return conv(y, pointwise_kernel)


def _check_axes(inputs, name, kernel):
    """Refuse what are no images or sequences, and kernels that are not those of them."""
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
        The kernels.
    strides, dilation_rate : int or tuple of int
        Steps of the output between neighbouring windows, and between neighbouring elements of a kernel.
    output_padding : int or tuple of int, optional
        What the output has more at its end; see `striate.layers.Conv2DTranspose`.
    """
    check_data_format(data_format)
    _check_axes(inputs, "kernel", kernel)
    settings = {"strides": strides, "output_padding": output_padding, "dilation": dilation_rate}
    if len(shape_of(inputs)) == 4:
        return apply("conv_transpose", inputs, kernel, padding=padding, **settings)
    more = None if output_padding is None else _row(output_padding, 0)
    settings = {"strides": _row(strides), "output_padding": more, "dilation": _row(dilation_rate)}
    return squeeze(apply("conv_transpose", expand_dims(inputs, 1), expand_dims(kernel, 0), padding=padding, **settings), 1)


def _row(value, height=1):
    """Return what is given for a sequence as that of images of one row."""
    return height, value[0] if isinstance(value, (tuple, list)) else value


def max_pool(inputs, pool_size, strides=None, padding="valid", data_format=None):
    """Return the largest value of each window of images or sequences: as `striate.layers.MaxPooling2D` does."""
    layer = MaxPooling2D if len(shape_of(inputs)) == 4 else MaxPooling1D
    return called_with(inputs, layer, pool_size, strides, padding, data_format)


def average_pool(inputs, pool_size, strides=None, padding="valid", data_format=None):
    """Return the mean of each window of images or sequences: as `striate.layers.AveragePooling2D` does."""
    layer = AveragePooling2D if len(shape_of(inputs)) == 4 else AveragePooling1D
    return called_with(inputs, layer, pool_size, strides, padding, data_format)


def batch_normalization(x, mean, variance, axis, offset=None, scale=None, epsilon=1e-3):
    """Return it with a mean and a variance along an axis brought to 0 and 1, then scaled and shifted."""
    places = [1] * len(shape_of(x))
    places[axis_of(axis, "x", shape_of(x))] = -1
    epsilon = number("epsilon", epsilon, 0)
    inverse = rsqrt(add(variance, epsilon))
    inverse = inverse if scale is None else multiply(inverse, scale)
    y = multiply(subtract(x, reshape(mean, places)), reshape(inverse, places))
    return y if offset is None else add(y, reshape(offset, places))


def depth_to_space(x, block_size, data_format="channels_last"):
    """Return images with blocks of pixels made of channels: larger ones, of fewer channels."""
    check_data_format(data_format)
    batch, height, width, channels = shape_of(x)
    x = reshape(x, (batch, height, width, block_size, block_size, channels // block_size**2))
    x = transpose(x, (0, 1, 3, 2, 4, 5))
    return reshape(x, (batch, height * block_size, width * block_size, channels // block_size**2))


def space_to_depth(x, block_size, data_format="channels_last"):
    """Return images with blocks of pixels become channels: smaller ones, of more channels."""
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
