"""What is public: modules, the names in each, and the module in which type checkers find each class and function defined."""

import functools
import importlib
import inspect
import itertools
import sys
import types
from pathlib import Path

import striate

ROOT = "striate"


@functools.cache
def public_modules():
    """Return the public modules by name, from `striate` on, those that are imported when they are needed included."""
    found = {}
    _add(found, striate)
    return dict(sorted(found.items()))


def _add(found, module):
    if module.__name__ in found or module.__name__.partition(".")[0] != ROOT:
        return
    found[module.__name__] = module
    for name in dir(module):
        value = getattr(module, name)
        if isinstance(value, types.ModuleType):
            _add(found, value)


def public_names(module):
    """Return the names that a module shows, with what they stand for."""
    return {name: getattr(module, name) for name in dir(module)}


def stub_of(module):
    """Return the path of a module's stub, beside its source."""
    return Path(module.__file__).with_suffix(".pyi")


def is_here(thing):
    """Return whether a class or function is defined in striate."""
    return getattr(thing, "__module__", None) is not None and thing.__module__.partition(".")[0] == ROOT


def documents_of(cls):
    """Return the docstrings of a class and its base classes, and their modules."""
    return [(each.__doc__, each.__module__) for each in cls.__mro__ if is_here(each) and each.__doc__]


def parent(name):
    """Return the name of the nearest public module that contains a module."""
    while name not in public_modules():
        name = name.rpartition(".")[0]
    return name


@functools.cache
def homes():
    """Return the full public name of each public class and function, by id: where it is defined for type checkers."""
    places = {}
    for module_name, module in public_modules().items():
        for name, thing in public_names(module).items():
            if inspect.isclass(thing) or inspect.isroutine(thing):
                places.setdefault(id(thing), (thing, []))[1].append((module_name, name))
    return {key: ".".join(max(found, key=functools.partial(_closeness, thing))) for key, (thing, found) in places.items()}


def _closeness(thing, place):
    """Return how close a public name is to the name and the module of a thing's definition."""
    module, name = place
    return name == thing.__name__, _common(module, thing.__module__ or ""), -len(module), [-ord(letter) for letter in name]


def _common(module, other):
    """Return how many packages two modules are in together."""
    return sum(
        1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(module.split("."), other.split("."), strict=False))
    )


def home_of(thing):
    """Return the full name of a class or function for type checkers; that of one that is not public begins with "_"."""
    known = homes().get(id(thing))
    if known is None:
        known = f"{parent(thing.__module__)}._{thing.__name__.lstrip('_')}"
    return known


@functools.cache
def classes():
    """Return the classes of striate by their names; those that are public come first."""
    for module in public_modules():
        importlib.import_module(module)
    found = {}
    for name, module in sorted(sys.modules.copy().items()):
        if name.partition(".")[0] == ROOT and module is not None:
            for thing in vars(module).values():
                if inspect.isclass(thing) and thing.__module__ == name:
                    found.setdefault(thing.__name__, []).append(thing)
    return found


def class_named(name, module):
    """Return the class that a name means in the docstrings of a module: the one that is defined next to it, or None."""
    candidates = classes().get(name.rpartition(".")[2], [])
    if not candidates:
        public = [vars(each).get(name) for each in public_modules().values()]
        candidates = [thing for thing in public if inspect.isclass(thing)]
    return max(candidates, key=lambda one: _nearness(one, module), default=None)


def _nearness(cls, module):
    return _common(cls.__module__, module), id(cls) in homes(), cls.__module__
