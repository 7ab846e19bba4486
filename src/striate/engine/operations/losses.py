"""Losses: a number, and its gradient with respect to predictions."""

from ...kernels import bindings
from ..graph import Value
from .base import GraphOperation, floats


class _Number(GraphOperation):
    """The base class of losses and penalties: one output is the gradient of the first input, the other a number (float64)."""

    any_dtype = True  # but the first

    def __init__(self, inputs):
        first = inputs[0].graph.value_of(inputs[0])
        super().__init__((*floats([first]), *inputs[1:]), first.shape)
        self.outputs += (Value(self.y.graph, (1,), "float64", producer=self),)

    @property
    def value(self):
        """The number."""
        return self.outputs[1]

    @property
    def starts(self):
        """The first input and its gradient: where back-propagation begins."""
        return [(self.inputs[0], self.y)]


class Loss(_Number):
    """The base class of losses: the first output is the gradient, the second, `value`, the loss as one float64.

    Parameters
    ----------
    y_true : Value
        Targets.
    y_pred : Value, shape (batch, ..., classes)
        Predictions.
    weight : float
        Factor of value and gradient.
    sample_weight : Value, shape (batch,) or (batch, ...), optional
        Weights of the samples; the mean still divides by their number.
    """

    def __init__(self, y_true, y_pred, weight, sample_weight=None):
        super().__init__((y_pred, y_true, sample_weight))
        self.weight = weight

    def _results(self, lowering):
        """Return where gradient and value go, and the weights, as the bindings take them."""
        weights = lowering.array(self.inputs[2])
        weights = None if weights is None else weights.reshape(-1)
        return lowering.matrix(self.y), lowering.array(self.value), weights, self.weight


class SparseCrossentropy(Loss):
    """Mean of ``-log p[class]``, with class indices as targets; of logits if `from_logits`."""

    def __init__(self, y_true, y_pred, weight, sample_weight=None, *, from_logits):
        super().__init__(y_true, y_pred, weight, sample_weight)
        self.from_logits = from_logits

    def lower(self, lowering):
        """Append the kernel call."""
        y_pred, y_true, _ = self.inputs
        bindings.sparse_crossentropy(
            lowering.matrix(y_pred), lowering.array(y_true).reshape(-1), *self._results(lowering), self.from_logits,
            lowering.threads, lowering.program,
        )  # fmt: skip


class Crossentropy(Loss):
    """Mean of ``-sum(y log p)``, with distributions over classes as targets; of logits if `from_logits`."""

    def __init__(self, y_true, y_pred, weight, sample_weight=None, *, from_logits):
        super().__init__(y_true, y_pred, weight, sample_weight)
        self.from_logits = from_logits

    def lower(self, lowering):
        """Append the kernel call."""
        y_pred, y_true = (lowering.matrix(value) for value in self.inputs[:2])
        bindings.crossentropy(y_pred, y_true, *self._results(lowering), self.from_logits, lowering.threads, lowering.program)


class BinaryCrossentropy(Loss):
    """Mean of ``-(y log p + (1 - y) log(1 - p))``, of logits if `from_logits`.

    Parameters
    ----------
    y_true, y_pred, weight, sample_weight
        See `Loss`.
    from_logits : bool
        Whether predictions are logits.
    gamma : float
        Each element is multiplied by this power of what is wrong in its prediction.
    yes, no : float
        Weights of targets of 1 and of 0.
    """

    def __init__(self, y_true, y_pred, weight, sample_weight=None, *, from_logits, gamma=0.0, yes=1.0, no=1.0):
        super().__init__(y_true, y_pred, weight, sample_weight)
        self.from_logits = from_logits
        self.focus = gamma, yes, no

    def lower(self, lowering):
        """Append the kernel call."""
        y_pred, y_true = (lowering.matrix(value) for value in self.inputs[:2])
        settings = self.from_logits, self.focus, lowering.threads, lowering.program
        bindings.binary_crossentropy(y_pred, y_true, *self._results(lowering), *settings)


class SquaredError(Loss):
    """Mean of ``(y - prediction)²``."""

    def lower(self, lowering):
        """Append the kernel call."""
        y_pred, y_true = (lowering.matrix(value) for value in self.inputs[:2])
        bindings.squared_error(y_pred, y_true, *self._results(lowering), lowering.threads, lowering.program)


class Penalty(_Number):
    """``sum(l1 |x| + l2 x²)``: the first output is the gradient, the second, `value`, the penalty as one float64.

    Parameters
    ----------
    x : Value
        Weights, or a layer's output.
    l1, l2 : float
        The factors.
    """

    def __init__(self, x, l1, l2):
        super().__init__((x,))
        self.factors = l1, l2

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = lowering.array(self.inputs[0]), *map(lowering.array, self.outputs)
        bindings.penalty(*arrays, *self.factors, lowering.threads, lowering.program)
