"""Pooling of sequences."""

from .._checks import choice
from ..engine import operations
from ..geometry import pool2d_shape
from .base import Layer
from .convolution1d import single
from .pooling import GlobalPooling
from .shape_checks import check_data_format, check_sequences


class _Pooling1D(Layer):
    """The base class of 1D poolings, which are those of images of one row. A subclass has the operation as `pool`."""

    def __init__(self, pool_size=2, strides=None, padding="valid", data_format=None, **kwargs):
        super().__init__(**kwargs)
        check_data_format(data_format)
        self.pool_size = single("pool_size", pool_size)
        self.strides = self.pool_size if strides is None else single("strides", strides)
        self.padding = choice("padding", padding, ("valid", "same"))

    @property
    def _geometry(self):
        return {"pool_size": (1, self.pool_size), "strides": (1, self.strides), "padding": self.padding}

    def compute_output_shape(self, input_shape):
        """Return (batch, output length, channels)."""
        check_sequences(self, input_shape)
        batch, length, channels = input_shape
        return batch, pool2d_shape((batch, 1, length, channels), **self._geometry)[2], channels

    def call(self, x):
        """Pool."""
        batch, length, channels = x.shape
        y = self.pool(operations.Reshape(x, (batch, 1, length, channels)).y, self._geometry).y
        return operations.Reshape(y, (batch, *y.shape[2:])).y

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"pool_size": self.pool_size, "strides": self.strides, "padding": self.padding}
        return {**own, **super().get_config()}


class MaxPooling1D(_Pooling1D):
    """Largest value of each window of a sequence, channel by channel.

    Parameters
    ----------
    pool_size : int
        Length of the window.
    strides : int, optional
        Elements between neighbouring windows; `pool_size` if None.
    padding : {"valid", "same"}
        Elements around the sequence, which never win.
    data_format : {"channels_last"}, optional
        Position of the channels.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, length, channels), output (batch, output length, channels).
    """

    pool = operations.MaxPool2D


class AveragePooling1D(_Pooling1D):
    """Mean of each window of a sequence, channel by channel; padding does not take part in it.

    Parameters
    ----------
    pool_size : int
        Length of the window.
    strides : int, optional
        Elements between neighbouring windows; `pool_size` if None.
    padding : {"valid", "same"}
        Elements around the sequence.
    data_format : {"channels_last"}, optional
        Position of the channels.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, length, channels), output (batch, output length, channels).
    """

    pool = operations.AveragePool2D


class GlobalAveragePooling1D(GlobalPooling):
    """Mean of each sequence, channel by channel.

    Parameters
    ----------
    data_format : {"channels_last"}, optional
        Position of the channels.
    keepdims : bool
        Whether the output keeps the length, as 1.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, length, channels), output (batch, channels) or (batch, 1, channels).
    """

    check = check_sequences
    pool = operations.AveragePool2D


class GlobalMaxPooling1D(GlobalPooling):
    """Largest value of each sequence, channel by channel.

    Parameters
    ----------
    data_format : {"channels_last"}, optional
        Position of the channels.
    keepdims : bool
        Whether the output keeps the length, as 1.
    name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, length, channels), output (batch, channels) or (batch, 1, channels).
    """

    check = check_sequences
    pool = operations.MaxPool2D
