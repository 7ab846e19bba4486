"""The bilateral filter."""

import math

import numpy as np

from .._common.checks import integer, number
from .._common.docstrings import documented
from ..functional import filtering
from .arrays import LARGEST_RADIUS, LARGEST_SIGMA, as_batch, check_image, from_batch
from .borders import FILTER, window_of


@documented(FILTER)
def bilateral_filter(image, sigma_color, sigma_space=1.0, radius=None, border="reflect", value=0.0):
    """Blur images and keep their edges: pixels count less the farther they are, and the more their colours differ.

    Parameters
    ----------
    image : array_like of uint8, float32 or float64, shape (height, width), (height, width, channels) or with a batch
        Images of one or three channels. The three of a colour are filtered together: colours differ by their Euclidean
        distance.
    sigma_color : float
        Standard deviation of the Gaussian of differences, in the units of the image, above 0.
    sigma_space : float
        Standard deviation of the Gaussian of distances, in pixels, above 0 and at most 250.
    radius : int, optional
        Pixels on either side of the centre, at most 1000; ``ceil(3 sigma_space)`` if None. The window is square.

    Notes
    -----
    OpenCV's ``bilateralFilter`` takes a round window, and the sum of the channels' differences.

    References
    ----------
    .. [1] Tomasi, C. and Manduchi, R., "Bilateral filtering for gray and color images", ICCV 1998.

    Examples
    --------
    The step stays, what is small beside it is smoothed:

    >>> import numpy as np
    >>> from striate import image
    >>> x = np.array([[10, 14, 10, 200, 204, 200]], np.uint8)
    >>> image.bilateral_filter(x, 20.0)
    array([[ 11,  12,  11, 201, 202, 201]], dtype=uint8)
    """
    image = check_image("image", image, channels=(1, 3))
    kernel, sharpness = weights_of(sigma_color, sigma_space, radius)
    batch = as_batch(image)
    window = window_of(batch, kernel.shape, border, value)
    return from_batch(filtering.bilateral(batch, kernel, sharpness, window), image)


def weights_of(sigma_color, sigma_space, radius):
    """Return the weights of places (height, width), and how sharply weights fall as colours differ: ``exp(-sharpness d²)``."""
    sigma_color = number("sigma_color", sigma_color, 0, open_minimum=True)
    sigma_space = number("sigma_space", sigma_space, 0, LARGEST_SIGMA, open_minimum=True)
    radius = math.ceil(3 * sigma_space) if radius is None else integer("radius", radius, 0, LARGEST_RADIUS)
    squares = np.arange(-radius, radius + 1.0) ** 2
    return np.exp(-(squares[:, np.newaxis] + squares) / (2 * sigma_space**2)), 1 / (2 * sigma_color**2)
