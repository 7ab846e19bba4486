"""Targets: what a detector is to predict at each location, as FCOS defines it.

A location is responsible for an object if it lies in its box, not more than `RADIUS` strides from the box's centre, and if the
largest of its distances l, t, r, b to the sides of the box is in the range of its level; of several objects it takes the
smallest (Tian et al., "FCOS: fully convolutional one-stage object detection", ICCV 2019, sections 3.1 and 3.2; the radius is
that of Tian et al., "FCOS: a simple and strong anchor-free object detector", PAMI 2020, section 3.1). The target of its
centerness is ``sqrt(min(l, r) / max(l, r) * min(t, b) / max(t, b))`` (equation 3), which weighs its box, too. Locations that
are responsible for nothing are background; those in objects to be ignored are neither.
"""

from typing import NamedTuple

import numpy as np

#: Largest distance to a side that a level is responsible for, in strides; the next level begins there, and the last has no end.
REACH = 8

#: Largest distance from the centre, along each axis, of locations that are responsible for an object, in strides.
RADIUS = 1.5


class Grid(NamedTuple):
    """The locations of a detector."""

    centers: np.ndarray  # (locations, 2)
    strides: np.ndarray  # (locations,)
    nearest: np.ndarray  # (locations,): distances that they are responsible for are above this …
    farthest: np.ndarray  # (locations,): … and up to this


class Targets(NamedTuple):
    """What is to be predicted for one image at each location."""

    labels: np.ndarray  # (locations,): class, -1 for background and -2 for what does not count
    boxes: np.ndarray  # (locations, 4)
    centerness: np.ndarray  # (locations,): 0 where there is no object


def grid(centers, strides, levels):
    """Return the `Grid` of locations, from their centres, their strides, and the strides of the levels."""
    ends = [0, *(REACH * stride for stride in levels[:-1]), np.inf]
    level = np.searchsorted(levels, strides)
    return Grid(centers, strides, np.take(ends, level), np.take(ends, level + 1))


def assign(objects, locations):
    """Return the targets for an image.

    Parameters
    ----------
    objects : Objects
        What is in it.
    locations : Grid
        The locations.
    """
    count = len(locations.centers)
    labels, true, centerness = np.full(count, -1), np.zeros((count, 4), np.float32), np.zeros(count, np.float32)
    if not len(objects):
        return Targets(labels, true, centerness)
    boxes = objects.boxes.astype(np.float32)
    # Arrays (objects, locations), one a coordinate: reducing a last axis of 2 or 4 would take most of the time.
    x0, y0, x1, y1 = (side[:, np.newaxis] for side in boxes.T)
    x, y = (np.ascontiguousarray(axis) for axis in locations.centers.T)
    left, top, right, bottom = x - x0, y - y0, x1 - x, y1 - y
    near_x, far_x = np.minimum(left, right), np.maximum(left, right)
    near_y, far_y = np.minimum(top, bottom), np.maximum(top, bottom)
    inside = np.minimum(near_x, near_y) > 0
    farthest = np.maximum(far_x, far_y)
    from_center = np.maximum(np.abs(x - (x0 + x1) / 2), np.abs(y - (y0 + y1) / 2))
    fits = (from_center <= RADIUS * locations.strides) & (farthest > locations.nearest) & (farthest <= locations.farthest)
    cost = np.where(inside & fits & ~objects.ignored[:, np.newaxis], (x1 - x0) * (y1 - y0), np.inf)
    best = cost.argmin(0)
    taken = np.flatnonzero(cost.min(0) < np.inf)
    chosen = best[taken], taken
    if objects.ignored.any():
        labels[inside[objects.ignored].any(0)] = -2
    labels[taken] = objects.labels[best[taken]]
    true[taken] = boxes[best[taken]]
    centerness[taken] = np.sqrt(near_x[chosen] / far_x[chosen] * (near_y[chosen] / far_y[chosen]))
    return Targets(labels, true, centerness)


def batch_targets(samples, classes, locations):
    """Return targets and weights of a batch, one for each output of the network, from the objects of its images.

    The weights make the focal loss a sum over all locations and classes, divided by the number of locations that are
    responsible for an object (FCOS, equation 2), and make boxes count by their centerness.
    """
    found = [assign(objects, locations) for objects in samples]
    labels, boxes, centerness = (np.stack(each) for each in zip(*found, strict=True))
    one_hot = (labels[..., np.newaxis] == np.arange(classes)).astype(np.float32)
    positive = labels >= 0
    scale = one_hot.size / max(int(positive.sum()), 1)
    weights = [np.where(labels == -2, 0, scale).astype(np.float32), centerness, positive.astype(np.float32)]
    return (one_hot, boxes, centerness[..., np.newaxis]), tuple(weights)
