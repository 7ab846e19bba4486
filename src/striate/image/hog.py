"""Histograms of oriented gradients (HOG)."""

import numpy as np

from .._common.checks import choice, integer, pair
from .arrays import check_finite, check_image

_EPS = 1e-5
_CLIP = 0.2  # what "L2-Hys" limits elements to


def hog(image, orientations=9, cell_size=8, block_size=3, norm="L2-Hys"):
    """Return how strong gradients of which orientation are in each region of an image, compared with the regions around it.

    The image is divided into cells; in each, the lengths of the gradients are added up by orientation. Blocks of cells, which
    overlap, are normalized, so that light and contrast matter little.

    Parameters
    ----------
    image : array_like of uint8, float32 or float64, shape (height, width) or (height, width, channels)
        One image. With channels, each pixel has the gradient of that channel in which it is longest.
    orientations : int
        Number of bins for orientations, from 0 to 180 degrees.
    cell_size : int or pair of int
        Height and width of cells, in pixels. Pixels that do not fill a cell do not count.
    block_size : int or pair of int
        Height and width of blocks, in cells.
    norm : {"L2-Hys", "L2", "L1", "L1-sqrt"}
        How blocks are normalized. "L2-Hys" is "L2", with elements limited to 0.2, and "L2" again.

    Returns
    -------
    ndarray, shape (block rows, block columns, cells in a column, cells in a row, orientations)
        Of float32 for images of float32, otherwise float64. Its ``ravel()`` is the vector of features for a classifier.

    Raises
    ------
    TypeError, ValueError
        If `image` is not such an array, is smaller than a block, or holds NaN or infinity, or another argument is not what is
        described above.

    References
    ----------
    .. [1] Dalal, N. and Triggs, B., "Histograms of oriented gradients for human detection", CVPR 2005. Equal to
       ``skimage.feature.hog``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> edge = np.zeros((16, 16))
    >>> edge[:, 8:] = 1
    >>> features = image.hog(edge, 4, block_size=1)
    >>> features.shape
    (2, 2, 1, 1, 4)
    >>> features[0, 0, 0, 0].round(3)  # All gradients point to the right.
    array([1., 0., 0., 0.])
    """
    image = check_image("image", image, ndims=(2, 3))
    orientations = integer("orientations", orientations, 1, 1 << 16)
    cell_height, cell_width = pair("cell_size", cell_size)
    blocks = pair("block_size", block_size)
    norm = choice("norm", norm, ("L2-Hys", "L2", "L1", "L1-sqrt"))
    check_finite("image", image)
    rows, columns = image.shape[0] // cell_height, image.shape[1] // cell_width
    if rows < blocks[0] or columns < blocks[1]:
        raise ValueError(
            f"image has shape {image.shape}, {rows} x {columns} cells; expected at least the cells of a block, {blocks}"
        )
    x = image.astype(np.float64 if image.dtype == np.uint8 else image.dtype, copy=False)
    down, right = _gradient(x)
    lengths = np.hypot(right, down)
    angles = np.rad2deg(np.arctan2(down, right)) % 180
    edges = 180 / orientations * np.arange(1, orientations)
    bins = np.searchsorted(edges, angles.ravel(), "right").reshape(angles.shape)
    cells = np.arange(rows * columns).reshape(rows, columns).repeat(cell_height, 0).repeat(cell_width, 1)
    inside = slice(rows * cell_height), slice(columns * cell_width)
    counted = (cells * orientations + bins[inside]).ravel()
    sums = np.bincount(counted, lengths[inside].ravel(), rows * columns * orientations)
    histograms = sums.reshape(rows, columns, orientations) / (cell_height * cell_width)
    windows = np.lib.stride_tricks.sliding_window_view(histograms, blocks, (0, 1))
    return _normalized(np.moveaxis(windows, 2, -1), norm).astype(x.dtype, copy=False)


def _gradient(x):
    """Return differences of the neighbours below and above, and right and left, of each pixel; 0 at the border.

    Of an image with channels, those of the channel where they are longest.
    """
    down, right = np.zeros_like(x), np.zeros_like(x)
    down[1:-1] = x[2:] - x[:-2]
    right[:, 1:-1] = x[:, 2:] - x[:, :-2]
    if x.ndim == 2:
        return down, right
    longest = np.hypot(down, right).argmax(-1)[..., np.newaxis]
    return tuple(np.take_along_axis(each, longest, -1)[..., 0] for each in (down, right))


def _normalized(blocks, norm):
    """Return blocks (row, column, cell row, cell column, orientation), each divided by its norm."""

    def total(values):
        return values.sum((2, 3, 4), keepdims=True)

    if norm in ("L1", "L1-sqrt"):
        blocks = blocks / (total(blocks) + _EPS)
        return np.sqrt(blocks) if norm == "L1-sqrt" else blocks
    blocks = blocks / np.sqrt(total(blocks**2) + _EPS**2)
    if norm == "L2":
        return blocks
    blocks = np.minimum(blocks, _CLIP)
    return blocks / np.sqrt(total(blocks**2) + _EPS**2)
