"""Explanations as figures: maps over the images that they explain."""

import numpy as np

from .._common.checks import as_array, boolean, number, real_array
from .._common.docstrings import documented
from .figures import FIGURE, displayable, grid_of_axes, show_image, show_signed, styled
from .grids import check_image, check_images, check_labels, with_channels


def overlay(image, values, *, strength=0.85):
    """Return an image in gray under a map in colours, which cover it the more, the larger the map's values are.

    Parameters
    ----------
    image : ndarray, shape (height, width, channels) or (height, width)
        The image; floats beyond 0 and 1 are scaled so that the smallest is black and the largest white.
    values : ndarray, shape (height, width)
        The map; values below 0 count as 0, and the largest as 1.
    strength : float
        How much the largest value covers, from 0 to 1.

    Returns
    -------
    ndarray of float64, shape (height, width, 3)
        Colours from 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import visualize
    >>> visualize.overlay(np.ones((1, 2)), np.array([[0.0, 2.0]])).round(2)
    array([[[1.  , 1.  , 1.  ],
            [1.  , 0.96, 0.45]]])
    """
    image, values = check_image("image", image), real_array("values", values)
    if values.shape != image.shape[1:3]:
        raise ValueError(f"values has shape {values.shape}; expected the image's height and width, {image.shape[1:3]}")
    if not np.isfinite(values).all():
        raise ValueError("values holds NaN or infinity; expected finite numbers")
    strength = number("strength", strength, 0, 1)
    gray = displayable(with_channels(image))[0]
    gray = gray if gray.ndim == 2 else gray[..., :3] @ [0.299, 0.587, 0.114]
    amount = np.maximum(values, 0) / (max(float(values.max()), 0) or 1.0)
    cover = strength * amount[..., np.newaxis]
    return (1 - cover) * gray[..., np.newaxis] + cover * _heat(amount)


@documented(FIGURE)
def plot_explanation(images, maps, labels=None, *, signed=None, strength=0.85, size=1.5):
    """Draw images, and below each the map that explains it.

    Parameters
    ----------
    images : ndarray, shape (batch, height, width, channels), or one image
        The images.
    maps : ndarray or ClassMap, shape (batch, height, width) or (batch, height, width, channels), or of one image
        What `saliency`, `smooth_grad`, `integrated_gradients`, `occlusion` or `grad_cam` returned; channels are added up.
    labels : sequence, optional
        What is written above each image.
    signed : bool, optional
        Whether maps are drawn by themselves, red above 0 and blue below; otherwise they are drawn over the images. None for
        whether there are values below 0.
    strength : float
        How much the largest value covers an image; see `overlay`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import architectures, visualize
    >>> model, images = architectures.LeNet5(rng=0), np.random.default_rng(0).random((3, 28, 28, 1))
    >>> figure = visualize.plot_explanation(images, visualize.grad_cam(model, images), ["a", "b", "c"])
    >>> len(figure.axes)
    6
    """
    images, maps = as_array("images", images), real_array("maps", getattr(maps, "map", maps))
    images = check_images(images) if images.ndim == 4 else check_image("images", images)
    maps = maps if maps.ndim > 2 and len(maps) == len(images) and maps.shape[:3] == images.shape[:3] else maps[np.newaxis]
    maps = maps.sum(-1) if maps.ndim == 4 else maps
    if maps.shape != images.shape[:3]:
        raise ValueError(f"maps has shape {maps.shape}; expected a map of {images.shape[1:3]} for each of {len(images)} images")
    labels = check_labels(labels, len(images))
    signed = bool((maps < 0).any()) if signed is None else boolean("signed", signed)
    with styled() as plt:
        figure, axes = grid_of_axes(plt, 2 * len(images), len(images), size, 0.1, images.shape[1:3])
        above, below = axes[: len(images)], axes[len(images) :]
        for i, image in enumerate(displayable(images)):
            show_image(above[i], image)
            if labels is not None:
                above[i].set_title(str(labels[i]), pad=3)
            if signed:
                show_signed(below[i], maps[i])
            else:
                below[i].imshow(overlay(images[i], maps[i], strength=strength))
    return figure


#: Colours of the map from small to large values, at equal distances: dark red, red, orange, yellow.
_HEAT = np.array([[0.55, 0.0, 0.15], [0.9, 0.2, 0.05], [1.0, 0.6, 0.0], [1.0, 0.95, 0.35]])


def _heat(amount):
    """Return the colours of numbers from 0 to 1."""
    places = np.linspace(0, 1, len(_HEAT))
    return np.stack([np.interp(amount, places, channel) for channel in _HEAT.T], axis=-1)
