"""Accuracies: how many are right. A prediction that is NaN never is."""

import numpy as np

from .._common.checks import integer, number
from .._common.docstrings import documented
from .._common.errors import explained
from .base import NAMED, Metric, class_indices, like, most_probable


@documented(NAMED)
class SparseCategoricalAccuracy(Metric):
    """Part of the samples whose most probable class is the target."""

    larger_is_better = True

    @explained
    def values(self, y_true, y_pred):
        """Return whether each sample is right."""
        return _chosen(y_pred) == y_true.reshape(y_pred.shape[:-1])


@documented(NAMED)
class CategoricalAccuracy(Metric):
    """Part of the samples whose most probable class is the target vector's largest."""

    larger_is_better = True

    @explained
    def values(self, y_true, y_pred):
        """Return whether each sample is right."""
        return _chosen(y_pred) == like(y_true, y_pred).argmax(-1)


@documented(NAMED)
class Accuracy(Metric):
    """Part of the samples that is classified correctly.

    Targets are class indices or vectors over the classes; where predictions are a single number, that is the probability of
    class 1, chosen above one half. Predictions that are integers are class indices, too.
    """

    larger_is_better = True

    @explained
    def values(self, y_true, y_pred):
        """Return whether each sample is right."""
        if y_pred.ndim == 1 or y_pred.dtype.kind in "iub":
            return like(y_true, y_pred) == y_pred
        if y_pred.shape[-1] == 1:
            return ((y_pred > 0.5) == y_true.reshape(y_pred.shape)) & ~np.isnan(y_pred)
        return _chosen(y_pred) == class_indices(y_true, y_pred)


@documented(NAMED)
class BinaryAccuracy(Metric):
    """Part of the elements on the right side of a threshold.

    Parameters
    ----------
    threshold : float
        Predictions above it mean 1, others 0.
    """

    larger_is_better = True

    def __init__(self, name=None, threshold=0.5):
        super().__init__(name)
        self.threshold = number("threshold", threshold)

    @explained
    def values(self, y_true, y_pred):
        """Return whether each element is right."""
        return ((y_pred > self.threshold) == (like(y_true, y_pred) > 0.5)) & ~np.isnan(y_pred)

    def get_config(self):
        """Return the constructor's arguments."""
        return {**super().get_config(), "threshold": self.threshold}


@documented(NAMED)
class TopKAccuracy(Metric):
    """Part of the samples whose class is among the k most probable, for class indices or vectors over the classes as targets.

    Parameters
    ----------
    k : int
        How many classes are looked at.
    """

    larger_is_better = True

    def __init__(self, k=5, name=None):
        super().__init__(name)
        self.k = integer("k", k, 1)

    @explained
    def values(self, y_true, y_pred):
        """Return whether each sample is right: whether fewer than k classes are more probable, those of NaN included."""
        labels = class_indices(y_true, y_pred)
        probability = np.take_along_axis(y_pred, labels[..., np.newaxis].astype(np.int64), -1)
        before = (~(y_pred <= probability)).sum(-1)
        return (before < self.k) & ~np.isnan(probability[..., 0])

    def get_config(self):
        """Return the constructor's arguments."""
        return {"k": self.k, **super().get_config()}


class TopKCategoricalAccuracy(TopKAccuracy):
    """`TopKAccuracy` under Keras' name for vectors as targets."""


class SparseTopKCategoricalAccuracy(TopKAccuracy):
    """`TopKAccuracy` under Keras' name for class indices as targets."""


def _chosen(y_pred):
    """Return the most probable class of each row, -1 for rows that hold NaN."""
    chosen, unknown = most_probable(y_pred)
    return np.where(unknown, -1, chosen)
