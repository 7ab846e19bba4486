"""Activations on arrays, and their gradients: names for layers, helpers, and those that saturate or normalize.

Those that pass large inputs on, such as `relu`, are in `linear_units`.
"""

import numpy as np

from .._arrays import empty
from .._checks import axis_of, choice, float_array, output
from ..kernels import bindings
from ..threads import get_num_threads

#: Negative slope of "leaky_relu" where it is asked for by name, and the default of `leaky_relu` (Keras').
NEGATIVE_SLOPE = 0.2

#: Names that the `activation` argument of operations and layers takes; None means "linear".
ACTIVATIONS = tuple(bindings.ACTIVATIONS)

#: Keras' other names.
_ALIASES = {"swish": "silu", "hard_swish": "hard_silu"}

#: Those that the kernels of convolutions and matrix products apply as they store their result.
_FUSED = ("linear", "relu", "leaky_relu")

#: Those whose gradient is computed from the input, as the output does not determine it; that of all others is from the output.
FROM_INPUT = ("silu", "hard_silu", "gelu", "gelu_tanh", "mish")


def check_activation(activation):
    """Return an activation's name, "linear" for None."""
    if isinstance(activation, str):
        activation = _ALIASES.get(activation, activation)
    return "linear" if activation is None else choice("activation", activation, ACTIVATIONS)


def epilogue(activation):
    """Split an activation into what a kernel applies (name, slope) and the name of what must follow."""
    name = check_activation(activation)
    return (name, NEGATIVE_SLOPE, "linear") if name in _FUSED else ("linear", 0.0, name)


def default_alpha(name):
    """Return the factor of the part below zero for an activation that is given by name."""
    return NEGATIVE_SLOPE if name == "leaky_relu" else 1.0


def without_slope(name, alpha):
    """Return the activation's name, "relu" for a "leaky_relu" of slope 0: minus infinity times 0 would be NaN."""
    return "relu" if name == "leaky_relu" and alpha == 0 else name


def activation_forward(name, x):
    """Return the activation `name` of `x`, C-contiguous, along its last axis."""
    y = empty(x.shape, x.dtype)
    if x.size:
        bindings.activation_forward(
            x, y, columns=x.shape[-1], activation=name, alpha=default_alpha(name), threads=get_num_threads()
        )
    return y


def activation_in_place(y, name):
    """Apply the activation `name` along the last axis of `y`."""
    if name != "linear" and y.size:
        axis = y.shape[-1] if y.ndim else 1
        bindings.activation_forward(y, y, columns=axis, activation=name, alpha=default_alpha(name), threads=get_num_threads())


def activation_backward_input(name, dy, saved):
    """Gradient of the activation `name` (along the last axis) with respect to its input.

    `saved` is the input for those `FROM_INPUT`, and the output for others. That serves for "leaky_relu" too: its slope by name
    is positive, so output and input have the same sign.
    """
    if name == "linear":
        return dy
    dx = empty(saved.shape, saved.dtype)
    if dx.size:
        bindings.activation_backward(
            dy, saved, dx, columns=saved.shape[-1], activation=name, alpha=default_alpha(name), threads=get_num_threads()
        )
    return dx


def elementwise(name, x, out, alpha=0.0):
    """Return an elementwise activation of an array as users pass it, in `out` unless that is None."""
    x = float_array("x", x)
    y = output(out, x.shape, x.dtype)
    if y is not x:
        refuse_partial_overlap(y, x)
    if x.size:
        bindings.activation_forward(x, y, columns=x.size, activation=name, alpha=alpha, threads=get_num_threads())
    return y


def elementwise_backward(name, dy, saved_name, saved, out, alpha=0.0):
    """Return its gradient; `saved_name` is what users call `saved`, the activation's output or input."""
    dy = float_array("dy", dy)
    saved = float_array(saved_name, saved, like=("dy", dy))
    if dy.shape != saved.shape:
        raise ValueError(f"dy has shape {dy.shape}; expected the shape of {saved_name}, {saved.shape}")
    dx = output(out, dy.shape, dy.dtype)
    for array in (dy, saved):
        if dx is not array:
            refuse_partial_overlap(dx, array)
    if dx.size:
        bindings.activation_backward(dy, saved, dx, columns=dx.size, activation=name, alpha=alpha, threads=get_num_threads())
    return dx


def refuse_partial_overlap(out, array):
    """Raise an error if `out` overlaps an input in part: elements would be overwritten before they are read."""
    same_memory = out.__array_interface__["data"][0] == array.__array_interface__["data"][0]
    if not same_memory and np.may_share_memory(out, array):
        raise ValueError("out overlaps an input in part; expected the input itself or separate memory")


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
    return elementwise("sigmoid", x, out)


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
    return elementwise_backward("sigmoid", dy, "y", y, out)


def hard_sigmoid(x, *, out=None):
    """Piecewise linear form of `sigmoid`, ``min(max(x + 3, 0), 6) / 6``.

    Parameters
    ----------
    x : ndarray of float32 or float64, any shape
        Input.
    out : ndarray, optional
        Where to write the result; may be `x`.

    Returns
    -------
    ndarray of x's shape and dtype
        Between 0 and 1.

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, or `out` does not fit.

    References
    ----------
    .. [1] Howard, A. et al., "Searching for MobileNetV3", ICCV 2019.
    """
    return elementwise("hard_sigmoid", x, out)


def hard_sigmoid_backward_input(dy, y, *, out=None):
    """Gradient of `hard_sigmoid` with respect to its input, ``dy / 6`` where ``0 < y < 1`` and 0 elsewhere.

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
    return elementwise_backward("hard_sigmoid", dy, "y", y, out)


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
    return elementwise("tanh", x, out)


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
    return elementwise_backward("tanh", dy, "y", y, out)


def softplus(x, *, out=None):
    """Smooth form of `relu`, ``log(1 + exp(x))``.

    Parameters
    ----------
    x : ndarray of float32 or float64, any shape
        Input.
    out : ndarray, optional
        Where to write the result; may be `x`.

    Returns
    -------
    ndarray of x's shape and dtype
        Without overflow for any x.

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, or `out` does not fit.

    References
    ----------
    .. [1] Dugas, C. et al., "Incorporating second-order functional knowledge for better option pricing", NeurIPS 2000.
    """
    return elementwise("softplus", x, out)


def softplus_backward_input(dy, y, *, out=None):
    """Gradient of `softplus` with respect to its input, ``dy * (1 - exp(-y))``.

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
    return elementwise_backward("softplus", dy, "y", y, out)


def softsign(x, *, out=None):
    """Softsign, ``x / (1 + |x|)``.

    Parameters
    ----------
    x : ndarray of float32 or float64, any shape
        Input.
    out : ndarray, optional
        Where to write the result; may be `x`.

    Returns
    -------
    ndarray of x's shape and dtype
        Between -1 and 1.

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, or `out` does not fit.

    References
    ----------
    .. [1] Bergstra, J. et al., "Quadratic polynomials learn better image features", Technical report 1337, Université de
       Montréal, 2009.
    """
    return elementwise("softsign", x, out)


def softsign_backward_input(dy, y, *, out=None):
    """Gradient of `softsign` with respect to its input, ``dy * (1 - |y|)²``.

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
    return elementwise_backward("softsign", dy, "y", y, out)


def exponential(x, *, out=None):
    """Exponential function, ``exp(x)``.

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
    return elementwise("exponential", x, out)


def exponential_backward_input(dy, y, *, out=None):
    """Gradient of `exponential` with respect to its input, ``dy * y``.

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
    return elementwise_backward("exponential", dy, "y", y, out)


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
    return np.ascontiguousarray(np.moveaxis(array, axis_of(axis, name, array.shape), -1))


def _along_axis(name, x, axis, out):
    x = float_array("x", x)
    moved = _last_axis("x", x, axis)
    y = empty(moved.shape, moved.dtype)
    if y.size:
        bindings.activation_forward(moved, y, columns=moved.shape[-1], activation=name, threads=get_num_threads())
    return _moved_back(y, axis, out)


def _along_axis_backward(name, dy, y, axis, out):
    dy = float_array("dy", dy)
    y = float_array("y", y, like=("dy", dy))
    if dy.shape != y.shape:
        raise ValueError(f"dy has shape {dy.shape}; expected the shape of y, {y.shape}")
    moved = _last_axis("dy", dy, axis)
    dx = empty(moved.shape, moved.dtype)
    if dx.size:
        bindings.activation_backward(
            moved, _last_axis("y", y, axis), dx, columns=moved.shape[-1], activation=name, threads=get_num_threads()
        )
    return _moved_back(dx, axis, out)


def _moved_back(result, axis, out):
    result = np.moveaxis(result, -1, axis)
    if out is None:
        return np.ascontiguousarray(result)
    output(out, result.shape, result.dtype)[...] = result
    return out
