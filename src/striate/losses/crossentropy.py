"""Cross-entropies: for classification."""

import numpy as np

from .._checks import number
from ..engine import operations
from .base import ElementwiseLoss, Loss, probabilities, real_numbers, refuse_nan, same_shape_targets

#: Probabilities count as at least so much, as in Keras.
_EPSILON = 1e-7


class _Crossentropy(Loss):
    """What the two cross-entropies share: ``-log p`` of the target's class, over the last axis.

    Parameters
    ----------
    from_logits : bool
        Whether predictions are logits, which a softmax would make probabilities; otherwise they are probabilities, of which
        those below 1e-7 count as that much, as in Keras.
    """

    def __init__(self, from_logits=False):
        self.from_logits = bool(from_logits)


class SparseCategoricalCrossentropy(_Crossentropy):
    """Cross-entropy with class numbers as targets: ``-log p[class]``.

    Parameters
    ----------
    from_logits : bool
        Whether predictions are logits, which a softmax would make probabilities; otherwise they are probabilities.

    Notes
    -----
    Predictions (batch, ..., classes), targets (batch, ...) or (batch, ..., 1): integers, or floats with integral values.
    """

    def prepare(self, y_true, output_shape, dtype):
        """Return the class numbers as int64, shape (samples, ...)."""
        labels = real_numbers("y", y_true)
        classes = output_shape[-1]
        expected = tuple(output_shape[1:-1])
        if labels.shape[1:] == (*expected, 1):
            labels = labels[..., 0]
        if labels.ndim < 1 or labels.shape[1:] != expected:
            raise ValueError(
                f"y has shape {labels.shape}; expected (samples{''.join(f', {n}' for n in expected)}) class numbers for a "
                f"model with output {tuple(output_shape)} (for one-hot targets use 'categorical_crossentropy')"
            )
        if labels.dtype.kind == "f":
            refuse_nan("y", labels)
            if (wrong := labels != np.floor(labels)).any():
                raise ValueError(f"y holds {labels[wrong][0]!r}, which is not a class number; expected integers")
        if labels.size and (labels.min() < 0 or labels.max() >= classes):
            wrong = labels[(labels < 0) | (labels >= classes)][0]
            raise ValueError(f"y holds the label {wrong}, out of range; expected 0 to {classes - 1} for {classes} classes")
        return labels.astype(np.int64)

    def emit(self, y_true, y_pred, weight=1.0, sample_weight=None):
        """Append the loss to a graph."""
        return operations.SparseCrossentropy(y_true, y_pred, weight, sample_weight, from_logits=self.from_logits)


class CategoricalCrossentropy(_Crossentropy):
    """Cross-entropy with a distribution over the classes, such as a one-hot vector, as target: ``-sum(y log p)``.

    Parameters
    ----------
    from_logits : bool
        Whether predictions are logits, which a softmax would make probabilities; otherwise they are probabilities.
    label_smoothing : float
        Part of the targets that is spread evenly over all classes, from 0 to 1 [1]_.

    Notes
    -----
    Predictions and targets (batch, ..., classes).

    References
    ----------
    .. [1] Szegedy, C. et al., "Rethinking the Inception architecture for computer vision", CVPR 2016, section 7.
    """

    def __init__(self, from_logits=False, label_smoothing=0.0):
        super().__init__(from_logits)
        self.label_smoothing = number("label_smoothing", label_smoothing, 0, 1)

    def prepare(self, y_true, output_shape, dtype):
        """Return the targets in the model's dtype."""
        targets = probabilities(same_shape_targets(y_true, output_shape))
        return (targets * (1 - self.label_smoothing) + self.label_smoothing / output_shape[-1]).astype(dtype)

    def emit(self, y_true, y_pred, weight=1.0, sample_weight=None):
        """Append the loss to a graph."""
        return operations.Crossentropy(y_true, y_pred, weight, sample_weight, from_logits=self.from_logits)


class BinaryCrossentropy(ElementwiseLoss):
    """Cross-entropy of yes and no: ``-(y log p + (1 - y) log(1 - p))``, its mean over all elements.

    Parameters
    ----------
    from_logits : bool
        Whether predictions are logits, which a sigmoid would make probabilities; otherwise they are probabilities, which count
        as at least 1e-7 away from 0 and 1, as in Keras.
    label_smoothing : float
        Part of the targets that becomes one half, from 0 to 1.

    Notes
    -----
    Predictions and targets (batch, ...); targets (batch,) serve for predictions (batch, 1). Targets from 0 to 1.
    """

    def __init__(self, from_logits=False, label_smoothing=0.0):
        self.from_logits = bool(from_logits)
        self.label_smoothing = number("label_smoothing", label_smoothing, 0, 1)

    def prepare(self, y_true, output_shape, dtype):
        """Return the targets in the model's dtype."""
        targets = probabilities(super().prepare(y_true, output_shape, dtype))
        return targets * targets.dtype.type(1 - self.label_smoothing) + targets.dtype.type(self.label_smoothing / 2)

    def elements(self, y_true, y_pred):
        """Return the value of each element, and its gradient with respect to `y_pred`."""
        if self.from_logits:
            e = np.exp(-np.abs(y_pred))
            sigmoid = np.where(y_pred < 0, e, 1) / (1 + e)
            return np.maximum(y_pred, 0) - y_pred * y_true + np.log1p(e), sigmoid - y_true
        p = np.clip(y_pred, _EPSILON, 1 - _EPSILON)
        gradients = np.where(p == y_pred, (p - y_true) / (p * (1 - p)), 0)
        return -(y_true * np.log(p) + (1 - y_true) * np.log1p(-p)), gradients.astype(y_pred.dtype)
