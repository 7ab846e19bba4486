"""Images before a network that was trained on ImageNet, its range of values; and names of classes after it."""

import os

import numpy as np

from .._common.checks import check_path, choice, integer, real_array, shown
from .._common.docstrings import documented
from .._common.errors import explained
from .._common.files import open_regular, reading
from .._common.lazy_modules import json
from .._common.names import public_attributes
from ..engine.operators import Operators

#: Means of red, green and blue in ImageNet's images, of values from 0 to 255.
_MEANS = (123.68, 116.779, 103.939)
#: Means of red, green and blue in ImageNet's images, of values from 0 to 1.
MEANS = (0.485, 0.456, 0.406)
#: Standard deviations of red, green and blue in ImageNet's images, of values from 0 to 1.
DEVIATIONS = (0.229, 0.224, 0.225)

_ARGUMENTS_DOC = """
    Parameters
    ----------
    x : array_like or Tensor, shape (..., 3)
        One image or several, in RGB order. It is not changed; integers become float32.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels: the last axis, or the one before height and width.
    """
_HOW = {
    None: "nothing, since the network itself takes them",
    "caffe": "BGR order, minus the means of ImageNet's channels",
    "tf": "values from -1 to 1",
    "torch": "values from 0 to 1, minus the means of ImageNet's channels, and divided by their standard deviations",
}

#: Where Keras keeps the names of ImageNet's classes once it has downloaded them.
_CLASS_INDEX = "~/.keras/models/imagenet_class_index.json"


@explained
@documented(_ARGUMENTS_DOC)
def preprocess_input(x, data_format=None, mode="caffe"):
    """Convert images with values from 0 to 255 to the range that a network was trained on.

    Parameters
    ----------
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
    first = choice("data_format", data_format, (None, "channels_last", "channels_first")) == "channels_first"
    choice("mode", mode, tuple(each for each in _HOW if each is not None))
    if not isinstance(x, Operators):
        x = real_array("x", x)
        x = x if x.dtype.kind == "f" else x.astype(np.float32)
    if mode == "tf":
        return x / 127.5 - 1.0
    shape = (3, 1, 1) if first else (3,)

    def channels(numbers):
        return np.array(numbers, x.dtype).reshape(shape)

    if mode == "torch":
        return (x / 255.0 - channels(MEANS)) / channels(DEVIATIONS)
    return (x[..., ::-1, :, :] if first else x[..., ::-1]) - channels(_MEANS[::-1])


def preprocessing(mode):
    """Return `preprocess_input` for networks that were trained on images in the given mode; None changes nothing."""

    def preprocess_input_of_mode(x, data_format=None):
        return x if mode is None else preprocess_input(x, data_format, mode)

    preprocess_input_of_mode.__name__ = preprocess_input_of_mode.__qualname__ = "preprocess_input"
    preprocess_input_of_mode.__doc__ = f"""Convert images with values from 0 to 255 to what the network takes: {_HOW[mode]}."""
    return documented(_ARGUMENTS_DOC)(preprocess_input_of_mode)


@explained
def decode_predictions(preds, top=5, class_index=None):
    """Return the most probable of ImageNet's classes, with their names.

    Parameters
    ----------
    preds : array_like, shape (samples, classes)
        Probabilities, or other scores, of the 1000 classes of ImageNet, or of those that `class_index` names.
    top : int
        Number of classes to return for each sample.
    class_index : path or dict, optional
        The names: pairs of a class's identifier and its name, by the class's index as text, ``{"0": ["n01440764", "tench"]}``;
        or a JSON file that holds them. If None, the file that Keras keeps after it has downloaded it,
        ``~/.keras/models/imagenet_class_index.json``. Nothing is downloaded.

    Returns
    -------
    list of list of tuple
        (identifier, name, score) of the classes with the highest scores, the highest first, for each sample.

    Raises
    ------
    FileNotFoundError
        If `class_index` is None, and Keras' file is not there.
    ValueError
        If `preds` does not have as many classes as `class_index`.

    Examples
    --------
    >>> from striate.applications.imagenet_utils import decode_predictions
    >>> names = {"0": ["n01440764", "tench"], "1": ["n01443537", "goldfish"]}
    >>> [[name for _, name, _ in each] for each in decode_predictions([[0.25, 0.75]], class_index=names)]
    [['goldfish', 'tench']]
    """
    preds, top = real_array("preds", preds), integer("top", top, 1)
    names = _class_names(class_index)
    if preds.ndim != 2 or preds.shape[1] != len(names):
        raise ValueError(f"preds has shape {preds.shape}; expected (samples, {len(names)}), a score for each class")
    best = np.argsort(preds, axis=1, kind="stable")[:, ::-1][:, :top]
    return [[(*names[i], scores[i]) for i in indices] for indices, scores in zip(best, preds, strict=True)]


def _class_names(class_index):
    """Return a list of the (identifier, name) of all classes."""
    if not isinstance(class_index, dict):
        path = os.path.expanduser(_CLASS_INDEX if class_index is None else check_path("class_index", class_index))
        if class_index is None and not os.path.isfile(path):
            raise FileNotFoundError(
                f"class_index=None, and there is no {_CLASS_INDEX}, where Keras keeps it; expected the path of "
                "imagenet_class_index.json, since nothing is downloaded"
            )
        with reading(path, "a JSON file of classes' names"), open_regular(path) as file:
            class_index = json.load(file)
    expected = "pairs of an identifier and a name, by the classes' indices from '0' on"
    names = [class_index.get(str(i)) for i in range(len(class_index))] if isinstance(class_index, dict) else []
    if not names or not all(isinstance(each, (list, tuple)) and len(each) == 2 for each in names):
        raise ValueError(f"class_index={shown(class_index)} does not name classes; expected {expected}")
    return [tuple(each) for each in names]


__all__ = ["decode_predictions", "preprocess_input"]

__getattr__, __dir__ = public_attributes(globals())
