"""Losses: a number, and its gradient with respect to predictions."""

from ...kernels import bindings
from ..graph import Value
from .base import Operation


class Loss(Operation):
    """What losses share: the first output is the gradient, the second, `value`, the loss as one float64.

    Parameters
    ----------
    y_true : Value
        Targets.
    y_pred : Value, shape (batch, ..., classes)
        Predictions.
    weight : float
        What value and gradient are multiplied by.
    """

    def __init__(self, y_true, y_pred, weight):
        super().__init__((y_pred, y_true), y_pred.shape)
        self.weight = weight
        self.outputs += (Value(self.y.graph, (1,), "float64", producer=self),)

    @property
    def value(self):
        """The loss."""
        return self.outputs[1]


class SparseCrossentropy(Loss):
    """Mean of ``-log p[class]``, with class numbers as targets; of logits if `from_logits`."""

    def __init__(self, y_true, y_pred, weight, *, from_logits):
        super().__init__(y_true, y_pred, weight)
        self.from_logits = from_logits

    def lower(self, step):
        """Append the kernel call."""
        y_pred, y_true = self.inputs
        bindings.sparse_crossentropy(
            step.matrix(y_pred), step.array(y_true).reshape(-1), step.matrix(self.y), step.array(self.value), self.weight,
            self.from_logits, step.threads, step.program,
        )  # fmt: skip


class Crossentropy(Loss):
    """Mean of ``-sum(y log p)``, with distributions over classes as targets; of logits if `from_logits`."""

    def __init__(self, y_true, y_pred, weight, *, from_logits):
        super().__init__(y_true, y_pred, weight)
        self.from_logits = from_logits

    def lower(self, step):
        """Append the kernel call."""
        y_pred, y_true = (step.matrix(value) for value in self.inputs)
        bindings.crossentropy(
            y_pred, y_true, step.matrix(self.y), step.array(self.value), self.weight, self.from_logits, step.threads,
            step.program,
        )  # fmt: skip


class SquaredError(Loss):
    """Mean of ``(y - prediction)²``."""

    def lower(self, step):
        """Append the kernel call."""
        y_pred, y_true = (step.matrix(value) for value in self.inputs)
        gradient, value = step.matrix(self.y), step.array(self.value)
        bindings.squared_error(y_pred, y_true, gradient, value, self.weight, step.threads, step.program)
