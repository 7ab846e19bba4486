"""Instances from the names and configurations that users and files give."""

import re

from .checks import choice, shown
from .errors import parameters_of

#: Custom classes and functions that files may refer to, by name; see `striate.saving`.
REGISTERED = {}

#: The names, "package>name", under which they are registered.
NAMES = {}


class Described(dict):
    """The description of a function, or of an instance of a class, that still knows it, for copies within a program.

    The function or class need not be registered until the description becomes JSON.
    """

    def __init__(self, description, thing):
        super().__init__(description)
        self._thing = thing

    def restored(self):
        """Return the function, or a new instance of the class."""
        return self._thing.from_config(self["config"]) if isinstance(self._thing, type) else self._thing


def registered(identifier):
    """Return what is registered under a name, or an instance of the registered class in a description; others as they are."""
    is_description = isinstance(identifier, dict)
    name = identifier.get("class_name") if is_description else identifier
    thing = REGISTERED.get(name) if isinstance(name, str) else None
    if thing is None:
        return identifier
    if not is_description:
        return thing
    config = arguments_in(identifier.get("config", {}))
    return thing.from_config(config) if hasattr(thing, "from_config") else thing(**config)


def resolve(kind, identifier, base, by_name):
    """Return the instance that `identifier` is, names or describes.

    Parameters
    ----------
    kind : str
        Name of the argument ("loss"), for errors.
    identifier : base, type, str or dict
        An instance, a class that needs no arguments, a name in `by_name` or of a class there, or what `describe` returned.
    base : type
        Base class of the instances.
    by_name : dict of str to class
        The known classes, by name.
    """
    if isinstance(identifier, base):
        return identifier
    if isinstance(identifier, type) and issubclass(identifier, base):
        return identifier()
    if isinstance(identifier, dict):
        by_class = {getattr(each, "__name__", name): each for name, each in by_name.items()}
        cls, config = described(identifier, by_class | by_name, f"class_name of {kind}")
        return cls(**config)
    if isinstance(identifier, str):
        spellings = (identifier, identifier.lower(), snake_case(identifier))
        known = next((each for each in spellings if each in by_name), identifier)
        return by_name[choice(kind, known, tuple(by_name))]()
    room = ".".join(base.__module__.split(".")[:2])
    expected = f"an instance of {room}.{base.__name__} or a name"
    raise TypeError(f"{kind}={shown(identifier)} is not a valid {kind}; expected {expected}")


def described(config, classes, name="class_name"):
    """Return the class, one of `classes`, and the arguments in what `describe` returned; errors call the class `name`."""
    if not isinstance(config, dict):
        raise TypeError(f"config={shown(config)} describes nothing; expected a dict with 'class_name' and 'config'")
    arguments = arguments_in(config.get("config", {}))
    return classes[choice(name, config.get("class_name"), tuple(classes))], arguments


def arguments_in(config):
    """Return a configuration, after checking that it is a dict of a constructor's arguments."""
    if not isinstance(config, dict) or not all(isinstance(name, str) for name in config):
        raise TypeError(f"config={shown(config)} holds no arguments; expected a dict, as get_config returns it")
    return config


def with_custom_objects(classes, custom_objects):
    """Return a dict of classes by name, together with the custom ones in another dict, or None."""
    if custom_objects is not None and not (isinstance(custom_objects, dict) and all(map(callable, custom_objects.values()))):
        raise TypeError(f"custom_objects={shown(custom_objects)} is not a dict of classes; expected classes by their names")
    return classes | (custom_objects or {})


def describe(instance, name="instance"):
    """Return the class and the arguments of an instance with `get_config`, in a form that JSON can hold.

    Errors call the instance `name`.
    """
    if isinstance(instance, type) or not hasattr(instance, "get_config"):
        raise TypeError(f"{name}={shown(instance)} cannot be described; expected an instance of a class with get_config")
    return {"class_name": type(instance).__name__, "config": instance.get_config()}


def arguments_of(instance):
    """Return the arguments of an instance's constructor that it keeps as attributes of the same names."""
    names = parameters_of(type(instance))
    return {name: value for name, value in vars(instance).items() if name in names}


def snake_case(name):
    """Return a class's name in snake case, as Keras names its instances: "MaxPooling2D" becomes "max_pooling2d"."""
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()
