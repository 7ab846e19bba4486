"""Losses of boxes."""

from .. import ops
from .._common.docstrings import documented
from ..losses.base import REDUCED, SameShapeLoss
from ..saving import register_keras_serializable

#: Area below which a box counts as this large, so that nothing is divided by 0.
_LEAST = 1e-7


@register_keras_serializable("striate")
@documented(REDUCED)
class GIoULoss(SameShapeLoss):
    """One minus the generalized overlap of predicted and true boxes [1]_: 0 for equal boxes, almost 2 for those far apart.

    It is ``1 - I / U + (H - U) / H``, where I is the area that both share, U the area that they cover together, and H that of
    the smallest box around both. Boxes are (x_min, y_min, x_max, y_max); one that ends before it begins has the area 0.

    Notes
    -----
    Predictions and targets have shape (batch, ..., 4). The loss has a gradient even where boxes do not overlap: they are drawn
    towards each other. Where only some predictions have a target, those of the others get a `sample_weight` of 0; with the
    reduction "mean_with_sample_weight", the mean is then over those that have one.

    References
    ----------
    .. [1] Rezatofighi, H. et al., "Generalized intersection over union: a metric and a loss for bounding box regression",
       CVPR 2019, algorithm 2.

    Examples
    --------
    >>> from striate.detection import GIoULoss
    >>> y_true = [[0.0, 0.0, 2.0, 2.0], [0.0, 0.0, 2.0, 2.0]]
    >>> y_pred = [[1.0, 0.0, 3.0, 2.0], [6.0, 0.0, 8.0, 2.0]]
    >>> round(float(GIoULoss()(y_true, y_pred)), 4)
    1.0833
    >>> float(GIoULoss(reduction="mean_with_sample_weight")(y_true, y_pred, sample_weight=[0.0, 1.0]))
    1.5
    """

    required_axes = ("batch", "box")

    def call(self, y_true, y_pred):
        """Return a value for each box."""
        if y_pred.shape[-1] != 4:
            raise ValueError(f"y_pred has shape {tuple(y_pred.shape)}; expected (batch, ..., 4)")
        begin, end = y_true[..., :2], y_true[..., 2:]
        predicted_begin, predicted_end = y_pred[..., :2], y_pred[..., 2:]
        shared = _area(ops.maximum(begin, predicted_begin), ops.minimum(end, predicted_end))
        union = _area(begin, end) + _area(predicted_begin, predicted_end) - shared
        hull = _area(ops.minimum(begin, predicted_begin), ops.maximum(end, predicted_end))
        return 2.0 - shared / ops.maximum(union, _LEAST) - union / ops.maximum(hull, _LEAST)


def _area(begin, end):
    """Return the areas of boxes with two corners, 0 where the second does not lie behind the first."""
    size = ops.maximum(end - begin, 0.0)
    return size[..., 0] * size[..., 1]
