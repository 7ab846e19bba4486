"""Correlations of targets and predictions."""

import numpy as np

from .._common.checks import axis_of, integer
from .._common.docstrings import documented
from .._common.errors import explained
from .base import NAMED, Metric, reshaped_like

#: Added to variances, as in Keras, so that values that do not vary have a correlation of 0.
_EPSILON = 1e-7

_ALONG = """
    Parameters
    ----------
    axis : int
        Axis along which values are correlated.
    """


class _Correlation(Metric):
    """Base class of correlations along an axis; a subclass defines `_of_moments`."""

    larger_is_better = True

    def __init__(self, name=None, dtype=None, axis=-1):
        super().__init__(name, dtype)
        self.axis = integer("axis", axis)

    @explained
    def values(self, y_true, y_pred):
        """Return the correlation of each row."""
        axis = axis_of(self.axis, "y_pred", y_pred.shape)
        y, p = (np.moveaxis(np.asarray(each, np.float64), axis, -1) for each in (reshaped_like(y_true, y_pred), y_pred))
        means = [each.mean(-1) for each in (y, p)]
        y, p = (each - mean[..., np.newaxis] for each, mean in zip((y, p), means, strict=True))
        return self._of_moments(*means, (y * y).mean(-1), (p * p).mean(-1), (y * p).mean(-1))

    def _of_moments(self, y_mean, p_mean, y_variance, p_variance, covariance):
        """Return the correlation, given means, variances and the covariance."""
        raise NotImplementedError

    def get_config(self):
        """Return the constructor's arguments."""
        return {**super().get_config(), "axis": self.axis}


@documented(NAMED, _ALONG)
class PearsonCorrelation(_Correlation):
    """Mean of Pearson's correlation coefficient, the covariance over the product of both standard deviations.

    Examples
    --------
    >>> from striate import metrics
    >>> round(float(metrics.PearsonCorrelation()([[0.0, 1.0, 0.5], [1.0, 1.0, 0.2]], [[0.1, 0.9, 0.5], [1.0, 0.9, 0.2]])), 3)
    0.997
    """

    def _of_moments(self, y_mean, p_mean, y_variance, p_variance, covariance):
        return covariance / (np.sqrt(y_variance + _EPSILON) * np.sqrt(p_variance + _EPSILON))


@documented(NAMED, _ALONG)
class ConcordanceCorrelation(_Correlation):
    """Mean of the concordance correlation coefficient, which also falls where means or variances differ [1]_.

    References
    ----------
    .. [1] Lin, L., "A concordance correlation coefficient to evaluate reproducibility", Biometrics 45, 1989.

    Examples
    --------
    >>> from striate import metrics
    >>> round(float(metrics.ConcordanceCorrelation()([[0.0, 1.0, 0.5]], [[0.5, 1.5, 1.0]])), 3)
    0.571
    """

    def _of_moments(self, y_mean, p_mean, y_variance, p_variance, covariance):
        return 2 * covariance / (y_variance + p_variance + np.square(y_mean - p_mean) + _EPSILON)
