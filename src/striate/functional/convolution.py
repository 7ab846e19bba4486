"""Convolution of images, and its gradients."""

from typing import NamedTuple

from .._checks import choice, float_array, integer, output, pair, shape
from ..kernels import bindings
from ..threads import get_num_threads
from ._algorithms import ALGORITHMS, pick_conv2d_algorithm
from ._geometry import output_size, resolve_padding
from .activations import activate_in_place, epilogue
from .dense import sum_over_all_but_last

IMAGES = ("batch", "height", "width", "channels")
KERNEL = ("kernel height", "kernel width", "channels / groups", "filters")


class Geometry(NamedTuple):
    """A convolution's arguments in one form, and what follows from them."""

    x_shape: tuple  # (batch, height, width, channels)
    kernel_shape: tuple  # (kernel height, kernel width, channels / groups, filters)
    y_shape: tuple  # (batch, output height, output width, filters)
    strides: tuple
    padding: tuple  # ((top, bottom), (left, right))
    dilation: tuple
    groups: int

    @property
    def call(self):
        """The geometry as the kernels take it."""
        return (*self.strides, self.padding[0][0], self.padding[1][0], *self.dilation)


def conv2d_geometry(x_shape, kernel_shape, strides=1, padding="valid", dilation=1, groups=1):
    """Check a convolution's shapes and arguments against each other and return its `Geometry`."""
    strides, dilation = pair("strides", strides), pair("dilation", dilation)
    groups = integer("groups", groups, 1)
    _, height, width, channels = x_shape
    kh, kw, kernel_channels, filters = kernel_shape
    if min(height, width, channels) < 1:
        raise ValueError(f"x has shape {tuple(x_shape)}; expected a height, a width and channels of at least 1")
    if min(kernel_shape) < 1:
        raise ValueError(f"kernel has shape {tuple(kernel_shape)}; expected sizes of at least 1")
    if channels % groups or filters % groups:
        raise ValueError(
            f"groups={groups} divides not both the {channels} channels of x and the {filters} filters of kernel; "
            "expected a divisor of both"
        )
    if kernel_channels * groups != channels:
        raise ValueError(
            f"kernel has shape {tuple(kernel_shape)}, {kernel_channels} channels, but x has {channels} channels in "
            f"groups={groups}; expected a kernel with {channels // groups} channels"
        )
    windows = ((kh - 1) * dilation[0] + 1, (kw - 1) * dilation[1] + 1)
    padding = resolve_padding(padding, (height, width), windows, strides)
    out_height, out_width = output_size("kernel", (height, width), padding, windows, strides)
    y_shape = (x_shape[0], out_height, out_width, filters)
    return Geometry(tuple(x_shape), tuple(kernel_shape), y_shape, strides, padding, dilation, groups)


def conv2d(
    x, kernel, bias=None, *, strides=1, padding="valid", dilation=1, groups=1, activation=None, algorithm="auto", out=None
):
    """Convolve images with a kernel, add a bias and apply an activation.

    This is the convolution of neural networks, the cross-correlation [1]_::

        y[n, i, j, f] = activation(bias[f] + sum over k, l, c of
                        x[n, i * strides[0] + k * dilation[0] - top, j * strides[1] + l * dilation[1] - left, c]
                        * kernel[k, l, c, f])

    Parameters
    ----------
    x : ndarray of float32 or float64, shape (batch, height, width, channels)
        Images.
    kernel : ndarray of x's dtype, shape (kernel height, kernel width, channels / groups, filters)
        Weights.
    bias : ndarray of x's dtype, shape (filters,), optional
        Added to each filter's output.
    strides : int or pair of int
        Pixels between neighbouring windows, along height and width.
    padding : {"valid", "same"}, int, pair of int, or ((top, bottom), (left, right))
        Zeros around the images: none, as many as make the output ``ceil(size / stride)`` large (the odd pixel goes to the end),
        or the numbers given.
    dilation : int or pair of int
        Pixels between neighbouring elements of the kernel.
    groups : int
        Channels and filters are split into this many groups, each convolved by itself.
    activation : str, optional
        Name of an activation: "relu", "leaky_relu", "sigmoid", "tanh", "softmax", "log_softmax" or "linear".
    algorithm : {"auto", "direct", "im2col"}
        How it is computed: by a register-blocked loop, or as a matrix product by BLAS in blocks that stay in cache. "auto"
        picks by shape. They differ in the last bits.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray of x's dtype, shape (batch, output height, output width, filters)
        With ``output height = (height + top + bottom - (kernel height - 1) * dilation[0] - 1) // strides[0] + 1``.

    Raises
    ------
    TypeError
        If an array is not float32 or float64, or the dtypes differ.
    ValueError
        If shapes or arguments do not fit together, or the kernel is larger than the padded images.

    References
    ----------
    .. [1] Dumoulin, V. and Visin, F., "A guide to convolution arithmetic for deep learning", 2016, arXiv:1603.07285.

    Examples
    --------
    Two windows of a row, each the sum of its pixels:

    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([1, 2, 3], np.float32).reshape(1, 1, 3, 1)
    >>> F.conv2d(x, np.ones((1, 2, 1, 1), np.float32)).ravel()
    array([3., 5.], dtype=float32)
    """
    x = float_array("x", x, IMAGES)
    kernel = float_array("kernel", kernel, KERNEL, like=("x", x))
    geometry = conv2d_geometry(x.shape, kernel.shape, strides, padding, dilation, groups)
    choice("algorithm", algorithm, ALGORITHMS)
    fused, slope, remaining = epilogue(activation)
    inputs = [x, kernel]
    if bias is not None:
        bias = float_array("bias", bias, ("filters",), like=("x", x))
        if bias.shape != kernel.shape[3:]:
            raise ValueError(f"bias has shape {bias.shape}; expected one element for each of the {kernel.shape[3]} filters")
        inputs.append(bias)
    y = output(out, geometry.y_shape, x.dtype, inputs)
    if y.size:
        if algorithm == "auto":
            algorithm = pick_conv2d_algorithm("forward", geometry, x.dtype)
        bindings.conv2d_forward(algorithm, x, kernel, bias, y, geometry.call, geometry.groups, fused, slope, get_num_threads())
        activate_in_place(y, remaining)
    return y


def conv2d_backward_input(
    dy, kernel, input_shape, *, strides=1, padding="valid", dilation=1, groups=1, algorithm="auto", out=None
):
    """Gradient of a convolution with respect to its input.

    The gradient of ``sum(dy * conv2d(x, kernel))`` with respect to ``x``: the transposed convolution of `dy`.

    Parameters
    ----------
    dy : ndarray of float32 or float64, shape (batch, output height, output width, filters)
        Gradient of the convolution's output (before its activation).
    kernel : ndarray of dy's dtype, shape (kernel height, kernel width, channels / groups, filters)
        Weights.
    input_shape : tuple of int
        Shape (batch, height, width, channels) of ``x``.
    strides, padding, dilation, groups, algorithm
        As in `conv2d`.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray of dy's dtype, shape `input_shape`

    Raises
    ------
    TypeError, ValueError
        As in `conv2d`.
    """
    dy = float_array("dy", dy, IMAGES)
    kernel = float_array("kernel", kernel, KERNEL, like=("dy", dy))
    input_shape = shape("input_shape", input_shape, IMAGES)
    geometry = conv2d_geometry(input_shape, kernel.shape, strides, padding, dilation, groups)
    _check_dy(dy, geometry.y_shape)
    choice("algorithm", algorithm, ALGORITHMS)
    dx = output(out, input_shape, dy.dtype, (dy, kernel))
    if dx.size:
        if algorithm == "auto":
            algorithm = pick_conv2d_algorithm("backward_input", geometry, dy.dtype)
        bindings.conv2d_backward_input(algorithm, dy, kernel, dx, geometry.call, geometry.groups, get_num_threads())
    return dx


def conv2d_backward_kernel(
    dy, x, kernel_shape, *, strides=1, padding="valid", dilation=1, groups=1, algorithm="auto", out=None
):
    """Gradient of a convolution with respect to its kernel.

    The gradient of ``sum(dy * conv2d(x, kernel))`` with respect to ``kernel``.

    Parameters
    ----------
    dy : ndarray of float32 or float64, shape (batch, output height, output width, filters)
        Gradient of the convolution's output (before its activation).
    x : ndarray of dy's dtype, shape (batch, height, width, channels)
        Images.
    kernel_shape : tuple of int
        Shape (kernel height, kernel width, channels / groups, filters) of ``kernel``.
    strides, padding, dilation, groups, algorithm
        As in `conv2d`.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray of dy's dtype, shape `kernel_shape`

    Raises
    ------
    TypeError, ValueError
        As in `conv2d`.
    """
    dy = float_array("dy", dy, IMAGES)
    x = float_array("x", x, IMAGES, like=("dy", dy))
    kernel_shape = shape("kernel_shape", kernel_shape, KERNEL)
    geometry = conv2d_geometry(x.shape, kernel_shape, strides, padding, dilation, groups)
    _check_dy(dy, geometry.y_shape)
    choice("algorithm", algorithm, ALGORITHMS)
    dkernel = output(out, kernel_shape, dy.dtype, (dy, x))
    if not x.size:
        dkernel[...] = 0
        return dkernel
    if algorithm == "auto":
        algorithm = pick_conv2d_algorithm("backward_kernel", geometry, dy.dtype)
    bindings.conv2d_backward_kernel(algorithm, dy, x, dkernel, geometry.call, geometry.groups, get_num_threads())
    return dkernel


def conv2d_backward_bias(dy, *, out=None):
    """Gradient of a convolution with respect to its bias: the sum of `dy` over images and pixels.

    Parameters
    ----------
    dy : ndarray of float32 or float64, shape (batch, output height, output width, filters)
        Gradient of the convolution's output (before its activation).
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray of dy's dtype, shape (filters,)

    Raises
    ------
    TypeError, ValueError
        If `dy` is not a float array of four dimensions.
    """
    return sum_over_all_but_last(float_array("dy", dy, IMAGES), out)


def _check_dy(dy, expected):
    if dy.shape != expected:
        raise ValueError(f"dy has shape {dy.shape}; expected the shape of the convolution's output, {expected}")
