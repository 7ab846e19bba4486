"""Connected regions of binary images, and their properties."""

import math
from typing import NamedTuple

import numpy as np

from .._common.checks import as_array, choice, kernel_ready
from .arrays import BINARY, check_gray

_NEIGHBORS = (4, 8)


def label(image, neighbors=8):
    """Return the connected regions of a binary image: each pixel's number of its region.

    Parameters
    ----------
    image : array_like of bool, shape (height, width)
        The image; `threshold` makes one.
    neighbors : {8, 4}
        Whether pixels that touch at a corner are connected, or only those that share a side.

    Returns
    -------
    ndarray of int32, shape (height, width)
        0 where the image is False, and 1, 2, … in the regions, numbered by their first pixels, row by row.

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array, or `neighbors` is neither 4 nor 8.

    Notes
    -----
    Equal to ``skimage.measure.label`` and ``scipy.ndimage.label``. The nodes of the graph whose components are found are runs
    of pixels in rows.

    References
    ----------
    .. [1] Zhang, Y., Azad, A. and Hu, Z., "FastSV: a distributed-memory connected component algorithm with fast convergence",
       SIAM PP 2020.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> x = np.array([[1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 0, 1]], bool)
    >>> image.label(x)
    array([[1, 0, 0, 2],
           [0, 1, 0, 2],
           [0, 0, 0, 2]], dtype=int32)
    >>> image.label(x, neighbors=4).max()
    np.int32(3)
    """
    image = check_gray("image", image, BINARY)
    reach = int(choice("neighbors", neighbors, _NEIGHBORS) == 8)
    stride = image.shape[1] + 2  # Places are those in an image with a column of False on both sides, so that runs end in rows.
    steps = np.diff(np.pad(image, ((0, 0), (1, 1))).ravel().view(np.int8), prepend=0)
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)  # A run ends before its end.
    # For each run, those of the row above from the first that ends behind its start, up to the last that starts before its end.
    first = np.searchsorted(ends, starts - stride - reach, "right")
    counts = np.searchsorted(starts, ends - stride + reach, "left") - first
    below = np.repeat(np.arange(len(starts)), counts)
    above = np.arange(len(below)) - np.repeat(np.cumsum(counts) - counts - first, counts)
    roots = _components(len(starts), below, above)
    _, numbers = np.unique(roots, return_inverse=True)
    labels = np.zeros(image.shape, np.int32)
    labels[image] = np.repeat(numbers + 1, ends - starts)
    return labels


def _components(count, u, v):
    """Return, for each of some nodes, the smallest node that it is connected to by edges between `u` and `v` (FastSV)."""
    parent = np.arange(count)
    grandparent = parent
    while True:
        for one, other in ((u, v), (v, u)):
            np.minimum.at(parent, parent[one], grandparent[other])
            np.minimum.at(parent, one, grandparent[other])
        parent = np.minimum(parent, grandparent)
        before, grandparent = grandparent, parent[parent]
        if np.array_equal(before, grandparent):
            return parent


class Region(NamedTuple):
    """What `region_properties` tells about a region.

    Parameters
    ----------
    label : int
        Its number in the image of labels.
    area : int
        How many pixels it has.
    bounding_box : tuple of int
        (first row, first column, last row + 1, last column + 1).
    centroid : tuple of float
        Mean row and column.
    orientation : float
        Angle between the rows' axis, which points down, and the longer axis of the ellipse with the same second moments, from
        -π/2 to π/2, counter-clockwise.
    axes : tuple of float
        Lengths of the ellipse's longer and shorter axis.
    perimeter : float
        Length of the line through the centres of the pixels at its border.
    euler_number : int
        How many parts it has, minus how many holes.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> region = image.region_properties(np.array([[0, 1, 1, 1], [0, 1, 0, 1], [0, 1, 1, 1]], bool))[0]
    >>> region.area, region.holes, region.bounding_box
    (8, 1, (0, 1, 3, 4))
    """

    label: int
    area: int
    bounding_box: tuple
    centroid: tuple
    orientation: float
    axes: tuple
    perimeter: float
    euler_number: int

    @property
    def holes(self):
        """How many holes a connected region has."""
        return 1 - self.euler_number

    @property
    def eccentricity(self):
        """How long the ellipse is: 0 for a circle, nearly 1 for a line."""
        longer, shorter = self.axes
        return math.sqrt(1 - (shorter / longer) ** 2) if longer else 0.0


def region_properties(image, neighbors=8):
    """Return the properties of the regions of an image.

    Parameters
    ----------
    image : array_like of bool or integers, shape (height, width)
        A binary image, whose connected regions are meant, or an image of labels as `label` returns it.
    neighbors : {8, 4}
        Which pixels are connected; see `label`. It matters for Euler numbers, too.

    Returns
    -------
    list of Region
        In the order of their labels.

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array, or has labels below 0, or `neighbors` is neither 4 nor 8.

    Notes
    -----
    Equal to ``skimage.measure.regionprops``.

    References
    ----------
    .. [1] Benkrid, K. and Crookes, D., "Design and FPGA implementation of a perimeter estimator", IMVIP 2000.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> x = np.zeros((6, 9), bool)
    >>> x[1:5, 1:5], x[2:4, 2:4], x[2, 6:9] = True, False, True
    >>> ring, line = image.region_properties(x)
    >>> ring.area, ring.bounding_box, ring.centroid, ring.holes
    (12, (1, 1, 5, 5), (2.5, 2.5), 1)
    >>> line.area, line.axes[1], round(line.orientation, 3)
    (3, 0.0, 1.571)
    """
    image = as_array("image", image)
    if image.dtype == bool:
        labels = label(image, neighbors)
    else:
        labels = _check_labels(image)
        neighbors = choice("neighbors", neighbors, _NEIGHBORS)
    begins = _begins_of_runs(labels)
    found, inside = np.unique(np.append(labels.ravel()[begins], 0), return_inverse=True)  # The background has the number 0.
    runs = begins, np.diff(begins, append=labels.size), inside[:-1]
    numbers = np.repeat(inside[:-1].astype(np.int32), runs[1]).reshape(labels.shape)
    count = len(found)
    properties = (
        found,
        *_moments(*runs, labels.shape, count),
        _perimeters(numbers, count),
        _euler_numbers(numbers, count, neighbors),
    )
    columns = [values[1:].tolist() for values in properties]
    return [
        Region(number, area, tuple(box), tuple(centroid), orientation, tuple(ellipse), perimeter, euler_number)
        for number, area, box, centroid, orientation, ellipse, perimeter, euler_number in zip(*columns, strict=True)
    ]


def _check_labels(image):
    if image.dtype.kind not in "iu":
        raise TypeError(f"image has dtype {image.dtype}; expected bool, or integers as labels")
    labels = check_gray("image", kernel_ready(image), (image.dtype.name,))
    if labels.min() < 0:
        raise ValueError(f"image holds {labels.min()}; expected labels of at least 0")
    return labels


def _begins_of_runs(labels):
    """Return the indices of pixels in the flat image at which a run of one label in a row begins."""
    begins = np.ones(labels.shape, bool)
    begins[:, 1:] = labels[:, 1:] != labels[:, :-1]
    return np.flatnonzero(begins)


def _moments(begins, lengths, inside, shape, count):
    """Return areas, bounding boxes, centroids, orientations and axes of regions.

    Pixels count in runs: each begins somewhere, and has a length and the number of its region. Sums of products of places are
    whole numbers, by which it is exact whether a region is symmetric.
    """
    height, width = shape
    rows, first = np.divmod(begins, width)
    last = first + lengths - 1
    top, left = np.full(count, height), np.full(count, width)
    bottom, right = np.zeros(count, np.int64), np.zeros(count, np.int64)
    np.minimum.at(top, inside, rows)
    np.minimum.at(left, inside, first)
    np.maximum.at(bottom, inside, rows + 1)
    np.maximum.at(right, inside, last + 1)
    # Places are counted from the middle of the box, as sums stay small that way.
    row_zero, column_zero = (top + bottom) // 2, (left + right) // 2
    rows, first, last = rows - row_zero[inside], first - column_zero[inside], last - column_zero[inside]
    columns = (first + last) * lengths // 2
    squares = _squares(last) - _squares(first - 1)
    area, r, c, rr, cc, rc = (
        np.bincount(inside, weights, count).astype(np.int64)
        for weights in (lengths, rows * lengths, columns, rows * rows * lengths, squares, rows * columns)
    )
    if int(np.maximum(rr, cc)[1:].max(initial=0)) * int(area[1:].max(initial=0)) >= 1 << 62:
        area, r, c, rr, cc, rc = (each.astype(object) for each in (area, r, c, rr, cc, rc))  # Python's integers have any size.
    down, across, mixed = area * rr - r * r, area * cc - c * c, area * rc - r * c  # times the area squared
    orientation = np.where(
        (down == across).astype(bool),
        np.where((mixed > 0).astype(bool), math.pi / 4, -math.pi / 4),
        np.arctan2((2 * mixed).astype(float), (down - across).astype(float)) / 2,
    )
    spread, both = np.hypot((down - across).astype(float), (2 * mixed).astype(float)), (down + across).astype(float)
    area = area.astype(np.int64)
    size = np.maximum(area, 1)[:, np.newaxis]
    axes = 4 * np.sqrt(np.maximum(np.stack([both + spread, both - spread], 1) / 2, 0)) / size
    centroid = np.stack([row_zero, column_zero], 1) + np.stack([r, c], 1).astype(float) / size
    return area, np.stack([top, left, bottom, right], 1), centroid, orientation, axes


def _squares(n):
    """Return the sum of the squares of 1 to n, or minus that of n + 1 to 0: differences are sums of squares of a run."""
    return n * (n + 1) * (2 * n + 1) // 6


def _perimeters(numbers, count):
    """Return the perimeters of regions by the pixels at their borders and the neighbours of these."""
    padded = np.pad(numbers, 1)

    def shifted(array, down, right):
        return array[1 + down : array.shape[0] - 1 + down, 1 + right : array.shape[1] - 1 + right]

    sides, corners = [(-1, 0), (1, 0), (0, -1), (0, 1)], [(-1, -1), (-1, 1), (1, -1), (1, 1)]
    at_border = (numbers > 0) & np.logical_or.reduce([shifted(padded, *step) != numbers for step in sides])
    rows, columns = np.nonzero(at_border)
    border = np.pad(numbers * at_border, 1)
    own = numbers[rows, columns]
    beside, diagonal = (
        sum((border[rows + 1 + down, columns + 1 + right] == own).astype(np.int64) for down, right in steps)
        for steps in (sides, corners)
    )
    codes = np.bincount(own * _CODES + 1 + 2 * beside + 10 * diagonal, minlength=count * _CODES)
    return codes.reshape(count, _CODES) @ _LENGTHS


#: Codes of pixels at a border: 1, plus 2 for each neighbour beside it and 10 for each at a corner that lies at the border, too.
_CODES = 50
_LENGTHS = np.zeros(_CODES)
_LENGTHS[[5, 7, 15, 17, 25, 27]] = 1
_LENGTHS[[21, 33]] = math.sqrt(2)
_LENGTHS[[13, 23]] = (1 + math.sqrt(2)) / 2


def _euler_numbers(numbers, count, neighbors):
    """Return the Euler numbers of regions: vertices minus edges plus faces.

    With 4 neighbours, the vertices are pixels, the edges pairs beside each other, and the faces squares of four of one region.
    With 8, pixels are faces, and the vertices and edges their corners and sides, each counted once.
    """

    def counted(array, where):
        return np.bincount(array[where], minlength=count)

    areas = np.bincount(numbers.ravel(), minlength=count)
    pairs = sum(counted(one, one == other) for one, other in ((numbers[1:], numbers[:-1]), (numbers[:, 1:], numbers[:, :-1])))
    if neighbors == 4:
        a, b, c, d = numbers[:-1, :-1], numbers[:-1, 1:], numbers[1:, :-1], numbers[1:, 1:]
        return areas - pairs + counted(a, (a == b) & (a == c) & (a == d))
    padded = np.pad(numbers, 1)
    a, b, c, d = padded[:-1, :-1], padded[:-1, 1:], padded[1:, :-1], padded[1:, 1:]
    vertices = counted(a, a >= 0) + counted(b, b != a) + counted(c, (c != a) & (c != b))
    vertices = vertices + counted(d, (d != a) & (d != b) & (d != c))
    return vertices - (4 * areas - pairs) + areas
