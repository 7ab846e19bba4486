"""Metrics computed from the confusion matrix: true and false positives and negatives."""

import numpy as np

from .._common.checks import boolean, choice, integer, number, real_array
from .._common.docstrings import documented
from .._common.errors import explained
from .._common.registry import snake_case
from .base import NAMED, Metric, broadcast_weights, predictions, reshaped_like

_MOST_THRESHOLDS = 1 << 20  # More make no visible difference, and a damaged file could ask for more than fit into memory.

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
    """


class _AtThresholds(Metric):
    """Base class of metrics computed from true and false positives and negatives at each threshold."""

    def __init__(self, thresholds=None, top_k=None, class_id=None, name=None):
        several = isinstance(thresholds, (list, tuple)) or (isinstance(thresholds, np.ndarray) and thresholds.ndim)
        given = list(thresholds) if several else [0.5 if thresholds is None else thresholds]
        self._thresholds = [number(f"thresholds[{i}]" if several else "thresholds", each, 0, 1) for i, each in enumerate(given)]
        self.thresholds = None if thresholds is None else self._thresholds if several else self._thresholds[0]
        self.top_k = None if top_k is None else integer("top_k", top_k, 1)
        self.class_id = None if class_id is None else integer("class_id", class_id, 0)
        super().__init__(name)
        self.reset_state()

    def reset_state(self):
        """Forget all batches."""
        counts = np.zeros((4, len(self._thresholds)))
        self.true_positives, self.false_positives, self.true_negatives, self.false_negatives = counts

    @explained
    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take a batch into account: targets 0 or 1, of the predictions' shape, or class indices."""
        y_pred, y_true = predictions(y_pred), real_array("y_true", y_true)
        if y_pred.ndim > 1 and y_pred.shape[-1] > 1 and y_true.shape == y_pred.shape[:-1]:
            y_true = y_true[..., np.newaxis] == np.arange(y_pred.shape[-1])
        y_true = reshaped_like(y_true, y_pred) > 0.5
        weights = broadcast_weights(y_pred, sample_weight)
        candidates = np.ones(y_pred.shape, bool)
        if self.top_k is not None:
            ranks = np.argsort(np.argsort(-y_pred, -1, kind="stable"), -1, kind="stable")  # NaN is sorted last.
            candidates = (ranks < self.top_k) & ~np.isnan(y_pred)
        if self.class_id is not None:
            if not y_pred.ndim or self.class_id >= y_pred.shape[-1]:
                raise ValueError(
                    f"class_id={self.class_id} is out of range for y_pred of shape {y_pred.shape}; expected an index into its "
                    "last axis"
                )
            y_true, y_pred, weights, candidates = (each[..., self.class_id] for each in (y_true, y_pred, weights, candidates))
        for i, threshold in enumerate(self._thresholds):
            positive = candidates if self.top_k is not None and self.thresholds is None else candidates & (y_pred > threshold)
            self.true_positives[i] += weights[positive & y_true].sum()
            self.false_positives[i] += weights[positive & ~y_true].sum()
            self.true_negatives[i] += weights[~positive & ~y_true & ~np.isnan(y_pred)].sum()
            self.false_negatives[i] += weights[~positive & y_true].sum()

    def _ratio(self, part, rest):
        """Return part / (part + rest), with 0 for 0 / 0: a number for a single threshold, an array for several."""
        whole = part + rest
        return self._result(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0))

    def _result(self, numbers):
        """Return a number for a single threshold, an array for several."""
        return numbers.copy() if isinstance(self.thresholds, list) else float(numbers[0])

    def get_config(self):
        """Return the constructor's arguments."""
        return {**super().get_config(), "thresholds": self.thresholds, "top_k": self.top_k, "class_id": self.class_id}


@documented(_AT_THRESHOLDS)
class Precision(_AtThresholds):
    """Fraction of the positive predictions that are correct; 0 if there are none.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true, y_pred = [1, 1, 0, 0, 1], [0.9, 0.3, 0.8, 0.1, 0.7]
    >>> round(float(metrics.Precision()(y_true, y_pred)), 3)
    0.667
    """

    larger_is_better = True

    def result(self):
        """Return the result for all batches so far."""
        return self._ratio(self.true_positives, self.false_positives)


@documented(_AT_THRESHOLDS)
class Recall(_AtThresholds):
    """Fraction of the positive targets that are predicted to be positive; 0 if there are none.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true, y_pred = [1, 1, 0, 0, 1], [0.9, 0.3, 0.8, 0.1, 0.7]
    >>> round(float(metrics.Recall()(y_true, y_pred)), 3)
    0.667
    """

    larger_is_better = True

    def result(self):
        """Return the result for all batches so far."""
        return self._ratio(self.true_positives, self.false_negatives)


class _Count(_AtThresholds):
    """Base class of the weighted numbers of correct and wrong predictions."""

    def __init__(self, thresholds=None, name=None):
        super().__init__(thresholds, name=name)

    def result(self):
        """Return the result for all batches so far."""
        return self._result(getattr(self, snake_case(type(self).__name__)))

    def get_config(self):
        """Return the constructor's arguments."""
        return {"thresholds": self.thresholds, "name": self.name}


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

    larger_is_better = False


@documented(NAMED)
class F1Score(Metric):
    """Harmonic mean of precision and recall; 0 if both are 0.

    Parameters
    ----------
    average : {None, "micro", "macro", "weighted"}
        None returns an array of the classes' scores, "micro" the score of all elements together, "macro" the mean of the
        classes' scores, and "weighted" their mean weighted by the classes' numbers of positive targets.
    threshold : float, optional
        Threshold above which predictions are positive. If None, the largest of each row is; 0.5 for rows of a single number.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true = [[1, 0], [0, 1], [1, 0]]
    >>> y_pred = [[0.9, 0.1], [0.8, 0.2], [0.6, 0.4]]
    >>> metrics.F1Score()(y_true, y_pred).round(3)
    array([0.8, 0. ])
    """

    larger_is_better = True

    def __init__(self, average=None, threshold=None, name=None):
        self.average = choice("average", average, (None, "micro", "macro", "weighted"))
        self.threshold = None if threshold is None else number("threshold", threshold, 0, 1)
        super().__init__(name)
        self.reset_state()

    def reset_state(self):
        """Forget all batches."""
        self._counts = 0.0

    @explained
    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take a batch into account: targets 0 or 1, of the predictions' shape, or class indices."""
        y_pred, y_true = predictions(y_pred), real_array("y_true", y_true)
        classes = y_pred.shape[-1]
        if classes > 1 and y_true.shape == y_pred.shape[:-1]:
            y_true = y_true[..., np.newaxis] == np.arange(classes)
        targets = (reshaped_like(y_true, y_pred) > 0.5).reshape(-1, classes)
        weights = broadcast_weights(y_pred, sample_weight).reshape(-1, classes)
        rows = y_pred.reshape(-1, classes)
        if self.threshold is not None or classes == 1:
            positive = rows > (0.5 if self.threshold is None else self.threshold)
        else:
            positive = (rows.argmax(-1)[:, np.newaxis] == np.arange(classes)) & ~np.isnan(rows)
        sums = [(weights * each).sum(0) for each in (positive & targets, positive & ~targets, ~positive & targets)]
        self._counts = self._counts + np.stack(sums)

    def result(self):
        """Return the result for all batches so far; 0 if there are none, as in Keras."""
        if np.ndim(self._counts) == 0:
            return 0.0
        counts = self._counts.sum(1, keepdims=True) if self.average == "micro" else self._counts
        true_positives, false_positives, false_negatives = counts
        whole = 2 * true_positives + false_positives + false_negatives
        scores = np.divide(2 * true_positives, whole, out=np.zeros_like(whole), where=whole > 0)
        if self.average is None and len(scores) > 1:
            return scores
        targets = true_positives + false_negatives
        weights = targets if self.average == "weighted" and targets.any() else None
        return float(np.average(scores, weights=weights))

    def get_config(self):
        """Return the constructor's arguments."""
        return {**super().get_config(), "average": self.average, "threshold": self.threshold}


@documented(NAMED)
class AUC(Metric):
    """Area under the ROC or precision-recall curve of a classifier, approximated by a sum over thresholds.

    Parameters
    ----------
    num_thresholds : int
        Number of thresholds, evenly spaced from 0 to 1; at least 2 and at most 2²⁰.
    curve : {"ROC", "PR"}
        The curve of the true positive rate over the false positive rate, or of precision over recall.
    summation_method : {"interpolation", "minoring", "majoring"}
        Height of the curve between two points: "interpolation" interpolates the rates of "ROC", and the true positives of "PR"
        [1]_, linearly; "minoring" takes the lower of the two points, and "majoring" the higher one.
    multi_label : bool
        Whether the area is computed for each column of the predictions; the result is the mean of these areas.
    from_logits : bool
        Whether predictions are logits, to which a sigmoid is applied.

    References
    ----------
    .. [1] Davis, J. and Goadrich, M., "The relationship between precision-recall and ROC curves", ICML 2006.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true, y_pred = [1, 1, 0, 0, 1], [0.9, 0.3, 0.8, 0.1, 0.7]
    >>> round(float(metrics.AUC()(y_true, y_pred)), 3)
    0.667
    """

    larger_is_better = True

    def __init__(
        self, num_thresholds=200, curve="ROC", summation_method="interpolation", name=None, multi_label=False, from_logits=False
    ):
        self.num_thresholds = integer("num_thresholds", num_thresholds, 2, _MOST_THRESHOLDS)
        self.curve = choice("curve", curve, ("ROC", "PR"))
        self.summation_method = choice("summation_method", summation_method, ("interpolation", "minoring", "majoring"))
        self.multi_label = boolean("multi_label", multi_label)
        self.from_logits = boolean("from_logits", from_logits)
        inner = (np.arange(1, num_thresholds - 1) / (num_thresholds - 1)).astype(np.float32)
        self._thresholds = np.concatenate([[-1e-7], inner, [1 + 1e-7]])
        super().__init__(name)
        self.reset_state()

    def reset_state(self):
        """Forget all batches."""
        # Predictions for positive and for negative targets are counted in bins between the thresholds.
        self._positive_histogram = self._negative_histogram = 0.0
        self._has_nan = False

    @explained
    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take a batch into account: targets 0 or 1, of the predictions' shape."""
        y_pred, y_true = predictions(y_pred), real_array("y_true", y_true)
        if self.from_logits:
            y_pred = 1 / (1 + np.exp(-np.clip(y_pred, -500, 500)))
        if np.isnan(y_pred).any():
            self._has_nan = True
            return
        if y_pred.size and not (y_pred.min() >= 0 and y_pred.max() <= 1):
            raise ValueError("y_pred is not between 0 and 1; expected probabilities, or from_logits=True")
        columns = y_pred.shape[-1] if self.multi_label else 1
        targets = (reshaped_like(y_true, y_pred) > 0.5).reshape(-1, columns)
        weights = broadcast_weights(y_pred, sample_weight).reshape(-1, columns)
        bins = np.searchsorted(self._thresholds, y_pred.reshape(-1, columns), side="left")
        size = len(self._thresholds) + 1

        def histogram(mask):
            return np.stack([np.bincount(bins[:, i], weights[:, i] * mask[:, i], size) for i in range(columns)], 1)

        self._positive_histogram = self._positive_histogram + histogram(targets)
        self._negative_histogram = self._negative_histogram + histogram(~targets)

    def result(self):
        """Return the area for all batches so far: 0 if there are none, as in Keras; NaN if any prediction was NaN."""
        if self._has_nan:
            return float("nan")
        if np.ndim(self._positive_histogram) == 0:
            return 0.0
        true_positives, false_positives = (
            np.cumsum(histogram[::-1], 0)[::-1][1:] for histogram in (self._positive_histogram, self._negative_histogram)
        )
        false_negatives = true_positives[:1] - true_positives
        if self.curve == "PR" and self.summation_method == "interpolation":
            return float(np.mean(_area_below_interpolated(true_positives, false_positives, false_negatives)))
        if self.curve == "ROC":
            x, y = _quotient(false_positives, false_positives[:1]), _quotient(true_positives, true_positives[:1])
        else:
            x = _quotient(true_positives, true_positives + false_negatives)
            y = _quotient(true_positives, true_positives + false_positives)
        heights = {
            "interpolation": (y[:-1] + y[1:]) / 2,
            "minoring": np.minimum(y[:-1], y[1:]),
            "majoring": np.maximum(y[:-1], y[1:]),
        }[self.summation_method]
        return float(np.mean(((x[:-1] - x[1:]) * heights).sum(0)))

    def get_config(self):
        """Return the constructor's arguments."""
        names = ("num_thresholds", "curve", "summation_method", "multi_label", "from_logits")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


def _quotient(a, b):
    """Return a / b, with 0 where b is not positive."""
    return np.divide(a, b, out=np.zeros(np.broadcast_shapes(a.shape, b.shape)), where=b > 0)


def _area_below_interpolated(true_positives, false_positives, false_negatives):
    """Return the area below precision over recall, where true positives are linear in positives between two thresholds."""
    step, positives = true_positives[:-1] - true_positives[1:], true_positives + false_positives
    slope = _quotient(step, np.maximum(positives[:-1] - positives[1:], 0))
    intercept = true_positives[1:] - slope * positives[1:]
    both = (positives[:-1] > 0) & (positives[1:] > 0)
    ratio = np.where(both, _quotient(positives[:-1], np.maximum(positives[1:], 0)), 1.0)
    targets = np.maximum(true_positives[1:] + false_negatives[1:], 1e-30)
    return (slope * (step + intercept * np.log(ratio)) / targets).sum(0)
