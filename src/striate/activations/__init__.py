"""Activations by name, as functions of arrays and symbolic tensors: what the `activation` argument of layers takes.

Those in `striate.functional` have kernels; the others are composed of arithmetic. A custom function, written with
`striate.ops`, serves as well. At NaN all are NaN, and so are their gradients, except for piecewise linear functions such as
ReLU: their gradient at NaN is the slope of one of the pieces.
"""

from .._common.arguments import name_of
from .._common.checks import boolean, choice, shown
from ..functional.activation_table import ALIASES, KERNELS
from . import functions
from .functions import *  # noqa: F403
from .table import FUNCTIONS, activate, activation


@activation
def linear(x):
    """Return `x`."""
    return x


@activation
def exponential(x):
    """Return ``exp(x)``."""
    return activate(x, "exponential")


@activation
def gelu(x, approximate=False):
    """Return ``x`` times the part of a normal distribution below it, or with `approximate` a formula with tanh."""
    return activate(x, "gelu_tanh" if boolean("approximate", approximate) else "gelu")


@activation
def gelu_tanh(x):
    """Return `gelu` by the formula with tanh."""
    return activate(x, "gelu_tanh")


#: Names of the functions that have kernels, by the functions' ids, as a function of a user's need not be hashable.
_NAMES_OF_KERNELS = {id(FUNCTIONS[name]): name for name in KERNELS}

#: What `get` takes a name for.
NAMES = (*KERNELS, *(name for name in FUNCTIONS if name not in KERNELS))


def get(identifier):
    """Return an activation as a function; see `resolve`."""
    kept = resolve(identifier)
    return FUNCTIONS[kept] if isinstance(kept, str) else kept


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
        name = choice("activation", ALIASES.get(identifier, identifier), NAMES)
        return name if name in KERNELS else FUNCTIONS[name]
    if not callable(identifier):
        raise TypeError(f"activation={shown(identifier)} is of type {type(identifier).__name__}; expected a name or a function")
    return _NAMES_OF_KERNELS.get(id(identifier)) or getattr(identifier, "activation_name", identifier)


def serialize(activation):
    """Return the name of an activation, for a configuration; a custom one is passed to the loader under that name."""
    activation = resolve(activation)
    if isinstance(activation, str):
        return activation
    return name_of("activation", activation, ", or a layer after this one")


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
