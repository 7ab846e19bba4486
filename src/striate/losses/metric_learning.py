"""Losses of metric learning: embeddings of one class come together, those of different classes go apart.

All but one compare the embeddings of a batch with each other, so a batch needs several samples of a class, and of several
classes. Targets are classes, of any number; embeddings are mostly the output of a `UnitNormalization`.
"""

import math

import numpy as np

from .._common.checks import boolean, choice, number
from .._common.docstrings import documented
from ..activations import softplus
from ..engine.operators import apply
from .base import REDUCED, Loss
from .crossentropy import SparseCategoricalCrossentropy, entropy
from .function import arguments_of_call
from .similarity import unit
from .targets import class_index_values, class_indices, one_hot

#: Smallest square of a distance, or of a sine, whose root is taken: the gradient of the root is infinite at 0.
_LEAST = 1e-12

#: More than any distance, for pairs that do not count.
_FAR = 1e30

#: How far apart two embeddings are, with TensorFlow Addons' names.
_METRICS = ("L2", "squared-L2", "angular")

#: Docstring sections that these losses share.
_EMBEDDINGS = f"""{REDUCED.rstrip()}

    Notes
    -----
    Predictions are embeddings (batch, features), and targets classes (batch,) or (batch, 1), integers of at least 0.
    """
_TRIPLETS = """
    Parameters
    ----------
    distance_metric : {"L2", "squared-L2", "angular"}
        How far apart two embeddings are: the length of their difference, its square, or one minus the cosine of their angle.
    """


class _EmbeddingLoss(Loss):
    """Base class of losses of embeddings, whose targets are classes of any number."""

    required_axes = ("batch", "features")
    takes_classes = True

    def prepare(self, y_true, output_shape, dtype):
        """Return the classes as int64, shape (samples,)."""
        if len(output_shape) != 2:
            raise ValueError(f"y_pred has shape {tuple(output_shape)}; expected embeddings (batch, features)")
        return class_indices(y_true, output_shape, limited=False)

    def fitted(self, y_true, y_pred):
        """Return the classes, a value, as int64."""
        return class_index_values(y_true, y_pred.shape, limited=False)


class _PairwiseLoss(_EmbeddingLoss):
    """Base class of losses that compare the distances of the embeddings of a batch."""

    def __init__(self, margin, distance_metric, reduction, name, dtype):
        super().__init__(name, reduction, dtype)
        self.margin = number("margin", margin, 0)
        self.distance_metric = choice("distance_metric", distance_metric, _METRICS)

    def _compared(self, y_true, y_pred):
        """Return the distances (batch, batch) of embeddings, and whether two samples have one class, and are different."""
        classes = apply("reshape", y_true, shape=(y_true.shape[0],))
        same = apply("equal", apply("expand_dims", classes, axis=1), apply("expand_dims", classes, axis=0))
        others = 1.0 - np.eye(y_pred.shape[0], dtype=np.dtype(y_pred.dtype))
        same = apply("cast", same, dtype=np.dtype(y_pred.dtype).name)
        return self._distances(y_pred), same * others, 1.0 - same

    def _distances(self, x):
        if self.distance_metric == "angular":
            return 1.0 - _products(unit(x, 1))
        lengths = apply("sum", apply("square", x), axis=1)
        squares = apply("expand_dims", lengths, axis=1) + apply("expand_dims", lengths, axis=0) - 2.0 * _products(x)
        if self.distance_metric == "squared-L2":
            return apply("maximum", squares, 0.0)
        return apply("sqrt", apply("maximum", squares, _LEAST))


def _products(x):
    """Return the inner products (batch, batch) of all vectors."""
    return apply("matmul", x, apply("transpose", x))


def _mean_over(counted, values):
    """Return values (batch,), sums over what `counted` (batch,) counts, scaled so that their mean is that of what counts."""
    return values * (float(counted.shape[0]) / apply("maximum", apply("sum", counted), 1.0))


@documented(_EMBEDDINGS)
class ContrastiveLoss(_PairwiseLoss):
    """Contrastive loss of all pairs of a batch [1]_: ``d² / 2`` within a class, ``max(margin - d, 0)² / 2`` between classes.

    Parameters
    ----------
    margin : float
        Distance from which on embeddings of different classes are far enough apart.

    References
    ----------
    .. [1] Hadsell, R., Chopra, S. and LeCun, Y., "Dimensionality reduction by learning an invariant mapping", CVPR 2006,
       equation 4.

    Examples
    --------
    >>> from striate import losses
    >>> embeddings = [[0.0, 0.0], [0.6, 0.0], [0.0, 0.8]]
    >>> round(float(losses.ContrastiveLoss(margin=1.0)([0, 0, 1], embeddings)), 3)  # (0.6² + 0.2² + 0) / 2 / 3
    0.067
    """

    def __init__(self, margin=1.0, reduction="sum_over_batch_size", name=None, dtype=None):
        super().__init__(margin, "L2", reduction, name, dtype)

    def call(self, y_true, y_pred):
        """Return a value for each sample, the mean over its pairs."""
        distances, same, different = self._compared(y_true, y_pred)
        near = apply("maximum", self.margin - distances, 0.0)
        values = apply("sum", apply("square", distances) * same + apply("square", near) * different, axis=1)
        return values * (0.5 / max(y_pred.shape[0] - 1, 1))


@documented(_EMBEDDINGS, _TRIPLETS)
class TripletSemiHardLoss(_PairwiseLoss):
    """Triplet loss with semi-hard negatives [1]_: ``max(d(a, p) - d(a, n) + margin, 0)`` of each anchor and positive.

    The negative of an anchor and a positive is the nearest of the batch that is farther than the positive; if none is, the
    farthest one. The loss is the mean over all pairs of an anchor and a positive.

    Parameters
    ----------
    margin : float
        How much farther than positives negatives should be.

    References
    ----------
    .. [1] Schroff, F., Kalenichenko, D. and Philbin, J., "FaceNet: a unified embedding for face recognition and clustering",
       CVPR 2015, section 3.2.

    Examples
    --------
    >>> from striate import losses
    >>> embeddings = [[0.0, 0.0], [0.6, 0.0], [0.0, 0.8]]
    >>> round(float(losses.TripletSemiHardLoss(margin=0.5)([0, 0, 1], embeddings)), 3)  # (0.3 + 0.1) / 2
    0.2
    """

    def __init__(self, margin=1.0, distance_metric="L2", reduction="sum_over_batch_size", name=None, dtype=None):
        super().__init__(margin, distance_metric, reduction, name, dtype)

    def call(self, y_true, y_pred):
        """Return a value for each anchor, the sum over its positives."""
        distances, same, different = self._compared(y_true, y_pred)
        counted = same * apply("max", different, axis=1, keepdims=True)  # A batch of one class has no triplets.
        from_anchor, to_positive = apply("expand_dims", distances, axis=1), apply("expand_dims", distances, axis=2)
        farther = apply("greater", from_anchor, to_positive)
        farther = apply("logical_and", farther, apply("expand_dims", different, axis=1))
        beyond = apply("where", farther, from_anchor, _FAR)
        nearest = apply("take_along_axis", distances, apply("argmin", beyond, axis=2), axis=1)
        farthest = _farthest(distances, different)
        negative = apply("where", apply("any", farther, axis=2), nearest, farthest)
        values = apply("sum", counted * apply("maximum", distances - negative + self.margin, 0.0), axis=1)
        return _mean_over(apply("sum", counted, axis=1), values)


@documented(_EMBEDDINGS, _TRIPLETS)
class TripletHardLoss(_PairwiseLoss):
    """Triplet loss with the hardest positive and negative of each anchor [1]_: ``max(d(a, p) - d(a, n) + margin, 0)``.

    They are the farthest sample of its class and the nearest of another one. The loss is the mean over the anchors that have
    both.

    Parameters
    ----------
    margin : float
        How much farther than positives negatives should be.
    soft : bool
        Whether ``log(1 + exp(d(a, p) - d(a, n)))`` takes the place of the margin.

    References
    ----------
    .. [1] Hermans, A., Beyer, L. and Leibe, B., "In defense of the triplet loss for person re-identification", arXiv
       1703.07737, 2017, equation 5.

    Examples
    --------
    >>> from striate import losses
    >>> embeddings = [[0.0, 0.0], [0.6, 0.0], [0.0, 0.8]]
    >>> round(float(losses.TripletHardLoss(margin=0.5)([0, 0, 1], embeddings)), 3)  # (0.3 + 0.1) / 2
    0.2
    """

    def __init__(self, margin=1.0, soft=False, distance_metric="L2", reduction="sum_over_batch_size", name=None, dtype=None):
        super().__init__(margin, distance_metric, reduction, name, dtype)
        self.soft = boolean("soft", soft)

    def call(self, y_true, y_pred):
        """Return a value for each anchor."""
        distances, same, different = self._compared(y_true, y_pred)
        nearest = apply("argmin", apply("where", different, distances, _FAR), axis=1, keepdims=True)
        negative = apply("take_along_axis", distances, nearest, axis=1)
        beyond = apply("squeeze", _farthest(distances, same) - negative, axis=1)
        counted = apply("max", same, axis=1) * apply("max", different, axis=1)
        values = softplus(beyond) if self.soft else apply("maximum", beyond + self.margin, 0.0)
        return _mean_over(counted, counted * values)


@documented(_EMBEDDINGS)
class Circle(_EmbeddingLoss):
    """Circle loss [1]_: ``log(1 + sum_p exp(-gamma α_p (s_p - Δ_p)) sum_n exp(gamma α_n (s_n - Δ_n)))`` of each sample.

    Here s are the cosines of the sample with the others of its class, p, and of other classes, n; what is farther from its
    optimum weighs more, by ``α_p = 1 + margin - s_p`` and ``α_n = margin + s_n``; and ``Δ_p = 1 - margin``, ``Δ_n = margin``.
    Embeddings have length 1. The mean is that of the samples whose value is above 0, as in Keras.

    Parameters
    ----------
    gamma : float
        Factor of the cosines, above 0.
    margin : float
        How far the cosines may be from 1 and 0.
    remove_diagonal : bool
        Whether the cosine of a sample with itself is left out.

    References
    ----------
    .. [1] Sun, Y. et al., "Circle loss: a unified perspective of pair similarity optimization", CVPR 2020, equation 6.

    Examples
    --------
    >>> from striate import losses
    >>> embeddings = [[1.0, 0.0], [0.8, 0.6], [0.0, 1.0]]
    >>> round(float(losses.Circle(gamma=4.0)([0, 0, 1], embeddings)), 3)
    0.574
    """

    def __init__(self, gamma=80.0, margin=0.4, remove_diagonal=True, reduction="sum_over_batch_size", name=None, dtype=None):
        super().__init__(name, reduction, dtype)
        self.gamma = number("gamma", gamma, 0, open_minimum=True)
        self.margin = number("margin", margin, 0)
        self.remove_diagonal = boolean("remove_diagonal", remove_diagonal)

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        return self.compared(y_true, y_pred, y_true, y_pred)

    def compared(self, classes, x, ref_classes, ref_x):
        """Return a value for each embedding x, compared with reference embeddings."""
        same = apply("equal", apply("reshape", classes, shape=(-1, 1)), apply("reshape", ref_classes, shape=(1, -1)))
        positive, negative = same, apply("logical_not", same)
        if self.remove_diagonal:
            positive = apply("logical_and", same, ~np.eye(x.shape[0], ref_x.shape[0], dtype=bool))
        distance = apply("maximum", 1.0 - apply("matmul", x, apply("transpose", ref_x)), 0.0)
        near = self.gamma * (self.margin + distance) * (distance - self.margin)
        far = self.gamma * apply("maximum", 1.0 + self.margin - distance, 0.0) * (1.0 - self.margin - distance)
        return softplus(_log_sum_exp(near, positive) + _log_sum_exp(far, negative))

    def counted(self, y_true, values):
        """Return which values are above 0."""
        return apply("greater", values, 0)


def circle(y_true, y_pred, ref_labels=None, ref_embeddings=None, remove_diagonal=True, gamma=80.0, margin=0.4):
    """Return the value of each sample, which `Circle` reduces to one number.

    Parameters
    ----------
    y_true : array_like, shape (batch,)
        Classes.
    y_pred : array_like, shape (batch, features)
        Embeddings of length 1.
    ref_labels, ref_embeddings : array_like, shape (samples,) and (samples, features), optional
        Classes and embeddings that they are compared with; those of the batch if None.
    remove_diagonal, gamma, margin
        See `Circle`.

    Returns
    -------
    ndarray

    Raises
    ------
    TypeError, ValueError
        If the classes do not fit the embeddings, or are not integers.

    Examples
    --------
    >>> from striate import losses
    >>> embeddings = [[1.0, 0.0], [0.8, 0.6], [0.0, 1.0]]
    >>> losses.circle([0, 0, 1], embeddings, gamma=4.0).round(2)
    array([0.28, 0.87, 0.  ], dtype=float32)
    >>> losses.circle([0], [[0.8, 0.6]], [0, 1], [[1.0, 0.0], [0.0, 1.0]], remove_diagonal=False, gamma=4.0).round(2)
    array([0.87], dtype=float32)
    """
    loss = Circle(gamma, margin, remove_diagonal)
    y_true, y_pred = arguments_of_call(loss, y_true, y_pred)
    if ref_labels is None and ref_embeddings is None:
        return loss.call(y_true, y_pred)
    others = y_true if ref_labels is None else ref_labels, y_pred if ref_embeddings is None else ref_embeddings
    return loss.compared(y_true, y_pred, *arguments_of_call(loss, *others))


circle.loss_class = Circle


def _log_sum_exp(x, counted):
    """Return ``log(sum(exp(x)))`` of the elements of each row that count; less than any other number where none does."""
    x = apply("where", counted, x, -_FAR)
    largest = apply("max", x, axis=1, keepdims=True)
    terms = apply("where", counted, apply("exp", x - largest), 0.0)
    logarithm = apply("log", apply("maximum", apply("sum", terms, axis=1), _LEAST))
    return logarithm + apply("squeeze", largest, axis=1)


def _farthest(distances, among):
    """Return the distance (batch, 1) of each sample to the farthest one among those that a mask (batch, batch) marks."""
    farthest = apply("argmax", apply("where", among, distances, -_FAR), axis=1, keepdims=True)
    return apply("take_along_axis", distances, farthest, axis=1)


@documented(REDUCED)
class ArcFaceLoss(SparseCategoricalCrossentropy):
    """Cross-entropy of cosines, with an additive angular margin for the right class [1]_.

    The logit of the right class is ``scale * cos(angle + margin)``, and that of each other ``scale * cos(angle)``. So the
    embeddings of a class must lie within a smaller angle around its direction than a softmax alone demands. Where the angle
    plus the margin is more than a half turn, the cosine minus ``margin * sin(margin)`` takes its place, as in the authors'
    program.

    Parameters
    ----------
    margin : float
        Angle in radians, at least 0 and at most π / 2.
    scale : float
        Factor of the cosines, above 0.

    Notes
    -----
    Predictions are cosines (batch, classes), the output of a `CosineDense` layer, and targets classes (batch,). Once the model
    is trained, the input of that layer is the embedding.

    References
    ----------
    .. [1] Deng, J., Guo, J., Xue, N. and Zafeiriou, S., "ArcFace: additive angular margin loss for deep face recognition", CVPR
       2019, equation 3.

    Examples
    --------
    >>> from striate import losses
    >>> cosines = [[0.8, 0.1], [0.3, 0.6]]
    >>> round(float(losses.ArcFaceLoss(margin=0.5, scale=8.0)([0, 1], cosines)), 3)
    0.792
    >>> round(float(losses.ArcFaceLoss(margin=0.0, scale=8.0)([0, 1], cosines)), 3)
    0.045
    """

    def __init__(self, margin=0.5, scale=64.0, reduction="sum_over_batch_size", name=None, dtype=None):
        super().__init__(True, reduction=reduction, name=name, dtype=dtype)
        self.margin = number("margin", margin, 0, math.pi / 2)
        self.scale = number("scale", scale, 0, open_minimum=True)

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        chosen = one_hot(y_true, y_pred)
        cosine = apply("clip", y_pred, -1.0, 1.0)  # Rounding may have gone beyond.
        sine = apply("sqrt", apply("maximum", 1.0 - apply("square", cosine), _LEAST))
        moved = cosine * math.cos(self.margin) - sine * math.sin(self.margin)
        beyond = apply("less", cosine, -math.cos(self.margin))
        moved = apply("where", beyond, cosine - self.margin * math.sin(self.margin), moved)
        return entropy(chosen, apply("where", chosen, moved, cosine) * self.scale, True)

    def fused(self, y_true, y_pred, weight, sample_weight):
        """Return None: no kernel computes it."""
