"""Several values merged into one, element by element or by concatenation."""

import math

from ...kernels import bindings
from .activation import preactivation_gradient, row_size
from .base import GraphOperation


class Merge(GraphOperation):
    """Values of one shape merged element by element.

    Parameters
    ----------
    merging : {"add", "subtract", "multiply", "average", "maximum", "minimum"}
        How.
    inputs : sequence of Value
        At least one; two to "subtract".
    activation : {"linear", "relu", "leaky_relu"}
        Applied to the result of "add".
    negative_slope : float
        Of "leaky_relu".
    """

    def __init__(self, merging, inputs, *, activation="linear", negative_slope=0.0):
        super().__init__(inputs, inputs[0].shape)
        self.merging = merging
        self.in_place = tuple(range(len(inputs)))
        self.activation = activation
        self.negative_slope = negative_slope

    def gradient(self, dy, wanted):
        """Return the inputs' gradients."""
        dy = preactivation_gradient(self, dy)
        if self.merging == "add":
            return [dy if each else None for each in wanted]
        if self.merging in ("subtract", "average"):
            factors = (1.0, -1.0) if self.merging == "subtract" else [1 / len(wanted)] * len(wanted)
            return [Scale(dy, factor).y if each else None for each, factor in zip(wanted, factors, strict=True)]
        gradients = MergeGradient(dy, self.inputs, self.merging).outputs
        return [gradient if each else None for each, gradient in zip(wanted, gradients, strict=True)]

    def lower(self, lowering):
        """Append the kernel call."""
        inputs = [lowering.array(value) for value in self.inputs]
        bindings.merge_forward(
            inputs,
            lowering.array(self.y),
            self.merging,
            self.activation,
            self.negative_slope,
            lowering.threads,
            lowering.program,
        )

    def describe(self):
        """Return how they are merged."""
        return self.merging


class Scale(GraphOperation):
    """``x * factor``."""

    in_place = (0,)

    def __init__(self, x, factor):
        super().__init__((x,), x.shape)
        self.factor = factor

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = lowering.array(self.inputs[0]), lowering.array(self.y)
        bindings.activation_forward(*arrays, row_size(self.y), "scale", self.factor, lowering.threads, lowering.program)


class MergeGradient(GraphOperation):
    """Gradients of the inputs of "multiply", "maximum" or "minimum"."""

    def __init__(self, dy, inputs, merging):
        super().__init__((dy, *inputs), *[value.shape for value in inputs])
        self.merging = merging

    def lower(self, lowering):
        """Append the kernel call."""
        dy, *inputs = map(lowering.array, self.inputs)
        gradients = [lowering.array(value) for value in self.outputs]
        bindings.merge_backward(dy, inputs, gradients, self.merging, lowering.threads, lowering.program)

    def describe(self):
        """Return how they were merged."""
        return self.merging


class Concatenate(GraphOperation):
    """Values concatenated along an axis.

    Parameters
    ----------
    inputs : sequence of Value
        Of the same shape but for that axis.
    axis : int
        Not negative.
    """

    def __init__(self, inputs, axis):
        shape = list(inputs[0].shape)
        shape[axis] = sum(value.shape[axis] for value in inputs)
        super().__init__(inputs, shape)
        self.axis = axis

    def gradient(self, dy, wanted):
        """Return the inputs' gradients."""
        parts = Split(dy, [value.shape for value in self.inputs], self.axis).outputs
        return [part if each else None for each, part in zip(wanted, parts, strict=True)]

    def lower(self, lowering):
        """Append the kernel call."""
        rows = math.prod(self.y.shape[: self.axis])
        bindings.concatenate(
            [lowering.array(value) for value in self.inputs], lowering.array(self.y), rows, lowering.threads, lowering.program
        )


class Split(GraphOperation):
    """The parts of a concatenation."""

    def __init__(self, x, shapes, axis):
        super().__init__((x,), *shapes)
        self.axis = axis

    def lower(self, lowering):
        """Append the kernel call."""
        x = self.inputs[0]
        rows = math.prod(x.shape[: self.axis])
        bindings.split(
            lowering.array(x), [lowering.array(value) for value in self.outputs], rows, lowering.threads, lowering.program
        )
