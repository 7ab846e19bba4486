"""Checks of targets, predictions and sample weights, before anything is computed."""

import contextvars
import math

import numpy as np

from .._common.checks import float_array, real_array
from .._common.contexts import setting
from ..engine import operations
from ..engine.operators import apply

#: Whether targets may be NaN or infinite, as a callback watches for such a loss.
_non_finite_targets = contextvars.ContextVar("_non_finite_targets", default=False)


def allowing_non_finite_targets(allowed):
    """Let targets be NaN or infinite in a ``with`` block, or not."""
    return setting(_non_finite_targets, allowed)


def check_finite(name, values):
    """Raise an error that names the first sample in which a value is not finite, unless targets may be so."""
    if not _non_finite_targets.get() and values.dtype.kind == "f" and not np.isfinite(values).all():
        wrong = np.flatnonzero(~np.isfinite(values).reshape(len(values), -1).all(1))[0]
        raise ValueError(f"{name} holds NaN or infinity, first in sample {wrong}; expected finite numbers")


def with_last_axis(targets, output_shape):
    """Return targets, with a new last axis if they lack the last axis of the output and its size is 1."""
    lacks = targets.ndim and targets.ndim == len(output_shape) - 1 and output_shape[-1] == 1
    return apply("reshape", targets, shape=(*targets.shape, 1)) if lacks else targets


def same_shape_targets(y_true, output_shape):
    """Return targets of the output's shape, after checking that they are finite."""
    targets = with_last_axis(real_array("y", y_true), output_shape)
    if targets.ndim < 1 or targets.shape[1:] != tuple(output_shape[1:]):
        hint = " (for class indices use 'sparse_categorical_crossentropy')" if targets.ndim == 1 else ""
        raise ValueError(f"y has shape {targets.shape}; expected (samples, ...) as the model's output {output_shape}{hint}")
    check_finite("y", targets)
    return targets


def class_indices(y_true, output_shape, limited=True, ignored=None):
    """Return class indices, shape (samples, ...), as int64, after checking that they fit an output (samples, ..., classes).

    With `limited` False, the output's last axis has no classes, and there may be any number of them; an index that is `ignored`
    may be any integer.
    """
    labels = _without_last_axis(real_array("y", y_true), output_shape, limited)
    _check_range(labels, output_shape[-1] if limited else math.inf, ignored)
    return labels.astype(np.int64)


def class_index_values(y_true, output_shape, limited=True, ignored=None):
    """Return class indices, a value, as `class_indices` returns those of an array; their range is checked in each run."""
    labels, classes = _without_last_axis(y_true, output_shape, limited), output_shape[-1] if limited else math.inf
    operations.Call(labels.graph, lambda array: _check_range(array, classes, ignored), [labels])
    return labels.cast(np.int64)


def _without_last_axis(labels, output_shape, limited):
    """Return class indices, an array or a value, without a last axis of size 1, after checking their shape."""
    expected = tuple(output_shape[1:-1])
    if tuple(labels.shape[1:]) == (*expected, 1):
        labels = labels[..., 0]
    if labels.ndim < 1 or tuple(labels.shape[1:]) != expected:
        axes = f"(samples,{''.join(f' {n},' for n in expected)}".removesuffix("," if expected else "") + ")"
        hint = (
            f"class indices for a model with output {tuple(output_shape)} (for one-hot targets use 'categorical_crossentropy')"
        )
        raise ValueError(f"y has shape {labels.shape}; expected {axes} {hint if limited else 'classes'}")
    return labels


def _check_range(labels, classes, ignored=None):
    """Raise an error unless an array holds indices of classes, or one that is ignored."""
    if ignored is not None:
        labels = labels[labels != ignored]
    if labels.dtype.kind == "f":
        check_finite("y", labels)
        if (wrong := labels != np.floor(labels)).any():
            raise ValueError(f"y holds {labels[wrong][0]!r}, which is not a class index; expected integers")
    if labels.size and (labels.min() < 0 or labels.max() >= classes):
        wrong = labels[(labels < 0) | (labels >= classes)][0]
        most = f" to {classes - 1} for {classes} classes" if classes < math.inf else " or more"
        raise ValueError(f"y holds the label {wrong}, out of range; expected 0{most}")


def one_hot(y_true, y_pred):
    """Return class indices as vectors of zeros and a one, of the shape and dtype of predictions (batch, ..., classes).

    Both are arrays or symbolic tensors; the indices may have a last axis of size 1.
    """
    if len(y_true.shape) == len(y_pred.shape):
        y_true = apply("getitem", y_true, key=(..., 0))
    return apply("one_hot", y_true, classes=y_pred.shape[-1], dtype=np.dtype(y_pred.dtype).name)


def probabilities(targets):
    """Return targets after checking that they lie between 0 and 1."""
    if targets.size and (targets.min() < 0 or targets.max() > 1):
        wrong = targets[(targets < 0) | (targets > 1)][0]
        raise ValueError(f"y holds {wrong!r}, out of range; expected 0 for no and 1 for yes, or probabilities between 0 and 1")
    return targets


def predictions(y_pred):
    """Return predictions as an array of float32 or float64; integers, and lists, which have no dtype, become float32."""
    array = real_array("y_pred", y_pred)
    known = isinstance(y_pred, (np.ndarray, np.generic)) and array.dtype.kind not in "iub"
    return float_array("y_pred", array if known else array.astype(np.float32))


def check_sample_weight(weights, shape, dtype):
    """Return sample weights as an array of a dtype, whose shape is (batch,), or consists of the first axes of `shape`.

    A single number applies to all samples. A last axis of size 1 is removed, since the values of losses do not have it.
    """
    weights = real_array("sample_weight", weights)
    if not weights.ndim:
        weights = np.broadcast_to(weights, shape[:1])
    if weights.ndim > 1 and weights.shape[-1] == 1:
        weights = weights[..., 0]
    if weights.shape != shape[: weights.ndim]:
        raise ValueError(f"sample_weight has shape {weights.shape}; expected ({shape[0]},), one for each sample")
    if not np.isfinite(weights).all():
        raise ValueError("sample_weight holds NaN or infinity; expected finite numbers")
    return np.ascontiguousarray(weights, dtype)


def with_axes_of(weights, values):
    """Return sample weights with axes of size 1 appended, so that they can be multiplied by values with more axes.

    Both are arrays or symbolic tensors.
    """
    shape = np.shape(weights)
    missing = max(len(values.shape) - len(shape), 0)
    return apply("reshape", weights, shape=(*shape, *(1,) * missing)) if missing else weights
