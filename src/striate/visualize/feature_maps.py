"""Feature maps: what layers return for an image."""

from typing import NamedTuple

import numpy as np

from .._common.checks import integer
from .._common.docstrings import documented
from .figures import FIGURE, count_of, grid_of_axes, styled
from .models import as_batch, layer_outputs, path_in, traced


class FeatureMaps(NamedTuple):
    """What `feature_maps` returns."""

    maps: np.ndarray  # (batch, height, width, channels); without the batch for one sample
    layer: str  # path of the layer


def feature_maps(model, x, layer=None, *, batch_size=32):
    """Return what a layer returns.

    Parameters
    ----------
    model : Model
        The model.
    x : ndarray, shape (batch, ...), or of one sample, or a list of arrays
        Inputs.
    layer : Layer or str, optional
        The layer, by itself, by name or by path ("block/conv2d"); the one that `target_layer` names if None.
    batch_size : int
        Samples computed at once.

    Returns
    -------
    FeatureMaps
        `maps`, the array that the layer returns, without the axis of the batch for one sample; and `layer`, its path.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import architectures, visualize
    >>> found = visualize.feature_maps(architectures.LeNet5(), np.zeros((28, 28, 1)))
    >>> found.layer, found.maps.shape
    ('c3', (10, 10, 16))
    """
    x, alone = as_batch(model, x)
    graph, _ = traced(model, x)
    path = path_in(graph, model, layer)
    maps = np.concatenate(list(layer_outputs(model, x, path, batch_size)))
    return FeatureMaps(maps[0] if alone else maps, path)


@documented(FIGURE)
def plot_feature_maps(model, image, layer=None, *, most=64, columns=None):
    """Draw the feature maps of a layer for an image.

    Parameters
    ----------
    model : Model
        The model.
    image : ndarray, shape (height, width, channels)
        The image.
    layer : Layer or str, optional
        See `feature_maps`.
    most : int
        Largest number of maps that are drawn.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import architectures, visualize
    >>> image = np.random.default_rng(0).random((28, 28, 1))
    >>> figure = visualize.plot_feature_maps(architectures.LeNet5(rng=0), image)
    >>> len(figure.axes)
    16
    """
    found = feature_maps(model, image, layer)
    if found.maps.ndim != 3:
        raise ValueError(
            f"layer={found.layer!r} returns values of shape {found.maps.shape} for image; expected (height, width, channels)"
        )
    maps = np.moveaxis(found.maps, -1, 0)
    drawn = maps[: integer("most", most, 1)]
    with styled() as plt:
        figure, axes = grid_of_axes(plt, len(drawn), columns, size=0.9, shape=drawn.shape[1:])
        low, high = float(drawn.min()), float(drawn.max())
        for each, one in zip(axes, drawn, strict=True):
            each.imshow(one, cmap="viridis", vmin=low, vmax=high if high > low else low + 1)
        figure.suptitle(f"{found.layer}: {count_of(len(drawn), len(maps))} feature maps, {low:.3g} to {high:.3g}", fontsize=9)
    return figure
