"""Checks of targets and of the weights of samples, which come before anything is computed, and the shape of those weights."""

import numpy as np

from .._common.checks import float_array, real_array
from ..engine.operators import apply


def refuse_nan(name, values):
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        wrong = np.flatnonzero(~np.isfinite(values).reshape(len(values), -1).all(1))[0]
        raise ValueError(f"{name} holds NaN or infinity, first in sample {wrong}; expected finite numbers")


def same_shape(targets, output_shape):
    if targets.ndim and targets.ndim == len(output_shape) - 1 and output_shape[-1] == 1:
        targets = targets[..., np.newaxis]
    if targets.ndim < 1 or targets.shape[1:] != tuple(output_shape[1:]):
        hint = " (for class indices use 'sparse_categorical_crossentropy')" if targets.ndim == 1 else ""
        raise ValueError(f"y has shape {targets.shape}; expected (samples, ...) as the model's output {output_shape}{hint}")
    return targets


def same_shape_targets(y_true, output_shape):
    """Return finite targets of the output's shape."""
    targets = same_shape(real_array("y", y_true), output_shape)
    refuse_nan("y", targets)
    return targets


def probabilities(targets):
    """Return targets, which must lie between 0 and 1."""
    if targets.size and (targets.min() < 0 or targets.max() > 1):
        wrong = targets[(targets < 0) | (targets > 1)][0]
        raise ValueError(f"y holds {wrong!r}, out of range; expected 0 for no and 1 for yes, or probabilities between 0 and 1")
    return targets


def predictions(y_pred):
    """Return predictions as an array of float32 or float64; integers, and what has no dtype of its own, become float32."""
    array = real_array("y_pred", y_pred)
    known = isinstance(y_pred, (np.ndarray, np.generic)) and array.dtype.kind not in "iub"
    return float_array("y_pred", array if known else array.astype(np.float32))


def check_sample_weight(weights, shape, dtype):
    """Return weights of samples, a number or (batch,) or the first axes of `shape`, as an array of a dtype.

    A last axis of size 1 is left out: the values of losses have none.
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
    """Return weights of samples, or of places, under a shape that multiplies values of more axes.

    Both are arrays or symbolic tensors.
    """
    shape = np.shape(weights)
    more = max(len(values.shape) - len(shape), 0)
    return apply("reshape", weights, shape=(*shape, *(1,) * more)) if more else weights
