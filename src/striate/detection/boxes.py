"""Boxes: their formats, their overlap, and the choice of the best among those that overlap.

A box is a row (x_min, y_min, x_max, y_max), the format "xyxy": x to the right and y down, in pixels from the upper left corner
of the image, so that a box around all of an image is (0, 0, width, height), and one pixel is a box of area 1.
"""

import numpy as np

from .._common.boxes import FORMATS, converted, is_relative
from .._common.boxes import areas as areas_of
from .._common.boxes import intersections as shared_areas
from .._common.checks import choice, integer, number, shown
from .._common.docstrings import documented
from .arrays import check_boxes, check_labels, check_rows_of_four, check_scores

#: Docstring sections of functions of pairs of boxes.
_PAIRS_DOC = """
    Parameters
    ----------
    first : array_like, shape (n, 4)
        Boxes "xyxy".
    second : array_like, shape (m, 4)
        Boxes "xyxy".

    Raises
    ------
    TypeError, ValueError
        If an argument is not such an array, or a box ends before it begins.
    """

#: Docstring sections of functions that choose among boxes.
_CANDIDATES_DOC = """
    Parameters
    ----------
    boxes : array_like, shape (boxes, 4)
        Boxes "xyxy".
    scores : array_like, shape (boxes,)
        How good they are.
    labels : array_like of int, shape (boxes,), optional
        Classes: boxes are only compared with those of the same class. None for one class.
    most : int, optional
        Number of boxes that are returned at most; all if None.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.
    """

#: Number of boxes, the best that are left, whose overlaps are computed at once.
_BLOCK = 64

#: Labels are moved apart by this many times the extent of all boxes, so that boxes of two classes never overlap.
_APART = 2


def convert_boxes(boxes, source, target, size=None):
    """Return boxes in another format.

    Parameters
    ----------
    boxes : array_like, shape (boxes, 4)
        Boxes.
    source, target : str
        Formats before and after: "xyxy" or "yxyx" (two corners), "xywh" (the upper left corner, width and height),
        "center_xywh" or "center_yxhw" (the centre and the size), and all but the last with ``"rel_"`` before it, where numbers
        are parts of the image's width and height.
    size : pair of int, optional
        Height and width of the image; needed between a format with ``"rel_"`` and one without.

    Returns
    -------
    ndarray, shape (boxes, 4)
        In the dtype of `boxes` if that is float32, else in float64.

    Raises
    ------
    TypeError, ValueError
        If `boxes` is not such an array, a format is unknown, or `size` is missing.

    Examples
    --------
    >>> from striate import detection
    >>> detection.convert_boxes([[10, 20, 30, 60]], "xyxy", "center_xywh")
    array([[20., 40., 20., 40.]])
    >>> detection.convert_boxes([[10, 20, 30, 60]], "xyxy", "rel_xywh", size=(80, 40))
    array([[0.25, 0.25, 0.5 , 0.5 ]])
    """
    boxes = check_rows_of_four("boxes", boxes)
    source, target = choice("source", source, FORMATS), choice("target", target, FORMATS)
    return converted(boxes, source, target, _checked_size(source, target, size))


def _checked_size(source, target, size):
    """Return the height and width of the image, or None if they do not matter."""
    if is_relative(source) == is_relative(target):
        return None
    if size is None:
        raise ValueError(f"size=None, and {source!r} is to become {target!r}; expected the height and width of the image")
    if not isinstance(size, (tuple, list)) or len(size) != 2:
        raise ValueError(f"size={shown(size)} is not a size; expected the height and width of the image")
    return [number(f"size[{i}]", each, 0, open_minimum=True) for i, each in enumerate(size)]


def clip_boxes(boxes, size):
    """Return the parts of boxes that lie inside an image; those outside become boxes without area on its border.

    Parameters
    ----------
    boxes : array_like, shape (boxes, 4)
        Boxes "xyxy".
    size : pair of int
        Height and width of the image.

    Returns
    -------
    ndarray, shape (boxes, 4)

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Examples
    --------
    >>> from striate import detection
    >>> detection.clip_boxes([[-5, 10, 20, 99]], size=(48, 64))
    array([[ 0., 10., 20., 48.]])
    """
    boxes = check_boxes("boxes", boxes)
    if not isinstance(size, (tuple, list)) or len(size) != 2:
        raise ValueError(f"size={shown(size)} is not a size; expected the height and width of the image")
    height, width = (integer(f"size[{i}]", each, 1) for i, each in enumerate(size))
    return np.clip(boxes, 0, np.array([width, height, width, height], boxes.dtype))


def areas(boxes):
    """Return the areas of boxes.

    Parameters
    ----------
    boxes : array_like, shape (boxes, 4)
        Boxes "xyxy".

    Returns
    -------
    ndarray, shape (boxes,)

    Raises
    ------
    TypeError, ValueError
        If `boxes` is not such an array, or a box ends before it begins.

    Examples
    --------
    >>> from striate import detection
    >>> detection.areas([[10, 20, 30, 60]])
    array([800.])
    """
    return areas_of(check_boxes("boxes", boxes))


@documented(_PAIRS_DOC)
def iou(first, second):
    """Return the overlap of each of some boxes with each of others: their intersection over their union.

    Returns
    -------
    ndarray, shape (n, m)
        From 0 for boxes that do not overlap to 1 for equal ones; 0 for two boxes without area.

    Examples
    --------
    >>> from striate import detection
    >>> detection.iou([[0, 0, 2, 2]], [[0, 0, 2, 2], [1, 0, 3, 2], [5, 5, 6, 6]]).round(3)
    array([[1.   , 0.333, 0.   ]])
    """
    return _overlaps(check_boxes("first", first), check_boxes("second", second))


def _overlaps(first, second):
    """Return the overlaps (n, m) of n checked boxes with m others."""
    shared = intersections(first, second)
    return ratio(shared, _unions(first, second, shared))


@documented(_PAIRS_DOC)
def giou(first, second):
    """Return the generalized overlap of each of some boxes with each of others [1]_.

    It is their `iou`, minus the part of the smallest box around both that neither covers. Unlike the overlap, it tells how far
    apart boxes are that do not overlap.

    Returns
    -------
    ndarray, shape (n, m)
        From -1 for boxes far apart to 1 for equal ones.

    References
    ----------
    .. [1] Rezatofighi, H. et al., "Generalized intersection over union: a metric and a loss for bounding box regression",
       CVPR 2019, algorithm 1.

    Examples
    --------
    >>> from striate import detection
    >>> detection.giou([[0, 0, 2, 2]], [[0, 0, 2, 2], [1, 0, 3, 2], [6, 0, 8, 2]]).round(3)
    array([[ 1.   ,  0.333, -0.5  ]])
    """
    first, second = check_boxes("first", first), check_boxes("second", second)
    shared = intersections(first, second)
    unions = _unions(first, second, shared)
    begin = np.minimum(first[:, np.newaxis, :2], second[:, :2])
    end = np.maximum(first[:, np.newaxis, 2:], second[:, 2:])
    hull = (end - begin).prod(-1)
    return ratio(shared, unions) - ratio(hull - unions, hull)


def intersections(first, second):
    """Return the areas (n, m) that each of n checked boxes shares with each of m others."""
    return shared_areas(first[:, np.newaxis], second)


def _unions(first, second, shared):
    return areas_of(first)[:, np.newaxis] + areas_of(second) - shared


def ratio(part, whole):
    """Return part / whole, 0 where the whole is 0."""
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)


@documented(_CANDIDATES_DOC)
def nms(boxes, scores, threshold=0.5, labels=None, most=None):
    """Return the indices of the best boxes, without those that overlap a better one: greedy non-maximum suppression.

    Parameters
    ----------
    threshold : float
        Overlap, from 0 to 1, beyond which the worse of two boxes is left out.

    Returns
    -------
    ndarray of int64, shape (kept,)
        Indices of the boxes that are kept, the best first; of boxes with equal scores the first.

    Examples
    --------
    >>> from striate import detection
    >>> boxes = [[0, 0, 10, 10], [1, 0, 11, 10], [20, 0, 30, 10]]
    >>> detection.nms(boxes, scores=[0.6, 0.9, 0.5])
    array([1, 2])
    >>> detection.nms(boxes, scores=[0.6, 0.9, 0.5], labels=[0, 1, 0])
    array([1, 0, 2])
    """
    boxes, scores, labels = _check_candidates(boxes, scores, labels)
    threshold = number("threshold", threshold, 0, 1)
    most = len(boxes) if most is None else integer("most", most, 0)
    order = np.argsort(-scores, kind="stable")
    boxes = _apart(boxes, labels)[order]
    kept, left = [], np.arange(len(order))
    while len(left) and len(kept) < most:
        block = left[:_BLOCK]
        beyond = _overlaps(boxes[block], boxes[left]) > threshold
        good = np.ones(len(left), bool)
        for i, best in enumerate(block):
            if good[i]:
                kept.append(order[best])
                good &= ~beyond[i]
        left = left[len(block) :][good[len(block) :]]
    return np.array(kept[:most], np.int64)


@documented(_CANDIDATES_DOC)
def soft_nms(boxes, scores, sigma=0.5, threshold=0.001, labels=None, most=None):
    """Return the best boxes and their scores, lowered by how much each overlaps better ones [1]_.

    Unlike `nms`, it keeps a box that overlaps a better one, with a score multiplied by ``exp(-iou² / sigma)``, since two
    objects may overlap.

    Parameters
    ----------
    scores : array_like, shape (boxes,)
        How good they are, 0 or more.
    sigma : float
        The smaller, the more scores are lowered, above 0.
    threshold : float
        Score below which a box is left out, at least 0.

    Returns
    -------
    indices : ndarray of int64, shape (kept,)
        Indices of the boxes that are kept, the best first.
    scores : ndarray, shape (kept,)
        Their new scores.

    References
    ----------
    .. [1] Bodla, N., Singh, B., Chellappa, R. and Davis, L., "Soft-NMS: improving object detection with one line of code", ICCV
       2017, equation 3.

    Examples
    --------
    >>> from striate import detection
    >>> indices, scores = detection.soft_nms([[0, 0, 10, 10], [1, 0, 11, 10], [20, 0, 30, 10]], scores=[0.6, 0.9, 0.5])
    >>> indices, scores.round(3)
    (array([1, 2, 0]), array([0.9  , 0.5  , 0.157]))
    """
    boxes, scores, labels = _check_candidates(boxes, scores, labels)
    if scores.size and scores.min() < 0:
        raise ValueError(f"scores holds {scores.min()!r}, below 0; expected numbers of at least 0")
    sigma = number("sigma", sigma, 0, open_minimum=True)
    threshold = number("threshold", threshold, 0)
    most = len(boxes) if most is None else integer("most", most, 0)
    boxes = _apart(boxes, labels)
    left = np.flatnonzero(scores >= threshold)
    scores = scores.copy()
    kept = []
    while len(left) and len(kept) < most:
        place = scores[left].argmax()
        best, left = left[place], np.delete(left, place)
        kept.append(best)
        scores[left] *= np.exp(-(overlaps(boxes[best], boxes[left]) ** 2) / sigma)
        left = left[scores[left] >= threshold]
    kept = np.array(kept, np.int64)
    return kept, scores[kept]


def overlaps(box, boxes):
    """Return the overlap of one checked box with each of others, in float64."""
    return _overlaps(box[np.newaxis].astype(np.float64), boxes.astype(np.float64))[0]


def _check_candidates(boxes, scores, labels):
    boxes = check_boxes("boxes", boxes)
    scores = check_scores("scores", scores, len(boxes))
    return boxes, scores, None if labels is None else check_labels("labels", labels, len(boxes))


def _apart(boxes, labels):
    """Return boxes in float64, moved so far apart that those of different classes do not overlap."""
    boxes = boxes.astype(np.float64)
    if labels is None or not len(boxes):
        return boxes
    classes = np.unique(labels, return_inverse=True)[1]
    return boxes + (_APART * np.ptp(boxes) * classes)[:, np.newaxis]
