"""Metrics for regression."""

import math

import numpy as np

from .._common.checks import axis_of, choice, integer, real_array
from .._common.docstrings import documented
from .._common.errors import explained
from .base import NAMED, Metric, broadcast_weights, reshaped_like


@documented(NAMED)
class MeanSquaredError(Metric):
    """Mean of ``(y - prediction)²``.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true, y_pred = [[1.0], [2.0], [4.0]], [[1.5], [2.0], [3.0]]
    >>> round(float(metrics.MeanSquaredError()(y_true, y_pred)), 3)
    0.417
    """

    larger_is_better = False

    @explained
    def values(self, y_true, y_pred):
        """Return each squared error."""
        return np.square(_errors(y_true, y_pred))


@documented(NAMED)
class RootMeanSquaredError(MeanSquaredError):
    """Square root of the mean of ``(y - prediction)²``.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true, y_pred = [[1.0], [2.0], [4.0]], [[1.5], [2.0], [3.0]]
    >>> round(float(metrics.RootMeanSquaredError()(y_true, y_pred)), 3)
    0.645
    """

    def result(self):
        """Return the square root of the mean over all batches so far."""
        return float(np.sqrt(super().result()))


@documented(NAMED)
class MeanAbsoluteError(Metric):
    """Mean of ``|y - prediction|``.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true, y_pred = [[1.0], [2.0], [4.0]], [[1.5], [2.0], [3.0]]
    >>> round(float(metrics.MeanAbsoluteError()(y_true, y_pred)), 3)
    0.5
    """

    larger_is_better = False

    @explained
    def values(self, y_true, y_pred):
        """Return each absolute error."""
        return np.abs(_errors(y_true, y_pred))


@documented(NAMED)
class MeanAbsolutePercentageError(MeanAbsoluteError):
    """Mean of ``100 |y - prediction| / max(|y|, 1e-7)``, as in Keras.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true, y_pred = [[1.0], [2.0], [4.0]], [[1.5], [2.0], [3.0]]
    >>> round(float(metrics.MeanAbsolutePercentageError()(y_true, y_pred)), 3)
    25.0
    """

    @explained
    def values(self, y_true, y_pred):
        """Return each error in percent."""
        return 100 * super().values(y_true, y_pred) / np.maximum(np.abs(reshaped_like(y_true, y_pred)), 1e-7)


@documented(NAMED)
class MeanSquaredLogarithmicError(Metric):
    """Mean of ``(log(1 + y) - log(1 + prediction))²``; both are clipped to at least 1e-7.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true, y_pred = [[0.0, 1.0], [2.0, 4.0]], [[0.5, 1.0], [1.0, 2.0]]
    >>> round(float(metrics.MeanSquaredLogarithmicError()(y_true, y_pred)), 3)
    0.147
    """

    larger_is_better = False

    @explained
    def values(self, y_true, y_pred):
        """Return each squared error."""
        y, p = (np.log1p(np.maximum(np.asarray(each, np.float64), 1e-7)) for each in (reshaped_like(y_true, y_pred), y_pred))
        return np.square(y - p)


@documented(NAMED)
class LogCoshError(Metric):
    """Mean of ``log(cosh(prediction - y))``, nearly half the squared error where it is small, and its size where it is large.

    Examples
    --------
    >>> from striate import metrics
    >>> round(float(metrics.LogCoshError()([[0.0], [0.0]], [[1.0], [0.0]])), 3)
    0.217
    """

    larger_is_better = False

    @explained
    def values(self, y_true, y_pred):
        """Return the value of each error."""
        error = _errors(y_true, y_pred)
        with np.errstate(invalid="ignore"):  # That of NaN is NaN.
            return np.logaddexp(error, -error) - math.log(2)


@documented(NAMED)
class CosineSimilarity(Metric):
    """Mean cosine of the angle between targets and predictions.

    Parameters
    ----------
    axis : int
        Axis of the vectors.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true, y_pred = [[0.0, 1.0], [1.0, 1.0]], [[1.0, 0.0], [2.0, 2.0]]
    >>> round(float(metrics.CosineSimilarity()(y_true, y_pred)), 3)
    0.5
    """

    larger_is_better = True

    def __init__(self, name=None, dtype=None, axis=-1):
        super().__init__(name, dtype)
        self.axis = integer("axis", axis)

    @explained
    def values(self, y_true, y_pred):
        """Return each cosine."""
        a, b = (np.asarray(each, np.float64) for each in (reshaped_like(y_true, y_pred), y_pred))
        axis = axis_of(self.axis, "y_pred", b.shape)
        lengths = np.sqrt(np.maximum(np.square(a).sum(axis), 1e-12) * np.maximum(np.square(b).sum(axis), 1e-12))
        with np.errstate(invalid="ignore"):  # Infinity over infinity is NaN.
            return (a * b).sum(axis) / lengths

    def get_config(self):
        """Return the constructor's arguments."""
        return {**super().get_config(), "axis": self.axis}


@documented(NAMED)
class R2Score(Metric):
    """Fraction of the targets' variance that predictions explain: ``1 - sum((y - prediction)²) / sum((y - mean(y))²)``.

    Parameters
    ----------
    class_aggregation : {"uniform_average", "variance_weighted_average", None}
        How the scores of several outputs are averaged; None for an array of them.
    num_regressors : int
        Number of independent variables, for the adjusted score; 0 for the score without adjustment.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true, y_pred = [[1.0], [2.0], [4.0]], [[1.5], [2.0], [3.0]]
    >>> round(float(metrics.R2Score()(y_true, y_pred)), 3)
    0.732
    """

    larger_is_better = True

    def __init__(self, class_aggregation="uniform_average", num_regressors=0, name=None, dtype=None):
        super().__init__(name, dtype)
        self.reset_state()
        options = ("uniform_average", "variance_weighted_average", None)
        self.class_aggregation = choice("class_aggregation", class_aggregation, options)
        self.num_regressors = integer("num_regressors", num_regressors, 0)

    def reset_state(self):
        """Forget all batches."""
        self._count = self._samples = 0
        self._mean = self._squared_deviations = self._squared_errors = 0.0

    @explained
    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take a batch into account: arrays (batch, outputs)."""
        y_pred = np.atleast_1d(real_array("y_pred", y_pred, np.float64))
        y_pred = y_pred.reshape(len(y_pred), math.prod(y_pred.shape[1:]))
        y_true = reshaped_like(real_array("y_true", y_true, np.float64), y_pred)
        weights = broadcast_weights(y_pred[:, :1], sample_weight)
        before, total = self._count, float(weights.sum())
        if not total:
            return
        mean = (weights * y_true).sum(0) / total
        difference = mean - self._mean
        self._count += total
        self._samples += int(np.count_nonzero(weights))
        # Squared deviations from the means of two parts are combined as by Chan, T. et al., "Updating formulae and a pairwise
        # algorithm for computing sample variances", 1979.
        within = self._squared_deviations + (weights * np.square(y_true - mean)).sum(0)
        self._squared_deviations = within + np.square(difference) * before * total / self._count
        self._mean = self._mean + difference * total / self._count
        self._squared_errors = self._squared_errors + (weights * np.square(y_true - y_pred)).sum(0)

    def result(self):
        """Return the score for all batches so far; NaN if there are none."""
        if not self._count:
            return float("nan")
        with np.errstate(divide="ignore", invalid="ignore"):  # Targets that do not vary have no score.
            scores = 1 - self._squared_errors / self._squared_deviations
            scores = np.where(np.isinf(scores), 0.0, scores)
            if self.class_aggregation == "uniform_average":
                scores = scores.mean()
            elif self.class_aggregation == "variance_weighted_average":
                scores = (scores * self._squared_deviations).sum() / self._squared_deviations.sum()
        free = self._samples - self.num_regressors - 1
        if self.num_regressors and free > 0:
            scores = 1 - (1 - scores) * (self._samples - 1) / free
        return scores if self.class_aggregation is None else float(scores)

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"class_aggregation": self.class_aggregation, "num_regressors": self.num_regressors}
        return {**super().get_config(), **own}


def _errors(y_true, y_pred):
    """Return the differences of predictions and targets in float64."""
    return np.subtract(y_pred, reshaped_like(y_true, y_pred), dtype=np.float64)
