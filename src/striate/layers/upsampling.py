"""Layers that enlarge sequences, images and volumes."""

from .._common.checks import choice
from .._common.docstrings import documented
from ..engine import operations
from ..engine.operations import volumes
from ..engine.shapes import times
from .resizing import INTERPOLATIONS, resize
from .spatial import SPATIAL_DOC, SpatialLayer, on_images, per_axis


class _UpSampling(SpatialLayer):
    """The base class of layers that enlarge their input by integer factors."""

    def __init__(self, size=2, data_format=None, **kwargs):
        super().__init__(data_format=data_format, **kwargs)
        self.size = per_axis("size", size, self.rank)

    def _shape_on_images(self, shape):
        batch, height, width, channels = shape
        rows, columns = on_images(self.size)
        return batch, times(height, rows), times(width, columns), channels

    def _call_on_images(self, x):
        return operations.Repeat2D(x, on_images(self.size)).y

    def _shape_on_volumes(self, shape):
        batch, *sizes, channels = shape
        return batch, *map(times, sizes, self.size), channels

    def _call_on_volumes(self, x):
        return volumes.repeat3d(x, self.size)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"size": self.size, **super().get_config()}


class UpSampling1D(_UpSampling):
    """Enlarge sequences by repeating each element.

    Parameters
    ----------
    size : int
        Number of repetitions.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, length, channels), output (batch, length * size, channels).

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([1.0, 2.0, 3.0], np.float32).reshape(1, 3, 1)
    >>> layers.UpSampling1D(2)(x)[0, :, 0]
    array([1., 1., 2., 2., 3., 3.], dtype=float32)
    """

    rank = 1
    takes_data_format = False
    fixed_arguments = ("data_format",)

    def __init__(self, size=2, **kwargs):
        super().__init__(size, "channels_last", **kwargs)


@documented(SPATIAL_DOC)
class UpSampling2D(_UpSampling):
    """Enlarge images by repeating or interpolating rows and columns.

    Parameters
    ----------
    size : int or pair of int
        Factors of height and width.
    interpolation : {"nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"}
        How new pixels are computed; "nearest" repeats pixels.

    Notes
    -----
    Input (batch, height, width, channels), output (batch, output height, output width, channels).

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32).reshape(1, 2, 2, 1)
    >>> layers.UpSampling2D(2)(x)[0, :, :, 0]
    array([[1., 1., 2., 2.],
           [1., 1., 2., 2.],
           [3., 3., 4., 4.],
           [3., 3., 4., 4.]], dtype=float32)
    """

    rank = 2

    def __init__(self, size=(2, 2), data_format=None, interpolation="nearest", **kwargs):
        super().__init__(size, data_format, **kwargs)
        self.interpolation = choice("interpolation", interpolation, INTERPOLATIONS)

    def _call_on_images(self, x):
        if self.interpolation == "nearest":
            return super()._call_on_images(x)
        return resize(x, *self._shape_channels_last(x.shape)[1:3], self.interpolation)

    def get_config(self):
        """Return the constructor's arguments."""
        config = super().get_config()
        return {"size": config.pop("size"), "interpolation": self.interpolation, **config}


@documented(SPATIAL_DOC)
class UpSampling3D(_UpSampling):
    """Enlarge volumes by repeating frames, rows and columns.

    Parameters
    ----------
    size : int or three of int
        Factors of depth, height and width.

    Notes
    -----
    Input (batch, depth, height, width, channels), output (batch, output depth, output height, output width, channels).

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([1.0, 2.0], np.float32).reshape(1, 1, 1, 2, 1)
    >>> layers.UpSampling3D((1, 2, 3))(x)[0, 0, :, :, 0]
    array([[1., 1., 1., 2., 2., 2.],
           [1., 1., 1., 2., 2., 2.]], dtype=float32)
    """

    rank = 3

    def __init__(self, size=(2, 2, 2), data_format=None, **kwargs):
        super().__init__(size, data_format, **kwargs)
