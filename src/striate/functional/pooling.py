"""Max and average pooling of images, and their gradients."""

from .._common.checks import boolean, check_shape, float_array, output, shape
from .._common.docstrings import documented
from ..geometry import IMAGES, pool2d_geometry
from ..kernels import bindings
from ..threads import get_num_threads

_FORWARD = """
    Parameters
    ----------
    x : ndarray of float32 or float64, shape (batch, height, width, channels)
        Images.
    pool_size : int or pair of int
        Height and width of the window.
    strides : int or pair of int, optional
        Distance between neighbouring windows in pixels; `pool_size` if None.
    padding : {"valid", "same"}, int, pair of int, or ((top, bottom), (left, right))
        As in `conv2d`, and smaller than the window.
    keepdims : bool
        Whether the result keeps the axes of height and width, with size 1.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray of x's dtype, shape (batch, output height, output width, channels)

    Raises
    ------
    TypeError
        If `x` is not float32 or float64.
    ValueError
        If shapes or arguments do not fit together.
    """

_BACKWARD = """
    Parameters
    ----------
    dy : ndarray of float32 or float64, shape (batch, output height, output width, channels)
        Gradient with respect to the output.
    input_shape : tuple of int
        Shape (batch, height, width, channels) of the images.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray of dy's dtype, shape `input_shape`
    """


@documented(_FORWARD)
def max_pool2d(x, pool_size=2, *, strides=None, padding="valid", out=None):
    """Maximum of each window of an image, for each channel.

    Parameters
    ----------
    padding : {"valid", "same"}, int, pair of int, or ((top, bottom), (left, right))
        As in `conv2d`, and smaller than the window. Padding is never the maximum.

    Returns
    -------
    ndarray of x's dtype, shape (batch, output height, output width, channels)
        NaN where a window contains NaN.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([[1, 2, 5, 3], [4, 0, 1, 2]], np.float32).reshape(1, 2, 4, 1)
    >>> F.max_pool2d(x, 2)[0, :, :, 0]
    array([[4., 5.]], dtype=float32)
    """
    x = float_array("x", x, IMAGES)
    y_shape, geometry = pool2d_geometry(x.shape, pool_size, strides, padding)
    y = output(out, y_shape, x.dtype, (x,))
    if y.size:
        bindings.max_pool2d_forward(x, y, geometry=geometry, threads=get_num_threads())
    return y


@documented(_BACKWARD)
def max_pool2d_backward_input(dy, x, pool_size=2, *, strides=None, padding="valid", out=None):
    """Gradient of `max_pool2d` with respect to its input.

    The gradient of each window goes to its largest element, or to the first in row-major order if several are equal.

    Parameters
    ----------
    x : ndarray of dy's dtype, shape (batch, height, width, channels)
        Images.
    pool_size, strides, padding
        As in `max_pool2d`.

    Returns
    -------
    ndarray of dy's dtype, x's shape

    Raises
    ------
    TypeError, ValueError
        As in `max_pool2d`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([[1, 2, 5, 3], [4, 0, 1, 2]], np.float32).reshape(1, 2, 4, 1)
    >>> dy = np.array([[[[10.0], [20.0]]]], np.float32)
    >>> F.max_pool2d_backward_input(dy, x, 2)[0, :, :, 0]
    array([[ 0.,  0., 20.,  0.],
           [10.,  0.,  0.,  0.]], dtype=float32)
    """
    dy = float_array("dy", dy, IMAGES)
    x = float_array("x", x, IMAGES, like=("dy", dy))
    y_shape, geometry = pool2d_geometry(x.shape, pool_size, strides, padding)
    check_shape("dy", dy, y_shape, "the pooling's output")
    dx = output(out, x.shape, dy.dtype, (dy, x))
    if dx.size:
        bindings.max_pool2d_backward(dy, x, dx, geometry=geometry, threads=get_num_threads())
    return dx


@documented(_FORWARD)
def average_pool2d(x, pool_size=2, *, strides=None, padding="valid", count_include_pad=False, out=None):
    """Mean of each window of an image, for each channel.

    Parameters
    ----------
    count_include_pad : bool
        Whether the mean includes the zeros of the padding, as by default in PyTorch; if not, it is the mean of the image's own
        pixels, as in Keras.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([[1, 2, 5, 3], [4, 0, 1, 2]], np.float32).reshape(1, 2, 4, 1)
    >>> F.average_pool2d(x, 2)[0, :, :, 0]
    array([[1.75, 2.75]], dtype=float32)
    """
    x = float_array("x", x, IMAGES)
    y_shape, geometry = pool2d_geometry(x.shape, pool_size, strides, padding)
    y = output(out, y_shape, x.dtype, (x,))
    if y.size:
        settings = {"geometry": geometry, "count_include_pad": boolean("count_include_pad", count_include_pad)}
        bindings.average_pool2d_forward(x, y, **settings, threads=get_num_threads())
    return y


@documented(_BACKWARD)
def average_pool2d_backward_input(
    dy, input_shape, pool_size=2, *, strides=None, padding="valid", count_include_pad=False, out=None
):
    """Gradient of `average_pool2d` with respect to its input: each window's gradient, spread evenly over its pixels.

    Parameters
    ----------
    pool_size, strides, padding, count_include_pad
        As in `average_pool2d`.

    Raises
    ------
    TypeError, ValueError
        As in `average_pool2d`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> dy = np.array([[[[10.0], [20.0]]]], np.float32)
    >>> F.average_pool2d_backward_input(dy, (1, 2, 4, 1), 2)[0, :, :, 0]
    array([[2.5, 2.5, 5. , 5. ],
           [2.5, 2.5, 5. , 5. ]], dtype=float32)
    """
    dy = float_array("dy", dy, IMAGES)
    input_shape = shape("input_shape", input_shape, IMAGES)
    y_shape, geometry = pool2d_geometry(input_shape, pool_size, strides, padding)
    check_shape("dy", dy, y_shape, "the pooling's output")
    dx = output(out, input_shape, dy.dtype, (dy,))
    if dx.size:
        settings = {"geometry": geometry, "count_include_pad": boolean("count_include_pad", count_include_pad)}
        bindings.average_pool2d_backward(dy, dx, **settings, threads=get_num_threads())
    return dx


@documented(_FORWARD)
def global_average_pool2d(x, *, keepdims=False, out=None):
    """Mean of each image, for each channel.

    Returns
    -------
    ndarray of x's dtype, shape (batch, channels), or (batch, 1, 1, channels) with `keepdims`

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array of four dimensions.

    References
    ----------
    .. [1] Lin, M., Chen, Q. and Yan, S., "Network in network", ICLR 2014, section 3.2.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([[1, 2, 5, 3], [4, 0, 1, 2]], np.float32).reshape(1, 2, 4, 1)
    >>> F.global_average_pool2d(x)
    array([[2.25]], dtype=float32)
    """
    x = float_array("x", x, IMAGES)
    batch, height, width, channels = x.shape
    y = output(out, (batch, 1, 1, channels) if boolean("keepdims", keepdims) else (batch, channels), x.dtype, (x,))
    average_pool2d(x, (height, width), out=y.reshape(batch, 1, 1, channels))
    return y


@documented(_BACKWARD)
def global_average_pool2d_backward_input(dy, input_shape, *, out=None):
    """Gradient of `global_average_pool2d` with respect to its input.

    Parameters
    ----------
    dy : ndarray of float32 or float64, shape (batch, channels) or (batch, 1, 1, channels)
        Gradient with respect to the output.

    Raises
    ------
    TypeError, ValueError
        If `dy` is not a float array of that shape.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> dy = np.array([[8.0]], np.float32)
    >>> F.global_average_pool2d_backward_input(dy, (1, 2, 4, 1))[0, :, :, 0]
    array([[1., 1., 1., 1.],
           [1., 1., 1., 1.]], dtype=float32)
    """
    dy = float_array("dy", dy)
    batch, height, width, channels = input_shape = shape("input_shape", input_shape, IMAGES)
    if dy.shape not in ((batch, channels), (batch, 1, 1, channels)):
        raise ValueError(f"dy has shape {dy.shape}; expected {(batch, channels)} or {(batch, 1, 1, channels)}")
    return average_pool2d_backward_input(dy.reshape(batch, 1, 1, channels), input_shape, (height, width), out=out)
