"""From what a network predicts at its locations to the boxes that are found."""

import math

import numpy as np

from ..functional import sigmoid
from .boxes import clip_boxes, nms
from .objects import Detections

#: Number of boxes, the best of an image, of which suppression chooses.
_MOST_CANDIDATES = 1000

#: Largest coordinate in pixels: a network that has hardly learned yet may predict boxes without end.
_FARTHEST = 1e6


def select(logits, boxes, centerness, score_threshold, iou_threshold, most):
    """Return the detections in an image.

    The score of a class at a location is the geometric mean of its probability and the centerness, so that boxes from locations
    far from the centre lose to better ones (Tian et al., "FCOS: a simple and strong anchor-free object detector", PAMI 2020,
    section 3.2). Boxes that overlap a better one of the same class are left out.

    Parameters
    ----------
    logits : ndarray, shape (locations, classes)
        Logits of the classes.
    boxes : ndarray, shape (locations, 4)
        Boxes "xyxy".
    centerness : ndarray, shape (locations, 1)
        Logits of the centerness.
    score_threshold, iou_threshold, most
        See `Detector.predict`.
    """
    # No logit below that of the squared threshold reaches it, and few others are there.
    least = math.log(max(score_threshold**2, 1e-30)) - math.log(max(1 - score_threshold**2, 1e-30))
    rows, labels = np.nonzero(logits > least)
    scores = np.sqrt(sigmoid(logits[rows, labels]) * sigmoid(centerness[rows, 0]))
    chosen = np.flatnonzero(scores > score_threshold)
    chosen = chosen[np.argsort(-scores[chosen], kind="stable")[:_MOST_CANDIDATES]]
    rows, labels, scores = rows[chosen], labels[chosen], scores[chosen]
    boxes = np.clip(boxes[rows], -_FARTHEST, _FARTHEST)
    kept = nms(boxes, scores, iou_threshold, labels, most)
    return Detections(boxes[kept], labels[kept], scores[kept])


def clipped(found, size):
    """Return the parts of detections that lie inside an image of a size (height, width), without those that lie beside it."""
    boxes = clip_boxes(found.boxes, size)
    return Detections(boxes, found.labels, found.scores)[(boxes[:, 2:] > boxes[:, :2]).all(1)]
