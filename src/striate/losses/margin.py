"""Hinge losses: nothing is lost beyond a margin."""

from .._common.docstrings import documented
from ..engine.operators import apply
from .base import REDUCED, SameShapeLoss

#: What docstrings share.
_MARGIN = f"""{REDUCED}
    Notes
    -----
    Predictions and targets (batch, ...), targets -1 and 1, or 0 and 1; targets (batch,) serve for predictions (batch, 1).
    """


class _Margin(SameShapeLoss):
    """The base class of losses with targets -1 and 1; 0 means -1, as in Keras."""

    def adapt(self, y_true):
        """Return targets -1 and 1."""
        no_or_yes = apply("min", apply("logical_or", apply("equal", y_true, 0), apply("equal", y_true, 1)))
        return apply("where", no_or_yes, 2.0 * y_true - 1.0, y_true)

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        return apply("mean", self.bent(apply("maximum", 1.0 - y_true * y_pred, 0.0)), axis=-1)

    def bent(self, lost):
        """Return a function of the hinge."""
        return lost


@documented(_MARGIN)
class Hinge(_Margin):
    """Mean of ``max(1 - y * prediction, 0)``.

    References
    ----------
    .. [1] Cortes, C. and Vapnik, V., "Support-vector networks", Machine Learning 20, 1995.
    """


@documented(_MARGIN)
class SquaredHinge(_Margin):
    """Mean of ``max(1 - y * prediction, 0)²``."""

    def bent(self, lost):
        """Return its square."""
        return apply("square", lost)


@documented(REDUCED)
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
