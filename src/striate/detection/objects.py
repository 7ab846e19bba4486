"""What is in an image: objects as people marked them, and as a detector finds them."""

import numpy as np

from .._common.checks import as_array, real_array, sequence, text
from .._common.errors import Constructed
from .arrays import check_boxes, check_labels, check_scores


class _Boxes(Constructed):
    """The base class of boxes with labels and more: each attribute in `_columns` is an array with a row for each box."""

    _columns = ("boxes", "labels")

    def __init__(self, boxes, labels):
        self.boxes = check_boxes("boxes", boxes)
        self.labels = check_labels("labels", labels, len(self.boxes))

    def __len__(self):
        """Return the number of boxes."""
        return len(self.boxes)

    def __getitem__(self, index):
        """Return those of a slice, of an array of indices, or of an array of bool."""
        chosen = np.asarray(index) if isinstance(index, list) else index
        if not isinstance(chosen, (slice, np.ndarray)):
            raise TypeError(f"index={index!r} is of type {type(index).__name__}; expected a slice or an array of indices")
        return type(self)(*(getattr(self, name)[chosen] for name in self._columns))

    def __repr__(self):
        """Return how many there are."""
        return f"<{type(self).__name__}: {len(self)} boxes>"


class Objects(_Boxes):
    """The objects in an image, as annotations tell them.

    Parameters
    ----------
    boxes : array_like, shape (objects, 4)
        Boxes "xyxy" in pixels.
    labels : array_like of int, shape (objects,)
        Indices of their classes.
    ignored : array_like of bool, shape (objects,), optional
        Which of them nobody needs to find: crowds in COCO, and what is marked as difficult in VOC. None for none.
    areas : array_like, shape (objects,), optional
        Areas of the objects, by which COCO calls them small, medium or large; those of the boxes if None.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Examples
    --------
    >>> from striate import detection
    >>> objects = detection.Objects([[10, 20, 30, 60], [0, 0, 8, 8]], labels=[2, 0])
    >>> objects, objects[objects.labels == 2].boxes
    (<Objects: 2 boxes>, array([[10., 20., 30., 60.]]))
    """

    _columns = ("boxes", "labels", "ignored", "areas")

    def __init__(self, boxes, labels, ignored=None, areas=None):
        super().__init__(boxes, labels)
        count = len(self.boxes)
        self.ignored = np.zeros(count, bool) if ignored is None else as_array("ignored", ignored)
        if self.ignored.shape != (count,) or (count and self.ignored.dtype != bool):
            raise ValueError(
                f"ignored has shape {self.ignored.shape} and dtype {self.ignored.dtype}; expected ({count},) of bool, one for "
                "each box"
            )
        if areas is None:
            areas = (self.boxes[:, 2:] - self.boxes[:, :2]).prod(1)
        self.areas = real_array("areas", areas, np.float64)
        if self.areas.shape != (count,) or not (self.areas >= 0).all():
            raise ValueError(f"areas={areas!r} of shape {self.areas.shape}; expected ({count},) numbers of at least 0")


class Detections(_Boxes):
    """What a detector finds in an image.

    Parameters
    ----------
    boxes : array_like, shape (detections, 4)
        Boxes "xyxy" in pixels.
    labels : array_like of int, shape (detections,)
        Indices of their classes.
    scores : array_like, shape (detections,)
        How sure the detector is.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Examples
    --------
    >>> from striate import detection
    >>> found = detection.Detections([[10, 20, 30, 60], [0, 0, 8, 8]], labels=[2, 0], scores=[0.9, 0.2])
    >>> found[found.scores > 0.5]
    <Detections: 1 boxes>
    """

    _columns = ("boxes", "labels", "scores")

    def __init__(self, boxes, labels, scores):
        super().__init__(boxes, labels)
        self.scores = check_scores("scores", scores, len(self.boxes))


def check_names(classes, name="classes"):
    """Return the names of classes as a list; errors call the argument `name`."""
    return [text(f"{name}[{i}]", each) for i, each in enumerate(sequence(name, classes, "names"))]


def check_all(name, value, kind):
    """Return a list of instances of `kind`, one for each image."""
    if not isinstance(value, (list, tuple)):
        raise TypeError(f"{name} is of type {type(value).__name__}; expected a list of {kind.__name__}, one for each image")
    for i, each in enumerate(value):
        if not isinstance(each, kind):
            raise TypeError(f"{name}[{i}] is of type {type(each).__name__}; expected {kind.__name__}")
    return list(value)
