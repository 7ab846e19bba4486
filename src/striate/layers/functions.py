"""Layers of functions."""

import inspect

from .._common.checks import called, sequence, shown
from .base import Elementwise, Layer


class Identity(Elementwise):
    """Pass the input on.

    Parameters
    ----------
    name, trainable, dtype
        See `Layer`.
    """

    passes_dtype_on = True

    def call(self, x):
        """Return `x`."""
        return x


class Lambda(Layer):
    """A function as a layer.

    Parameters
    ----------
    function : callable
        Takes what layers take, and returns the output, made by `striate.ops` or other layers. If it has an argument
        `training`, the mode is passed.
    output_shape : tuple of int or callable, optional
        Shape of a sample of the output, or a function of the input's shape, batch included, that returns the output's; found
        out by calling the function if None.
    mask : None
        Keras' masks are missing.
    arguments : dict, optional
        More arguments of the function, by name.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    A model with such a layer is not saved: a file holds no code. A custom class, known to
    `striate.saving.register_keras_serializable`, can be saved.
    """

    takes_empty_samples = True
    takes_several = True

    def __init__(self, function, output_shape=None, mask=None, arguments=None, **kwargs):
        super().__init__(**kwargs)
        if mask is not None:
            raise ValueError(f"mask={shown(mask)} is not supported; expected None")
        self.function = called("function", function)
        if not (output_shape is None or callable(output_shape)):
            output_shape = tuple(sequence("output_shape", output_shape, "sizes, or a function of the input's shape"))
        self.output_shape = output_shape
        if arguments is not None and not (isinstance(arguments, dict) and all(isinstance(name, str) for name in arguments)):
            raise TypeError(f"arguments={shown(arguments)} is not a dict; expected arguments by their names")
        self.arguments = dict(arguments or {})

    def compute_output_shape(self, input_shape):
        """Return the shape that was given, or of what the function returns."""
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
        """Refuse: a function has no configuration."""
        raise TypeError(
            f"layer {self.name!r} is a Lambda, which cannot be saved; expected a custom class, registered by "
            "striate.saving.register_keras_serializable"
        )
