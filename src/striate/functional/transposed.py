"""Transposed convolution of images, and its gradients."""

from .._common.checks import bias_vector, check_shape, float_array, output, shape
from .._common.docstrings import documented
from ..algorithms import pick_conv2d_algorithm
from ..geometry import IMAGES, adjoint_geometry
from ..kernels import bindings
from ..threads import get_num_threads
from .activation_table import activation_in_place, epilogue

_KERNEL = ("kernel height", "kernel width", "filters / groups", "channels")


_BACKWARD = """
    Parameters
    ----------
    dy : ndarray of float32 or float64, shape (batch, output height, output width, filters)
        Gradient with respect to the transposed convolution's output, before its activation.
    kernel : ndarray of dy's dtype, shape (kernel height, kernel width, filters / groups, channels)
        Weights.
    x : ndarray of dy's dtype, shape (batch, height, width, channels)
        Images.
    input_shape : tuple of int
        Shape (batch, height, width, channels) of ``x``.
    kernel_shape : tuple of int
        Shape (kernel height, kernel width, filters / groups, channels) of ``kernel``.
    strides, padding, output_padding, dilation, groups, algorithm
        As in `conv2d_transpose`.
    out : ndarray, optional
        Where to write the result.

    Raises
    ------
    TypeError, ValueError
        As in `conv2d_transpose`.
    """


def conv2d_transpose(
    x,
    kernel,
    bias=None,
    *,
    strides=1,
    padding="valid",
    output_padding=None,
    dilation=1,
    groups=1,
    activation=None,
    algorithm="auto",
    out=None,
):
    """Apply the transpose of a convolution to images, add a bias, and apply an activation.

    Each pixel of the input, times the kernel, is added to a window of the output [1]_::

        y[n, i * strides[0] + k * dilation[0] - top, j * strides[1] + l * dilation[1] - left, f]
            += x[n, i, j, c] * kernel[k, l, f, c]

    This is the gradient of `conv2d` with respect to its input, so that strides enlarge the images.

    Parameters
    ----------
    x : ndarray of float32 or float64, shape (batch, height, width, channels)
        Images.
    kernel : ndarray of x's dtype, shape (kernel height, kernel width, filters / groups, channels)
        Weights.
    bias : ndarray of x's dtype, shape (filters,), optional
        Added to each filter's output.
    strides : int or pair of int
        Distance between neighbouring windows in pixels of the output, along height and width.
    padding : {"valid", "same"}, int, pair of int, or ((top, bottom), (left, right))
        Pixels to cut off the output: none for "valid"; enough to leave a size of ``size * stride`` for "same"; or explicit
        numbers.
    output_padding : int or pair of int, optional
        Number of additional pixels at the end of the output, fewer than the stride. None means the number that leads to the
        sizes below for "valid" and "same", and 0 for a padding in numbers.
    dilation : int or pair of int
        Distance between neighbouring elements of the kernel in pixels.
    groups : int
        Number of groups into which channels and filters are split; each group is convolved separately.
    activation : str, optional
        As in `conv2d`.
    algorithm : str
        As in `conv2d`.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray of x's dtype, shape (batch, output height, output width, filters)
        With ``window = (kernel height - 1) * dilation[0] + 1``, the output height is ``height * strides[0]`` for "same" and
        ``(height - 1) * strides[0] + max(window, strides[0])`` for "valid"; with an `output_padding`, or a padding in numbers,
        it is ``(height - 1) * strides[0] + window - top - bottom + output_padding``, where "same" cuts ``window // 2`` off
        both ends.

    Raises
    ------
    TypeError
        If an array is not float32 or float64, or the dtypes differ.
    ValueError
        If shapes or arguments do not fit together, or nothing is left of the output.

    References
    ----------
    .. [1] Dumoulin, V. and Visin, F., "A guide to convolution arithmetic for deep learning", 2016, arXiv:1603.07285, ch. 4.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([1, 2, 3], np.float32).reshape(1, 1, 3, 1)
    >>> F.conv2d_transpose(x, np.ones((1, 2, 1, 1), np.float32), strides=(1, 2)).ravel()
    array([1., 1., 2., 2., 3., 3.], dtype=float32)
    """
    x = float_array("x", x, IMAGES)
    kernel = float_array("kernel", kernel, _KERNEL, like=("x", x))
    adjoint = adjoint_geometry(x.shape, kernel.shape, strides, padding, output_padding, dilation, groups)
    algorithm = pick_conv2d_algorithm(algorithm, "backward_input", adjoint)
    fused, slope, remaining = epilogue(activation, forward=True)
    if bias is not None:
        bias = bias_vector(bias, adjoint.x_shape[3], "filters", ("x", x))
    y = output(out, adjoint.x_shape, x.dtype)
    if y.size:
        bindings.conv2d_backward_input(
            x,
            kernel,
            y,
            algorithm=algorithm,
            geometry=adjoint.call,
            groups=adjoint.groups,
            bias=bias,
            activation=fused,
            negative_slope=slope,
            threads=get_num_threads(),
        )
        activation_in_place(y, remaining)
    return y


@documented(_BACKWARD)
def conv2d_transpose_backward_input(
    dy,
    kernel,
    input_shape,
    *,
    strides=1,
    padding="valid",
    output_padding=None,
    dilation=1,
    groups=1,
    algorithm="auto",
    out=None,
):
    """Gradient of a transposed convolution with respect to its input: a convolution of `dy`.

    Returns
    -------
    ndarray of dy's dtype, shape `input_shape`

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> dy = np.ones((1, 1, 4, 1), np.float32)
    >>> kernel = np.array([1.0, 10.0], np.float32).reshape(1, 2, 1, 1)
    >>> F.conv2d_transpose_backward_input(dy, kernel, (1, 1, 3, 1)).ravel()
    array([11., 11., 11.], dtype=float32)
    """
    dy = float_array("dy", dy, IMAGES)
    kernel = float_array("kernel", kernel, _KERNEL, like=("dy", dy))
    input_shape = shape("input_shape", input_shape, IMAGES)
    adjoint = adjoint_geometry(input_shape, kernel.shape, strides, padding, output_padding, dilation, groups)
    check_shape("dy", dy, adjoint.x_shape, "the convolution's output")
    algorithm = pick_conv2d_algorithm(algorithm, "forward", adjoint)
    dx = output(out, input_shape, dy.dtype)
    if dx.size:
        bindings.conv2d_forward(
            dy, kernel, dx, algorithm=algorithm, geometry=adjoint.call, groups=adjoint.groups, threads=get_num_threads()
        )
    return dx


@documented(_BACKWARD)
def conv2d_transpose_backward_kernel(
    dy, x, kernel_shape, *, strides=1, padding="valid", output_padding=None, dilation=1, groups=1, algorithm="auto", out=None
):
    """Gradient of a transposed convolution with respect to its kernel.

    The gradient with respect to its bias is `conv2d_backward_bias`.

    Returns
    -------
    ndarray of dy's dtype, shape `kernel_shape`

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> dy = np.ones((1, 1, 4, 1), np.float32)
    >>> x = np.array([1.0, 2.0, 3.0], np.float32).reshape(1, 1, 3, 1)
    >>> F.conv2d_transpose_backward_kernel(dy, x, (1, 2, 1, 1)).ravel()
    array([6., 6.], dtype=float32)
    """
    dy = float_array("dy", dy, IMAGES)
    x = float_array("x", x, IMAGES, like=("dy", dy))
    kernel_shape = shape("kernel_shape", kernel_shape, _KERNEL)
    adjoint = adjoint_geometry(x.shape, kernel_shape, strides, padding, output_padding, dilation, groups)
    check_shape("dy", dy, adjoint.x_shape, "the convolution's output")
    algorithm = pick_conv2d_algorithm(algorithm, "backward_kernel", adjoint)
    dkernel = output(out, kernel_shape, dy.dtype)
    bindings.conv2d_backward_kernel(
        x, dy, dkernel, algorithm=algorithm, geometry=adjoint.call, groups=adjoint.groups, threads=get_num_threads()
    )
    return dkernel
