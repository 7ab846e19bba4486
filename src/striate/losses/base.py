"""The base class of losses."""

import math
from typing import NamedTuple

import numpy as np

from .._common.arguments import KeepsArguments, made_of
from .._common.checks import choice, real_array, shown, text
from .._common.extras import needing
from .._common.registry import arguments_of, snake_case
from .._common.structures import BRANCHES, leaves, mapped
from .._common.watched import Watched
from ..engine import Graph, Plan, Value, append_gradients, operations
from ..engine.dtypes import FLOAT32, FLOAT64, KERNEL_DTYPES, standardize_dtype
from ..engine.graph import of_the_block
from ..engine.operators import Operators, apply
from ..threads import get_num_threads
from .targets import check_finite, check_sample_weight, predictions, same_shape_targets, with_axes_of, with_last_axis

#: Docstring sections that losses share.
REDUCED = """
    Parameters
    ----------
    reduction, name, dtype
        See `Loss`.
    """
OF_ELEMENTS = f"""{REDUCED}
    Notes
    -----
    Predictions and targets have shape (batch, ...); for predictions of shape (batch, 1), targets may have shape (batch,).
    """

#: Names of the ways to reduce the values of all samples to a loss.
REDUCTIONS = ("sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none")

_TINY = 1e-30  # minimum of the mean that weights are divided by, so that weights that are all 0 give a loss of 0


class Emitted(NamedTuple):
    """A loss in a graph."""

    value: Value  # the loss, a single element
    starts: list  # the values where back-propagation starts, each in a pair with the gradient with respect to it


class Loss(KeepsArguments, Watched):
    """Base class of losses.

    A subclass defines either of:

    - `call`, which computes a value for each sample from targets and predictions with functions of `striate.ops`; the gradient
      is derived from it. `fused` may offer a kernel that computes the same.
    - `prepare` and `value_and_gradient`, which work on arrays.

    Parameters
    ----------
    name : str, optional
        Name of the loss; the class's name in snake case if None.
    reduction : {"sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None}
        How the values that `call` returns are reduced: "sum_over_batch_size" and "mean" both mean their mean;
        "mean_with_sample_weight" divides their weighted sum by the sum of the weights; "sum" adds them up. With "none" (or
        None), a call of the loss returns them as an array, and no model can be trained with the loss.
    dtype : {"float32", "float64", "float16", "bfloat16"} or DTypePolicy, optional
        Dtype that the loss is computed in, and that of a call's result; that of the predictions if None. A loss in float16 or
        bfloat16 is computed in float32, and rounded when it is called on arrays; bfloat16 needs the package ml_dtypes.

    Examples
    --------
    >>> from striate import losses, ops
    >>> class Quartic(losses.Loss):
    ...     def call(self, y_true, y_pred):
    ...         return ops.mean(ops.square(ops.square(y_pred - y_true)), axis=-1)
    >>> float(Quartic()([[1.0, 2.0]], [[1.0, 4.0]]))
    8.0
    """

    reduction = "sum_over_batch_size"  # for subclasses that do not call `__init__`
    _dtype = None  # an attribute of instances that are given one
    unwatched = frozenset(["_given"])
    required_axes = ("batch",)  # names of the axes that predictions have at least
    takes_classes = False  # whether targets are class indices

    def __init__(self, name=None, reduction="sum_over_batch_size", dtype=None):
        self.name = snake_case(type(self).__name__) if name is None else text("name", name)
        self.reduction = choice("reduction", "none" if reduction is None else reduction, REDUCTIONS)
        if dtype is not None:
            self._dtype = dtype_of_results(dtype)

    @property
    def dtype(self):
        """Dtype of the loss, a name; None for that of the predictions."""
        return self._dtype

    @property
    def _computed_in(self):
        """Dtype that the loss is computed in; None for that of the predictions."""
        return None if self.dtype is None else FLOAT64 if self.dtype == "float64" else FLOAT32

    def call(self, y_true, y_pred):
        """Return a value for each sample.

        Parameters
        ----------
        y_true : Value or ndarray, shape (batch, ...)
            Targets as returned by `adapt`.
        y_pred : Value or ndarray, shape (batch, ...)
            Predictions.
        """
        raise TypeError(f"{type(self).__name__} does not define call; expected a loss that defines call or value_and_gradient")

    def fused(self, y_true, y_pred, weight, sample_weight):
        """Return the operation that computes the loss with a single kernel, or None if only `call` can compute it.

        Parameters
        ----------
        y_true, y_pred : Value
            As for `call`.
        weight : float
            Factor of the mean.
        sample_weight : Value, optional
            Weights of the samples.
        """
        return None

    def counted(self, y_true, values):
        """Return which of the values that `call` returned for targets count in their mean, 1 or 0; None if all do."""
        return None

    def adapt(self, y_true):
        """Return checked targets in the form that `call` takes, for example with label smoothing.

        Targets may be an array or a symbolic tensor. Metrics get the targets from before.
        """
        return y_true

    def adapted(self, y_true):
        """Return checked targets, an array, as adapted by `adapt`, in their dtype."""
        return np.asarray(self.adapt(y_true)).astype(y_true.dtype, copy=False)

    def prepare(self, y_true, output_shape, dtype):
        """Check targets for a model whose output has `output_shape`, and return them in the form that `adapt` takes.

        By default, targets are real numbers of any shape, and are converted to the dtype of the model's output.

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
            raise ValueError("y is a single number; expected one target for each sample")
        check_finite("y", targets)
        return with_last_axis(targets, output_shape).astype(dtype)

    def value_and_gradient(self, y_true, y_pred, sample_weight=None):
        """Return the loss of a batch, as a float, and its gradient with respect to `y_pred`.

        In training, the arrays are read-only, and their elements may change once this method has returned.

        Parameters
        ----------
        y_true : ndarray
            Targets as returned by `prepare`.
        y_pred : ndarray of float32 or float64, shape (batch, ...)
            Predictions.
        sample_weight : ndarray of y_pred's dtype, shape (batch,) or (batch, ...), optional
            Factors of the samples' values; a mean still divides by the number of samples.
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
        """Append the loss to a graph; return its `value`, and its `starts`, where back-propagation starts.

        Parameters
        ----------
        y_true, y_pred : Value
            Targets as returned by `adapt`, and predictions.
        weight : float
            Factor of the value and the gradients.
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
        if not isinstance(y_pred, Value):
            return self._emit_for_several(y_true, y_pred, weight, sample_weight)
        graph = y_pred.graph
        y_pred = self._in_dtype(y_pred if y_pred.dtype in KERNEL_DTYPES else y_pred.cast(FLOAT32))
        with graph.within(graph.layer, None):
            rows = math.prod(y_pred.shape[:-1]) if self.reduction == "sum" else 1
            if self._may_be_fused() and (sample_weight is None or _has_weight_per_row(y_pred, sample_weight)):
                y_true, sample_weight = (_with_dtype_of(y_pred, value) for value in (y_true, sample_weight))
                operation = self.fused(y_true, y_pred, weight * rows, self._scaled(sample_weight))
                if operation:
                    return operation
            return self._emitted(y_true, self.call(y_true, y_pred), y_pred.dtype, weight, sample_weight)

    def _emit_for_several(self, y_true, y_pred, weight, sample_weight):
        """Do what `emit` does for targets and predictions in structures, which `call` takes as they are."""
        y_pred = mapped(lambda each: self._in_dtype(each if each.dtype in KERNEL_DTYPES else each.cast(FLOAT32)), y_pred)
        first = leaves(y_pred)[0]
        with first.graph.within(first.graph.layer, None):
            values = self.call(y_true, y_pred)
            return self._emitted(leaves(y_true)[0], values, first.dtype, weight, sample_weight)

    def _emitted(self, y_true, values, dtype, weight, sample_weight):
        """Return the loss of the values that `call` returned."""
        if not isinstance(values, Value):
            raise TypeError(f"call of {type(self).__name__} returned {type(values).__name__}; expected a symbolic tensor")
        value = self._reduced(y_true, values.cast(dtype), sample_weight) * weight
        return Emitted(value, [value.graph.start_at(value)])

    def _in_dtype(self, y_pred):
        """Return predictions, a value, in the dtype that the loss is computed in."""
        return y_pred if self.dtype is None else y_pred.cast(self._computed_in)

    @classmethod
    def _may_be_fused(cls):
        """Return whether `fused` computes the same as `call`, which a subclass may have overridden alone."""
        return next("fused" in vars(each) for each in cls.__mro__ if vars(each).keys() & {"call", "fused"})

    def _weighted(self, values, sample_weight):
        """Return the samples' values, multiplied by their weights, if any."""
        if sample_weight is None:
            return values
        shape = np.shape(sample_weight)
        if values.shape and None not in values.shape and values.shape[: len(shape)] != shape:
            raise ValueError(
                f"call of {type(self).__name__} returned values of shape {values.shape}, and sample_weight has shape "
                f"{shape}; expected a value for each sample"
            )
        return values * with_axes_of(sample_weight, values)

    def __call__(self, y_true, y_pred, sample_weight=None):
        """Return the loss as a NumPy number or, with `reduction` "none", the samples' values as an array.

        Inside a custom loss or a model's step, and within the block of a `GradientTape`, targets and predictions may be
        symbolic tensors; the result is then one, too.

        Parameters
        ----------
        y_true : array_like
            Targets.
        y_pred : array_like, shape (batch, ...)
            Predictions; integers are converted to float32.
        sample_weight : float or array_like, shape (batch,) or (batch, ...), optional
            Weights of the samples.

        Returns
        -------
        numpy.floating or ndarray

        Raises
        ------
        TypeError, ValueError
            If the targets do not fit the predictions, are not finite, or are out of range.
        """
        y_true, y_pred, sample_weight = (mapped(of_the_block, each) for each in (y_true, y_pred, sample_weight))
        if isinstance(y_pred, BRANCHES) and isinstance(leaves(y_pred)[0], Value):
            return self._emit_for_several(y_true, y_pred, 1.0, sample_weight).value
        if isinstance(y_pred, Value) or isinstance(y_true, Value):
            return self._of_values(y_true, y_pred, sample_weight)
        if isinstance(y_true, Operators) or isinstance(y_pred, Operators):
            y_true = self.adapt(y_true)
            return self._reduced(y_true, self.call(y_true, y_pred), sample_weight)
        y_true, y_pred = self.checked(y_true, y_pred)
        weights = None if sample_weight is None else check_sample_weight(sample_weight, y_pred.shape, y_pred.dtype)
        dtype = np.dtype(self.dtype or y_pred.dtype)
        if self.reduction != "none":
            return dtype.type(self.value_and_gradient(y_true, y_pred, *([] if weights is None else [weights]))[0])
        return self._weighted(self.call(self.adapted(y_true), y_pred), weights).astype(dtype, copy=False)

    def _of_values(self, y_true, y_pred, sample_weight):
        """Return the loss of values as a value, through which gradients flow; one of the arguments may be an array."""
        graph = (y_pred if isinstance(y_pred, Value) else y_true).graph
        double = any(isinstance(each, Value) and each.dtype == np.float64 for each in (y_true, y_pred))
        y_true, y_pred = (
            each if isinstance(each, Value) else graph.constant(_floats(each, double)) for each in (y_true, y_pred)
        )
        if sample_weight is not None and not isinstance(sample_weight, Value):
            sample_weight = graph.constant(check_sample_weight(sample_weight, y_pred.shape, y_pred.dtype))
        elif sample_weight is not None and len(sample_weight.shape) > 1 and sample_weight.shape[-1] == 1:
            sample_weight = apply("squeeze", sample_weight, axis=-1)  # as `check_sample_weight` does with arrays
        y_pred = self._in_dtype(y_pred)
        y_true = self.adapt(self.fitted(y_true, y_pred))
        # The gradient that a kernel computes with the loss would have no gradient itself.
        if self.reduction == "none" or graph.tapes > 1:
            return self._reduced(y_true, self.call(y_true, y_pred), sample_weight)
        emitted = self.emit(y_true, y_pred, 1.0, sample_weight)
        [(place, gradient)] = emitted.starts
        return emitted.value if place is emitted.value else operations.LossValue(emitted.value, place, gradient).y

    def fitted(self, y_true, y_pred):
        """Return targets, a value, in the form that `adapt` takes: what `prepare` does for arrays, as far as shapes tell."""
        return with_last_axis(y_true, y_pred.shape).cast(y_pred.dtype)

    def checked(self, y_true, y_pred):
        """Return prepared targets, and predictions as an array, after checking that they fit together."""
        y_pred = predictions(y_pred)
        y_pred = y_pred if self.dtype is None else y_pred.astype(self._computed_in, copy=False)
        if y_pred.ndim < len(self.required_axes):
            raise ValueError(f"y_pred has shape {y_pred.shape}; expected ({', ..., '.join(self.required_axes)})")
        y_true = self.prepare(y_true, (None, *y_pred.shape[1:]), y_pred.dtype.name)
        if len(y_true) != len(y_pred) or not len(y_pred):
            raise ValueError(
                f"y_true has shape {y_true.shape} and y_pred has shape {y_pred.shape}; expected the same number of samples, at "
                "least one"
            )
        return y_true, y_pred

    def _reduced(self, y_true, values, sample_weight):
        """Return the weighted values that `call` returned for targets, reduced as `reduction` tells."""
        counted = None if self.reduction in ("sum", "none") else self.counted(y_true, values)
        if counted is not None:
            weights = apply("cast", counted, dtype=np.dtype(values.dtype).name)
            if self.reduction != "mean_with_sample_weight":
                weights = _with_mean_of_1(weights)
            sample_weight = weights if sample_weight is None else weights * with_axes_of(sample_weight, weights)
        values = self._weighted(values, self._scaled(sample_weight))
        return values if self.reduction == "none" else apply("sum" if self.reduction == "sum" else "mean", values)

    def _scaled(self, weights):
        """Return weights, scaled to a mean of 1 if `reduction` is "mean_with_sample_weight"; None if there are none."""
        scales = weights is not None and self.reduction == "mean_with_sample_weight"
        return _with_mean_of_1(weights) if scales else weights

    def get_config(self):
        """Return the constructor's arguments."""
        return arguments_of(self) | ({} if self.dtype is None else {"dtype": self.dtype})

    @classmethod
    def from_config(cls, config):
        """Make a loss from what `get_config` returned."""
        return made_of(cls, config)


def dtype_of_results(dtype):
    """Return the name of the dtype of a loss, given as a name, a dtype or a policy."""
    name = standardize_dtype(getattr(dtype, "compute_dtype", dtype))
    if name == "bfloat16":
        with needing("a loss in bfloat16 needs ml_dtypes", "keras"):
            import ml_dtypes  # noqa: F401 (which gives NumPy the dtype)
    elif name not in ("float16", "float32", "float64"):
        raise ValueError(f"dtype={shown(dtype)} is not supported; expected the name of a dtype of floats")
    return name


def _with_mean_of_1(weights):
    """Return weights divided by their mean."""
    return weights / apply("maximum", apply("mean", weights), _TINY)


def _floats(array, double):
    """Return an array, of float32 where it holds Python's floats or those of NumPy's default dtype, unless `double`."""
    array = real_array("y", array)
    return array.astype(np.float32) if array.dtype == np.float64 and not double else array


def _has_weight_per_row(y_pred, sample_weight):
    """Return whether there is a weight for each sample, or for each row of its predictions."""
    return len(y_pred.shape) > 1 and y_pred.shape[:-1][: len(sample_weight.shape)] == sample_weight.shape


def _with_dtype_of(y_pred, value):
    """Return a value cast to the dtype of predictions, unless it is None or holds integers, such as class indices."""
    return value.cast(y_pred.dtype) if value is not None and value.dtype in KERNEL_DTYPES else value


class SameShapeLoss(Loss):
    """A loss whose targets have the predictions' shape."""

    def __init__(self, reduction="sum_over_batch_size", name=None, dtype=None):
        super().__init__(name, reduction, dtype)

    def check(self, targets):
        """Return targets; a subclass raises an error for values that it does not take."""
        return targets

    def fitted(self, y_true, y_pred):
        """Return targets, a value, in the predictions' shape and dtype."""
        targets = super().fitted(y_true, y_pred)
        if targets.shape != y_pred.shape:
            raise ValueError(f"y_true has shape {y_true.shape} and y_pred {y_pred.shape}; expected the same shape")
        operations.Call(targets.graph, lambda array: check_finite("y", array), [targets])
        return targets

    def prepare(self, y_true, output_shape, dtype):
        """Return the targets in the model's dtype."""
        return self.check(same_shape_targets(y_true, output_shape).astype(dtype))
