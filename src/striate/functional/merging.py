"""Several arrays made one, element by element or side by side, and the gradients.

Arrays of different shapes are broadcast as NumPy does it; the gradient of one that was is summed to its shape.
"""

import math

import numpy as np

from .._arrays import empty
from .._checks import axis_of, float_array, integers, output, shown
from ..kernels import bindings
from ..threads import get_num_threads
from .activations import activation_in_place, epilogue


def add(arrays, *, activation=None, out=None):
    """Sum of arrays, with an activation: ``activation(arrays[0] + arrays[1] + …)``.

    Parameters
    ----------
    arrays : sequence of ndarray of float32 or float64
        One or more, of one dtype, and of shapes that broadcast.
    activation : str, optional
        As in `conv2d`.
    out : ndarray, optional
        Where to write the result; may be one of `arrays`.

    Returns
    -------
    ndarray of the arrays' dtype and broadcast shape

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


def add_backward(dy, shapes):
    """Gradients of `add` with respect to each of its arrays: `dy`.

    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient of the output (before its activation).
    shapes : sequence of tuple of int
        Shapes of the arrays.

    Returns
    -------
    list of ndarray of dy's dtype
        One for each array: `dy` itself (or a C-contiguous copy where it is not) for those of its shape.

    Raises
    ------
    TypeError, ValueError
        If `dy` is not a float array, or does not have the shape that `shapes` broadcast to.
    """
    dy, shapes = _of_shapes(dy, shapes)
    return [_sum_to(each, dy) for each in shapes]


def subtract(arrays, *, out=None):
    """Difference of two arrays, ``arrays[0] - arrays[1]``.

    Parameters
    ----------
    arrays : sequence of two ndarray of float32 or float64
        Of one dtype, and of shapes that broadcast.
    out : ndarray, optional
        Where to write the result; may be one of `arrays`.

    Returns
    -------
    ndarray of the arrays' dtype and broadcast shape

    Raises
    ------
    TypeError, ValueError
        As in `add`, and if there are not two arrays.
    """
    return _merge("subtract", arrays, out)


def subtract_backward(dy, shapes):
    """Gradients of `subtract` with respect to both of its arrays: `dy` and ``-dy``.

    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient of the output.
    shapes : sequence of two tuple of int
        Shapes of the arrays.

    Returns
    -------
    list of two ndarray of dy's dtype
        The first, where it has `dy`'s shape, is `dy` itself, or a C-contiguous copy where it is not.

    Raises
    ------
    TypeError, ValueError
        As in `add_backward`, and if there are not two shapes.
    """
    dy, shapes = _of_shapes(dy, shapes)
    _check_two("shapes", shapes)
    return [_sum_to(shapes[0], dy), -_sum_to(shapes[1], dy)]


def multiply(arrays, *, out=None):
    """Product of arrays, element by element: ``arrays[0] * arrays[1] * …``.

    Parameters
    ----------
    arrays : sequence of ndarray of float32 or float64
        One or more, of one dtype, and of shapes that broadcast.
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
    return _merge("multiply", arrays, out)


def multiply_backward(dy, arrays, *, out=None):
    """Gradients of `multiply` with respect to each of its arrays: `dy` times the product of the others.

    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient of the output.
    arrays : sequence of ndarray of dy's dtype
        What was multiplied.
    out : sequence of ndarray, optional
        Where to write the results, one for each of `arrays`.

    Returns
    -------
    list of ndarray of the arrays' shapes and dtype
        Right also where an array is zero: nothing is divided.

    Raises
    ------
    TypeError, ValueError
        As in `add`, and if the arrays do not broadcast to the shape of `dy`, or `out` does not fit.
    """
    return _merge_backward("multiply", dy, arrays, out)


def average(arrays, *, out=None):
    """Mean of arrays, element by element: ``(arrays[0] + arrays[1] + …) / len(arrays)``.

    Parameters
    ----------
    arrays : sequence of ndarray of float32 or float64
        One or more, of one dtype, and of shapes that broadcast.
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
    return _merge("average", arrays, out)


def average_backward(dy, shapes):
    """Gradients of `average` with respect to each of its arrays: `dy` divided by their number.

    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient of the output.
    shapes : sequence of tuple of int
        Shapes of the arrays.

    Returns
    -------
    list of ndarray of dy's dtype
        One for each array; those of `dy`'s shape are the same array.

    Raises
    ------
    TypeError, ValueError
        As in `add_backward`.
    """
    dy, shapes = _of_shapes(dy, shapes)
    share = dy / dy.dtype.type(len(shapes))
    return [_sum_to(each, share) for each in shapes]


def maximum(arrays, *, out=None):
    """Largest of arrays, element by element.

    Parameters
    ----------
    arrays : sequence of ndarray of float32 or float64
        One or more, of one dtype, and of shapes that broadcast.
    out : ndarray, optional
        Where to write the result; may be one of `arrays`.

    Returns
    -------
    ndarray of the arrays' dtype and broadcast shape
        NaN where an array holds NaN.

    Raises
    ------
    TypeError, ValueError
        As in `add`.
    """
    return _merge("maximum", arrays, out)


def maximum_backward(dy, arrays, *, out=None):
    """Gradients of `maximum` with respect to each of its arrays: `dy` where it is the largest, 0 elsewhere.

    Where several are the largest, each gets an equal share of `dy`: of two arrays a half, as JAX and PyTorch have it
    (TensorFlow gives all to the first). NaN counts as largest.

    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient of the output.
    arrays : sequence of ndarray of dy's dtype
        Of which the largest was taken.
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
    return _merge_backward("maximum", dy, arrays, out)


def minimum(arrays, *, out=None):
    """Smallest of arrays, element by element.

    Parameters
    ----------
    arrays : sequence of ndarray of float32 or float64
        One or more, of one dtype, and of shapes that broadcast.
    out : ndarray, optional
        Where to write the result; may be one of `arrays`.

    Returns
    -------
    ndarray of the arrays' dtype and broadcast shape
        NaN where an array holds NaN.

    Raises
    ------
    TypeError, ValueError
        As in `add`.
    """
    return _merge("minimum", arrays, out)


def minimum_backward(dy, arrays, *, out=None):
    """Gradients of `minimum` with respect to each of its arrays: `dy` where it is the smallest, 0 elsewhere.

    Where several are the smallest, each gets an equal share of `dy`, as in `maximum_backward`. NaN counts as smallest.

    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient of the output.
    arrays : sequence of ndarray of dy's dtype
        Of which the smallest was taken.
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
    return _merge_backward("minimum", dy, arrays, out)


def concatenate(arrays, axis=-1, *, out=None):
    """Arrays joined along an axis, such as the channels of several images.

    Parameters
    ----------
    arrays : sequence of ndarray of float32 or float64
        One or more, of one dtype and, but for `axis`, one shape.
    axis : int
        Axis along which they are joined.
    out : ndarray, optional
        Where to write the result.

    Returns
    -------
    ndarray of the arrays' dtype
        Its size along `axis` is the sum of theirs.

    Raises
    ------
    TypeError
        If `arrays` is not a list or tuple, an array is not float32 or float64, or the dtypes differ.
    ValueError
        If there are no arrays, their shapes do not fit together or have no such axis, or `out` does not fit.
    """
    arrays = _float_arrays(arrays)
    first = arrays[0].shape
    axis = axis_of(axis, "arrays[0]", first)
    for i, array in enumerate(arrays):
        if array.shape[:axis] != first[:axis] or array.shape[axis + 1 :] != first[axis + 1 :] or array.ndim != len(first):
            raise ValueError(
                f"arrays[{i}] has shape {array.shape} and arrays[0] has {first}; expected the same but for axis {axis}"
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
        Gradient of the output.
    sizes : sequence of int
        Size of each array along `axis`.
    axis : int
        Axis along which they were joined.
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
    """
    dy = float_array("dy", dy)
    axis = axis_of(axis, "dy", dy.shape)
    sizes = integers("sizes", sizes, 0)
    if sum(sizes) != dy.shape[axis]:
        raise ValueError(f"sizes={sizes} add up to {sum(sizes)}; expected dy's size along axis {axis}, {dy.shape[axis]}")
    parts = _outputs(out, [(*dy.shape[:axis], size, *dy.shape[axis + 1 :]) for size in sizes], dy.dtype, (dy,))
    if dy.size:
        bindings.split(dy, parts, rows=math.prod(dy.shape[:axis]), threads=get_num_threads())
    return parts


def _merge(merging, arrays, out, activation="linear", negative_slope=0.0):
    arrays = _float_arrays(arrays)
    if merging == "subtract":
        _check_two("arrays", arrays)
    merged = _broadcast_shape("arrays", [array.shape for array in arrays])
    y = output(out, merged, arrays[0].dtype)
    if y.size:
        settings = {"merging": merging, "activation": activation, "negative_slope": negative_slope}
        bindings.merge_forward(_broadcast(arrays, merged), y, **settings, threads=get_num_threads())
    return y


def _merge_backward(merging, dy, arrays, out):
    dy = float_array("dy", dy)
    arrays = _float_arrays(arrays, like=("dy", dy))
    shapes = [array.shape for array in arrays]
    _check_dy(dy, _broadcast_shape("arrays", shapes))
    results = _outputs(out, shapes, dy.dtype, (dy, *arrays))
    gradients = [result if result.shape == dy.shape else empty(dy.shape, dy.dtype) for result in results]
    if dy.size:
        bindings.merge_backward(dy, _broadcast(arrays, dy.shape), gradients, merging=merging, threads=get_num_threads())
    for result, gradient in zip(results, gradients, strict=True):
        if result is not gradient:
            result[...] = _sum_to(result.shape, gradient)
    return results


def _of_shapes(dy, shapes):
    """Return `dy` as `float_array` does, and the shapes, which are found to broadcast to that of `dy`."""
    dy = float_array("dy", dy)
    shapes = [integers(f"shapes[{i}]", each, 0) for i, each in enumerate(_sequence("shapes", shapes, "shapes"))]
    _check_dy(dy, _broadcast_shape("shapes", shapes))
    return dy, shapes


def _sequence(name, value, of):
    """Return `value` if it is a list or tuple that is not empty."""
    if not isinstance(value, (tuple, list)):
        raise TypeError(f"{name}={shown(value)} is of type {type(value).__name__}; expected a list or tuple of {of}")
    if not value:
        raise ValueError(f"{name} is empty; expected a list or tuple of {of}, at least one")
    return value


def _check_two(name, sequence):
    if len(sequence) != 2:
        raise ValueError(f"{name} has {len(sequence)} elements; expected two")


def _check_dy(dy, expected):
    if dy.shape != expected:
        raise ValueError(f"dy has shape {dy.shape}; expected that of the merged arrays, {expected}")


def _broadcast_shape(name, shapes):
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        listed = ", ".join(map(str, shapes))
        raise ValueError(f"{name} has the shapes {listed}; expected shapes that broadcast") from None


def _broadcast(arrays, wanted):
    return [each if each.shape == wanted else np.ascontiguousarray(np.broadcast_to(each, wanted)) for each in arrays]


def _sum_to(wanted, gradient):
    """Return the gradient summed over the axes along which an array of shape `wanted` was repeated."""
    if gradient.shape == wanted:
        return gradient
    padded = (1,) * (gradient.ndim - len(wanted)) + wanted
    axes = tuple(i for i, (one, size) in enumerate(zip(padded, gradient.shape, strict=True)) if one != size)
    return gradient.sum(axis=axes).reshape(wanted)


def _float_arrays(arrays, like=None):
    """Return a list of the arrays, each as `float_array` returns it, of the dtype of `like` or the first."""
    result = []
    for i, array in enumerate(_sequence("arrays", arrays, "arrays")):
        result.append(float_array(f"arrays[{i}]", array, like=like))
        like = like or ("arrays[0]", result[0])
    return result


def _outputs(out, shapes, dtype, inputs):
    """Return the list `out` if results of these shapes can be written to it, or new arrays if it is None."""
    if out is None:
        return [empty(each, dtype) for each in shapes]
    if not isinstance(out, (tuple, list)) or len(out) != len(shapes):
        raise ValueError(f"out={shown(out)} is not one array for each gradient; expected a list or tuple of {len(shapes)}")
    results = []
    for array, each in zip(out, shapes, strict=True):
        if array is None:
            raise TypeError("out holds None; expected a numpy.ndarray")
        results.append(output(array, each, dtype, (*inputs, *results)))
    return results
