"""The patches of a data set that excite a channel most: the image around the places where it is largest."""

from typing import NamedTuple

import numpy as np

from .._common.checks import integer
from .._common.docstrings import documented
from .figures import FIGURE, grid_of_axes, show_image, styled
from .models import as_batch, layer_outputs, path_in, traced
from .receptive_fields import fields_in


class Patches(NamedTuple):
    """What `top_patches` returns, in the order of the activations, the largest first."""

    patches: np.ndarray  # (count, height, width, channels): what the channel sees there, zeros beyond the image
    activations: np.ndarray  # (count,)
    images: np.ndarray  # (count,): indices of the images
    positions: np.ndarray  # (count, 2): rows and columns in the layer's output
    layer: str  # path of the layer


def top_patches(model, x, channel, layer=None, *, count=9, batch_size=32):
    """Return the patches of images that excite a channel of a layer most, at most one of each image [1]_.

    Parameters
    ----------
    model : Model
        The model.
    x : ndarray, shape (batch, height, width, channels)
        Images, such as those that the model was trained on.
    channel : int
        The channel.
    layer : Layer or str, optional
        A layer of feature maps; the one that `target_layer` names if None.
    count : int
        Number of patches.
    batch_size : int
        Images computed at once.

    Returns
    -------
    Patches
        The patches, which have the size of the layer's receptive field, or of the image if that is smaller.

    References
    ----------
    .. [1] Zeiler, M. D. & Fergus, R., "Visualizing and understanding convolutional networks", 2014, section 4.1.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import architectures, datasets, visualize
    >>> images = np.random.default_rng(0).random((20, 28, 28, 1))
    >>> found = visualize.top_patches(architectures.LeNet5(rng=0), images, channel=2, layer="c1", count=4)
    >>> found.patches.shape
    (4, 5, 5, 1)
    """
    x, _ = as_batch(model, x)
    graph, _ = traced(model, x)
    path = path_in(graph, model, layer)
    shape = graph.results[path].shape
    if len(shape) != 4 or len(x) != 1 or x[0].ndim != 4:
        raise ValueError(f"layer={path!r} has outputs of shape {shape[1:]}; expected feature maps of images, the only input")
    channel, count = integer("channel", channel, 0, shape[3] - 1), integer("count", count, 1)
    best = []
    for maps in layer_outputs(model, x, path, batch_size):
        best += [(one.max(), divmod(int(one.argmax()), one.shape[1])) for one in maps[..., channel]]
    order = sorted(range(len(best)), key=lambda i: -best[i][0])[:count]
    field = fields_in(graph)[graph.results[path]]
    # Where positions do not all see parts of one size, the whole image is shown.
    patches = [x[0][i] if None in field else _patch(x[0][i], field, best[i][1]) for i in order]
    activations, positions = np.array([best[i][0] for i in order]), np.array([best[i][1] for i in order])
    return Patches(np.stack(patches), activations, np.array(order), positions, path)


def _patch(image, field, position):
    """Return the part of an image that a position sees, with zeros beyond the image."""
    starts = [axis.start + at * axis.stride for axis, at in zip(field, position, strict=True)]
    sizes = [axis.size for axis in field]
    patch = np.zeros((*sizes, image.shape[2]), image.dtype)
    inside = [
        slice(max(start, 0), min(start + size, length)) for start, size, length in zip(starts, sizes, image.shape, strict=False)
    ]
    there = tuple(slice(part.start - start, part.stop - start) for part, start in zip(inside, starts, strict=True))
    patch[there] = image[tuple(inside)]
    return patch


@documented(FIGURE)
def plot_top_patches(model, x, channel, layer=None, *, count=9, columns=None, size=1.1):
    """Draw the patches of images that excite a channel of a layer most.

    Parameters
    ----------
    model, x, channel, layer, count
        See `top_patches`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import architectures, visualize
    >>> images = np.random.default_rng(0).random((20, 28, 28, 1))
    >>> figure = visualize.plot_top_patches(architectures.LeNet5(rng=0), images, channel=2, layer="c1")
    >>> len(figure.axes)
    9
    """
    found = top_patches(model, x, channel, layer, count=count)
    with styled() as plt:
        figure, axes = grid_of_axes(plt, len(found.patches), columns, size, 0.2, found.patches.shape[1:3])
        for each, patch, activation in zip(axes, found.patches, found.activations, strict=True):
            show_image(each, patch)
            each.set_title(f"{activation:.3g}", pad=3)
        figure.suptitle(f"{found.layer}, channel {channel}", fontsize=9)
    return figure
