"""Base classes of layers that take images."""

from .._common.checks import LARGEST, integer
from ..engine import Value
from ..engine.operators import apply
from .base import Layer
from .data_formats import data_format_of, in_format, with_channels_last
from .shape_checks import check_images


class ImageLayer(Layer):
    """A layer that also takes one image (height, width, channels), in place of a batch.

    A symbolic tensor is one image if its height is known; if the first of three sizes is not, channels are missing in a batch.
    A subclass defines `_output_size` and `_check_channels` where they apply.

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels; that of `striate.config` if None.
    name, trainable, dtype
        See `Layer`.
    """

    def __init__(self, *, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.data_format = data_format_of(data_format)

    def compute_output_shape(self, input_shape):
        """Return the shape of the output: the input's with the height and width of the output."""
        if _is_one_image(input_shape):
            return self.compute_output_shape((None, *input_shape))[1:]
        check_images(self, input_shape)
        batch, height, width, channels = self._shape_with_channels_last(input_shape)
        self._check_channels(input_shape, channels)
        height, width = self._output_size(height, width)
        return self._shape_in_format((batch, height, width, channels))

    @property
    def channels_are_last(self):
        """Whether images are (height, width, channels), not (channels, height, width)."""
        return self.data_format == "channels_last"

    def _output_size(self, height, width):
        """Return the height and width of the output for those of the input."""
        return height, width

    def _check_channels(self, input_shape, channels):
        """Raise an error unless the layer can take this number of channels, which may be unknown."""

    def _shape_with_channels_last(self, shape):
        """Return a shape of images as if their channels were last."""
        return tuple(shape) if self.channels_are_last else (*shape[:-3], *shape[-2:], shape[-3])

    def _shape_in_format(self, shape):
        """Return a shape of images with the channels last in the layer's format."""
        return tuple(shape) if self.channels_are_last else (*shape[:-3], shape[-1], *shape[-3:-1])

    def _with_channels_last(self, x):
        """Return a value, images in the layer's format, with the channels last."""
        return with_channels_last(x, self.data_format)

    def _in_format(self, x):
        """Return a value, images with the channels last, in the layer's format."""
        return in_format(x, self.data_format)

    def ensure_built(self, input_shape, rng):
        """Build the layer for a batch of images, or for one image; see `Layer`."""
        if _is_one_image(input_shape):
            return self.ensure_built((None, *input_shape), rng)[1:]
        return super().ensure_built(input_shape, rng)

    def _emit(self, x, training=None):
        """Append the layer's operations for a batch of images, or for one image; return the output."""
        if not (isinstance(x, Value) and len(x.shape) == 3):
            return super()._emit(x, training)
        return apply("squeeze", super()._emit(apply("expand_dims", x, axis=0), training), axis=0)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"data_format": self.data_format, **super().get_config()}


def _is_one_image(shape):
    """Return whether a shape, in which the size of a batch may be unknown, is that of one image."""
    return isinstance(shape, tuple) and len(shape) == 3 and shape[0] is not None


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

    def _output_size(self, height, width):
        return self.height, self.width

    def get_config(self):
        """Return the constructor's arguments."""
        return {"height": self.height, "width": self.width, **super().get_config()}
