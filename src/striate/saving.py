"""Saving and loading models, and registering the custom classes that files may name."""

import contextlib

from ._common.registry import REGISTERED, with_custom_objects
from .models import load_model, save_model


def register_keras_serializable(package="Custom", name=None):
    """Return a decorator that registers a class or function for `load_model`, under its own name and under `name`."""

    def register(thing):
        REGISTERED.update(dict.fromkeys({thing.__name__, name or thing.__name__}, thing))
        return thing

    return register


@contextlib.contextmanager
def custom_object_scope(custom_objects):
    """Register classes and functions for `load_model` in a ``with`` block."""
    before = dict(REGISTERED)
    REGISTERED.update(with_custom_objects({}, custom_objects))
    try:
        yield
    finally:
        REGISTERED.clear()
        REGISTERED.update(before)


CustomObjectScope = custom_object_scope  # Keras' second name for it


def get_custom_objects():
    """Return the dict of the registered classes and functions by name, which may be changed."""
    return REGISTERED


__all__ = [
    "CustomObjectScope",
    "custom_object_scope",
    "get_custom_objects",
    "load_model",
    "register_keras_serializable",
    "save_model",
]
