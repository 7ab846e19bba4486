"""Deserialization of layers, and of their arguments, from a configuration."""

import functools
import importlib
from collections import ChainMap
from collections.abc import Mapping

from .. import activations
from .._common.arguments import deserialized, read
from .._common.checks import choice
from .._common.files import UnknownObjectError
from .._common.functions_of_ops import function_of_ops
from .._common.registry import REGISTERED, describe, described, with_custom_objects
from .weight_settings import SETTINGS


class _Layers(Mapping):
    """Classes of layers and models by name, of which some are imported when they are looked up."""

    def __init__(self):
        self._classes = {}
        self._packages = {}  # by the name of a class that is imported later, the package that has it

    def add(self, classes):
        """Add a dict of classes by name."""
        self._classes |= classes

    def add_later(self, package, names):
        """Add classes of a package that imports them when their names are read."""
        self._packages |= dict.fromkeys(names, package)

    def __getitem__(self, name):
        if name not in self._classes:
            self._classes[name] = getattr(importlib.import_module(self._packages[name]), name)
        return self._classes[name]

    def __iter__(self):
        return iter(self._classes | self._packages)

    def __len__(self):
        return len(self._classes | self._packages)


#: The library's classes of layers and models; the packages `layers` and `models` fill it.
LAYERS = _Layers()


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
        if (found := function_of_ops(name)) is not None:
            return found
        try:
            return activations.get(choice("function (see custom_objects)", name, (*activations.NAMES, *known)))
        except ValueError as error:
            raise UnknownObjectError(str(error)) from None

    found = {"function": function, "layer": make_layer}
    if make_layer is None:
        found["layer"] = functools.partial(_make_layer, known, found)
    found |= {kind: functools.partial(_make_setting, module.get, known, found) for kind, module in SETTINGS.items()}
    return found


def serialize(layer):
    """Return the description ``{"class_name": …, "config": …}`` of a layer.

    Examples
    --------
    >>> from striate import layers
    >>> layers.serialize(layers.Dense(3))["config"]["units"]
    3
    """
    return describe(layer, "layer")


def deserialize(config, custom_objects=None):
    """Return the layer for what `serialize` returned.

    Parameters
    ----------
    config : dict
        The description.
    custom_objects : dict of str to class or function, optional
        Custom classes and functions by name, beside those that are registered.

    Raises
    ------
    TypeError, ValueError
        If it describes nothing, or the layer is unknown.

    Examples
    --------
    >>> from striate import layers
    >>> layers.deserialize(layers.serialize(layers.Dense(3))).units
    3
    """
    known = with_custom_objects(REGISTERED, custom_objects)
    described(config, ChainMap(known, LAYERS))
    return deserializers(known=known)["layer"](config)


def _make_setting(get, known, found, item):
    return deserialized(item, get, known, found)


def _make_layer(known, found, item):
    known = ChainMap(known, LAYERS)
    cls = known[choice("layer", item["class_name"], tuple(known))]
    return cls.from_config(read(item["config"], found) if cls.keeps_arguments or cls.takes_layers else item["config"])


activations.use_layers(deserialize)
