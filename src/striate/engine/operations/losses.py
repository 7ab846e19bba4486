"""Losses: a number, and its gradient with respect to predictions."""

from ...kernels import bindings
from ..graph import Value
from .base import GraphOperation, floats


class _Number(GraphOperation):
    """The base class of losses and penalties: one output is the gradient of the first input, the other a number (float64)."""

    any_dtype = True  # but the first

    def __init__(self, inputs):
        first, *others = inputs
        first = first.graph.value_of(first)
        super().__init__((*floats([first]), *others), first.shape)
        self.outputs += (Value(self.y.graph, (1,), "float64", producer=self),)

    @property
    def value(self):
        """The number."""
        return self.outputs[1]

    @property
    def starts(self):
        """The first input and its gradient: where back-propagation begins."""
        first, *_ = self.inputs
        return [(first, self.y)]


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

    reads = ("y_pred", "y_true", "sample_weight")

    def __init__(self, y_true, y_pred, weight, sample_weight=None):
        super().__init__((y_pred, y_true, sample_weight))
        self.weight = weight

    def _append(self, lowering, kernel, targets, **settings):
        """Append the call of a loss's kernel."""
        weights = lowering.array(self.inputs.sample_weight)
        kernel(
            lowering.matrix(self.inputs.y_pred),
            targets,
            lowering.matrix(self.y),
            lowering.array(self.value),
            row_weights=None if weights is None else weights.reshape(-1),
            weight=self.weight,
            **settings,
            **lowering.target,
        )


class SparseCrossentropy(Loss):
    """Mean of ``-log p[class]``, with class indices as targets; of logits if `from_logits`."""

    def __init__(self, y_true, y_pred, weight, sample_weight=None, *, from_logits):
        super().__init__(y_true, y_pred, weight, sample_weight)
        self.from_logits = from_logits

    def lower(self, lowering):
        """Append the kernel call."""
        classes = lowering.array(self.inputs.y_true).reshape(-1)
        self._append(lowering, bindings.sparse_crossentropy, classes, from_logits=self.from_logits)


class Crossentropy(Loss):
    """Mean of ``-sum(y log p)``, with distributions over classes as targets; of logits if `from_logits`."""

    def __init__(self, y_true, y_pred, weight, sample_weight=None, *, from_logits):
        super().__init__(y_true, y_pred, weight, sample_weight)
        self.from_logits = from_logits

    def lower(self, lowering):
        """Append the kernel call."""
        y_true = lowering.matrix(self.inputs.y_true)
        self._append(lowering, bindings.crossentropy, y_true, from_logits=self.from_logits)


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
    positive_weight, negative_weight : float
        Weights of targets of 1 and of 0.
    """

    def __init__(
        self, y_true, y_pred, weight, sample_weight=None, *, from_logits, gamma=0.0, positive_weight=1.0, negative_weight=1.0
    ):
        super().__init__(y_true, y_pred, weight, sample_weight)
        self.from_logits = from_logits
        self.focus = {"gamma": gamma, "positive_weight": positive_weight, "negative_weight": negative_weight}

    def lower(self, lowering):
        """Append the kernel call."""
        y_true = lowering.matrix(self.inputs.y_true)
        self._append(lowering, bindings.binary_crossentropy, y_true, from_logits=self.from_logits, **self.focus)


class SquaredError(Loss):
    """Mean of ``(y - prediction)²``."""

    def lower(self, lowering):
        """Append the kernel call."""
        self._append(lowering, bindings.squared_error, lowering.matrix(self.inputs.y_true))


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
        self.factors = {"l1": l1, "l2": l2}

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = map(lowering.array, (*self.inputs, *self.outputs))
        bindings.penalty(*arrays, **self.factors, **lowering.target)
