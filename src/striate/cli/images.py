"""Image files as inputs of a model, and the names of its classes."""

import numpy as np

from .. import models
from .._common.files import open_regular
from ..image.files import is_deep, opened
from ..layers import Normalization, Rescaling
from ..utils import load_img
from .options import positive


def add_model_options(parser):
    """Add the arguments of a command that shows images to a model."""
    parser.add_argument("model", metavar="MODEL", help="file of a trained classifier of images")
    parser.add_argument("--names", metavar="FILE", help="text file with the name of a class in each line, in their order")
    parser.add_argument(
        "--scale",
        type=positive(float),
        help="what pixels from 0 to 255 are divided by (default: 255, and 1 if the model begins by rescaling its input)",
    )


def load_classifier(arguments):
    """Return the model of a command, and the names of its classes, None if none are given."""
    model = models.load_model(arguments.model, compile=False)
    if isinstance(model.input_shape, list) or len(model.input_shape) != 4 or isinstance(model.output_shape, list):
        raise ValueError(
            f"MODEL={arguments.model!r} has inputs of shape {model.input_shape} and outputs of shape {model.output_shape}; "
            "expected a model with one input, images, and one output"
        )
    if len(model.output_shape) != 2:
        raise ValueError(f"MODEL={arguments.model!r} has outputs of shape {model.output_shape}; expected (batch, classes)")
    if arguments.names is None:
        return model, None
    with open_regular(arguments.names) as file:
        names = file.read().decode(errors="replace").splitlines()
    if len(names) != model.output_shape[1]:
        raise ValueError(
            f"--names={arguments.names!r} has {len(names)} lines; expected a name for each of {model.output_shape[1]} classes"
        )
    return model, names


def read_image(path, channels, size=None):
    """Return an image file as an array (height, width, channels) of pixels from 0 to 255."""
    modes = {1: "grayscale", 3: "rgb", 4: "rgba"}
    if channels not in modes:
        raise ValueError(f"MODEL takes images with {channels} channels; expected 1, 3 or 4, which image files have")
    with opened(path) as picture:
        deep = channels == 1 and is_deep(picture)
    image = load_img(path, color_mode=modes[channels], target_size=size, interpolation="bilinear")
    pixels = np.asarray(image, np.float32).reshape(image.height, image.width, channels)
    return pixels / np.float32(257) if deep else pixels  # 65535 is 255.


def as_input(path, model, scale):
    """Return an image file as a batch of one for a model."""
    *size, channels = model.input_shape[1:]
    if scale is None:
        first = next((layer for layer in model.layers if layer.weights or isinstance(layer, Rescaling)), None)
        scale = 1 if isinstance(first, (Normalization, Rescaling)) else 255
    return read_image(path, channels, None if None in size else tuple(size))[np.newaxis] / np.float32(scale)
