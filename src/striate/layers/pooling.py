"""Pooling layers of sequences, of images and of volumes."""

import math

from .._common.checks import boolean
from .._common.docstrings import documented
from ..engine import operations
from ..engine.operations import volumes
from ..engine.operators import apply
from ..engine.volume_geometry import pool3d_shape
from ..geometry import check_padding, pool2d_shape
from .masks import TakesMasks, is_set
from .spatial import SPATIAL_DOC, SpatialLayer, on_images, per_axis

#: Docstring sections for poolings over windows of sequences.
_SEQUENCES_DOC = """
    Parameters
    ----------
    pool_size : int
        Length of the windows.
    strides : int, optional
        Distance between neighbouring windows, in elements; `pool_size` if None.
    padding : {"valid", "same"}
        Padding around the sequence, which the maximum or mean ignores.

    Notes
    -----
    Input (batch, length, channels), output (batch, output length, channels).
    """

#: Docstring sections for poolings over windows of images.
_IMAGES_DOC = """
    Parameters
    ----------
    pool_size : int or pair of int
        Height and width of the windows.
    strides : int or pair of int, optional
        Distance between neighbouring windows, in pixels; `pool_size` if None.
    padding : {"valid", "same"}, int, pair of int, or ((top, bottom), (left, right))
        Padding around the image, which the maximum or mean ignores.

    Notes
    -----
    Input (batch, height, width, channels), output (batch, output height, output width, channels).
    """

#: Docstring sections for poolings over windows of volumes.
_VOLUMES_DOC = """
    Parameters
    ----------
    pool_size : int or three of int
        Depth, height and width of the windows.
    strides : int or three of int, optional
        Distance between neighbouring windows, in voxels; `pool_size` if None.
    padding : {"valid", "same"}
        Padding around the volume, which the maximum or mean ignores.

    Notes
    -----
    Input (batch, depth, height, width, channels), output (batch, output depth, output height, output width, channels).
    """

#: Docstring sections for poolings over whole sequences.
_GLOBAL_SEQUENCES_DOC = """
    Parameters
    ----------
    keepdims : bool
        Whether the output keeps the length axis, with size 1.

    Notes
    -----
    Input (batch, length, channels), output (batch, channels) or (batch, 1, channels).
    """

#: Docstring sections for poolings over whole images.
_GLOBAL_IMAGES_DOC = """
    Parameters
    ----------
    keepdims : bool
        Whether the output keeps the height and width axes, with size 1.

    Notes
    -----
    Input (batch, height, width, channels), output (batch, channels) or (batch, 1, 1, channels).
    """


#: Docstring sections for poolings over whole volumes.
_GLOBAL_VOLUMES_DOC = """
    Parameters
    ----------
    keepdims : bool
        Whether the output keeps the depth, height and width axes, with size 1.

    Notes
    -----
    Input (batch, depth, height, width, channels), output (batch, channels) or (batch, 1, 1, 1, channels).
    """


class _Pooling(SpatialLayer):
    """The base class of poolings over windows. A subclass sets the operation, `_pool`."""

    _pool = None
    built_at_once = True

    def __init__(self, pool_size=2, strides=None, padding="valid", data_format=None, **kwargs):
        super().__init__(data_format=data_format, **kwargs)
        self.pool_size = per_axis("pool_size", pool_size, self.rank)
        self.strides = self.pool_size if strides is None else per_axis("strides", strides, self.rank)
        self.padding = check_padding(padding, numbers=self.rank == 2)

    @property
    def _geometry(self):
        return {"pool_size": on_images(self.pool_size), "strides": on_images(self.strides), "padding": self.padding}

    def _shape_on_images(self, shape):
        return pool2d_shape(shape, **self._geometry)

    def _call_on_images(self, x):
        return self._pool(x, self._geometry).y

    def _shape_on_volumes(self, shape):
        return pool3d_shape(shape, **self._geometry)

    def _call_on_volumes(self, x):
        return volumes.pool3d(self._pool, x, **self._geometry)

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"pool_size": self.pool_size, "strides": self.strides, "padding": self.padding}
        return {**own, **super().get_config()}


class _GlobalPooling(SpatialLayer):
    """The base class of poolings over whole sequences, images or volumes. A subclass sets the operation, `_pool`."""

    _pool = None
    built_at_once = True

    def __init__(self, data_format=None, keepdims=False, **kwargs):
        super().__init__(data_format=data_format, **kwargs)
        self.keepdims = boolean("keepdims", keepdims)

    def _shape_channels_last(self, shape):
        batch, *sizes, channels = shape
        return (batch, *(1 for _ in sizes if self.keepdims), channels)

    def _call_channels_last(self, x):
        batch, *sizes, channels = x.shape
        image = x
        if self.rank != 2:  # All rows of a volume count alike.
            image = operations.Reshape(x, (batch, math.prod(sizes[:-1]), sizes[-1], channels)).y
        y = self._pool(image, {"pool_size": image.shape[1:3], "strides": None, "padding": "valid"}).y
        return operations.Reshape(y, self._shape_channels_last(x.shape)).y

    def get_config(self):
        """Return the constructor's arguments."""
        return {"keepdims": self.keepdims, **super().get_config()}


@documented(SPATIAL_DOC, _SEQUENCES_DOC)
class MaxPooling1D(_Pooling):
    """Maximum of each window of a sequence, channel by channel.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([1.0, 5.0, 2.0, 4.0], np.float32).reshape(1, 4, 1)
    >>> layers.MaxPooling1D()(x)[0, :, 0]
    array([5., 4.], dtype=float32)
    """

    rank, _pool = 1, operations.MaxPool2D


@documented(SPATIAL_DOC, _IMAGES_DOC)
class MaxPooling2D(_Pooling):
    """Maximum of each window of an image, channel by channel.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.arange(16, dtype=np.float32).reshape(1, 4, 4, 1)
    >>> layers.MaxPooling2D()(x)[0, :, :, 0]
    array([[ 5.,  7.],
           [13., 15.]], dtype=float32)
    """

    rank, _pool = 2, operations.MaxPool2D


@documented(SPATIAL_DOC, _VOLUMES_DOC)
class MaxPooling3D(_Pooling):
    """Maximum of each window of a volume, channel by channel.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.arange(8, dtype=np.float32).reshape(1, 2, 2, 2, 1)
    >>> layers.MaxPooling3D((2, 2, 1))(x)[0, ..., 0]
    array([[[6., 7.]]], dtype=float32)
    """

    rank, _pool = 3, operations.MaxPool2D


@documented(SPATIAL_DOC, _SEQUENCES_DOC)
class AveragePooling1D(_Pooling):
    """Mean of each window of a sequence, channel by channel.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([1.0, 5.0, 2.0, 4.0], np.float32).reshape(1, 4, 1)
    >>> layers.AveragePooling1D()(x)[0, :, 0]
    array([3., 3.], dtype=float32)
    """

    rank, _pool = 1, operations.AveragePool2D


@documented(SPATIAL_DOC, _IMAGES_DOC)
class AveragePooling2D(_Pooling):
    """Mean of each window of an image, channel by channel.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.arange(16, dtype=np.float32).reshape(1, 4, 4, 1)
    >>> layers.AveragePooling2D()(x)[0, :, :, 0]
    array([[ 2.5,  4.5],
           [10.5, 12.5]], dtype=float32)
    """

    rank, _pool = 2, operations.AveragePool2D


@documented(SPATIAL_DOC, _VOLUMES_DOC)
class AveragePooling3D(_Pooling):
    """Mean of each window of a volume, channel by channel.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.arange(8, dtype=np.float32).reshape(1, 2, 2, 2, 1)
    >>> layers.AveragePooling3D((2, 2, 1))(x)[0, ..., 0]
    array([[[3., 4.]]], dtype=float32)
    """

    rank, _pool = 3, operations.AveragePool2D


@documented(SPATIAL_DOC, _GLOBAL_SEQUENCES_DOC)
class GlobalAveragePooling1D(TakesMasks, _GlobalPooling):
    """Mean of each sequence, channel by channel.

    A call may have a second argument, `mask`, (batch, length): steps at which it is 0 are left out.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([1.0, 5.0, 2.0, 4.0], np.float32).reshape(1, 4, 1)
    >>> layers.GlobalAveragePooling1D()(x)
    array([[3.]], dtype=float32)
    """

    rank, _pool = 1, operations.AveragePool2D

    def call(self, x, mask=None):
        """Compute the means, of the steps alone for which a mask (batch, length) is set."""
        if mask is None:
            return super().call(x)
        steps, channels = (1, -1) if self.data_format == "channels_last" else (2, 1)
        counted = apply("expand_dims", is_set(mask), axis=channels)
        total = apply("sum", apply("where", counted, x, 0.0), axis=steps, keepdims=self.keepdims)
        return apply("divide", total, apply("sum", apply("cast", counted, dtype=x.dtype), axis=steps, keepdims=self.keepdims))


@documented(SPATIAL_DOC, _GLOBAL_IMAGES_DOC)
class GlobalAveragePooling2D(_GlobalPooling):
    """Mean of each image, channel by channel.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.arange(16, dtype=np.float32).reshape(1, 4, 4, 1)
    >>> layers.GlobalAveragePooling2D()(x)
    array([[7.5]], dtype=float32)
    """

    rank, _pool = 2, operations.AveragePool2D


@documented(SPATIAL_DOC, _GLOBAL_VOLUMES_DOC)
class GlobalAveragePooling3D(_GlobalPooling):
    """Mean of each volume, channel by channel.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.arange(8, dtype=np.float32).reshape(1, 2, 2, 2, 1)
    >>> layers.GlobalAveragePooling3D()(x)
    array([[3.5]], dtype=float32)
    """

    rank, _pool = 3, operations.AveragePool2D


@documented(SPATIAL_DOC, _GLOBAL_SEQUENCES_DOC)
class GlobalMaxPooling1D(_GlobalPooling):
    """Maximum of each sequence, channel by channel.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.array([1.0, 5.0, 2.0, 4.0], np.float32).reshape(1, 4, 1)
    >>> layers.GlobalMaxPooling1D()(x)
    array([[5.]], dtype=float32)
    """

    rank, _pool = 1, operations.MaxPool2D


@documented(SPATIAL_DOC, _GLOBAL_IMAGES_DOC)
class GlobalMaxPooling2D(_GlobalPooling):
    """Maximum of each image, channel by channel.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.arange(16, dtype=np.float32).reshape(1, 4, 4, 1)
    >>> layers.GlobalMaxPooling2D()(x)
    array([[15.]], dtype=float32)
    """

    rank, _pool = 2, operations.MaxPool2D


@documented(SPATIAL_DOC, _GLOBAL_VOLUMES_DOC)
class GlobalMaxPooling3D(_GlobalPooling):
    """Maximum of each volume, channel by channel.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.arange(8, dtype=np.float32).reshape(1, 2, 2, 2, 1)
    >>> layers.GlobalMaxPooling3D()(x)
    array([[7.]], dtype=float32)
    """

    rank, _pool = 3, operations.MaxPool2D
