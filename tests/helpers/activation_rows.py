"""What each activation is: a row of `ROWS`, which tests of kernels, layers and `striate.ops` hold it against."""

import functools
import inspect
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from striate import functional as F
from tests.helpers import reference


def zero(x):
    """Nothing."""
    return 0 * np.sign(x)


def same(x):
    """All."""
    return x


def constant(value):
    return lambda x: value + zero(x)


def times(factor):
    return lambda x: factor * x


class Row(NamedTuple):
    """An activation.

    Attributes
    ----------
    reference : callable
        Its formula, in NumPy and float64.
    below, above : callable, optional
        What it is far below zero, and far above; None for one along an axis.
    slopes : tuple of float, optional
        Its gradients far below zero, just below and at zero, just above, and far above.
    straight : bool
        Whether it is made of straight pieces, whose slope may be its gradient at NaN; that of all others is NaN.
    condition : callable
        What relative errors are multiplied by where an intermediate's rounding counts for more than the result's.
    """

    reference: Callable
    below: Callable | None = None
    above: Callable | None = None
    slopes: tuple[float, float, float, float] | None = None
    straight: bool = False
    condition: Callable = constant(1)


def cancelling(x):
    """The condition of x + 3."""
    return 1 + 1 / np.maximum(reference.hard_sigmoid(x), 1e-30)


ROWS = {
    "linear": Row(same, same, same, (1, 1, 1, 1), straight=True),
    "relu": Row(reference.relu, zero, same, (0, 0, 1, 1), straight=True),
    "leaky_relu": Row(reference.leaky_relu, times(0.2), same, (0.2, 0.2, 1, 1), straight=True),
    "relu6": Row(reference.relu6, zero, constant(6), (0, 0, 1, 0), straight=True),
    "elu": Row(reference.elu, constant(-1), same, (0, 1, 1, 1)),
    "selu": Row(
        reference.selu,
        constant(-1.7580993408473766),
        times(1.0507009873554805),
        (0, 1.7580993408473766, 1.0507009873554805, 1.0507009873554805),
    ),
    "sigmoid": Row(reference.sigmoid, zero, constant(1), (0, 1 / 4, 1 / 4, 0)),
    "hard_sigmoid": Row(reference.hard_sigmoid, zero, constant(1), (0, 1 / 6, 1 / 6, 0), straight=True, condition=cancelling),
    "tanh": Row(reference.tanh, constant(-1), constant(1), (0, 1, 1, 0)),
    "softplus": Row(reference.softplus, zero, same, (0, 1 / 2, 1 / 2, 1)),
    "softsign": Row(reference.softsign, constant(-1), constant(1), (0, 1, 1, 0)),
    "exponential": Row(reference.exponential, zero, constant(np.inf), (0, 1, 1, np.inf)),
    "silu": Row(reference.silu, zero, same, (0, 1 / 2, 1 / 2, 1)),
    "hard_silu": Row(reference.hard_silu, zero, same, (0, 1 / 2, 1 / 2, 1), condition=cancelling),
    # Φ is a product of three factors
    "gelu": Row(reference.gelu, zero, same, (0, 1 / 2, 1 / 2, 1), condition=constant(2)),
    # the exponent's error is the result's relative error
    "gelu_tanh": Row(
        reference.gelu_tanh, zero, same, (0, 1 / 2, 1 / 2, 1), condition=lambda x: 1 + np.abs(1.6 * x + 0.07 * x**3)
    ),
    "mish": Row(reference.mish, zero, same, (0, 3 / 5, 3 / 5, 1)),
    "softmax": Row(reference.softmax),
    "log_softmax": Row(reference.log_softmax),
    "celu": Row(reference.elu, constant(-1), same, (0, 1, 1, 1)),
    "glu": Row(reference.glu),
    "hard_tanh": Row(lambda x: np.clip(x, -1, 1), constant(-1), constant(1), (0, 1, 1, 0), straight=True),
    "hard_shrink": Row(lambda x: np.where(abs(x) > 0.5, x, 0), same, same, (1, 0, 0, 1), straight=True),
    "soft_shrink": Row(lambda x: np.sign(x) * np.maximum(abs(x) - 0.5, 0), same, same, (1, 0, 0, 1)),
    "tanh_shrink": Row(lambda x: x - np.tanh(x), same, same, (1, 0, 0, 1)),
    "threshold": Row(reference.relu, zero, same, (0, 0, 1, 1), straight=True),
    "log_sigmoid": Row(lambda x: -reference.softplus(-x), same, zero, (1, 1 / 2, 1 / 2, 0)),
    "squareplus": Row(lambda x: (x + np.sqrt(x * x + 4)) / 2, zero, same, (0, 1 / 2, 1 / 2, 1)),
    "sparse_plus": Row(lambda x: np.where(x < -1, 0, np.where(x < 1, (x + 1) ** 2 / 4, x)), zero, same, (0, 1 / 2, 1 / 2, 1)),
    "sparse_sigmoid": Row(lambda x: np.clip((x + 1) / 2, 0, 1), zero, constant(1), (0, 1 / 2, 1 / 2, 0), straight=True),
    "sparsemax": Row(reference.sparsemax),
}

#: Those of one element at a time.
ELEMENTWISE = {name: row for name, row in ROWS.items() if row.slopes}

#: Those that convolutions and matrix products apply as they store their results.
FUSED = ["relu", "leaky_relu", "relu6", "hard_sigmoid", "hard_silu"]

#: Those that have functions on arrays.
WITH_KERNELS = [name for name in ROWS if name == "gelu_tanh" or hasattr(F, name)]


def kernels_of(name):
    """Return an activation's function on arrays, its gradient, and what that takes beside dy: "x" or "y"."""
    if name == "gelu_tanh":
        return (*[functools.partial(each, approximate=True) for each in (F.gelu, F.gelu_backward_input)], "x")
    forward, backward = getattr(F, name), getattr(F, f"{name}_backward_input")
    return forward, backward, list(inspect.signature(backward).parameters)[1]
