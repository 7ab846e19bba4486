"""Arithmetic that has no kernel: functions of NumPy, and their gradients, as steps of a program that take the GIL.

Users' own layers, losses and penalties are written with it, by way of `striate.ops`.
"""

import numpy as np

from ..graph import Value
from ..operators import current_graph
from ..variable import Variable
from .base import Operation
from .merging import Merge
from .resampling import broadcast, broadcast_axes


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
            shape = np.shape(self.compute([np.ones(value.shape, value.dtype) for value in values]))
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


class Function:
    """A function of arrays and its gradients.

    Parameters
    ----------
    name : str
        How it is called.
    forward : callable
        ``forward(*arrays, **settings)`` returns an array.
    backward : callable, optional
        ``backward(dy, y, *arrays, **settings)`` returns the gradient of each argument, in the shape that broadcasting gives it;
        None for a function whose gradient is zero.
    """

    __slots__ = ("backward", "forward", "name")

    def __init__(self, name, forward, backward=None):
        self.name = name
        self.forward = forward
        self.backward = backward


def _sum_to(gradient, shape):
    """Return the sum over the axes along which an argument was broadcast."""
    gradient = np.asarray(gradient)
    if gradient.ndim > len(shape):
        gradient = gradient.sum(tuple(range(gradient.ndim - len(shape))))
    axes = broadcast_axes(shape, gradient.shape)
    return gradient.sum(axes, keepdims=True) if axes else gradient


def _divide(dy, y, a, b):
    return dy / b, -dy * y / b


def _power(dy, y, a, b):
    return dy * b * np.power(a, b - 1), dy * y * np.log(np.where(a > 0, a, 1))


def _pick(dy, condition):
    """Return the gradients of two of which one is picked."""
    return np.where(condition, dy, 0), np.where(condition, 0, dy)


def _matmul(dy, y, a, b):
    if a.ndim == 1 or b.ndim == 1:
        columns = b[:, np.newaxis] if b.ndim == 1 else b
        rows = a[np.newaxis, :] if a.ndim == 1 else a
        dy = np.expand_dims(dy, [axis for axis, each in ((-2, a), (-1, b)) if each.ndim == 1])
        da, db = _matmul(dy, y, rows, columns)
        return da.reshape(a.shape) if a.ndim == 1 else da, db.reshape(b.shape) if b.ndim == 1 else db
    return dy @ np.swapaxes(b, -1, -2), np.swapaxes(a, -1, -2) @ dy


def _spread(dy, x, axis, keepdims):
    """Return a gradient with the axes that were reduced put back, to be broadcast."""
    return dy if keepdims or axis is None else np.expand_dims(dy, axis)


def _extreme(dy, y, x, axis=None, keepdims=False):
    found = x == _spread(y, x, axis, keepdims)
    return (_spread(dy, x, axis, keepdims) * found / found.sum(axis, keepdims=True),)


def _mean(dy, y, x, axis=None, keepdims=False):
    return (np.broadcast_to(_spread(dy, x, axis, keepdims) * (y.size / x.size), x.shape),)


def _transpose(dy, y, x, axes=None):
    return (dy.transpose(None if axes is None else np.argsort(np.mod(axes, x.ndim))),)


def _gather(dy, y, x, key):
    dx = np.zeros_like(x)
    np.add.at(dx, key, dy)
    return (dx,)


def _sparsemax(x, axis=-1):
    z = -np.sort(-x, axis)
    shape = [1] * x.ndim
    shape[axis] = -1
    ranks = np.arange(1, x.shape[axis] + 1).reshape(shape)
    sums = np.cumsum(z, axis) - 1
    count = np.sum(z * ranks > sums, axis, keepdims=True)
    return np.maximum(x - np.take_along_axis(sums, count - 1, axis) / count, 0)


def _sparsemax_gradient(dy, y, x, axis=-1):
    inside = y > 0
    return (inside * (dy - np.sum(dy * inside, axis, keepdims=True) / np.sum(inside, axis, keepdims=True)),)


_all = [
    Function("add", np.add, lambda dy, y, a, b: (dy, dy)),
    Function("subtract", np.subtract, lambda dy, y, a, b: (dy, -dy)),
    Function("multiply", np.multiply, lambda dy, y, a, b: (dy * b, dy * a)),
    Function("divide", np.divide, _divide),
    Function("power", np.power, _power),
    Function("maximum", np.maximum, lambda dy, y, a, b: _pick(dy, a >= b)),
    Function("minimum", np.minimum, lambda dy, y, a, b: _pick(dy, a <= b)),
    Function("zeros_like", np.zeros_like),
    Function("ones_like", np.ones_like),
    Function("negative", np.negative, lambda dy, y, x: (-dy,)),
    Function("absolute", np.absolute, lambda dy, y, x: (dy * np.sign(x),)),
    Function("square", np.square, lambda dy, y, x: (2 * dy * x,)),
    Function("sqrt", np.sqrt, lambda dy, y, x: (dy / (2 * y),)),
    Function("rsqrt", lambda x: 1 / np.sqrt(x), lambda dy, y, x: (-dy * y / (2 * x),)),
    Function("reciprocal", np.reciprocal, lambda dy, y, x: (-dy * y * y,)),
    Function("exp", np.exp, lambda dy, y, x: (dy * y,)),
    Function("expm1", np.expm1, lambda dy, y, x: (dy * (y + 1),)),
    Function("log", np.log, lambda dy, y, x: (dy / x,)),
    Function("log1p", np.log1p, lambda dy, y, x: (dy / (1 + x),)),
    Function("sin", np.sin, lambda dy, y, x: (dy * np.cos(x),)),
    Function("cos", np.cos, lambda dy, y, x: (-dy * np.sin(x),)),
    Function("arctan2", np.arctan2, lambda dy, y, a, b: (dy * b / (a * a + b * b), -dy * a / (a * a + b * b))),
    Function(
        "clip",
        lambda x, low, high: np.clip(x, low, high),
        lambda dy, y, x, low, high: (dy * ((low <= x) & (x <= high)), dy * (x < low), dy * (x > high)),
    ),
    Function("where", lambda c, a, b: np.where(c != 0, a, b), lambda dy, y, c, a, b: (np.zeros_like(c), *_pick(dy, c != 0))),
    Function("matmul", np.matmul, _matmul),
    Function(
        "sum",
        lambda x, axis=None, keepdims=False: np.sum(x, axis, keepdims=keepdims),
        lambda dy, y, x, axis=None, keepdims=False: (np.broadcast_to(_spread(dy, x, axis, keepdims), x.shape),),
    ),
    Function("mean", lambda x, axis=None, keepdims=False: np.mean(x, axis, keepdims=keepdims), _mean),
    Function("max", lambda x, axis=None, keepdims=False: np.max(x, axis, keepdims=keepdims), _extreme),
    Function("min", lambda x, axis=None, keepdims=False: np.min(x, axis, keepdims=keepdims), _extreme),
    Function("argmax", lambda x, axis=None, keepdims=False: np.argmax(x, axis, keepdims=keepdims)),
    Function("argmin", lambda x, axis=None, keepdims=False: np.argmin(x, axis, keepdims=keepdims)),
    Function("reshape", np.reshape, lambda dy, y, x, shape: (dy.reshape(x.shape),)),
    Function("transpose", np.transpose, _transpose),
    Function("getitem", lambda x, key: x[key], _gather),
    Function(
        "stack",
        lambda *xs, axis=0: np.stack(xs, axis),
        lambda dy, y, *xs, axis=0: [part.squeeze(axis) for part in np.split(dy, len(xs), axis)],
    ),
    Function(
        "concatenate",
        lambda *xs, axis=-1: np.concatenate(xs, axis),
        lambda dy, y, *xs, axis=-1: np.split(dy, np.cumsum([x.shape[axis] for x in xs[:-1]]), axis),
    ),
    *[Function(name, getattr(np, name)) for name in ("sign", "floor", "ceil", "round", "isnan", "isfinite", "logical_not")],
    *[
        Function(name, getattr(np, name))
        for name in ("equal", "not_equal", "greater", "greater_equal", "less", "less_equal", "logical_and", "logical_or")
    ],
    Function("one_hot", lambda x, classes: np.equal(x[..., np.newaxis], np.arange(classes))),
    Function("sparsemax", _sparsemax, _sparsemax_gradient),
    Function("stop_gradient", np.positive),
]
_MERGINGS = ("add", "subtract", "multiply", "maximum", "minimum")  # have kernels
FUNCTIONS = {function.name: function for function in _all}


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
        return function.forward(*[np.asarray(argument) for argument in arguments], **settings)
    values = [graph.value_of(each) if isinstance(each, Variable) else each for each in arguments]
    if name in _MERGINGS and all(isinstance(each, Value) for each in values):
        shape = np.broadcast_shapes(*[each.shape for each in values])
        return Merge(name, [broadcast(each, shape) for each in values]).y
    return Arithmetic(function, values, settings).y
