"""Linear filters by name, and the kernels that they are: blur, sharpen, lines, edges, derivatives."""

import math

import numpy as np

from .._common.checks import choice, integer, number, pair
from .._common.docstrings import documented
from ..functional import filtering
from ..functional.gaussian import gaussian
from .arrays import LARGEST_RADIUS, LARGEST_SIGMA, as_batch, check_image, from_batch
from .borders import FILTER, window_of
from .correlation import correlate

_SIZE = """
    Parameters
    ----------
    size : int or pair of int
        Height and width of the window.
    """
_SIGMA = """
    Parameters
    ----------
    sigma : float
        Standard deviation, in pixels, above 0 and at most 250.
    radius : int, optional
        Pixels on either side of the centre, at most 1000; ``round(4 sigma)`` if None, as in `scipy.ndimage`.
    """
_AXIS = """
    Parameters
    ----------
    axis : {0, 1}
        Along which the derivative is taken: 0 from one row to the next, which shows horizontal edges, 1 from one column to the
        next.
    """
_MADE = """
    Returns
    -------
    ndarray of float64

    Raises
    ------
    TypeError, ValueError
        If an argument is not what is described above.
    """

# ---------------------------------------------------------------------------------------------------------------------- blur


@documented(_SIZE, _MADE)
def box_kernel(size=3):
    """Return equal weights, whose sum is 1: `correlate` with it is `box_filter`.

    Examples
    --------
    >>> from striate import image
    >>> image.box_kernel(2)
    array([[0.25, 0.25],
           [0.25, 0.25]])
    """
    height, width = pair("size", size)
    return np.full((height, width), 1 / (height * width))


@documented(FILTER, _SIZE)
def box_filter(image, size=3, border="reflect", value=0.0):
    """Blur images: each pixel becomes the mean of those around it. The time hardly depends on the window's size.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.box_filter(np.array([[0, 0, 90, 0, 0]], np.uint8), (1, 3))
    array([[ 0, 30, 30, 30,  0]], dtype=uint8)
    """
    image = check_image("image", image)
    batch = as_batch(image)
    return from_batch(filtering.box(batch, window_of(batch, pair("size", size), border, value)), image)


@documented(_SIGMA, _MADE)
def gaussian_kernel(sigma=1.0, radius=None):
    """Return a Gaussian, whose sum is 1: ``exp(-(x² + y²) / (2 sigma²))`` at whole numbers.

    Examples
    --------
    >>> from striate import image
    >>> image.gaussian_kernel(0.8, radius=1).round(3)
    array([[0.057, 0.125, 0.057],
           [0.125, 0.272, 0.125],
           [0.057, 0.125, 0.057]])
    """
    weights = _gaussian(*_sigma_and_radius(sigma, radius))
    return np.outer(weights, weights)


@documented(FILTER, _SIGMA)
def gaussian_filter(image, sigma=1.0, radius=None, border="reflect", value=0.0):
    """Blur images by a Gaussian; equal to ``scipy.ndimage.gaussian_filter``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.gaussian_filter(np.array([[0, 0, 100, 0, 0]], np.uint8), 1.0)
    array([[ 6, 24, 40, 24,  6]], dtype=uint8)
    """
    return correlate(image, gaussian_kernel(sigma, radius), border, value)


# ------------------------------------------------------------------------------------------------------------------- sharpen


def sharpen_kernel():
    """Return the usual kernel that sharpens: a pixel and what it differs by from its four neighbours.

    Returns
    -------
    ndarray of float64

    Examples
    --------
    >>> from striate import image
    >>> image.sharpen_kernel()
    array([[ 0., -1.,  0.],
           [-1.,  5., -1.],
           [ 0., -1.,  0.]])
    """
    return np.array([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]])


@documented(FILTER)
def sharpen(image, border="reflect", value=0.0):
    """Sharpen images by `sharpen_kernel`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.sharpen(np.array([[10, 10, 20, 20]], np.uint8))
    array([[10,  0, 30, 20]], dtype=uint8)
    """
    return correlate(image, sharpen_kernel(), border, value)


@documented(_SIGMA, _MADE)
def unsharp_kernel(sigma=1.0, amount=1.0, radius=None):
    """Return the kernel of `unsharp_mask`.

    Parameters
    ----------
    amount : float
        How much of the difference is added.

    Examples
    --------
    >>> from striate import image
    >>> float(image.unsharp_kernel(1.0).sum().round(6))
    1.0
    """
    amount = number("amount", amount)
    kernel = -amount * gaussian_kernel(sigma, radius)
    kernel[kernel.shape[0] // 2, kernel.shape[1] // 2] += 1 + amount
    return kernel


@documented(FILTER, _SIGMA)
def unsharp_mask(image, sigma=1.0, amount=1.0, radius=None, border="reflect", value=0.0):
    """Sharpen images: add what a Gaussian blur takes away, ``image + amount * (image - blurred)``.

    Parameters
    ----------
    amount : float
        How much of the difference is added.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.unsharp_mask(np.array([[100, 100, 200, 200]], np.uint8))
    array([[ 94,  70, 230, 206]], dtype=uint8)
    """
    return correlate(image, unsharp_kernel(sigma, amount, radius), border, value)


# --------------------------------------------------------------------------------------------------------- lines and edges

_LINES = {
    "horizontal": [[-1, -1, -1], [2, 2, 2], [-1, -1, -1]],
    "vertical": [[-1, 2, -1], [-1, 2, -1], [-1, 2, -1]],
    "diagonal": [[2, -1, -1], [-1, 2, -1], [-1, -1, 2]],
    "antidiagonal": [[-1, -1, 2], [-1, 2, -1], [2, -1, -1]],
}
_DIRECTION = """
    Parameters
    ----------
    direction : {"horizontal", "vertical", "diagonal", "antidiagonal"}
        Of the lines: a diagonal goes from the top left to the bottom right.
    """


@documented(_DIRECTION, _MADE)
def line_kernel(direction="horizontal"):
    """Return the kernel that finds bright lines, one pixel wide.

    Examples
    --------
    >>> from striate import image
    >>> image.line_kernel("vertical")
    array([[-1.,  2., -1.],
           [-1.,  2., -1.],
           [-1.,  2., -1.]])
    """
    return np.array(_LINES[choice("direction", direction, tuple(_LINES))], np.float64)


@documented(FILTER, _DIRECTION)
def lines(image, direction="horizontal", border="reflect", value=0.0):
    """Find lines that are brighter than what is on either side, by `line_kernel`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.lines(np.array([[0, 0, 9, 0, 0]] * 3, np.uint8), "vertical")
    array([[ 0,  0, 54,  0,  0],
           [ 0,  0, 54,  0,  0],
           [ 0,  0, 54,  0,  0]], dtype=uint8)
    """
    return correlate(image, line_kernel(direction), border, value)


def edge_kernel():
    """Return the kernel that finds edges in all directions: by how much a pixel differs from its eight neighbours.

    Returns
    -------
    ndarray of float64

    Examples
    --------
    >>> from striate import image
    >>> image.edge_kernel()
    array([[-1., -1., -1.],
           [-1.,  8., -1.],
           [-1., -1., -1.]])
    """
    return -laplacian_kernel(8)


@documented(FILTER)
def detect_edges(image, border="reflect", value=0.0):
    """Find edges in all directions, by `edge_kernel`: pixels that are brighter than their neighbours.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.detect_edges(np.array([[10, 10, 20, 20]], np.uint8))
    array([[ 0,  0, 30,  0]], dtype=uint8)
    """
    return correlate(image, edge_kernel(), border, value)


_NEIGHBOURS = """
    Parameters
    ----------
    neighbors : {4, 8}
        How many neighbours are taken into account.
    """


@documented(_NEIGHBOURS, _MADE)
def laplacian_kernel(neighbors=4):
    """Return the kernel of the sum of second derivatives along both axes, and with 8 neighbours along both diagonals, too.

    Examples
    --------
    >>> from striate import image
    >>> image.laplacian_kernel()
    array([[ 0.,  1.,  0.],
           [ 1., -4.,  1.],
           [ 0.,  1.,  0.]])
    """
    if choice("neighbors", neighbors, (4, 8)) == 4:
        return np.array([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]])
    return np.array([[1.0, 1, 1], [1, -8, 1], [1, 1, 1]])


@documented(FILTER, _NEIGHBOURS)
def laplacian(image, neighbors=4, border="reflect", value=0.0):
    """Sum of second derivatives, by `laplacian_kernel`; with 4 neighbours equal to ``scipy.ndimage.laplace``.

    Notes
    -----
    It is negative where a pixel is brighter than its neighbours, which uint8 cannot hold: use floats to see both signs.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.laplacian(np.array([[0, 0, 1, 0, 0]], np.float32))
    array([[ 0.,  1., -2.,  1.,  0.]], dtype=float32)
    """
    return correlate(image, laplacian_kernel(neighbors), border, value)


@documented(_SIGMA, _MADE)
def laplacian_of_gaussian_kernel(sigma=1.0, radius=None):
    """Return the Laplacian of a Gaussian, the "Mexican hat" upside down.

    Examples
    --------
    >>> from striate import image
    >>> image.laplacian_of_gaussian_kernel(1.0, radius=1).shape
    (3, 3)
    """
    sigma, radius = _sigma_and_radius(sigma, radius)
    weights = _gaussian(sigma, radius)
    second = (np.arange(-radius, radius + 1.0) ** 2 / sigma**4 - 1 / sigma**2) * weights
    return np.outer(second, weights) + np.outer(weights, second)


@documented(FILTER, _SIGMA)
def laplacian_of_gaussian(image, sigma=1.0, radius=None, border="reflect", value=0.0):
    """Sum of second derivatives of images blurred by a Gaussian; equal to ``scipy.ndimage.gaussian_laplace``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.laplacian_of_gaussian(100 * np.eye(3), 1.0).round(1)
    array([[-38.5,   3.7,  34.8],
           [  3.7,  -7.3,   3.7],
           [ 34.8,   3.7, -38.5]])
    """
    return correlate(image, laplacian_of_gaussian_kernel(sigma, radius), border, value)


_SIGMAS = """
    Parameters
    ----------
    sigma : float
        Standard deviation of the first Gaussian, in pixels, above 0.
    ratio : float
        How many times as wide the second one is, above 1.
    """


@documented(_SIGMAS, _MADE)
def difference_of_gaussians_kernel(sigma=1.0, ratio=1.6):
    """Return a Gaussian less a wider one, which resembles the Laplacian of a Gaussian with its sign turned.

    Examples
    --------
    >>> from striate import image
    >>> image.difference_of_gaussians_kernel(1.0).shape
    (13, 13)
    """
    sigma = _sigma_and_radius(sigma, None)[0]
    wide = sigma * number("ratio", ratio, 1, open_minimum=True)
    if wide > LARGEST_SIGMA:
        raise ValueError(f"sigma={sigma} times ratio={ratio} is {wide}; expected at most {LARGEST_SIGMA}")
    wide, radius = _sigma_and_radius(wide, None)
    return gaussian_kernel(sigma, radius) - gaussian_kernel(wide, radius)


@documented(FILTER, _SIGMAS)
def difference_of_gaussians(image, sigma=1.0, ratio=1.6, border="reflect", value=0.0):
    """Images blurred by a Gaussian less the same blurred by a wider one: what is about as large as the Gaussians stays.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.difference_of_gaussians(np.ones((4, 4)), 1.0).round(6) + 0.0
    array([[0., 0., 0., 0.],
           [0., 0., 0., 0.],
           [0., 0., 0., 0.],
           [0., 0., 0., 0.]])
    """
    return correlate(image, difference_of_gaussians_kernel(sigma, ratio), border, value)


# --------------------------------------------------------------------------------------------------------------- derivatives

_SMOOTHING = {"sobel": (1.0, 2, 1), "prewitt": (1.0, 1, 1), "scharr": (3.0, 10, 3)}
_ALONG_COLUMNS = {name: np.outer((-1.0, 0, 1), smoothing) for name, smoothing in _SMOOTHING.items()}


def _derivative_kernel(name, axis):
    kernel = _ALONG_COLUMNS[name]
    return kernel.T if choice("axis", axis, (0, 1)) else kernel


@documented(_AXIS, _MADE)
def sobel_kernel(axis=0):
    """Return Sobel's kernel: a derivative along one axis, smoothed by 1, 2, 1 along the other.

    Examples
    --------
    >>> from striate import image
    >>> image.sobel_kernel(axis=1)
    array([[-1.,  0.,  1.],
           [-2.,  0.,  2.],
           [-1.,  0.,  1.]])
    """
    return _derivative_kernel("sobel", axis).copy()


@documented(FILTER, _AXIS)
def sobel(image, axis=0, border="reflect", value=0.0):
    """Derivative by `sobel_kernel`, 8 times as large as for one pixel; equal to ``scipy.ndimage.sobel``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.sobel(np.array([[0, 0, 1, 1]], np.float32), axis=1)
    array([[0., 4., 4., 0.]], dtype=float32)
    """
    return correlate(image, _derivative_kernel("sobel", axis), border, value)


@documented(_AXIS, _MADE)
def prewitt_kernel(axis=0):
    """Return Prewitt's kernel: a derivative along one axis, smoothed by 1, 1, 1 along the other.

    Examples
    --------
    >>> from striate import image
    >>> image.prewitt_kernel(axis=0)
    array([[-1., -1., -1.],
           [ 0.,  0.,  0.],
           [ 1.,  1.,  1.]])
    """
    return _derivative_kernel("prewitt", axis).copy()


@documented(FILTER, _AXIS)
def prewitt(image, axis=0, border="reflect", value=0.0):
    """Derivative by `prewitt_kernel`; equal to ``scipy.ndimage.prewitt``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.prewitt(np.array([[0, 0, 1, 1]], np.float32), axis=1)
    array([[0., 3., 3., 0.]], dtype=float32)
    """
    return correlate(image, _derivative_kernel("prewitt", axis), border, value)


@documented(_AXIS, _MADE)
def scharr_kernel(axis=0):
    """Return Scharr's kernel: a derivative along one axis, smoothed by 3, 10, 3 along the other.

    Examples
    --------
    >>> from striate import image
    >>> image.scharr_kernel(axis=0)
    array([[ -3., -10.,  -3.],
           [  0.,   0.,   0.],
           [  3.,  10.,   3.]])
    """
    return _derivative_kernel("scharr", axis).copy()


@documented(FILTER, _AXIS)
def scharr(image, axis=0, border="reflect", value=0.0):
    """Derivative by `scharr_kernel`, whose direction is more exact than that of `sobel`; equal to OpenCV's ``Scharr``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.scharr(np.array([[0, 0, 1, 1]], np.float32), axis=1)
    array([[ 0., 16., 16.,  0.]], dtype=float32)
    """
    return correlate(image, _derivative_kernel("scharr", axis), border, value)


def emboss_kernel():
    """Return the usual kernel of relief: light from the top left.

    Returns
    -------
    ndarray of float64

    Examples
    --------
    >>> from striate import image
    >>> image.emboss_kernel()
    array([[-2., -1.,  0.],
           [-1.,  1.,  1.],
           [ 0.,  1.,  2.]])
    """
    return np.array([[-2.0, -1, 0], [-1, 1, 1], [0, 1, 2]])


@documented(FILTER)
def emboss(image, border="reflect", value=0.0):
    """Make images look like a relief, by `emboss_kernel`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image
    >>> image.emboss(np.array([[10, 10, 20, 20]], np.uint8))
    array([[10, 40, 50, 20]], dtype=uint8)
    """
    return correlate(image, emboss_kernel(), border, value)


def _sigma_and_radius(sigma, radius):
    sigma = number("sigma", sigma, 0, LARGEST_SIGMA, open_minimum=True)
    return sigma, math.floor(4 * sigma + 0.5) if radius is None else integer("radius", radius, 0, LARGEST_RADIUS)


def _gaussian(sigma, radius):
    """Return a Gaussian of one dimension, whose sum is 1."""
    return gaussian(2 * radius + 1, sigma)
