"""Cross-entropies, for classification.

If a model ends in a softmax or sigmoid, they are computed from its logits, so that there is a gradient even where float32
rounds a probability to 0 or 1.
"""

import warnings

from .._common.checks import axis_of, boolean, integer, number, real_array
from .._common.docstrings import documented
from ..activations import log_softmax, softplus
from ..engine import Value, operations
from ..engine.operators import apply
from .base import REDUCED, Loss, SameShapeLoss
from .targets import class_index_values, class_indices, one_hot, probabilities

#: Lower bound that probabilities, and complements of probabilities, are clipped to before a logarithm, as in Keras.
EPSILON = 1e-7

#: Docstring sections that cross-entropies share.
_LOGITS = """
    Parameters
    ----------
    from_logits : bool
        Whether predictions are logits, to which a softmax is applied; otherwise they are divided by their sum, and the
        resulting probabilities are clipped to at least 1e-7, as in Keras. If the last layer of a model is a softmax, its logits
        are used in either case.
    reduction, name, dtype
        See `Loss`.
    """
SMOOTHED = """
    Parameters
    ----------
    label_smoothing : float
        Fraction of each target distribution that is spread evenly over all classes, from 0 to 1.
    axis : int
        Axis of the classes.
    reduction, name, dtype
        See `Loss`.

    Notes
    -----
    Predictions and targets have shape (batch, ..., classes).
    """
SMOOTHED_BINARY = """
    Parameters
    ----------
    label_smoothing : float
        Fraction of the way that targets are moved towards one half, from 0 to 1.
    axis : int
        Axis along which the mean of a sample's elements is taken.
    reduction, name, dtype
        See `Loss`.

    Notes
    -----
    Predictions and targets have shape (batch, ...); for predictions of shape (batch, 1), targets may have shape (batch,).
    Targets lie between 0 and 1.
    """


@documented(_LOGITS)
class SparseCategoricalCrossentropy(Loss):
    """Cross-entropy with class indices as targets: ``-log p[class]``.

    Parameters
    ----------
    ignore_class : int, optional
        A class that stands for no class, such as 255 for pixels that nobody has labelled: where it is the target, the value is
        0, and the mean is that of the other values.
    axis : int
        Axis of the classes.

    Notes
    -----
    Predictions have shape (batch, ..., classes). Targets, of shape (batch, ...) or (batch, ..., 1), are integers, or floats
    with integral values.

    Examples
    --------
    >>> from striate import losses
    >>> y_true = [1, 0]
    >>> y_pred = [[0.1, 0.7, 0.2], [0.8, 0.1, 0.1]]
    >>> round(float(losses.SparseCategoricalCrossentropy()(y_true, y_pred)), 3)
    0.29
    """

    required_axes = ("batch", "classes")
    takes_classes = True

    def __init__(self, from_logits=False, ignore_class=None, reduction="sum_over_batch_size", axis=-1, name=None, dtype=None):
        super().__init__(name, reduction, dtype)
        self.from_logits = boolean("from_logits", from_logits)
        self.ignore_class = None if ignore_class is None else integer("ignore_class", ignore_class)
        self.axis = integer("axis", axis)

    def prepare(self, y_true, output_shape, dtype):
        """Return the class indices as int64, shape (samples, ...)."""
        labels, shape = self._with_classes_last(real_array("y", y_true), tuple(output_shape))
        return class_indices(labels, shape, ignored=self.ignore_class)

    def fitted(self, y_true, y_pred):
        """Return the class indices, a value, as int64; each run checks them."""
        labels, shape = self._with_classes_last(y_true, y_pred.shape)
        return class_index_values(labels, shape, ignored=self.ignore_class)

    def _with_classes_last(self, labels, shape):
        """Return labels without the axis of the classes, if its size is 1, and the predictions' shape with that axis last."""
        axis = class_axis(self.axis, shape)
        if axis < len(shape) - 1 and len(labels.shape) == len(shape) and labels.shape[axis] == 1:
            labels = apply("squeeze", labels, axis=axis)
        return labels, (*shape[:axis], *shape[axis + 1 :], shape[axis])

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        y_pred = classes_last(self.axis, y_pred)
        if self.ignore_class is None:
            return entropy(one_hot(y_true, y_pred), y_pred, self.from_logits)
        counted = self.counted(y_true, None)
        values = entropy(one_hot(apply("where", counted, y_true, 0), y_pred), y_pred, self.from_logits)
        return apply("where", counted, values, 0.0)

    def counted(self, y_true, values):
        """Return which targets are classes."""
        return None if self.ignore_class is None else apply("not_equal", y_true, self.ignore_class)

    def fused(self, y_true, y_pred, weight, sample_weight):
        """Return the operation with a kernel for this loss, or None where there is a class to ignore or another axis."""
        if self.ignore_class is not None or not is_last(self.axis, y_pred):
            return None
        y_pred, from_logits = with_logits(y_pred, self.from_logits, "softmax")
        return operations.SparseCrossentropy(y_true, y_pred, weight, sample_weight, from_logits=from_logits)


class SmoothedLoss(SameShapeLoss):
    """A loss whose targets are probabilities, which label smoothing may spread over the classes."""

    classes = None  # number of classes that label smoothing spreads targets over; None for the size of the axis

    def __init__(self, from_logits=False, label_smoothing=0.0, axis=-1, reduction="sum_over_batch_size", name=None, dtype=None):
        super().__init__(reduction, name, dtype)
        self.from_logits = boolean("from_logits", from_logits)
        self.label_smoothing = number("label_smoothing", label_smoothing, 0, 1)
        self.axis = integer("axis", axis)

    def prepare(self, y_true, output_shape, dtype):
        """Return the targets in the model's dtype."""
        if self.classes is None and output_shape[class_axis(self.axis, output_shape)] == 1:
            warnings.warn(
                f"{type(self).__name__} of an output of shape {tuple(output_shape)}, which has a single class, is 0; expected "
                "several classes, or BinaryCrossentropy for two of them",
                SyntaxWarning,
                stacklevel=2,
            )
        return super().prepare(y_true, output_shape, dtype)

    def check(self, targets):
        """Return targets after checking that they are probabilities."""
        return probabilities(targets)

    def adapt(self, y_true):
        """Return smoothed targets."""
        smoothing, classes = self.label_smoothing, self.classes or y_true.shape[self.axis]
        return y_true * (1 - smoothing) + smoothing / classes if smoothing else y_true


@documented(_LOGITS, SMOOTHED)
class CategoricalCrossentropy(SmoothedLoss):
    """Cross-entropy with a distribution over the classes, such as a one-hot vector, as target: ``-sum(y log p)``.

    Parameters
    ----------
    label_smoothing : float
        Fraction of each target distribution that is spread evenly over all classes, from 0 to 1 [1]_.

    References
    ----------
    .. [1] Szegedy, C. et al., "Rethinking the Inception architecture for computer vision", CVPR 2016, section 7.

    Examples
    --------
    >>> from striate import losses
    >>> y_true = [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    >>> y_pred = [[0.1, 0.7, 0.2], [0.8, 0.1, 0.1]]
    >>> round(float(losses.CategoricalCrossentropy()(y_true, y_pred)), 3)
    0.29
    >>> round(float(losses.CategoricalCrossentropy(label_smoothing=0.1)(y_true, y_pred)), 3)
    0.413
    """

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        return entropy(classes_last(self.axis, y_true), classes_last(self.axis, y_pred), self.from_logits)

    def fused(self, y_true, y_pred, weight, sample_weight):
        """Return the operation with a kernel for this loss, or None where the classes are along another axis than the last."""
        if not is_last(self.axis, y_pred):
            return None
        y_pred, from_logits = with_logits(y_pred, self.from_logits, "softmax")
        return operations.Crossentropy(y_true, y_pred, weight, sample_weight, from_logits=from_logits)


@documented(SMOOTHED_BINARY)
class BinaryCrossentropy(SmoothedLoss):
    """Cross-entropy of binary targets: the mean of ``-(y log p + (1 - y) log(1 - p))`` over all elements.

    Parameters
    ----------
    from_logits : bool
        Whether predictions are logits, to which a sigmoid is applied; otherwise they are probabilities, which are clipped to
        between 1e-7 and 1 - 1e-7, as in Keras. If the last layer of a model is a sigmoid, its logits are used in either case.

    Examples
    --------
    >>> from striate import losses
    >>> y_true = [[1.0], [0.0]]
    >>> y_pred = [[0.9], [0.4]]
    >>> round(float(losses.BinaryCrossentropy()(y_true, y_pred)), 3)
    0.308
    """

    classes = 2

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        return apply("mean", binary_entropy(y_true, y_pred, self.from_logits), axis=class_axis(self.axis, y_pred.shape))

    def fused(self, y_true, y_pred, weight, sample_weight):
        """Return the operation with a kernel for this loss, or None where values are means along another axis than the last."""
        if not is_last(self.axis, y_pred):
            return None
        y_pred, from_logits = with_logits(y_pred, self.from_logits, "sigmoid")
        return operations.BinaryCrossentropy(y_true, y_pred, weight, sample_weight, from_logits=from_logits)


@documented(REDUCED)
class CategoricalGeneralizedCrossEntropy(Loss):
    """``(1 - p[class]^q) / q``, with class indices as targets, some of which may be wrong [1]_.

    Parameters
    ----------
    q : float
        Between 0, near which it is the cross-entropy, and 1, near which it is the absolute error.

    Notes
    -----
    Predictions are probabilities, shape (batch, ..., classes). Targets have shape (batch, ...) or (batch, ..., 1).

    References
    ----------
    .. [1] Zhang, Z. and Sabuncu, M. R., "Generalized cross entropy loss for training deep neural networks with noisy labels",
       NeurIPS 2018, equation 6.

    Examples
    --------
    >>> from striate import losses
    >>> y_pred = [[0.1, 0.7, 0.2], [0.8, 0.1, 0.1]]
    >>> round(float(losses.CategoricalGeneralizedCrossEntropy()([1, 0], y_pred)), 3)
    0.269
    """

    required_axes = ("batch", "classes")
    takes_classes = True

    def __init__(self, q=0.5, reduction="sum_over_batch_size", name=None, dtype=None):
        super().__init__(name, reduction, dtype)
        self.q = number("q", q, 0, 1, open_minimum=True, open_maximum=True)

    def prepare(self, y_true, output_shape, dtype):
        """Return the class indices as int64, shape (samples, ...)."""
        return class_indices(y_true, output_shape)

    def fitted(self, y_true, y_pred):
        """Return the class indices, a value, as int64; each run checks them."""
        return class_index_values(y_true, y_pred.shape)

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        p = apply("sum", apply("weigh", one_hot(y_true, y_pred), y_pred), axis=-1)
        return (1.0 - apply("power", p, self.q)) / self.q


def binary_entropy(y_true, y_pred, from_logits):
    """Return ``-(y log p + (1 - y) log(1 - p))`` of each element."""
    y_pred, from_logits = with_logits(y_pred, from_logits, "sigmoid")
    if from_logits:  # The negative logarithm of sigmoid(x) is softplus(-x).
        return apply("weigh", y_true, softplus(-y_pred)) + apply("weigh", 1.0 - y_true, softplus(y_pred))
    p = apply("clip", y_pred, EPSILON, 1 - EPSILON)
    return -(y_true * apply("log", p) + (1.0 - y_true) * apply("log1p", -p))


def entropy(y_true, y_pred, from_logits):
    """Return ``-sum(y log p)`` along the last axis."""
    y_pred, from_logits = with_logits(y_pred, from_logits, "softmax")
    if from_logits:
        log_p = log_softmax(y_pred)
    else:
        log_p = apply("log", apply("maximum", y_pred / apply("sum", y_pred, axis=-1, keepdims=True), EPSILON))
    return -apply("sum", apply("weigh", y_true, log_p), axis=-1)


def class_axis(axis, shape):
    """Return the axis of the classes in predictions of a shape as a non-negative index; it is not that of the samples."""
    index = axis_of(axis, "y_pred", shape)
    if index == 0 and len(shape) > 1:
        raise ValueError(f"axis={axis} is that of the samples of y_pred, shape {tuple(shape)}; expected another axis")
    return index


def is_last(axis, y_pred):
    """Return whether an axis is the last one of predictions."""
    return class_axis(axis, y_pred.shape) == len(y_pred.shape) - 1


def classes_last(axis, x):
    """Return an array or value whose classes, along an axis, are along the last one."""
    if is_last(axis, x):
        return x
    axes, axis = list(range(len(x.shape))), class_axis(axis, x.shape)
    return apply("transpose", x, axes=(*axes[:axis], *axes[axis + 1 :], axis))


def with_logits(y_pred, from_logits, activation):
    """Return the logits, and True, if an activation in the same graph computed the predictions; otherwise the arguments.

    Parameters
    ----------
    y_pred : Value or ndarray
        Predictions.
    from_logits : bool
        Whether the predictions are logits already.
    activation : {"sigmoid", "softmax"}
        Name of the activation.
    """
    logits = None if from_logits else _logits_of(y_pred, activation)
    return (y_pred, from_logits) if logits is None else (logits, True)


def _logits_of(y_pred, activation):
    """Return the input of the activation that computed predictions, possibly reshaped since; None for other predictions."""
    producer = y_pred.producer if isinstance(y_pred, Value) else None
    if isinstance(producer, operations.ActivationFunction) and producer.name == activation:
        return producer.inputs.x
    if isinstance(producer, operations.Reshape) and producer.inputs.x.shape[-1:] == y_pred.shape[-1:]:
        logits = _logits_of(producer.inputs.x, activation)
        return None if logits is None else operations.Reshape(logits, y_pred.shape).y
    return None
