"""Steps of a program that call Python for its effect, and assignments to variables."""

import numpy as np

from ..._common.arrays import read_only
from ..._common.checks import real_array
from ..graph import Graph
from ..operators import Operators
from .base import GraphOperation
from .update import keep_views


class Call(GraphOperation):
    """A call of Python that is carried out in each run, whether or not anything reads a result.

    Parameters
    ----------
    graph : Graph
        The graph that it belongs to.
    function : callable
        ``function(*arrays)``: it gets the arrays of the inputs, read-only and valid until it returns, then that of the output,
        if there is one.
    inputs : sequence of Value
        Values that it reads.
    shape : tuple of int, optional
        Shape of the output; there is none if None.
    dtype : dtype
        Dtype of the output.
    changes : sequence of Variable
        Variables that it changes.
    """

    reads = None
    any_dtype = True
    has_effect = True

    def __init__(self, graph, function, inputs=(), shape=None, dtype=np.float64, changes=()):
        super().__init__(tuple(inputs), *([] if shape is None else [shape]), dtype=dtype, graph=graph)
        self.function = function
        self._changes = tuple(changes)

    @property
    def changes(self):
        """The variables that the call changes."""
        return self._changes

    def lower(self, lowering):
        """Append the call."""
        arrays = [*(read_only(lowering.array(value)) for value in self.inputs), *map(lowering.array, self.outputs)]
        lowering.program.call(lambda: self.function(*arrays))

    def flops(self):
        """Return none."""
        return 0


class LossValue(GraphOperation):
    """The scalar that an operation computed together with its gradient, as a value through which that gradient flows.

    Parameters
    ----------
    value : Value
        The scalar.
    x, gradient : Value
        What it depends on, and its gradient with respect to that.
    """

    reads = ("value", "x", "gradient")
    any_dtype = True

    def __init__(self, value, x, gradient):
        super().__init__((value, x, gradient), (), dtype=x.dtype)

    def gradient(self, dy, wanted):
        """Return the gradient of x."""
        gradient = self.inputs.gradient
        return [None, (gradient if dy.graph.is_one(dy) else gradient * dy) if wanted.x else None, None]

    def lower(self, lowering):
        """Append a call of Python."""
        value, y = lowering.array(self.inputs.value), lowering.array(self.y)

        def copy():
            y[...] = value.reshape(())

        lowering.program.call(copy)


class Assign(GraphOperation):
    """The assignment of a value to a variable.

    Parameters
    ----------
    variable : Variable
        The variable.
    value : Value
        What is assigned, of the same shape.
    """

    reads = ("variable", "value")
    changed = ("variable",)
    any_dtype = True

    def __init__(self, variable, value):
        if value.shape != variable.shape:
            raise ValueError(f"value for {variable.path!r} has shape {value.shape}; expected {variable.shape}")
        super().__init__((variable, value))

    def lower(self, lowering):
        """Append a call of Python."""
        variable, value = lowering.own(self.inputs.variable), lowering.array(self.inputs.value)

        def write():
            variable[...] = value

        lowering.program.call(write)


def _assign(graph, variable, value):
    """Append an assignment of a value, or of an array, to a variable."""
    if not isinstance(value, Operators):
        value = graph.constant(real_array("value", value))
    value = graph.value_of(value)
    keep_views(graph, {variable})
    Assign(variable, value)


Graph.assign = _assign
