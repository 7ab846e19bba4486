"""Arithmetic in a graph of layers: `x + y`, and the functions of `striate.ops`, on symbolic tensors."""

import numpy as np

from .._common.checks import choice
from ..engine import Value
from ..engine.operations import arithmetic
from ..engine.operators import defines_functions_of
from ..engine.shapes import shape_of
from .base import Layer
from .symbolic import Tensor


class Operation(Layer):
    """A function of `striate.ops` as a layer, made by operators and functions on symbolic tensors.

    Parameters
    ----------
    function : str
        Name of the function.
    arguments : list
        Its array arguments: None in place of each input, numbers or arrays for constants.
    settings : dict, optional
        Its other arguments, by name.
    name, trainable, dtype
        See `Layer`.

    Examples
    --------
    >>> import striate
    >>> from striate import layers, ops
    >>> x = layers.Input((4,))
    >>> striate.Model(x, ops.exp(x)).operations[-1].function
    'exp'
    """

    takes_empty_samples = True
    takes_lists = True

    def __init__(self, function, arguments, settings=None, **kwargs):
        super().__init__(**kwargs)
        self.function = choice("function", function, tuple(arithmetic.FUNCTIONS))
        self.arguments = list(arguments)
        self.settings = {name: _from_json(value) for name, value in (settings or {}).items()}

    def compute_output_shape(self, input_shape):
        """Return the shape of the function's result."""
        shapes = iter(input_shape if isinstance(input_shape, list) else [input_shape])
        return shape_of(
            self.function, [next(shapes) if each is None else np.shape(each) for each in self.arguments], self.settings
        )

    def ensure_built(self, input_shape, rng):
        """Return the output's shape. There is nothing to build, and the first axis need not be the batch."""
        self._build_or_check(input_shape, rng)
        return self._output_shape_for(input_shape)

    def _output_in_trace(self, sizes, dtypes):
        return self._output_for(sizes, dtypes)  # `shape_of` takes integers in place of unknown sizes.

    def _dtype_taken(self, x):
        return x.dtype  # Functions have rules for mixed dtypes.

    def _knows_dtype(self):
        return True

    def _output_for(self, input_shape, dtypes=None):
        """Return the shape and dtype of the function's result."""
        shape, _ = super()._output_for(input_shape)
        given = iter([self.dtype] * len(self.arguments) if dtypes is None else dtypes)
        arguments = [arithmetic.OfDtype(next(given)) if each is None else each for each in self.arguments]
        return shape, arithmetic.dtype_of(self.function, arguments, self.settings).name

    def call(self, x):
        """Apply the function."""
        values = [x] if isinstance(x, Value) else x
        return arithmetic.compute(self.function, *self._filled(values), **self.settings)

    def _filled(self, values):
        """Return the arguments, with `values` in place of the inputs."""
        values = iter(values)
        return [next(values) if each is None else each for each in self.arguments]

    def get_config(self):
        """Return the constructor's arguments."""
        arguments = [each.tolist() if isinstance(each, (np.ndarray, np.generic)) else each for each in self.arguments]
        return {
            "function": self.function,
            "arguments": arguments,
            "settings": {name: _to_json(value) for name, value in self.settings.items()},
            **super().get_config(),
        }


@defines_functions_of(Tensor)
def function_of_tensors(name, *arguments, **settings):
    """Return a function of symbolic tensors, numbers and arrays as a symbolic tensor: the output of an `Operation`."""
    tensors = [each for each in arguments if isinstance(each, Tensor)]
    constants = [None if isinstance(each, Tensor) else each for each in arguments]
    dtype = next((tensor.dtype for tensor in tensors if tensor.dtype in ("float32", "float64")), "float32")
    layer = Operation(name, constants, settings, dtype=dtype)
    return layer(tensors if len(tensors) > 1 else tensors[0])


def _is_window(setting):
    """Return whether a setting is the window of a filter, the only one that is a named tuple."""
    return hasattr(setting, "_fields")


def _to_json(setting):
    """Return a setting, such as an index that contains slices, in a form that JSON can hold."""
    if isinstance(setting, np.ndarray):
        return {"array": setting.tolist(), "dtype": setting.dtype.name}
    if _is_window(setting):
        return {"window": list(setting)}
    if isinstance(setting, tuple):
        return [_to_json(each) for each in setting]
    if isinstance(setting, slice):
        return {"slice": [setting.start, setting.stop, setting.step]}
    return "..." if setting is Ellipsis else setting


def _from_json(setting):
    """Return the setting that `_to_json` wrote; others as they are."""
    if isinstance(setting, np.ndarray) or _is_window(setting):
        return setting
    if isinstance(setting, (list, tuple)):
        return tuple(_from_json(each) for each in setting)
    if isinstance(setting, dict):
        if "array" in setting:
            return np.array(setting["array"], choice("dtype", setting["dtype"], ("bool", "float64")))
        if "window" in setting:
            from ..functional.filtering import Window  # few models filter

            return Window.checked(setting["window"])
        return slice(*setting["slice"])
    return Ellipsis if setting == "..." else setting
