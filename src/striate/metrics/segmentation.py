"""Confusion matrices of classes, and intersection over union."""

import numpy as np

from .._common.checks import boolean, integer, integers, number, real_array
from .._common.docstrings import documented
from .._common.errors import explained
from .base import NAMED, Metric, broadcast_weights, most_probable

_MOST_CLASSES = 1 << 15  # The confusion matrix then takes 8 GB.


#: Docstring sections that metrics of classes share.
_OF_CLASSES = """
    Parameters
    ----------
    num_classes : int
        Number of classes.
    name : str, optional
        Name in logs.
    dtype : str, optional
        See `Metric`.
    ignore_class : int, optional
        Class whose targets are ignored.
    sparse_y_true, sparse_y_pred : bool
        Whether targets and predictions are class indices; otherwise they are vectors over the classes. Predictions that are
        `num_classes` times as many as the targets are taken as vectors in either case.
    axis : int
        Axis of the classes in vectors.
    """


@documented(_OF_CLASSES)
class ConfusionMatrix(Metric):
    """Weighted numbers of targets of each class (rows) that were predicted to be of each class (columns).

    Predictions that are vectors with a NaN are of no class, and in no column.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true, y_pred = [0, 0, 1, 1], [0, 1, 1, 1]
    >>> metrics.ConfusionMatrix(num_classes=2)(y_true, y_pred)
    array([[1., 1.],
           [0., 2.]])
    """

    ignore_class = None  # Only the constructor of `IoU` sets one.

    def __init__(self, num_classes, name=None, dtype=None):
        self.num_classes = integer("num_classes", num_classes, 1, _MOST_CLASSES)
        super().__init__(name, dtype)
        self.reset_state()

    def reset_state(self):
        """Forget all batches."""
        self._counts = np.zeros((self.num_classes, self.num_classes + 1))  # The last column is for predictions of no class.

    def _classes(self, y_true, y_pred):
        """Return the class indices of targets and predictions, and whether each prediction is of no class.

        Predictions are vectors of floats over the classes, or class indices.
        """
        if y_pred.ndim and y_pred.shape[-1] == self.num_classes and y_true.size != y_pred.size:
            return y_true.reshape(y_pred.shape[:-1]), *most_probable(y_pred)
        vectors = y_pred.dtype.kind == "f" and y_pred.ndim > 1 and y_pred.shape[-1] == self.num_classes
        if vectors and y_pred.shape == y_true.shape:
            return y_true.argmax(-1), *most_probable(y_pred)
        return y_true, y_pred, np.zeros(y_pred.shape, bool)

    @explained
    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take a batch into account: class indices or vectors over the classes."""
        y_true, y_pred = real_array("y_true", y_true), real_array("y_pred", y_pred)
        if not np.isfinite(y_true).all():
            raise ValueError("y_true holds NaN or infinity; expected class indices")
        targets, predicted, unknown = self._classes(y_true, y_pred)
        if targets.size != predicted.size:
            raise ValueError(
                f"y_true has shape {y_true.shape} and y_pred {y_pred.shape}, which hold {targets.size} and {predicted.size} "
                f"classes of num_classes={self.num_classes}; expected the same number"
            )
        weights = broadcast_weights(predicted, sample_weight)
        targets = targets.reshape(predicted.shape)
        kept = ... if self.ignore_class is None else targets != self.ignore_class
        targets, predicted, unknown, weights = (np.ravel(each[kept]) for each in (targets, predicted, unknown, weights))
        if not np.isfinite(predicted).all():
            raise ValueError("y_pred holds NaN or infinity; expected class indices")
        targets, predicted = targets.astype(np.int64), predicted.astype(np.int64)
        for name, indices in (("y_true", targets), ("y_pred", predicted)):
            if indices.size and not 0 <= indices.min() <= indices.max() < self.num_classes:
                raise ValueError(
                    f"{name} holds {indices.min()} to {indices.max()}; expected class indices from 0 to "
                    f"{self.num_classes - 1}, since num_classes={self.num_classes}"
                )
        predicted[unknown] = self.num_classes
        columns = self.num_classes + 1
        counts = np.bincount(targets * columns + predicted, weights, self._counts.size)
        self._counts += counts.reshape(self._counts.shape)

    def result(self):
        """Return the matrix for all batches so far, shape (num_classes, num_classes)."""
        return self._counts[:, :-1].copy()

    def get_config(self):
        """Return the constructor's arguments."""
        return {"num_classes": self.num_classes, **super().get_config()}


@documented(_OF_CLASSES)
class IoU(ConfusionMatrix):
    """Mean intersection over union of some classes [1]_.

    For a class, this is the number of its targets that are predicted correctly, over the number of elements whose target or
    prediction is of the class. Predictions that are vectors with a NaN are of no class.

    Parameters
    ----------
    target_class_ids : sequence of int
        Indices of the classes.

    References
    ----------
    .. [1] Everingham, M. et al., "The PASCAL visual object classes challenge", IJCV 88, 2010, section 4.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true, y_pred = [0, 0, 1, 1], [0, 1, 1, 1]
    >>> round(float(metrics.IoU(num_classes=2, target_class_ids=[1])(y_true, y_pred)), 3)
    0.667
    """

    default_name = "iou"
    larger_is_better = True

    def __init__(
        self,
        num_classes,
        target_class_ids,
        name=None,
        dtype=None,
        ignore_class=None,
        sparse_y_true=True,
        sparse_y_pred=True,
        axis=-1,
    ):
        self.ignore_class = None if ignore_class is None else integer("ignore_class", ignore_class)
        self.sparse_y_true = boolean("sparse_y_true", sparse_y_true)
        self.sparse_y_pred = boolean("sparse_y_pred", sparse_y_pred)
        self.axis = integer("axis", axis)
        super().__init__(num_classes, name, dtype)
        self.target_class_ids = list(integers("target_class_ids", target_class_ids, 0, self.num_classes - 1))

    def _classes(self, y_true, y_pred):
        targets = y_true if self.sparse_y_true else np.moveaxis(y_true, self.axis, -1).argmax(-1)
        vectors = not self.sparse_y_pred or (y_pred.shape[-1:] == (self.num_classes,) and y_pred.size != targets.size)
        if vectors:
            return targets, *most_probable(np.moveaxis(y_pred, self.axis, -1))
        return targets, y_pred, np.zeros(y_pred.shape, bool)

    def result(self):
        """Return the mean over the classes that have occurred so far; 0 if none has."""
        both = np.diag(self._counts)
        found, wanted = self._counts[:, :-1].sum(0), self._counts.sum(1)
        ids = [i for i in self.target_class_ids if found[i] + wanted[i] > 0]
        return float(np.mean(self._overlap(both[ids], found[ids] + wanted[ids]))) if ids else 0.0

    @staticmethod
    def _overlap(both, sums):
        """Return the measure of classes from the size of the intersection and the sum of both sizes, above 0."""
        return both / (sums - both)

    def get_config(self):
        """Return the constructor's arguments."""
        names = ("target_class_ids", "ignore_class", "sparse_y_true", "sparse_y_pred", "axis")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


@documented(_OF_CLASSES)
class MeanIoU(IoU):
    """Mean intersection over union of all classes that occur.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true, y_pred = [0, 0, 1, 1], [0, 1, 1, 1]
    >>> round(float(metrics.MeanIoU(num_classes=2)(y_true, y_pred)), 3)
    0.583
    """

    default_name = "mean_io_u"

    def __init__(self, num_classes, name=None, dtype=None, ignore_class=None, sparse_y_true=True, sparse_y_pred=True, axis=-1):
        num_classes = integer("num_classes", num_classes, 1, _MOST_CLASSES)
        super().__init__(num_classes, range(num_classes), name, dtype, ignore_class, sparse_y_true, sparse_y_pred, axis)

    def get_config(self):
        """Return the constructor's arguments."""
        return _without(super().get_config(), "target_class_ids")


@documented(_OF_CLASSES)
class OneHotIoU(IoU):
    """Mean intersection over union of some classes, for targets that are vectors of zeros and a one.

    Parameters
    ----------
    target_class_ids : sequence of int
        Indices of the classes.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true = [[0, 0, 1], [1, 0, 0], [0, 1, 0], [1, 0, 0]]
    >>> y_pred = [[0.2, 0.3, 0.5], [0.7, 0.2, 0.1], [0.5, 0.3, 0.2], [0.1, 0.4, 0.5]]
    >>> round(float(metrics.OneHotIoU(num_classes=3, target_class_ids=[0, 2])(y_true, y_pred)), 3)
    0.417
    """

    default_name = "one_hot_io_u"

    def __init__(self, num_classes, target_class_ids, name=None, dtype=None, ignore_class=None, sparse_y_pred=False, axis=-1):
        super().__init__(num_classes, target_class_ids, name, dtype, ignore_class, False, sparse_y_pred, axis)

    def get_config(self):
        """Return the constructor's arguments."""
        return _without(super().get_config(), "sparse_y_true")


@documented(_OF_CLASSES)
class OneHotMeanIoU(MeanIoU):
    """Mean intersection over union of all classes that occur, for targets that are vectors of zeros and a one.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true = [[0, 0, 1], [1, 0, 0], [0, 1, 0], [1, 0, 0]]
    >>> y_pred = [[0.2, 0.3, 0.5], [0.7, 0.2, 0.1], [0.5, 0.3, 0.2], [0.1, 0.4, 0.5]]
    >>> round(float(metrics.OneHotMeanIoU(num_classes=3)(y_true, y_pred)), 3)
    0.278
    """

    default_name = "one_hot_mean_io_u"

    def __init__(self, num_classes, name=None, dtype=None, ignore_class=None, sparse_y_pred=False, axis=-1):
        super().__init__(num_classes, name, dtype, ignore_class, False, sparse_y_pred, axis)

    def get_config(self):
        """Return the constructor's arguments."""
        return _without(super().get_config(), "sparse_y_true")


@documented(NAMED)
class BinaryIoU(IoU):
    """Mean intersection over union of the classes 0 and 1; a prediction that is NaN is of neither.

    Parameters
    ----------
    target_class_ids : sequence of int
        Indices of the classes: 0, 1 or both.
    threshold : float
        Predictions of at least this are of class 1, others of class 0.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true, y_pred = [0, 0, 1, 1], [0.1, 0.6, 0.9, 0.8]
    >>> round(float(metrics.BinaryIoU()(y_true, y_pred)), 3)
    0.583
    """

    default_name = "binary_io_u"

    def __init__(self, target_class_ids=(0, 1), threshold=0.5, name=None, dtype=None):
        self.threshold = number("threshold", threshold)
        super().__init__(2, target_class_ids, name, dtype)

    def _classes(self, y_true, y_pred):
        return y_true.reshape(y_pred.shape), (y_pred >= self.threshold).astype(np.int64), np.isnan(y_pred)

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"target_class_ids": self.target_class_ids, "threshold": self.threshold}
        return {**Metric.get_config(self), **own}


@documented(_OF_CLASSES)
class DiceCoefficient(IoU):
    """Mean Dice coefficient of some classes [1]_: ``2 * |A and B| / (|A| + |B|)`` for a class's targets A and predictions B.

    Targets are class indices. Predictions are class indices, vectors over the classes or, for two classes, probabilities of
    class 1. A prediction that is NaN is of no class.

    Parameters
    ----------
    num_classes : int
        Number of classes.
    target_class_ids : sequence of int, optional
        Indices of the classes; None for all but class 0, which is the background.
    threshold : float
        Probabilities of at least this are of class 1, others of class 0.

    References
    ----------
    .. [1] Dice, L., "Measures of the amount of ecologic association between species", Ecology 26, 1945.

    Examples
    --------
    >>> from striate import metrics
    >>> y_true, y_pred = [0, 0, 1, 1], [0.1, 0.6, 0.9, 0.8]
    >>> metrics.DiceCoefficient()(y_true, y_pred)
    0.8
    """

    default_name = "dice_coefficient"

    def __init__(self, num_classes=2, target_class_ids=None, threshold=0.5, name=None, ignore_class=None, dtype=None):
        num_classes = integer("num_classes", num_classes, 2, _MOST_CLASSES)
        self.threshold = number("threshold", threshold)
        super().__init__(
            num_classes, range(1, num_classes) if target_class_ids is None else target_class_ids, name, dtype, ignore_class
        )

    def _classes(self, y_true, y_pred):
        if self.num_classes == 2 and y_pred.size == y_true.size and y_pred.dtype.kind == "f":
            return y_true.reshape(y_pred.shape), (y_pred >= self.threshold).astype(np.int64), np.isnan(y_pred)
        return super()._classes(y_true, y_pred)

    @staticmethod
    def _overlap(both, sums):
        return 2 * both / sums

    def get_config(self):
        """Return the constructor's arguments."""
        return {**_without(super().get_config(), "sparse_y_true", "sparse_y_pred", "axis"), "threshold": self.threshold}


def _without(config, *names):
    """Return a configuration without some arguments, which a class determines."""
    return {name: value for name, value in config.items() if name not in names}
