"""Arguments of constructors, which are kept for classes that define no `get_config`, as in Keras."""

import contextvars
import inspect

import numpy as np

from .checks import choice, shown
from .contexts import setting
from .errors import Constructed
from .functions_of_ops import name_in_ops
from .registry import Described, arguments_in, describe, with_custom_objects
from .watched import Watched

_MARK = "striate"  # key of a dict that describes a value for which JSON has no type

#: Dtypes of arrays in files; others could demand any amount of memory.
_DTYPES = tuple(np.dtype(code).name for code in np.typecodes["AllInteger"] + np.typecodes["Float"] + "?")

_with_functions = contextvars.ContextVar("with_functions", default=False)


def functions_in_configurations():
    """Let configurations hold functions themselves in this block, not their names: those of copies that are never written."""
    return setting(_with_functions, True)


def functions_are_kept():
    """Return whether configurations hold functions themselves."""
    return _with_functions.get()


class KeepsArguments(Constructed):
    """A class whose subclasses need no `get_config`, since the arguments of their constructors are kept.

    This applies to subclasses outside of this library that define a constructor, as long as its arguments can be written:
    numbers, strings, None, lists, tuples, dicts and arrays of these, functions that have a name, and objects with a
    configuration, such as layers and initializers.
    """

    #: Whether `get_config` returns the constructor's arguments, which the class or a base class keeps.
    keeps_arguments = False

    #: Arguments that `_state_for_config` returns from the instance's current state, or that are stored elsewhere.
    _stored_otherwise = frozenset()

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "__init__" in vars(cls) and "get_config" not in vars(cls) and not is_of_the_library(cls) and cls._needs_arguments():
            cls.get_config = config_of_arguments
            cls.keeps_arguments = True

    def __new__(cls, *args, **kwargs):
        self = super().__new__(cls)
        if cls.keeps_arguments:
            object.__setattr__(self, "_given", (args, kwargs))
        return self

    @classmethod
    def _needs_arguments(cls):
        """Return whether the constructor's arguments suffice to make an equal instance."""
        return True

    def _state_for_config(self, given):
        """Return the arguments in `_stored_otherwise` that belong to a configuration."""
        return {}


class Configured(KeepsArguments, Watched):
    """Base class of objects that can be compared and saved: their constructors' arguments are attributes, or are kept."""

    unwatched = frozenset(["_given"])

    def get_config(self):
        """Return the arguments that make an equal instance."""
        return self.watched_attributes()

    @classmethod
    def from_config(cls, config):
        """Make an instance from what `get_config` returned."""
        return made_of(cls, config)

    def __eq__(self, other):
        """Return whether `other` is of the same class and has the same arguments."""
        return type(self) is type(other) and self.watched_attributes() == other.watched_attributes()

    __hash__ = None

    def __repr__(self):
        """Return the call that makes an equal instance."""
        arguments = self.watched_attributes() if self.keeps_arguments else self.get_config()
        return f"{type(self).__name__}({', '.join(f'{key}={value!r}' for key, value in arguments.items())})"


def made_of(cls, config, deserializers=dict):
    """Return an instance of a class, made from what its `get_config` returned.

    `deserializers` is a function that returns the deserializers of kept arguments; see `read`.
    """
    return cls(**arguments_in(read(config, deserializers()) if cls.keeps_arguments else config))


def is_of_the_library(thing):
    """Return whether a class or function is the library's own, not a custom one, which may belong to no module."""
    return (thing.__module__ or "").partition(".")[0] == __name__.partition(".")[0]


def config_of_arguments(self):
    """Return the arguments that the constructor was called with, in a form that JSON can hold."""
    cls = type(self)
    parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]
    args, kwargs = self._given
    given = inspect.signature(cls.__init__).bind(self, *args, **kwargs).arguments
    collecting = [each.name for each in parameters if each.kind is each.VAR_KEYWORD]
    placed = [each.name for each in parameters if each.kind in (each.VAR_POSITIONAL, each.POSITIONAL_ONLY)]
    named = {name: value for name, value in list(given.items())[1:] if name not in (*collecting, *placed)}
    for name in collecting:
        named |= given.get(name, {})
    strict = cls.get_config is config_of_arguments  # Otherwise the class's `get_config` adds what cannot be written here.
    if strict and any(given.get(name) for name in placed):
        raise TypeError(
            f"{_called(self)} was given {placed[0]!r} by position only; expected keyword arguments, which can be saved, or a "
            "class with a get_config"
        )
    config = {}
    for name, value in named.items():
        if name in self._stored_otherwise:
            continue
        try:
            config[name] = written(value)
        except TypeError as error:
            if strict:
                raise TypeError(
                    f"{_called(self)} was given {name}={error}, which cannot be saved; expected numbers, strings, lists, "
                    "dicts, arrays, functions with a name, layers and the like, or a class with a get_config"
                ) from None
    state = self._state_for_config(named)
    accepted = {each.name for each in parameters}
    return {name: value for name, value in state.items() if collecting or name in accepted} | config


def _called(thing):
    name = getattr(thing, "name", None)
    return type(thing).__name__ if name is None else f"{type(thing).__name__} {name!r}"


def written(value):
    """Return an argument in a form that JSON can hold; raise a TypeError if there is none."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, np.generic) and value.dtype.kind in "biuf":
        return value.item()
    if isinstance(value, tuple) and type(value) is tuple:
        return tuple(map(written, value))  # JSON makes it a list, and lists in files are read as tuples.
    if type(value) is list:
        return {_MARK: "list", "value": [written(each) for each in value]}
    if type(value) is dict and all(isinstance(key, str) and key != _MARK for key in value):
        return {key: written(each) for key, each in value.items()}
    if type(value) is np.ndarray and value.dtype.kind in "biuf":
        return {_MARK: "array", "value": written(value.tolist()), "dtype": value.dtype.name, "shape": list(value.shape)}
    if _with_functions.get() and callable(value) and not isinstance(value, Watched):
        return value
    if inspect.isroutine(value) and value.__name__ != "<lambda>":
        return {_MARK: "function", "value": name_in_ops(value) or getattr(value, "activation_name", value.__name__)}
    if isinstance(value, Watched) and value.kind is not None:
        return Described({_MARK: value.kind, **describe(value)}, type(value))
    raise TypeError(repr(value))


def read(value, deserializers):
    """Return an argument that `written` wrote.

    Parameters
    ----------
    value : object
        An argument as parsed from JSON; other objects are returned as they are.
    deserializers : dict of str to callable
        For each kind, a function that makes functions or objects of that kind from names and configurations.
    """
    if type(value) in (list, tuple):
        return type(value)(read(each, deserializers) for each in value)
    if not isinstance(value, dict):
        return value
    if isinstance(value, Described):
        return value.restored()
    kind = value.get(_MARK)
    if kind is None:
        return {key: read(each, deserializers) for key, each in value.items()}
    if kind == "list":
        return list(read(value["value"], deserializers))
    if kind == "array":
        dtype = choice("dtype of an array", value["dtype"], _DTYPES)
        return np.array(read(value["value"], deserializers), dtype).reshape(value["shape"])
    if kind not in deserializers:
        raise ValueError(f"an argument is written as {kind!r}; expected a list, an array, or one of {', '.join(deserializers)}")
    item = value["value"] if kind == "function" else {name: value[name] for name in ("class_name", "config")}
    return deserializers[kind](item)


def deserialized(item, get, custom_objects=None, deserializers=None):
    """Return the object that a name, or a description that `describe` made, refers to.

    Parameters
    ----------
    item : str or dict
        The name or description.
    get : callable
        Returns the object for an instance, a function, or a name or description of one in the library.
    custom_objects : dict of str to class or function, optional
        Custom classes and functions, by name.
    deserializers : dict of str to callable, optional
        Deserializers of kept arguments; see `read`.
    """
    name, config = (item.get("class_name"), item.get("config", {})) if isinstance(item, dict) else (item, {})
    known = with_custom_objects({}, custom_objects)
    custom = known.get(name) if isinstance(name, str) else None
    if isinstance(custom, type):
        config = read(config, deserializers or {}) if getattr(custom, "keeps_arguments", False) else config
        custom = custom.from_config(config) if hasattr(custom, "from_config") else custom(**arguments_in(config))
    return get(item if custom is None else custom)


def name_of(kind, function, others=""):
    """Return the name under which a function, given as the argument `kind`, is saved; raise a TypeError if it has none.

    `others` tells the error what else could have been saved. For copies, return the function itself: see
    `functions_in_configurations`.
    """
    if _with_functions.get():
        return function
    name = getattr(function, "__name__", None)
    if name is None or name == "<lambda>":
        raise TypeError(f"{kind}={shown(function)} cannot be saved; expected a function with a name{others}")
    return name
