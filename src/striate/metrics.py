"""Metrics: running means that tell how well a model does, batch after batch."""

import numpy as np

from ._checks import integer, number
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


class MeanAbsoluteError(Metric):
    """Mean of ``|y - prediction|``."""

    default_name = "mean_absolute_error"

    def values(self, y_true, y_pred):
        """Return each error."""
        return np.abs(np.subtract(y_pred, y_true.reshape(y_pred.shape), dtype=np.float64))


class RootMeanSquaredError(MeanSquaredError):
    """Root of the mean of ``(y - prediction)²``."""

    default_name = "root_mean_squared_error"

    def result(self):
        """Return the root of the mean so far."""
        return float(np.sqrt(super().result()))


class BinaryAccuracy(Metric):
    """Part of the elements that are on the right side of a threshold.

    Parameters
    ----------
    name : str, optional
        How it is called in logs.
    threshold : float
        Predictions above it mean 1, others 0.
    """

    default_name = "binary_accuracy"

    def __init__(self, name=None, threshold=0.5):
        super().__init__(name)
        self.threshold = number("threshold", threshold)

    def values(self, y_true, y_pred):
        """Return whether each element is right."""
        return (y_pred > self.threshold) == (y_true.reshape(y_pred.shape) > 0.5)

    def get_config(self):
        """Return the constructor's arguments."""
        return {**super().get_config(), "threshold": self.threshold}


class TopKAccuracy(Metric):
    """Part of the samples whose class is among the k most probable, for class numbers or vectors over the classes as targets.

    Parameters
    ----------
    k : int
        How many classes are looked at.
    name : str, optional
        How it is called in logs.
    """

    default_name = "top_k_accuracy"

    def __init__(self, k=5, name=None):
        super().__init__(name)
        self.k = integer("k", k, 1)

    def values(self, y_true, y_pred):
        """Return whether each sample is right: whether fewer than k classes are more probable."""
        labels = y_true.argmax(-1) if y_true.shape == y_pred.shape else y_true.reshape(y_pred.shape[:-1])
        probability = np.take_along_axis(y_pred, labels[..., np.newaxis].astype(np.int64), -1)
        return (y_pred > probability).sum(-1) < self.k

    def get_config(self):
        """Return the constructor's arguments."""
        return {"k": self.k, **super().get_config()}


class _Counts(Metric):
    """What metrics share that are made of the numbers of right and wrong positives and negatives.

    Parameters
    ----------
    threshold : float
        Predictions above it are positive.
    name : str, optional
        How it is called in logs.
    """

    def __init__(self, threshold=0.5, name=None):
        super().__init__(name)
        self.threshold = number("threshold", threshold)

    def reset_state(self):
        """Forget all batches."""
        self.true_positives = self.false_positives = self.false_negatives = 0

    def update_state(self, y_true, y_pred):
        """Take a batch into account: targets 0 or 1, of the predictions' shape."""
        positive = np.asarray(y_pred) > self.threshold
        wanted = np.asarray(y_true).reshape(positive.shape) > 0.5
        self.true_positives += int((positive & wanted).sum())
        self.false_positives += int((positive & ~wanted).sum())
        self.false_negatives += int((~positive & wanted).sum())

    def get_config(self):
        """Return the constructor's arguments."""
        return {"threshold": self.threshold, **super().get_config()}


class Precision(_Counts):
    """Part of the positive predictions that is right; 0 if there are none.

    Parameters
    ----------
    threshold : float
        Predictions above it are positive.
    name : str, optional
        How it is called in logs.
    """

    default_name = "precision"

    def result(self):
        """Return it for all batches so far."""
        return self.true_positives / max(self.true_positives + self.false_positives, 1)


class Recall(_Counts):
    """Part of the positive targets that is found; 0 if there are none.

    Parameters
    ----------
    threshold : float
        Predictions above it are positive.
    name : str, optional
        How it is called in logs.
    """

    default_name = "recall"

    def result(self):
        """Return it for all batches so far."""
        return self.true_positives / max(self.true_positives + self.false_negatives, 1)


class F1Score(_Counts):
    """Harmonic mean of precision and recall; 0 if both are.

    Parameters
    ----------
    threshold : float
        Predictions above it are positive.
    name : str, optional
        How it is called in logs.
    """

    default_name = "f1_score"

    def result(self):
        """Return it for all batches so far."""
        return 2 * self.true_positives / max(2 * self.true_positives + self.false_positives + self.false_negatives, 1)


_BY_NAME = {
    "acc": Accuracy,
    "accuracy": Accuracy,
    "binary_accuracy": BinaryAccuracy,
    "categorical_accuracy": CategoricalAccuracy,
    "f1_score": F1Score,
    "mae": MeanAbsoluteError,
    "mean_absolute_error": MeanAbsoluteError,
    "mean_squared_error": MeanSquaredError,
    "mse": MeanSquaredError,
    "precision": Precision,
    "recall": Recall,
    "root_mean_squared_error": RootMeanSquaredError,
    "sparse_categorical_accuracy": SparseCategoricalAccuracy,
    "top_k_accuracy": TopKAccuracy,
}


def get(identifier):
    """Return a metric: `identifier` itself, or the one of that name (which it then bears) or configuration."""
    metric = resolve("metric", identifier, Metric, _BY_NAME)
    if isinstance(identifier, str):
        metric.name = identifier
    return metric
