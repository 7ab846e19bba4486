"""Merging of several arrays into one, elementwise or by concatenation, and the gradients.

Arrays of different shapes are broadcast as in NumPy. The gradient of a broadcast array is summed to the array's shape.
"""

import math

from .._common.arrays import empty
from .._common.checks import axis_of, check_shape, float_array, integers, output
from .._common.docstrings import documented
from ..kernels import bindings
from ..threads import get_num_threads
from ._broadcasting import broadcast, broadcast_shape, float_arrays, nonempty_sequence, outputs, sum_to_shape
from .activation_table import activation_in_place, epilogue

_FORWARD = """
    Parameters
    ----------
    arrays : sequence of ndarray of float32 or float64
        One or more arrays of one dtype, whose shapes broadcast.
    activation : str, optional
        As in `conv2d`.
    out : ndarray, optional
        Where to write the result; may be one of `arrays`.

    Returns
    -------
    ndarray of the arrays' dtype and broadcast shape

    Raises
    ------
    TypeError, ValueError
        As in `add`.
    """

_BACKWARD_FROM_SHAPES = """
    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient with respect to the output.
    shapes : sequence of tuple of int
        Shapes of the arrays.

    Returns
    -------
    list of ndarray of dy's dtype

    Raises
    ------
    TypeError, ValueError
        As in `add_backward`.
    """

_BACKWARD_FROM_ARRAYS = """
    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient with respect to the output.
    arrays : sequence of ndarray of dy's dtype
        Arrays that were merged.
    out : sequence of ndarray, optional
        Where to write the results, one for each of `arrays`.

    Returns
    -------
    list of ndarray of the arrays' shapes and dtype

    Raises
    ------
    TypeError, ValueError
        As in `multiply_backward`.
    """


@documented(_FORWARD)
def add(arrays, *, activation=None, out=None):
    """Sum of arrays, followed by an activation: ``activation(arrays[0] + arrays[1] + …)``.

    Raises
    ------
    TypeError
        If `arrays` is not a list or tuple, an array is not float32 or float64, or the dtypes differ.
    ValueError
        If there are no arrays, their shapes do not broadcast, or `out` does not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> F.add([np.array([1.0, -5.0]), np.array([2.0, 3.0])], activation="relu")
    array([3., 0.])
    """
    fused, slope, remaining = epilogue(activation)
    y = _merge("add", arrays, out, fused, slope)
    activation_in_place(y, remaining)
    return y


@documented(_BACKWARD_FROM_SHAPES)
def add_backward(dy, shapes):
    """Gradients of `add` with respect to each of its arrays: `dy`.

    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient with respect to the output, before its activation.

    Returns
    -------
    list of ndarray of dy's dtype
        One for each array. For arrays of `dy`'s shape it is `dy` itself, or a C-contiguous copy if `dy` is not C-contiguous.

    Raises
    ------
    TypeError, ValueError
        If `dy` is not a float array, or does not have the shape to which `shapes` broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> dy = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)
    >>> of_matrix, of_row = F.add_backward(dy, [(2, 2), (2,)])
    >>> of_row
    array([4., 6.], dtype=float32)
    """
    dy, shapes = _check_shapes(dy, shapes)
    return [sum_to_shape(dy, each) for each in shapes]


@documented(_FORWARD)
def subtract(arrays, *, out=None):
    """Difference of two arrays, ``arrays[0] - arrays[1]``.

    Parameters
    ----------
    arrays : sequence of two ndarray of float32 or float64
        Two arrays of one dtype, whose shapes broadcast.

    Raises
    ------
    TypeError, ValueError
        As in `add`, and if there are not exactly two arrays.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> a = np.array([1.0, 5.0, 3.0], np.float32)
    >>> b = np.array([4.0, 2.0, 3.0], np.float32)
    >>> F.subtract([a, b])
    array([-3.,  3.,  0.], dtype=float32)
    """
    return _merge("subtract", arrays, out)


@documented(_BACKWARD_FROM_SHAPES)
def subtract_backward(dy, shapes):
    """Gradients of `subtract` with respect to both of its arrays: `dy` and ``-dy``.

    Parameters
    ----------
    shapes : sequence of two tuple of int
        Shapes of the arrays.

    Returns
    -------
    list of two ndarray of dy's dtype
        If the first has `dy`'s shape, it is `dy` itself, or a C-contiguous copy if `dy` is not C-contiguous.

    Raises
    ------
    TypeError, ValueError
        As in `add_backward`, and if there are not exactly two shapes.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> dy = np.array([1.0, 2.0], np.float32)
    >>> F.subtract_backward(dy, [(2,), (2,)])
    [array([1., 2.], dtype=float32), array([-1., -2.], dtype=float32)]
    """
    dy, shapes = _check_shapes(dy, shapes)
    _check_two("shapes", shapes)
    return [sum_to_shape(dy, shapes[0]), -sum_to_shape(dy, shapes[1])]


@documented(_FORWARD)
def multiply(arrays, *, out=None):
    """Elementwise product of arrays, ``arrays[0] * arrays[1] * …``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> a = np.array([1.0, 5.0, 3.0], np.float32)
    >>> b = np.array([4.0, 2.0, 3.0], np.float32)
    >>> F.multiply([a, b])
    array([ 4., 10.,  9.], dtype=float32)
    """
    return _merge("multiply", arrays, out)


@documented(_BACKWARD_FROM_ARRAYS)
def multiply_backward(dy, arrays, *, out=None):
    """Gradients of `multiply` with respect to each of its arrays: `dy` times the product of the others.

    Parameters
    ----------
    arrays : sequence of ndarray of dy's dtype
        Arrays that were multiplied.

    Returns
    -------
    list of ndarray of the arrays' shapes and dtype
        Exact also where an array is 0, since the product is not divided by it.

    Raises
    ------
    TypeError, ValueError
        As in `add`, and if the arrays do not broadcast to the shape of `dy`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> a = np.array([1.0, 5.0, 3.0], np.float32)
    >>> b = np.array([4.0, 2.0, 3.0], np.float32)
    >>> da, db = F.multiply_backward(np.ones_like(a), [a, b])
    >>> da
    array([4., 2., 3.], dtype=float32)
    >>> db
    array([1., 5., 3.], dtype=float32)
    """
    return _merge_backward("multiply", dy, arrays, out)


@documented(_FORWARD)
def average(arrays, *, out=None):
    """Elementwise mean of arrays, ``(arrays[0] + arrays[1] + …) / len(arrays)``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> a = np.array([1.0, 5.0, 3.0], np.float32)
    >>> b = np.array([4.0, 2.0, 3.0], np.float32)
    >>> F.average([a, b])
    array([2.5, 3.5, 3. ], dtype=float32)
    """
    return _merge("average", arrays, out)


@documented(_BACKWARD_FROM_SHAPES)
def average_backward(dy, shapes):
    """Gradients of `average` with respect to each of its arrays: `dy` divided by the number of arrays.

    Returns
    -------
    list of ndarray of dy's dtype
        One for each array. Arrays of `dy`'s shape share the same gradient array.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> dy = np.array([1.0, 2.0], np.float32)
    >>> F.average_backward(dy, [(2,), (2,)])
    [array([0.5, 1. ], dtype=float32), array([0.5, 1. ], dtype=float32)]
    """
    dy, shapes = _check_shapes(dy, shapes)
    share = dy / dy.dtype.type(len(shapes))
    return [sum_to_shape(share, each) for each in shapes]


@documented(_FORWARD)
def maximum(arrays, *, out=None):
    """Elementwise maximum of arrays.

    Returns
    -------
    ndarray of the arrays' dtype and broadcast shape
        NaN where any array is NaN.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> a = np.array([1.0, 5.0, 3.0], np.float32)
    >>> b = np.array([4.0, 2.0, 3.0], np.float32)
    >>> F.maximum([a, b])
    array([4., 5., 3.], dtype=float32)
    """
    return _merge("maximum", arrays, out)


@documented(_BACKWARD_FROM_ARRAYS)
def maximum_backward(dy, arrays, *, out=None):
    """Gradients of `maximum` with respect to each of its arrays: `dy` where the array is the largest, 0 elsewhere.

    Where several arrays are the largest, each gets an equal share of `dy`: half of it if they are two, as in JAX and PyTorch
    (in TensorFlow, the first gets all of it). NaN counts as the largest.

    Parameters
    ----------
    arrays : sequence of ndarray of dy's dtype
        Arrays of which the maximum was taken.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> a = np.array([1.0, 5.0, 3.0], np.float32)
    >>> b = np.array([4.0, 2.0, 3.0], np.float32)
    >>> da, db = F.maximum_backward(np.ones_like(a), [a, b])
    >>> da
    array([0. , 1. , 0.5], dtype=float32)
    >>> db
    array([1. , 0. , 0.5], dtype=float32)
    """
    return _merge_backward("maximum", dy, arrays, out)


@documented(_FORWARD)
def minimum(arrays, *, out=None):
    """Elementwise minimum of arrays.

    Returns
    -------
    ndarray of the arrays' dtype and broadcast shape
        NaN where any array is NaN.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> a = np.array([1.0, 5.0, 3.0], np.float32)
    >>> b = np.array([4.0, 2.0, 3.0], np.float32)
    >>> F.minimum([a, b])
    array([1., 2., 3.], dtype=float32)
    """
    return _merge("minimum", arrays, out)


@documented(_BACKWARD_FROM_ARRAYS)
def minimum_backward(dy, arrays, *, out=None):
    """Gradients of `minimum` with respect to each of its arrays: `dy` where the array is the smallest, 0 elsewhere.

    Where several arrays are the smallest, each gets an equal share of `dy`, as in `maximum_backward`. NaN counts as the
    smallest.

    Parameters
    ----------
    arrays : sequence of ndarray of dy's dtype
        Arrays of which the minimum was taken.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> a = np.array([1.0, 5.0, 3.0], np.float32)
    >>> b = np.array([4.0, 2.0, 3.0], np.float32)
    >>> da, db = F.minimum_backward(np.ones_like(a), [a, b])
    >>> da
    array([1. , 0. , 0.5], dtype=float32)
    >>> db
    array([0. , 1. , 0.5], dtype=float32)
    """
    return _merge_backward("minimum", dy, arrays, out)


def concatenate(arrays, axis=-1, *, out=None):
    """Concatenation of arrays along an axis, for example of the channels of several images.

    Parameters
    ----------
    arrays : sequence of ndarray of float32 or float64
        One or more arrays of one dtype, whose shapes are equal except along `axis`.
    axis : int
        Axis along which the arrays are concatenated.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray of the arrays' dtype
        Its size along `axis` is the sum of the arrays' sizes.

    Raises
    ------
    TypeError
        If `arrays` is not a list or tuple, an array is not float32 or float64, or the dtypes differ.
    ValueError
        If there are no arrays, their shapes do not fit together or have no such axis, or `out` does not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> a = np.array([1.0, 5.0, 3.0], np.float32)
    >>> b = np.array([4.0, 2.0, 3.0], np.float32)
    >>> F.concatenate([a, b])
    array([1., 5., 3., 4., 2., 3.], dtype=float32)
    """
    arrays = float_arrays(arrays)
    first = arrays[0].shape
    axis = axis_of(axis, "arrays[0]", first)
    for i, array in enumerate(arrays):
        if array.shape[:axis] != first[:axis] or array.shape[axis + 1 :] != first[axis + 1 :] or array.ndim != len(first):
            raise ValueError(
                f"arrays[{i}] has shape {array.shape} and arrays[0] has {first}; expected equal shapes except along axis {axis}"
            )
    size = sum(array.shape[axis] for array in arrays)
    y = output(out, (*first[:axis], size, *first[axis + 1 :]), arrays[0].dtype)
    if y.size:
        bindings.concatenate(arrays, y, rows=math.prod(first[:axis]), threads=get_num_threads())
    return y


def concatenate_backward(dy, sizes, axis=-1, *, out=None):
    """Gradients of `concatenate` with respect to each of its arrays: the parts of `dy`.

    Parameters
    ----------
    dy : ndarray of float32 or float64, at least one dimension
        Gradient with respect to the output.
    sizes : sequence of int
        Size of each array along `axis`.
    axis : int
        Axis along which the arrays were concatenated.
    out : sequence of ndarray, optional
        Where to write the results, one for each array.

    Returns
    -------
    list of ndarray of dy's dtype
        C-contiguous, unlike slices of `dy`.

    Raises
    ------
    TypeError, ValueError
        If `dy` is not a float array or has no such axis, `sizes` do not add up to its size, or `out` does not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import functional as F
    >>> dy = np.array([1.0, 2.0, 3.0], np.float32)
    >>> F.concatenate_backward(dy, [1, 2])
    [array([1.], dtype=float32), array([2., 3.], dtype=float32)]
    """
    dy = float_array("dy", dy)
    axis = axis_of(axis, "dy", dy.shape)
    sizes = integers("sizes", sizes, 0)
    if sum(sizes) != dy.shape[axis]:
        raise ValueError(f"sizes={sizes} add up to {sum(sizes)}; expected dy's size along axis {axis}, {dy.shape[axis]}")
    parts = outputs(out, [(*dy.shape[:axis], size, *dy.shape[axis + 1 :]) for size in sizes], dy.dtype, (dy,))
    if dy.size:
        bindings.split(dy, parts, rows=math.prod(dy.shape[:axis]), threads=get_num_threads())
    return parts


def _merge(merging, arrays, out, activation="linear", negative_slope=0.0):
    """Return the arrays merged by the kernel for `merging`, written to `out` unless that is None."""
    arrays = float_arrays(arrays)
    if merging == "subtract":
        _check_two("arrays", arrays)
    merged = broadcast_shape("arrays", [array.shape for array in arrays])
    y = output(out, merged, arrays[0].dtype)
    if y.size:
        settings = {"merging": merging, "activation": activation, "negative_slope": negative_slope}
        bindings.merge_forward(broadcast(arrays, merged), y, **settings, threads=get_num_threads())
    return y


def _merge_backward(merging, dy, arrays, out):
    """Return the gradients with respect to each array, for merging whose gradients depend on the arrays."""
    dy = float_array("dy", dy)
    arrays = float_arrays(arrays, like=("dy", dy))
    shapes = [array.shape for array in arrays]
    check_shape("dy", dy, broadcast_shape("arrays", shapes), "the merged arrays")
    results = outputs(out, shapes, dy.dtype, (dy, *arrays))
    gradients = [result if result.shape == dy.shape else empty(dy.shape, dy.dtype) for result in results]
    if dy.size:
        bindings.merge_backward(dy, broadcast(arrays, dy.shape), gradients, merging=merging, threads=get_num_threads())
    for result, gradient in zip(results, gradients, strict=True):
        if result is not gradient:
            result[...] = sum_to_shape(gradient, result.shape)
    return results


def _check_shapes(dy, shapes):
    """Return `dy` as an array and the shapes as tuples, after checking that they broadcast to the shape of `dy`."""
    dy = float_array("dy", dy)
    shapes = [integers(f"shapes[{i}]", each, 0) for i, each in enumerate(nonempty_sequence("shapes", shapes, "shapes"))]
    check_shape("dy", dy, broadcast_shape("shapes", shapes), "the merged arrays")
    return dy, shapes


def _check_two(name, sequence):
    """Raise an error unless a sequence has two elements."""
    if len(sequence) != 2:
        raise ValueError(f"{name} has {len(sequence)} elements; expected two")
