"""Common parts of architectures: arguments, classifiers, and convolutions with batch normalization."""

import functools
import inspect

from .. import layers
from .._common.checks import boolean, choice, integer, shown
from .._common.docstrings import documented
from .._common.errors import explained
from ..config import with_channels_last
from ..models import Model

_FLAGS = ("auxiliary", "include_preprocessing", "include_top", "minimalistic", "small_images")

#: Docstring sections of all functions that make models.
_NETWORKS_DOC = """
    Parameters
    ----------
    input_shape : tuple of (int or None)
        (height, width, channels) of an image.
    classes : int
        Number of classes.
    include_top : bool
        Whether the model ends in its classifier; otherwise it returns features, see `pooling`.
    pooling : {None, "avg", "max"}
        Global pooling of the features if there is no classifier: their mean, their maximum, or None for no pooling.
    classifier_activation : str, optional
        Activation of the classifier; None for logits, or for a regression.
    alpha : float
        Width multiplier: factor of all numbers of channels, above 0.
    name : str
        The model's name.
    rng : None, int or numpy.random.Generator
        Source of the initial weights; see `striate.Model`.

    Returns
    -------
    Model
        A model with new weights, not compiled.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of range, or `input_shape` is too small.
    """

#: Docstring section of a function, by its name and its room, and the arguments of its example by the room.
_EXAMPLE_DOC = """
    Examples
    --------
    >>> from striate import {room}
    >>> {room}.{name}({arguments}).output_shape
    (None, 5)
    """
_ARGUMENTS = {"architectures": "classes=5", "applications": "weights=None, classes=5"}


def network(*shared):
    """Return a decorator for functions that make models: it completes docstrings, checks flags and explains errors.

    Parameters
    ----------
    *shared : str
        Sections of docstrings, besides those of all networks; see `documented`.
    """

    def decorate(function):
        room = function.__module__.split(".")[1]
        example = _EXAMPLE_DOC.format(room=room, name=function.__name__, arguments=_ARGUMENTS[room])
        return explained(with_channels_last(_with_checked_flags(documented(_NETWORKS_DOC, *shared, example)(function))))

    return decorate


def _with_checked_flags(function):
    """Return a function that checks its boolean arguments."""

    @functools.wraps(function)
    def checked(*arguments, **settings):
        for name, value in inspect.signature(function).bind(*arguments, **settings).arguments.items():
            if name in _FLAGS:
                boolean(name, value)
        return function(*arguments, **settings)

    return checked


def image_input(input_shape):
    """Return the input tensor for images of a given shape."""
    if not isinstance(input_shape, (tuple, list)) or len(input_shape) != 3:
        raise ValueError(f"input_shape={shown(input_shape)} is not the shape of an image; expected (height, width, channels)")
    return layers.Input(tuple(input_shape), name="image")


def pooled(x, pooling, names=(None, None)):
    """Append the global pooling that `pooling` names, if it is not None; `names` are the layer's for "avg" and "max"."""
    choice("pooling", pooling, (None, "avg", "max"))
    if pooling is None:
        return x
    average, maximum = names
    if pooling == "avg":
        return layers.GlobalAveragePooling2D(name=average)(x)
    return layers.GlobalMaxPooling2D(name=maximum)(x)


def classifier(x, classes, activation, name="classifier", **kwargs):
    """Append a dense layer that returns scores of classes."""
    return layers.Dense(integer("classes", classes, 1), activation=activation, name=name, **kwargs)(x)


def conv(x, filters, size, name, activation="relu", **kwargs):
    """Append a convolution with a bias, with "same" padding unless another is given."""
    kwargs = {"padding": "same", "kernel_initializer": "he_normal", **kwargs}
    return layers.Conv2D(filters, size, activation=activation, name=name, **kwargs)(x)


def normalized(x, convolution, name, activation="relu"):
    """Append a given convolution, a batch normalization, and an activation unless it is None."""
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=f"{name}_norm")(convolution(x))
    return x if activation is None else layers.Activation(activation, name=f"{name}_{activation}")(x)


def conv_norm(x, filters, size, name, strides=1, activation="relu"):
    """Append a convolution of odd size without a bias, padded by half its size, a batch normalization, and an activation."""
    convolution = layers.Conv2D(
        filters, size, strides, padding=size // 2, use_bias=False, kernel_initializer="he_normal", name=name
    )
    return normalized(x, convolution, name, activation)


def model(image, output, name, rng):
    """Return the model from an image to an output."""
    return Model(image, output, name=name, rng=rng)
