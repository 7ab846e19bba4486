"""The base class of layers for sequences and for images: one class serves both, and its public subclasses differ in `rank`.

Operations take images (batch, height, width, channels); a sequence (batch, length, channels) is treated as an image of one row.
"""

from .._common.checks import LARGEST, integer, pair
from ..engine import operations
from .base import Layer
from .shape_checks import check_rank


def per_axis(name, value, rank, minimum=1):
    """Return an argument with a number for each spatial axis: a pair for images; for sequences an integer, or a tuple of it."""
    if rank == 2:
        return pair(name, value, minimum)
    if isinstance(value, (tuple, list)) and len(value) == 1:
        value = value[0]
    return integer(name, value, minimum, LARGEST)


def on_images(value, of_row=1):
    """Return the pair for images that corresponds to a result of `per_axis`, with `of_row` for the only row of a sequence."""
    return value if isinstance(value, tuple) else (of_row, value)


class SpatialLayer(Layer):
    """A layer for sequences or for images, whose operation takes images.

    A subclass sets `rank`, the number of spatial axes, and defines `_shape_on_images` and `_call_on_images`, or
    `compute_output_shape` and `call` instead.
    """

    rank = None

    def _check(self, input_shape):
        """Raise an error unless an input has the axes of a sequence or an image."""
        check_rank(self, input_shape, self.rank)

    def compute_output_shape(self, input_shape):
        """Return (batch, ..., channels), with the spatial sizes of the output."""
        self._check(input_shape)
        return self._without_row(self._shape_on_images(self._with_row(input_shape)))

    def call(self, x):
        """Compute the output, for sequences on images of one row."""
        if self.rank == 2:
            return self._call_on_images(x)
        y = self._call_on_images(self._as_images(x))
        return operations.Reshape(y, self._without_row(y.shape)).y

    def _shape_on_images(self, shape):
        """Return the output's shape for images of a shape."""
        raise NotImplementedError

    def _call_on_images(self, x):
        """Return the output for images."""
        raise NotImplementedError

    def _as_images(self, x):
        """Return images, or sequences as images of one row."""
        return x if self.rank == 2 else operations.Reshape(x, self._with_row(x.shape)).y

    def _with_row(self, shape):
        """Return the shape of images; for sequences, with an axis of one row inserted."""
        return (shape[0], *(1,) * (2 - self.rank), *shape[1:])

    def _without_row(self, shape):
        """Return the shape of images; for sequences, without the axis of rows."""
        return (shape[0], *shape[3 - self.rank :])
