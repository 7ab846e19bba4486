"""How often each class is taken for each other one, and what is made of it."""

import numpy as np

from .._common.checks import boolean, integer, integers, number, real_array
from .._common.docstrings import documented
from .._common.errors import explained
from .base import NAMED, Metric, most_probable, weights_for

_MOST_CLASSES = 1 << 15  # whose matrix takes 8 GB


#: What docstrings share.
_OF_CLASSES = """
    Parameters
    ----------
    num_classes : int
        How many classes there are.
    name : str, optional
        Its name in logs.
    ignore_class : int, optional
        Targets of this class are left out.
    sparse_y_true, sparse_y_pred : bool
        Whether targets and predictions are class indices; otherwise vectors over them.
    """


@documented(_OF_CLASSES)
class ConfusionMatrix(Metric):
    """How often targets of each class (rows) were predicted to be of each class (columns).

    Predictions that are vectors with a NaN are of no class, and in no column.
    """

    ignore_class = None  # IoU may have one

    def __init__(self, num_classes, name=None):
        self.num_classes = integer("num_classes", num_classes, 1, _MOST_CLASSES)
        super().__init__(name)
        self.reset_state()

    def reset_state(self):
        """Forget all batches."""
        self._counts = np.zeros((self.num_classes, self.num_classes + 1))  # the last column is of predictions of no class

    def _classes(self, y_true, y_pred):
        """Return the class indices of targets and of predictions, and whether predictions are of no class.

        Predictions are rows of floats over the classes, or class indices.
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
        wanted, found, unknown = self._classes(y_true, y_pred)
        if wanted.size != found.size:
            raise ValueError(
                f"y_true has shape {y_true.shape} and y_pred {y_pred.shape}, {wanted.size} and {found.size} classes of "
                f"num_classes={self.num_classes}; expected as many"
            )
        weights = weights_for(found, sample_weight)
        wanted = wanted.reshape(found.shape)
        kept = ... if self.ignore_class is None else wanted != self.ignore_class
        wanted, found, unknown, weights = (np.ravel(each[kept]) for each in (wanted, found, unknown, weights))
        if not np.isfinite(found).all():
            raise ValueError("y_pred holds NaN or infinity; expected class indices")
        wanted, found = wanted.astype(np.int64), found.astype(np.int64)
        for name, indices in (("y_true", wanted), ("y_pred", found)):
            if indices.size and not 0 <= indices.min() <= indices.max() < self.num_classes:
                raise ValueError(
                    f"{name} holds {indices.min()} to {indices.max()}; expected less than num_classes={self.num_classes}"
                )
        found[unknown] = self.num_classes
        columns = self.num_classes + 1
        counts = np.bincount(wanted * columns + found, weights, self._counts.size)
        self._counts += counts.reshape(self._counts.shape)

    def result(self):
        """Return the matrix for all batches so far, shape (num_classes, num_classes)."""
        return self._counts[:, :-1].copy()

    def get_config(self):
        """Return the constructor's arguments."""
        return {"num_classes": self.num_classes, **super().get_config()}


@documented(_OF_CLASSES)
class IoU(ConfusionMatrix):
    """Intersection over union of classes: correct elements over all that are, or were predicted to be, of a class; the mean.

    Predictions that are vectors with a NaN are of no class: they count where the target is of one.

    Parameters
    ----------
    target_class_ids : sequence of int
        The classes that are looked at.

    References
    ----------
    .. [1] Everingham, M. et al., "The PASCAL visual object classes challenge", IJCV 88, 2010, section 4.
    """

    default_name = "iou"
    larger_is_better = True

    def __init__(self, num_classes, target_class_ids, name=None, ignore_class=None, sparse_y_true=True, sparse_y_pred=True):
        self.ignore_class = None if ignore_class is None else integer("ignore_class", ignore_class)
        self.sparse_y_true = boolean("sparse_y_true", sparse_y_true)
        self.sparse_y_pred = boolean("sparse_y_pred", sparse_y_pred)
        super().__init__(num_classes, name)
        self.target_class_ids = list(integers("target_class_ids", target_class_ids, 0, self.num_classes - 1))

    def _classes(self, y_true, y_pred):
        wanted = y_true if self.sparse_y_true else y_true.argmax(-1)
        return wanted, *((y_pred, np.zeros(y_pred.shape, bool)) if self.sparse_y_pred else most_probable(y_pred))

    def result(self):
        """Return it for all batches so far; 0 if none of the classes occurs."""
        right = np.diag(self._counts)
        union = self._counts[:, :-1].sum(0) + self._counts.sum(1) - right
        ids = [i for i in self.target_class_ids if union[i] > 0]
        return float(np.mean(right[ids] / union[ids])) if ids else 0.0

    def get_config(self):
        """Return the constructor's arguments."""
        names = ("target_class_ids", "ignore_class", "sparse_y_true", "sparse_y_pred")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


@documented(_OF_CLASSES)
class MeanIoU(IoU):
    """Intersection over union, the mean over all classes that occur."""

    default_name = "mean_io_u"

    def __init__(self, num_classes, name=None, ignore_class=None, sparse_y_true=True, sparse_y_pred=True):
        num_classes = integer("num_classes", num_classes, 1, _MOST_CLASSES)
        super().__init__(num_classes, range(num_classes), name, ignore_class, sparse_y_true, sparse_y_pred)

    def get_config(self):
        """Return the constructor's arguments."""
        config = super().get_config()
        del config["target_class_ids"]
        return config


@documented(NAMED)
class BinaryIoU(IoU):
    """Intersection over union of binary classes; a prediction that is NaN is of neither.

    Parameters
    ----------
    target_class_ids : sequence of int
        0 for no, 1 for yes, or both, whose mean is taken.
    threshold : float
        Predictions from it on mean yes.
    """

    default_name = "binary_io_u"

    def __init__(self, target_class_ids=(0, 1), threshold=0.5, name=None):
        self.threshold = number("threshold", threshold)
        super().__init__(2, target_class_ids, name)

    def _classes(self, y_true, y_pred):
        return y_true.reshape(y_pred.shape), (y_pred >= self.threshold).astype(np.int64), np.isnan(y_pred)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"target_class_ids": self.target_class_ids, "threshold": self.threshold, "name": self.name}
