"""Hinge metrics, as the losses of the same names compute them."""

import numpy as np

from .._common.docstrings import documented
from .._common.errors import explained
from .base import NAMED, Metric, reshaped_like


def _signed(y_true, y_pred):
    """Return targets -1 or 1, made of 0 and 1 if there are only these, and predictions, in float64."""
    y, p = (np.asarray(each, np.float64) for each in (reshaped_like(y_true, y_pred), y_pred))
    return (2 * y - 1 if ((y == 0) | (y == 1)).all() else y), p


@documented(NAMED)
class Hinge(Metric):
    """Mean of ``max(1 - y p, 0)`` for targets -1 and 1; those that are all 0 or 1 are converted.

    Examples
    --------
    >>> from striate import metrics
    >>> metrics.Hinge()([[0.0, 1.0]], [[0.5, 0.5]])
    1.0
    """

    larger_is_better = False

    @explained
    def values(self, y_true, y_pred):
        """Return the value of each sample, the mean over its last axis."""
        y, p = _signed(y_true, y_pred)
        return np.maximum(1 - y * p, 0).mean(-1)


@documented(NAMED)
class SquaredHinge(Metric):
    """Mean of ``max(1 - y p, 0)²`` for targets -1 and 1; those that are all 0 or 1 are converted.

    Examples
    --------
    >>> from striate import metrics
    >>> metrics.SquaredHinge()([[0.0, 1.0]], [[0.5, 0.5]])
    1.25
    """

    larger_is_better = False

    @explained
    def values(self, y_true, y_pred):
        """Return the value of each sample, the mean over its last axis."""
        y, p = _signed(y_true, y_pred)
        return np.square(np.maximum(1 - y * p, 0)).mean(-1)


@documented(NAMED)
class CategoricalHinge(Metric):
    """Mean of ``max(1 + max((1 - y) p) - sum(y p), 0)`` along the last axis, for one-hot targets.

    Examples
    --------
    >>> from striate import metrics
    >>> metrics.CategoricalHinge()([[0.0, 1.0]], [[0.25, 0.75]])
    0.5
    """

    larger_is_better = False

    @explained
    def values(self, y_true, y_pred):
        """Return the value of each sample."""
        y, p = (np.asarray(each, np.float64) for each in (reshaped_like(y_true, y_pred), y_pred))
        return np.maximum(1 + ((1 - y) * p).max(-1) - (y * p).sum(-1), 0)
