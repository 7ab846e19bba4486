"""Common parts of Keras' networks: arguments, inputs, classifiers, and models with weights from files."""

import os

from .. import layers
from .._common.checks import check_path, integer, shown
from ..architectures.common import classifier, network, pooled
from ..layers.symbolic import Tensor
from ..models import Model

#: Docstring sections of the networks here, besides those of `network`.
APPLICATIONS_DOC = """
    Parameters
    ----------
    weights : path or None
        A file of weights that ``save_weights("x.weights.h5")`` of Keras' model or `Model.save_weights` wrote; None for random
        weights. Keras' default, "imagenet", is refused, since nothing is downloaded.
    input_tensor : Tensor, optional
        Tensor to which the network is applied, instead of a new `Input`.
    input_shape : tuple of (int or None), optional
        (height, width, channels) of an image. Height and width may be None, for images of any size, if there is no classifier,
        and are so by default; with a classifier, the default is the size that the network was made for, and three channels.
    include_preprocessing : bool
        Whether the network itself brings values from 0 to 255 into the range that it was trained on.
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


def application(features, name, doc, *sections, label=None, size=224, smallest=32, **settings):
    """Return Keras' function that makes a network with a classifier or a global pooling at its end.

    Parameters
    ----------
    features : callable
        Takes the tensor of an image, and returns the network's features.
    name, doc : str
        The function's name and docstring.
    *sections : str
        Further sections of the docstring; see `documented`.
    label : str, optional
        The model's default name; the function's in lower case if None.
    size, smallest : int
        Default and smallest height and width of images.
    **settings
        Further arguments of `with_top`.
    """
    label = name.lower() if label is None else label

    def make(
        include_top=True,
        weights="imagenet",
        input_tensor=None,
        input_shape=None,
        pooling=None,
        classes=1000,
        classifier_activation="softmax",
        name=label,
    ):
        image = image_input(input_tensor, input_shape, weights, include_top, size, smallest)
        x = with_top(features(image), include_top, pooling, classes, classifier_activation, **settings)
        return model(image, x, name, weights)

    make.__name__ = make.__qualname__ = name
    make.__module__ = features.__module__
    make.__doc__ = doc
    return network(APPLICATIONS_DOC, *sections)(make)


def image_input(input_tensor, input_shape, weights, include_top=False, size=224, smallest=32):
    """Return the tensor to which a network is applied, after checking that `weights` is a file or None.

    Parameters
    ----------
    include_top : bool
        Whether the network has a classifier, for which the image's size must be known.
    size, smallest : int
        Default and smallest height and width of images.
    """
    if isinstance(weights, str) and weights == "imagenet":
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
    usual = (size, size, 3) if include_top else (None, None, 3)
    shape = usual if input_shape is None else input_shape
    if not isinstance(shape, (tuple, list)) or len(shape) != 3:
        raise ValueError(f"input_shape={shown(input_shape)} is not the shape of an image; expected (height, width, channels)")
    if shape[0] in (1, 3) and shape[2] not in (1, 3):
        raise ValueError(f"input_shape={shown(input_shape)} has the channels first; expected (height, width, channels)")
    for i, given in enumerate(shape[:2]):
        if given is not None or include_top:
            integer(f"input_shape[{i}]", given, smallest)
    return layers.Input(tuple(shape))


def with_top(
    x, include_top, pooling, classes, activation, names=("avg_pool", "max_pool"), dropout=0, kernel_initializer="glorot_uniform"
):
    """Append the classifier to features or, without one, the global pooling that `pooling` names.

    Parameters
    ----------
    names : pair of str or None
        Names of the layers of average and of maximum pooling.
    dropout : float
        Fraction of the features that is dropped before the classifier, in training.
    kernel_initializer : Initializer or str
        Initial values of the classifier's kernel.
    """
    if not include_top:
        return pooled(x, pooling, names)
    x = pooled(x, "avg", names)
    if dropout:
        x = layers.Dropout(dropout, name="top_dropout")(x)
    return classifier(x, classes, activation, "predictions", kernel_initializer=kernel_initializer)


def padding_to_halve(x, kernel_size):
    """Return Keras' padding before a convolution with a stride of 2: more of it below and to the right if the size is even."""
    sizes, half = x.shape[1:3], kernel_size // 2
    return [(half - 1 + (0 if None in sizes else size % 2), half) for size in sizes]


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
