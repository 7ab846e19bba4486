"""Several values merged into one, element by element or by concatenation."""

import itertools
import math

import numpy as np

from ...kernels import bindings
from ..operators import apply
from .activation import preactivation_gradient, row_size
from .base import GraphOperation


class Merge(GraphOperation):
    """Values of one shape merged element by element.

    Parameters
    ----------
    merging : {"add", "subtract", "multiply", "average", "maximum", "minimum"}
        How the values are merged.
    inputs : sequence of Value
        At least one value; two for "subtract".
    activation : {"linear", "relu", "relu6", "leaky_relu"}
        Applied to the result of "add".
    negative_slope : float
        Slope of "leaky_relu" below zero.
    """

    reads = None

    def __init__(self, merging, inputs, *, activation="linear", negative_slope=0.0):
        super().__init__(inputs, inputs[0].shape)
        self.merging = merging
        self.activation = activation
        self.negative_slope = negative_slope

    @property
    def samplewise(self):
        """Whether no weight is merged."""
        return all(value.source is None for value in self.inputs)

    @property
    def overwritable(self):
        """All inputs, any of which the output may overwrite."""
        return self.inputs

    def gradient(self, dy, wanted):
        """Return the inputs' gradients."""
        dy = preactivation_gradient(self, dy)
        if self.merging == "add":
            return [dy if each else None for each in wanted]
        if self.merging in ("subtract", "average"):
            factors = (1.0, -1.0) if self.merging == "subtract" else [1 / len(wanted)] * len(wanted)
            return [Scale(dy, factor).y if each else None for each, factor in zip(wanted, factors, strict=True)]
        if dy.graph.twice and len(self.inputs) == 2:
            return self._symbolic_gradient(dy)
        gradients = MergeGradient(dy, self.inputs, self.merging).outputs
        return [gradient if each else None for each, gradient in zip(wanted, gradients, strict=True)]

    def _symbolic_gradient(self, dy):
        """Return the gradients of both inputs as values of operations that have gradients themselves."""
        a, b = self.inputs
        if self.merging == "multiply":
            return [dy * b, dy * a]
        first = a >= b if self.merging == "maximum" else a <= b
        return [apply("where", first, dy, 0.0), apply("where", first, 0.0, dy)]

    def lower(self, lowering):
        """Append the kernel call."""
        inputs = [lowering.array(value) for value in self.inputs]
        settings = {"merging": self.merging, "activation": self.activation, "negative_slope": self.negative_slope}
        bindings.merge_forward(inputs, lowering.array(self.y), **settings, **lowering.target)

    def describe(self):
        """Return how the values are merged."""
        return self.merging


class Scale(GraphOperation):
    """``x * factor``."""

    in_place = ("x",)

    def __init__(self, x, factor):
        super().__init__((x,), x.shape)
        self.factor = factor

    def gradient(self, dy, wanted):
        """Return the gradient of x."""
        return [Scale(dy, self.factor).y]

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = lowering.array(self.inputs.x), lowering.array(self.y)
        settings = {"columns": row_size(self.y), "activation": "scale", "alpha": self.factor}
        bindings.activation_forward(*arrays, **settings, **lowering.target)


class MergeGradient(GraphOperation):
    """Gradients of the inputs of "multiply", "maximum" or "minimum"."""

    reads = None  # dy, then the merged values

    def __init__(self, dy, inputs, merging):
        super().__init__((dy, *inputs), *[value.shape for value in inputs])
        self.merging = merging

    def lower(self, lowering):
        """Append the kernel call."""
        dy, *inputs = map(lowering.array, self.inputs)
        gradients = [lowering.array(value) for value in self.outputs]
        bindings.merge_backward(dy, inputs, gradients, merging=self.merging, **lowering.target)

    def describe(self):
        """Return how the values were merged."""
        return self.merging


class Concatenate(GraphOperation):
    """Values concatenated along an axis.

    Parameters
    ----------
    inputs : sequence of Value
        Values whose shapes differ only in that axis.
    axis : int
        The axis, as a non-negative index.
    """

    reads = None

    def __init__(self, inputs, axis):
        shape = list(inputs[0].shape)
        shape[axis] = sum(value.shape[axis] for value in inputs)
        super().__init__(inputs, shape)
        self.axis = axis

    @property
    def samplewise(self):
        """Whether samples themselves are not concatenated, nor weights."""
        return self.axis > 0 and all(value.source is None for value in self.inputs)

    def gradient(self, dy, wanted):
        """Return the inputs' gradients."""
        if dy.graph.twice:
            return self._symbolic_gradient(dy)
        parts = Split(dy, [value.shape for value in self.inputs], self.axis).outputs
        return [part if each else None for each, part in zip(wanted, parts, strict=True)]

    def _symbolic_gradient(self, dy):
        """Return the inputs' gradients as values of operations that have gradients themselves."""
        ends = list(itertools.accumulate(value.shape[self.axis] for value in self.inputs))
        before = (slice(None),) * self.axis
        return [dy[(*before, slice(end - value.shape[self.axis], end))] for value, end in zip(self.inputs, ends, strict=True)]

    def lower(self, lowering):
        """Append the kernel call."""
        inputs, y = [lowering.array(value) for value in self.inputs], lowering.array(self.y)
        bindings.concatenate(inputs, y, rows=math.prod(y.shape[: self.axis]), **lowering.target)


class Split(GraphOperation):
    """The parts, of the given shapes, whose concatenation along an axis is x."""

    differentiates_all = True

    def __init__(self, x, shapes, axis):
        super().__init__((x,), *shapes)
        self.axis = axis

    def gradient(self, dy, wanted):
        """Return the gradient of x."""
        graph = self.y.graph
        parts = [
            graph.constant(np.zeros(value.shape, value.dtype)) if part is None else part
            for part, value in zip(dy, self.outputs, strict=True)
        ]
        return [Concatenate(parts, self.axis).y]

    def lower(self, lowering):
        """Append the kernel call."""
        x = self.inputs.x
        rows = math.prod(x.shape[: self.axis])
        bindings.split(lowering.array(x), [lowering.array(value) for value in self.outputs], rows=rows, **lowering.target)
