"""Common parts of Keras' networks: arguments, inputs, and models with weights from files."""

import os

from .. import layers
from .._common.checks import check_path, integer, shown
from ..layers.symbolic import Tensor
from ..models import Model

_SMALLEST = 32  # smallest height and width of images
_USUAL = (224, 224, 3)  # default shape of images

#: Docstring sections of the networks here, besides those of `network`.
APPLICATIONS_DOC = """
    Parameters
    ----------
    weights : path or None
        A file of weights that ``save_weights("x.weights.h5")`` of Keras' model or `Model.save_weights` wrote; None for random
        weights. Keras' default, "imagenet", is refused, since nothing is downloaded.
    input_tensor : Tensor, optional
        Tensor to which the network is applied, instead of a new `Input`.
    input_shape : tuple of int, optional
        (height, width, channels) of an image, height and width at least 32; (224, 224, 3) if None.
    name : str, optional
        The model's name.

    Returns
    -------
    Model
        The model, not compiled.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of range, or the weights do not fit.
    """


def image_input(input_tensor, input_shape, weights):
    """Return the tensor to which a network is applied, after checking that `weights` is a file or None."""
    if weights == "imagenet":
        raise ValueError(
            "weights='imagenet' is not supported, since weights cannot be downloaded; expected None, or the path of a file "
            'that Keras wrote, for example with keras.applications.VGG16().save_weights("vgg16.weights.h5")'
        )
    if weights is not None and not os.path.isfile(check_path("weights", weights)):
        raise FileNotFoundError(f"weights={shown(weights)} is not a file; expected the path of a file of weights, or None")
    if input_tensor is not None:
        if not isinstance(input_tensor, Tensor):
            raise TypeError(f"input_tensor is of type {type(input_tensor).__name__}; expected what Input or a layer returned")
        return input_tensor
    shape = _USUAL if input_shape is None else input_shape
    if not isinstance(shape, (tuple, list)) or len(shape) != 3:
        raise ValueError(f"input_shape={shown(input_shape)} is not the shape of an image; expected (height, width, channels)")
    for i, size in enumerate(shape[:2]):
        integer(f"input_shape[{i}]", size, _SMALLEST)
    return layers.Input(tuple(shape))


def model(image, output, name, weights):
    """Return the model from the inputs of an image tensor to an output, with weights from a file unless it is None."""
    inputs = _sources(image)
    result = Model(inputs if len(inputs) > 1 else inputs[0], output, name=name)
    if weights is not None:
        result.load_weights(weights)
    return result


def _sources(tensor):
    """Return the inputs from which a tensor is computed."""
    found, waiting = {}, [tensor]
    while waiting:
        each = waiting.pop()
        before = each.node.sources
        waiting += before
        if not before:
            found[each.place] = each
    return list(found.values())
