"""The base class of layers for sequences, images and volumes: its public subclasses differ in `rank`.

Operations take images (batch, height, width, channels). A sequence (batch, length, channels) is treated as an image of one row;
what volumes (batch, depth, height, width, channels) are composed of is in `engine.operations.volumes`.
"""

from .._common.checks import LARGEST, integer, pair, triple
from ..engine import operations
from .base import Layer
from .data_formats import data_format_of, in_format, shape_in_format, shape_with_channels_last, with_channels_last
from .shape_checks import check_rank

#: Descriptions of parameters that layers for sequences, images and volumes share.
SPATIAL_DOC = """
    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels.
    name, trainable, dtype
        See `Layer`.
    """


def per_axis(name, value, rank, minimum=1):
    """Return an argument with a number for each spatial axis, a tuple of them; for sequences an integer, or a tuple of it."""
    if rank > 1:
        return (pair if rank == 2 else triple)(name, value, minimum)
    if isinstance(value, (tuple, list)) and len(value) == 1:
        value = value[0]
    return integer(name, value, minimum, LARGEST)


def on_images(value, of_row=1):
    """Return the pair for images that corresponds to a result of `per_axis`, with `of_row` for the only row of a sequence."""
    return value if isinstance(value, tuple) else (of_row, value)


class SpatialLayer(Layer):
    """A layer for sequences, images or volumes, with the channels last or first.

    A subclass sets `rank`, the number of spatial axes, and defines `_shape_on_images` and `_call_on_images`, and for volumes
    `_shape_on_volumes` and `_call_on_volumes`; or `_shape_channels_last` and `_call_channels_last`, for any rank. All of them
    have the channels last.

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels; that of `striate.config` if None.
    name, trainable, dtype
        See `Layer`.
    """

    rank = None

    #: Whether `data_format` is an argument of the constructor.
    takes_data_format = True

    def __init__(self, *arguments, data_format=None, **kwargs):
        super().__init__(*arguments, **kwargs)
        self.data_format = data_format_of(data_format)

    def _check(self, input_shape):
        """Raise an error unless an input has the axes of a sequence, an image or a volume."""
        check_rank(self, input_shape, self.rank, self.data_format)

    def compute_output_shape(self, input_shape):
        """Return the shape of the output, with the channels where the input has them."""
        self._check(input_shape)
        shape = self._shape_channels_last(shape_with_channels_last(input_shape, self.data_format))
        return shape_in_format(shape, self.data_format) if len(shape) == self.rank + 2 else shape

    def call(self, x):
        """Compute the output, for sequences on images of one row."""
        y = self._call_channels_last(with_channels_last(x, self.data_format))
        return in_format(y, self.data_format) if len(y.shape) == self.rank + 2 else y

    def _shape_channels_last(self, shape):
        """Return the output's shape for a shape of the input, both with the channels last."""
        if self.rank == 3:
            return self._shape_on_volumes(shape)
        return self._without_row(self._shape_on_images(self._with_row(shape)))

    def _call_channels_last(self, x):
        """Return the output for an input, both with the channels last."""
        if self.rank == 3:
            return self._call_on_volumes(x)
        if self.rank == 2:
            return self._call_on_images(x)
        y = self._call_on_images(operations.Reshape(x, self._with_row(x.shape)).y)
        return operations.Reshape(y, self._without_row(y.shape)).y

    def _shape_on_images(self, shape):
        """Return the output's shape for images of a shape."""
        raise NotImplementedError

    def _call_on_images(self, x):
        """Return the output for images."""
        raise NotImplementedError

    def _shape_on_volumes(self, shape):
        """Return the output's shape for volumes of a shape."""
        raise NotImplementedError

    def _call_on_volumes(self, x):
        """Return the output for volumes."""
        raise NotImplementedError

    def _with_row(self, shape):
        """Return the shape of images; for sequences, with an axis of one row inserted."""
        return (shape[0], *(1,) * (2 - self.rank), *shape[1:])

    def _without_row(self, shape):
        """Return the shape of images; for sequences, without the axis of rows."""
        return (shape[0], *shape[3 - self.rank :])

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"data_format": self.data_format} if self.takes_data_format else {}
        return {**own, **super().get_config()}
