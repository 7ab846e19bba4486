"""Checks of lists of arrays and shapes, and broadcasting by NumPy's rules."""

import numpy as np

from .._common.arrays import empty
from .._common.checks import float_array, output, shown


def float_arrays(arrays, like=None):
    """Return a list of arrays as `float_array` returns them, which have the dtype of `like`, or else of the first."""
    result = []
    for i, array in enumerate(nonempty_sequence("arrays", arrays, "arrays")):
        result.append(float_array(f"arrays[{i}]", array, like=like))
        like = like or ("arrays[0]", result[0])
    return result


def outputs(out, shapes, dtype, inputs):
    """Return the arrays in `out` if results of these shapes can be written to them, or new arrays if `out` is None."""
    if out is None:
        return [empty(shape, dtype) for shape in shapes]
    if not isinstance(out, (tuple, list)) or len(out) != len(shapes):
        raise ValueError(
            f"out={shown(out)} is not one array for each gradient; expected a list or tuple of {len(shapes)} arrays"
        )
    results = []
    for array, shape in zip(out, shapes, strict=True):
        if array is None:
            raise TypeError("out holds None; expected a numpy.ndarray")
        results.append(output(array, shape, dtype, (*inputs, *results)))
    return results


def nonempty_sequence(name, value, of):
    """Return `value` if it is a nonempty list or tuple; `of` tells the error what it should hold."""
    if not isinstance(value, (tuple, list)):
        raise TypeError(f"{name}={shown(value)} is of type {type(value).__name__}; expected a list or tuple of {of}")
    if not value:
        raise ValueError(f"{name} is empty; expected a list or tuple of {of}, at least one")
    return value


def broadcast_shape(name, shapes):
    """Return the shape that arrays of these shapes broadcast to."""
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        listed = ", ".join(map(str, shapes))
        raise ValueError(f"{name} has the shapes {listed}; expected shapes that broadcast") from None


def broadcast(arrays, shape):
    """Return the arrays broadcast to a shape, C-contiguous."""
    return [each if each.shape == shape else np.ascontiguousarray(np.broadcast_to(each, shape)) for each in arrays]


def sum_to_shape(gradient, shape):
    """Return the gradient of an array of a shape that was broadcast: the sum over the axes along which it was repeated."""
    if gradient.shape == shape:
        return gradient
    padded = (1,) * (gradient.ndim - len(shape)) + shape
    axes = tuple(i for i, (own, size) in enumerate(zip(padded, gradient.shape, strict=True)) if own != size)
    return gradient.sum(axis=axes).reshape(shape)
