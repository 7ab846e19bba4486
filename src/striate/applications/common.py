"""Common parts of Keras' networks: arguments, inputs, and models with weights from files."""

import os

from .. import layers
from .._common.checks import check_path, integer, shown
from .._common.errors import explained
from ..architectures.common import with_flags
from ..layers.symbolic import Tensor, flat
from ..models import Model

_SMALLEST = 32  # smallest height and width of images
_USUAL = (224, 224, 3)  # default shape of images

_PARAMETERS = """

    Parameters
    ----------{own}
    include_top : bool
        Whether the model ends in its classifier; otherwise it returns features, see `pooling`.
    weights : path or None
        A file of weights that ``keras.applications.{name}().save_weights("x.weights.h5")`` or `Model.save_weights` wrote; None
        for random weights. Keras' default, "imagenet", is refused, since nothing is downloaded.
    input_tensor : Tensor, optional
        Tensor to which the network is applied, instead of a new `Input`.
    input_shape : tuple of int, optional
        (height, width, channels) of an image, height and width at least 32; (224, 224, 3) if None.
    pooling : {{None, "avg", "max"}}
        Global pooling of the features if there is no classifier: their mean, their maximum, or None for no pooling.
    classes : int
        Number of classes.
    classifier_activation : str, optional
        Activation of the classifier; None for logits.
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

    References
    ----------
    .. [1] {reference}

    Examples
    --------
    >>> from striate import applications
    >>> applications.{name}(weights=None, classes=5).output_shape
    (None, 5)
    """


def documented(name, reference, own=""):
    """Return a decorator that appends the shared parameters and the reference to a docstring."""

    def document(function):
        function.__doc__ = function.__doc__.rstrip() + _PARAMETERS.format(own=own, name=name, reference=reference)
        return explained(with_flags(function))

    return document


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
        before = flat(each.node.inputs)
        waiting += before
        if not before:
            found[each.place] = each
    return list(found.values())
