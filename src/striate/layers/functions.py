"""Layers that apply a given function."""

import inspect
from functools import partial

from .._common.arguments import functions_are_kept, read, written
from .._common.checks import called, sequence, shown
from .._common.code import described_function, function_of, is_code
from .._common.registry import Described, registered
from .base import Elementwise, Layer
from .deserialization import deserializers


class Identity(Elementwise):
    """Return the input unchanged.

    Parameters
    ----------
    name, trainable, dtype
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[1.0, 2.0]], np.float32)
    >>> layers.Identity()(x)
    array([[1., 2.]], dtype=float32)
    """

    passes_dtype_on = True
    takes_lists = takes_dicts = takes_strings = True

    def call(self, x):
        """Return `x`."""
        return x


class Lambda(Layer):
    """Apply a function.

    Parameters
    ----------
    function : callable
        Takes the input, a tensor or a list of tensors, and returns the output, computed by functions of `striate.ops` or other
        layers. If it has an argument `training`, it also gets the mode.
    output_shape : tuple of int or callable, optional
        Shape of a sample of the output, or a function that takes the shape of the input, including the batch size, and returns
        that of the output. If None, the layer calls the function to infer the shape.
    mask : None
        Accepted for compatibility with Keras; masks are not supported.
    arguments : dict, optional
        Further arguments of the function, by name.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    A file has the name of a function, which `load_model` looks up among those of `striate.ops` and the custom objects, or, for
    a lambda, its code, with the numbers and arrays that it reads: such a file can be loaded by the same version of Python
    alone, and only with ``safe_mode=False``, since code can do anything. A custom class, registered by
    `striate.saving.register_keras_serializable`, is saved without code.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers, ops
    >>> x = np.array([[1.0, 2.0]], np.float32)
    >>> layers.Lambda(lambda x: ops.square(x) + 1)(x)
    array([[2., 5.]], dtype=float32)
    """

    takes_empty_samples = True
    takes_lists = takes_dicts = takes_strings = True
    takes_layers = True  # The function may be a custom one.

    def __init__(self, function, output_shape=None, mask=None, arguments=None, **kwargs):
        super().__init__(**kwargs)
        if mask is not None:
            raise ValueError(f"mask={shown(mask)} is not supported; expected None")
        self.function = called("function", registered(function), "the input, or the name of a registered one")
        output_shape = registered(output_shape)
        if not (output_shape is None or callable(output_shape)):
            output_shape = tuple(sequence("output_shape", output_shape, "sizes, or a function of the input's shape"))
        self.output_shape = output_shape
        if arguments is not None and not (isinstance(arguments, dict) and all(isinstance(name, str) for name in arguments)):
            raise TypeError(
                f"arguments={shown(arguments)} is not a dict of arguments; expected a dict with their names as keys"
            )
        self.arguments = dict(arguments or {})

    def compute_output_shape(self, input_shape):
        """Return the shape by the argument `output_shape`, or the shape of what the function returns."""
        if self.output_shape is None:
            return super().compute_output_shape(input_shape)
        if callable(self.output_shape):
            return tuple(self.output_shape(input_shape))
        return None, *self.output_shape

    def _shape_follows_from_call(self):
        return self.output_shape is None

    def call(self, x, *, training):
        """Call the function."""
        mode = {"training": training} if "training" in inspect.signature(self.function).parameters else {}
        return self.function(x, **mode, **self.arguments)

    def get_config(self):
        """Return the constructor's arguments; functions as their names, or as code."""
        shape = self.output_shape
        return {
            "function": self._described(self.function),
            "output_shape": self._described(shape) if callable(shape) else shape,
            "arguments": written(self.arguments),
            **super().get_config(),
        }

    def _described(self, function):
        """Return a function in a form that JSON can hold."""
        if functions_are_kept():
            return function
        try:
            if getattr(function, "__name__", None) == "<lambda>":
                return described_function(function, written)
            if not inspect.isroutine(function):
                raise TypeError(f"{shown(function)} has no name; expected a lambda, or a function with a name")
            return Described(written(function), function)
        except TypeError as error:
            raise TypeError(f"layer {self.name!r} cannot be saved: {error}") from None

    @classmethod
    def from_config(cls, config):
        """Make a layer from what `get_config` returned.

        Raises
        ------
        ValueError
            If it holds code, which is not trusted.
        """
        variables, holder = partial(read, deserializers={}), f"layer {config.get('name')!r}"
        made = {
            name: function_of(value, variables, holder) if is_code(value) and not isinstance(value, Described) else value
            for name, value in config.items()
        }
        return super().from_config(read(made, deserializers()))
