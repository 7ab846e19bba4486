"""Pooling layers."""

from .._checks import boolean, pair
from ..engine import operations
from ..geometry import check_padding, pool2d_shape
from .base import Layer
from .shape_checks import check_data_format, check_images


class _Pooling2D(Layer):
    """The base class of poolings over windows."""

    def __init__(self, pool_size=(2, 2), strides=None, padding="valid", data_format=None, **kwargs):
        super().__init__(**kwargs)
        check_data_format(data_format)
        self.pool_size = pair("pool_size", pool_size)
        self.strides = self.pool_size if strides is None else pair("strides", strides)
        self.padding = check_padding(padding)

    @property
    def _geometry(self):
        return {"pool_size": self.pool_size, "strides": self.strides, "padding": self.padding}

    def compute_output_shape(self, input_shape):
        """Return (batch, output height, output width, channels)."""
        check_images(self, input_shape)
        return pool2d_shape(input_shape, **self._geometry)

    def get_config(self):
        """Return the constructor's arguments."""
        return {**self._geometry, **super().get_config()}


class MaxPooling2D(_Pooling2D):
    """Largest value of each window, channel by channel.

    Parameters
    ----------
    pool_size : int or pair of int
        Height and width of the window.
    strides : int or pair of int, optional
        Pixels between neighbouring windows; `pool_size` if None.
    padding : {"valid", "same"}, int, pair of int, or ((top, bottom), (left, right))
        Pixels around the image, which never win.
    data_format : {"channels_last"}, optional
        Position of the channels.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, height, width, channels), output (batch, output height, output width, channels).
    """

    def call(self, x):
        """Pool."""
        return operations.MaxPool2D(x, self._geometry).y


class AveragePooling2D(_Pooling2D):
    """Mean of each window, channel by channel; padding does not take part in it.

    Parameters
    ----------
    pool_size : int or pair of int
        Height and width of the window.
    strides : int or pair of int, optional
        Pixels between neighbouring windows; `pool_size` if None.
    padding : {"valid", "same"}, int, pair of int, or ((top, bottom), (left, right))
        Pixels around the image.
    data_format : {"channels_last"}, optional
        Position of the channels.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, height, width, channels), output (batch, output height, output width, channels).
    """

    def call(self, x):
        """Pool."""
        return operations.AveragePool2D(x, self._geometry).y


class GlobalPooling(Layer):
    """The base class of global poolings. A subclass has the operation as `pool`, the check of its input as `check`."""

    def __init__(self, data_format=None, keepdims=False, **kwargs):
        super().__init__(**kwargs)
        check_data_format(data_format)
        self.keepdims = boolean("keepdims", keepdims)

    def compute_output_shape(self, input_shape):
        """Return (batch, channels), with ones between them for `keepdims`."""
        self.check(input_shape)
        batch, *sides, channels = input_shape
        return (batch, *(1 for _ in sides if self.keepdims), channels)

    def call(self, x):
        """Pool."""
        batch, *sides, channels = x.shape
        image = x if len(sides) == 2 else operations.Reshape(x, (batch, 1, *sides, channels)).y
        y = self.pool(image, {"pool_size": image.shape[1:3], "strides": None, "padding": "valid"}).y
        return operations.Reshape(y, self.compute_output_shape(x.shape)).y

    def get_config(self):
        """Return the constructor's arguments."""
        return {"keepdims": self.keepdims, **super().get_config()}


class GlobalAveragePooling2D(GlobalPooling):
    """Mean of each image, channel by channel.

    Parameters
    ----------
    data_format : {"channels_last"}, optional
        Position of the channels.
    keepdims : bool
        Whether the output keeps height and width, as 1.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, height, width, channels), output (batch, channels) or (batch, 1, 1, channels).
    """

    check = check_images
    pool = operations.AveragePool2D


class GlobalMaxPooling2D(GlobalPooling):
    """Largest value of each image, channel by channel.

    Parameters
    ----------
    data_format : {"channels_last"}, optional
        Position of the channels.
    keepdims : bool
        Whether the output keeps height and width, as 1.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, height, width, channels), output (batch, channels) or (batch, 1, 1, channels).
    """

    check = check_images
    pool = operations.MaxPool2D
