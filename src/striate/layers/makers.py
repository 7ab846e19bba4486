"""What makes arguments of layers again of what a configuration says of them."""

from .. import activations, constraints, initializers, regularizers
from .._checks import choice


def makers(make_layer=None, known=None):
    """Return what makes functions, layers and the like of names and descriptions, for `striate._arguments.read`.

    Parameters
    ----------
    make_layer : callable, optional
        Makes layers; the library's own are known if None.
    known : dict of str to class or function, optional
        Those of users, by name.
    """
    known = known or {}

    def function(name):
        if callable(known.get(name)):
            return known[name]
        return activations.get(choice("function (see custom_objects)", name, (*activations.NAMES, *known)))

    return {
        "function": function,
        "layer": _make_layer if make_layer is None else make_layer,
        "initializer": lambda item: initializers.deserialize(item, known),
        "regularizer": lambda item: regularizers.deserialize(item, known),
        "constraint": lambda item: constraints.deserialize(item, known),
    }


def _make_layer(item):
    from .. import layers  # all of them

    return getattr(layers, choice("layer", item["class_name"], tuple(layers.__all__))).from_config(item["config"])
