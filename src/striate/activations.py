"""Activations by name, as functions of arrays and symbolic tensors: what the `activation` argument of layers takes.

Those in `striate.functional` have kernels; the others are composed of arithmetic. A custom function, written with
`striate.ops`, serves as well. At NaN all are NaN, and so are their gradients, except for piecewise linear functions such as
ReLU: their gradient at NaN is the slope of one of the pieces.
"""

import numpy as np

from ._arguments import name_of
from ._checks import axes_of, axis_of, boolean, choice, number, real_array, shown
from ._errors import explained
from .engine import Graph, Plan
from .engine.dtypes import promoted
from .engine.operators import Operators, apply
from .functional.activations import ACTIVATIONS, check_activation
from .threads import get_num_threads

_SQUARABLE = 1e18  # in float32, too


def activate(x, name, alpha=None):
    """Return the activation of that name in `striate.functional`, softmax along the last axis.

    Parameters
    ----------
    x : array_like or symbolic tensor
        Input.
    name : str
        The activation's name.
    alpha : float, optional
        Factor of the part below zero of "leaky_relu" and "elu".
    """
    if isinstance(x, Operators):
        return x._activate(name, alpha)
    array = real_array("x", x)
    dtype = promoted(array.dtype if hasattr(x, "dtype") or array.dtype.kind != "f" else float)  # Python's floats are float32
    graph = Graph()
    y = graph.input(array.shape, np.float64 if dtype == np.float64 else np.float32)._activate(name, alpha)
    y = Plan(graph, [y], get_num_threads()).instantiate().compute([array])[0]
    return y.astype(dtype) if dtype == np.float16 else y


@explained
def linear(x):
    """Return `x`."""
    return x


@explained
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


@explained
def leaky_relu(x, negative_slope=0.2):
    """Return ``x`` where it is positive, ``negative_slope * x`` elsewhere."""
    return activate(x, "leaky_relu", number("negative_slope", negative_slope))


@explained
def elu(x, alpha=1.0):
    """Return ``x`` where it is positive, ``alpha * (exp(x) - 1)`` elsewhere."""
    return activate(x, "elu", number("alpha", alpha))


@explained
def gelu(x, approximate=False):
    """Return ``x`` times the part of a normal distribution below it, or with `approximate` a formula with tanh."""
    return activate(x, "gelu_tanh" if boolean("approximate", approximate) else "gelu")


@explained
def softmax(x, axis=-1):
    """Return ``exp(x) / sum(exp(x))``, the sum along an axis, or several."""
    axis = _last_axis(x, axis)
    if axis == -1:
        return activate(x, "softmax")
    shifted = apply("exp", apply("subtract", x, apply("max", x, axis=axis, keepdims=True)))
    return apply("divide", shifted, apply("sum", shifted, axis=axis, keepdims=True))


@explained
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


@explained
def celu(x, alpha=1.0):
    """Return ``max(x, 0) + alpha * (exp(min(x, 0) / alpha) - 1)``."""
    alpha = number("alpha", alpha)
    below = apply("expm1", apply("divide", apply("minimum", x, 0.0), alpha))
    return apply("where", apply("greater", x, 0.0), x, apply("multiply", below, alpha))


@explained
def glu(x, axis=-1):
    """Return the first half along an axis times the sigmoid of the second."""
    axis = axis_of(axis, "x", x.shape)
    size = x.shape[axis]
    if size is not None and size % 2:
        raise ValueError(f"x has shape {tuple(x.shape)}; expected an even size along axis={axis} to halve")
    first, second = (apply("part", x, number=number, parts=2, axis=axis) for number in (0, 1))
    return apply("multiply", first, activate(second, "sigmoid"))


@explained
def hard_tanh(x):
    """Return ``x`` cut off at -1 and 1."""
    return apply("clip", x, -1.0, 1.0)


@explained
def hard_shrink(x, threshold=0.5):
    """Return ``x`` where its absolute value is above a threshold, 0 elsewhere."""
    return apply("where", apply("less_equal", apply("absolute", x), number("threshold", threshold)), 0.0, x)


@explained
def soft_shrink(x, threshold=0.5):
    """Return ``x``, nearer to 0 by a threshold, at most to 0."""
    shrunk = activate(apply("subtract", apply("absolute", x), number("threshold", threshold)), "relu")
    return apply("multiply", apply("sign", x), shrunk)


@explained
def tanh_shrink(x):
    """Return ``x - tanh(x)``."""
    return apply("subtract", x, activate(x, "tanh"))


@explained
def threshold(x, threshold=0.0, default_value=0.0):
    """Return ``x`` where it is above a threshold, another value elsewhere."""
    threshold, default_value = number("threshold", threshold), number("default_value", default_value)
    return apply("where", apply("less_equal", x, threshold), default_value, x)


@explained
def log_sigmoid(x):
    """Return the logarithm of the sigmoid."""
    return apply("negative", activate(apply("negative", x), "softplus"))


@explained
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


@explained
def sparse_plus(x):
    """Return 0 below -1, ``(x + 1)² / 4`` up to 1, and ``x`` above."""
    bent = apply("divide", apply("square", apply("add", apply("clip", x, -1.0, 1.0), 1.0)), 4.0)
    return apply("where", apply("less", x, 1.0), bent, x)


@explained
def sparse_sigmoid(x):
    """Return 0 below -1, ``(x + 1) / 2`` up to 1, and 1 above."""
    return apply("clip", apply("divide", apply("add", x, 1.0), 2.0), 0.0, 1.0)


@explained
def sparsemax(x, axis=-1):
    """Return the point nearest to ``x`` among the probabilities along an axis (Martins & Astudillo, ICML 2016)."""
    return apply("sparsemax", x, axis=axis_of(axis, "x", np.shape(x)))


def _named(name):
    def function(x):
        return activate(x, name)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"Return the activation `striate.functional.{name}`."
    return explained(function)


relu6 = _named("relu6")
selu = _named("selu")
sigmoid = _named("sigmoid")
hard_sigmoid = _named("hard_sigmoid")
tanh = _named("tanh")
softplus = _named("softplus")
softsign = _named("softsign")
exponential = _named("exponential")
silu = swish = _named("silu")
hard_silu = hard_swish = _named("hard_silu")
mish = _named("mish")
gelu_tanh = _named("gelu_tanh")

_WITH_KERNELS = {
    function: function.__name__
    for function in (
        linear, relu, leaky_relu, elu, gelu, softmax, log_softmax, relu6, selu, sigmoid, hard_sigmoid, tanh, softplus, softsign,
        exponential, silu, hard_silu, mish, gelu_tanh,
    )
}  # fmt: skip
_FUNCTIONS = {name: function for function, name in _WITH_KERNELS.items()}
_OTHERS = {
    function.__name__: function
    for function in (
        celu, glu, hard_tanh, hard_shrink, soft_shrink, tanh_shrink, threshold, log_sigmoid, squareplus, sparse_plus,
        sparse_sigmoid, sparsemax,
    )
}  # fmt: skip


#: What `get` takes a name for.
NAMES = (*ACTIVATIONS, *_OTHERS)


def get(identifier):
    """Return an activation as a function; see `resolve`."""
    kept = resolve(identifier)
    return _FUNCTIONS[kept] if isinstance(kept, str) else kept


deserialize = get


def resolve(identifier):
    """Return an activation as layers keep it.

    Parameters
    ----------
    identifier : str, callable or None
        A name, a function, or None for "linear".

    Returns
    -------
    str or callable
        The name of one that has kernels, a function otherwise.

    Raises
    ------
    ValueError, TypeError
        If it is neither.
    """
    if identifier is None:
        return "linear"
    if isinstance(identifier, str):
        if identifier in _OTHERS:
            return _OTHERS[identifier]
        try:
            return check_activation(identifier)
        except ValueError:
            choice("activation", identifier, NAMES)
    if not callable(identifier):
        raise TypeError(f"activation={shown(identifier)} is of type {type(identifier).__name__}; expected a name or a function")
    return _WITH_KERNELS.get(identifier, getattr(identifier, "activation_name", identifier))


def serialize(activation):
    """Return the name of an activation, for a configuration; a custom one is passed to the loader under that name."""
    activation = resolve(activation)
    if isinstance(activation, str):
        return activation
    return name_of("activation", activation, ", or a layer after this one")


__all__ = [
    "celu",
    "deserialize",
    "elu",
    "exponential",
    "gelu",
    "gelu_tanh",
    "get",
    "glu",
    "hard_shrink",
    "hard_sigmoid",
    "hard_silu",
    "hard_swish",
    "hard_tanh",
    "leaky_relu",
    "linear",
    "log_sigmoid",
    "log_softmax",
    "mish",
    "relu",
    "relu6",
    "selu",
    "serialize",
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
