"""Deserialization of layers, and of their arguments, from a configuration."""

import functools

from .. import activations
from .._common.arguments import deserialized, read
from .._common.checks import choice
from .weight_settings import SETTINGS

#: The library's classes of layers and models, by name; the packages `layers` and `models` fill it.
LAYERS = {}


def deserializers(make_layer=None, known=None):
    """Return the deserializers that `_common.arguments.read` takes, by kind.

    Parameters
    ----------
    make_layer : callable, optional
        Returns a layer for its description; if None, the library's layers and the custom classes are known.
    known : dict of str to class or function, optional
        Custom classes and functions, by name.

    Returns
    -------
    dict of str to callable
        A function for each kind of argument, which takes a name or a description.
    """
    known = known or {}

    def function(name):
        if callable(known.get(name)):
            return known[name]
        return activations.get(choice("function (see custom_objects)", name, (*activations.NAMES, *known)))

    found = {"function": function, "layer": make_layer}
    if make_layer is None:
        found["layer"] = functools.partial(_make_layer, known, found)
    found |= {kind: functools.partial(_make_setting, module.get, known, found) for kind, module in SETTINGS.items()}
    return found


def _make_setting(get, known, found, item):
    return deserialized(item, get, known, found)


def _make_layer(known, found, item):
    known = LAYERS | known
    cls = known[choice("layer", item["class_name"], tuple(known))]
    return cls.from_config(read(item["config"], found) if cls.keeps_arguments or cls.takes_layers else item["config"])
