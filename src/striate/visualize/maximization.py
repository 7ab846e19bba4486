"""The image that excites a unit most, by gradient ascent."""

from typing import NamedTuple

import numpy as np

from .._common.checks import integer, integers, number, pair, shown
from .._common.docstrings import documented
from .._common.randomness import generator
from ..engine import Value
from ..image.arrays import interval
from ..layers.sizes import sizes_fit
from ..models import values_and_gradients
from ..models.model import check_model
from .figures import FIGURE, grid_of_axes, show_image, styled
from .models import layer_at, traced
from .scores import before_probabilities, selected


class Maximized(NamedTuple):
    """What `maximize` returns."""

    images: np.ndarray  # (units, height, width, channels)
    activations: np.ndarray  # (units,): mean activation of each unit for its image
    layer: str  # path of the layer


def maximize(
    model,
    units,
    layer=None,
    *,
    steps=256,
    step_size=0.03,
    decay=0.01,
    smoothness=1.0,
    jitter=None,
    data_range=(0.0, 1.0),
    image_size=None,
    rng=None,
):
    """Return images that excite units of a layer as much as possible, by gradient ascent from noise [1]_, [2]_.

    Each step follows the gradient of the unit's mean activation, or of a class's score before the softmax. Three things keep
    the images natural: the gradient is weighted in the frequency domain, by ``f ** -2 smoothness`` for frequency f, so that the
    image changes at large scales first [2]_; the image is shifted by a few random pixels, so that it does not fit one position
    alone [2]_; and its distance to gray shrinks in each step, an L2 penalty [1]_.

    Parameters
    ----------
    model : Model
        The model, built, with one input, images.
    units : int, or sequence of int
        Classes, or channels of the layer.
    layer : Layer or str, optional
        The layer; the model's output if None.
    steps : int
        Steps of gradient ascent.
    step_size : float
        Root of the mean square of a step, as a part of the range.
    decay : float
        Part of the distance to gray that is lost in each step.
    smoothness : float
        0 for none: the ascent is then that of [1]_.
    jitter : int, optional
        Largest shift in pixels; a sixteenth of the image's height, at least 1, if None.
    data_range : pair of float
        The smallest and the largest value of images that the model was trained on.
    image_size : int or pair of int, optional
        Height and width of the images, for a model that takes images of any size.
    rng : None, int or numpy.random.Generator
        Source of the first images and the shifts.

    Returns
    -------
    Maximized
        `images`, an array (units, height, width, channels); the `activations` of the units; and `layer`, the path of the layer.

    References
    ----------
    .. [1] Simonyan, K., Vedaldi, A. & Zisserman, A., "Deep inside convolutional networks: visualising image classification
       models and saliency maps", 2014, section 2.
    .. [2] Olah, C., Mordvintsev, A. & Schubert, L., "Feature visualization", Distill, 2017.

    Examples
    --------
    >>> from striate import architectures, visualize
    >>> model = architectures.LeNet5(rng=0)
    >>> found = visualize.maximize(model, [3, 8], steps=20, rng=0)
    >>> found.layer, found.images.shape
    ('classifier', (2, 28, 28, 1))
    >>> scores = visualize.maximize(model, 3, steps=0, rng=0).activations  # those of noise
    >>> bool(found.activations[0] > scores[0])
    True
    """
    check_model(model)
    shape = _shape_of_images(model, image_size)
    graph, outputs = traced(model, [np.empty((0, *shape))])
    if layer is None:
        value, path = outputs[0], None
        name = next((path for path, each in graph.results.items() if each is value), "output")
    else:
        path, _ = layer_at(model, layer)
        value, name = graph.results.get(path), path
        if not isinstance(value, Value):
            raise ValueError(f"layer={path!r} has no single output in the model; expected a layer with one")
    units = np.array(integers("units", _several(units), 0, value.shape[-1] - 1))
    low, high = interval(data_range)
    steps, step_size = integer("steps", steps, 0), number("step_size", step_size, 0) * (high - low)
    decay, smoothness, rng = number("decay", decay, 0, 1), number("smoothness", smoothness, 0), generator(rng)
    jitter = max(shape[0] // 16, 1) if jitter is None else integer("jitter", jitter, 0)
    selection = (np.arange(value.shape[-1]) == units[:, np.newaxis]).astype(model.dtype)
    selection = selection.reshape(len(units), *(1 for _ in value.shape[1:-1]), -1) / np.prod(value.shape[1:-1], dtype=int)
    middle = (low + high) / 2
    x = middle + 0.02 * (high - low) * rng.standard_normal((len(units), *shape))
    weights = _weights_of_frequencies(*shape[:2], smoothness)
    for _ in range(steps):
        shift = rng.integers(-jitter, jitter + 1, 2)
        shifted = np.roll(x, shift, (1, 2))
        (gradient,) = values_and_gradients(model, shifted, _activation, layer=path, arrays=[selection]).gradients
        gradient = np.roll(gradient.astype(np.float64), -shift, (1, 2))
        step = np.fft.irfft2(np.fft.rfft2(gradient, axes=(1, 2)) * weights, s=shape[:2], axes=(1, 2))
        size = np.sqrt(np.mean(step**2, axis=(1, 2, 3), keepdims=True))
        x = x + step_size * step / np.where(size > 0, size, 1)
        x = np.clip(middle + (1 - decay) * (x - middle), low, high)
    x = x.astype(model.dtype)
    return Maximized(x, values_and_gradients(model, x, _activation, [], layer=path, arrays=[selection]).objective, name)


def _several(units):
    """Return units as a list, one of them in a list of its own."""
    return list(units) if isinstance(units, (list, tuple, range)) or np.ndim(units) else [units]


def _shape_of_images(model, image_size):
    """Return the shape of the images that a model takes, of a given size if it takes any."""
    model._require_built()
    if len(model._samples) != 1 or len(model._samples[0]) != 3:
        raise ValueError(f"the model takes inputs of shape {model.input_shape}; expected images (height, width, channels)")
    *size, channels = model._samples[0]
    if image_size is None and model._any_size:
        raise ValueError(f"image_size is None, and the model takes images of shape {model.input_shape}; expected a size")
    wanted = size if image_size is None else pair("image_size", image_size)
    if not sizes_fit(wanted, size):
        raise ValueError(f"image_size={shown(image_size)} is not the size of the model's images; expected {tuple(size)}")
    return (*wanted, channels)


def _activation(y, selection):
    """Return the mean activation of each sample's unit; of a class, the score."""
    return selected(before_probabilities(y), selection)


def _weights_of_frequencies(height, width, smoothness):
    """Return what each frequency of a gradient is multiplied by, shape (height, width // 2 + 1, 1), at most 1."""
    rows, columns = np.fft.fftfreq(height)[:, np.newaxis], np.fft.rfftfreq(width)
    frequency = np.maximum(np.hypot(rows, columns), 1 / max(height, width))
    return ((frequency * max(height, width)) ** (-2 * smoothness))[..., np.newaxis]


@documented(FIGURE)
def plot_maximized(model, units, layer=None, *, columns=None, size=1.4, **settings):
    """Draw images that excite units of a layer as much as possible.

    Parameters
    ----------
    model, units, layer, **settings
        See `maximize`.

    Examples
    --------
    >>> from striate import architectures, visualize
    >>> figure = visualize.plot_maximized(architectures.LeNet5(rng=0), range(10), steps=10, rng=0)
    >>> len(figure.axes)
    10
    """
    units = _several(units)
    found = maximize(model, units, layer, **settings)
    low, high = interval(settings.get("data_range", (0.0, 1.0)))
    with styled() as plt:
        figure, axes = grid_of_axes(plt, len(units), columns, size, 0.2, found.images.shape[1:3])
        for each, image, unit, activation in zip(axes, found.images, units, found.activations, strict=True):
            show_image(each, (image - low) / (high - low))
            each.set_title(f"{found.layer} {unit}: {activation:.3g}", pad=3)
    return figure
