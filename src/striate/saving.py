"""Models in files, and the classes of one's own that they may hold."""

import contextlib

from .models import load_model, save_model
from .models.saving import REGISTERED


def register_keras_serializable(package="Custom", name=None):
    """Return a decorator that makes a class known to `load_model`."""

    def register(cls):
        REGISTERED[cls.__name__ if name is None else name] = cls
        return cls

    return register


@contextlib.contextmanager
def custom_object_scope(custom_objects):
    """Make classes known to `load_model` in a ``with`` block."""
    before = dict(REGISTERED)
    REGISTERED.update(custom_objects)
    try:
        yield
    finally:
        REGISTERED.clear()
        REGISTERED.update(before)


__all__ = ["custom_object_scope", "load_model", "register_keras_serializable", "save_model"]
