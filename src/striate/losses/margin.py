"""Hinge losses: nothing is lost beyond a margin."""

from ..engine.operators import apply
from .base import Loss, SameShapeLoss, same_shape_targets


class _Margin(Loss):
    """What the losses with targets -1 and 1 share: 0 stands for -1, as in Keras."""

    def prepare(self, y_true, output_shape, dtype):
        """Return the targets, -1 and 1, in the model's dtype."""
        targets = same_shape_targets(y_true, output_shape)
        if ((targets == 0) | (targets == 1)).all():
            targets = 2 * targets.astype("int8") - 1
        return targets.astype(dtype)

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        return apply("mean", self.bent(apply("maximum", 1.0 - y_true * y_pred, 0.0)), axis=-1)

    def bent(self, lost):
        """Return what becomes of what is lost."""
        return lost


class Hinge(_Margin):
    """Mean of ``max(1 - y * prediction, 0)``.

    Notes
    -----
    Predictions and targets (batch, ...), targets -1 and 1, or 0 and 1; targets (batch,) serve for predictions (batch, 1).

    References
    ----------
    .. [1] Cortes, C. and Vapnik, V., "Support-vector networks", Machine Learning 20, 1995.
    """


class SquaredHinge(_Margin):
    """Mean of ``max(1 - y * prediction, 0)²``.

    Notes
    -----
    Predictions and targets (batch, ...), targets -1 and 1, or 0 and 1; targets (batch,) serve for predictions (batch, 1).
    """

    def bent(self, lost):
        """Return its square."""
        return apply("square", lost)


class CategoricalHinge(SameShapeLoss):
    """``max(1 + largest prediction of a wrong class - that of the right one, 0)`` (Crammer & Singer, JMLR 2, 2001).

    Notes
    -----
    Predictions and targets (batch, ..., classes), targets one-hot.
    """

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        right = apply("sum", y_true * y_pred, axis=-1)
        wrong = apply("max", (1.0 - y_true) * y_pred, axis=-1)
        return apply("maximum", 1.0 + wrong - right, 0.0)
