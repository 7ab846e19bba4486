"""Hinge losses, which are 0 beyond a margin."""

from .._common.docstrings import documented
from ..engine.operators import apply
from .base import REDUCED, SameShapeLoss

#: Docstring sections that hinge losses share.
_MARGIN = f"""{REDUCED}
    Notes
    -----
    Predictions and targets have shape (batch, ...); for predictions of shape (batch, 1), targets may have shape (batch,).
    Targets are -1 and 1, or 0 and 1.
    """


class _HingeLoss(SameShapeLoss):
    """Base class of losses with targets -1 and 1; targets 0 and 1 are converted, as in Keras."""

    def adapt(self, y_true):
        """Return targets -1 and 1."""
        zeros_and_ones = apply("min", apply("logical_or", apply("equal", y_true, 0), apply("equal", y_true, 1)))
        return apply("where", zeros_and_ones, 2.0 * y_true - 1.0, y_true)

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        return apply("mean", self.of_hinge(apply("maximum", 1.0 - y_true * y_pred, 0.0)), axis=-1)

    def of_hinge(self, hinge):
        """Return the value of an element with a hinge."""
        return hinge


@documented(_MARGIN)
class Hinge(_HingeLoss):
    """Mean of ``max(1 - y * prediction, 0)``.

    References
    ----------
    .. [1] Cortes, C. and Vapnik, V., "Support-vector networks", Machine Learning 20, 1995.

    Examples
    --------
    >>> from striate import losses
    >>> y_true = [[1.0], [-1.0]]
    >>> y_pred = [[0.5], [0.5]]
    >>> float(losses.Hinge()(y_true, y_pred))
    1.0
    """


@documented(_MARGIN)
class SquaredHinge(_HingeLoss):
    """Mean of ``max(1 - y * prediction, 0)²``.

    Examples
    --------
    >>> from striate import losses
    >>> y_true = [[1.0], [-1.0]]
    >>> y_pred = [[0.5], [0.5]]
    >>> float(losses.SquaredHinge()(y_true, y_pred))
    1.25
    """

    def of_hinge(self, hinge):
        """Return the square of the hinge."""
        return apply("square", hinge)


@documented(REDUCED)
class CategoricalHinge(SameShapeLoss):
    """``max(1 + largest prediction of a wrong class - prediction of the right class, 0)`` [1]_.

    The largest prediction of a wrong class counts as at least 0, as in Keras.

    Notes
    -----
    Predictions and targets have shape (batch, ..., classes); targets are one-hot vectors.

    References
    ----------
    .. [1] Crammer, K. and Singer, Y., "On the algorithmic implementation of multiclass kernel-based vector machines", JMLR 2,
       2001.

    Examples
    --------
    >>> from striate import losses
    >>> y_true = [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    >>> y_pred = [[0.1, 0.7, 0.2], [0.8, 0.1, 0.1]]
    >>> round(float(losses.CategoricalHinge()(y_true, y_pred)), 3)
    0.4
    """

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        right = apply("sum", y_true * y_pred, axis=-1)
        wrong = apply("max", (1.0 - y_true) * y_pred, axis=-1)
        return apply("maximum", 1.0 + wrong - right, 0.0)
