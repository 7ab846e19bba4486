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
    """Mean of ``(y - prediction)²`` over the elements of each sample.

    Examples
    --------
    >>> from striate import losses
    >>> y_true = [[0.0, 1.0], [2.0, 4.0]]
    >>> y_pred = [[0.5, 1.0], [1.0, 2.0]]
    >>> round(float(losses.MeanSquaredError()(y_true, y_pred)), 4)
    1.3125
    """

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        return apply("mean", apply("square", y_pred - y_true), axis=-1)

    def fused(self, y_true, y_pred, weight, sample_weight):
        """Return the operation with a kernel for this loss."""
        return operations.SquaredError(y_true, y_pred, weight, sample_weight)


@documented(OF_ELEMENTS)
class MeanAbsoluteError(SameShapeLoss):
    """Mean of ``|y - prediction|`` over the elements of each sample.

    Examples
    --------
    >>> from striate import losses
    >>> y_true = [[0.0, 1.0], [2.0, 4.0]]
    >>> y_pred = [[0.5, 1.0], [1.0, 2.0]]
    >>> round(float(losses.MeanAbsoluteError()(y_true, y_pred)), 3)
    0.875
    """

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        return apply("mean", apply("absolute", y_pred - y_true), axis=-1)


@documented(OF_ELEMENTS)
class MeanAbsolutePercentageError(SameShapeLoss):
    """Mean of ``100 |y - prediction| / max(|y|, 1e-7)`` over the elements of each sample, as in Keras.

    Examples
    --------
    >>> from striate import losses
    >>> y_true = [[1.0, 1.0], [2.0, 4.0]]
    >>> y_pred = [[0.5, 1.0], [1.0, 2.0]]
    >>> round(float(losses.MeanAbsolutePercentageError()(y_true, y_pred)), 3)
    37.5
    """

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        relative = apply("absolute", (y_true - y_pred) / apply("maximum", apply("absolute", y_true), EPSILON))
        return apply("mean", relative, axis=-1) * 100.0


@documented(OF_ELEMENTS)
class MeanSquaredLogarithmicError(SameShapeLoss):
    """Mean of ``(log(1 + y) - log(1 + prediction))²`` over the elements of each sample; both are clipped to at least 1e-7.

    Examples
    --------
    >>> from striate import losses
    >>> y_true = [[0.0, 1.0], [2.0, 4.0]]
    >>> y_pred = [[0.5, 1.0], [1.0, 2.0]]
    >>> round(float(losses.MeanSquaredLogarithmicError()(y_true, y_pred)), 3)
    0.147
    """

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        first, second = (apply("log1p", apply("maximum", each, EPSILON)) for each in (y_true, y_pred))
        return apply("mean", apply("square", first - second), axis=-1)


@documented(OF_ELEMENTS)
class Huber(SameShapeLoss):
    """Mean over the elements of each sample of a loss that is half the squared error up to `delta`, and linear beyond [1]_.

    Parameters
    ----------
    delta : float
        Absolute error beyond which the loss is linear, above 0.

    References
    ----------
    .. [1] Huber, P., "Robust estimation of a location parameter", Annals of Mathematical Statistics, 1964.

    Examples
    --------
    >>> from striate import losses
    >>> y_true = [[0.0, 1.0], [2.0, 4.0]]
    >>> y_pred = [[0.5, 1.0], [1.0, 2.0]]
    >>> round(float(losses.Huber(delta=0.5)(y_true, y_pred)), 3)
    0.344
    """

    def __init__(self, delta=1.0, reduction="sum_over_batch_size", name=None, dtype=None):
        super().__init__(reduction, name, dtype)
        self.delta = number("delta", delta, 0, open_minimum=True)

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        error = y_pred - y_true
        near = apply("clip", error, -self.delta, self.delta)
        return apply("mean", near * (error - near * 0.5), axis=-1)


@documented(OF_ELEMENTS)
class LogCosh(SameShapeLoss):
    """Mean of ``log cosh(prediction - y)``: half the squared error where it is small, the absolute error where it is large.

    Examples
    --------
    >>> from striate import losses
    >>> y_true = [[0.0, 1.0], [2.0, 4.0]]
    >>> y_pred = [[0.5, 1.0], [1.0, 2.0]]
    >>> round(float(losses.LogCosh()(y_true, y_pred)), 3)
    0.47
    """

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        error = y_pred - y_true
        return apply("mean", error + softplus(error * -2.0) - log(2), axis=-1)
