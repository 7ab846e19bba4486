"""Activations as functions of arrays and symbolic tensors, and by the names that the `activation` argument of layers takes.

The activations in `striate.functional` have kernels; the others are composed of arithmetic. Layers take custom functions, too,
written with `striate.ops`. All activations are NaN at NaN, and so are their gradients, except for those of piecewise linear
functions such as ReLU: their gradient at NaN is the slope of one of the pieces.
"""

from .._common.arguments import deserialized, name_of
from .._common.checks import boolean, choice, shown
from .._common.names import public_attributes
from .._common.registry import REGISTERED, describe
from ..functional.activation_table import ALIASES, KERNELS
from . import functions
from .functions import *  # noqa: F403
from .table import FUNCTIONS, activate, register


@register
def linear(x):
    """Return `x`."""
    return x


@register
def exponential(x):
    """Return ``exp(x)``."""
    return activate(x, "exponential")


@register
def gelu(x, approximate=False):
    """Return ``x * Φ(x)``, Φ being the standard normal distribution function, or its tanh approximation if `approximate`."""
    return activate(x, "gelu_tanh" if boolean("approximate", approximate) else "gelu")


@register
def gelu_tanh(x):
    """Return the tanh approximation of `gelu`."""
    return activate(x, "gelu_tanh")


#: Names of the activations that have kernels, by the ids of their functions, since a custom function need not be hashable.
_NAMES_OF_KERNELS = {id(FUNCTIONS[name]): name for name in KERNELS}

#: Names that `get` takes, besides Keras' other names for them.
NAMES = (*KERNELS, *(name for name in FUNCTIONS if name not in KERNELS))


def _from_description(item):
    """Return the layer of a description; `layers`, the room above that has them, replaces this function."""
    raise TypeError(f"activation={shown(item)} is a description; expected a name, or striate.layers to be imported")


def use_layers(function):
    """Set the function of a description that returns a layer, which is then used as an activation."""
    global _from_description
    _from_description = function


def get(identifier):
    """Return an activation as a function; `resolve` describes what `identifier` may be."""
    resolved = resolve(identifier)
    return FUNCTIONS[resolved] if isinstance(resolved, str) else resolved


def deserialize(config, custom_objects=None):
    """Return the activation for what `serialize` returned; `custom_objects` has custom functions by name.

    Examples
    --------
    >>> from striate import activations
    >>> activations.deserialize(activations.serialize(activations.relu)).__name__
    'relu'
    """
    return deserialized(config, get, custom_objects)


def resolve(identifier, argument="activation"):
    """Return an activation in the form in which layers store it.

    Parameters
    ----------
    identifier : str, callable, dict or None
        A name, a function or a layer, the description of a layer, or None for "linear".
    argument : str
        What errors call it.

    Returns
    -------
    str or callable
        The name of an activation that has kernels; otherwise a function.

    Raises
    ------
    ValueError
        If it is an unknown name.
    TypeError
        If it is neither a name nor callable.
    """
    if identifier is None:
        return "linear"
    if isinstance(identifier, str) and identifier in REGISTERED:
        return REGISTERED[identifier]
    if isinstance(identifier, str):
        name = choice(argument, ALIASES.get(identifier, identifier), NAMES)
        return name if name in KERNELS else FUNCTIONS[name]
    if isinstance(identifier, dict):
        return _from_description(identifier)
    if not callable(identifier):
        raise TypeError(f"{argument}={shown(identifier)} is of type {type(identifier).__name__}; expected a name or a function")
    return _NAMES_OF_KERNELS.get(id(identifier)) or getattr(identifier, "activation_name", identifier)


def serialize(activation):
    """Return the name of an activation for a configuration, or the description of a layer.

    A loader takes a custom function under its name.
    """
    activation = resolve(activation)
    if isinstance(activation, str):
        return activation
    if hasattr(activation, "get_config") and not isinstance(activation, type):
        return describe(activation, "activation")
    return name_of("activation", activation, ", or a layer")


__all__ = [
    "deserialize",
    "exponential",
    "gelu",
    "gelu_tanh",
    "get",
    "linear",
    "serialize",
    *functions.__all__,
]

__getattr__, __dir__ = public_attributes(globals())
