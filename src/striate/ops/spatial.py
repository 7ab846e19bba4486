"""Convolutions and poolings of sequences, images and volumes."""

from .. import layers
from .._common.checks import choice
from ..engine.operators import apply
from ._functions import apply_layer, shape_of
from .data_formats import in_channels_last
from .numpy import expand_dims, squeeze


def conv(inputs, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """Return the convolution of sequences, images or volumes with kernels.

    Parameters
    ----------
    inputs : array_like or symbolic tensor
        Sequences (batch, length, channels), images (batch, height, width, channels), or volumes
        (batch, depth, height, width, channels).
    kernel : array_like or symbolic tensor, shape (..., channels / groups, filters)
        Kernels, with as many spatial axes as the inputs; their number of channels determines the number of groups.
    strides, dilation_rate : int or tuple of int
        Distance between neighbouring windows, and between neighbouring elements of a kernel.
    padding : {"valid", "same"}
        Zeros at the borders: none for "valid"; enough to keep the size at stride 1 for "same".
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels in inputs and output.

    Returns
    -------
    array or symbolic tensor, shape (batch, ..., filters)

    Raises
    ------
    ValueError
        If the shapes do not fit together, or an argument is not supported.
    """
    x, back = in_channels_last(inputs, data_format, axis=1)
    _check_axes(x, "kernel", kernel)
    channels = shape_of(x)[-1]
    if channels is None:
        raise ValueError(f"inputs has shape {shape_of(inputs)}; expected a known number of channels")
    groups = channels // shape_of(kernel)[-2]
    return back(_convolve(x, kernel, strides, padding, dilation_rate, groups))


def depthwise_conv(inputs, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """Return the convolution of each channel with its own kernels (…, channels, kernels per channel); see `conv`."""
    x, back = in_channels_last(inputs, data_format, axis=1)
    _check_axes(x, "kernel", kernel, (3, 4))
    return back(_convolve(x, kernel, strides, padding, dilation_rate, shape_of(x)[-1]))


def separable_conv(inputs, depthwise_kernel, pointwise_kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """Return a depthwise convolution followed by a convolution with kernels of size 1; see `depthwise_conv` and `conv`."""
    x, back = in_channels_last(inputs, data_format, axis=1)
    _check_axes(x, "depthwise_kernel", depthwise_kernel, (3, 4))
    _check_axes(x, "pointwise_kernel", pointwise_kernel, (3, 4))
    y = depthwise_conv(x, depthwise_kernel, strides, padding, "channels_last", dilation_rate)
    return back(conv(y, pointwise_kernel, data_format="channels_last"))


def conv_transpose(inputs, kernel, strides=1, padding="valid", output_padding=None, data_format=None, dilation_rate=1):
    """Return the transposed convolution of sequences, images or volumes with kernels (…, filters, channels).

    Parameters
    ----------
    inputs, padding, data_format
        As in `conv`.
    kernel : array_like or symbolic tensor, shape (..., filters, channels)
        Kernels, with as many spatial axes as the inputs.
    strides, dilation_rate : int or tuple of int
        Distance between neighbouring windows in the output, and between neighbouring elements of a kernel.
    output_padding : int or tuple of int, optional
        Size added at the end of the output; see `striate.layers.Conv2DTranspose`.

    Returns
    -------
    array or symbolic tensor, shape (batch, ..., filters)

    Raises
    ------
    ValueError
        As in `conv`.
    """
    x, back = in_channels_last(inputs, data_format, axis=1)
    _check_axes(x, "kernel", kernel)
    settings = {"padding": _checked_padding(padding)}
    if len(shape_of(x)) > 3:
        settings |= {"strides": strides, "output_padding": output_padding, "dilation": dilation_rate}
        y = apply("conv_transpose", x, kernel, **settings)
    else:
        row_padding = None if output_padding is None else _row(output_padding, 0)
        settings |= {"strides": _row(strides), "output_padding": row_padding, "dilation": _row(dilation_rate)}
        y = squeeze(apply("conv_transpose", expand_dims(x, 1), expand_dims(kernel, 0), **settings), 1)
    return back(y)


def max_pool(inputs, pool_size, strides=None, padding="valid", data_format=None):
    """Return the maximum of each window of sequences, images or volumes, as `striate.layers.MaxPooling2D` does."""
    return apply_layer(_layer_for("MaxPooling", inputs), inputs, pool_size, strides, padding, data_format)


def average_pool(inputs, pool_size, strides=None, padding="valid", data_format=None):
    """Return the mean of each window of sequences, images or volumes, as `striate.layers.AveragePooling2D` does."""
    return apply_layer(_layer_for("AveragePooling", inputs), inputs, pool_size, strides, padding, data_format)


def adaptive_max_pool(inputs, output_size, data_format=None):
    """Return the maximum of windows of sequences, images or volumes, chosen so that the output has a given size.

    Parameters
    ----------
    inputs, data_format
        As in `conv`.
    output_size : int or tuple of int
        Size of the output along each spatial axis; see `striate.layers.AdaptiveMaxPooling2D`.

    Returns
    -------
    array or symbolic tensor, shape (batch, ..., channels)
    """
    return apply_layer(_layer_for("AdaptiveMaxPooling", inputs), inputs, output_size, data_format)


def adaptive_average_pool(inputs, output_size, data_format=None):
    """Return the mean of windows of sequences, images or volumes, chosen so that the output has a given size.

    Parameters
    ----------
    inputs, output_size, data_format
        As in `adaptive_max_pool`.

    Returns
    -------
    array or symbolic tensor, shape (batch, ..., channels)
    """
    return apply_layer(_layer_for("AdaptiveAveragePooling", inputs), inputs, output_size, data_format)


def _layer_for(name, inputs):
    """Return the class of layers for sequences, images or volumes."""
    rank = _check_rank(inputs, (3, 4, 5)) - 2
    return getattr(layers, f"{name}{rank}D")


def _check_rank(inputs, ranks):
    """Return the number of axes; raise an error unless inputs are sequences or images, or volumes if `ranks` has them."""
    shape = shape_of(inputs)
    if len(shape) not in ranks:
        volumes = ", (batch, depth, height, width, channels)" if 5 in ranks else ""
        raise ValueError(
            f"inputs has shape {tuple(shape)}; expected (batch, length, channels) or (batch, height, width, channels){volumes}"
        )
    return len(shape)


def _check_axes(inputs, name, kernel, ranks=(3, 4, 5)):
    """Raise an error unless inputs have the axes of sequences, images or volumes, and the kernel has as many."""
    _check_rank(inputs, ranks)
    x_shape, kernel_shape = shape_of(inputs), shape_of(kernel)
    if len(kernel_shape) != len(x_shape) or 0 in kernel_shape:
        raise ValueError(
            f"{name} has shape {tuple(kernel_shape)}; expected as many axes as inputs have, shape {tuple(x_shape)}, of sizes "
            "of at least 1"
        )


def _convolve(inputs, kernel, strides, padding, dilation_rate, groups):
    """Return a convolution with groups; sequences are convolved as images of one row."""
    geometry = {"padding": _checked_padding(padding), "groups": groups}
    if len(shape_of(inputs)) > 3:
        return apply("conv", inputs, kernel, strides=strides, dilation=dilation_rate, **geometry)
    y = apply("conv", expand_dims(inputs, 1), kernel, strides=_row(strides), dilation=_row(dilation_rate), **geometry)
    return squeeze(y, 1)


def _checked_padding(padding):
    """Return a checked `padding` in small letters; Keras takes large ones, too."""
    return choice("padding", padding.lower() if isinstance(padding, str) else padding, ("valid", "same"))


def _row(value, height=1):
    """Return an argument for sequences as the pair (height, width) for images of one row."""
    return height, value[0] if isinstance(value, (tuple, list)) else value
