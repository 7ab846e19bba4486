"""Deserialization: layers and models from their configurations."""

from collections import ChainMap

from .._common.arguments import read
from .._common.checks import shown
from .._common.files import UnknownObjectError
from .._common.registry import REGISTERED, Described, with_custom_objects
from ..layers.call_arguments import takes
from ..layers.deserialization import LAYERS, deserializers
from ..layers.weight_settings import SETTINGS
from .training import Trainable

#: Arguments of layers that may be functions, which files name.
_FUNCTIONS = frozenset(["activation", "function", "output_shape"])
#: Arguments of layers that may be layers, in place of functions.
_ACTIVATIONS = {"activation", "recurrent_activation"}


def known_models(custom_objects=None, *classes):
    """Return what files may name as the class of a model, by name; arguments as for `layer_deserializer`."""
    library = {name: LAYERS[name] for name in ("Model", "Sequential", "FeatureSpace", "Distiller")}
    known = {**library, **{each.__name__: each for each in classes}, **REGISTERED}
    models = {name: each for name, each in known.items() if isinstance(each, type) and issubclass(each, Trainable)}
    return with_custom_objects(models, custom_objects)


def layer_deserializer(custom_objects=None, *classes):
    """Return a function that makes a layer or model from a configuration that `describe` made.

    Parameters
    ----------
    custom_objects : dict of str to class or function, optional
        Custom classes and functions, by name, beside the registered ones.
    *classes : type
        More classes of layers and models, known by their own names.
    """
    custom = with_custom_objects({**{each.__name__: each for each in classes}, **REGISTERED}, custom_objects)
    known = ChainMap(custom, LAYERS)

    def make(item):
        name = item["class_name"]
        if not isinstance(name, str) or name not in known:
            kind = UnknownObjectError if isinstance(name, str) else ValueError
            raise kind(
                f"layer class={shown(name)} is unknown; expected a layer of striate, a class that is registered, or one in "
                "`custom_objects`"
            )
        cls = known[name]
        config = _tuples(item["config"])
        for argument in _FUNCTIONS & config.keys():
            function = known.get(config[argument]) if isinstance(config[argument], str) else None
            if function is not None and not isinstance(function, type):  # Classes are layers of the same name.
                config[argument] = function
        for setting in _ACTIVATIONS & config.keys():
            if isinstance(config[setting], dict) and not cls.keeps_arguments:
                config[setting] = make(config[setting])
        if cls.keeps_arguments or cls.takes_layers:
            return cls.from_config(read(config, kinds))
        config |= {name: made for name, value in config.items() if (made := _custom_setting(name, value)) is not None}
        if issubclass(cls, Trainable) and "layers" in config:
            return cls.from_config(config, make_layer=make)
        if issubclass(cls, Trainable) and takes(cls, "custom_objects", "from_config"):
            return cls.from_config(config, custom_objects=custom)
        return cls.from_config(config)

    def _custom_setting(name, value):
        """Return the custom initializer, regularizer or constraint that an argument describes, or None."""
        described = value.get("class_name") if isinstance(value, dict) else value
        thing = custom.get(described) if isinstance(described, str) else None
        kind = getattr(thing, "kind", None) if isinstance(value, dict) else None
        kind = kind or name.rpartition("_")[2]  # Functions, and classes without a base class of the library's, have no kind.
        return kinds[kind](value) if thing is not None and kind in SETTINGS else None

    kinds = deserializers(make, custom)
    return make


def _tuples(value):
    """Return a value with the lists of JSON turned back into tuples."""
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    if isinstance(value, dict) and not isinstance(value, Described):  # Copies within a program need its function.
        return {key: _tuples(item) for key, item in value.items()}
    return value
