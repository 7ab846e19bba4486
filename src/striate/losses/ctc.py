"""The loss of sequences of labels, for the recognition of text and speech."""

import numpy as np

from .._common.checks import real_array
from .._common.docstrings import documented
from ..engine.operators import apply
from .base import REDUCED, Loss
from .targets import check_finite

_BLANK = 0  # as in Keras


@documented(REDUCED)
class CTC(Loss):
    """Connectionist temporal classification [1]_, for sequences of labels of which only the order is known, not their places.

    It is the negative logarithm of the probability that the predictions are read as the labels.

    Notes
    -----
    Predictions are logits, shape (batch, steps, classes), of which class 0 is the blank. Targets, shape (batch, length), are
    labels from 1 on, followed by zeros where they are shorter. A sequence has at least as many steps as labels, and one more
    for each pair of equal neighbours; otherwise its loss is infinite. `striate.ops.ctc_loss` takes sequences of different
    lengths, and other blanks.

    References
    ----------
    .. [1] Graves, A. et al., "Connectionist temporal classification: labelling unsegmented sequence data with recurrent neural
       networks", ICML 2006, equation 8.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import losses
    >>> y_pred = np.log([[[0.6, 0.4], [0.9, 0.1]]])
    >>> round(float(np.exp(-losses.CTC()([[1]], y_pred))), 4)  # 0.4 * 0.9 + 0.6 * 0.1 + 0.4 * 0.1
    0.46
    """

    required_axes = ("batch", "steps", "classes")

    def __init__(self, reduction="sum_over_batch_size", name=None, dtype=None):
        super().__init__(name, reduction, dtype)

    def prepare(self, y_true, output_shape, dtype):
        """Return the labels as int64, shape (samples, length)."""
        labels = real_array("y", y_true)
        if len(output_shape) != 3:
            raise ValueError(f"the model's output has shape {tuple(output_shape)}; expected (batch, steps, classes) for CTC")
        if labels.ndim != 2:
            raise ValueError(f"y has shape {labels.shape}; expected (samples, length) labels, followed by zeros")
        check_finite("y", labels)
        classes = output_shape[-1]
        wrong = (labels < 0) | (labels >= classes) | (labels != np.floor(labels))
        if wrong.any():
            raise ValueError(
                f"y holds {labels[wrong][0]}, which is not a label; expected integers from 1 to {classes - 1} for {classes} "
                "classes, followed by zeros"
            )
        blank = labels == _BLANK
        if (late := (blank[:, :-1] & ~blank[:, 1:]).any(1)).any():
            raise ValueError(
                f"y holds a label after a zero, first in sample {np.flatnonzero(late)[0]}; expected zeros at the end alone, as "
                "they stand for no label"
            )
        return labels.astype(np.int64)

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        batch, steps, _ = y_pred.shape
        length = apply("sum", apply("not_equal", y_true, _BLANK), axis=-1)
        return apply("ctc_loss", y_pred, y_true, length, np.full(batch, steps), mask_index=_BLANK)
