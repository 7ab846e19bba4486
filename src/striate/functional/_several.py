"""Several arrays: checks of them, and of their shapes, which are broadcast as NumPy does it."""

import numpy as np

from .._common.arrays import empty
from .._common.checks import float_array, output, shown


def float_arrays(arrays, like=None):
    """Return a list of the arrays, each as `float_array` returns it, of the dtype of `like` or the first."""
    result = []
    for i, array in enumerate(not_empty("arrays", arrays, "arrays")):
        result.append(float_array(f"arrays[{i}]", array, like=like))
        like = like or ("arrays[0]", result[0])
    return result


def outputs(out, shapes, dtype, inputs):
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


def not_empty(name, value, of):
    """Return `value` if it is a list or tuple that is not empty."""
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


def broadcast(arrays, wanted):
    """Return the arrays broadcast to a shape, C-contiguous."""
    return [each if each.shape == wanted else np.ascontiguousarray(np.broadcast_to(each, wanted)) for each in arrays]


def sum_to(wanted, gradient):
    """Return the gradient summed over the axes along which an array of shape `wanted` was repeated."""
    if gradient.shape == wanted:
        return gradient
    padded = (1,) * (gradient.ndim - len(wanted)) + wanted
    axes = tuple(i for i, (one, size) in enumerate(zip(padded, gradient.shape, strict=True)) if one != size)
    return gradient.sum(axis=axes).reshape(wanted)
