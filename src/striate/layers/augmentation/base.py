"""The base classes of augmentations: layers that change images at random in training."""

import numpy as np

from ..._common.randomness import generator
from ...engine.operators import apply
from ..randomness import RandomLayer
from ..transformations import ImageTransformation
from .arguments import checked_range

#: Weights of red, green and blue in grey: those of ITU-R BT.601 as Keras rounds them.
GRAY_WEIGHTS = [0.2989, 0.587, 0.114]

#: Values of 8-bit images.
EIGHT_BITS = (0.0, 255.0)

#: Docstring section for augmentations.
AUGMENTATIONS_DOC = """
    Parameters
    ----------
    fill_mode : {"reflect", "constant", "nearest", "wrap"}
        How images are extended beyond their borders.
    interpolation : {"bilinear", "nearest"}
        How values between pixels are computed.
    seed : int, optional
        Seed of the layer's own random numbers; if None, they come from the training's ``rng``.
    fill_value : float
        Value beyond the borders if `fill_mode` is "constant".
    value_range : pair of float
        Smallest and largest value of the images.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels; that of `striate.config` if None.
    bounding_box_format : str, optional
        Format of bounding boxes, such as "xyxy", in inputs that have them.
    name, trainable, dtype
        See `Layer`.
    """


class Augmentation(ImageTransformation, RandomLayer):
    """The base class of augmentations, which pass images on unchanged outside of training."""

    def _active(self, training):
        return training

    def _generator(self, seed):
        return self._own_rng if seed is None and self._own_rng is not None else generator(seed, "seed")

    def _transform_samples(self, data, training, rng):
        return super()._transform_samples(data, training, rng if self._own_rng is None else self._own_rng)


class Photometric(Augmentation):
    """The base class of augmentations that change the values of pixels, given the range of values.

    By default, arguments of `_transform` are the arrays of a transformation, each with one element for each image.
    """

    def __init__(self, value_range=EIGHT_BITS, **kwargs):
        super().__init__(**kwargs)
        self.value_range = checked_range(value_range)

    def _arguments(self, transformation, shape):
        return {name: per_image(each, self.dtype) for name, each in transformation.items() if name != "input_shape"}

    def _in_eight_bits(self, x):
        """Return images scaled from their range of values to that from 0 to 255."""
        return rescaled(x, self.value_range, EIGHT_BITS)

    def _from_eight_bits(self, x):
        """Return images scaled from the range from 0 to 255 to their range of values."""
        return rescaled(x, EIGHT_BITS, self.value_range)

    def _clipped(self, x):
        """Return images clipped to their range of values."""
        return apply("clip", x, *self.value_range)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"value_range": self.value_range, **super().get_config()}


def per_image(array, dtype):
    """Return an array with one element for each image in a shape that is broadcast to (batch, height, width, channels)."""
    return np.reshape(np.asarray(array, dtype), (-1, 1, 1, 1))


def chosen(rng, factor, batch):
    """Return for each image whether it is chosen, with a probability that is drawn from a range."""
    return rng.random(batch) < rng.uniform(*factor, batch)


def rescaled(x, source, target):
    """Return a value scaled from one range of numbers to another."""
    if tuple(source) == tuple(target):
        return x
    scale = (target[1] - target[0]) / (source[1] - source[0])
    return apply("add", apply("multiply", x, scale), target[0] - source[0] * scale)


def gray(x):
    """Return the luma of RGB images, (batch, height, width, 1)."""
    return apply("sum", apply("multiply", x, GRAY_WEIGHTS), axis=-1, keepdims=True)


def mixed(weights, first, second):
    """Return ``weights * first + (1 - weights) * second``."""
    return apply("add", apply("multiply", weights, apply("subtract", first, second)), second)


class RGBOnly(ImageTransformation):
    """The base class of transformations of RGB images."""

    def _check_channels(self, input_shape, channels):
        if channels not in (None, 3):
            raise ValueError(
                f"layer {self.name!r} got input of shape {tuple(input_shape)}; expected 3 channels: red, green, blue"
            )
