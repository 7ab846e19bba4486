"""The base class of layers that take images."""

import numpy as np

from .base import Layer


class ImageLayer(Layer):
    """A layer that, when it is called with an array, takes one image (height, width, channels) as well as a batch of them."""

    def _compute(self, x, *arguments):
        if isinstance(x, (list, tuple)) or np.ndim(x) != 3:
            return super()._compute(x, *arguments)
        return super()._compute(np.asarray(x)[np.newaxis], *arguments)[0]
