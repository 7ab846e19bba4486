"""Blurred images and their edges, and how similar images are, of symbolic tensors too."""

import numpy as np

from .._common.checks import integer, number, shown
from .._common.errors import explain_all
from ..functional.gaussian import gaussian
from ..image.filters import sobel_kernel
from ._functions import shape_of
from ._images import checked_images, in_floats
from .core import cast, convert_to_tensor
from .data_formats import in_channels_last
from .filters import correlate
from .numpy import add, divide, mean, multiply, pad, square, stack, subtract


def gaussian_blur(images, kernel_size=(3, 3), sigma=(1.0, 1.0), data_format=None):
    """Return images blurred by a Gaussian, and surrounded by zeros.

    Parameters
    ----------
    images : array_like or symbolic tensor, shape (batch, height, width, channels) or (height, width, channels)
        Images.
    kernel_size : pair of int
        Width and height of the kernel.
    sigma : pair of float
        Standard deviations along the width and the height.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels.

    Returns
    -------
    array or symbolic tensor
        Images of the same shape and dtype.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.image.gaussian_blur(np.array([0.0, 0.0, 1.0, 0.0]).reshape(1, 4, 1), (3, 1), (0.5, 1.0)).ravel().round(3)
    array([0.   , 0.107, 0.787, 0.107])
    """
    sizes = [integer(f"kernel_size[{i}]", each, 1) for i, each in enumerate(_both("kernel_size", kernel_size))]
    sigmas = [number(f"sigma[{i}]", each, 0, open_minimum=True) for i, each in enumerate(_both("sigma", sigma))]
    of_rows, of_columns = (gaussian(*each) for each in zip(sizes, sigmas, strict=True))
    x, back = in_channels_last(in_floats(checked_images("images", images)), data_format)
    amounts = [((n - 1) // 2, n // 2) for n in reversed(sizes)]
    padded = pad(x, [*[(0, 0)] * (len(x.shape) - 3), *amounts, (0, 0)])
    return cast(back(correlate(padded, np.outer(of_columns, of_rows), border="valid")), convert_to_tensor(images).dtype)


def sobel_edges(images, data_format=None):
    """Return the derivatives of images along their rows' and their columns' direction, by Sobel's kernels.

    Parameters
    ----------
    images : array_like or symbolic tensor, shape (batch, height, width, channels) or (height, width, channels)
        Images, which are continued by their mirror images.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels.

    Returns
    -------
    array or symbolic tensor, shape (…, 2)
        Changes from row to row, and from column to column, along a new last axis.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.image.sobel_edges(np.array([0.0, 0.0, 1.0, 1.0]).reshape(1, 1, 4, 1))[0, 0, :, 0, 1]
    array([0., 4., 4., 0.])
    """
    x, back = in_channels_last(in_floats(checked_images("images", images)), data_format)
    edges = [correlate(x, sobel_kernel(axis)) for axis in (0, 1)]
    return cast(back(stack(edges, axis=-1)), convert_to_tensor(images).dtype)


def ssim(image1, image2, max_val=1.0, filter_size=11, filter_sigma=1.5, k1=0.01, k2=0.03, data_format=None):
    """Return the structural similarity of images: 1 for equal ones.

    Parameters
    ----------
    image1, image2 : array_like or symbolic tensor, shape (batch, height, width, channels) or (height, width, channels)
        Images.
    max_val : float
        Difference between the largest and the smallest possible value.
    filter_size : int
        Height and width of the windows, which are weighted by a Gaussian.
    filter_sigma : float
        Its standard deviation.
    k1, k2 : float
        Constants that keep quotients finite, relative to `max_val`.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels.

    Returns
    -------
    array or symbolic tensor, shape (batch,) or ()
        Means over windows and channels.

    References
    ----------
    .. [1] Wang, Z., Bovik, A. C., Sheikh, H. R. and Simoncelli, E. P., "Image quality assessment: from error visibility to
       structural similarity", IEEE Trans. Image Process. 13, 2004, equation 13.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> x = np.random.default_rng(0).random((2, 16, 16, 3))
    >>> ops.image.ssim(x, x)
    array([1., 1.])
    """
    dtype = convert_to_tensor(image1).dtype
    a, b = (
        in_channels_last(in_floats(checked_images(*each)), data_format)[0] for each in (("image1", image1), ("image2", image2))
    )
    if len(a.shape) != len(b.shape):
        raise ValueError(f"image1 has shape {shape_of(image1)} and image2 {shape_of(image2)}; expected the same")
    weights = gaussian(integer("filter_size", filter_size, 1), number("filter_sigma", filter_sigma, 0, open_minimum=True))
    kernel = np.outer(weights, weights)
    c1, c2 = ((number(name, k) * number("max_val", max_val)) ** 2 for name, k in (("k1", k1), ("k2", k2)))

    def local_mean(x):
        return correlate(x, kernel, border="valid")

    mean_a, mean_b = local_mean(a), local_mean(b)
    products = multiply(mean_a, mean_b)
    squares = add(square(mean_a), square(mean_b))
    variances = subtract(local_mean(add(square(a), square(b))), squares)
    covariances = subtract(local_mean(multiply(a, b)), products)
    numerator = multiply(add(multiply(products, 2.0), c1), add(multiply(covariances, 2.0), c2))
    return cast(mean(divide(numerator, multiply(add(squares, c1), add(variances, c2))), axis=(-3, -2, -1)), dtype)


def _both(name, value):
    """Return a pair, or one element twice."""
    value = np.asarray(value).tolist()
    pair = [value, value] if not isinstance(value, list) else value
    if len(pair) != 2:
        raise ValueError(f"{name}={shown(value)} has {len(pair)} elements; expected two")
    return pair


__all__ = ["gaussian_blur", "sobel_edges", "ssim"]

explain_all(globals(), __all__)
