"""Explanations by the feature maps of a layer, weighted by gradients: Grad-CAM and Grad-CAM++."""

from typing import NamedTuple

import numpy as np

from .. import ops
from .._common.checks import boolean
from .._common.docstrings import documented
from .models import path_in, traced
from .scores import OF_QUESTION, Question

_OF_CAM = """
    Parameters
    ----------
    layer : Layer or str, optional
        Layer whose feature maps are weighted; the one that `target_layer` names if None.
    resize : bool
        Whether the maps are resized to the input's size, bilinearly.
    batch_size : int
        Samples computed at once.

    Returns
    -------
    ClassMap
        `map`, an array (batch, height, width) of which the largest values belong to what speaks for the class, and `layer`, the
        path of the layer.
    """


class ClassMap(NamedTuple):
    """What `grad_cam` returns."""

    map: np.ndarray  # (batch, height, width), or (height, width) for one sample
    layer: str  # path of the layer whose feature maps were weighted


@documented(OF_QUESTION, _OF_CAM)
def grad_cam(model, x, target=None, *, layer=None, output=0, probability=False, resize=True, batch_size=32):
    """Return where the evidence for a class is: a layer's feature maps weighted by the mean of their gradients [1]_.

    With A[k] the feature maps and S the class's score, the map is ``relu(sum over k of a[k] A[k])``, where ``a[k]`` is the mean
    of ``dS / dA[k]`` over all positions.

    References
    ----------
    .. [1] Selvaraju, R. R. et al., "Grad-CAM: visual explanations from deep networks via gradient-based localization", 2017,
       equations 1 and 2.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import architectures, visualize
    >>> model = architectures.LeNet5(rng=0)
    >>> found = visualize.grad_cam(model, np.random.default_rng(0).random((2, 28, 28, 1)), target=3)
    >>> found.layer, found.map.shape
    ('c3', (2, 28, 28))
    """

    def weigh(maps, gradients):
        return gradients.mean(_positions(maps), keepdims=True)

    return _class_map(weigh, model, x, target, layer, output, probability, resize, batch_size)


@documented(OF_QUESTION, _OF_CAM)
def grad_cam_plus_plus(model, x, target=None, *, layer=None, output=0, probability=False, resize=True, batch_size=32):
    """Return where the evidence for a class is, as `grad_cam`, with equal weight for several objects of the class [1]_.

    The weight of feature map A[k] is the sum over all positions of ``a[k] relu(g[k])``, where ``g[k] = dS / dA[k]`` and
    ``a[k] = g[k]**2 / (2 g[k]**2 + g[k]**3 * sum of A[k])``: the exponential of S, of which [1]_ takes the gradient, would be a
    factor of the whole map.

    References
    ----------
    .. [1] Chattopadhay, A. et al., "Grad-CAM++: generalized gradient-based visual explanations for deep convolutional
       networks", 2018, equations 10 and 19.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import architectures, visualize
    >>> model = architectures.LeNet5(rng=0)
    >>> found = visualize.grad_cam_plus_plus(model, np.random.default_rng(0).random((28, 28, 1)), layer="c1")
    >>> found.layer, found.map.shape
    ('c1', (28, 28))
    """

    def weigh(maps, gradients):
        below = 2 * gradients**2 + gradients**3 * maps.sum(_positions(maps), keepdims=True)
        alpha = np.divide(gradients**2, below, out=np.zeros_like(below), where=below != 0)
        return (alpha * np.maximum(gradients, 0)).sum(_positions(maps), keepdims=True)

    return _class_map(weigh, model, x, target, layer, output, probability, resize, batch_size)


def _class_map(weigh, model, x, target, layer, output, probability, resize, batch_size):
    """Return a `ClassMap`; `weigh` returns the weights of feature maps for these and their gradients."""
    question = Question(model, x, target, output, probability)
    resize = boolean("resize", resize)
    graph, _ = traced(model, question.x)
    layer = path_in(graph, model, layer)
    if len(graph.results[layer].shape) not in (3, 4):
        raise ValueError(
            f"layer={layer!r} returns values of shape {graph.results[layer].shape[1:]}; expected feature maps, (height, width, "
            "channels) or (length, channels)"
        )
    parts = []
    for part in question.batches(batch_size):
        found = question.differentiate(question.of(part), part, [layer])
        maps, gradients = found.values[0].astype(np.float64), found.gradients[0].astype(np.float64)
        parts.append(np.maximum((weigh(maps, gradients) * maps).sum(-1), 0))
    result = np.concatenate(parts)
    if resize:
        result = _resized(result, _size_of_image(question.x, result.ndim - 1))
    result = result.astype(model.dtype)
    return ClassMap(result[0] if question.alone else result, layer)


def _positions(maps):
    """Return the spatial axes."""
    return tuple(range(1, maps.ndim - 1))


def _size_of_image(x, axes):
    """Return the spatial sizes of the first input that has as many spatial axes."""
    sizes = [array.shape[1:-1] for array in x if array.ndim == axes + 2]
    if not sizes:
        raise ValueError(f"the model has no input with {axes} spatial axes; expected resize=False")
    return sizes[0]


def _resized(maps, size):
    """Return maps (batch, ..., ) bilinearly resized."""
    rows = maps if maps.ndim == 3 else maps[:, np.newaxis]
    resized = ops.image.resize(rows[..., np.newaxis], size if len(size) == 2 else (1, *size))[..., 0]
    return resized.reshape(len(maps), *size)
