"""Accuracies: the fraction of predictions that are correct, which NaN never is."""

import numpy as np

from .._common.checks import boolean, integer, number
from .._common.docstrings import documented
from .._common.errors import explained
from .base import NAMED, Metric, class_indices, most_probable, reshaped_like


@documented(NAMED)
class SparseCategoricalAccuracy(Metric):
    """Fraction of the samples whose most probable class is the target.

    Examples
    --------
    >>> from striate import metrics
    >>> y_pred = [[0.1, 0.9], [0.8, 0.2], [0.6, 0.4], [0.3, 0.7]]
    >>> float(metrics.SparseCategoricalAccuracy()([1, 0, 1, 1], y_pred))
    0.75
    """

    larger_is_better = True

    @explained
    def values(self, y_true, y_pred):
        """Return whether each sample is correct."""
        return _predicted_classes(y_pred) == y_true.reshape(y_pred.shape[:-1])


@documented(NAMED)
class CategoricalAccuracy(Metric):
    """Fraction of the samples whose most probable class has the largest element of the target vector.

    Examples
    --------
    >>> from striate import metrics
    >>> y_pred = [[0.1, 0.9], [0.8, 0.2]]
    >>> float(metrics.CategoricalAccuracy()([[0, 1], [0, 1]], y_pred))
    0.5
    """

    larger_is_better = True

    @explained
    def values(self, y_true, y_pred):
        """Return whether each sample is correct."""
        return _predicted_classes(y_pred) == reshaped_like(y_true, y_pred).argmax(-1)


@documented(NAMED)
class Accuracy(Metric):
    """Fraction of the samples that are classified correctly.

    Targets are class indices or vectors over the classes. Predictions are vectors of probabilities; single numbers, which are
    probabilities of class 1, predicted if above 0.5; or integers, which are class indices.

    Examples
    --------
    >>> from striate import metrics
    >>> y_pred = [[0.1, 0.9], [0.8, 0.2], [0.6, 0.4]]
    >>> round(metrics.Accuracy()([1, 0, 1], y_pred), 3)
    0.667
    """

    larger_is_better = True

    @explained
    def values(self, y_true, y_pred):
        """Return whether each sample is correct."""
        if y_pred.ndim == 1 or y_pred.dtype.kind in "iub":
            return reshaped_like(y_true, y_pred) == y_pred
        if y_pred.shape[-1] == 1:
            return ((y_pred > 0.5) == y_true.reshape(y_pred.shape)) & ~np.isnan(y_pred)
        return _predicted_classes(y_pred) == class_indices(y_true, y_pred)


@documented(NAMED)
class BinaryAccuracy(Metric):
    """Fraction of the elements that are on the correct side of a threshold.

    Parameters
    ----------
    threshold : float
        Predictions above this are of class 1, others of class 0.

    Examples
    --------
    >>> from striate import metrics
    >>> float(metrics.BinaryAccuracy()([1, 0, 1, 1], [0.9, 0.2, 0.4, 0.8]))
    0.75
    """

    larger_is_better = True

    def __init__(self, name=None, dtype=None, threshold=0.5):
        super().__init__(name, dtype)
        self.threshold = number("threshold", threshold)

    @explained
    def values(self, y_true, y_pred):
        """Return whether each element is correct."""
        return ((y_pred > self.threshold) == (reshaped_like(y_true, y_pred) > 0.5)) & ~np.isnan(y_pred)

    def get_config(self):
        """Return the constructor's arguments."""
        return {**super().get_config(), "threshold": self.threshold}


@documented(NAMED)
class TopKAccuracy(Metric):
    """Fraction of the samples whose class is among the k most probable.

    Targets are class indices or vectors over the classes.

    Parameters
    ----------
    k : int
        Number of most probable classes.

    Examples
    --------
    >>> from striate import metrics
    >>> y_pred = [[0.5, 0.3, 0.2], [0.1, 0.3, 0.6]]
    >>> float(metrics.TopKAccuracy(k=2)([1, 0], y_pred))
    0.5
    """

    larger_is_better = True

    def __init__(self, k=5, name=None, dtype=None):
        super().__init__(name, dtype)
        self.k = integer("k", k, 1)

    @explained
    def values(self, y_true, y_pred):
        """Return whether fewer than k classes are more probable than the target of each sample; NaN counts as more probable."""
        labels = class_indices(y_true, y_pred)
        probability = np.take_along_axis(y_pred, labels[..., np.newaxis].astype(np.int64), -1)
        more_probable = (~(y_pred <= probability)).sum(-1)
        return (more_probable < self.k) & ~np.isnan(probability[..., 0])

    def get_config(self):
        """Return the constructor's arguments."""
        return {"k": self.k, **super().get_config()}


@documented(NAMED)
class TopKCategoricalAccuracy(TopKAccuracy):
    """`TopKAccuracy`, as Keras names it for targets that are vectors.

    Parameters
    ----------
    k : int
        Number of most probable classes.

    Examples
    --------
    >>> from striate import metrics
    >>> y_pred = [[0.5, 0.3, 0.2], [0.1, 0.3, 0.6]]
    >>> float(metrics.TopKCategoricalAccuracy(k=2)([[0, 1, 0], [1, 0, 0]], y_pred))
    0.5
    """


@documented(NAMED)
class SparseTopKCategoricalAccuracy(TopKAccuracy):
    """`TopKAccuracy`, as Keras names it for targets that are class indices.

    Parameters
    ----------
    k : int
        Number of most probable classes.
    from_sorted_ids : bool
        Whether predictions are class indices, the most probable first, in place of probabilities.

    Examples
    --------
    >>> from striate import metrics
    >>> y_pred = [[0.5, 0.3, 0.2], [0.1, 0.3, 0.6]]
    >>> float(metrics.SparseTopKCategoricalAccuracy(k=2)([1, 0], y_pred))
    0.5
    """

    def __init__(self, k=5, name=None, dtype=None, from_sorted_ids=False):
        super().__init__(k, name, dtype)
        self.from_sorted_ids = boolean("from_sorted_ids", from_sorted_ids)

    @explained
    def values(self, y_true, y_pred):
        """Return whether the target of each sample is among its k most probable classes."""
        if not self.from_sorted_ids:
            return super().values(y_true, y_pred)
        return (y_pred[..., : self.k] == y_true.reshape(y_pred.shape[:-1])[..., np.newaxis]).any(-1)

    def get_config(self):
        """Return the constructor's arguments."""
        return {**super().get_config(), "from_sorted_ids": self.from_sorted_ids}


def _predicted_classes(y_pred):
    """Return the most probable class of each row; -1 for rows that hold NaN."""
    classes, unknown = most_probable(y_pred)
    return np.where(unknown, -1, classes)
