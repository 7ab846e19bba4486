"""Arithmetic that has no kernel: functions of NumPy, and their gradients, as steps of a program that take the GIL.

Users' own layers, losses and penalties are written with it, by way of `striate.ops`.
"""

import numpy as np

from ..graph import Value
from ..operators import current_graph
from ..variable import Variable
from .base import Operation
from .functions import FUNCTIONS
from .resampling import broadcast_axes


class Arithmetic(Operation):
    """A function of NumPy.

    Parameters
    ----------
    function : Function
        What is computed.
    arguments : list of Value or array_like
        Its arguments, at least one of them a Value.
    settings : dict
        What else it takes.
    """

    def __init__(self, function, arguments, settings):
        values = [argument for argument in arguments if isinstance(argument, Value)]
        self.function = function
        numbers = iter(range(len(values)))  # a value's stands for it
        self.arguments = [next(numbers) if isinstance(each, Value) else np.asarray(each, values[0].dtype) for each in arguments]
        self.settings = settings
        with np.errstate(all="ignore"):
            shape = np.shape(self.compute([np.zeros(value.shape, value.dtype) for value in values]))
        super().__init__(values, shape)

    def compute(self, arrays):
        """Return the result for arrays in place of the values."""
        return self.function.forward(*self.filled(arrays), **self.settings)

    def filled(self, arrays):
        """Return the arguments, with arrays in place of the values."""
        return [arrays[each] if isinstance(each, int) else each for each in self.arguments]

    def gradient(self, dy, wanted):
        """Return the gradients of the values."""
        if self.function.backward is None:
            return [None] * len(wanted)
        gradients = iter(ArithmeticGradient(dy, self, wanted).outputs)
        return [next(gradients) if each else None for each in wanted]

    def lower(self, step):
        """Append a call of Python."""
        arrays, y = [step.array(value) for value in self.inputs], step.array(self.y)

        def forward():
            with np.errstate(all="ignore"):
                y[...] = self.compute(arrays)

        step.program.call(forward)

    def describe(self):
        """Return the function's name."""
        return self.function.name


class ArithmeticGradient(Operation):
    """Gradients of the values that a function of NumPy was computed from."""

    def __init__(self, dy, forward, wanted):
        shapes = [value.shape for value, each in zip(forward.inputs, wanted, strict=True) if each]
        super().__init__((dy, forward.y, *forward.inputs), *shapes)
        self.forward = forward
        self.wanted = list(wanted)

    def lower(self, step):
        """Append a call of Python."""
        dy, y, *arrays = map(step.array, self.inputs)
        outputs = [step.array(value) for value in self.outputs]
        forward = self.forward

        def backward():
            with np.errstate(all="ignore"):
                gradients = forward.function.backward(dy, y, *forward.filled(arrays), **forward.settings)
                mine = [gradient for gradient, each in zip(gradients, forward.arguments, strict=True) if isinstance(each, int)]
                results = iter(outputs)
                for gradient, each in zip(mine, self.wanted, strict=True):
                    if each:
                        output = next(results)
                        output[...] = _sum_to(gradient, output.shape)

        step.program.call(backward)

    def describe(self):
        """Return the function's name."""
        return self.forward.function.name


def _sum_to(gradient, shape):
    """Return the sum over the axes along which an argument was broadcast."""
    gradient = np.asarray(gradient)
    if gradient.ndim > len(shape):
        gradient = gradient.sum(tuple(range(gradient.ndim - len(shape))))
    axes = broadcast_axes(shape, gradient.shape)
    return gradient.sum(axes, keepdims=True) if axes else gradient


def apply(name, *arguments, **settings):
    """Return a function of arrays as an array, or of values as a value.

    Parameters
    ----------
    name : str
        Of one of `FUNCTIONS`.
    *arguments : Value, Variable or array_like
        What it is computed from.
    **settings
        What else it takes.
    """
    graph = next((argument.graph for argument in arguments if isinstance(argument, Value)), None)
    if graph is None and any(isinstance(argument, Variable) for argument in arguments):
        graph = current_graph()  # a layer's `call` computes with its weights
    function = FUNCTIONS[name]
    if graph is None:
        return function.forward(*_arrays(arguments), **settings)
    values = [graph.value_of(each) if isinstance(each, Variable) else each for each in arguments]
    y = None if function.emit is None else function.emit(*values, **settings)
    return Arithmetic(function, values, settings).y if y is None else y


def _arrays(arguments):
    """Return arrays; Python's numbers, which have no dtype of their own, stay what they are beside others."""
    alone = len(arguments) == 1
    return [each if isinstance(each, (int, float)) and not alone else np.asarray(each) for each in arguments]
