"""The ROC curve: what a threshold accepts rightly and wrongly, for all thresholds."""

from typing import NamedTuple

import numpy as np

from .._common.checks import number, real_array


class ROC(NamedTuple):
    """What `roc_curve` returns: the rates from each threshold on, the strictest first.

    Examples
    --------
    >>> from striate import metrics
    >>> curve = metrics.roc_curve([1, 0, 1, 0], [0.9, 0.7, 0.6, 0.1])
    >>> curve.auc, curve.equal_error_rate, curve.threshold_at(false_positive_rate=0.5)
    (0.75, 0.5, 0.6)
    """

    false_positive_rate: np.ndarray
    true_positive_rate: np.ndarray
    thresholds: np.ndarray  # scores from which on a sample is accepted; infinity for none

    @property
    def auc(self):
        """Area under the curve: the probability that a positive sample has a higher score than a negative one."""
        x, y = self.false_positive_rate, self.true_positive_rate
        return float((x[1:] - x[:-1]) @ (y[1:] + y[:-1]) / 2)

    @property
    def equal_error_rate(self):
        """Rate at which as many positives are rejected as negatives are accepted, on the line between two thresholds."""
        missed = 1 - self.true_positive_rate
        after = int(np.argmax(self.false_positive_rate >= missed))  # The first point has 0 and 1, and the last 1 and 0.
        difference = (self.false_positive_rate - missed)[after - 1 : after + 1]
        part = -difference[0] / (difference[1] - difference[0])
        return float(missed[after - 1] + part * (missed[after] - missed[after - 1]))

    def threshold_at(self, false_positive_rate):
        """Return the lowest threshold whose rate of false positives is at most the given one.

        Parameters
        ----------
        false_positive_rate : float
            From 0 to 1.
        """
        rate = number("false_positive_rate", false_positive_rate, 0, 1)
        return float(self.thresholds[np.searchsorted(self.false_positive_rate, rate, side="right") - 1])


def roc_curve(y_true, y_score):
    """Return the receiver operating characteristic of scores.

    Parameters
    ----------
    y_true : array_like, shape (samples,)
        1 (or True) for positive samples, 0 for negative ones; at least one of each.
    y_score : array_like, shape (samples,)
        Scores, higher for positive samples.

    Returns
    -------
    ROC
        `false_positive_rate`, `true_positive_rate` and `thresholds`, arrays with an element for each different score, and one
        before them; its properties `auc` and `equal_error_rate` sum it up, and ``threshold_at(rate)`` chooses a threshold.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Notes
    -----
    Equal to ``sklearn.metrics.roc_curve`` with ``drop_intermediate=False``. `AUC` is computed over batches, for thresholds
    given in advance; here, thresholds are the scores.

    References
    ----------
    .. [1] Fawcett, T., "An introduction to ROC analysis", Pattern Recognition Letters 27, 2006, algorithm 1.

    Examples
    --------
    >>> from striate import metrics
    >>> curve = metrics.roc_curve([1, 1, 0, 1, 0], [0.9, 0.8, 0.7, 0.6, 0.1])
    >>> curve.true_positive_rate.round(2), curve.false_positive_rate
    (array([0.  , 0.33, 0.67, 0.67, 1.  , 1.  ]), array([0. , 0. , 0. , 0.5, 0.5, 1. ]))
    >>> round(curve.auc, 3), round(curve.equal_error_rate, 3), curve.threshold_at(0.0)
    (0.833, 0.333, 0.8)
    """
    true, scores = real_array("y_true", y_true), real_array("y_score", y_score, np.float64)
    if true.ndim != 1 or scores.shape != true.shape:
        raise ValueError(f"y_true has shape {true.shape} and y_score {scores.shape}; expected (samples,) for both")
    if np.unique(true).tolist() != [0, 1]:
        raise ValueError("y_true does not hold both 0 and 1 alone; expected 1 for positive samples and 0 for negative ones")
    if np.isnan(scores).any():
        raise ValueError("y_score holds NaN; expected scores")
    order = np.argsort(-scores, kind="stable")
    scores, positive = scores[order], true[order] == 1
    last = np.append(np.flatnonzero(scores[1:] != scores[:-1]), len(scores) - 1)  # of the samples with each score
    accepted = np.concatenate([[0], np.cumsum(positive)[last]])
    wrongly = np.concatenate([[0], last + 1]) - accepted
    return ROC(wrongly / wrongly[-1], accepted / accepted[-1], np.concatenate([[np.inf], scores[last]]))
