"""The table of activations that have kernels, and what operations know of an activation by its name.

A row is a pair of functions in `activations`: `activation` enters the first under its name, `gradient` marks the second, its
gradient. Both complete the docstring by what is the same for all.
"""

from collections.abc import Callable
from typing import NamedTuple

from .._common.checks import choice
from .._common.docstrings import T, documented
from ..kernels import bindings
from ..threads import get_num_threads

#: Negative slope of "leaky_relu" where it is asked for by name, and the default of `leaky_relu` (Keras').
NEGATIVE_SLOPE = 0.2


class Kernel(NamedTuple):
    """What operations know of an activation.

    Attributes
    ----------
    alpha : float
        Factor of the part below zero where it is asked for by name; of no meaning to most.
    from_input : bool
        Whether its gradient is computed from the input, as the output does not determine it; otherwise, from the output.
    fused : bool
        Whether the kernels of convolutions and matrix products apply it as they store their result.
    """

    alpha: float = 1.0
    from_input: bool = False
    fused: bool = False


#: By the names that the `activation` argument of operations and layers takes; None means "linear", which is no function.
KERNELS = {"linear": Kernel(fused=True)}

#: Keras' other names.
ALIASES = {}

_FORWARD = """
    Parameters
    ----------
    x : ndarray of float32 or float64, any shape
        Input.
    negative_slope : float
        Slope left of zero.
    alpha : float
        Limit below zero, negated; at least 0.
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

_ALONG_AXIS = """
    Parameters
    ----------
    x : ndarray of float32 or float64, at least one dimension
        Input, often called logits.
    axis : int
        Axis of the softmax.

    Raises
    ------
    TypeError, ValueError
        If `x` is not a float array, has no such axis, or `out` does not fit.
    """

_BACKWARD = """
    Parameters
    ----------
    dy : ndarray of float32 or float64, any shape
        Gradient of the output.
    x : ndarray of dy's shape and dtype
        Input.
    y : ndarray of dy's shape and dtype
        Output.
    negative_slope : float
        Slope left of zero.
    alpha : float
        Limit below zero, negated; at least 0.
    approximate : bool
        Whether the tanh approximation was computed.
    out : ndarray, optional
        Where to write the result; may be `dy`.

    Returns
    -------
    ndarray of dy's shape and dtype
    """

_BACKWARD_ALONG_AXIS = """
    Parameters
    ----------
    dy : ndarray of float32 or float64, at least one dimension
        Gradient of the output.
    axis : int
        Axis of the softmax.
    """


def activation(*names, aliases=(), alpha=1.0, from_input=False, fused=False, along_axis=False) -> Callable[[T], T]:
    """Return a decorator that enters a function into the table and completes its docstring.

    Parameters
    ----------
    *names : str
        Those that kernels have for it, unless that is the function's.
    aliases : sequence of str
        Keras' other names.
    alpha, from_input, fused
        See `Kernel`.
    along_axis : bool
        Whether it is computed along an axis.
    """

    def enter(function):
        KERNELS.update(dict.fromkeys(names or [function.__name__], Kernel(alpha, from_input, fused)))
        ALIASES.update(dict.fromkeys(aliases, function.__name__))
        return documented(_FORWARD, *[_ALONG_AXIS] * along_axis)(function)

    return enter


#: Complete the docstring of an activation's gradient.
gradient = documented(_BACKWARD)
gradient_along_axis = documented(_BACKWARD, _BACKWARD_ALONG_AXIS)


def check_activation(activation):
    """Return an activation's name, "linear" for None."""
    if isinstance(activation, str):
        activation = ALIASES.get(activation, activation)
    return "linear" if activation is None else choice("activation", activation, KERNELS)


def epilogue(activation):
    """Split an activation into what a kernel applies (name, slope) and the name of what must follow."""
    name = check_activation(activation)
    return (name, NEGATIVE_SLOPE, "linear") if KERNELS[name].fused else ("linear", 0.0, name)


def without_slope(name, alpha):
    """Return the activation's name, "relu" for a "leaky_relu" of slope 0: minus infinity times 0 would be NaN."""
    return "relu" if name == "leaky_relu" and alpha == 0 else name


def activation_in_place(y, name):
    """Apply the activation `name` along the last axis of `y`."""
    if name != "linear" and y.size:
        axis = y.shape[-1] if y.ndim else 1
        alpha = KERNELS[name].alpha
        bindings.activation_forward(y, y, columns=axis, activation=name, alpha=alpha, threads=get_num_threads())
