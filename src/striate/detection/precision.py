"""Average precision and recall, as COCO defines them.

For each class, the detections of all images are sorted by their scores, and each counts as right if it is matched with an
object: in its image, detections choose, the best first, the object that they overlap most among those not chosen yet, if the
overlap is large enough. Precision is the part of the first n detections that are right, recall the part of the objects that
these find; the average precision is the mean, over 101 recalls, of the best precision with at least that recall.

Objects that are to be ignored are matched last. What is matched with one, and what is matched with nothing but has not the
size that is asked about, counts neither as right nor as wrong; a crowd may be matched any number of times, and the overlap with
it is the part of the detection that lies in it (`pycocotools.cocoeval`, whose results these are).
"""

from typing import NamedTuple

import numpy as np

from .._common.checks import integer
from .boxes import areas, intersections, ratio
from .objects import Detections, Objects, check_all

#: Overlaps from which a detection counts as right, and recalls at which precisions are averaged.
THRESHOLDS = np.linspace(0.5, 0.95, 10)
_RECALLS = np.linspace(0, 1, 101)

#: Areas in pixels: all, small, medium, large.
_AREAS = np.array([(0, 1e10), (0, 32**2), (32**2, 96**2), (96**2, 1e10)])
_ALL, _SMALL, _MEDIUM, _LARGE = range(4)

#: Numbers of detections that count in an image, for each class.
_COUNTS = (1, 10, 100)

_ROUNDING = 1e-10  # By so much less than 1 an overlap counts as complete, as for COCO.


class AveragePrecision(NamedTuple):
    """What `average_precision` returns: the numbers of COCO's table; NaN for what does not occur.

    Attributes
    ----------
    ap : float
        Average precision, the mean over the overlaps 0.5, 0.55 … 0.95 and over the classes.
    ap50, ap75 : float
        The same for the overlap 0.5, and for 0.75.
    ap_small, ap_medium, ap_large : float
        The same as `ap` for objects of at most 32² pixels, of 32² to 96² pixels, and of at least 96² pixels.
    recall1, recall10, recall100 : float
        Part of the objects that the best detection, the best ten and the best hundred of each class in each image find; the
        mean over overlaps and classes.
    recall_small, recall_medium, recall_large : float
        The same as `recall100` for objects of such areas.
    ap_of_classes, ap50_of_classes : ndarray, shape (classes,)
        `ap` and `ap50` of each class.

    Examples
    --------
    >>> from striate.detection import Detections, Objects, average_precision
    >>> box = [[0, 0, 40, 40]]
    >>> average_precision([Objects(box, [1])], [Detections(box, [1], [0.9])], classes=2).ap50_of_classes
    array([nan,  1.])
    """

    ap: float
    ap50: float
    ap75: float
    ap_small: float
    ap_medium: float
    ap_large: float
    recall1: float
    recall10: float
    recall100: float
    recall_small: float
    recall_medium: float
    recall_large: float
    ap_of_classes: np.ndarray
    ap50_of_classes: np.ndarray


def average_precision(objects, detections, classes):
    """Return the average precision and recall of detections, as COCO defines them [1]_.

    Parameters
    ----------
    objects : list of Objects
        The objects in each image.
    detections : list of Detections
        What was found in it.
    classes : int
        Number of classes.

    Returns
    -------
    AveragePrecision
        Its fields `ap`, `ap50` and `ap75` are what is called mAP, mAP@50 and mAP@75; the numbers are those of
        ``pycocotools.cocoeval``, which has -1 where these are NaN.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above, or a label is not below `classes`.

    References
    ----------
    .. [1] Lin, T.-Y. et al., "Microsoft COCO: common objects in context", ECCV 2014; https://cocodataset.org/#detection-eval.

    Examples
    --------
    >>> from striate.detection import Detections, Objects, average_precision
    >>> objects = [Objects([[0, 0, 40, 40], [50, 50, 90, 90]], labels=[0, 0])]
    >>> found = [Detections([[0, 0, 40, 40], [50, 0, 90, 40], [50, 50, 90, 80]], labels=[0, 0, 0], scores=[0.9, 0.8, 0.7])]
    >>> result = average_precision(objects, found, classes=1)
    >>> round(result.ap50, 3), round(result.ap75, 3), result.recall1
    (0.835, 0.835, 0.5)
    """
    objects, detections = check_all("objects", objects, Objects), check_all("detections", detections, Detections)
    classes = integer("classes", classes, 1)
    if len(objects) != len(detections):
        raise ValueError(f"objects has {len(objects)} elements and detections {len(detections)}; expected one for each image")
    for name, given in (("objects", objects), ("detections", detections)):
        for i, each in enumerate(given):
            if len(each) and each.labels.max() >= classes:
                raise ValueError(f"{name}[{i}] holds the label {each.labels.max()}; expected labels below classes={classes}")
    # (classes, counts, areas, thresholds), and with a last axis of recalls
    recall = np.full((classes, len(_COUNTS), len(_AREAS), len(THRESHOLDS)), np.nan)
    precision = np.full((classes, len(_COUNTS), len(_AREAS), len(THRESHOLDS), len(_RECALLS)), np.nan)
    for label in range(classes):
        pairs = zip(objects, detections, strict=True)
        matched = [_match(each[each.labels == label], found[found.labels == label]) for each, found in pairs]
        for i, count in enumerate(_COUNTS):
            recall[label, i], precision[label, i] = _curves(matched, count)
    return _summary(recall, precision)


class _Matched(NamedTuple):
    """The detections of a class in an image, the best first, and how many objects there are to be found."""

    scores: np.ndarray  # (detections,)
    right: np.ndarray  # (areas, thresholds, detections): matched with an object
    ignored: np.ndarray  # (areas, thresholds, detections): neither right nor wrong
    objects: np.ndarray  # (areas,): number of objects that are not to be ignored


def _match(objects, found):
    """Match detections of one class in one image with objects."""
    found = found[np.argsort(-found.scores, kind="stable")[: _COUNTS[-1]]]
    outside = _outside(objects.areas)
    ignored = outside | objects.ignored  # (areas, objects)
    shape = len(_AREAS), len(THRESHOLDS), len(found)
    right, neither = np.zeros(shape, bool), np.zeros(shape, bool)
    if len(found) and len(objects):
        overlaps = _overlaps(found.boxes, objects)
        free = np.ones((len(_AREAS), len(THRESHOLDS), len(objects)), bool)
        least = np.minimum(THRESHOLDS, 1 - _ROUNDING)[:, np.newaxis]
        for i in np.flatnonzero(overlaps.max(1) >= least[0]):
            possible = (free | objects.ignored) & (overlaps[i] >= least)
            wanted = possible & ~ignored[:, np.newaxis]
            possible = np.where(wanted.any(-1, keepdims=True), wanted, possible)
            # The last of several objects with the same overlap is chosen.
            chosen = len(objects) - 1 - np.where(possible, overlaps[i], -1)[..., ::-1].argmax(-1)
            right[..., i] = possible.any(-1)
            neither[..., i] = right[..., i] & np.take_along_axis(ignored, chosen, 1)
            sizes, thresholds = np.nonzero(right[..., i])
            free[sizes, thresholds, chosen[sizes, thresholds]] = False
    neither |= ~right & _outside(areas(found.boxes))[:, np.newaxis]
    return _Matched(found.scores, right, neither, (~ignored).sum(1))


def _outside(sizes):
    """Return (areas, boxes): whether a box has not the size that is asked about."""
    return (sizes < _AREAS[:, :1]) | (sizes > _AREAS[:, 1:])


def _overlaps(boxes, objects):
    """Return the overlap of boxes with objects; with crowds, it is the part of the box that lies in it."""
    boxes, of_objects = boxes.astype(np.float64), objects.boxes.astype(np.float64)
    shared = intersections(boxes, of_objects)
    own = areas(boxes)[:, np.newaxis]
    union = np.where(objects.ignored, own, own + areas(of_objects) - shared)
    return ratio(shared, union)


def _curves(matched, count):
    """Return recalls (areas, thresholds) and precisions (areas, thresholds, recalls) of a class.

    Parameters
    ----------
    matched : list of _Matched
        Detections and objects of each image.
    count : int
        Number of detections that count in an image.
    """
    recall, precision = np.full((len(_AREAS), len(THRESHOLDS)), np.nan), np.full((len(_AREAS), len(THRESHOLDS), 101), np.nan)
    total = sum(each.objects for each in matched) if matched else np.zeros(len(_AREAS), int)
    order = np.argsort(-np.concatenate([each.scores[:count] for each in matched]), kind="stable") if matched else []
    for area in np.flatnonzero(total):
        right, ignored = (
            np.concatenate([getattr(each, name)[area, :, :count] for each in matched], -1)[:, order]
            for name in ("right", "ignored")
        )
        true = np.cumsum(right & ~ignored, -1)
        wrong = np.cumsum(~right & ~ignored, -1)
        recalls, precisions = true / total[area], true / np.maximum(true + wrong, 1)
        precisions = np.maximum.accumulate(precisions[:, ::-1], -1)[:, ::-1]  # the best at this recall or a larger one
        recall[area] = recalls[:, -1] if len(order) else 0
        for threshold in range(len(THRESHOLDS)):
            places = np.searchsorted(recalls[threshold], _RECALLS)
            reached = places < len(order)
            precision[area, threshold] = 0
            precision[area, threshold, reached] = precisions[threshold, places[reached]]
    return recall, precision


def _summary(recall, precision):
    last = len(_COUNTS) - 1
    at50, at75 = (int(np.argmin(abs(THRESHOLDS - each))) for each in (0.5, 0.75))
    return AveragePrecision(
        _mean(precision[:, last, _ALL]),
        _mean(precision[:, last, _ALL, at50]),
        _mean(precision[:, last, _ALL, at75]),
        *(_mean(precision[:, last, area]) for area in (_SMALL, _MEDIUM, _LARGE)),
        *(_mean(recall[:, i, _ALL]) for i in range(len(_COUNTS))),
        *(_mean(recall[:, last, area]) for area in (_SMALL, _MEDIUM, _LARGE)),
        np.array([_mean(each) for each in precision[:, last, _ALL]]),
        np.array([_mean(each) for each in precision[:, last, _ALL, at50]]),
    )


def _mean(values):
    """Return the mean of those values that are numbers, NaN if there are none."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")
