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
    labels = np.full(count, -1)
    if not len(objects):
        return Targets(labels, np.zeros((count, 4), np.float32), np.zeros(count, np.float32))
    boxes = objects.boxes.astype(np.float32)
    to_begin = locations.centers[:, np.newaxis] - boxes[:, :2]  # (locations, objects, 2): l and t
    to_end = boxes[:, 2:] - locations.centers[:, np.newaxis]  # r and b
    inside = np.minimum(to_begin, to_end).min(-1) > 0
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    central = np.abs(locations.centers[:, np.newaxis] - middles).max(-1) <= RADIUS * locations.strides[:, np.newaxis]
    farthest = np.maximum(to_begin, to_end).max(-1)
    fits = (farthest > locations.nearest[:, np.newaxis]) & (farthest <= locations.farthest[:, np.newaxis])
    sizes = (boxes[:, 2:] - boxes[:, :2]).prod(-1)
    cost = np.where(inside & central & fits & ~objects.ignored, sizes, np.inf)
    best = cost.argmin(1)
    rows = np.arange(count)
    taken = cost[rows, best] < np.inf
    labels[(inside & objects.ignored).any(1)] = -2
    labels[taken] = objects.labels[best[taken]]
    nearer, farther = (function(to_begin, to_end)[rows, best] for function in (np.minimum, np.maximum))
    centerness = np.zeros(count, np.float32)
    centerness[taken] = np.sqrt((nearer[taken] / farther[taken]).prod(-1))
    return Targets(labels, np.where(taken[:, np.newaxis], boxes[best], 0), centerness)


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
