"""F-scores: means of precision and recall."""

import numpy as np

from .._common.checks import choice, number, real_array
from .._common.docstrings import documented
from .._common.errors import explained
from .base import NAMED, Metric, broadcast_weights, predictions, reshaped_like

#: Docstring sections that F-scores share.
_OF_CLASSES = """
    Parameters
    ----------
    average : {None, "micro", "macro", "weighted"}
        None returns an array of the classes' scores, "micro" the score of all elements together, "macro" the mean of the
        classes' scores, and "weighted" their mean weighted by the classes' numbers of positive targets.
    threshold : float, optional
        Threshold above which predictions are positive. If None, the largest of each row is; 0.5 for rows of a single number.
    """


@documented(NAMED, _OF_CLASSES)
class FBetaScore(Metric):
    """``(1 + beta²) precision recall / (beta² precision + recall)``, which weighs recall beta times as much as precision [1]_.

    Parameters
    ----------
    beta : float
        Weight of recall, above 0.

    References
    ----------
    .. [1] van Rijsbergen, C. J., "Information retrieval", 2nd edition, 1979, chapter 7.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true = [[1, 0], [0, 1], [1, 0]]
    >>> y_pred = [[0.9, 0.1], [0.8, 0.2], [0.6, 0.4]]
    >>> metrics.FBetaScore(beta=2.0)(y_true, y_pred).round(3)
    array([0.909, 0.   ])
    """

    larger_is_better = True

    def __init__(self, average=None, beta=1.0, threshold=None, name=None, dtype=None):
        self.average = choice("average", average, (None, "micro", "macro", "weighted"))
        self.beta = number("beta", beta, 0, open_minimum=True)
        self.threshold = None if threshold is None else number("threshold", threshold, 0, 1)
        super().__init__(name, dtype)
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
        part = (1 + self.beta**2) * true_positives
        whole = part + self.beta**2 * false_negatives + false_positives
        scores = np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)
        if self.average is None and len(scores) > 1:
            return scores
        targets = true_positives + false_negatives
        weights = targets if self.average == "weighted" and targets.any() else None
        return float(np.average(scores, weights=weights))

    def get_config(self):
        """Return the constructor's arguments."""
        return {**super().get_config(), "average": self.average, "beta": self.beta, "threshold": self.threshold}


@documented(NAMED, _OF_CLASSES)
class F1Score(FBetaScore):
    """Harmonic mean of precision and recall; 0 if both are 0.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true = [[1, 0], [0, 1], [1, 0]]
    >>> y_pred = [[0.9, 0.1], [0.8, 0.2], [0.6, 0.4]]
    >>> metrics.F1Score()(y_true, y_pred).round(3)
    array([0.8, 0. ])
    """

    def __init__(self, average=None, threshold=None, name=None, dtype=None):
        super().__init__(average, 1.0, threshold, name, dtype)

    def get_config(self):
        """Return the constructor's arguments."""
        return {name: value for name, value in super().get_config().items() if name != "beta"}
