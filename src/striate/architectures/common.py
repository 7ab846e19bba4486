"""Common parts of architectures: arguments, classifiers, and convolutions with batch normalization."""

import functools
import inspect

from .. import layers
from .._common.checks import boolean, choice, integer, shown
from .._common.errors import explained
from ..models import Model

_FLAGS = ("auxiliary", "include_top", "small_images")

#: Shared part of the docstrings of functions that make models; {own} is replaced by the function's own parameters.
_PARAMETERS = """

    Parameters
    ----------
    input_shape : tuple of int
        (height, width, channels) of an image.
    classes : int
        Number of classes.
    include_top : bool
        Whether the model ends in its classifier; otherwise it returns features, see `pooling`.
    pooling : {{None, "avg", "max"}}
        Global pooling of the features if there is no classifier: their mean, their maximum, or None for no pooling.
    classifier_activation : str, optional
        Activation of the classifier; None for logits, or for a regression.{own}
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

    References
    ----------
    .. [1] {reference}

    Examples
    --------
    >>> from striate import architectures
    >>> architectures.{name}(classes=5).output_shape
    (None, 5)
    """

SMALL_IMAGES = """
    small_images : bool
        Whether the model is made for images of about 32×32 pixels: {how}."""


def documented(reference, own="", small_images=None):
    """Return a decorator that appends the shared parameters and the reference to a docstring."""
    own += "" if small_images is None else SMALL_IMAGES.format(how=small_images)

    def document(function):
        function.__doc__ = function.__doc__.rstrip() + _PARAMETERS.format(name=function.__name__, own=own, reference=reference)
        return explained(with_flags(function))

    return document


def with_flags(function):
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


def pooled(x, pooling):
    """Append the global pooling that `pooling` names, if it is not None."""
    choice("pooling", pooling, (None, "avg", "max"))
    if pooling is None:
        return x
    return {"avg": layers.GlobalAveragePooling2D, "max": layers.GlobalMaxPooling2D}[pooling]()(x)


def classifier(x, classes, activation, name="classifier"):
    """Append a dense layer that returns scores of classes."""
    return layers.Dense(integer("classes", classes, 1), activation=activation, name=name)(x)


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
