"""The custom classes and functions that files and configurations may name."""

import contextlib
import inspect

from .._common.checks import shown
from .._common.registry import NAMES, REGISTERED, with_custom_objects


def register_keras_serializable(package="Custom", name=None):
    """Return a decorator that registers a class or function for `load_model`, under its own name, `name` and "package>name".

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
        if inspect.isclass(thing) and not hasattr(thing, "get_config"):
            raise ValueError(f"{shown(thing)} has no get_config; expected a class that has, or a function")
        registered = f"{package}>{name or thing.__name__}"
        REGISTERED.update(dict.fromkeys({thing.__name__, name or thing.__name__, registered}, thing))
        NAMES[thing] = registered
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


def get_registered_name(obj):
    """Return the name under which `register_keras_serializable` registered a class or function; otherwise its own name.

    Examples
    --------
    >>> from striate import saving
    >>> @saving.register_keras_serializable("mine")
    ... def halved(x):
    ...     return x / 2
    >>> saving.get_registered_name(halved)
    'mine>halved'
    """
    if not callable(obj) or not hasattr(obj, "__name__"):
        raise TypeError(f"obj={shown(obj)} has no name; expected a class or function")
    return NAMES.get(obj, obj.__name__)


def get_registered_object(name, custom_objects=None, module_objects=None):
    """Return the class or function of a name, or None.

    Parameters
    ----------
    name : str
        The name.
    custom_objects, module_objects : dict of str to class or function, optional
        Where to look for it beside those that are registered.

    Examples
    --------
    >>> from striate import saving
    >>> @saving.register_keras_serializable("mine")
    ... def halved(x):
    ...     return x / 2
    >>> saving.get_registered_object("mine>halved") is halved
    True
    """
    if module_objects is not None and not isinstance(module_objects, dict):
        raise TypeError(f"module_objects={shown(module_objects)} is not a dict; expected classes and functions by their names")
    known = with_custom_objects(module_objects or {}, custom_objects) | REGISTERED
    return known.get(name) if isinstance(name, str) else None
