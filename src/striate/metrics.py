"""Metrics: running means that tell how well a model does, batch after batch."""

import numpy as np

from ._registry import resolve


class Metric:
    """Base class of metrics: the mean over samples of a value for each. A subclass defines `values`.

    Parameters
    ----------
    name : str, optional
        How it is called in logs.
    """

    default_name = "metric"

    def __init__(self, name=None):
        self.name = self.default_name if name is None else name
        self.reset_state()

    def values(self, y_true, y_pred):
        """Return the value of each sample.

        Parameters
        ----------
        y_true : ndarray
            Targets, as the loss prepared them.
        y_pred : ndarray, shape (batch, ...)
            Predictions.
        """
        raise TypeError(f"{type(self).__name__} does not define values; expected a metric that does")

    def reset_state(self):
        """Forget all batches."""
        self._total = 0.0
        self._count = 0

    def update_state(self, y_true, y_pred):
        """Take a batch into account."""
        values = np.asarray(self.values(np.asarray(y_true), np.asarray(y_pred)))
        self._total += float(values.sum(dtype=np.float64))
        self._count += values.size

    def result(self):
        """Return the mean over all samples so far, NaN if there are none."""
        return self._total / self._count if self._count else float("nan")

    def __call__(self, y_true, y_pred):
        """Take a batch into account and return the mean so far."""
        self.update_state(y_true, y_pred)
        return self.result()

    def get_config(self):
        """Return the constructor's arguments."""
        return {"name": self.name}


class SparseCategoricalAccuracy(Metric):
    """Part of the samples whose most probable class is the target's number."""

    default_name = "sparse_categorical_accuracy"

    def values(self, y_true, y_pred):
        """Return whether each sample is right."""
        return y_pred.argmax(-1) == y_true.reshape(y_pred.shape[:-1])


class CategoricalAccuracy(Metric):
    """Part of the samples whose most probable class is the target vector's largest."""

    default_name = "categorical_accuracy"

    def values(self, y_true, y_pred):
        """Return whether each sample is right."""
        return y_pred.argmax(-1) == y_true.argmax(-1)


class Accuracy(Metric):
    """Part of the samples that are classified rightly.

    Targets are class numbers or vectors over the classes; where predictions are a single number, that is the probability of
    class 1, chosen above one half.
    """

    default_name = "accuracy"

    def values(self, y_true, y_pred):
        """Return whether each sample is right."""
        if y_pred.shape[-1] == 1:
            return (y_pred > 0.5) == y_true.reshape(y_pred.shape)
        return y_pred.argmax(-1) == (y_true.argmax(-1) if y_true.ndim == y_pred.ndim else y_true)


class MeanSquaredError(Metric):
    """Mean of ``(y - prediction)²``."""

    default_name = "mean_squared_error"

    def values(self, y_true, y_pred):
        """Return each squared error."""
        return np.square(np.subtract(y_pred, y_true.reshape(y_pred.shape), dtype=np.float64))


_BY_NAME = {
    "acc": Accuracy,
    "accuracy": Accuracy,
    "categorical_accuracy": CategoricalAccuracy,
    "mean_squared_error": MeanSquaredError,
    "mse": MeanSquaredError,
    "sparse_categorical_accuracy": SparseCategoricalAccuracy,
}


def get(identifier):
    """Return a metric: `identifier` itself, or the one of that name (which it then bears) or configuration."""
    metric = resolve("metric", identifier, Metric, _BY_NAME)
    if isinstance(identifier, str):
        metric.name = identifier
    return metric
