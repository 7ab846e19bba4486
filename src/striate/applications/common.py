"""Parts of Keras' networks: arguments, beginnings and ends."""

import os

from .. import layers
from .._checks import check_path, integer, shown
from .._errors import explained
from ..architectures.common import with_flags
from ..layers.symbolic import Tensor, flat
from ..models import Model

_SMALLEST = 32  # height and width
_USUAL = (224, 224, 3)

_PARAMETERS = """

    Parameters
    ----------{own}
    include_top : bool
        Whether the model ends in its classifier; otherwise it returns features, see `pooling`.
    weights : path or None
        None for random ones. A file of weights, as ``keras.applications.{name}().save_weights("x.weights.h5")`` writes it, or
        `Model.save_weights`. Keras' default, "imagenet", is refused, as nothing is downloaded.
    input_tensor : Tensor, optional
        Tensor that the network is applied to, instead of a new `Input`.
    input_shape : tuple of int, optional
        (height, width, channels) of an image, at least 32 pixels; (224, 224, 3) if None.
    pooling : {{None, "avg", "max"}}
        Without a classifier: whether the features of all pixels are brought together to their mean or their largest, or stay
        as they are.
    classes : int
        Classes to tell apart.
    classifier_activation : str, optional
        Activation of the classifier; None for logits.
    name : str, optional
        The model's name.

    Returns
    -------
    Model
        Not compiled.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of range, or the weights do not fit.

    References
    ----------
    .. [1] {reference}
    """


def documented(name, reference, own=""):
    """Return a decorator that appends the shared parameters and the reference to a docstring."""

    def document(function):
        function.__doc__ = function.__doc__.rstrip() + _PARAMETERS.format(own=own, name=name, reference=reference)
        return explained(with_flags(function))

    return document


def image_input(input_tensor, input_shape, weights):
    """Return what a network is applied to, once its `weights` are known to be a file or None."""
    if weights == "imagenet":
        raise ValueError(
            "weights='imagenet' is not supported, as weights cannot be downloaded; expected None, or the path of a file that "
            'Keras wrote, as keras.applications.VGG16().save_weights("vgg16.weights.h5") does'
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
    """Return the model from the inputs that an image comes from to an output, with weights from a file unless it is None."""
    inputs = _sources(image)
    result = Model(inputs if len(inputs) > 1 else inputs[0], output, name=name)
    if weights is not None:
        result.load_weights(weights)
    return result


def _sources(tensor):
    """Return the inputs that a tensor is computed from."""
    found, waiting = {}, [tensor]
    while waiting:
        each = waiting.pop()
        before = flat(each.node.inputs)
        waiting += before
        if not before:
            found[each.place] = each
    return list(found.values())
