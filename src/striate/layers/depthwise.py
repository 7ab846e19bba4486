"""Depthwise convolutions: of each channel by itself."""

from .._checks import integer
from .convolution import Convolution


class _DepthwiseConv(Convolution):
    """The base class of depthwise convolutions."""

    kernel_name = "depthwise"

    def __init__(
        self,
        kernel_size,
        strides=1,
        padding="valid",
        depth_multiplier=1,
        data_format=None,
        dilation_rate=1,
        activation=None,
        use_bias=True,
        depthwise_initializer="glorot_uniform",
        bias_initializer="zeros",
        depthwise_regularizer=None,
        bias_regularizer=None,
        depthwise_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        penalties = (depthwise_regularizer, bias_regularizer, depthwise_constraint, bias_constraint)
        weights = (activation, use_bias, depthwise_initializer, bias_initializer, *penalties)
        super().__init__(kernel_size, strides, padding, dilation_rate, data_format, *weights, **kwargs)
        self.depth_multiplier = integer("depth_multiplier", depth_multiplier, 1)

    def _groups(self, channels):
        return channels

    def kernel_shape(self, input_shape):
        """Return (kernel sizes, channels, depth_multiplier)."""
        return (*self._window, input_shape[-1], self.depth_multiplier)

    def bias_shape(self, input_shape):
        """Return (channels * depth_multiplier,)."""
        return (input_shape[-1] * self.depth_multiplier,)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"depth_multiplier": self.depth_multiplier, **super().get_config()}


class DepthwiseConv1D(_DepthwiseConv):
    """1D convolution of each channel by itself, with `depth_multiplier` learned kernels.

    Parameters
    ----------
    kernel_size : int
        Length of the kernels.
    strides : int
        Elements between neighbouring windows.
    padding : {"valid", "same", "causal"}
        Zeros around the sequence; see `Conv1D`.
    depth_multiplier : int
        Channels of the output for each of the input.
    data_format : {"channels_last"}, optional
        Position of the channels.
    dilation_rate : int
        Elements between neighbouring elements of a kernel.
    activation : str, optional
        Name of an activation.
    use_bias : bool
        Whether a bias is added.
    depthwise_initializer, bias_initializer : str or Initializer
        How the weights begin; see `striate.initializers`.
    depthwise_regularizer, bias_regularizer, depthwise_constraint, bias_constraint : optional
        Penalties on the weights, and what is done to them after each step; see `striate.regularizers` and
        `striate.constraints`.
    algorithm : {"auto", "direct", "im2col", "depthwise"}
        How it and its gradients are computed; see `striate.functional.conv2d`.
    activity_regularizer, name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, length, channels), output (batch, output length, channels * depth_multiplier), in which the channels made of
    one channel are neighbours. Weights: kernel (kernel_size, channels, depth_multiplier) and bias
    (channels * depth_multiplier,).
    """

    rank = 1


class DepthwiseConv2D(_DepthwiseConv):
    """2D convolution of each channel by itself, with `depth_multiplier` learned kernels.

    Parameters
    ----------
    kernel_size : int or pair of int
        Height and width of the kernels.
    strides : int or pair of int
        Pixels between neighbouring windows.
    padding : {"valid", "same"}, int, pair of int, or ((top, bottom), (left, right))
        Zeros around the image; see `striate.functional.conv2d`.
    depth_multiplier : int
        Channels of the output for each of the input.
    data_format : {"channels_last"}, optional
        Position of the channels.
    dilation_rate : int or pair of int
        Pixels between neighbouring elements of a kernel.
    activation : str, optional
        Name of an activation.
    use_bias : bool
        Whether a bias is added.
    depthwise_initializer, bias_initializer : str or Initializer
        How the weights begin; see `striate.initializers`.
    depthwise_regularizer, bias_regularizer, depthwise_constraint, bias_constraint : optional
        Penalties on the weights, and what is done to them after each step; see `striate.regularizers` and
        `striate.constraints`.
    algorithm : {"auto", "direct", "im2col", "depthwise", "winograd", "winograd_f2", "winograd_f4"}
        How it and its gradients are computed; see `striate.functional.conv2d`. "direct" keeps this layer from Winograd's
        convolution, whatever `striate.set_winograd` says.
    activity_regularizer, name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, height, width, channels), output (batch, output height, output width, channels * depth_multiplier), in which
    the channels made of one channel are neighbours. Weights: kernel (kernel height, kernel width, channels, depth_multiplier)
    and bias (channels * depth_multiplier,).

    References
    ----------
    .. [1] Howard, A. et al., "MobileNets: efficient convolutional neural networks for mobile vision applications", 2017.
    """

    rank = 2
