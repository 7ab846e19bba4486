"""Filters of `striate.image` as functions of symbolic tensors, with their gradients: for layers that filter."""

import numpy as np

from .._common.checks import pair
from ..engine.operators import apply
from ..functional.filtering import Window
from ..image import bilateral, filters
from ..image.borders import check_border
from ..image.correlation import check_kernel
from ..image.morphology import check_element
from ._functions import shape_of
from .numpy import expand_dims, squeeze


def correlate(images, kernel, border="reflect", value=0.0):
    """Return images correlated with a fixed kernel, (height, width), channel by channel.

    Parameters
    ----------
    images : array_like or symbolic tensor, shape (batch, height, width, channels) or (height, width, channels)
        Images.
    kernel : array_like, shape (kernel height, kernel width)
        Weights, such as ``striate.image.gaussian_kernel(2)``.
    border, value
        As in `striate.image.correlate`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import image, ops
    >>> x = np.array([0, 0, 1, 1], np.float32).reshape(1, 4, 1)
    >>> ops.image.correlate(x, image.sobel_kernel(axis=1)).ravel()
    array([0., 4., 4., 0.], dtype=float32)
    """
    kernel = check_kernel(kernel)
    return _filtered(images, "correlate_windows", kernel.shape, border, value, False, kernel=kernel)


def convolve(images, kernel, border="reflect", value=0.0):
    """Return images convolved with a fixed kernel: `correlate` with the kernel turned by 180°."""
    kernel = check_kernel(kernel)
    return _filtered(images, "correlate_windows", kernel.shape, border, value, True, kernel=kernel[::-1, ::-1])


def box_filter(images, size=3, border="reflect", value=0.0):
    """Return the means of windows; see `striate.image.box_filter`."""
    return correlate(images, filters.box_kernel(size), border, value)


def gaussian_filter(images, sigma=1.0, radius=None, border="reflect", value=0.0):
    """Return images blurred by a Gaussian; see `striate.image.gaussian_filter`."""
    return correlate(images, filters.gaussian_kernel(sigma, radius), border, value)


def bilateral_filter(images, sigma_color, sigma_space=1.0, radius=None, border="reflect", value=0.0):
    """Return images of one or three channels blurred, except for their edges; see `striate.image.bilateral_filter`."""
    kernel, sharpness = bilateral.check_weights(sigma_color, sigma_space, radius)
    shape = shape_of(images)
    if len(shape) in (3, 4) and shape[-1] not in (1, 3):
        raise ValueError(f"images has shape {shape}, {shape[-1]} channels; expected 1 or 3")
    return _filtered(images, "bilateral", kernel.shape, border, value, False, kernel=kernel, sharpness=sharpness)


def erode(images, element=3, border="reflect", value=0.0):
    """Return the smallest pixels of windows; the gradient goes to the first of them. See `striate.image.erode`."""
    element = check_element(element)
    return _filtered(images, "choose", element.shape, border, value, False, what="smallest", element=element)


def dilate(images, element=3, border="reflect", value=0.0):
    """Return the largest pixels of windows; the gradient goes to the first of them. See `striate.image.dilate`."""
    element = check_element(element)[::-1, ::-1]
    return _filtered(images, "choose", element.shape, border, value, True, what="largest", element=element)


def median_filter(images, size=3, border="reflect", value=0.0):
    """Return the medians of windows; the gradient goes to the first pixel that is it. See `striate.image.median_filter`."""
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
