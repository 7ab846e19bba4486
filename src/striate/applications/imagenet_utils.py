"""How images are brought into the range that a network was trained on."""

import numpy as np

from .._checks import choice, real_array
from .._errors import explained
from ..engine.operators import Operators
from ..layers.shape_checks import check_data_format

#: Of the red, green and blue of ImageNet's images: means in 0 … 255, and means and standard deviations in 0 … 1.
_MEANS = (123.68, 116.779, 103.939)
_PART_MEANS, _PART_DEVIATIONS = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)

_PREPROCESS = """Return images with values from 0 to 255 as the network wants them: {how}.

    Parameters
    ----------
    x : array_like or Tensor, shape (..., 3)
        One image or several, red first. It is left as it is; integers become float32.
    data_format : {{"channels_last"}}, optional
        Position of the channels.
    """
_HOW = {
    "caffe": "blue first, without the mean colour of ImageNet's images",
    "tf": "values from -1 to 1",
    "torch": "without the mean colour of ImageNet's images, and divided by its deviation",
}


@explained
def preprocess_input(x, data_format=None, mode="caffe"):
    """Return images with values from 0 to 255 in the range that a network was trained on.

    Parameters
    ----------
    x : array_like or Tensor, shape (..., 3)
        One image or several, red first. It is left as it is; integers become float32.
    data_format : {"channels_last"}, optional
        Position of the channels.
    mode : {"caffe", "tf", "torch"}
        "caffe" puts blue first, and subtracts the mean colour of ImageNet's images; "tf" brings values to -1 … 1; "torch" to
        0 … 1, subtracts the mean colour and divides by the colours' deviations.
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
    """Return `preprocess_input` of networks that were trained on images of a mode."""

    def preprocess_input_of_mode(x, data_format=None):
        return preprocess_input(x, data_format, mode)

    preprocess_input_of_mode.__name__ = preprocess_input_of_mode.__qualname__ = "preprocess_input"
    preprocess_input_of_mode.__doc__ = _PREPROCESS.format(how=_HOW[mode])
    return preprocess_input_of_mode


__all__ = ["preprocess_input"]
