"""Activations of users' arrays and their gradients, elementwise or along an axis."""

import numpy as np

from .._common.arrays import empty
from .._common.checks import axis_of, check_shape, float_array, output
from ..kernels import bindings
from ..threads import get_num_threads


def elementwise(name, x, out, alpha=1.0):
    """Return the elementwise activation `name` of an array, written to `out` unless that is None."""
    x = float_array("x", x)
    y = elementwise_output(out, x)
    if x.size:
        bindings.activation_forward(x, y, columns=x.size, activation=name, alpha=alpha, threads=get_num_threads())
    return y


def elementwise_backward(name, dy, saved_name, saved, out, alpha=1.0):
    """Return the gradient of `elementwise`; `saved` is its output or input, which errors call `saved_name`."""
    dy, saved = _gradient_and_saved(dy, saved_name, saved)
    dx = elementwise_output(out, dy, saved)
    if dx.size:
        bindings.activation_backward(dy, saved, dx, columns=dx.size, activation=name, alpha=alpha, threads=get_num_threads())
    return dx


def along_axis(name, x, axis, out):
    """Return the activation `name`, such as softmax, along an axis, written to `out` unless that is None."""
    x = _axis_to_end("x", float_array("x", x), axis)
    y = empty(x.shape, x.dtype)
    if y.size:
        bindings.activation_forward(x, y, columns=x.shape[-1], activation=name, threads=get_num_threads())
    return _axis_from_end(y, axis, out)


def along_axis_backward(name, dy, y, axis, out):
    """Return the gradient of `along_axis`, computed from its output `y`."""
    dy, y = _gradient_and_saved(dy, "y", y)
    dy = _axis_to_end("dy", dy, axis)
    dx = empty(dy.shape, dy.dtype)
    if dx.size:
        bindings.activation_backward(
            dy, _axis_to_end("y", y, axis), dx, columns=dy.shape[-1], activation=name, threads=get_num_threads()
        )
    return _axis_from_end(dx, axis, out)


def _gradient_and_saved(dy, saved_name, saved):
    """Return the gradient of the output and the saved array, after checking that their shapes and dtypes are equal."""
    dy = float_array("dy", dy)
    saved = float_array(saved_name, saved, like=("dy", dy))
    check_shape("dy", dy, saved.shape, saved_name)
    return dy, saved


def elementwise_output(out, *inputs):
    """Return `out` if a result of the inputs' shape and dtype can be written to it, or a new array if it is None.

    `out` may be an input, but must not overlap one in part, since elements would be overwritten before they are read.
    """
    y = output(out, inputs[0].shape, inputs[0].dtype)
    if out is not None:
        for array in inputs:
            same_memory = y.__array_interface__["data"][0] == array.__array_interface__["data"][0]
            if not same_memory and np.may_share_memory(y, array):
                raise ValueError("out overlaps an input in part; expected the input itself or separate memory")
    return y


def _axis_to_end(name, array, axis):
    """Return `array` with `axis` moved to the end, C-contiguous."""
    return np.ascontiguousarray(np.moveaxis(array, axis_of(axis, name, array.shape), -1))


def _axis_from_end(result, axis, out):
    """Return `result` with its last axis moved back to `axis`, written to `out` unless that is None."""
    result = np.moveaxis(result, -1, axis)
    if out is None:
        return np.ascontiguousarray(result)
    output(out, result.shape, result.dtype)[...] = result
    return out
