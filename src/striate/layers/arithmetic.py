"""Arithmetic in a graph of layers: `x + y` and the functions of `striate.ops` on tensors."""

import numpy as np

from .._checks import choice
from ..engine import Value
from ..engine.operations import arithmetic
from .base import Layer
from .symbolic import Tensor


class Operation(Layer):
    """A function of `striate.ops` as a layer; operators and functions on tensors make it.

    Parameters
    ----------
    function : str
        The function's name.
    arguments : list
        Its arguments: None for each input, numbers or arrays for what stays the same.
    settings : dict
        What else it takes.
    name, trainable, dtype
        See `Layer`.
    """

    def __init__(self, function, arguments, settings=None, **kwargs):
        super().__init__(**kwargs)
        self.function = choice("function", function, tuple(arithmetic.FUNCTIONS))
        self.arguments = list(arguments)
        self.settings = _key_from_json(dict(settings or {}))

    def compute_output_shape(self, input_shape):
        """Return the shape of the function's result for a batch of one."""
        shapes = input_shape if isinstance(input_shape, list) else [input_shape]
        function = arithmetic.FUNCTIONS[self.function]
        with np.errstate(all="ignore"):
            y = function.forward(*self._filled([np.ones((1, *shape[1:])) for shape in shapes]), **self.settings)
        return (None, *np.shape(y)[1:])

    def call(self, x):
        """Compute the function."""
        values = [x] if isinstance(x, Value) else x
        return arithmetic.apply(self.function, *self._filled(values), **self.settings)

    def _filled(self, values):
        """Return the arguments, with values for the inputs."""
        values = iter(values)
        return [next(values) if each is None else each for each in self.arguments]

    def get_config(self):
        """Return the constructor's arguments."""
        arguments = [each.tolist() if isinstance(each, np.ndarray) else each for each in self.arguments]
        return {
            "function": self.function,
            "arguments": arguments,
            "settings": _key_to_json(self.settings),
            **super().get_config(),
        }


def apply(name, *arguments, **settings):
    """Return a function of tensors, numbers and arrays as a tensor."""
    tensors = [each for each in arguments if isinstance(each, Tensor)]
    fixed = [None if isinstance(each, Tensor) else each for each in arguments]
    layer = Operation(name, fixed, settings, dtype=tensors[0].dtype)
    return layer(tensors if len(tensors) > 1 else tensors[0])


def _key_to_json(settings):
    """Write an index, which may hold slices, as JSON can."""
    if "key" not in settings:
        return settings
    key = settings["key"] if isinstance(settings["key"], tuple) else (settings["key"],)
    written = [
        {"slice": [each.start, each.stop, each.step]} if isinstance(each, slice) else "..." if each is Ellipsis else each
        for each in key
    ]
    return {**settings, "key": written}


def _key_from_json(settings):
    key = settings.get("key")
    if not isinstance(key, (list, tuple)):
        return settings
    read = tuple(slice(*each["slice"]) if isinstance(each, dict) else ... if each == "..." else each for each in key)
    return {**settings, "key": read}
