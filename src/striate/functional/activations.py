"""Activations on arrays, and their gradients."""

import numpy as np

from .._checks import choice, float_array, integer, number, output
from ..kernels import bindings
from ..threads import get_num_threads

#: Negative slope of "leaky_relu" where it is asked for by name, and the default of `leaky_relu` (Keras').
NEGATIVE_SLOPE = 0.2

#: Names that the `activation` argument of operations and layers takes; None stands for "linear".
ACTIVATIONS = tuple(bindings.ACTIVATIONS)

#: Those that convolutions and matrix products apply as they store their result.
_FUSED = ("linear", "relu", "leaky_relu")


def check_activation(activation):
    """Return an activation's name, "linear" for None."""
    return "linear" if activation is None else choice("activation", activation, ACTIVATIONS)


def epilogue(activation):
    """Split an activation into what a kernel applies (name, slope) and the name of what must follow."""
    name = check_activation(activation)
    return (name, NEGATIVE_SLOPE, "linear") if name in _FUSED else ("linear", 0.0, name)


def activate_in_place(y, name):
    """Apply the activation `name` along the last axis of `y`."""
    if name != "linear" and y.size:
        bindings.activation_forward(y, y, y.shape[-1], name, NEGATIVE_SLOPE, get_num_threads())


def activation_backward_input(name, dy, y):
    """Gradient of the activation `name` (along the last axis) with respect to its input, from its output `y`.

    It serves for "leaky_relu" too: its slope by name is positive, so output and input have the same sign.
    """
    if name == "linear":
        return dy
    dx = np.empty_like(y)
    if dx.size:
        bindings.activation_backward(dy, y, dx, y.shape[-1], name, NEGATIVE_SLOPE, get_num_threads())
    return dx


def _forward(name, x, out, negative_slope=0.0):
    x = float_array("x", x)
    y = output(out, x.shape, x.dtype)
    if y is not x:
        _refuse_partial_overlap(y, x)
    if x.size:
        bindings.activation_forward(x, y, x.size, name, negative_slope, get_num_threads())
    return y


def _backward(name, dy, saved_name, saved, out, negative_slope=0.0):
    dy = float_array("dy", dy)
    saved = float_array(saved_name, saved, like=("dy", dy))
    if dy.shape != saved.shape:
        raise ValueError(f"dy has shape {dy.shape}; expected the shape of {saved_name}, {saved.shape}")
    dx = output(out, dy.shape, dy.dtype)
    for array in (dy, saved):
        if dx is not array:
            _refuse_partial_overlap(dx, array)
    if dx.size:
        bindings.activation_backward(dy, saved, dx, dx.size, name, negative_slope, get_num_threads())
    return dx


def _refuse_partial_overlap(out, array):
    same_memory = out.__array_interface__["data"][0] == array.__array_interface__["data"][0]
    if not same_memory and np.may_share_memory(out, array):
        raise ValueError("out overlaps an input in part; expected the input itself or separate memory")


def relu(x, *, out=None):
    """Rectified linear unit, ``max(x, 0)``.

    Parameters
    ----------
    x : ndarray of float32 or float64, any shape
        Input.
    out : ndarray, optional
        Where to write the result; may be `x`.

    Returns
    -------
    ndarray of x's shape and dtype
        NaN stays NaN.

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, or `out` does not fit.

    References
    ----------
    .. [1] Nair, V. and Hinton, G., "Rectified linear units improve restricted Boltzmann machines", ICML 2010.
    """
    return _forward("relu", x, out)


def relu_backward_input(dy, y, *, out=None):
    """Gradient of `relu` with respect to its input, ``dy`` where ``y > 0`` and 0 elsewhere.

    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient of the output.
    y : ndarray of dy's shape and dtype
        Output (or input: both have the same sign).
    out : ndarray, optional
        Where to write the result; may be `dy`.

    Returns
    -------
    ndarray of dy's shape and dtype
    """
    return _backward("relu", dy, "y", y, out)


def leaky_relu(x, negative_slope=NEGATIVE_SLOPE, *, out=None):
    """Leaky rectified linear unit, ``x`` where it is positive and ``negative_slope * x`` elsewhere.

    Parameters
    ----------
    x : ndarray of float32 or float64, any shape
        Input.
    negative_slope : float
        Slope left of zero.
    out : ndarray, optional
        Where to write the result; may be `x`.

    Returns
    -------
    ndarray of x's shape and dtype

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, `negative_slope` not a finite number, or `out` does not fit.

    References
    ----------
    .. [1] Maas, A. et al., "Rectifier nonlinearities improve neural network acoustic models", ICML 2013.
    """
    return _forward("leaky_relu", x, out, number("negative_slope", negative_slope))


def leaky_relu_backward_input(dy, x, negative_slope=NEGATIVE_SLOPE, *, out=None):
    """Gradient of `leaky_relu` with respect to its input.

    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient of the output.
    x : ndarray of dy's shape and dtype
        Input (or, for a slope above 0, output: both have the same sign).
    negative_slope : float
        Slope left of zero.
    out : ndarray, optional
        Where to write the result; may be `dy`.

    Returns
    -------
    ndarray of dy's shape and dtype
    """
    return _backward("leaky_relu", dy, "x", x, out, number("negative_slope", negative_slope))


def sigmoid(x, *, out=None):
    """Logistic sigmoid, ``1 / (1 + exp(-x))``.

    Parameters
    ----------
    x : ndarray of float32 or float64, any shape
        Input.
    out : ndarray, optional
        Where to write the result; may be `x`.

    Returns
    -------
    ndarray of x's shape and dtype
        Between 0 and 1, without overflow for any x.

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, or `out` does not fit.
    """
    return _forward("sigmoid", x, out)


def sigmoid_backward_input(dy, y, *, out=None):
    """Gradient of `sigmoid` with respect to its input, ``dy * y * (1 - y)``.

    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient of the output.
    y : ndarray of dy's shape and dtype
        Output.
    out : ndarray, optional
        Where to write the result; may be `dy`.

    Returns
    -------
    ndarray of dy's shape and dtype
    """
    return _backward("sigmoid", dy, "y", y, out)


def tanh(x, *, out=None):
    """Hyperbolic tangent.

    Parameters
    ----------
    x : ndarray of float32 or float64, any shape
        Input.
    out : ndarray, optional
        Where to write the result; may be `x`.

    Returns
    -------
    ndarray of x's shape and dtype

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, or `out` does not fit.
    """
    return _forward("tanh", x, out)


def tanh_backward_input(dy, y, *, out=None):
    """Gradient of `tanh` with respect to its input, ``dy * (1 - y²)``.

    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient of the output.
    y : ndarray of dy's shape and dtype
        Output.
    out : ndarray, optional
        Where to write the result; may be `dy`.

    Returns
    -------
    ndarray of dy's shape and dtype
    """
    return _backward("tanh", dy, "y", y, out)


def softmax(x, *, axis=-1, out=None):
    """Softmax, ``exp(x) / sum(exp(x))`` along an axis.

    Parameters
    ----------
    x : ndarray of float32 or float64, at least one dimension
        Input, often called logits.
    axis : int
        Axis that sums to one.
    out : ndarray, optional
        Where to write the result; may be `x`.

    Returns
    -------
    ndarray of x's shape and dtype
        Probabilities, without overflow for any finite x.

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, has no such axis, or `out` does not fit.

    References
    ----------
    .. [1] Bridle, J., "Probabilistic interpretation of feedforward classification network outputs", 1990.
    """
    return _along_axis("softmax", x, axis, out)


def softmax_backward_input(dy, y, *, axis=-1, out=None):
    """Gradient of `softmax` with respect to its input, ``y * (dy - sum(dy * y))``.

    Parameters
    ----------
    dy : ndarray of float32 or float64, at least one dimension
        Gradient of the output.
    y : ndarray of dy's shape and dtype
        Output.
    axis : int
        Axis of the softmax.
    out : ndarray, optional
        Where to write the result; may be `dy`.

    Returns
    -------
    ndarray of dy's shape and dtype
    """
    return _along_axis_backward("softmax", dy, y, axis, out)


def log_softmax(x, *, axis=-1, out=None):
    """Logarithm of the softmax, ``x - log(sum(exp(x)))`` along an axis.

    Parameters
    ----------
    x : ndarray of float32 or float64, at least one dimension
        Input, often called logits.
    axis : int
        Axis of the softmax.
    out : ndarray, optional
        Where to write the result; may be `x`.

    Returns
    -------
    ndarray of x's shape and dtype
        Log-probabilities; accurate where ``log(softmax(x))`` would be ``-inf``.

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, has no such axis, or `out` does not fit.
    """
    return _along_axis("log_softmax", x, axis, out)


def log_softmax_backward_input(dy, y, *, axis=-1, out=None):
    """Gradient of `log_softmax` with respect to its input, ``dy - exp(y) * sum(dy)``.

    Parameters
    ----------
    dy : ndarray of float32 or float64, at least one dimension
        Gradient of the output.
    y : ndarray of dy's shape and dtype
        Output.
    axis : int
        Axis of the softmax.
    out : ndarray, optional
        Where to write the result; may be `dy`.

    Returns
    -------
    ndarray of dy's shape and dtype
    """
    return _along_axis_backward("log_softmax", dy, y, axis, out)


def _last_axis(name, array, axis):
    """Return `array` with `axis` moved to the end, C-contiguous."""
    axis = integer("axis", axis)
    if not -array.ndim <= axis < array.ndim:
        raise ValueError(f"axis={axis} is out of range; expected an axis of {name}, shape {array.shape}")
    return np.ascontiguousarray(np.moveaxis(array, axis, -1))


def _along_axis(name, x, axis, out):
    x = float_array("x", x)
    y = np.empty_like(moved := _last_axis("x", x, axis))
    if y.size:
        bindings.activation_forward(moved, y, moved.shape[-1], name, 0.0, get_num_threads())
    return _moved_back(y, axis, out)


def _along_axis_backward(name, dy, y, axis, out):
    dy = float_array("dy", dy)
    y = float_array("y", y, like=("dy", dy))
    if dy.shape != y.shape:
        raise ValueError(f"dy has shape {dy.shape}; expected the shape of y, {y.shape}")
    dx = np.empty_like(moved := _last_axis("dy", dy, axis))
    if dx.size:
        bindings.activation_backward(moved, _last_axis("y", y, axis), dx, moved.shape[-1], name, 0.0, get_num_threads())
    return _moved_back(dx, axis, out)


def _moved_back(result, axis, out):
    result = np.moveaxis(result, -1, axis)
    if out is None:
        return np.ascontiguousarray(result)
    output(out, result.shape, result.dtype)[...] = result
    return out
