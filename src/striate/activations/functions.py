"""Activations as functions of arrays and symbolic tensors, which `striate.ops` exports as well.

Activations without a kernel are composed of arithmetic.
"""

import numpy as np

from .._common.checks import axes_of, axis_of, number
from ..engine.operators import apply
from ..functional.activation_table import NEGATIVE_SLOPE
from .table import activate, register

_SQUARED_LIMIT = 1e18  # Its square is finite in float32.


@register
def relu(x, negative_slope=0.0, max_value=None, threshold=0.0):
    """Return ``min(x, max_value)`` where ``x`` is above `threshold`, ``negative_slope * (x - threshold)`` elsewhere."""
    negative_slope, threshold = number("negative_slope", negative_slope), number("threshold", threshold)
    if max_value is not None:
        max_value = number("max_value", max_value)
    if max_value is None and not threshold:
        return leaky_relu(x, negative_slope)
    if max_value == 6 and not negative_slope and not threshold:
        return relu6(x)
    return apply("relu", x, negative_slope, threshold, *[] if max_value is None else [max_value])


@register
def leaky_relu(x, negative_slope=NEGATIVE_SLOPE):
    """Return ``x`` where it is positive, ``negative_slope * x`` elsewhere."""
    return activate(x, "leaky_relu", number("negative_slope", negative_slope))


@register
def relu6(x):
    """Return ``min(max(x, 0), 6)``."""
    return activate(x, "relu6")


@register
def elu(x, alpha=1.0):
    """Return ``x`` where it is positive, ``alpha * (exp(x) - 1)`` elsewhere."""
    return activate(x, "elu", number("alpha", alpha))


@register
def selu(x):
    """Return ``scale * elu(x, alpha)`` with scale 1.0507… and alpha 1.6732…."""
    return activate(x, "selu")


@register
def sigmoid(x):
    """Return ``1 / (1 + exp(-x))``."""
    return activate(x, "sigmoid")


@register
def hard_sigmoid(x):
    """Return ``min(max(x + 3, 0), 6) / 6``."""
    return activate(x, "hard_sigmoid")


@register
def tanh(x):
    """Return the hyperbolic tangent."""
    return activate(x, "tanh")


@register
def softplus(x):
    """Return ``log(1 + exp(x))``."""
    return activate(x, "softplus")


@register
def softsign(x):
    """Return ``x / (1 + |x|)``."""
    return activate(x, "softsign")


@register
def silu(x):
    """Return ``x * sigmoid(x)``."""
    return activate(x, "silu")


@register
def hard_silu(x):
    """Return ``x * hard_sigmoid(x)``."""
    return activate(x, "hard_silu")


@register
def mish(x):
    """Return ``x * tanh(softplus(x))``."""
    return activate(x, "mish")


@register
def softmax(x, axis=-1):
    """Return ``exp(x) / sum(exp(x))``, with the sum along one axis or several, or all if None."""
    axis = _softmax_axis(x, axis)
    if axis == -1:
        return activate(x, "softmax")
    shifted = apply("exp", apply("subtract", x, apply("max", x, axis=axis, keepdims=True)))
    return apply("divide", shifted, apply("sum", shifted, axis=axis, keepdims=True))


@register
def log_softmax(x, axis=-1):
    """Return the logarithm of the softmax along one axis or several, or all if None."""
    axis = _softmax_axis(x, axis)
    if axis == -1:
        return activate(x, "log_softmax")
    shifted = apply("subtract", x, apply("max", x, axis=axis, keepdims=True))
    return apply("subtract", shifted, apply("log", apply("sum", apply("exp", shifted), axis=axis, keepdims=True)))


def _softmax_axis(x, axis):
    """Return the axis of a softmax: -1 if it is the last, or else a non-negative index; several axes as a tuple."""
    if axis is None:
        return tuple(range(len(np.shape(x))))
    if isinstance(axis, (list, tuple)):
        return axes_of(axis, "x", np.shape(x))
    axis = axis_of(axis, "x", np.shape(x))
    return -1 if axis == len(np.shape(x)) - 1 else axis


@register
def celu(x, alpha=1.0):
    """Return ``max(x, 0) + alpha * (exp(min(x, 0) / alpha) - 1)``."""
    alpha = number("alpha", alpha)
    below = apply("expm1", apply("divide", apply("minimum", x, 0.0), alpha))
    return apply("where", apply("greater", x, 0.0), x, apply("multiply", below, alpha))


@register
def glu(x, axis=-1):
    """Return the first half of ``x`` along an axis times the sigmoid of the second half."""
    axis = axis_of(axis, "x", x.shape)
    size = x.shape[axis]
    if size is not None and size % 2:
        raise ValueError(f"x has shape {tuple(x.shape)}; expected an even size along axis={axis}")
    first, second = (apply("part", x, number=index, parts=2, axis=axis) for index in (0, 1))
    return apply("multiply", first, activate(second, "sigmoid"))


@register
def hard_tanh(x):
    """Return ``min(max(x, -1), 1)``."""
    return apply("clip", x, -1.0, 1.0)


@register
def hard_shrink(x, threshold=0.5):
    """Return ``x`` where ``|x|`` is above a threshold, 0 elsewhere."""
    return apply("where", apply("less_equal", apply("absolute", x), number("threshold", threshold)), 0.0, x)


@register
def soft_shrink(x, threshold=0.5):
    """Return ``sign(x) * max(|x| - threshold, 0)``."""
    shrunk = activate(apply("subtract", apply("absolute", x), number("threshold", threshold)), "relu")
    return apply("multiply", apply("sign", x), shrunk)


@register
def tanh_shrink(x):
    """Return ``x - tanh(x)``."""
    return apply("subtract", x, activate(x, "tanh"))


@register
def threshold(x, threshold=0.0, default_value=0.0):
    """Return ``x`` where it is above a threshold, `default_value` elsewhere."""
    threshold, default_value = number("threshold", threshold), number("default_value", default_value)
    return apply("where", apply("less_equal", x, threshold), default_value, x)


@register
def log_sigmoid(x):
    """Return the logarithm of the sigmoid."""
    return apply("negative", activate(apply("negative", x), "softplus"))


@register
def squareplus(x, b=4):
    """Return ``(x + sqrt(x² + b)) / 2``."""
    b = number("b", b)
    # Beyond the limits, where x² may overflow, the result is x, or almost 0.
    near = apply("clip", x, -_SQUARED_LIMIT, _SQUARED_LIMIT)
    root = apply("sqrt", apply("add", apply("square", near), b))
    below = apply("less", near, 0.0)
    # This is root + |x|, but the gradient of the absolute value would be 0 at 0.
    total = apply("add", root, apply("where", below, apply("negative", near), near))
    # Below zero, x + root would cancel; it equals b / (root - x).
    y = apply("where", below, apply("divide", b / 2, total), apply("divide", total, 2.0))
    return apply("add", y, activate(apply("subtract", x, _SQUARED_LIMIT), "relu"))


@register
def sparse_plus(x):
    """Return 0 below -1, ``(x + 1)² / 4`` up to 1, and ``x`` above."""
    bent = apply("divide", apply("square", apply("add", apply("clip", x, -1.0, 1.0), 1.0)), 4.0)
    return apply("where", apply("less", x, 1.0), bent, x)


@register
def sparse_sigmoid(x):
    """Return 0 below -1, ``(x + 1) / 2`` up to 1, and 1 above."""
    return apply("clip", apply("divide", apply("add", x, 1.0), 2.0), 0.0, 1.0)


@register
def sparsemax(x, axis=-1):
    """Return the projection of ``x`` onto the probability simplex along an axis (Martins & Astudillo, ICML 2016)."""
    return apply("sparsemax", x, axis=axis_of(axis, "x", np.shape(x)))


# Keras also has these activations under other names.
swish = silu
hard_swish = hard_silu

__all__ = [
    "celu",
    "elu",
    "glu",
    "hard_shrink",
    "hard_sigmoid",
    "hard_silu",
    "hard_swish",
    "hard_tanh",
    "leaky_relu",
    "log_sigmoid",
    "log_softmax",
    "mish",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "soft_shrink",
    "softmax",
    "softplus",
    "softsign",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "squareplus",
    "swish",
    "tanh",
    "tanh_shrink",
    "threshold",
]
