"""The median filter."""

from .._common.checks import pair
from .._common.docstrings import documented
from ..functional import filtering
from .arrays import as_batch, check_image, from_batch
from .borders import FILTER, window_of

_MOST_PIXELS = 65535  # of a window that the kernel counts


@documented(FILTER)
def median_filter(image, size=3, border="reflect", value=0.0):
    """Replace each pixel by the median of those around it, which removes specks and keeps edges.

    Parameters
    ----------
    size : int or pair of int
        Height and width of the window, of at most 65535 pixels.

    Notes
    -----
    Equal to ``scipy.ndimage.median_filter`` and, for odd windows, to OpenCV's ``medianBlur``. Of an even number of pixels it is
    the larger of the two in the middle. NaN anywhere in a window makes its median NaN.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.median_filter(np.array([[1, 2, 255, 4, 5]], np.uint8), (1, 3))
    array([[1, 2, 4, 5, 5]], dtype=uint8)
    """
    image = check_image("image", image)
    size = pair("size", size)
    if size[0] * size[1] > _MOST_PIXELS:
        raise ValueError(f"size={size} is a window of {size[0] * size[1]} pixels; expected at most {_MOST_PIXELS}")
    batch = as_batch(image)
    return from_batch(filtering.median(batch, window_of(batch, size, border, value)), image)
