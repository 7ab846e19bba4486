"""Losses: the number that training makes small, and its gradient.

A loss is the mean over the batch of a value for each sample. Targets are checked in full, before anything is computed:
`prepare` returns them in the form that the other methods take.
"""

import numpy as np

from ._checks import float_array
from ._registry import resolve
from .engine import Graph, Plan, operations
from .threads import get_num_threads


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

        In training, the arrays can only be read, and hold what they hold until this returns.

        Parameters
        ----------
        y_true : ndarray
            Targets as `prepare` returned them.
        y_pred : ndarray of float32 or float64, shape (batch, ...)
            Predictions.
        """
        raise TypeError(f"{type(self).__name__} does not define value_and_gradient; expected a loss that does")

    def emit(self, y_true, y_pred, weight=1.0):
        """Append the loss to a graph; return its operation, of which `y` is the gradient and `value` the loss.

        Parameters
        ----------
        y_true, y_pred : Value
            Targets as `prepare` returned them, and predictions.
        weight : float
            What both are multiplied by.
        """
        return operations.PythonLoss(y_true, y_pred, self, weight)

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


class _NativeLoss(Loss):
    """A loss that the engine has an operation for; a subclass defines `emit`."""

    def value_and_gradient(self, y_true, y_pred):
        """Return the loss of a batch, and its gradient with respect to `y_pred`."""
        graph = Graph()
        predictions = graph.input(y_pred.shape, y_pred.dtype)
        loss = self.emit(graph.input(y_true.shape, y_true.dtype), predictions)
        gradient, value = Plan(graph, loss.outputs, get_num_threads()).instantiate().compute((y_pred, y_true))
        return float(value[0]), gradient


class _Crossentropy(_NativeLoss):
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

    def emit(self, y_true, y_pred, weight=1.0):
        """Append the loss to a graph."""
        return operations.SparseCrossentropy(y_true, y_pred, weight, from_logits=self.from_logits)


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

    def emit(self, y_true, y_pred, weight=1.0):
        """Append the loss to a graph."""
        return operations.Crossentropy(y_true, y_pred, weight, from_logits=self.from_logits)


class MeanSquaredError(_NativeLoss):
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

    def emit(self, y_true, y_pred, weight=1.0):
        """Append the loss to a graph."""
        return operations.SquaredError(y_true, y_pred, weight)


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
