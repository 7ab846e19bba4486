"""Metrics of predicted probabilities: cross-entropies and divergences, as the losses of the same names compute them."""

import numpy as np

from .._common.checks import axis_of, boolean, integer, number, real_array
from .._common.docstrings import documented
from .._common.errors import explained
from .base import NAMED, Metric, broadcast_weights, class_indices, reshaped_like

#: Lower bound that probabilities are clipped to before a logarithm, as in Keras.
_EPSILON = 1e-7
_MOST = float(np.float32(1 - _EPSILON))  # Keras computes with float32.

_LOGITS = """
    Parameters
    ----------
    from_logits : bool
        Whether predictions are logits.
    """
_SMOOTHED = f"""{_LOGITS.rstrip()}
    label_smoothing : float
        Fraction of each target that is spread evenly over all classes, from 0 to 1.
    """
_AXIS = """
    axis : int
        Axis of the classes.
    """


@documented(NAMED, _SMOOTHED)
class BinaryCrossentropy(Metric):
    """Mean of ``-(y log p + (1 - y) log(1 - p))``.

    Examples
    --------
    >>> from striate import metrics
    >>> round(float(metrics.BinaryCrossentropy()([[1.0], [0.0]], [[0.9], [0.4]])), 3)
    0.308
    """

    larger_is_better = False

    def __init__(self, name=None, dtype=None, from_logits=False, label_smoothing=0.0):
        super().__init__(name, dtype)
        self.from_logits = boolean("from_logits", from_logits)
        self.label_smoothing = number("label_smoothing", label_smoothing, 0, 1)

    @explained
    def values(self, y_true, y_pred):
        """Return the value of each sample, the mean over its last axis."""
        y = np.asarray(reshaped_like(y_true, y_pred), np.float64)
        y = y * (1 - self.label_smoothing) + 0.5 * self.label_smoothing
        p = np.asarray(y_pred, np.float64)
        if self.from_logits:
            with np.errstate(invalid="ignore"):  # That of NaN is NaN.
                value = np.logaddexp(0, p) - y * p
        else:
            p = np.clip(p, _EPSILON, _MOST)
            value = -(y * np.log(p) + (1 - y) * np.log(1 - p))
        return value.mean(-1) if value.ndim else value

    def get_config(self):
        """Return the constructor's arguments."""
        return {**super().get_config(), "from_logits": self.from_logits, "label_smoothing": self.label_smoothing}


class _OverClasses(Metric):
    """Base class of cross-entropies over classes along an axis."""

    larger_is_better = False

    def _log_probabilities(self, y_pred):
        """Return the logarithms of the probabilities along the axis of the classes, which becomes the last one."""
        x = np.moveaxis(np.asarray(y_pred, np.float64), axis_of(self.axis, "y_pred", y_pred.shape), -1)
        if self.from_logits:
            shifted = x - x.max(-1, keepdims=True)
            return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
        return np.log(np.clip(x / x.sum(-1, keepdims=True), _EPSILON, 1 - _EPSILON))


@documented(NAMED, _SMOOTHED, _AXIS)
class CategoricalCrossentropy(_OverClasses):
    """Mean of ``-sum(y log p)``, with distributions over classes, such as one-hot vectors, as targets.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true = [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    >>> y_pred = [[0.1, 0.7, 0.2], [0.8, 0.1, 0.1]]
    >>> round(float(metrics.CategoricalCrossentropy()(y_true, y_pred)), 3)
    0.29
    """

    def __init__(self, name=None, dtype=None, from_logits=False, label_smoothing=0.0, axis=-1):
        super().__init__(name, dtype)
        self.from_logits = boolean("from_logits", from_logits)
        self.label_smoothing = number("label_smoothing", label_smoothing, 0, 1)
        self.axis = integer("axis", axis)

    @explained
    def values(self, y_true, y_pred):
        """Return the value of each position."""
        axis = axis_of(self.axis, "y_pred", y_pred.shape)
        y = np.moveaxis(np.asarray(reshaped_like(y_true, y_pred), np.float64), axis, -1)
        y = y * (1 - self.label_smoothing) + self.label_smoothing / y.shape[-1]
        return -(y * self._log_probabilities(y_pred)).sum(-1)

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"from_logits": self.from_logits, "label_smoothing": self.label_smoothing, "axis": self.axis}
        return {**super().get_config(), **own}


@documented(NAMED, _LOGITS, _AXIS)
class SparseCategoricalCrossentropy(_OverClasses):
    """Mean of ``-log p[class]``, with class indices as targets.

    Parameters
    ----------
    ignore_class : int, optional
        Class whose targets have the value 0. With weights, they do not count; without, they count in the mean, as in Keras.

    Examples
    --------
    >>> from striate import metrics
    >>> y_pred = [[0.1, 0.7, 0.2], [0.8, 0.1, 0.1]]
    >>> round(float(metrics.SparseCategoricalCrossentropy()([1, 0], y_pred)), 3)
    0.29
    """

    def __init__(self, name=None, dtype=None, from_logits=False, ignore_class=None, axis=-1):
        super().__init__(name, dtype)
        self.from_logits = boolean("from_logits", from_logits)
        self.ignore_class = None if ignore_class is None else integer("ignore_class", ignore_class)
        self.axis = integer("axis", axis)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take a batch into account; given weights, those of targets to ignore are 0."""
        if self.ignore_class is not None and sample_weight is not None:
            labels, shape = real_array("y_true", y_true), np.shape(y_pred)
            axis = axis_of(self.axis, "y_pred", shape)
            counted = labels.reshape(*shape[:axis], *shape[axis + 1 :]) != self.ignore_class
            sample_weight = broadcast_weights(counted, sample_weight) * counted
        super().update_state(y_true, y_pred, sample_weight)

    @explained
    def values(self, y_true, y_pred):
        """Return the value of each position."""
        logarithms = self._log_probabilities(y_pred)
        labels = class_indices(y_true, logarithms)
        ignored = np.zeros(labels.shape, bool) if self.ignore_class is None else labels == self.ignore_class
        labels = np.where(ignored, 0, labels)
        if labels.size and not ((labels >= 0) & (labels < logarithms.shape[-1])).all():
            wrong = labels[(labels < 0) | (labels >= logarithms.shape[-1])][0]
            raise ValueError(f"y_true holds the label {wrong}, out of range; expected 0 to {logarithms.shape[-1] - 1}")
        values = -np.take_along_axis(logarithms, labels[..., np.newaxis].astype(np.intp), -1)[..., 0]
        return np.where(ignored, 0.0, values)

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"from_logits": self.from_logits, "ignore_class": self.ignore_class, "axis": self.axis}
        return {**super().get_config(), **own}


@documented(NAMED)
class KLDivergence(Metric):
    """Mean of ``sum(y log(y / p))`` along the last axis; both are clipped to between 1e-7 and 1.

    Examples
    --------
    >>> from striate import metrics
    >>> round(float(metrics.KLDivergence()([[0.5, 0.5]], [[0.9, 0.1]])), 3)
    0.511
    """

    larger_is_better = False

    @explained
    def values(self, y_true, y_pred):
        """Return the value of each sample."""
        y, p = (np.clip(np.asarray(each, np.float64), _EPSILON, 1) for each in (reshaped_like(y_true, y_pred), y_pred))
        return (y * np.log(y / p)).sum(-1)


@documented(NAMED)
class Poisson(Metric):
    """Mean of ``p - y log p``, the negative logarithm of a Poisson distribution without its constant part.

    Examples
    --------
    >>> from striate import metrics
    >>> round(float(metrics.Poisson()([[1.0], [2.0]], [[1.0], [3.0]])), 3)
    0.901
    """

    larger_is_better = False

    @explained
    def values(self, y_true, y_pred):
        """Return the value of each sample, the mean over its last axis."""
        y, p = (np.asarray(each, np.float64) for each in (reshaped_like(y_true, y_pred), y_pred))
        with np.errstate(invalid="ignore"):  # The logarithm of a negative number is NaN.
            return (p - y * np.log(p + _EPSILON)).mean(-1)
