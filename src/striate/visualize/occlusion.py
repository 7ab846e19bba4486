"""Explanations by occlusion: how a class's score drops when a part of the image is covered."""

import numpy as np

from .._common.checks import as_array, integer, pair
from .._common.docstrings import documented
from ..models.arrays import parts
from .scores import OF_QUESTION, Question


@documented(OF_QUESTION)
def occlusion(model, x, target=None, *, size=None, strides=None, fill=None, output=0, probability=False, batch_size=32):
    """Return how much a class's score drops when a patch around a pixel is covered [1]_.

    A patch slides over the image; each pixel gets the mean drop over all positions of the patch that cover it, and
    0 where none does.

    Parameters
    ----------
    size : int or pair of int, optional
        Height and width of the patch; a quarter of the image's, rounded up, if None.
    strides : int or pair of int, optional
        Pixels between neighbouring positions; half the size, rounded up, if None.
    fill : float or array_like, shape (channels,), optional
        What covers the image; the mean of all images, channel by channel, if None.
    batch_size : int
        Covered images computed at once.

    Returns
    -------
    ndarray, shape (batch, height, width)
        The drops: positive where the image speaks for the class.

    References
    ----------
    .. [1] Zeiler, M. D. & Fergus, R., "Visualizing and understanding convolutional networks", 2014, section 4.2.

    Examples
    --------
    A model that looks at the upper left pixel alone:

    >>> import numpy as np
    >>> from striate import Input, Model, visualize
    >>> image = Input((4, 4, 1))
    >>> model = Model(image, image[:, 0, 0])
    >>> visualize.occlusion(model, np.ones((4, 4, 1)), size=2, strides=2, fill=0)
    array([[1., 1., 0., 0.],
           [1., 1., 0., 0.],
           [0., 0., 0., 0.],
           [0., 0., 0., 0.]], dtype=float32)
    """
    question = Question(model, x, target, output, probability)
    if len(question.x) != 1 or question.x[0].ndim != 4:
        shapes = ", ".join(str(array.shape) for array in question.x)
        raise ValueError(f"x has shape {shapes}; expected images (batch, height, width, channels), the model's only input")
    (images,) = question.x
    sizes = images.shape[1:3]
    size = tuple(-(-each // 4) for each in sizes) if size is None else pair("size", size)
    size = tuple(map(min, size, sizes))
    strides = tuple(-(-each // 2) for each in size) if strides is None else pair("strides", strides)
    fill = images.mean((0, 1, 2)) if fill is None else as_array("fill", fill, images.dtype)
    if fill.shape not in ((), images.shape[3:]):
        raise ValueError(f"fill has shape {fill.shape}; expected a number, or one for each of {images.shape[3]} channels")
    places = [
        _patch(row, column, size)
        for row in _starts(sizes[0], size[0], strides[0])
        for column in _starts(sizes[1], size[1], strides[1])
    ]
    batch_size = integer("batch_size", batch_size, 1)
    drops, covered = np.zeros(images.shape[:3]), np.zeros(sizes)
    for place in places:
        covered[place] += 1
    for i, image in enumerate(images):
        before = question.differentiate([image[np.newaxis]], slice(i, i + 1), []).objective[0]
        for part in parts(len(places), batch_size):
            some = places[part]
            changed = np.repeat(image[np.newaxis], len(some), 0)
            for each, place in zip(changed, some, strict=True):
                each[place] = fill
            for place, after in zip(some, question.differentiate([changed], np.full(len(some), i), []).objective, strict=True):
                drops[i][place] += before - after
    drops = (drops / np.maximum(covered, 1)).astype(images.dtype)
    return drops[0] if question.alone else drops


def _starts(length, size, stride):
    """Return where patches begin along an axis, the last one at its end, so that every pixel is covered."""
    starts = list(range(0, length - size + 1, stride))
    return starts if starts[-1] == length - size else [*starts, length - size]


def _patch(row, column, size):
    return slice(row, row + size[0]), slice(column, column + size[1])
