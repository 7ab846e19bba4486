"""Filters of `striate.image` as functions of symbolic tensors, with their gradients: for layers that filter."""

import numpy as np

from .._common.checks import pair
from .._common.docstrings import documented
from ..engine.operators import apply
from ..functional.filtering import Window
from ..image import bilateral, filters
from ..image.borders import check_border
from ..image.correlation import check_kernel
from ..image.morphology import check_element
from ._functions import shape_of
from .numpy import expand_dims, squeeze

#: What the functions have in common, for their docstrings.
_FILTER = """
    Parameters
    ----------
    images : array_like or symbolic tensor, shape (batch, height, width, channels) or (height, width, channels)
        Images.
    kernel : array_like, shape (kernel height, kernel width)
        Weights, such as ``striate.image.gaussian_kernel(2)``.
    size : int or pair of int
        Height and width of the window.
    element : int, pair of int, or array_like of bool, shape (element height, element width)
        The structuring element.
    sigma, radius
        As in `striate.image.gaussian_filter`.
    border, value
        How images go on beyond their borders, as in `striate.image.correlate`.

    Returns
    -------
    ndarray or symbolic tensor
        The filtered images.
    """


@documented(_FILTER)
def correlate(images, kernel, border="reflect", value=0.0):
    """Return images correlated with a fixed kernel, channel by channel.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image, ops
    >>> x = np.array([0, 0, 1, 1], np.float32).reshape(1, 4, 1)
    >>> ops.image.correlate(x, image.sobel_kernel(axis=1)).ravel()
    array([0., 4., 4., 0.], dtype=float32)
    """
    kernel = check_kernel(kernel).copy()  # A model keeps it.
    return _filtered(images, "correlate_windows", kernel.shape, border, value, False, kernel=kernel)


@documented(_FILTER)
def convolve(images, kernel, border="reflect", value=0.0):
    """Return images convolved with a fixed kernel: `correlate` with the kernel turned by 180°.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> x = np.array([1, 2, 3, 4], np.float32).reshape(1, 4, 1)
    >>> ops.image.convolve(x, [[0, 0, 1]], border="zero").ravel()
    array([0., 1., 2., 3.], dtype=float32)
    """
    kernel = check_kernel(kernel)[::-1, ::-1].copy()  # A model keeps it.
    return _filtered(images, "correlate_windows", kernel.shape, border, value, True, kernel=kernel)


@documented(_FILTER)
def box_filter(images, size=3, border="reflect", value=0.0):
    """Return the means of windows.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.image.box_filter(np.array([0, 9, 0, 0], np.float32).reshape(1, 4, 1), (1, 3)).ravel()
    array([3., 3., 3., 0.], dtype=float32)
    """
    return correlate(images, filters.box_kernel(size), border, value)


@documented(_FILTER)
def gaussian_filter(images, sigma=1.0, radius=None, border="reflect", value=0.0):
    """Return images blurred by a Gaussian.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.image.gaussian_filter(np.array([0, 0, 1, 0, 0], np.float32).reshape(1, 5, 1), 0.5).ravel().round(3)
    array([0.   , 0.106, 0.787, 0.106, 0.   ], dtype=float32)
    """
    return correlate(images, filters.gaussian_kernel(sigma, radius), border, value)


@documented(_FILTER)
def bilateral_filter(images, sigma_color, sigma_space=1.0, radius=None, border="reflect", value=0.0):
    """Return images blurred, except for their edges.

    Parameters
    ----------
    images : array_like or symbolic tensor, shape (batch, height, width, channels) or (height, width, channels)
        Images of one or three channels.
    sigma_color, sigma_space, radius
        As in `striate.image.bilateral_filter`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> x = np.array([1.0, 1.4, 1.0, 20.0, 20.4, 20.0], np.float32).reshape(1, 6, 1)
    >>> ops.image.bilateral_filter(x, 2.0).ravel().round(1)
    array([ 1.1,  1.2,  1.1, 20.1, 20.2, 20.1], dtype=float32)
    """
    kernel, sharpness = bilateral.weights_of(sigma_color, sigma_space, radius)
    shape = shape_of(images)
    if len(shape) in (3, 4) and shape[-1] not in (1, 3):
        raise ValueError(f"images has shape {shape}, {shape[-1]} channels; expected 1 or 3")
    return _filtered(images, "bilateral", kernel.shape, border, value, False, kernel=kernel, sharpness=sharpness)


@documented(_FILTER)
def erode(images, element=3, border="reflect", value=0.0):
    """Return the smallest pixels that a structuring element picks; the gradient goes to the first of them.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.image.erode(np.array([0, 9, 9, 9, 0], np.float32).reshape(1, 5, 1), (1, 3)).ravel()
    array([0., 0., 9., 0., 0.], dtype=float32)
    """
    element = check_element(element)
    return _filtered(images, "choose", element.shape, border, value, False, what="smallest", element=element)


@documented(_FILTER)
def dilate(images, element=3, border="reflect", value=0.0):
    """Return the largest pixels that a structuring element, turned by 180°, picks; the gradient goes to the first of them.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.image.dilate(np.array([0, 0, 9, 0, 0], np.float32).reshape(1, 5, 1), (1, 3)).ravel()
    array([0., 9., 9., 9., 0.], dtype=float32)
    """
    element = check_element(element)[::-1, ::-1]
    return _filtered(images, "choose", element.shape, border, value, True, what="largest", element=element)


@documented(_FILTER)
def median_filter(images, size=3, border="reflect", value=0.0):
    """Return the medians of windows; the gradient goes to the first pixel that is it.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.image.median_filter(np.array([1, 2, 99, 4, 5], np.float32).reshape(1, 5, 1), (1, 3)).ravel()
    array([1., 2., 4., 5., 5.], dtype=float32)
    """
    size = pair("size", size)
    return _filtered(images, "choose", size, border, value, False, what="median", element=np.ones(size, bool))


def _filtered(images, function, size, border, value, flipped, **settings):
    shape = shape_of(images)
    if len(shape) == 3:
        whole = expand_dims(images, 0)
        return squeeze(_filtered(whole, function, size, border, value, flipped, **settings), 0)
    if len(shape) != 4:
        raise ValueError(f"images has shape {shape}; expected (batch, height, width, channels) or (height, width, channels)")
    border, value = check_border(border, value, size, shape[1:3])
    return apply(function, images, window=Window.centred(size, border, value, flipped), **settings)
