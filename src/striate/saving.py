"""Saving and loading models, and registering the custom classes that files may name."""

import contextlib

from ._common.names import public_names
from ._common.registry import REGISTERED, with_custom_objects
from .models import load_model, save_model
from .models.model import check_model


def register_keras_serializable(package="Custom", name=None):
    """Return a decorator that registers a class or function for `load_model`, under its own name and under `name`.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from striate import Sequential, layers, models
    >>> import striate
    >>> @striate.saving.register_keras_serializable("mine")
    ... class Twice(layers.Layer):
    ...     def call(self, x):
    ...         return x * 2
    >>> model = Sequential([layers.Input((1,)), Twice()])
    >>> path = tempfile.mkdtemp() + "/model.npz"
    >>> model.save(path)
    >>> models.load_model(path).predict(np.ones((1, 1), "float32"))
    array([[2.]], dtype=float32)
    """

    def register(thing):
        REGISTERED.update(dict.fromkeys({thing.__name__, name or thing.__name__}, thing))
        return thing

    return register


@contextlib.contextmanager
def custom_object_scope(custom_objects):
    """Register classes and functions for `load_model` in a ``with`` block.

    Examples
    --------
    >>> from striate import layers
    >>> import striate
    >>> class Half(layers.Layer):
    ...     def call(self, x):
    ...         return x / 2
    >>> with striate.saving.custom_object_scope({"Half": Half}):
    ...     "Half" in striate.saving.get_custom_objects()
    True
    """
    before = dict(REGISTERED)
    REGISTERED.update(with_custom_objects({}, custom_objects))
    try:
        yield
    finally:
        REGISTERED.clear()
        REGISTERED.update(before)


CustomObjectScope = custom_object_scope  # Keras' second name for it


def get_custom_objects():
    """Return the dict of the registered classes and functions by name, which may be changed.

    Examples
    --------
    >>> import striate
    >>> type(striate.saving.get_custom_objects())
    <class 'dict'>
    """
    return REGISTERED


def save_weights(model, filepath, overwrite=True):
    """Write a model's weights to a file: see `Model.save_weights`.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from striate import Sequential, layers, saving
    >>> model = Sequential([layers.Input((4,)), layers.Dense(2)], rng=0)
    >>> path = Path(tempfile.mkdtemp(), "model.npz")
    >>> saving.save_weights(model, path)
    >>> path.exists()
    True
    """
    check_model(model).save_weights(filepath, overwrite)


def load_weights(model, filepath, skip_mismatch=False, by_name=False):
    """Set a model's weights to those in a file: see `Model.load_weights`.

    Examples
    --------
    >>> import tempfile
    >>> from striate import Sequential, layers, saving
    >>> model, other = (Sequential([layers.Input((4,)), layers.Dense(2)], rng=seed) for seed in (0, 1))
    >>> path = tempfile.mkdtemp() + "/model.npz"
    >>> saving.save_weights(model, path)
    >>> saving.load_weights(other, path)
    >>> bool((other.layers[0].kernel.numpy() == model.layers[0].kernel.numpy()).all())
    True
    """
    check_model(model).load_weights(filepath, skip_mismatch, by_name)


__all__ = [
    "CustomObjectScope",
    "custom_object_scope",
    "get_custom_objects",
    "load_model",
    "load_weights",
    "register_keras_serializable",
    "save_model",
    "save_weights",
]

__dir__ = public_names(globals())
