"""Metrics of the curves that a threshold runs through: the area under them, and the best point that a constraint allows."""

import numpy as np

from .._common.checks import boolean, choice, integer, number, real_array, sequence
from .._common.docstrings import documented
from .._common.errors import explained
from .base import NAMED, Metric, add_to, broadcast_weights, predictions, reshaped_like
from .confusion import COUNTS, AtThresholds, counts_at, quotient

_MOST_THRESHOLDS = 1 << 20  # More make no visible difference, and a damaged file could ask for more than fit into memory.


@documented(NAMED)
class AUC(Metric):
    """Area under the ROC or precision-recall curve of a classifier, approximated by a sum over thresholds.

    Parameters
    ----------
    num_thresholds : int
        Number of thresholds, evenly spaced from 0 to 1; at least 2 and at most 2²⁰.
    curve : {"ROC", "PR", "PRGAIN"}
        The curve of the true positive rate over the false positive rate, of precision over recall, or of precision gain over
        recall gain [2]_.
    summation_method : {"interpolation", "minoring", "majoring"}
        Height of the curve between two points: "interpolation" interpolates the rates of "ROC", and the true positives of "PR"
        [1]_, linearly; "minoring" takes the lower of the two points, and "majoring" the higher one.
    thresholds : sequence of float, optional
        Thresholds from 0 to 1, in place of `num_thresholds`; 0 and 1 are added.
    multi_label : bool
        Whether the area is computed for each column of the predictions; the result is the mean of these areas.
    num_labels : int, optional
        Number of columns, if `multi_label`; it need not be given.
    label_weights : sequence of float, optional
        Weights of the areas in their mean, if `multi_label`; otherwise, weights of the columns of the predictions.
    from_logits : bool
        Whether predictions are logits, to which a sigmoid is applied.

    References
    ----------
    .. [1] Davis, J. and Goadrich, M., "The relationship between precision-recall and ROC curves", ICML 2006.
    .. [2] Flach, P. and Kull, M., "Precision-recall-gain curves: PR analysis done right", NeurIPS 2015.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true, y_pred = [1, 1, 0, 0, 1], [0.9, 0.3, 0.8, 0.1, 0.7]
    >>> round(float(metrics.AUC()(y_true, y_pred)), 3)
    0.667
    """

    larger_is_better = True

    def __init__(
        self,
        num_thresholds=200,
        curve="ROC",
        summation_method="interpolation",
        name=None,
        dtype=None,
        thresholds=None,
        multi_label=False,
        num_labels=None,
        label_weights=None,
        from_logits=False,
    ):
        if thresholds is None:
            self.num_thresholds = integer("num_thresholds", num_thresholds, 2, _MOST_THRESHOLDS)
            self._given = None
            inner = (np.arange(1, self.num_thresholds - 1) / (self.num_thresholds - 1)).astype(np.float32)
        else:
            given = enumerate(sequence("thresholds", thresholds, "numbers"))
            self._given = inner = sorted(number(f"thresholds[{i}]", each, 0, 1) for i, each in given)
            self.num_thresholds = len(inner) + 2
        self._thresholds = np.concatenate([[-1e-7], inner, [1 + 1e-7]])
        self.curve = choice("curve", curve, ("ROC", "PR", "PRGAIN"))
        self.summation_method = choice("summation_method", summation_method, ("interpolation", "minoring", "majoring"))
        self.multi_label = boolean("multi_label", multi_label)
        self.from_logits = boolean("from_logits", from_logits)
        self.num_labels = None if num_labels is None else integer("num_labels", num_labels, 1)
        if num_labels is not None and not self.multi_label:
            raise ValueError(f"num_labels={num_labels} is given with multi_label=False; expected it with multi_label=True")
        self.label_weights = None
        if label_weights is not None:
            weights = enumerate(sequence("label_weights", label_weights, "numbers"))
            self.label_weights = [number(f"label_weights[{i}]", each, 0) for i, each in weights]
        super().__init__(name, dtype)
        self._has_nan = False
        if not self.multi_label or self.num_labels is not None:
            self._make_counts(self.num_labels)

    def _make_counts(self, columns):
        """Make the variables, with an axis for the columns of the predictions if there are several."""
        shape = (self.num_thresholds,) if columns is None else (self.num_thresholds, columns)
        for count in COUNTS:
            setattr(self, count, self.add_variable(shape, dtype=np.float64, name=count))

    @property
    def thresholds(self):
        """The thresholds, as a list, with one below 0 and one above 1."""
        return self._thresholds.tolist()

    def reset_state(self):
        """Forget all batches."""
        super().reset_state()
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
        targets, weights = reshaped_like(y_true, y_pred) > 0.5, broadcast_weights(y_pred, sample_weight)
        columns = y_pred.shape[-1] if y_pred.ndim else 1
        if self.label_weights is not None and columns != len(self.label_weights):
            raise ValueError(
                f"label_weights has {len(self.label_weights)} elements; expected one for each column of y_pred, shape "
                f"{y_pred.shape}"
            )
        y_pred = y_pred.astype(np.float64)  # as the thresholds, of which one is a little below 0
        if not self.multi_label:
            if self.label_weights is not None:
                weights = weights * self.label_weights
            for count, numbers in counts_at(self._thresholds, targets, y_pred, weights).items():
                add_to(getattr(self, count), numbers)
            return
        if not self._variables:
            self._make_counts(columns)
        if columns != self.true_positives.shape[1]:
            raise ValueError(f"y_pred has shape {y_pred.shape}; expected {self.true_positives.shape[1]} columns")
        rows = [each.reshape(-1, columns) for each in (targets, y_pred, weights)]
        for i in range(columns):
            for count, numbers in counts_at(self._thresholds, *(each[:, i] for each in rows)).items():
                getattr(self, count).array[:, i] += numbers

    def result(self):
        """Return the area for all batches so far: 0 if there are none, as in Keras; NaN if any prediction was NaN."""
        if self._has_nan:
            return float("nan")
        if not self._variables:
            return 0.0
        true_positives, false_positives, true_negatives, false_negatives = (getattr(self, count).array for count in COUNTS)
        if self.curve == "PR" and self.summation_method == "interpolation":
            return self._mean(_area_below_interpolated(true_positives, false_positives, false_negatives))
        if self.curve == "ROC":
            x, y = quotient(false_positives, false_positives[:1]), quotient(true_positives, true_positives[:1])
        elif self.curve == "PR":
            x = quotient(true_positives, true_positives + false_negatives)
            y = quotient(true_positives, true_positives + false_positives)
        else:
            odds, none = quotient(true_positives[:1], true_negatives[-1:]), true_positives == 0
            x = np.where(none, 0.0, np.maximum(1 - odds * quotient(false_negatives, true_positives), 0))
            y = np.where(none, 1.0, 1 - odds * quotient(false_positives, true_positives))
        heights = {
            "interpolation": (y[:-1] + y[1:]) / 2,
            "minoring": np.minimum(y[:-1], y[1:]),
            "majoring": np.maximum(y[:-1], y[1:]),
        }[self.summation_method]
        return self._mean(((x[:-1] - x[1:]) * heights).sum(0))

    def _mean(self, areas):
        """Return the weighted mean of the areas of several columns, or the only area."""
        weights = self.label_weights if self.multi_label else None
        return float(np.mean(areas)) if weights is None else float(quotient(areas @ np.array(weights), np.sum(weights)))

    def get_config(self):
        """Return the constructor's arguments."""
        names = ("num_thresholds", "curve", "summation_method", "multi_label", "num_labels", "label_weights", "from_logits")
        config = {**super().get_config(), **{name: getattr(self, name) for name in names}}
        return config if self._given is None else {**config, "thresholds": self._given}


def _area_below_interpolated(true_positives, false_positives, false_negatives):
    """Return the area below precision over recall, where true positives are linear in positives between two thresholds."""
    step, positives = true_positives[:-1] - true_positives[1:], true_positives + false_positives
    slope = quotient(step, np.maximum(positives[:-1] - positives[1:], 0))
    intercept = true_positives[1:] - slope * positives[1:]
    both = (positives[:-1] > 0) & (positives[1:] > 0)
    ratio = np.where(both, quotient(positives[:-1], np.maximum(positives[1:], 0)), 1.0)
    targets = np.maximum(true_positives[1:] + false_negatives[1:], 1e-30)
    return (slope * (step + intercept * np.log(ratio)) / targets).sum(0)


#: Docstring sections that metrics at a constraint share.
_AT_BEST = f"""{NAMED.rstrip()}
    num_thresholds : int
        Number of thresholds, evenly spaced from 0 to 1; at most 2²⁰. A single one is 0.5.
    class_id : int, optional
        Index of the only class that is counted; all classes if None.
    """


class _AtBest(AtThresholds):
    """Base class of the largest value of one rate at thresholds where another is at least as large as given."""

    larger_is_better = True
    constraint = ""  # name of the argument that gives the other rate

    def __init__(self, value, num_thresholds=200, class_id=None, name=None, dtype=None):
        self.value = number(self.constraint, value, 0, 1)
        self.num_thresholds = integer("num_thresholds", num_thresholds, 1, _MOST_THRESHOLDS)
        evenly = np.linspace(0, 1, self.num_thresholds) if self.num_thresholds > 1 else [0.5]
        super().__init__(list(evenly), None, class_id, name, dtype)

    def _largest(self, rate, constrained):
        """Return the largest rate where the constrained one is large enough; both are a part and the rest of a whole."""
        rate, constrained = (quotient(part.array, part.array + rest.array) for part, rest in (rate, constrained))
        return float(np.max(rate, initial=0.0, where=constrained >= self.value))

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"num_thresholds": self.num_thresholds, "class_id": self.class_id, self.constraint: self.value}
        return {**Metric.get_config(self), **own}


@documented(_AT_BEST)
class SensitivityAtSpecificity(_AtBest):
    """Largest sensitivity, ``TP / (TP + FN)``, of all thresholds whose specificity, ``TN / (TN + FP)``, is large enough.

    Parameters
    ----------
    specificity : float
        Least specificity, from 0 to 1.

    Examples
    --------
    >>> from striate import metrics
    >>> metrics.SensitivityAtSpecificity(0.5)([0, 0, 0, 1, 1], [0.0, 0.3, 0.8, 0.3, 0.8])
    0.5
    """

    constraint = "specificity"

    def __init__(self, specificity, num_thresholds=200, class_id=None, name=None, dtype=None):
        super().__init__(specificity, num_thresholds, class_id, name, dtype)

    @property
    def specificity(self):
        """Least specificity."""
        return self.value

    def result(self):
        """Return the result for all batches so far; 0 if no threshold will do."""
        return self._largest((self.true_positives, self.false_negatives), (self.true_negatives, self.false_positives))


@documented(_AT_BEST)
class SpecificityAtSensitivity(_AtBest):
    """Largest specificity, ``TN / (TN + FP)``, of all thresholds whose sensitivity, ``TP / (TP + FN)``, is large enough.

    Parameters
    ----------
    sensitivity : float
        Least sensitivity, from 0 to 1.

    Examples
    --------
    >>> from striate import metrics
    >>> round(metrics.SpecificityAtSensitivity(0.5)([0, 0, 0, 1, 1], [0.0, 0.3, 0.8, 0.3, 0.8]), 3)
    0.667
    """

    constraint = "sensitivity"

    def __init__(self, sensitivity, num_thresholds=200, class_id=None, name=None, dtype=None):
        super().__init__(sensitivity, num_thresholds, class_id, name, dtype)

    @property
    def sensitivity(self):
        """Least sensitivity."""
        return self.value

    def result(self):
        """Return the result for all batches so far; 0 if no threshold will do."""
        return self._largest((self.true_negatives, self.false_positives), (self.true_positives, self.false_negatives))


@documented(_AT_BEST)
class PrecisionAtRecall(_AtBest):
    """Largest precision, ``TP / (TP + FP)``, of all thresholds whose recall, ``TP / (TP + FN)``, is large enough.

    Parameters
    ----------
    recall : float
        Least recall, from 0 to 1.

    Examples
    --------
    >>> from striate import metrics
    >>> metrics.PrecisionAtRecall(0.5)([0, 0, 0, 1, 1], [0.0, 0.3, 0.8, 0.3, 0.8])
    0.5
    """

    constraint = "recall"

    def __init__(self, recall, num_thresholds=200, class_id=None, name=None, dtype=None):
        super().__init__(recall, num_thresholds, class_id, name, dtype)

    @property
    def recall(self):
        """Least recall."""
        return self.value

    def result(self):
        """Return the result for all batches so far; 0 if no threshold will do."""
        return self._largest((self.true_positives, self.false_positives), (self.true_positives, self.false_negatives))


@documented(_AT_BEST)
class RecallAtPrecision(_AtBest):
    """Largest recall, ``TP / (TP + FN)``, of all thresholds whose precision, ``TP / (TP + FP)``, is large enough.

    Parameters
    ----------
    precision : float
        Least precision, from 0 to 1.

    Examples
    --------
    >>> from striate import metrics
    >>> metrics.RecallAtPrecision(0.8)([0, 0, 1, 1], [0.0, 0.5, 0.3, 0.9])
    0.5
    """

    constraint = "precision"

    def __init__(self, precision, num_thresholds=200, class_id=None, name=None, dtype=None):
        super().__init__(precision, num_thresholds, class_id, name, dtype)

    @property
    def precision(self):
        """Least precision."""
        return self.value

    def result(self):
        """Return the result for all batches so far; 0 if no threshold will do."""
        return self._largest((self.true_positives, self.false_negatives), (self.true_positives, self.false_positives))
