"""Activations as functions of arrays and symbolic tensors, those that `striate.ops` has too.

Those without a kernel are composed of arithmetic.
"""

import numpy as np

from .._common.checks import axes_of, axis_of, number
from ..engine.operators import apply
from ..functional.activation_table import NEGATIVE_SLOPE
from .table import activate, activation

_SQUARABLE = 1e18  # in float32, too


@activation
def relu(x, negative_slope=0.0, max_value=None, threshold=0.0):
    """Return ``x`` above `threshold`, at most `max_value`, and ``negative_slope * (x - threshold)`` up to it."""
    negative_slope, threshold = number("negative_slope", negative_slope), number("threshold", threshold)
    if max_value is not None:
        max_value = number("max_value", max_value)
    if max_value is None and not threshold:
        return leaky_relu(x, negative_slope)
    if max_value == 6 and not negative_slope and not threshold:
        return relu6(x)
    return apply("relu", x, negative_slope, threshold, *[] if max_value is None else [max_value])


@activation
def leaky_relu(x, negative_slope=NEGATIVE_SLOPE):
    """Return ``x`` where it is positive, ``negative_slope * x`` elsewhere."""
    return activate(x, "leaky_relu", number("negative_slope", negative_slope))


@activation
def relu6(x):
    """Return ``min(max(x, 0), 6)``."""
    return activate(x, "relu6")


@activation
def elu(x, alpha=1.0):
    """Return ``x`` where it is positive, ``alpha * (exp(x) - 1)`` elsewhere."""
    return activate(x, "elu", number("alpha", alpha))


@activation
def selu(x):
    """Return ``scale * elu(x, alpha)`` with scale 1.0507… and alpha 1.6732…."""
    return activate(x, "selu")


@activation
def sigmoid(x):
    """Return ``1 / (1 + exp(-x))``."""
    return activate(x, "sigmoid")


@activation
def hard_sigmoid(x):
    """Return ``min(max(x + 3, 0), 6) / 6``."""
    return activate(x, "hard_sigmoid")


@activation
def tanh(x):
    """Return the hyperbolic tangent."""
    return activate(x, "tanh")


@activation
def softplus(x):
    """Return ``log(1 + exp(x))``."""
    return activate(x, "softplus")


@activation
def softsign(x):
    """Return ``x / (1 + |x|)``."""
    return activate(x, "softsign")


@activation
def silu(x):
    """Return ``x * sigmoid(x)``."""
    return activate(x, "silu")


@activation
def hard_silu(x):
    """Return ``x * hard_sigmoid(x)``."""
    return activate(x, "hard_silu")


@activation
def mish(x):
    """Return ``x * tanh(softplus(x))``."""
    return activate(x, "mish")


@activation
def softmax(x, axis=-1):
    """Return ``exp(x) / sum(exp(x))``, the sum along an axis, or several."""
    axis = _last_axis(x, axis)
    if axis == -1:
        return activate(x, "softmax")
    shifted = apply("exp", apply("subtract", x, apply("max", x, axis=axis, keepdims=True)))
    return apply("divide", shifted, apply("sum", shifted, axis=axis, keepdims=True))


@activation
def log_softmax(x, axis=-1):
    """Return the logarithm of the softmax along an axis, or several."""
    axis = _last_axis(x, axis)
    if axis == -1:
        return activate(x, "log_softmax")
    shifted = apply("subtract", x, apply("max", x, axis=axis, keepdims=True))
    return apply("subtract", shifted, apply("log", apply("sum", apply("exp", shifted), axis=axis, keepdims=True)))


def _last_axis(x, axis):
    """Return an axis, -1 if it is the last, or several axes."""
    if isinstance(axis, (list, tuple)):
        return axes_of(axis, "x", np.shape(x))
    axis = axis_of(axis, "x", np.shape(x))
    return -1 if axis == len(np.shape(x)) - 1 else axis


@activation
def celu(x, alpha=1.0):
    """Return ``max(x, 0) + alpha * (exp(min(x, 0) / alpha) - 1)``."""
    alpha = number("alpha", alpha)
    below = apply("expm1", apply("divide", apply("minimum", x, 0.0), alpha))
    return apply("where", apply("greater", x, 0.0), x, apply("multiply", below, alpha))


@activation
def glu(x, axis=-1):
    """Return the first half along an axis times the sigmoid of the second."""
    axis = axis_of(axis, "x", x.shape)
    size = x.shape[axis]
    if size is not None and size % 2:
        raise ValueError(f"x has shape {tuple(x.shape)}; expected an even size along axis={axis} to halve")
    first, second = (apply("part", x, number=number, parts=2, axis=axis) for number in (0, 1))
    return apply("multiply", first, activate(second, "sigmoid"))


@activation
def hard_tanh(x):
    """Return ``x`` cut off at -1 and 1."""
    return apply("clip", x, -1.0, 1.0)


@activation
def hard_shrink(x, threshold=0.5):
    """Return ``x`` where its absolute value is above a threshold, 0 elsewhere."""
    return apply("where", apply("less_equal", apply("absolute", x), number("threshold", threshold)), 0.0, x)


@activation
def soft_shrink(x, threshold=0.5):
    """Return ``x``, nearer to 0 by a threshold, at most to 0."""
    shrunk = activate(apply("subtract", apply("absolute", x), number("threshold", threshold)), "relu")
    return apply("multiply", apply("sign", x), shrunk)


@activation
def tanh_shrink(x):
    """Return ``x - tanh(x)``."""
    return apply("subtract", x, activate(x, "tanh"))


@activation
def threshold(x, threshold=0.0, default_value=0.0):
    """Return ``x`` where it is above a threshold, another value elsewhere."""
    threshold, default_value = number("threshold", threshold), number("default_value", default_value)
    return apply("where", apply("less_equal", x, threshold), default_value, x)


@activation
def log_sigmoid(x):
    """Return the logarithm of the sigmoid."""
    return apply("negative", activate(apply("negative", x), "softplus"))


@activation
def squareplus(x, b=4):
    """Return ``(x + sqrt(x² + b)) / 2``."""
    b = number("b", b)
    # Beyond these limits, whose square is finite, it is x, or as good as 0. Below zero, where the sum would cancel, it is
    # b / 2 over the difference of the two.
    near = apply("clip", x, -_SQUARABLE, _SQUARABLE)
    root = apply("sqrt", apply("add", apply("square", near), b))
    below = apply("less", near, 0.0)
    total = apply("add", root, apply("where", below, apply("negative", near), near))  # unlike |x|, it has a slope at 0
    y = apply("where", below, apply("divide", b / 2, total), apply("divide", total, 2.0))
    return apply("add", y, activate(apply("subtract", x, _SQUARABLE), "relu"))


@activation
def sparse_plus(x):
    """Return 0 below -1, ``(x + 1)² / 4`` up to 1, and ``x`` above."""
    bent = apply("divide", apply("square", apply("add", apply("clip", x, -1.0, 1.0), 1.0)), 4.0)
    return apply("where", apply("less", x, 1.0), bent, x)


@activation
def sparse_sigmoid(x):
    """Return 0 below -1, ``(x + 1) / 2`` up to 1, and 1 above."""
    return apply("clip", apply("divide", apply("add", x, 1.0), 2.0), 0.0, 1.0)


@activation
def sparsemax(x, axis=-1):
    """Return the point nearest to ``x`` among the probabilities along an axis (Martins & Astudillo, ICML 2016)."""
    return apply("sparsemax", x, axis=axis_of(axis, "x", np.shape(x)))


# Keras' other names
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
