"""The loss of lines of text, whose images have different widths within a batch."""

import numpy as np

from .. import ops
from ..losses import Loss
from ..saving import register_keras_serializable


@register_keras_serializable("striate")
class LineLoss(Loss):
    """`striate.ops.ctc_loss` of lines; a target is the number of a line's columns, and the labels of its text, then zeros."""

    required_axes = ("batch", "columns", "classes")

    def prepare(self, y_true, output_shape, dtype):
        """Return the targets."""
        return np.asarray(y_true, np.int64)

    def call(self, y_true, y_pred):
        """Return a value for each line."""
        columns, labels = y_true[:, 0], y_true[:, 1:]
        return ops.ctc_loss(labels, y_pred, ops.sum(ops.not_equal(labels, 0), axis=-1), columns)


def columns_needed(labels):
    """Return the number of columns that lines have at least for CTC: one for each label, and one between equal neighbours."""
    return np.count_nonzero(labels, 1) + np.count_nonzero((labels[:, 1:] == labels[:, :-1]) & (labels[:, 1:] > 0), 1)
