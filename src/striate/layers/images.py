"""Base classes of layers that take images."""

import numpy as np

from .._common.checks import LARGEST, integer
from .base import Layer
from .shape_checks import check_data_format, check_images


class ImageLayer(Layer):
    """A layer that also takes an array of one image (height, width, channels), in place of a batch.

    Parameters
    ----------
    data_format : {"channels_last"}, optional
        Position of the channels.
    name, trainable, dtype
        See `Layer`.
    """

    def __init__(self, *, data_format=None, **kwargs):
        super().__init__(**kwargs)
        check_data_format(data_format)

    def compute_output_shape(self, input_shape):
        """Return the input's shape."""
        check_images(self, input_shape)
        return input_shape

    def _compute(self, x, *arguments):
        """Return the output for a batch of images, or for one image."""
        if isinstance(x, (list, tuple)) or np.ndim(x) != 3:
            return super()._compute(x, *arguments)
        return super()._compute(np.asarray(x)[np.newaxis], *arguments)[0]


class SizingLayer(ImageLayer):
    """A layer whose output has a given size.

    Parameters
    ----------
    height, width : int
        Size of the output, in pixels.
    data_format, name, trainable, dtype
        See `ImageLayer`.
    """

    def __init__(self, height, width, **kwargs):
        super().__init__(**kwargs)
        self.height = integer("height", height, 1, LARGEST)
        self.width = integer("width", width, 1, LARGEST)

    def compute_output_shape(self, input_shape):
        """Return (batch, height, width, channels)."""
        batch, _, _, channels = super().compute_output_shape(input_shape)
        return batch, self.height, self.width, channels

    def get_config(self):
        """Return the constructor's arguments."""
        return {"height": self.height, "width": self.width, **super().get_config()}
