"""Convolution of images, and its gradients."""

from .._common.checks import bias_vector, check_shape, float_array, output, shape, shown
from .._common.docstrings import documented
from ..algorithms import pick_conv2d_algorithm
from ..geometry import IMAGES, KERNEL, conv2d_geometry
from ..kernels import bindings
from ..threads import get_num_threads
from .activation_table import activation_in_place, epilogue
from .dense import sum_over_all_but_last
from .packing import PackedKernel

_BACKWARD = """
    Parameters
    ----------
    dy : ndarray of float32 or float64, shape (batch, output height, output width, filters)
        Gradient with respect to the convolution's output, before its activation.
    kernel : ndarray of dy's dtype, shape (kernel height, kernel width, channels / groups, filters)
        Weights.
    x : ndarray of dy's dtype, shape (batch, height, width, channels)
        Images.
    input_shape : tuple of int
        Shape (batch, height, width, channels) of ``x``.
    kernel_shape : tuple of int
        Shape (kernel height, kernel width, channels / groups, filters) of ``kernel``.
    strides, padding, dilation, groups, algorithm
        As in `conv2d`.
    out : ndarray, optional
        Where to write the result.

    Raises
    ------
    TypeError, ValueError
        As in `conv2d`.
    """


def conv2d(
    x,
    kernel,
    bias=None,
    *,
    strides=1,
    padding="valid",
    dilation=1,
    groups=1,
    residual=None,
    activation=None,
    algorithm="auto",
    out=None,
):
    """Convolve images with a kernel, add a bias and a residual, and apply an activation.

    This is the convolution of neural networks, a cross-correlation [1]_::

        y[n, i, j, f] = activation(residual[n, i, j, f] + bias[f] + sum over k, l, c of
                        x[n, i * strides[0] + k * dilation[0] - top, j * strides[1] + l * dilation[1] - left, c]
                        * kernel[k, l, c, f])

    Parameters
    ----------
    x : ndarray of float32 or float64, shape (batch, height, width, channels)
        Images.
    kernel : ndarray of x's dtype, shape (kernel height, kernel width, channels / groups, filters), or PackedKernel
        Weights, as an array or packed by `pack_conv2d_kernel`.
    bias : ndarray of x's dtype, shape (filters,), optional
        Added to each filter's output.
    strides : int or pair of int
        Distance between neighbouring windows in pixels, along height and width.
    padding : {"valid", "same"}, int, pair of int, or ((top, bottom), (left, right))
        Zeros around the images: none for "valid"; enough for an output of size ``ceil(size / stride)`` for "same", with the
        odd one at the end; or explicit numbers.
    dilation : int or pair of int
        Distance between neighbouring elements of the kernel in pixels.
    groups : int
        Number of groups into which channels and filters are split; each group is convolved separately.
    residual : ndarray of x's dtype, shape (batch, output height, output width, filters), optional
        Added to the output before the activation.
    activation : str, optional
        Name of an activation in `striate.functional`, such as "relu", "gelu" or "softmax"; or "gelu_tanh" or "linear".
    algorithm : {"auto", "direct", "im2col", "depthwise", "winograd", "winograd_f2", "winograd_f4", "winograd_f5"}
        How the convolution is computed. "direct" is a register-blocked loop, "im2col" a matrix product by BLAS in blocks that
        stay in cache, and "depthwise" a loop for one group per channel. For 3×3 and 5×5 kernels with strides and dilation of 1,
        "winograd_f2" is Winograd's convolution F(2×2, 3×3) or F(2×2, 5×5), and "winograd_f4" is F(4×4, 3×3) [2]_. With strides
        of 2, "winograd_f5" for 4×4 kernels and "winograd_f4" for 5×5 and 6×6 kernels compute F(5×5, 2×2) and F(4×4, 3×3) for
        each phase of the strides. "winograd" picks one of those that can compute the convolution. "auto" picks an algorithm by
        shape, one of Winograd's only if `striate.set_winograd` allows it. Results differ in the last bits: relative to the
        largest output, float32 errors are about 1e-6, those of Winograd's convolution 3e-6. In tiles of more than 2×2 outputs,
        a NaN or an infinity reaches all outputs of its tile, and a large value makes them less accurate.
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
    .. [2] Lavin, A. and Gray, S., "Fast algorithms for convolutional neural networks", CVPR 2016, arXiv:1509.09308.

    Examples
    --------
    Each output is the sum of the two pixels of its window:

    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([1, 2, 3], np.float32).reshape(1, 1, 3, 1)
    >>> F.conv2d(x, np.ones((1, 2, 1, 1), np.float32)).ravel()
    array([3., 5.], dtype=float32)
    """
    x = float_array("x", x, IMAGES)
    packed = None
    if isinstance(kernel, PackedKernel):
        kernel, algorithm, packed = _unpack(kernel, algorithm, groups)
    kernel = float_array("kernel", kernel, KERNEL, like=("x", x))
    geometry = conv2d_geometry(x.shape, kernel.shape, strides, padding, dilation, groups)
    algorithm = pick_conv2d_algorithm(algorithm, "forward", geometry)
    fused, slope, remaining = epilogue(activation, forward=True)
    if bias is not None:
        bias = bias_vector(bias, geometry.kernel_shape[3], "filters", ("x", x))
    if residual is not None:
        residual = float_array("residual", residual, IMAGES, like=("x", x))
        check_shape("residual", residual, geometry.y_shape, "the output")
    y = output(out, geometry.y_shape, x.dtype)
    if y.size:
        bindings.conv2d_forward(
            x,
            kernel,
            y,
            algorithm=algorithm,
            geometry=geometry.call,
            groups=geometry.groups,
            packed=packed,
            bias=bias,
            residual=residual,
            activation=fused,
            negative_slope=slope,
            threads=get_num_threads(),
        )
        activation_in_place(y, remaining)
    return y


def _unpack(kernel, algorithm, groups):
    """Return the weights, the algorithm and the packed weights of a `PackedKernel`, after checking the arguments against it."""
    if algorithm not in ("auto", kernel.algorithm):
        raise ValueError(
            f"algorithm={shown(algorithm)}, but kernel is packed for {kernel.algorithm!r}; expected this one or 'auto'"
        )
    if groups != kernel.groups:
        raise ValueError(f"groups={shown(groups)}, but kernel is packed for {kernel.groups}; expected groups={kernel.groups}")
    return kernel.kernel, kernel.algorithm, kernel.memory


@documented(_BACKWARD)
def conv2d_backward_input(
    dy, kernel, input_shape, *, strides=1, padding="valid", dilation=1, groups=1, algorithm="auto", out=None
):
    """Gradient of a convolution with respect to its input.

    The gradient of ``sum(dy * conv2d(x, kernel))`` with respect to ``x``: the transposed convolution of `dy`.

    Returns
    -------
    ndarray of dy's dtype, shape `input_shape`

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> kernel = np.array([1.0, 10.0], np.float32).reshape(1, 2, 1, 1)
    >>> dy = np.ones((1, 1, 3, 1), np.float32)
    >>> F.conv2d_backward_input(dy, kernel, (1, 1, 4, 1)).ravel()
    array([ 1., 11., 11., 10.], dtype=float32)
    """
    dy = float_array("dy", dy, IMAGES)
    kernel = float_array("kernel", kernel, KERNEL, like=("dy", dy))
    input_shape = shape("input_shape", input_shape, IMAGES)
    geometry = conv2d_geometry(input_shape, kernel.shape, strides, padding, dilation, groups)
    check_shape("dy", dy, geometry.y_shape, "the convolution's output")
    algorithm = pick_conv2d_algorithm(algorithm, "backward_input", geometry)
    dx = output(out, input_shape, dy.dtype)
    if dx.size:
        bindings.conv2d_backward_input(
            dy, kernel, dx, algorithm=algorithm, geometry=geometry.call, groups=geometry.groups, threads=get_num_threads()
        )
    return dx


@documented(_BACKWARD)
def conv2d_backward_kernel(
    dy, x, kernel_shape, *, strides=1, padding="valid", dilation=1, groups=1, algorithm="auto", out=None
):
    """Gradient of a convolution with respect to its kernel.

    The gradient of ``sum(dy * conv2d(x, kernel))`` with respect to ``kernel``.

    Returns
    -------
    ndarray of dy's dtype, shape `kernel_shape`

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([1.0, 2.0, 3.0, 4.0], np.float32).reshape(1, 1, 4, 1)
    >>> dy = np.ones((1, 1, 3, 1), np.float32)
    >>> F.conv2d_backward_kernel(dy, x, (1, 2, 1, 1)).ravel()
    array([6., 9.], dtype=float32)
    """
    dy = float_array("dy", dy, IMAGES)
    x = float_array("x", x, IMAGES, like=("dy", dy))
    kernel_shape = shape("kernel_shape", kernel_shape, KERNEL)
    geometry = conv2d_geometry(x.shape, kernel_shape, strides, padding, dilation, groups)
    check_shape("dy", dy, geometry.y_shape, "the convolution's output")
    algorithm = pick_conv2d_algorithm(algorithm, "backward_kernel", geometry)
    dkernel = output(out, kernel_shape, dy.dtype)
    bindings.conv2d_backward_kernel(
        dy, x, dkernel, algorithm=algorithm, geometry=geometry.call, groups=geometry.groups, threads=get_num_threads()
    )
    return dkernel


@documented(_BACKWARD)
def conv2d_backward_bias(dy, *, out=None):
    """Gradient of a convolution with respect to its bias: the sum of `dy` over images and pixels.

    Returns
    -------
    ndarray of dy's dtype, shape (filters,)

    Raises
    ------
    TypeError, ValueError
        If `dy` is not a float array of four dimensions.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> dy = np.ones((2, 4, 4, 3), np.float32)
    >>> F.conv2d_backward_bias(dy)
    array([32., 32., 32.], dtype=float32)
    """
    return sum_over_all_but_last(float_array("dy", dy, IMAGES), out)
