"""How layers, and their arguments, are made again from a configuration."""

import functools

from .. import activations
from .._common.arguments import deserialized
from .._common.checks import choice
from .weight_settings import SETTINGS

#: The library's layers and models, by name: the packages `layers` and `models` add theirs.
LAYERS = {}


def deserializers(make_layer=None, known=None):
    """Return functions that make functions, layers and the like from names and configurations, for `_common.arguments.read`.

    Parameters
    ----------
    make_layer : callable, optional
        Makes layers; the library's own are known if None.
    known : dict of str to class or function, optional
        Custom classes, by name.
    """
    known = known or {}

    def function(name):
        if callable(known.get(name)):
            return known[name]
        return activations.get(choice("function (see custom_objects)", name, (*activations.NAMES, *known)))

    found = {"function": function, "layer": _make_layer if make_layer is None else make_layer}
    found |= {kind: functools.partial(_make_setting, module.get, known, found) for kind, module in SETTINGS.items()}
    return found


def _make_setting(get, known, found, item):
    return deserialized(item, get, known, found)


def _make_layer(item):
    return LAYERS[choice("layer", item["class_name"], tuple(LAYERS))].from_config(item["config"])
