"""The table of activations that have kernels, in which operations look an activation up by its name.

A row is a pair of functions in `activations`: the decorator `activation` enters the first into the table, and `gradient` is the
decorator of the second, its gradient. Both decorators add the docstring sections that all activations share.
"""

from collections.abc import Callable
from typing import NamedTuple

from .._common.checks import choice
from .._common.docstrings import T, documented
from ..kernels import bindings
from ..threads import get_num_threads

#: Negative slope of "leaky_relu" as the name of an activation, and the default of the function `leaky_relu`, as in Keras.
NEGATIVE_SLOPE = 0.2


class Kernel(NamedTuple):
    """Properties of an activation's kernel.

    Attributes
    ----------
    alpha : float
        Factor of the part below zero if the activation is chosen by name; most activations ignore it.
    from_input : bool
        Whether the gradient is computed from the input, because the output does not determine it, or else from the output.
    fused : bool
        Whether the kernels of convolutions and matrix products apply the activation as they store their results.
    fused_forward : bool
        Whether they can do so where no gradient is computed, which would need the activation's input, or a kernel of its own.
    """

    alpha: float = 1.0
    from_input: bool = False
    fused: bool = False
    fused_forward: bool = False


#: Kernels by the names that the `activation` argument of operations and layers takes. None means "linear", for
#: which there is no function.
KERNELS = {"linear": Kernel(fused=True)}

#: Other names of activations in Keras, mapped to the names in `KERNELS`.
ALIASES = {}

_FORWARD = """
    Parameters
    ----------
    x : ndarray of float32 or float64, any shape
        Input.
    negative_slope : float
        Slope below zero.
    alpha : float
        Scale of the part below zero, whose limit is ``-alpha``; at least 0.
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
        Gradient with respect to the output.
    x : ndarray of dy's shape and dtype
        Input.
    y : ndarray of dy's shape and dtype
        Output.
    negative_slope : float
        Slope below zero.
    alpha : float
        Scale of the part below zero, whose limit is ``-alpha``; at least 0.
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
        Gradient with respect to the output.
    axis : int
        Axis of the softmax.
    """


def activation(*names, aliases=(), along_axis=False, **properties) -> Callable[[T], T]:
    """Return a decorator that enters a function into the table and completes its docstring.

    Parameters
    ----------
    *names : str
        Names of its kernels; the function's own name by default.
    aliases : sequence of str
        Other names in Keras.
    along_axis : bool
        Whether the activation is computed along an axis.
    **properties
        See `Kernel`.
    """

    def enter(function):
        KERNELS.update(dict.fromkeys(names or [function.__name__], Kernel(**properties)))
        ALIASES.update(dict.fromkeys(aliases, function.__name__))
        return documented(_FORWARD, *[_ALONG_AXIS] * along_axis)(function)

    return enter


#: Decorator of the gradient of an elementwise activation, which completes its docstring.
gradient = documented(_BACKWARD)

#: Decorator of the gradient of an activation along an axis, which completes its docstring.
gradient_along_axis = documented(_BACKWARD, _BACKWARD_ALONG_AXIS)


def check_activation(activation):
    """Return the name of an activation that has a kernel; "linear" for None."""
    if isinstance(activation, str):
        activation = ALIASES.get(activation, activation)
    return "linear" if activation is None else choice("activation", activation, KERNELS)


def epilogue(activation, forward=False):
    """Return the name and negative slope of what a fused kernel applies, and the name of the activation to apply after it.

    `forward` tells that a convolution or matrix product applies it, and that no gradient is computed.
    """
    name = check_activation(activation)
    fused = KERNELS[name].fused or (forward and KERNELS[name].fused_forward)
    return (name, NEGATIVE_SLOPE, "linear") if fused else ("linear", 0.0, name)


def without_slope(name, alpha):
    """Return `name`, or "relu" for a "leaky_relu" of slope 0, since minus infinity times 0 would be NaN."""
    return "relu" if name == "leaky_relu" and alpha == 0 else name


def activation_in_place(y, name):
    """Apply the activation `name` along the last axis of `y`."""
    if name != "linear" and y.size:
        columns = y.shape[-1] if y.ndim else 1
        alpha = KERNELS[name].alpha
        bindings.activation_forward(y, y, columns=columns, activation=name, alpha=alpha, threads=get_num_threads())
