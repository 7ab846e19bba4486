"""Metrics computed from the confusion matrix: true and false positives and negatives."""

import numpy as np

from .._common.checks import integer, number, real_array, shown
from .._common.docstrings import documented
from .._common.errors import explained
from .base import Metric, add_to, broadcast_weights, predictions, reshaped_like

#: Docstring sections that metrics with thresholds share.
_AT_THRESHOLDS = """
    Parameters
    ----------
    thresholds : float or sequence of floats, optional
        Threshold above which predictions are positive; 0.5 if None. Several thresholds give an array of results.
    top_k : int, optional
        Only the `top_k` largest predictions of a row can be positive; without thresholds, all of them are.
    class_id : int, optional
        Index of the only class that is counted; all classes if None.
    name : str, optional
        Name in logs.
    dtype : str, optional
        See `Metric`.
    """

#: What is counted at each threshold.
COUNTS = ("true_positives", "false_positives", "true_negatives", "false_negatives")


def counts_at(thresholds, y_true, y_pred, weights):
    """Return the weighted numbers of true and false positives and negatives at each threshold, by their names.

    Parameters
    ----------
    thresholds : sequence of float
        Thresholds above which predictions are positive, in any order.
    y_true : ndarray of bool
        Whether each prediction should be positive.
    y_pred, weights : ndarray
        Predictions, of which NaN is never positive, and no true negative either; and their weights.
    """
    order = np.argsort(thresholds, kind="stable")
    bins = np.searchsorted(np.asarray(thresholds, y_pred.dtype)[order], y_pred, side="left")  # how many thresholds are below
    unknown = np.isnan(y_pred)
    bins[unknown] = 0
    counts = {}
    for kind, mask in (("true", y_true), ("false", ~y_true)):
        histogram = np.bincount(bins[mask], weights[mask], len(order) + 1)
        counts[f"{kind}_positives"] = np.cumsum(histogram[::-1])[-2::-1]
        if kind == "false":
            histogram[0] -= weights[unknown & ~y_true].sum()
        counts["false_negatives" if kind == "true" else "true_negatives"] = np.cumsum(histogram)[:-1]
    return {count: numbers[np.argsort(order)] for count, numbers in counts.items()}


class AtThresholds(Metric):
    """Base class of metrics computed from true and false positives and negatives at each threshold."""

    counts = COUNTS  # those that a subclass needs, which are variables of the same names

    def __init__(self, thresholds=None, top_k=None, class_id=None, name=None, dtype=None):
        several = isinstance(thresholds, (list, tuple)) or (isinstance(thresholds, np.ndarray) and thresholds.ndim)
        given = list(thresholds) if several else [0.5 if thresholds is None else thresholds]
        if None in given:
            raise ValueError(f"thresholds={shown(thresholds)} holds None; expected numbers from 0 to 1")
        self._thresholds = [number(f"thresholds[{i}]" if several else "thresholds", each, 0, 1) for i, each in enumerate(given)]
        self.thresholds = None if thresholds is None else self._thresholds if several else self._thresholds[0]
        self.top_k = None if top_k is None else integer("top_k", top_k, 1)
        self.class_id = None if class_id is None else integer("class_id", class_id, 0)
        super().__init__(name, dtype)
        for count in self.counts:
            setattr(self, count, self.add_variable((len(self._thresholds),), dtype=np.float64, name=count))

    @explained
    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take a batch into account: targets 0 or 1, of the predictions' shape, or class indices."""
        y_pred, y_true = predictions(y_pred), real_array("y_true", y_true)
        if y_pred.ndim > 1 and y_pred.shape[-1] > 1 and y_true.shape == y_pred.shape[:-1]:
            y_true = y_true[..., np.newaxis] == np.arange(y_pred.shape[-1])
        y_true = reshaped_like(y_true, y_pred) > 0.5
        weights = broadcast_weights(y_pred, sample_weight)
        if self.top_k is not None:
            ranks = np.argsort(np.argsort(-y_pred, -1, kind="stable"), -1, kind="stable")  # NaN is sorted last.
            candidates = ranks < self.top_k
            chosen = candidates.astype(y_pred.dtype) if self.thresholds is None else np.where(candidates, y_pred, -np.inf)
            y_pred = np.where(np.isnan(y_pred), y_pred, chosen)
        if self.class_id is not None:
            if y_pred.ndim < 2 or self.class_id >= y_pred.shape[-1]:
                raise ValueError(
                    f"class_id={self.class_id} is out of range for y_pred of shape {y_pred.shape}; expected an index into its "
                    "last axis"
                )
            y_true, y_pred, weights = (each[..., self.class_id] for each in (y_true, y_pred, weights))
        for count, numbers in counts_at(self._thresholds, y_true, y_pred, weights).items():
            if count in self.counts:
                add_to(getattr(self, count), numbers)

    def _ratio(self, part, rest):
        """Return part / (part + rest), with 0 for 0 / 0: a number for a single threshold, an array for several."""
        return self._result(quotient(part.array, part.array + rest.array))

    def _result(self, numbers):
        """Return a number for a single threshold, an array for several."""
        return numbers.copy() if isinstance(self.thresholds, list) else float(numbers[0])

    def get_config(self):
        """Return the constructor's arguments."""
        return {**super().get_config(), "thresholds": self.thresholds, "top_k": self.top_k, "class_id": self.class_id}


def quotient(a, b):
    """Return a / b, with 0 where b is not positive."""
    return np.divide(a, b, out=np.zeros(np.broadcast_shapes(a.shape, b.shape)), where=b > 0)


@documented(_AT_THRESHOLDS)
class Precision(AtThresholds):
    """Fraction of the positive predictions that are correct; 0 if there are none.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true, y_pred = [1, 1, 0, 0, 1], [0.9, 0.3, 0.8, 0.1, 0.7]
    >>> round(float(metrics.Precision()(y_true, y_pred)), 3)
    0.667
    """

    larger_is_better = True
    counts = ("true_positives", "false_positives")

    def result(self):
        """Return the result for all batches so far."""
        return self._ratio(self.true_positives, self.false_positives)


@documented(_AT_THRESHOLDS)
class Recall(AtThresholds):
    """Fraction of the positive targets that are predicted to be positive; 0 if there are none.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true, y_pred = [1, 1, 0, 0, 1], [0.9, 0.3, 0.8, 0.1, 0.7]
    >>> round(float(metrics.Recall()(y_true, y_pred)), 3)
    0.667
    """

    larger_is_better = True
    counts = ("true_positives", "false_negatives")

    def result(self):
        """Return the result for all batches so far."""
        return self._ratio(self.true_positives, self.false_negatives)


class _Count(AtThresholds):
    """Base class of the weighted numbers of correct and wrong predictions."""

    def __init__(self, thresholds=None, name=None, dtype=None):
        super().__init__(thresholds, name=name, dtype=dtype)

    @property
    def accumulator(self):
        """The variable that counts."""
        return getattr(self, self.counts[0])

    def result(self):
        """Return the result for all batches so far."""
        return self._result(self.accumulator.array)

    def get_config(self):
        """Return the constructor's arguments."""
        return {**Metric.get_config(self), "thresholds": self.thresholds}


@documented(_AT_THRESHOLDS)
class TruePositives(_Count):
    """Weighted number of positive predictions that are correct.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true, y_pred = [1, 1, 0, 0, 1], [0.9, 0.3, 0.8, 0.1, 0.7]
    >>> float(metrics.TruePositives()(y_true, y_pred))
    2.0
    """

    counts = ("true_positives",)
    larger_is_better = True


@documented(_AT_THRESHOLDS)
class FalsePositives(_Count):
    """Weighted number of positive predictions that are wrong.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true, y_pred = [1, 1, 0, 0, 1], [0.9, 0.3, 0.8, 0.1, 0.7]
    >>> float(metrics.FalsePositives()(y_true, y_pred))
    1.0
    """

    counts = ("false_positives",)
    larger_is_better = False


@documented(_AT_THRESHOLDS)
class TrueNegatives(_Count):
    """Weighted number of negative predictions that are correct, which NaN never is.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true, y_pred = [1, 1, 0, 0, 1], [0.9, 0.3, 0.8, 0.1, 0.7]
    >>> float(metrics.TrueNegatives()(y_true, y_pred))
    1.0
    """

    counts = ("true_negatives",)
    larger_is_better = True


@documented(_AT_THRESHOLDS)
class FalseNegatives(_Count):
    """Weighted number of positive targets whose predictions are negative or NaN.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true, y_pred = [1, 1, 0, 0, 1], [0.9, 0.3, 0.8, 0.1, 0.7]
    >>> float(metrics.FalseNegatives()(y_true, y_pred))
    1.0
    """

    counts = ("false_negatives",)
    larger_is_better = False
