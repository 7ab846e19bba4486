"""Objects as configurations that JSON can hold, and back, in Keras' layout.

A configuration holds the class's name, the module where users find it, and the arguments that `get_config` returns. Classes and
functions are only found among the library's public ones for models, and among custom ones that are registered or given: no
configuration can import a module.
"""

import importlib
import inspect

import numpy as np

from .. import config as settings
from .._common.arguments import is_of_the_library
from .._common.checks import boolean, shown
from .._common.code import code_is_trusted, described_function, function_of, trusting_code
from .._common.registry import REGISTERED, with_custom_objects
from ..engine import Variable
from ..engine.dtypes import standardize_dtype
from .registration import custom_object_scope, get_registered_name

#: Modules whose public classes and functions a configuration may name; "" is the library itself.
_ROOMS = (
    "", "activations", "constraints", "dtype_policies", "initializers", "layers", "losses", "metrics", "models", "optimizers",
    "optimizers.schedules", "random", "regularizers", "distillation", "utils",
)  # fmt: skip

#: Those of which it may name functions, and the functions there that are not for models.
_ROOMS_OF_FUNCTIONS = ("activations", "constraints", "initializers", "losses", "metrics", "regularizers")
_NOT_FOR_MODELS = ("deserialize", "get", "serialize")

#: Names of classes that users find under other names.
_OTHER_NAMES = ("GroupedQueryAttention",)

#: Names of the library, and of Keras, in front of a module's name.
_LIBRARIES = ("striate", "keras")

_PLAIN = (bool, int, float, str, type(None))


def serialize_keras_object(obj):
    """Return an object as a configuration that JSON can hold.

    Parameters
    ----------
    obj : object
        A layer, model, optimizer or the like, any other instance of a class with `get_config`, a function, an array, a number,
        a string or bytes, None, a slice, an ellipsis, or a list, tuple or dict of these.

    Returns
    -------
    object
        What `deserialize_keras_object` takes.

    Raises
    ------
    TypeError
        If it is something else.

    Examples
    --------
    >>> from striate import layers, saving
    >>> described = saving.serialize_keras_object(layers.Dense(2, name="last"))
    >>> described["module"], described["class_name"], described["config"]["units"]
    ('striate.layers', 'Dense', 2)
    >>> saving.deserialize_keras_object(described).units
    2
    """
    if isinstance(obj, _PLAIN):
        return obj
    if isinstance(obj, (list, tuple)):
        parts = [serialize_keras_object(each) for each in obj]
        return tuple(parts) if isinstance(obj, tuple) else parts
    if isinstance(obj, dict):
        return {key: serialize_keras_object(each) for key, each in obj.items()}
    if isinstance(obj, bytes):
        return _described("__bytes__", value=obj.decode("utf-8"))
    if isinstance(obj, slice):
        ends = {name: serialize_keras_object(getattr(obj, name)) for name in ("start", "stop", "step")}
        return _described("__slice__", **ends)
    if obj is Ellipsis:
        return _described("__ellipsis__")
    if isinstance(obj, np.generic) or (isinstance(obj, np.ndarray) and not obj.ndim):
        return obj.item()
    if isinstance(obj, (np.ndarray, Variable)):
        array = np.asarray(obj)
        return _described("__numpy__", value=array.tolist(), dtype=standardize_dtype(array.dtype))
    if inspect.isfunction(obj):
        return described_function(obj, serialize_keras_object) if obj.__name__ == "<lambda>" else _of_function(obj)
    if inspect.isclass(obj) or not hasattr(obj, "get_config"):
        raise TypeError(f"obj={shown(obj)} cannot be described; expected an instance of a class with get_config")
    return _of_instance(obj)


def _described(class_name, **config):
    return {"class_name": class_name, "config": config}


def _of_function(function):
    module = _public_module(function)
    name = function.__name__ if module else get_registered_name(function)
    return {"module": module or "builtins", "class_name": "function", "config": name, "registered_name": "function"}


def _of_instance(obj):
    cls = type(obj)
    module = _public_module(cls)
    described = {
        "module": module or (None if cls.__module__ == "__main__" else cls.__module__),
        "class_name": cls.__name__,
        "config": serialize_keras_object(obj.get_config()),
        "registered_name": None if module else get_registered_name(cls),
    }
    built_for = getattr(obj, "get_build_config", lambda: None)()
    return described if built_for is None else described | {"build_config": serialize_keras_object(built_for)}


def _public_module(thing):
    """Return the module of the library in which users find a class or function, or None for a custom one."""
    if not is_of_the_library(thing):
        return None
    rooms = (room for room in _ROOMS if _in_room(room, thing.__name__) is thing)
    return next((f"striate.{room}".rstrip(".") for room in rooms), None)


def _in_room(room, name):
    """Return a public class or function of one of `_ROOMS`, or None."""
    module = importlib.import_module(f"striate.{room}".rstrip("."))
    thing = getattr(module, name, None) if name in module.__all__ or name in _OTHER_NAMES else None
    is_function = inspect.isfunction(thing) and room in _ROOMS_OF_FUNCTIONS and name not in _NOT_FOR_MODELS
    return thing if inspect.isclass(thing) or is_function else None


def deserialize_keras_object(config, custom_objects=None, safe_mode=True):
    """Return the object that a configuration describes.

    Parameters
    ----------
    config : object
        What `serialize_keras_object` returned, also after it has been written as JSON.
    custom_objects : dict of str to class or function, optional
        Custom classes and functions by name, beside those that are registered.
    safe_mode : bool
        Whether configurations that hold code, that is, lambdas, are refused. `striate.config.enable_unsafe_deserialization`
        allows them everywhere. While a file is loaded, it is the `safe_mode` of that which counts.

    Raises
    ------
    TypeError
        If a class or function is not known, or what describes it is not a configuration.
    ValueError
        If it holds code, and `safe_mode` is True.

    Examples
    --------
    >>> from striate import saving
    >>> saving.deserialize_keras_object({"class_name": "Zeros", "module": "keras.initializers", "config": {}})
    Zeros()
    """
    safe_mode = boolean("safe_mode", safe_mode) and settings.safe_mode()
    # A class that describes its parts calls this again, without the arguments: what the outer call trusts holds for all.
    with trusting_code(code_is_trusted(default=not safe_mode)):
        return _Reader(custom_objects).read(config)


class _Reader:
    """Reads configurations."""

    def __init__(self, custom_objects):
        self.custom_objects = with_custom_objects({}, custom_objects)

    def read(self, config):
        """Return what a configuration describes."""
        if isinstance(config, str) and config in self._known():
            return self._known()[config]
        if isinstance(config, _PLAIN):
            return config
        if isinstance(config, (list, tuple)):
            return [self.read(each) for each in config]
        if not isinstance(config, dict):
            raise TypeError(f"config={shown(config)} describes nothing; expected what serialize_keras_object returned")
        if "class_name" not in config or "config" not in config:
            return {key: self.read(each) for key, each in config.items()}
        kind = config["class_name"]
        if kind == "function":
            return self._function(config)
        arguments = {} if config["config"] is None else config["config"]
        if not isinstance(kind, str) or not isinstance(arguments, dict):
            raise TypeError(f"config={shown(arguments)} of class_name={shown(kind)} holds no arguments; expected a dict")
        special = getattr(self, f"_of{kind[1:-2]}", None) if kind.startswith("__") else None
        return self._instance(config, arguments) if special is None else special(arguments, config)

    def _known(self):
        return self.custom_objects | REGISTERED

    def _of_bytes(self, arguments, config):
        return arguments["value"].encode("utf-8")

    def _of_slice(self, arguments, config):
        return slice(*(self.read(arguments[name]) for name in ("start", "stop", "step")))

    def _of_ellipsis(self, arguments, config):
        return Ellipsis

    def _of_numpy(self, arguments, config):
        return np.array(arguments["value"], standardize_dtype(arguments["dtype"]))

    _of_tensor = _of_numpy

    def _of_lambda(self, arguments, config):
        return function_of(config, self.read, "config")

    def _function(self, config):
        name = config["config"]
        if not isinstance(name, str):
            raise TypeError(f"config={shown(name)} of a function is not its name; expected a string")
        registered = [each for key, each in self._known().items() if key == name or key.endswith(f">{name}")]
        return registered[0] if registered else self._found(config, name, inspect.isfunction)

    def _instance(self, config, arguments):
        cls = self._known().get(config.get("registered_name") or config["class_name"])
        cls = self._found(config, config["class_name"], inspect.isclass) if cls is None else cls
        if inspect.isfunction(cls):
            return cls
        if not hasattr(cls, "from_config"):
            raise TypeError(f"class_name={shown(config['class_name'])} has no from_config; expected a class that has")
        with custom_object_scope(self.custom_objects):
            instance = cls.from_config(arguments)
            if config.get("build_config") and not getattr(instance, "built", True):
                instance.build_from_config(config["build_config"])
        return instance

    def _found(self, config, name, is_kind):
        """Return a public class or function of the library."""
        library, _, room = str(config.get("module")).partition(".")
        rooms = _ROOMS if library == "builtins" else (room,) if library in _LIBRARIES and room in _ROOMS else ()
        thing = next((each for each in (_in_room(room, name) for room in rooms) if each is not None and is_kind(each)), None)
        if thing is None:
            raise TypeError(
                f"{name!r} of module {shown(config.get('module'))} is not known; expected a public one of layers, losses and "
                "the like, or a custom one that register_keras_serializable or custom_objects names"
            )
        given = config.get("registered_name")
        if given and given not in (name, config["class_name"]):
            raise ValueError(f"registered_name={shown(given)} names a class of the library; expected none, or {name!r}")
        return thing
