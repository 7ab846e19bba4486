"""How good tracks are: MOTA, MOTP and IDF1.

Bernardin and Stiefelhagen, "Evaluating multiple object tracking performance: the CLEAR MOT metrics", 2008; Ristani et al.,
"Performance measures and a data set for multi-target, multi-camera tracking", ECCV 2016 workshops.
"""

from typing import NamedTuple

import numpy as np

from .._common.checks import number, sequence
from ..detection import iou
from ..detection.arrays import check_boxes
from ..detection.objects import check_all
from .assignment import assign
from .tracks import Tracks


class TrackingAccuracy(NamedTuple):
    """What `tracking_accuracy` returns. What would divide by zero is NaN.

    Examples
    --------
    >>> from striate import tracking
    >>> truth = [tracking.Tracks([[0, 0, 10, 10]], [0], [1.0], [5])] * 4
    >>> found = [tracking.Tracks([[1, 0, 11, 10]], [0], [1.0], [id]) for id in (1, 1, 2, 2)]
    >>> result = tracking.tracking_accuracy(truth, found)
    >>> result.mota, result.idf1, result.id_switches
    (0.75, 0.5, 1)
    """

    mota: float  # 1 - (misses + false positives + identity switches) / objects
    motp: float  # mean overlap (IoU) of what was found with what it is
    idf1: float  # the F1 score of boxes with the right identity
    id_precision: float  # part of the boxes found that have the right identity
    id_recall: float  # part of the objects that have the right identity
    id_switches: int  # how often an object was found with another identity than the last time
    misses: int  # objects that were not found, over all frames
    false_positives: int  # boxes that were found where no object is
    matches: int  # objects that were found
    objects: int  # objects over all frames


def tracking_accuracy(truth, found, iou_threshold=0.5, ignored=None):
    """Return how well the objects in the frames of a video were found, and kept their identities [1]_ [2]_.

    Parameters
    ----------
    truth : list of Tracks
        What is in each frame. Classes and scores do not count.
    found : list of Tracks
        What was found in each frame.
    iou_threshold : float
        Overlap, above 0, from which a box that was found is where an object is.
    ignored : list of array_like, shape (boxes, 4), optional
        For each frame, boxes "xyxy" of what nobody needs to find, such as things that are hardly seen: a box that was found
        there, and not where an object is, does not count.

    Returns
    -------
    TrackingAccuracy

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.
    ImportError
        If SciPy is not installed.

    References
    ----------
    .. [1] Bernardin, K. and Stiefelhagen, R., "Evaluating multiple object tracking performance: the CLEAR MOT metrics", 2008,
       section 2.2.
    .. [2] Ristani, E. et al., "Performance measures and a data set for multi-target, multi-camera tracking", ECCV 2016
       workshops, section 2.

    Examples
    --------
    >>> from striate import tracking
    >>> there = tracking.Tracks([[0, 0, 10, 10], [20, 0, 30, 10]], [0, 0], [1.0, 1.0], [1, 2])
    >>> found = tracking.Tracks([[0, 0, 10, 10], [50, 0, 60, 10]], [0, 0], [1.0, 1.0], [1, 3])
    >>> result = tracking.tracking_accuracy([there, there], [there, found])
    >>> result.mota, result.misses, result.false_positives
    (0.5, 1, 1)
    """
    truth, found = check_all("truth", truth, Tracks), check_all("found", found, Tracks)
    threshold = number("iou_threshold", iou_threshold, 0, 1, open_minimum=True)
    if len(truth) != len(found):
        raise ValueError(f"truth has {len(truth)} elements and found {len(found)}; expected equal numbers, one for each frame")
    if ignored is not None:
        found = _without_ignored(truth, found, ignored, threshold)
    overlaps = [iou(there.boxes, each.boxes) for there, each in zip(truth, found, strict=True)]
    counts = [_counts(*each) for each in zip(_matched(truth, found, overlaps, threshold), overlaps, strict=True)]
    objects, boxes = sum(map(len, truth)), sum(map(len, found))
    matches, switches, overlap = (sum(each) for each in zip(*counts, strict=True)) if counts else (0, 0, 0.0)
    right = _right_identities(truth, found, overlaps, threshold)
    misses, false_positives = objects - matches, boxes - matches
    return TrackingAccuracy(
        1 - _ratio(misses + false_positives + switches, objects),
        _ratio(overlap, matches),
        _ratio(2 * right, objects + boxes),
        _ratio(right, boxes),
        _ratio(right, objects),
        switches,
        misses,
        false_positives,
        matches,
        objects,
    )


def _without_ignored(truth, found, ignored, threshold):
    """Return what was found, without boxes that do not count since they are where nobody needs to find anything."""
    ignored = sequence("ignored", ignored, "boxes, for each frame")
    if len(ignored) != len(found):
        raise ValueError(f"ignored has {len(ignored)} elements and found {len(found)}; expected equal numbers")
    kept = []
    for i, (there, each, boxes) in enumerate(zip(truth, found, ignored, strict=True)):
        beside = iou(check_boxes(f"ignored[{i}]", boxes), each.boxes).max(0, initial=0) >= threshold
        kept.append(each[~beside | (iou(there.boxes, each.boxes).max(0, initial=0) >= threshold)])
    return kept


def _ratio(part, whole):
    return float(part / whole) if whole else float("nan")


def _matched(truth, found, overlaps, threshold):
    """Yield for each frame the rows and columns of its matches, and which of them have another identity than the last time.

    An object stays matched with the identity that it was last matched with, as long as their boxes overlap enough; the others
    are assigned so that as many as possible are matched, and of these with the largest overlaps.
    """
    last = {}  # the identity that each object was last matched with
    for there, each, overlap in zip(truth, found, overlaps, strict=True):
        allowed = overlap >= threshold
        known = np.array([last.get(id, -1) for id in there.ids.tolist()], np.int64)
        rows, columns = np.nonzero(allowed & (known[:, np.newaxis] == each.ids))
        columns, first = np.unique(columns, return_index=True)  # Two objects may have had one identity; the first keeps it.
        rows = rows[first]
        allowed[rows], allowed[:, columns] = False, False
        more = assign(1 - overlap, allowed)
        for i, j in zip(*more, strict=True):
            last[int(there.ids[i])] = int(each.ids[j])
        yield np.concatenate([rows, more[0]]), np.concatenate([columns, more[1]]), int((known[more[0]] >= 0).sum())


def _counts(matched, overlap):
    rows, columns, switches = matched
    return len(rows), switches, float(overlap[rows, columns].sum())


def _right_identities(truth, found, overlaps, threshold):
    """Return how many boxes have the right identity, if each object is one identity throughout: the one that makes it most."""
    true_ids, found_ids = ([each.ids for each in frames] for frames in (truth, found))
    rows, columns = (np.unique(np.concatenate([np.zeros(0, np.int64), *ids])) for ids in (true_ids, found_ids))
    shared = np.zeros((len(rows), len(columns)))
    for there, each, overlap in zip(true_ids, found_ids, overlaps, strict=True):
        i, j = np.nonzero(overlap >= threshold)
        np.add.at(shared, (np.searchsorted(rows, there[i]), np.searchsorted(columns, each[j])), 1)
    # Costs lie between 0 and 1, and pairs that share nothing may stay apart.
    pairs = assign(1 - shared / max(shared.max(initial=0), 1), np.ones(shared.shape, bool))
    return int(shared[pairs].sum())
