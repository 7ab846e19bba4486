"""What all losses share, and checks of targets."""

import numpy as np

from .._checks import float_array
from ..engine import Graph, Plan, operations
from ..threads import get_num_threads


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

    def value_and_gradient(self, y_true, y_pred, sample_weight=None):
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

    def emit(self, y_true, y_pred, weight=1.0, sample_weight=None):
        """Append the loss to a graph; return its operation, of which `y` is the gradient and `value` the loss.

        Parameters
        ----------
        y_true, y_pred : Value
            Targets as `prepare` returned them, and predictions.
        weight : float
            What both are multiplied by.
        sample_weight : Value, optional
            What each sample's part is multiplied by.
        """
        return operations.PythonLoss(y_true, y_pred, self, weight, sample_weight)

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


class NativeLoss(Loss):
    """A loss that the engine has an operation for; a subclass defines `emit`."""

    def value_and_gradient(self, y_true, y_pred, sample_weight=None):
        """Return the loss of a batch, and its gradient with respect to `y_pred`."""
        arrays = [y_pred, y_true, *([] if sample_weight is None else [sample_weight])]
        graph = Graph()
        predictions, targets, *weights = [graph.input(array.shape, array.dtype) for array in arrays]
        loss = self.emit(targets, predictions, 1.0, *weights)
        gradient, value = Plan(graph, loss.outputs, get_num_threads()).instantiate().compute(arrays)
        return float(value[0]), gradient


class ElementwiseLoss(Loss):
    """The mean over all elements of a value for each, computed in NumPy. A subclass defines `elements`."""

    def prepare(self, y_true, output_shape, dtype):
        """Return the targets in the model's dtype."""
        targets = same_shape(real_numbers("y", y_true), output_shape)
        refuse_nan("y", targets)
        return targets.astype(dtype)

    def elements(self, y_true, y_pred):
        """Return the value of each element, and its gradient with respect to `y_pred`."""
        raise NotImplementedError

    def value_and_gradient(self, y_true, y_pred):
        """Return the loss of a batch, and its gradient with respect to `y_pred`."""
        values, gradients = self.elements(y_true, y_pred)
        return float(values.mean(dtype=np.float64)), gradients / y_pred.dtype.type(y_pred.size)


def real_numbers(name, values):
    array = np.asarray(values)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} has dtype {array.dtype}; expected real numbers")
    return array


def refuse_nan(name, values):
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        wrong = np.flatnonzero(~np.isfinite(values).reshape(len(values), -1).all(1))[0]
        raise ValueError(f"{name} holds NaN or infinity, first in sample {wrong}; expected finite numbers")


def same_shape(targets, output_shape):
    if targets.ndim == 1 and tuple(output_shape[1:]) == (1,):
        targets = targets[:, np.newaxis]
    if targets.ndim < 1 or targets.shape[1:] != tuple(output_shape[1:]):
        hint = " (for class numbers use 'sparse_categorical_crossentropy')" if targets.ndim == 1 else ""
        raise ValueError(f"y has shape {targets.shape}; expected (samples, ...) as the model's output {output_shape}{hint}")
    return targets
