"""Losses and penalties: each computes a scalar and, in the same pass, its gradient."""

from ...kernels import bindings
from ..graph import Value
from .base import GraphOperation, floats


class _ScalarAndGradient(GraphOperation):
    """The base class of losses and penalties.

    The first output is the gradient of the first input; the second, `value`, is the scalar, as float64.
    """

    any_dtype = True  # `__init__` casts only the first input.

    def __init__(self, inputs):
        first, *others = inputs
        first = first.graph.value_of(first)
        super().__init__((*floats([first]), *others), first.shape)
        self.outputs += (Value(self.y.graph, (1,), "float64", producer=self),)

    @property
    def value(self):
        """The scalar."""
        return self.outputs[1]

    @property
    def starts(self):
        """The first input with its gradient, where back-propagation starts."""
        first, *_ = self.inputs
        return [(first, self.y)]


class Loss(_ScalarAndGradient):
    """The base class of losses: its outputs are the gradient of the predictions and the loss.

    Parameters
    ----------
    y_true : Value
        Targets.
    y_pred : Value, shape (batch, ..., classes)
        Predictions.
    weight : float
        Factor of the loss and its gradient.
    sample_weight : Value, shape (batch,) or (batch, ...), optional
        Weights of the samples; the mean still divides by the number of samples.
    """

    reads = ("y_pred", "y_true", "sample_weight")

    def __init__(self, y_true, y_pred, weight, sample_weight=None):
        super().__init__((y_pred, y_true, sample_weight))
        self.weight = weight

    def _append(self, lowering, kernel, targets, **settings):
        """Append a call of the loss's kernel, which takes the targets as the array `targets`."""
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


class _OfProbabilities(Loss):
    """The base class of losses of probabilities, or, with `from_logits`, of logits."""

    def __init__(self, y_true, y_pred, weight, sample_weight=None, *, from_logits):
        super().__init__(y_true, y_pred, weight, sample_weight)
        self.from_logits = from_logits


class SparseCrossentropy(_OfProbabilities):
    """Mean of ``-log p[class]``, with class indices as targets."""

    def lower(self, lowering):
        """Append the kernel call."""
        classes = lowering.array(self.inputs.y_true).reshape(-1)
        self._append(lowering, bindings.sparse_crossentropy, classes, from_logits=self.from_logits)


class Crossentropy(_OfProbabilities):
    """Mean of ``-sum(y log p)``, with distributions over classes, such as one-hot vectors, as targets."""

    def lower(self, lowering):
        """Append the kernel call."""
        y_true = lowering.matrix(self.inputs.y_true)
        self._append(lowering, bindings.crossentropy, y_true, from_logits=self.from_logits)


class BinaryCrossentropy(_OfProbabilities):
    """Mean of ``-(y log p + (1 - y) log(1 - p))``.

    Parameters
    ----------
    y_true, y_pred, weight, sample_weight
        See `Loss`.
    from_logits : bool
        Whether predictions are logits.
    gamma : float
        Exponent of the focal loss: elements are multiplied by ``(1 - q) ** gamma``, where q is the probability of the target.
    positive_weight, negative_weight : float
        Weights of targets of 1 and of targets of 0.
    """

    def __init__(
        self, y_true, y_pred, weight, sample_weight=None, *, from_logits, gamma=0.0, positive_weight=1.0, negative_weight=1.0
    ):
        super().__init__(y_true, y_pred, weight, sample_weight, from_logits=from_logits)
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


class Penalty(_ScalarAndGradient):
    """``sum(l1 |x| + l2 x²)``: its outputs are the gradient of x and the penalty.

    Parameters
    ----------
    x : Value
        Weights, or a layer's output.
    l1, l2 : float
        Factors of the absolute values and of the squares.
    """

    def __init__(self, x, l1, l2):
        super().__init__((x,))
        self.factors = {"l1": l1, "l2": l2}

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = map(lowering.array, (*self.inputs, *self.outputs))
        bindings.penalty(*arrays, **self.factors, **lowering.target)
