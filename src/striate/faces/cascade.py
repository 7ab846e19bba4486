"""From what the networks of MTCNN predict to the boxes that the next one looks at, in NumPy.

Boxes "xyxy" are arrays of float32 in pixels, and offsets are those of their corners in parts of their sizes. Here and there a
box of integral corners counts as one pixel wider and higher than their difference: the corners are the first and the last
pixel, as in the authors' program.
"""

import numpy as np

from ..detection.boxes import ratio
from .networks import LANDMARKS, SIZES, STRIDE


def pyramid(size, smallest, factor):
    """Return the scales at which the first network looks at an image of a size, for faces of at least `smallest` pixels."""
    scale, scales = SIZES["pnet"] / smallest, []
    shorter = min(size) * scale
    while shorter >= SIZES["pnet"]:
        scales.append(scale)
        scale, shorter = scale * factor, shorter * factor
    return scales


def proposals(probabilities, offsets, scale, threshold):
    """Return boxes, scores and offsets of the windows of an image in which the first network sees a face.

    Parameters
    ----------
    probabilities : ndarray, shape (rows, columns)
        Probability of a face in each window.
    offsets : ndarray, shape (rows, columns, 4)
        Offsets of its box.
    scale : float
        Size of this image in parts of that in which boxes are.
    threshold : float
        Least probability.
    """
    rows, columns = np.nonzero(probabilities >= threshold)
    corners = STRIDE * np.stack([columns, rows], 1).astype(np.float32)
    # Where a quotient is nearly an integer, its rounding decides what floor returns: it is that of float32, as in PyTorch.
    first, last = (np.floor((corners + end) / np.float32(scale)) for end in (1, SIZES["pnet"]))
    return np.concatenate([first, last], 1), probabilities[rows, columns], offsets[rows, columns]


def moved(boxes, offsets, beyond):
    """Return boxes moved by offsets of their corners; their sizes are the differences of corners plus `beyond`."""
    return boxes + offsets * np.tile(boxes[:, 2:] - boxes[:, :2] + np.float32(beyond), 2)


def squares(boxes):
    """Return the squares around the centres of boxes, as large as their longer sides."""
    sizes = boxes[:, 2:] - boxes[:, :2]
    side = sizes.max(1, keepdims=True)
    begin = boxes[:, :2] + sizes / 2 - side / 2
    return np.concatenate([begin, begin + side], 1)


def within(boxes, size):
    """Return which boxes have pixels within an image, and those parts, from the first pixel to the last, as "xyxy" of int."""
    height, width = size
    first, last = np.maximum(np.trunc(boxes[:, :2]), 1) - 1, np.minimum(np.trunc(boxes[:, 2:]), [width, height])
    inside = (last > first).all(1)
    return inside, np.concatenate([first, last], 1)[inside].astype(np.int64)


def suppress_nested(boxes, scores, threshold):
    """Return the indices of the best boxes, without those of which a better one shares more than `threshold`.

    What two boxes share is compared with the smaller of them, unlike in `striate.detection.nms`, so that a face within a face
    is left out.
    """
    sizes = boxes[:, 2:] - boxes[:, :2] + 1
    areas = sizes.prod(1)
    kept, left = [], np.argsort(-scores, kind="stable")
    while len(left):
        best, left = left[0], left[1:]
        kept.append(best)
        begin, end = np.maximum(boxes[best, :2], boxes[left, :2]), np.minimum(boxes[best, 2:], boxes[left, 2:])
        shared = np.maximum(end - begin + 1, 0).prod(1)
        left = left[ratio(shared, np.minimum(areas[best], areas[left])) <= threshold]
    return np.array(kept, np.int64)


def placed(points, boxes):
    """Return landmarks (boxes, 5, 2), x and y in pixels, of points (boxes, 10) relative to boxes."""
    sizes = boxes[:, 2:] - boxes[:, :2] + 1
    x_and_y = points.reshape(len(points), 2, LANDMARKS).transpose(0, 2, 1)
    return x_and_y * sizes[:, np.newaxis] + boxes[:, np.newaxis, :2] - 1
