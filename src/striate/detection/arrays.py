"""Boxes, labels and scores as arguments: checked, and in one form."""

import numpy as np

from .._common.checks import real_array

#: Dtypes in which boxes stay as they are; others become float64.
_KEPT = (np.dtype(np.float32), np.dtype(np.float64))


def check_rows_of_four(name, value):
    """Return boxes, of any format, as an array (boxes, 4) of float32 or float64; an empty list stands for none."""
    array = real_array(name, value)
    array = array.astype(array.dtype.newbyteorder("=") if array.dtype.newbyteorder("=") in _KEPT else np.float64, copy=False)
    if array.shape == (0,):
        array = array.reshape(0, 4)
    if array.ndim != 2 or array.shape[1] != 4:
        raise ValueError(f"{name} has shape {array.shape}; expected (boxes, 4)")
    if not np.isfinite(array).all():
        wrong = int(np.flatnonzero(~np.isfinite(array).all(1))[0])
        raise ValueError(f"{name} holds NaN or infinity, first in box {wrong}; expected finite numbers")
    return array


def check_boxes(name, value):
    """Return boxes "xyxy" as an array (boxes, 4), after checking that none ends before it begins."""
    boxes = check_rows_of_four(name, value)
    if (wrong := (boxes[:, 2:] < boxes[:, :2]).any(1)).any():
        first = int(wrong.argmax())
        raise ValueError(
            f"{name} holds {boxes[first].tolist()} as box {first}, which ends before it begins; expected (x_min, y_min, x_max, "
            "y_max)"
        )
    return boxes


def check_scores(name, value, count):
    """Return finite scores, one for each of `count` boxes."""
    scores = real_array(name, value)
    scores = scores if scores.dtype in _KEPT else scores.astype(np.float64)
    if scores.shape != (count,):
        raise ValueError(f"{name} has shape {scores.shape}; expected ({count},), one for each box")
    if not np.isfinite(scores).all():
        raise ValueError(f"{name} holds NaN or infinity; expected finite numbers")
    return scores


def check_labels(name, value, count, classes=None):
    """Return labels, one for each of `count` boxes, as int64: indices of classes, below `classes` unless that is None."""
    labels = real_array(name, value)
    if labels.shape != (count,):
        raise ValueError(f"{name} has shape {labels.shape}; expected ({count},), one for each box")
    if labels.dtype.kind not in "iu" and labels.size:
        raise TypeError(f"{name} has dtype {labels.dtype}; expected integers, indices of classes")
    labels = labels.astype(np.int64)
    if labels.size and (labels.min() < 0 or (classes is not None and labels.max() >= classes)):
        wrong = labels[(labels < 0) | (labels >= (np.inf if classes is None else classes))][0]
        most = "" if classes is None else f" to {classes - 1}"
        raise ValueError(f"{name} holds the label {wrong}, out of range; expected indices of classes, 0{most or ' or more'}")
    return labels
