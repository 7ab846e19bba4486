"""The base class of losses."""

import math
from typing import NamedTuple

import numpy as np

from .._common.arguments import KeepsArguments
from .._common.checks import choice, real_array, text
from .._common.registry import arguments_of, snake_case
from .._common.watched import Watched
from ..engine import Graph, Plan, Value, append_gradients, operations
from ..engine.dtypes import FLOAT32, OF_KERNELS
from ..engine.operators import Operators, apply
from ..threads import get_num_threads
from .targets import check_sample_weight, predictions, refuse_nan, same_shape_targets, with_axes_of

#: What docstrings share.
REDUCED = """
    Parameters
    ----------
    reduction, name
        See `Loss`.
    """
OF_ELEMENTS = f"""{REDUCED}
    Notes
    -----
    Predictions and targets (batch, ...); targets (batch,) serve for predictions (batch, 1).
    """

#: The reductions of the values of all samples.
REDUCTIONS = ("sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none")


class Emitted(NamedTuple):
    """A loss in a graph."""

    value: Value  # of one element
    starts: list  # of (value, gradient): where back-propagation begins


class Loss(KeepsArguments, Watched):
    """Base class of losses. A subclass defines either of:

    - `call`, which returns a value for each sample, made of targets and predictions by functions of `striate.ops`; its gradient
      follows. `fused` may do the same by one kernel.
    - `prepare` and `value_and_gradient`, on arrays.

    Parameters
    ----------
    name : str, optional
        How it is called; its class's name, in small letters, if None.
    reduction : {"sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none"}
        What becomes of the values of `call`: their mean (by both of the first names), their sum weighted by the samples'
        weights over the sum of those, or their sum. With "none" (or None), a call of the loss returns them as an array; a model
        cannot be trained with that.

    Examples
    --------
    >>> from striate import losses, ops
    >>> class Quartic(losses.Loss):
    ...     def call(self, y_true, y_pred):
    ...         return ops.mean(ops.square(ops.square(y_pred - y_true)), axis=-1)
    >>> float(Quartic()([[1.0, 2.0]], [[1.0, 4.0]]))
    8.0
    """

    reduction = "sum_over_batch_size"  # of a subclass that does not call `__init__`
    unwatched = frozenset(["_given"])
    axes_of_predictions = ("batch",)  # those that they have at least

    def __init__(self, name=None, reduction="sum_over_batch_size"):
        self.name = snake_case(type(self).__name__) if name is None else text("name", name)
        self.reduction = choice("reduction", "none" if reduction is None else reduction, REDUCTIONS)

    def call(self, y_true, y_pred):
        """Return a value for each sample.

        Parameters
        ----------
        y_true : Value or ndarray, shape (batch, ...)
            Targets as `adapt` returned them.
        y_pred : Value or ndarray, shape (batch, ...)
            Predictions.
        """
        raise TypeError(f"{type(self).__name__} does not define call; expected a loss that does, or value_and_gradient")

    def fused(self, y_true, y_pred, weight, sample_weight):
        """Return the operation whose one kernel computes the loss in place of `call`, or None if there is none.

        Parameters
        ----------
        y_true, y_pred : Value
            As for `call`.
        weight : float
            What the mean is multiplied by.
        sample_weight : Value, optional
            Weights of the samples.
        """
        return None

    def adapt(self, y_true):
        """Return checked targets as `call` takes them: one-hot vectors smoothed, say. They may be arrays or symbolic tensors.

        Metrics get them as they were.
        """
        return y_true

    def adapted(self, y_true):
        """Return an array of checked targets, adapted, in the same dtype."""
        return np.asarray(self.adapt(y_true)).astype(y_true.dtype, copy=False)

    def prepare(self, y_true, output_shape, dtype):
        """Check targets for a model whose output has `output_shape`, and return them in the form that `adapt` takes.

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
        targets = real_array("y", y_true)
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
            What each sample's part is multiplied by; a mean is still one over their number.
        """
        arrays = [y_pred, self.adapted(y_true), *([] if sample_weight is None else [sample_weight])]
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
            Targets as `adapt` returned them, and predictions.
        weight : float
            What both are multiplied by.
        sample_weight : Value, optional
            Weights of the samples.
        """
        if type(self).value_and_gradient is not Loss.value_and_gradient:
            return operations.PythonLoss(y_true, y_pred, self, weight, sample_weight)
        if self.reduction == "none":
            raise ValueError(
                f"reduction='none' of {type(self).__name__} does not reduce the samples' values to a number; expected one of "
                f"{REDUCTIONS[:-1]} for a model"
            )
        graph = y_pred.graph
        y_pred = y_pred if y_pred.dtype in OF_KERNELS else y_pred.cast(FLOAT32)
        with graph.within(graph.layer, None):
            sample_weight = self._scaled(sample_weight)
            rows = math.prod(y_pred.shape[:-1]) if self.reduction == "sum" else 1
            operation = None
            if self._may_be_fused() and (sample_weight is None or _has_weight_each(y_pred, sample_weight)):
                y_true, sample_weight = (_with_dtype_of(y_pred, value) for value in (y_true, sample_weight))
                operation = self.fused(y_true, y_pred, weight * rows, sample_weight)
            return operation or self._emit_values(y_true, y_pred, weight, sample_weight)

    @classmethod
    def _may_be_fused(cls):
        """Return whether `fused` computes what `call` does: a subclass may override `call`."""
        return next("fused" in vars(each) for each in cls.__mro__ if vars(each).keys() & {"call", "fused"})

    def _emit_values(self, y_true, y_pred, weight, sample_weight):
        values = self.call(y_true, y_pred)
        if not isinstance(values, Value):
            raise TypeError(
                f"call of {type(self).__name__} returned {type(values).__name__}; expected what striate.ops returns"
            )
        value = self._reduce(self._weighted(values.cast(y_pred.dtype), sample_weight)) * weight
        return Emitted(value, [value.graph.start_at(value)])

    def _weighted(self, values, sample_weight):
        """Return values of samples times their weights, if there are any: one for each value."""
        if sample_weight is None:
            return values
        if values.shape and values.shape[: len(sample_weight.shape)] != sample_weight.shape:
            raise ValueError(
                f"call of {type(self).__name__} returned values of shape {values.shape}, and sample_weight has shape "
                f"{sample_weight.shape}; expected a value for each sample"
            )
        return values * with_axes_of(sample_weight, values)

    def __call__(self, y_true, y_pred, sample_weight=None):
        """Return the loss of predictions as a float, or with `reduction` "none" an array of the samples' values.

        In custom losses it takes symbolic tensors, and returns the loss as one.

        Parameters
        ----------
        y_true : array_like
            Targets.
        y_pred : array_like, shape (batch, ...)
            Predictions; integers count as float32.
        sample_weight : float or array_like, shape (batch,) or (batch, ...), optional
            Weights of the samples.

        Raises
        ------
        TypeError, ValueError
            If the targets do not fit the predictions, are not finite, or are out of range.
        """
        if isinstance(y_true, Operators) or isinstance(y_pred, Operators):
            values = self.call(self.adapt(y_true), y_pred)
            if sample_weight is not None:
                values = values * with_axes_of(self._scaled(sample_weight), values)
            return values if self.reduction == "none" else self._reduce(values)
        y_true, y_pred = self.checked(y_true, y_pred)
        weights = None if sample_weight is None else check_sample_weight(sample_weight, y_pred.shape, y_pred.dtype)
        if self.reduction != "none":
            return self.value_and_gradient(y_true, y_pred, *([] if weights is None else [weights]))[0]
        return self._weighted(self.call(self.adapted(y_true), y_pred), weights)

    def checked(self, y_true, y_pred):
        """Return targets as `prepare` does, and predictions, as arrays that belong together."""
        y_pred = predictions(y_pred)
        if y_pred.ndim < len(self.axes_of_predictions):
            raise ValueError(f"y_pred has shape {y_pred.shape}; expected ({', ..., '.join(self.axes_of_predictions)})")
        y_true = self.prepare(y_true, (None, *y_pred.shape[1:]), y_pred.dtype.name)
        if len(y_true) != len(y_pred) or not len(y_pred):
            raise ValueError(
                f"y_true has shape {y_true.shape} and y_pred has shape {y_pred.shape}; expected as many samples, at least one"
            )
        return y_true, y_pred

    def _reduce(self, values):
        return apply("sum" if self.reduction == "sum" else "mean", values)

    def _scaled(self, weights):
        """Return weights, if there are any, scaled to a mean of 1 where `reduction` says so."""
        if weights is None or self.reduction != "mean_with_sample_weight":
            return weights
        return weights / apply("maximum", apply("mean", weights), _TINY)

    def get_config(self):
        """Return the constructor's arguments."""
        return arguments_of(self)


def _has_weight_each(y_pred, sample_weight):
    """Return whether there is a weight for each sample, or for each of the rows that its predictions are."""
    return len(y_pred.shape) > 1 and y_pred.shape[:-1][: len(sample_weight.shape)] == sample_weight.shape


def _with_dtype_of(y_pred, value):
    return value.cast(y_pred.dtype) if value is not None and value.dtype in OF_KERNELS else value


_TINY = 1e-30  # weights of samples that are all 0 give a loss of 0


class SameShapeLoss(Loss):
    """A loss whose targets have the predictions' shape."""

    def __init__(self, reduction="sum_over_batch_size", name=None):
        super().__init__(name, reduction)

    def check(self, targets):
        """Return targets if they are what the loss takes."""
        return targets

    def prepare(self, y_true, output_shape, dtype):
        """Return the targets in the model's dtype."""
        return self.check(same_shape_targets(y_true, output_shape).astype(dtype))
