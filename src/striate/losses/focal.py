"""Focal losses: cross-entropies with lower weights for well-predicted targets."""

from .._common.checks import boolean, number
from .._common.docstrings import documented
from ..activations import log_softmax, sigmoid
from ..engine import operations
from ..engine.operators import apply
from .crossentropy import (
    EPSILON,
    SMOOTHED,
    SMOOTHED_BINARY,
    SmoothedLoss,
    binary_entropy,
    class_axis,
    classes_last,
    is_last,
    with_logits,
)

_LEAST = 1e-30  # minimum of 1 - p: at 0, the gradient of a power of it may be infinite

#: Docstring sections that focal losses share.
_FOCAL = """
    Parameters
    ----------
    gamma : float
        Focusing parameter, at least 0: the larger it is, the lower are the weights of well-predicted targets.

    References
    ----------
    .. [1] Lin, T.-Y. et al., "Focal loss for dense object detection", ICCV 2017, equations 4 and 5.
    """


@documented(SMOOTHED_BINARY, _FOCAL)
class BinaryFocalCrossentropy(SmoothedLoss):
    """Binary cross-entropy times ``(1 - p)^gamma``, where p is the predicted probability of the target [1]_.

    Parameters
    ----------
    apply_class_balancing : bool
        Whether positive targets are weighted by `alpha`, and negative ones by ``1 - alpha``.
    alpha : float
        Weight of positive targets if `apply_class_balancing`, from 0 to 1.
    from_logits : bool
        Whether predictions are logits, to which a sigmoid is applied.

    Examples
    --------
    >>> from striate import losses
    >>> y_true = [[1.0], [0.0]]
    >>> y_pred = [[0.9], [0.4]]
    >>> round(float(losses.BinaryFocalCrossentropy(gamma=2.0)(y_true, y_pred)), 3)
    0.041
    """

    classes = 2

    def __init__(
        self,
        apply_class_balancing=False,
        alpha=0.25,
        gamma=2.0,
        from_logits=False,
        label_smoothing=0.0,
        axis=-1,
        reduction="sum_over_batch_size",
        name=None,
        dtype=None,
    ):
        super().__init__(from_logits, label_smoothing, axis, reduction, name, dtype)
        self.apply_class_balancing = boolean("apply_class_balancing", apply_class_balancing)
        self.alpha = number("alpha", alpha, 0, 1)
        self.gamma = number("gamma", gamma, 0)

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        p = sigmoid(y_pred) if self.from_logits else y_pred
        right = y_true * p + (1.0 - y_true) * (1.0 - p)
        values = binary_entropy(y_true, y_pred, self.from_logits) * _focus(right, self.gamma)
        if self.apply_class_balancing:
            values = values * (y_true * self.alpha + (1.0 - y_true) * (1 - self.alpha))
        return apply("mean", values, axis=class_axis(self.axis, y_pred.shape))

    def fused(self, y_true, y_pred, weight, sample_weight):
        """Return the operation with a kernel for this loss, or None where values are means along another axis than the last."""
        if not is_last(self.axis, y_pred):
            return None
        y_pred, from_logits = with_logits(y_pred, self.from_logits, "sigmoid")
        balance = {"positive_weight": self.alpha, "negative_weight": 1 - self.alpha} if self.apply_class_balancing else {}
        focus = {"gamma": self.gamma, **balance}
        return operations.BinaryCrossentropy(y_true, y_pred, weight, sample_weight, from_logits=from_logits, **focus)


@documented(SMOOTHED, _FOCAL)
class CategoricalFocalCrossentropy(SmoothedLoss):
    """Categorical cross-entropy, with the term of each class multiplied by ``alpha (1 - p)^gamma`` [1]_.

    Parameters
    ----------
    alpha : float or sequence of floats, one for each class
        Weights of the classes.
    from_logits : bool
        Whether predictions are logits, to which a softmax is applied.

    Examples
    --------
    >>> from striate import losses
    >>> y_true = [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    >>> y_pred = [[0.1, 0.7, 0.2], [0.8, 0.1, 0.1]]
    >>> round(float(losses.CategoricalFocalCrossentropy()(y_true, y_pred)), 4)
    0.0051
    """

    def __init__(
        self,
        alpha=0.25,
        gamma=2.0,
        from_logits=False,
        label_smoothing=0.0,
        axis=-1,
        reduction="sum_over_batch_size",
        name=None,
        dtype=None,
    ):
        super().__init__(from_logits, label_smoothing, axis, reduction, name, dtype)
        several = isinstance(alpha, (list, tuple))
        self.alpha = [number(f"alpha[{i}]", each, 0) for i, each in enumerate(alpha)] if several else number("alpha", alpha, 0)
        self.gamma = number("gamma", gamma, 0)

    def check(self, targets):
        """Return targets after checking that they are probabilities, of as many classes as `alpha` has weights."""
        if isinstance(self.alpha, list) and len(self.alpha) != targets.shape[self.axis]:
            raise ValueError(
                f"alpha={self.alpha} has {len(self.alpha)} elements; expected {targets.shape[self.axis]}, one for each class"
            )
        return super().check(targets)

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        y_true, y_pred = classes_last(self.axis, y_true), classes_last(self.axis, y_pred)
        y_pred, from_logits = with_logits(y_pred, self.from_logits, "softmax")
        if from_logits:
            log_p = log_softmax(y_pred)
            p = apply("exp", log_p)
        else:
            p = apply("clip", y_pred / apply("sum", y_pred, axis=-1, keepdims=True), EPSILON, 1 - EPSILON)
            log_p = apply("log", p)
        factors = _focus(p, self.gamma) * self.alpha
        return apply("sum", -apply("weigh", y_true, log_p) * factors, axis=-1)


def _focus(p, gamma):
    """Return ``(1 - p)^gamma``, with a finite gradient at p = 1."""
    return apply("power", apply("maximum", 1.0 - p, _LEAST), gamma)
