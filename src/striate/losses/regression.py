"""Losses for regression."""

from math import log

from .._common.checks import number
from .._common.docstrings import documented
from ..activations import softplus
from ..engine import operations
from ..engine.operators import apply
from .base import OF_ELEMENTS, SameShapeLoss
from .crossentropy import EPSILON


@documented(OF_ELEMENTS)
class MeanSquaredError(SameShapeLoss):
    """Mean of ``(y - prediction)²`` over the elements of each sample."""

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        return apply("mean", apply("square", y_pred - y_true), axis=-1)

    def fused(self, y_true, y_pred, weight, sample_weight):
        """Return the operation of the kernel."""
        return operations.SquaredError(y_true, y_pred, weight, sample_weight)


@documented(OF_ELEMENTS)
class MeanAbsoluteError(SameShapeLoss):
    """Mean of ``|y - prediction|`` over the elements of each sample."""

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        return apply("mean", apply("absolute", y_pred - y_true), axis=-1)


@documented(OF_ELEMENTS)
class MeanAbsolutePercentageError(SameShapeLoss):
    """Mean of ``100 |y - prediction| / |y|`` over the elements of each sample; ``|y|`` counts as at least 1e-7, as in Keras."""

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        part = apply("absolute", (y_true - y_pred) / apply("maximum", apply("absolute", y_true), EPSILON))
        return apply("mean", part, axis=-1) * 100.0


@documented(OF_ELEMENTS)
class MeanSquaredLogarithmicError(SameShapeLoss):
    """Mean of ``(log(1 + y) - log(1 + prediction))²`` over the elements of each sample; both count as at least 1e-7."""

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        first, second = (apply("log1p", apply("maximum", each, EPSILON)) for each in (y_true, y_pred))
        return apply("mean", apply("square", first - second), axis=-1)


@documented(OF_ELEMENTS)
class Huber(SameShapeLoss):
    """Half the squared error up to `delta`, linear beyond [1]_: its mean over the elements of each sample.

    Parameters
    ----------
    delta : float
        Error from which the loss grows evenly, above 0.

    References
    ----------
    .. [1] Huber, P., "Robust estimation of a location parameter", Annals of Mathematical Statistics, 1964.
    """

    def __init__(self, delta=1.0, reduction="sum_over_batch_size", name=None):
        super().__init__(reduction, name)
        self.delta = number("delta", delta, 0, open_minimum=True)

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        error = y_pred - y_true
        near = apply("clip", error, -self.delta, self.delta)
        return apply("mean", near * (error - near * 0.5), axis=-1)


@documented(OF_ELEMENTS)
class LogCosh(SameShapeLoss):
    """Mean of ``log cosh(prediction - y)``: half the squared error where it is small, the absolute error where it is large."""

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        error = y_pred - y_true
        return apply("mean", error + softplus(error * -2.0) - log(2), axis=-1)
