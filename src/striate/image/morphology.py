"""Morphology: what becomes of bright things in images when they shrink and grow."""

import numpy as np

from .._common.checks import as_array, choice, integer, pair, shown
from .._common.docstrings import documented
from ..functional import filtering
from .arrays import ANY, as_batch, check_image, from_batch
from .borders import FILTER, window_of

_ELEMENT = """
    Parameters
    ----------
    image : array_like of bool, uint8, float32 or float64, shape (height, width), (height, width, channels) or with a batch
        Images. Each channel is filtered by itself.
    element : int, pair of int, or array_like of bool, shape (element height, element width)
        The structuring element: the height and width of a rectangle, or which pixels around each one count, such as
        `structuring_element` returns. A rectangle is done in two steps, whose time hardly depends on its size.

    Returns
    -------
    ndarray of the image's shape and dtype
        NaN as far as the element reaches around a NaN.
    """


@documented(FILTER, _ELEMENT)
def erode(image, element=3, border="reflect", value=0.0):
    """Shrink what is bright: each pixel becomes the smallest of those that the element picks around it.

    Notes
    -----
    Equal to ``scipy.ndimage.grey_erosion`` and, with border "constant" and the largest value, OpenCV's ``erode``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.erode(np.array([[0, 9, 9, 9, 9, 0]], np.uint8), (1, 3))
    array([[0, 0, 9, 9, 0, 0]], dtype=uint8)
    """
    return _extreme(image, element, border, value, False)


@documented(FILTER, _ELEMENT)
def dilate(image, element=3, border="reflect", value=0.0):
    """Grow what is bright: each pixel becomes the largest of those that the element, turned by 180°, picks around it.

    Notes
    -----
    Turned, since a single bright pixel is to become the element itself, as in ``scipy.ndimage.grey_dilation``; OpenCV's
    ``dilate`` does not turn it.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.dilate(np.array([[False, False, True, False, False, False]]), [[True, True, False]])
    array([[False,  True,  True, False, False, False]])
    """
    return _extreme(image, element, border, value, True)


@documented(FILTER, _ELEMENT)
def open(image, element=3, border="reflect", value=0.0):
    """Remove bright things that are smaller than the element: `erode`, then `dilate`.

    Parameters
    ----------
    border : {"reflect", "mirror", "nearest", "wrap", "constant", "zero"}
        As in `erode`, of both steps.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.open(np.array([[0, 9, 0, 9, 9, 9, 0]], np.uint8), (1, 3))
    array([[0, 0, 0, 9, 9, 9, 0]], dtype=uint8)
    """
    return dilate(erode(image, element, _whole(border), value), element, border, value)


@documented(FILTER, _ELEMENT)
def close(image, element=3, border="reflect", value=0.0):
    """Fill dark gaps that are smaller than the element: `dilate`, then `erode`.

    Parameters
    ----------
    border : {"reflect", "mirror", "nearest", "wrap", "constant", "zero"}
        As in `erode`, of both steps.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.close(np.array([[9, 9, 0, 9, 9, 9]], np.uint8), (1, 3))
    array([[9, 9, 9, 9, 9, 9]], dtype=uint8)
    """
    return erode(dilate(image, element, _whole(border), value), element, border, value)


def structuring_element(shape, size):
    """Return a structuring element.

    Parameters
    ----------
    shape : {"rectangle", "ellipse", "cross", "diamond"}
        Its shape. An ellipse is made of the pixels whose centres lie within half a pixel of it.
    size : int or pair of int
        Its height and width.

    Returns
    -------
    ndarray of bool, shape `size`

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.

    Examples
    --------
    >>> from striate import image
    >>> image.structuring_element("ellipse", 5).astype(int)
    array([[0, 1, 1, 1, 0],
           [1, 1, 1, 1, 1],
           [1, 1, 1, 1, 1],
           [1, 1, 1, 1, 1],
           [0, 1, 1, 1, 0]])
    """
    shape = choice("shape", shape, ("rectangle", "ellipse", "cross", "diamond"))
    height, width = pair("size", size)
    rows, columns = np.arange(height)[:, np.newaxis] - (height - 1) / 2, np.arange(width) - (width - 1) / 2
    if shape == "rectangle":
        return np.ones((height, width), bool)
    if shape == "cross":
        return (np.arange(height)[:, np.newaxis] == height // 2) | (np.arange(width) == width // 2)
    if shape == "ellipse":
        return (2 * rows / height) ** 2 + (2 * columns / width) ** 2 <= 1
    return np.abs(2 * rows / (height + 1)) + np.abs(2 * columns / (width + 1)) <= 1


def _extreme(image, element, border, value, largest):
    image = check_image("image", image, ANY)
    element = check_element(element)
    batch = as_batch(image)
    if image.dtype == np.bool_:
        batch = batch.view(np.uint8)
        if border == "constant":
            value = integer("value", value, 0, 1) if not isinstance(value, float) else value
    window = window_of(batch, element.shape, border, value, flipped=largest)
    result = filtering.extreme(batch, element[::-1, ::-1] if largest else element, window, largest)
    return from_batch(result.view(image.dtype), image)


def check_element(element):
    """Return the argument `element` as a matrix of bool."""
    if np.ndim(element) < 2:
        return np.ones(pair("element", element), bool)
    array = as_array("element", element)
    if array.ndim != 2 or array.dtype.kind not in "buif" or (array.dtype.kind != "b" and not np.isin(array, (0, 1)).all()):
        raise ValueError(f"element={shown(element)} is no structuring element; expected two axes of bool, or of 0 and 1")
    if not array.any():
        raise ValueError(f"element={shown(element)} picks no pixels; expected at least one")
    return array.astype(bool)


def _whole(border):
    if isinstance(border, str) and border == "valid":
        raise ValueError("border='valid' is not possible in two steps; expected 'reflect' or another")
    return border
