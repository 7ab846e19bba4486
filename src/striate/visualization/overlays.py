"""Colors over images."""

import numpy as np

from .._common.checks import boolean, choice, integer, number, shown
from ..config import image_data_format

#: Steps between the colors of one class and the next, modulo 255, as in Keras.
_STEPS = np.array([2**25 - 1, 2**15 - 1, 2**21 - 1])


def draw_segmentation_masks(
    images,
    segmentation_masks,
    num_classes=None,
    color_mapping=None,
    alpha=0.8,
    blend=True,
    ignore_index=-1,
    data_format=None,
):
    """Return images with a color over the pixels of each class.

    Parameters
    ----------
    images : array_like, shape (batch, height, width, 3)
        Images, 0 to 255; with "channels_first", the channels come before the height.
    segmentation_masks : array_like of int, shape (batch, height, width, 1)
        Class of each pixel; with "channels_first", the single channel comes before the height.
    num_classes : int, optional
        Number of classes; one more than the largest class if None.
    color_mapping : dict of int to tuple of int, optional
        Colors of the classes.
    alpha : float
        How much of the color is seen, from 0 to 1.
    blend : bool
        Whether the colors are blended with the image; otherwise they replace it.
    ignore_index : int
        Class of pixels that stay as they are.
    data_format : {"channels_last", "channels_first"}, optional
        Where the channels are; `striate.config.image_data_format` if None.

    Returns
    -------
    ndarray, shape (batch, height, width, 3)
        Images of uint8, or of float32 if they are not blended.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import visualization
    >>> images, classes = np.zeros((1, 1, 2, 3)), np.array([[[[0], [1]]]])
    >>> visualization.draw_segmentation_masks(images, classes, color_mapping={0: (0, 0, 0), 1: (100, 50, 0)}).tolist()
    [[[[0, 0, 0], [80, 40, 0]]]]
    """
    data_format = choice("data_format", data_format or image_data_format(), ("channels_last", "channels_first"))
    images, classes = np.asarray(images, np.float32), np.asarray(segmentation_masks)
    if data_format == "channels_first" and images.ndim == classes.ndim == 4:
        images, classes = images.transpose(0, 2, 3, 1), classes.transpose(0, 2, 3, 1)
    if images.ndim != 4 or images.shape[-1] != 3:
        raise ValueError(f"images has shape {images.shape}; expected a batch of images with 3 channels")
    if classes.dtype.kind not in "iu":
        raise TypeError(f"segmentation_masks has dtype {classes.dtype.name}; expected integers")
    if classes.shape != (*images.shape[:3], 1):
        raise ValueError(f"segmentation_masks has shape {classes.shape}; expected {(*images.shape[:3], 1)}, as images has")
    alpha, blend = number("alpha", alpha, 0, 1), boolean("blend", blend)
    valid = classes != integer("ignore_index", ignore_index, -(1 << 31))
    count = max(int(classes.max(initial=0, where=valid)) + 1, 1) if num_classes is None else num_classes
    count = integer("num_classes", count, 1)
    if color_mapping is None:
        colors = np.arange(count)[:, np.newaxis] * _STEPS % 255
    else:
        lacking = [each for each in range(count) if each not in color_mapping]
        if lacking:
            raise ValueError(f"color_mapping={shown(color_mapping)} has no colors of the classes {lacking}; expected all")
        colors = np.array([color_mapping[each] for each in range(count)])
    known = (classes >= 0) & (classes < count)
    drawn = np.where(known, colors[np.where(known, classes, 0)[..., 0]], images).astype(np.float32)
    if not blend:
        return drawn
    return np.where(valid, images * (1 - alpha) + drawn * alpha, images).astype(np.uint8)
