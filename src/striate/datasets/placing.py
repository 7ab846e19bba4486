"""Drawn scenes of several objects: places for them, and the arrays that data sets consist of."""

import numpy as np

from .._common.arrays import empty

#: Largest part of the smaller of two boxes that the larger may cover.
_COVERED = 0.3


def scenes_of(make, shape, seed):
    """Return scenes as an array of a shape (scenes, height, width, …), and lists of their boxes and labels.

    ``make(rng)`` returns one of them, with its boxes and labels; it gets a generator that depends on the seed and the index.
    """
    x, boxes, labels = empty(shape, np.dtype(np.uint8)), [], []
    for i in range(len(x)):
        x[i], *found = make(np.random.default_rng([seed, i]))
        boxes.append(found[0])
        labels.append(found[1])
    return x, boxes, labels


def is_free(box, boxes, covered=_COVERED):
    """Return whether a box (x_min, y_min, x_max, y_max) hides no other too much, and is not hidden by one.

    `covered` is the largest part of the smaller of two boxes that the larger may cover.
    """
    if not len(boxes):
        return True
    boxes = np.asarray(boxes, np.float64)
    shared = np.maximum(np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2]), 0).prod(1)
    smaller = np.minimum((box[2:] - box[:2]).prod(), (boxes[:, 2:] - boxes[:, :2]).prod(1))
    return bool((shared <= covered * smaller).all())


def box_around(mask):
    """Return the box around the pixels where a mask is True, None if there are none."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1], np.float64) if len(rows) else None
