"""Operations of fully connected layers: a matrix product with bias and activation, and flattening."""

import math

from .._common.checks import bias_vector, float_array, float_vectors, integers, output
from .._common.docstrings import documented
from ..kernels import bindings
from ..threads import get_num_threads
from .activation_table import activation_in_place, epilogue

_KERNEL = ("features", "units")

_BACKWARD = """
    Parameters
    ----------
    dy : ndarray of float32 or float64, shape (..., units)
        Gradient with respect to the output, before its activation.
    kernel : ndarray of dy's dtype, shape (features, units)
        Weights.
    x : ndarray of dy's dtype, shape (..., features)
        Input.
    out : ndarray, optional
        Where to write the result.

    Raises
    ------
    TypeError, ValueError
        As in `dense`.
    """


def dense(x, kernel, bias=None, *, activation=None, out=None):
    """Multiply by a matrix, add a bias and apply an activation: ``activation(x @ kernel + bias)``.

    Parameters
    ----------
    x : ndarray of float32 or float64, shape (..., features)
        Input.
    kernel : ndarray of x's dtype, shape (features, units)
        Weights.
    bias : ndarray of x's dtype, shape (units,), optional
        Added to each unit's output.
    activation : str, optional
        As in `conv2d`.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray of x's dtype, shape (..., units)

    Raises
    ------
    TypeError
        If an array is not float32 or float64, or the dtypes differ.
    ValueError
        If the shapes do not fit together.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> F.dense(np.array([[1.0, 2.0]]), np.array([[1.0], [-1.0]]), np.array([0.5]))
    array([[-0.5]])
    """
    x = float_vectors("x", x, "features")
    kernel = float_array("kernel", kernel, _KERNEL, like=("x", x))
    features, units = kernel.shape
    if x.shape[-1] != features:
        raise ValueError(
            f"kernel has shape {kernel.shape} but x has {x.shape[-1]} features, shape {x.shape}; expected {x.shape[-1]} rows"
        )
    inputs = [x, kernel]
    if bias is not None:
        bias = bias_vector(bias, units, "units", ("x", x))
        inputs.append(bias)
    fused, slope, remaining = epilogue(activation, forward=True)
    y = output(out, (*x.shape[:-1], units), x.dtype, inputs)
    if y.size:
        bindings.matmul(
            x.reshape(y.size // units, features),
            kernel,
            y.reshape(-1, units),
            bias=bias,
            activation=fused,
            negative_slope=slope,
            threads=get_num_threads(),
        )
        activation_in_place(y, remaining)
    return y


@documented(_BACKWARD)
def dense_backward_input(dy, kernel, *, out=None):
    """Gradient of `dense` with respect to its input, ``dy @ kernel.T``.

    Returns
    -------
    ndarray of dy's dtype, shape (..., features)

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> dy = np.array([[1.0, 2.0]], np.float32)
    >>> kernel = np.array([[1.0, 0.0], [3.0, 1.0], [0.0, 2.0]], np.float32)
    >>> F.dense_backward_input(dy, kernel)
    array([[1., 5., 4.]], dtype=float32)
    """
    dy = float_vectors("dy", dy, "units")
    kernel = float_array("kernel", kernel, _KERNEL, like=("dy", dy))
    features, units = kernel.shape
    if dy.shape[-1] != units:
        raise ValueError(
            f"kernel has shape {kernel.shape} but dy has {dy.shape[-1]} units, shape {dy.shape}; "
            f"expected {dy.shape[-1]} columns"
        )
    dx = output(out, (*dy.shape[:-1], features), dy.dtype, (dy, kernel))
    if dx.size:
        rows = dy.reshape(dx.size // features, units)
        bindings.matmul(rows, kernel, dx.reshape(-1, features), transpose_b=True, threads=get_num_threads())
    return dx


@documented(_BACKWARD)
def dense_backward_kernel(dy, x, *, out=None):
    """Gradient of `dense` with respect to its kernel, ``x.T @ dy``.

    Returns
    -------
    ndarray of dy's dtype, shape (features, units)

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.array([[1.0, 2.0, 3.0]], np.float32)
    >>> dy = np.array([[1.0, 10.0]], np.float32)
    >>> F.dense_backward_kernel(dy, x)
    array([[ 1., 10.],
           [ 2., 20.],
           [ 3., 30.]], dtype=float32)
    """
    dy = float_vectors("dy", dy, "units")
    x = float_vectors("x", x, "features", like=("dy", dy))
    if dy.shape[:-1] != x.shape[:-1]:
        raise ValueError(f"dy has shape {dy.shape} and x has shape {x.shape}; expected the same except for the last axis")
    features, units = x.shape[-1], dy.shape[-1]
    dkernel = output(out, (features, units), dy.dtype, (dy, x))
    rows = math.prod(dy.shape[:-1])
    if dkernel.size:
        x, dy = x.reshape(rows, features), dy.reshape(rows, units)
        bindings.matmul(x, dy, dkernel, transpose_a=True, threads=get_num_threads())
    return dkernel


@documented(_BACKWARD)
def dense_backward_bias(dy, *, out=None):
    """Gradient of `dense` with respect to its bias: the sum of `dy` over all axes but the last.

    Returns
    -------
    ndarray of dy's dtype, shape (units,)

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> dy = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)
    >>> F.dense_backward_bias(dy)
    array([4., 6.], dtype=float32)
    """
    return sum_over_all_but_last(float_vectors("dy", dy, "units"), out)


def flatten(x):
    """Reshape each image to a vector: (batch, ...) becomes (batch, product of the other sizes).

    Parameters
    ----------
    x : ndarray of float32 or float64, at least one dimension
        Input.

    Returns
    -------
    ndarray of x's dtype, shape (batch, features)
        A view if `x` is C-contiguous.

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, or has no dimensions.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> x = np.zeros((2, 4, 4, 3), np.float32)
    >>> F.flatten(x).shape
    (2, 48)
    """
    x = float_vectors("x", x, "samples")
    return x.reshape(x.shape[0], math.prod(x.shape[1:]))


def flatten_backward_input(dy, input_shape):
    """Gradient of `flatten` with respect to its input: `dy` reshaped to the input's shape.

    Parameters
    ----------
    dy : ndarray of float32 or float64, shape (batch, features)
        Gradient with respect to the output.
    input_shape : tuple of int
        Shape of the input.

    Returns
    -------
    ndarray of dy's dtype, shape `input_shape`
        A view if `dy` is C-contiguous.

    Raises
    ------
    TypeError, ValueError
        If `dy` is not a float array, or does not have the flattened `input_shape`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> dy = np.zeros((2, 48), np.float32)
    >>> F.flatten_backward_input(dy, (2, 4, 4, 3)).shape
    (2, 4, 4, 3)
    """
    dy = float_array("dy", dy, ("batch", "features"))
    input_shape = integers("input_shape", input_shape, 0)
    if not input_shape or dy.shape != (input_shape[0], math.prod(input_shape[1:])):
        raise ValueError(f"dy has shape {dy.shape}; expected the flattened input_shape={input_shape}")
    return dy.reshape(input_shape)


def sum_over_all_but_last(dy, out):
    """Return the sum of a float array over all axes but the last, added in an order that depends on the shape alone."""
    total = output(out, dy.shape[-1:], dy.dtype, (dy,))
    if dy.size:
        bindings.sum_rows(dy, total, threads=get_num_threads())
    else:
        total[...] = 0
    return total
