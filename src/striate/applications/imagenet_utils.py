"""Preprocessing of images: conversion to the range of values that a network was trained on."""

import numpy as np

from .._common.checks import choice, real_array
from .._common.errors import explained
from .._common.names import public_names
from ..engine.operators import Operators
from ..layers.shape_checks import check_data_format

#: Means of red, green and blue in ImageNet's images, of values from 0 to 255.
_MEANS = (123.68, 116.779, 103.939)
#: Means of red, green and blue in ImageNet's images, of values from 0 to 1.
_PART_MEANS = (0.485, 0.456, 0.406)
#: Standard deviations of red, green and blue in ImageNet's images, of values from 0 to 1.
_PART_DEVIATIONS = (0.229, 0.224, 0.225)

_PREPROCESS = """Convert images with values from 0 to 255 to what the network was trained on: {how}.

    Parameters
    ----------
    x : array_like or Tensor, shape (..., 3)
        One image or several, in RGB order. It is not changed; integers become float32.
    data_format : {{"channels_last"}}, optional
        Position of the channels.
    """
_HOW = {
    "caffe": "BGR order, minus the means of ImageNet's channels",
    "tf": "values from -1 to 1",
    "torch": "values from 0 to 1, minus the means of ImageNet's channels, and divided by their standard deviations",
}


@explained
def preprocess_input(x, data_format=None, mode="caffe"):
    """Convert images with values from 0 to 255 to the range that a network was trained on.

    Parameters
    ----------
    x : array_like or Tensor, shape (..., 3)
        One image or several, in RGB order. It is not changed; integers become float32.
    data_format : {"channels_last"}, optional
        Position of the channels.
    mode : {"caffe", "tf", "torch"}
        "caffe" converts to BGR order and subtracts the means of ImageNet's channels; "tf" scales values to -1 … 1; "torch"
        scales to 0 … 1, subtracts the means of ImageNet's channels, and divides by their standard deviations.

    Examples
    --------
    >>> import numpy as np
    >>> from striate.applications.imagenet_utils import preprocess_input
    >>> preprocess_input(np.array([[[0.0, 127.5, 255.0]]]), mode="tf")
    array([[[-1.,  0.,  1.]]])
    """
    check_data_format(data_format)
    choice("mode", mode, tuple(_HOW))
    if not isinstance(x, Operators):
        x = real_array("x", x)
        x = x if x.dtype.kind == "f" else x.astype(np.float32)
    if mode == "tf":
        return x / 127.5 - 1.0
    if mode == "torch":
        return (x / 255.0 - np.array(_PART_MEANS, x.dtype)) / np.array(_PART_DEVIATIONS, x.dtype)
    return x[..., ::-1] - np.array(_MEANS[::-1], x.dtype)


def preprocessing(mode):
    """Return `preprocess_input` for networks that were trained on images in the given mode."""

    def preprocess_input_of_mode(x, data_format=None):
        return preprocess_input(x, data_format, mode)

    preprocess_input_of_mode.__name__ = preprocess_input_of_mode.__qualname__ = "preprocess_input"
    preprocess_input_of_mode.__doc__ = _PREPROCESS.format(how=_HOW[mode])
    return preprocess_input_of_mode


__all__ = ["preprocess_input"]

__dir__ = public_names(globals())
