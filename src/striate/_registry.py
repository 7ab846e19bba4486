"""Things that users name: how a string or a saved configuration becomes an instance."""

import inspect
import re

from ._checks import choice


def resolve(kind, identifier, base, by_name):
    """Return the instance that `identifier` stands for.

    Parameters
    ----------
    kind : str
        What is wanted ("loss"), for errors.
    identifier : base, type, str or dict
        An instance, a class that needs no arguments, a name in `by_name` or of a class there, or what `describe` returned.
    base : type
        Class of what is wanted.
    by_name : dict of str to class
        The known classes.
    """
    if isinstance(identifier, base):
        return identifier
    if isinstance(identifier, type) and issubclass(identifier, base):
        return identifier()
    if isinstance(identifier, str):
        spellings = (identifier, identifier.lower(), snake_case(identifier))
        known = next((each for each in spellings if each in by_name), identifier)
        return by_name[choice(kind, known, tuple(by_name))]()
    if isinstance(identifier, dict):
        classes = {cls.__name__: cls for cls in by_name.values()}
        return classes[choice(kind, identifier.get("class_name"), tuple(classes))](**identifier.get("config", {}))
    room = ".".join(base.__module__.split(".")[:2])
    expected = f"an instance of {room}.{base.__name__} or a name"
    raise TypeError(f"{kind}={identifier!r} is no {kind}; expected {expected}")


def describe(instance):
    """Return class and arguments of an instance with `get_config`, as JSON can hold them."""
    return {"class_name": type(instance).__name__, "config": instance.get_config()}


def check_description(config):
    """Return what `describe` is to have returned."""
    if not isinstance(config, dict):
        raise TypeError(f"config={config!r} is of type {type(config).__name__}; expected a dict, as serialize returns it")
    return config


def arguments_of(instance):
    """Return those arguments of an instance's constructor that it keeps as attributes of the same name."""
    names = set()
    for cls in type(instance).__mro__:
        if "__init__" in vars(cls):
            parameters = inspect.signature(cls.__init__).parameters
            names |= set(parameters)
            if not any(each.kind is each.VAR_KEYWORD for each in parameters.values()):
                break  # nothing is handed on to the next class
    return {name: value for name, value in vars(instance).items() if name in names}


def snake_case(name):
    """Return a class's name as Keras writes the names of what is made of it: "MaxPooling2D" becomes "max_pooling2d"."""
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()
