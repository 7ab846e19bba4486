"""Correlation and convolution: sums of the pixels around each one, weighted by a kernel."""

import numpy as np

from .._common.checks import as_array, choice, real_array, shown
from .._common.docstrings import documented
from ..functional import filtering
from .arrays import as_batch, check_image, from_batch
from .borders import FILTER, window_of

_KERNEL = """
    Parameters
    ----------
    kernel : array_like, shape (kernel height, kernel width)
        Weights, finite.
    """


@documented(FILTER, _KERNEL)
def correlate(image, kernel, border="reflect", value=0.0):
    """Correlate images with a kernel: each pixel becomes the sum of those around it, weighted by the kernel as it is written.

    ::

        y[i, j] = sum over k, l of kernel[k, l] * image[i + k - kernel height // 2, j + l - kernel width // 2]

    Notes
    -----
    Kernels that are a product of a column and a row, or a sum of a few, are found to be so, and applied along columns and rows:
    a Gaussian of 31×31 costs 62 multiplications for a pixel, not 961. uint8 is computed in float32: exact where the kernel's
    numbers and all sums are multiples of a power of two that fit into 24 bits, as with the kernels of `striate.image`;
    otherwise a sum within 1e-4 of a half, or so, may be rounded to either side.

    See Also
    --------
    convolve : The same with the kernel turned round.

    Examples
    --------
    Each pixel becomes its right neighbour; `convolve` would take the left one:

    >>> import numpy as np
    >>> from striate import image
    >>> image.correlate(np.array([[1, 2, 3, 4]], np.uint8), [[0, 0, 1]], border="zero")
    array([[2, 3, 4, 0]], dtype=uint8)
    """
    return _weighted(image, check_kernel(kernel), border, value, False)


@documented(FILTER, _KERNEL)
def convolve(image, kernel, border="reflect", value=0.0):
    """Convolve images with a kernel: correlate them with the kernel turned by 180°, that is flipped along both axes.

    ::

        y[i, j] = sum over k, l of kernel[k, l] * image[i + kernel height // 2 - k, j + kernel width // 2 - l]

    A kernel that looks the same in both directions, such as a Gaussian, makes no difference. "Convolutions" of neural networks
    are correlations: see `striate.functional.conv2d`.

    See Also
    --------
    correlate : The same with the kernel as it is written, and how it is computed.

    Examples
    --------
    A single bright pixel becomes the kernel itself; `correlate` would show it turned round:

    >>> import numpy as np
    >>> from striate import image
    >>> x = np.zeros((3, 3), np.uint8)
    >>> x[1, 1] = 1
    >>> image.convolve(x, [[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    array([[1, 2, 3],
           [4, 5, 6],
           [7, 8, 9]], dtype=uint8)
    """
    return _weighted(image, check_kernel(kernel), border, value, True)


def convolve1d(f, g, mode="full"):
    """Convolve two functions of one variable, given by their values at whole numbers.

    ::

        (f * g)[n] = sum over m of f[m] * g[n - m]

    Parameters
    ----------
    f, g : array_like of real numbers, shape (size,)
        The functions, zero elsewhere.
    mode : {"full", "same", "valid"}
        Where the result is returned: wherever the functions overlap at all, ``len(f) + len(g) - 1`` values; at as many places
        as the longer one has, in the middle; or where they overlap completely.

    Returns
    -------
    ndarray of float64 or float32
        The latter if both functions are of float32.

    Raises
    ------
    TypeError, ValueError
        If `f` or `g` is not a row of at least one real number, or `mode` is unknown.

    Examples
    --------
    The chances of the sums of two dice, in 36ths:

    >>> from striate import image
    >>> image.convolve1d([1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1])
    array([1., 2., 3., 4., 5., 6., 5., 4., 3., 2., 1.])
    """
    f, g = _check_function("f", f), _check_function("g", g)
    mode = choice("mode", mode, ("full", "same", "valid"))
    dtype = np.float32 if f.dtype == g.dtype == np.float32 else np.float64
    if len(f) < len(g):
        f, g = g, f
    before = {"full": len(g) - 1, "same": len(g) // 2, "valid": 0}[mode]
    after = {"full": len(g) - 1, "same": len(g) - 1 - before, "valid": 0}[mode]
    row = np.pad(f.astype(dtype), (before, after))
    kernel = g[np.newaxis, ::-1].astype(np.float64)
    window = filtering.Window.centred(kernel.shape, "valid")
    return filtering.correlate(row[np.newaxis, np.newaxis, :, np.newaxis], kernel, window).ravel()


def separate(kernel):
    """Return a column and a row whose product is a kernel, or None if it is not separable.

    A separable kernel is applied along columns, then along rows, for the cost of a column and a row. `correlate` and `convolve`
    do so by themselves.

    Parameters
    ----------
    kernel : array_like, shape (kernel height, kernel width)
        Weights, finite.

    Returns
    -------
    tuple of ndarray of float64, shapes (kernel height,) and (kernel width,), or None

    Raises
    ------
    TypeError, ValueError
        If `kernel` is not such an array.

    Examples
    --------
    >>> from striate import image
    >>> image.separate([[1, 2, 1], [2, 4, 2], [1, 2, 1]])
    (array([2., 4., 2.]), array([0.5, 1. , 0.5]))
    >>> image.separate([[0, 1, 0], [1, -4, 1], [0, 1, 0]]) is None
    True
    """
    return filtering.product_of(check_kernel(kernel), 4 * np.finfo(np.float64).eps)


def _weighted(image, kernel, border, value, flipped):
    """Return images correlated with a kernel, flipped first or not."""
    image = check_image("image", image)
    batch = as_batch(image)
    window = window_of(batch, kernel.shape, border, value, flipped)
    return from_batch(filtering.correlate(batch, kernel[::-1, ::-1] if flipped else kernel, window), image)


def check_kernel(kernel):
    """Return the argument `kernel` as a matrix of float64."""
    array = real_array("kernel", kernel, np.float64)
    if array.ndim != 2 or not array.size:
        raise ValueError(f"kernel has shape {array.shape}; expected two axes, (height, width), with at least one weight")
    if not np.isfinite(array).all():
        raise ValueError(f"kernel={shown(kernel)} holds NaN or infinity; expected finite weights")
    return array


def _check_function(name, values):
    array = as_array(name, values)
    array = array if array.dtype == np.float32 else real_array(name, values, np.float64)
    if array.ndim != 1 or not array.size:
        raise ValueError(f"{name} has shape {array.shape}; expected one axis, with at least one value")
    return array
