"""Losses for regression."""

import numpy as np

from .._checks import number
from ..engine import operations
from .base import ElementwiseLoss, SameShapeLoss


class MeanSquaredError(SameShapeLoss):
    """Mean of ``(y - prediction)²`` over the elements of each sample.

    Notes
    -----
    Predictions and targets (batch, ...); targets (batch,) serve for predictions (batch, 1).
    """

    def emit(self, y_true, y_pred, weight=1.0, sample_weight=None):
        """Append the loss to a graph."""
        return operations.SquaredError(y_true, y_pred, weight, sample_weight)


class MeanAbsoluteError(ElementwiseLoss):
    """Mean of ``|y - prediction|`` over the elements of each sample.

    Notes
    -----
    Predictions and targets (batch, ...); targets (batch,) serve for predictions (batch, 1).
    """

    def elements(self, y_true, y_pred):
        """Return the value of each element, and its gradient with respect to `y_pred`."""
        error = y_pred - y_true
        return np.abs(error), np.sign(error)


class Huber(ElementwiseLoss):
    """Half the squared error up to `delta`, beyond a straight line [1]_: its mean over the elements of each sample.

    Parameters
    ----------
    delta : float
        Error from which the loss grows evenly, above 0.

    Notes
    -----
    Predictions and targets (batch, ...); targets (batch,) serve for predictions (batch, 1).

    References
    ----------
    .. [1] Huber, P., "Robust estimation of a location parameter", Annals of Mathematical Statistics, 1964.
    """

    def __init__(self, delta=1.0):
        self.delta = number("delta", delta, 0, open_minimum=True)

    def elements(self, y_true, y_pred):
        """Return the value of each element, and its gradient with respect to `y_pred`."""
        error = y_pred - y_true
        near = np.clip(error, -self.delta, self.delta)
        return near * (error - near / 2), near


class LogCosh(ElementwiseLoss):
    """Mean of ``log cosh(prediction - y)``: half the squared error where it is small, the absolute error where it is large.

    Notes
    -----
    Predictions and targets (batch, ...); targets (batch,) serve for predictions (batch, 1).
    """

    def elements(self, y_true, y_pred):
        """Return the value of each element, and its gradient with respect to `y_pred`."""
        error = y_pred - y_true
        size = np.abs(error)
        return size + np.log1p(np.exp(-2 * size)) - np.log(2), np.tanh(error)
