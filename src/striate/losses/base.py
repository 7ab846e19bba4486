"""What all losses share, and checks of targets."""

from typing import NamedTuple

import numpy as np

from .._checks import float_array
from ..engine import Graph, Plan, Value, append_gradients, operations
from ..engine.operators import apply
from ..threads import get_num_threads


class Emitted(NamedTuple):
    """A loss in a graph."""

    value: Value  # of one element
    starts: list  # of (value, gradient): where back-propagation begins


class Loss:
    """Base class of losses. A subclass defines either of:

    - `call`, which returns a value for each sample, made of targets and predictions by functions of `striate.ops`; its gradient
      follows.
    - `prepare` and `value_and_gradient`, on arrays; or, for a loss that the engine has an operation for, `emit`.

    Examples
    --------
    >>> from striate import losses, ops
    >>> class Quartic(losses.Loss):
    ...     def call(self, y_true, y_pred):
    ...         return ops.mean(ops.square(ops.square(y_pred - y_true)), axis=-1)
    >>> float(Quartic()([[1.0, 2.0]], [[1.0, 4.0]]))
    8.0
    """

    def call(self, y_true, y_pred):
        """Return a value for each sample.

        Parameters
        ----------
        y_true : Value, shape (batch, ...)
            Targets as `prepare` returned them.
        y_pred : Value, shape (batch, ...)
            Predictions.
        """
        raise TypeError(f"{type(self).__name__} does not define call; expected a loss that does")

    def prepare(self, y_true, output_shape, dtype):
        """Check targets for a model whose output has `output_shape`, and return them as the other methods take them.

        By default they are real numbers of any shape, in the model's dtype.

        Parameters
        ----------
        y_true : array_like, shape (samples, ...)
            Targets.
        output_shape : tuple
            Shape of the model's output, beginning with None.
        dtype : str
            Dtype of the model's output.
        """
        targets = real_numbers("y", y_true)
        if not targets.ndim:
            raise ValueError("y is a single number; expected targets, one for each sample")
        refuse_nan("y", targets)
        if targets.ndim == len(output_shape) - 1 and output_shape[-1] == 1:
            targets = targets[..., np.newaxis]
        return targets.astype(dtype)

    def value_and_gradient(self, y_true, y_pred, sample_weight=None):
        """Return the loss of a batch, as a float, and its gradient with respect to `y_pred`.

        In training, the arrays can only be read, and hold what they hold until this returns.

        Parameters
        ----------
        y_true : ndarray
            Targets as `prepare` returned them.
        y_pred : ndarray of float32 or float64, shape (batch, ...)
            Predictions.
        sample_weight : ndarray of y_pred's dtype, shape (batch,) or (batch, ...), optional
            What each sample's part is multiplied by; the mean is still one over their number.
        """
        if type(self).call is Loss.call and type(self).emit is Loss.emit:
            raise TypeError(f"{type(self).__name__} does not define value_and_gradient; expected a loss that does, or `call`")
        arrays = [y_pred, y_true, *([] if sample_weight is None else [sample_weight])]
        graph = Graph()
        predictions, targets, *weights = [graph.input(array.shape, array.dtype) for array in arrays]
        loss = self.emit(targets, predictions, 1.0, *weights)
        gradient = append_gradients(graph, loss.starts, [predictions]).get(predictions)
        outputs = [loss.value] if gradient is None else [loss.value, gradient]
        value, *rest = Plan(graph, outputs, get_num_threads()).instantiate().compute(arrays)
        return float(value.item()), rest[0] if rest else np.zeros_like(y_pred)

    def emit(self, y_true, y_pred, weight=1.0, sample_weight=None):
        """Append the loss to a graph; return it with its `value` and `starts`, where back-propagation begins.

        Parameters
        ----------
        y_true, y_pred : Value
            Targets as `prepare` returned them, and predictions.
        weight : float
            What both are multiplied by.
        sample_weight : Value, optional
            What each sample's part is multiplied by.
        """
        if type(self).call is Loss.call:
            return operations.PythonLoss(y_true, y_pred, self, weight, sample_weight)
        graph = y_pred.graph
        with graph.within(graph.layer, None):
            values = self.call(y_true, y_pred)
            if not isinstance(values, Value):
                raise TypeError(
                    f"call of {type(self).__name__} returned {type(values).__name__}; expected what striate.ops returns"
                )
            if sample_weight is not None:
                if values.shape[: len(sample_weight.shape)] != sample_weight.shape:
                    raise ValueError(
                        f"call of {type(self).__name__} returned values of shape {values.shape}, and sample_weight has shape "
                        f"{sample_weight.shape}; expected a value for each sample"
                    )
                more = len(values.shape) - len(sample_weight.shape)
                values = values * operations.Reshape(sample_weight, (*sample_weight.shape, *(1,) * more)).y
            value = apply("mean", values) * weight
        return Emitted(value, [graph.start_at(value)])

    def __call__(self, y_true, y_pred, sample_weight=None):
        """Return the loss of predictions as a float.

        Parameters
        ----------
        y_true : array_like
            Targets.
        y_pred : array_like of floats, shape (batch, ...)
            Predictions.
        sample_weight : array_like, shape (batch,) or (batch, ...), optional
            What each sample's part is multiplied by.

        Raises
        ------
        TypeError, ValueError
            If the targets do not fit the predictions, are not finite, or are out of range.
        """
        y_pred = float_array("y_pred", y_pred if isinstance(y_pred, np.ndarray) else np.asarray(y_pred, np.float32))
        y_true = self.prepare(y_true, (None, *y_pred.shape[1:]), y_pred.dtype.name)
        if len(y_true) != len(y_pred) or not len(y_pred):
            raise ValueError(f"y_true has {len(y_true)} samples and y_pred has {len(y_pred)}; expected as many, at least one")
        weights = None if sample_weight is None else check_sample_weight(sample_weight, y_pred.shape, y_pred.dtype)
        return self.value_and_gradient(y_true, y_pred, *([] if weights is None else [weights]))[0]

    def get_config(self):
        """Return the constructor's arguments."""
        return dict(vars(self))


class SameShapeLoss(Loss):
    """A loss whose targets have the predictions' shape."""

    def prepare(self, y_true, output_shape, dtype):
        """Return the targets in the model's dtype."""
        return same_shape_targets(y_true, output_shape).astype(dtype)


class ElementwiseLoss(SameShapeLoss):
    """The mean over all elements of a value for each, computed in NumPy. A subclass defines `elements`."""

    def elements(self, y_true, y_pred):
        """Return the value of each element, and its gradient with respect to `y_pred`."""
        raise NotImplementedError

    def value_and_gradient(self, y_true, y_pred, sample_weight=None):
        """Return the loss of a batch, and its gradient with respect to `y_pred`."""
        values, gradients = self.elements(y_true, y_pred)
        if sample_weight is not None:
            scale = sample_weight.reshape(*sample_weight.shape, *(1,) * (y_pred.ndim - sample_weight.ndim))
            values, gradients = values * scale, gradients * scale
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


def same_shape_targets(y_true, output_shape):
    """Return finite targets of the output's shape."""
    targets = same_shape(real_numbers("y", y_true), output_shape)
    refuse_nan("y", targets)
    return targets


def probabilities(targets):
    """Return targets, which must lie between 0 and 1."""
    if targets.size and (targets.min() < 0 or targets.max() > 1):
        wrong = targets[(targets < 0) | (targets > 1)][0]
        raise ValueError(f"y holds {wrong!r}, out of range; expected 0 for no and 1 for yes, or probabilities between 0 and 1")
    return targets


def check_sample_weight(weights, shape, dtype):
    """Return weights of samples, (batch,) or the first axes of `shape`, as an array of a dtype."""
    weights = np.asarray(weights)
    if weights.dtype.kind not in "fiub":
        raise TypeError(f"sample_weight has dtype {weights.dtype}; expected real numbers")
    if weights.shape == (shape[0], 1):
        weights = weights[:, 0]
    if not weights.ndim or weights.shape != shape[: weights.ndim]:
        raise ValueError(f"sample_weight has shape {weights.shape}; expected ({shape[0]},), one for each sample")
    if not np.isfinite(weights).all():
        raise ValueError("sample_weight holds NaN or infinity; expected finite numbers")
    return np.ascontiguousarray(weights, dtype)
