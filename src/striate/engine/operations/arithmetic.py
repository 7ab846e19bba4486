"""Arithmetic without kernels: NumPy's functions, and their gradients, as steps of a program that need the GIL.

Custom layers, losses and penalties use it through `striate.ops`.
"""

from typing import NamedTuple

import numpy as np

from ..dtypes import FLOAT32, KERNEL_DTYPES, OF_COMPLEX, WEAK, computed_with, dtypes_of, promoted
from ..graph import Value, of_the_block
from ..operators import Operators, current_graph, defines_functions_of
from ..shapes import shape_of
from ..variable import Variable
from .base import GraphOperation
from .functions import FUNCTIONS, VIEWS
from .resampling import broadcast_axes
from .symbolic import gradients_of


class Arithmetic(GraphOperation):
    """A function computed by NumPy.

    Parameters
    ----------
    function : Function
        The function.
    arguments : list of Value or array_like
        Its arguments, at least one of them a Value.
    settings : dict
        Its keyword arguments.
    dtype : numpy.dtype
        Dtype of the result.
    """

    reads = None
    any_dtype = True

    def __init__(self, function, arguments, settings, dtype):
        values = [argument for argument in arguments if isinstance(argument, Value)]
        self.function = function
        indices = iter(range(len(values)))
        self.arguments = [  # Arrays may change before the operation is carried out.
            next(indices) if isinstance(each, Value) else _Constant(each.copy() if isinstance(each, np.ndarray) else each)
            for each in arguments
        ]
        self.settings = settings
        shape = shape_of(function.name, list(map(np.shape, arguments)), settings)
        super().__init__(values, shape, dtype=dtype)

    def compute(self, arrays):
        """Return the result for arrays in place of the values."""
        return self.function.forward(*self.filled(arrays), **self.settings)

    def filled(self, arrays):
        """Return the arguments, with arrays in place of the values."""
        return [each.argument if isinstance(each, _Constant) else arrays[each] for each in self.arguments]

    def gradient(self, dy, wanted):
        """Return the gradients of the values; only floats have one."""
        wanted = [each and value.dtype.kind == "f" for each, value in zip(wanted, self.inputs, strict=True)]
        if self.function.backward is None or self.y.dtype.kind != "f" or not any(wanted):
            return [None] * len(wanted)
        if dy.graph.twice:
            return self._symbolic_gradient(dy, wanted)
        gradients = iter(ArithmeticGradient(dy, self, wanted).outputs)
        return [next(gradients) if each else None for each in wanted]

    def _symbolic_gradient(self, dy, wanted):
        """Return the gradients as values of operations that have gradients themselves."""
        arguments = self.filled(self.inputs)
        found = gradients_of(self.function, dy, self.y, arguments, self.settings)
        by_place = [each for each, place in zip(found, self.arguments, strict=True) if not isinstance(place, _Constant)]
        return [gradient if each and gradient is not None else None for each, gradient in zip(wanted, by_place, strict=True)]

    def lower(self, lowering):
        """Append a call of Python."""
        arrays, y = [lowering.array(value) for value in self.inputs], lowering.array(self.y)

        def forward():
            with np.errstate(all="ignore"):
                try:
                    y[...] = self.compute(arrays)
                except IndexError as error:
                    layer = f" of layer {self.layer!r}" if self.layer else ""
                    raise ValueError(f"{self.function.name}{layer}: {error}") from None

        lowering.program.call(forward)

    def describe(self):
        """Return the function's name."""
        return self.function.name


class ArithmeticGradient(GraphOperation):
    """Gradients of the wanted inputs of an `Arithmetic`, in a dtype that kernels can add up."""

    reads = None
    any_dtype = True

    def __init__(self, dy, forward, wanted):
        super().__init__((dy, forward.y, *forward.inputs))
        values = [value for value, each in zip(forward.inputs, wanted, strict=True) if each]
        dtypes = [value.dtype if value.dtype in KERNEL_DTYPES else FLOAT32 for value in values]
        self.outputs = tuple(
            Value(dy.graph, value.shape, dtype, producer=self) for value, dtype in zip(values, dtypes, strict=True)
        )
        self.forward = forward
        places = [place for place, each in enumerate(forward.arguments) if not isinstance(each, _Constant)]
        self.places = [place for place, each in zip(places, wanted, strict=True) if each]  # among the function's arguments

    def lower(self, lowering):
        """Append a call of Python."""
        dy, y, *arrays = map(lowering.array, self.inputs)
        outputs = [lowering.array(value) for value in self.outputs]
        forward = self.forward

        def backward():
            with np.errstate(all="ignore"):
                gradients = forward.function.backward(dy, y, *forward.filled(arrays), **forward.settings)
                for output, place in zip(outputs, self.places, strict=True):
                    output[...] = _sum_to(gradients[place], output.shape)

        lowering.program.call(backward)

    def describe(self):
        """Return the function's name."""
        return self.forward.function.name


def _sum_to(gradient, shape):
    """Return a gradient summed over the axes along which an argument of the given shape was broadcast."""
    gradient = np.asarray(gradient)
    if gradient.ndim > len(shape):
        gradient = gradient.sum(tuple(range(gradient.ndim - len(shape))))
    axes = broadcast_axes(shape, gradient.shape)
    return gradient.sum(axes, keepdims=True) if axes else gradient


@defines_functions_of(Operators)
def compute(name, *arguments, **settings):
    """Compute a function: for arrays at once, for values by an operation in their graph.

    Parameters
    ----------
    name : str
        Name of the function in `FUNCTIONS`.
    *arguments : Value, Variable or array_like
        Its arguments.
    **settings
        Its keyword arguments.
    """
    arguments = [of_the_block(each) for each in arguments]
    graph = next((argument.graph for argument in arguments if isinstance(argument, Value)), None)
    if graph is None and any(isinstance(argument, Variable) for argument in arguments):
        graph = current_graph()  # In a layer's `call`, weights are values of its graph; elsewhere there is none.
    function, operands = FUNCTIONS[name], computed_with(name)
    arguments = [(graph.value_of(each) if graph else each.value) if isinstance(each, Variable) else each for each in arguments]
    arguments, dtypes, computed_in, dtype = _resolve(name, arguments, settings)
    if computed_in is None:
        arguments[operands] = [_beside(each, dtypes) for each in arguments[operands]]
    else:
        arguments[operands] = [_cast(each, computed_in) for each in arguments[operands]]
    arguments = [each.array if isinstance(each, _Weak) else each for each in arguments]
    if graph is None:
        y = function.forward(*arguments, **settings)
        return y if y.dtype == dtype else y.astype(dtype)
    may_emit = function.emit is not None and (dtype in KERNEL_DTYPES or name in VIEWS)
    y = function.emit(*arguments, **settings) if may_emit else None
    return Arithmetic(function, arguments, settings, dtype).y if y is None else y


class OfDtype(Operators):
    """An argument of which only the dtype is known."""

    __slots__ = ("dtype",)

    def __init__(self, dtype):
        self.dtype = dtype


def dtype_of(name, arguments, settings):
    """Return the dtype of a function's result; arguments may be symbolic tensors or `OfDtype`."""
    return _resolve(name, arguments, settings)[-1]


def _resolve(name, arguments, settings):
    """Prepare a function's arguments.

    Returns
    -------
    arguments : list
        The arguments; those that are not symbolic tensors are arrays or `_Weak`.
    dtypes : list
        Dtypes of the arguments that `computed_with` selects.
    computed_in : dtype or None
        Dtype that these arguments are to be converted to.
    dtype : dtype
        Dtype of the result.
    """
    floats = [dtype for each in arguments if isinstance(each, Operators) and (dtype := _dtype_of(each)).kind == "f"]
    like = promoted(*floats) if floats else None
    arguments = [each if isinstance(each, Operators) else _array(each, like) for each in arguments]
    complexes = [each for each in arguments if isinstance(each, np.ndarray) and each.dtype.kind == "c"]
    if complexes and (name not in OF_COMPLEX or any(isinstance(each, Operators) for each in arguments)):
        raise TypeError(f"{complexes[0]!r} has dtype {complexes[0].dtype}; expected real numbers")
    dtypes = [_dtype_of(each) for each in arguments[computed_with(name)]]
    return arguments, dtypes, *dtypes_of(name, dtypes, settings)


class _Constant(NamedTuple):
    """An argument that is not a value, and so is the same in each run."""

    argument: np.ndarray


class _Weak(NamedTuple):
    """A Python number, or a list of them, which takes its dtype from the other arguments."""

    array: object
    kind: type  # int or float, or the dtype of booleans


def _array(argument, like):
    """Return an argument that is not a value as an array or as `_Weak`; arrays of floats are converted to a dtype, if given."""
    if hasattr(argument, "dtype"):
        array = np.asarray(argument)
    elif isinstance(argument, (int, float)):
        return _Weak(argument, WEAK[type(argument)]) if type(argument) in WEAK else np.asarray(argument)
    else:
        array = np.asarray(argument)
        if not array.size or array.dtype in (np.int64, np.float64):
            return _Weak(array, int if array.dtype == np.int64 else float)
    if array.dtype.kind not in "biufc":
        raise TypeError(f"{argument!r} has dtype {array.dtype}; expected real numbers")
    return array.astype(like, copy=False) if like is not None and array.dtype.kind == "f" else array


def _dtype_of(argument):
    return argument.kind if isinstance(argument, _Weak) else np.dtype(argument.dtype)


def _beside(argument, dtypes):
    """Return an argument as NumPy takes it together with others of the given dtypes, leaving Python's numbers to NumPy."""
    if not isinstance(argument, _Weak):
        return argument
    if len(dtypes) == 1:
        return np.asarray(argument.array)
    return argument.array.astype(promoted(*dtypes)) if isinstance(argument.array, np.ndarray) else argument.array


def _cast(argument, dtype):
    """Return a value, an array or a `_Weak`, converted to a dtype."""
    if isinstance(argument, Value):
        return argument.cast(dtype)
    with np.errstate(over="ignore"):  # A number beyond the range of a dtype becomes infinite.
        return np.asarray(argument.array if isinstance(argument, _Weak) else argument).astype(dtype, copy=False)
