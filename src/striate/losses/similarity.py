"""Losses that compare vectors and distributions."""

from .._common.checks import axis_of, integer
from .._common.docstrings import documented
from ..activations import log_softmax
from ..engine.operators import apply
from .base import REDUCED, SameShapeLoss
from .crossentropy import EPSILON, with_logits


@documented(REDUCED)
class CosineSimilarity(SameShapeLoss):
    """Negative cosine of the angle between target and prediction: -1 where they point in the same direction.

    Parameters
    ----------
    axis : int
        Axis of the vectors.

    Notes
    -----
    Predictions and targets have shape (batch, ...). A vector of zeros counts as perpendicular to every vector.

    Examples
    --------
    >>> from striate import losses
    >>> y_true = [[0.0, 1.0], [1.0, 0.0]]
    >>> y_pred = [[0.0, 2.0], [0.0, 3.0]]
    >>> float(losses.CosineSimilarity()(y_true, y_pred))
    -0.5
    """

    def __init__(self, axis=-1, reduction="sum_over_batch_size", name=None, dtype=None):
        super().__init__(reduction, name, dtype)
        self.axis = integer("axis", axis)

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        axis = axis_of(self.axis, "y_pred", y_pred.shape)
        return -apply("sum", unit(y_true, axis) * unit(y_pred, axis), axis=axis)


def unit(x, axis):
    """Return vectors divided by their lengths; vectors of zeros stay as they are."""
    squares = apply("sum", apply("square", x), axis=axis, keepdims=True)
    return x * apply("rsqrt", apply("maximum", squares, 1e-12))


@documented(REDUCED)
class KLDivergence(SameShapeLoss):
    """Kullback-Leibler divergence of the predicted distribution from the target: ``sum(y * log(y / prediction))``.

    Notes
    -----
    Predictions and targets have shape (batch, ..., classes). Both are clipped to between 1e-7 and 1, as in Keras. If the last
    layer of a model is a softmax, its logits are used: probabilities are not clipped then, and classes whose target is 0 add
    nothing.

    References
    ----------
    .. [1] Kullback, S. and Leibler, R., "On information and sufficiency", Annals of Mathematical Statistics 22, 1951.

    Examples
    --------
    >>> from striate import losses
    >>> y_true = [[0.1, 0.7, 0.2], [1.0, 0.0, 0.0]]
    >>> y_pred = [[0.1, 0.7, 0.2], [0.8, 0.1, 0.1]]
    >>> round(float(losses.KLDivergence()(y_true, y_pred)), 3)
    0.112
    """

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        y_pred, from_logits = with_logits(y_pred, False, "softmax")
        y_true = apply("clip", y_true, 0.0 if from_logits else EPSILON, 1.0)
        log_p = log_softmax(y_pred) if from_logits else apply("log", apply("clip", y_pred, EPSILON, 1.0))
        return apply("sum", apply("weigh", y_true, apply("log", y_true)) - apply("weigh", y_true, log_p), axis=-1)


@documented(REDUCED)
class Poisson(SameShapeLoss):
    """Mean of ``prediction - y * log(prediction)``, for counts.

    Notes
    -----
    Predictions and targets have shape (batch, ...); predictions are above 0.

    Examples
    --------
    >>> from striate import losses
    >>> y_true = [[0.0, 1.0], [2.0, 4.0]]
    >>> y_pred = [[0.5, 1.0], [1.0, 2.0]]
    >>> round(float(losses.Poisson()(y_true, y_pred)), 3)
    0.432
    """

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        return apply("mean", y_pred - y_true * apply("log", y_pred + EPSILON), axis=-1)
