"""Models in files, and the custom classes that they may hold."""

import contextlib

from ._registry import REGISTERED, with_custom_objects
from .models import load_model, save_model


def register_keras_serializable(package="Custom", name=None):
    """Return a decorator that makes a class, or a function, known to `load_model`, by its name and by `name`."""

    def register(thing):
        REGISTERED.update(dict.fromkeys({thing.__name__, name or thing.__name__}, thing))
        return thing

    return register


@contextlib.contextmanager
def custom_object_scope(custom_objects):
    """Make classes and functions known to `load_model` in a ``with`` block."""
    before = dict(REGISTERED)
    REGISTERED.update(with_custom_objects({}, custom_objects))
    try:
        yield
    finally:
        REGISTERED.clear()
        REGISTERED.update(before)


CustomObjectScope = custom_object_scope  # Keras' other name


def get_custom_objects():
    """Return the dict of what is known to `load_model`, by name; to be changed."""
    return REGISTERED


__all__ = [
    "CustomObjectScope",
    "custom_object_scope",
    "get_custom_objects",
    "load_model",
    "register_keras_serializable",
    "save_model",
]
