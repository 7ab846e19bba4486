"""Series of layers that prepare images, and a layer that gives all images of a data set the same number of boxes."""

import numpy as np

from ..._common.arguments import config_of_arguments
from ..._common.checks import integer, sequence, shown
from ..._common.docstrings import documented
from ..._common.randomness import generator
from ..base import Layer
from ..transformations import NO_LABEL, ImageTransformation
from .base import AUGMENTATIONS_DOC


class Pipeline(Layer):
    """Apply layers one after another, in training mode if not told otherwise.

    Unlike a `Sequential`, it is a layer, and also takes one image, or a dict of images and their labels, bounding boxes and
    segmentation masks, if its layers do.

    Parameters
    ----------
    layers : list of Layer
        The layers.
    name : str, optional
        Name; see `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> prepare = layers.Pipeline([layers.Resizing(8, 8), layers.AutoContrast()])
    >>> prepare(np.zeros((10, 12, 3), np.float32)).shape
    (8, 8, 3)
    """

    keeps_arguments = True
    get_config = config_of_arguments
    active_when_called = True

    def __init__(self, layers, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        self.layers = list(sequence("layers", layers, "layers"))
        for i, layer in enumerate(self.layers):
            if not isinstance(layer, Layer):
                raise TypeError(f"layers[{i}]={shown(layer)} is of type {type(layer).__name__}; expected a layer")

    @classmethod
    def from_config(cls, config):
        """Make a pipeline from what `get_config` returned."""
        if not isinstance(config.get("layers"), (list, tuple, dict)):
            raise ValueError(f"config={shown(config)} has no list of layers; expected one under 'layers'")
        return super().from_config(config)

    def __call__(self, x, *, training=None, rng=None):
        """Return what the last layer makes of the input; see `Layer`."""
        return self._apply_in_turn(x, training, rng) if isinstance(x, dict) else super().__call__(x, training=training, rng=rng)

    def compute_output_shape(self, input_shape):
        """Return the shape of what the last layer returns."""
        for layer in self.layers:
            input_shape = layer.compute_output_shape(input_shape)
        return input_shape

    def call(self, x, *, training):
        """Apply the layers."""
        for layer in self.layers:
            x = layer(x, training=training)
        return x

    def _compute(self, x, training, rng):
        if isinstance(x, (list, tuple)) or np.ndim(x) != 3:
            return super()._compute(x, training, rng)
        return self._apply_in_turn(x, training, rng)  # What three axes mean depends on the layer: one image, or sequences.

    def _apply_in_turn(self, x, training, rng):
        """Return the output for arrays, computed by one layer after another."""
        training, rng = True if training is None else training, generator(rng)
        for layer in self.layers:
            x = layer(x, training=training, rng=rng)
        return x


@documented(AUGMENTATIONS_DOC)
class MaxNumBoundingBoxes(ImageTransformation):
    """Give each image the same number of bounding boxes: leave boxes out, or add empty ones.

    Parameters
    ----------
    max_number : int
        Number of boxes.
    fill_value : int
        Coordinates and label of added boxes.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> boxes = {"boxes": [[0, 0, 4, 4]], "labels": [3]}
    >>> layer = layers.MaxNumBoundingBoxes(2, bounding_box_format="xyxy")
    >>> layer({"images": np.zeros((8, 8, 3), np.float32), "bounding_boxes": boxes})["bounding_boxes"]["labels"]
    array([ 3, -1])
    """

    def __init__(self, max_number, fill_value=NO_LABEL, *, data_format=None, **kwargs):
        super().__init__(data_format=data_format, **kwargs)
        self.max_number = integer("max_number", max_number, 0)
        self.fill_value = integer("fill_value", fill_value, None)

    def _transform(self, x, arguments, interpolation=None):
        return x

    def transform_bounding_boxes(self, bounding_boxes, transformation, training=True):
        """Return `max_number` boxes, and as many labels, for each image."""
        return {
            **bounding_boxes,
            "boxes": self._resized(np.asarray(bounding_boxes["boxes"]), 2),
            "labels": self._resized(np.asarray(bounding_boxes["labels"]), 1),
        }

    def _resized(self, array, axes):
        """Return an array with `max_number` elements along the axis of boxes, after which there are ``axes - 1`` others."""
        array = array[..., : self.max_number, :] if axes == 2 else array[..., : self.max_number]
        amounts = [(0, 0)] * array.ndim
        amounts[-axes] = 0, self.max_number - array.shape[-axes]
        return np.pad(array, amounts, constant_values=self.fill_value)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"max_number": self.max_number, "fill_value": self.fill_value, **super().get_config()}
