"""Losses: the number that training makes small, and its gradient.

A loss is the mean over the batch of a value for each sample. Targets are checked in full, before anything is computed:
`prepare` returns them in the form that the other methods take.
"""

import numpy as np

from ._checks import float_array
from ._registry import resolve
from .functional import log_softmax


class Loss:
    """Base class of losses. A subclass defines `prepare` and `value_and_gradient`."""

    def prepare(self, y_true, output_shape, dtype):
        """Check targets for a model whose output has `output_shape`, and return them as `value_and_gradient` takes them.

        Parameters
        ----------
        y_true : array_like, shape (samples, ...)
            Targets.
        output_shape : tuple
            Shape of the model's output, beginning with None.
        dtype : str
            Dtype of the model's output.
        """
        raise TypeError(f"{type(self).__name__} does not define prepare; expected a loss that does")

    def value_and_gradient(self, y_true, y_pred):
        """Return the loss of a batch, as a float, and its gradient with respect to `y_pred`.

        Parameters
        ----------
        y_true : ndarray
            Targets as `prepare` returned them.
        y_pred : ndarray of float32 or float64, shape (batch, ...)
            Predictions.
        """
        raise TypeError(f"{type(self).__name__} does not define value_and_gradient; expected a loss that does")

    def __call__(self, y_true, y_pred):
        """Return the loss of predictions as a float.

        Parameters
        ----------
        y_true : array_like
            Targets.
        y_pred : ndarray of float32 or float64, shape (batch, ...)
            Predictions.

        Raises
        ------
        TypeError, ValueError
            If the targets do not fit the predictions, are not finite, or are out of range.
        """
        y_pred = float_array("y_pred", y_pred)
        y_true = self.prepare(y_true, (None, *y_pred.shape[1:]), y_pred.dtype.name)
        if len(y_true) != len(y_pred) or not len(y_pred):
            raise ValueError(f"y_true has {len(y_true)} samples and y_pred has {len(y_pred)}; expected as many, at least one")
        return self.value_and_gradient(y_true, y_pred)[0]

    def get_config(self):
        """Return the constructor's arguments."""
        return dict(vars(self))


#: Probabilities below this count as this much in a cross-entropy, as in Keras.
_EPSILON = 1e-7


class _Crossentropy(Loss):
    """What the two cross-entropies share: ``-log p`` of the target's class, over the last axis.

    Parameters
    ----------
    from_logits : bool
        Whether predictions are logits, which a softmax would make probabilities; otherwise they are probabilities.
    """

    def __init__(self, from_logits=False):
        self.from_logits = bool(from_logits)

    def _log_probabilities(self, y_pred):
        if self.from_logits:
            return log_softmax(y_pred)
        return np.log(np.maximum(y_pred, _EPSILON))


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
        labels = _real_numbers("y", y_true)
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
            _refuse_nan("y", labels)
            if (wrong := labels != np.floor(labels)).any():
                raise ValueError(f"y holds {labels[wrong][0]!r}, which is not a class number; expected integers")
        if labels.size and (labels.min() < 0 or labels.max() >= classes):
            wrong = labels[(labels < 0) | (labels >= classes)][0]
            raise ValueError(f"y holds the label {wrong}, out of range; expected 0 to {classes - 1} for {classes} classes")
        return labels.astype(np.int64)

    def value_and_gradient(self, y_true, y_pred):
        """Return the mean of ``-log p[class]`` and its gradient."""
        logs = self._log_probabilities(y_pred)
        target = np.expand_dims(y_true, -1)
        picked = np.take_along_axis(logs, target, -1)
        value = -float(picked.mean(dtype=np.float64))
        scale = 1 / picked.size
        if self.from_logits:
            gradient = np.exp(logs)
            np.put_along_axis(gradient, target, np.take_along_axis(gradient, target, -1) - 1, -1)
            gradient *= scale
        else:
            gradient = np.zeros_like(y_pred)
            probability = np.maximum(np.take_along_axis(y_pred, target, -1), _EPSILON)
            np.put_along_axis(gradient, target, -scale / probability, -1)
        return value, gradient


class CategoricalCrossentropy(_Crossentropy):
    """Cross-entropy with a distribution over the classes, such as a one-hot vector, as target: ``-sum(y log p)``.

    Parameters
    ----------
    from_logits : bool
        Whether predictions are logits, which a softmax would make probabilities; otherwise they are probabilities.

    Notes
    -----
    Predictions and targets (batch, ..., classes).
    """

    def prepare(self, y_true, output_shape, dtype):
        """Return the targets in the model's dtype."""
        targets = _same_shape(_real_numbers("y", y_true), output_shape)
        _refuse_nan("y", targets)
        if targets.size and (targets.min() < 0 or targets.max() > 1):
            wrong = targets[(targets < 0) | (targets > 1)][0]
            raise ValueError(f"y holds {wrong!r}, out of range; expected probabilities, as one-hot vectors, between 0 and 1")
        return targets.astype(dtype)

    def value_and_gradient(self, y_true, y_pred):
        """Return the mean of ``-sum(y log p)`` and its gradient."""
        logs = self._log_probabilities(y_pred)
        samples = y_pred.size // y_pred.shape[-1]
        value = -float(np.sum(y_true * logs, dtype=np.float64)) / samples
        if self.from_logits:
            gradient = np.exp(logs) * y_true.sum(-1, keepdims=True) - y_true
        else:
            gradient = -y_true / np.maximum(y_pred, _EPSILON)
        gradient /= samples
        return value, gradient


class MeanSquaredError(Loss):
    """Mean of ``(y - prediction)²`` over the elements of each sample.

    Notes
    -----
    Predictions and targets (batch, ...); targets (batch,) serve for predictions (batch, 1).
    """

    def prepare(self, y_true, output_shape, dtype):
        """Return the targets in the model's dtype."""
        targets = _same_shape(_real_numbers("y", y_true), output_shape)
        _refuse_nan("y", targets)
        return targets.astype(dtype)

    def value_and_gradient(self, y_true, y_pred):
        """Return the mean of ``(y - prediction)²`` and its gradient."""
        error = y_pred - y_true
        value = float(np.mean(np.square(error), dtype=np.float64))
        error *= 2 / error.size
        return value, error


_BY_NAME = {
    "categorical_crossentropy": CategoricalCrossentropy,
    "mean_squared_error": MeanSquaredError,
    "mse": MeanSquaredError,
    "sparse_categorical_crossentropy": SparseCategoricalCrossentropy,
}


def get(identifier):
    """Return a loss: `identifier` itself, or the one of that name or configuration."""
    return resolve("loss", identifier, Loss, _BY_NAME)


def _real_numbers(name, values):
    array = np.asarray(values)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} has dtype {array.dtype}; expected real numbers")
    return array


def _refuse_nan(name, values):
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        wrong = np.flatnonzero(~np.isfinite(values).reshape(len(values), -1).all(1))[0]
        raise ValueError(f"{name} holds NaN or infinity, first in sample {wrong}; expected finite numbers")


def _same_shape(targets, output_shape):
    if targets.ndim == 1 and tuple(output_shape[1:]) == (1,):
        targets = targets[:, np.newaxis]
    if targets.ndim < 1 or targets.shape[1:] != tuple(output_shape[1:]):
        hint = " (for class numbers use 'sparse_categorical_crossentropy')" if targets.ndim == 1 else ""
        raise ValueError(f"y has shape {targets.shape}; expected (samples, ...) as the model's output {output_shape}{hint}")
    return targets
