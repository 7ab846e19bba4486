"""Checks of targets, predictions and sample weights, before anything is computed."""

import math

import numpy as np

from .._common.checks import float_array, real_array
from ..engine.operators import apply


def check_finite(name, values):
    """Raise an error that names the first sample in which a value is not finite."""
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        wrong = np.flatnonzero(~np.isfinite(values).reshape(len(values), -1).all(1))[0]
        raise ValueError(f"{name} holds NaN or infinity, first in sample {wrong}; expected finite numbers")


def with_last_axis(targets, output_shape):
    """Return targets, with a new last axis if they lack the last axis of the output and its size is 1."""
    lacks = targets.ndim and targets.ndim == len(output_shape) - 1 and output_shape[-1] == 1
    return targets[..., np.newaxis] if lacks else targets


def same_shape_targets(y_true, output_shape):
    """Return targets of the output's shape, after checking that they are finite."""
    targets = with_last_axis(real_array("y", y_true), output_shape)
    if targets.ndim < 1 or targets.shape[1:] != tuple(output_shape[1:]):
        hint = " (for class indices use 'sparse_categorical_crossentropy')" if targets.ndim == 1 else ""
        raise ValueError(f"y has shape {targets.shape}; expected (samples, ...) as the model's output {output_shape}{hint}")
    check_finite("y", targets)
    return targets


def class_indices(y_true, output_shape, expectation, classes=math.inf):
    """Return class indices below `classes` as int64, shape (samples, ...), after checking them.

    `expectation` tells the error what targets of a wrong shape should be.
    """
    labels = real_array("y", y_true)
    expected = tuple(output_shape[1:-1])
    if labels.shape[1:] == (*expected, 1):
        labels = labels[..., 0]
    if labels.ndim < 1 or labels.shape[1:] != expected:
        raise ValueError(f"y has shape {labels.shape}; expected {expectation}")
    if labels.dtype.kind == "f":
        check_finite("y", labels)
        if (wrong := labels != np.floor(labels)).any():
            raise ValueError(f"y holds {labels[wrong][0]!r}, which is not a class index; expected integers")
    if labels.size and (labels.min() < 0 or labels.max() >= classes):
        wrong = labels[(labels < 0) | (labels >= classes)][0]
        most = f" to {classes - 1} for {classes} classes" if classes < math.inf else " or more"
        raise ValueError(f"y holds the label {wrong}, out of range; expected 0{most}")
    return labels.astype(np.int64)


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
