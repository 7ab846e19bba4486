"""The filters of convolutions: their kernels."""

from typing import NamedTuple

import numpy as np

from .._common.checks import integer
from .._common.docstrings import documented
from ..engine import Variable
from ..layers.sublayers import layers_by_path
from ..models.model import check_model
from .figures import FIGURE, count_of, grid_of_axes, show_image, show_signed, styled
from .models import layer_at


class Filters(NamedTuple):
    """What `filters` returns."""

    kernels: np.ndarray  # (filters, height, width, channels)
    layer: str  # path of the layer


def filters(model, layer=None):
    """Return the filters of a convolution, as a batch of images.

    Parameters
    ----------
    model : Model
        The model, built.
    layer : Layer or str, optional
        A convolution of images; the first one if None, whose filters have the channels of the image.

    Returns
    -------
    Filters
        `kernels`, an array (filters, height, width, channels), and `layer`, the path of the layer.

    Raises
    ------
    ValueError
        If the layer has no kernel of images.

    Examples
    --------
    >>> from striate import architectures, visualize
    >>> found = visualize.filters(architectures.LeNet5())
    >>> found.layer, found.kernels.shape
    ('c1', (6, 5, 5, 1))
    """
    check_model(model)
    if layer is None:
        layer = next((each for _, each in layers_by_path(model) if _has_kernel_of_images(each)), None)
        if layer is None:
            raise ValueError("the model has no kernel of images; expected a convolution")
    path, layer = layer_at(model, layer)
    if not _has_kernel_of_images(layer):
        raise ValueError(f"layer={path!r} has no kernel of images; expected a convolution, Conv2D or the like")
    return Filters(np.ascontiguousarray(np.moveaxis(layer.kernel.numpy(), -1, 0)), path)


@documented(FIGURE)
def plot_filters(model, layer=None, *, most=64, columns=None):
    """Draw the filters of a convolution.

    Filters of one channel are drawn with their signs, red above 0 and blue below; those of three as colours, and of others the
    mean of the channels, with its sign.

    Parameters
    ----------
    model, layer
        See `filters`.
    most : int
        Largest number of filters that are drawn.

    Examples
    --------
    >>> from striate import architectures, visualize
    >>> figure = visualize.plot_filters(architectures.LeNet5(rng=0))
    >>> figure.get_suptitle()
    'c1: 6 filters'
    """
    found = filters(model, layer)
    kernels = found.kernels[: integer("most", most, 1)]
    limit = float(np.abs(kernels).max()) or 1.0
    with styled() as plt:
        figure, axes = grid_of_axes(plt, len(kernels), columns, size=0.8, shape=kernels.shape[1:3])
        for each, kernel in zip(axes, kernels, strict=True):
            if kernel.shape[-1] == 3:
                show_image(each, 0.5 + kernel / (2 * limit))
            else:
                show_signed(each, kernel.mean(-1), limit if kernel.shape[-1] == 1 else None)
        figure.suptitle(f"{found.layer}: {count_of(len(kernels), len(found.kernels))} filters", fontsize=9)
    return figure


def _has_kernel_of_images(layer):
    """Return whether a built layer has a kernel (height, width, channels, filters)."""
    kernel = getattr(layer, "kernel", None)
    return isinstance(kernel, Variable) and kernel.ndim == 4
