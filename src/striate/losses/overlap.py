"""Losses of overlap, for segmentation: how little of what is predicted and of what is there is the same."""

from .._common.checks import axes, axes_of, number, real_array
from .._common.docstrings import documented
from ..engine.operators import apply
from .base import REDUCED, SameShapeLoss
from .crossentropy import EPSILON
from .targets import class_index_values, class_indices, one_hot, probabilities


class _Overlap(SameShapeLoss):
    """Base class of losses that are computed from sums along axes; a subclass defines `_of_masks`."""

    def __init__(self, reduction="sum_over_batch_size", name=None, axis=None, dtype=None):
        super().__init__(reduction, name, dtype)
        self.axis = None if axis is None else axes("axis", axis)

    def check(self, targets):
        """Return targets after checking that they are masks."""
        return probabilities(targets)

    def prepare(self, y_true, output_shape, dtype):
        """Return masks of the output's shape in the model's dtype, or class indices as int64."""
        targets = real_array("y", y_true)
        if _are_indices(targets, output_shape):
            return class_indices(targets, output_shape)
        return super().prepare(targets, output_shape, dtype)

    def fitted(self, y_true, y_pred):
        """Return masks, a value, in the predictions' shape and dtype, or class indices as int64."""
        if _are_indices(y_true, y_pred.shape):
            return class_index_values(y_true, y_pred.shape)
        return super().fitted(y_true, y_pred)

    def call(self, y_true, y_pred):
        """Return a value for each sample, or a single one if the sums are along all axes."""
        if y_true.shape != y_pred.shape:
            y_true = one_hot(y_true, y_pred)
        return self._of_masks(y_true, y_pred)

    def _of_masks(self, y_true, y_pred):
        """Return the values for targets of the predictions' shape."""
        raise NotImplementedError

    def _sums(self, *arrays):
        """Return the sums of arrays along the axes."""
        axis = None if self.axis is None else axes_of(self.axis, "y_pred", arrays[0].shape)
        return [apply("sum", each, axis=axis) for each in arrays]


def _are_indices(targets, output_shape):
    """Return whether targets, an array or a value, are class indices for an output of several classes."""
    several = len(output_shape) > 1 and output_shape[-1] != 1
    return several and tuple(targets.shape[1:]) in (tuple(output_shape[1:-1]), (*output_shape[1:-1], 1))


#: Docstring sections that losses of overlap share.
_SUMS = f"""{REDUCED.rstrip()}
    axis : int or sequence of int, optional
        Axes of the sums; None for all axes, including the batch, as in Keras.

    Notes
    -----
    Predictions have shape (batch, ...). Targets have the same shape, and are 0, 1 or between; where predictions have a last
    axis of several classes, targets may also be class indices without that axis.
    """


@documented(_SUMS)
class Dice(_Overlap):
    """One minus the Dice coefficient of targets and predictions, ``2 sum(y * p) / (sum(y) + sum(p))`` [1]_, for segmentation.

    References
    ----------
    .. [1] Milletari, F. et al., "V-Net: fully convolutional neural networks for volumetric medical image segmentation", 3DV,
       2016.

    Examples
    --------
    >>> from striate import losses
    >>> y_true = [[1.0, 1.0, 0.0, 0.0]]
    >>> y_pred = [[1.0, 0.0, 1.0, 0.0]]
    >>> round(float(losses.Dice()(y_true, y_pred)), 3)
    0.5
    """

    def _of_masks(self, y_true, y_pred):
        intersection, targets, predictions = self._sums(y_true * y_pred, y_true, y_pred)
        return 1.0 - 2.0 * intersection / (targets + predictions + EPSILON)


@documented(_SUMS)
class Jaccard(_Overlap):
    """One minus the Jaccard index, or intersection over union (IoU), ``sum(y * p) / (sum(y) + sum(p) - sum(y * p))`` [1]_.

    References
    ----------
    .. [1] Rahman, M. and Wang, Y., "Optimizing intersection-over-union in deep neural networks for image segmentation", ISVC,
       2016, equation 3.

    Examples
    --------
    >>> from striate import losses
    >>> y_true = [[1.0, 1.0, 0.0, 0.0]]
    >>> y_pred = [[1.0, 0.0, 1.0, 0.0]]
    >>> round(float(losses.Jaccard()(y_true, y_pred)), 3)
    0.667
    """

    def _of_masks(self, y_true, y_pred):
        intersection, targets, predictions = self._sums(y_true * y_pred, y_true, y_pred)
        return 1.0 - intersection / (targets + predictions - intersection + EPSILON)


@documented(_SUMS)
class Tversky(_Overlap):
    """One minus the Tversky index ``sum(y * p) / (sum(y * p) + alpha * sum((1 - y) * p) + beta * sum(y * (1 - p)))`` [1]_.

    With 0.5 for both weights, the loss is `Dice`, and with 1, it is `Jaccard`.

    Parameters
    ----------
    alpha : float
        Weight of false positives.
    beta : float
        Weight of false negatives.

    References
    ----------
    .. [1] Salehi, S. et al., "Tversky loss function for image segmentation using 3D fully convolutional deep networks", MLMI,
       2017, equation 4.

    Examples
    --------
    >>> from striate import losses
    >>> y_true = [[1.0, 1.0, 0.0, 0.0]]
    >>> y_pred = [[1.0, 0.0, 1.0, 0.0]]
    >>> round(float(losses.Tversky(alpha=0.3, beta=0.7)(y_true, y_pred)), 3)
    0.5
    """

    def __init__(self, alpha=0.5, beta=0.5, reduction="sum_over_batch_size", name=None, axis=None, dtype=None):
        super().__init__(reduction, name, axis, dtype)
        self.alpha = number("alpha", alpha, 0)
        self.beta = number("beta", beta, 0)

    def _of_masks(self, y_true, y_pred):
        true_positives, false_positives, false_negatives = self._sums(
            y_true * y_pred, (1.0 - y_true) * y_pred, y_true * (1.0 - y_pred)
        )
        weighted = true_positives + false_positives * self.alpha + false_negatives * self.beta
        return 1.0 - true_positives / (weighted + EPSILON)
