"""Depthwise convolutions, of each channel separately."""

from .._common.checks import integer
from .._common.docstrings import documented
from .affine import WEIGHTS_DOC
from .convolution import IMAGES_DOC, SEQUENCES_DOC, Convolution

_WEIGHTS_DOC = WEIGHTS_DOC.replace("kernel_", "depthwise_")


class _DepthwiseConv(Convolution):
    """The base class of depthwise convolutions."""

    kernel_name = "depthwise"
    fixed_arguments = ("kernel_initializer", "kernel_regularizer", "kernel_constraint")

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


@documented(SEQUENCES_DOC, _WEIGHTS_DOC)
class DepthwiseConv1D(_DepthwiseConv):
    """1D convolution of each channel separately, with `depth_multiplier` learned kernels.

    Notes
    -----
    Input (batch, length, channels), output (batch, output length, channels * depth_multiplier), where the output channels of
    one input channel are adjacent. Weights: kernel (kernel_size, channels, depth_multiplier) and bias
    (channels * depth_multiplier,).

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((1, 8, 4), np.float32)
    >>> layers.DepthwiseConv1D(3)(x).shape
    (1, 6, 4)
    """

    rank = 1


@documented(IMAGES_DOC, _WEIGHTS_DOC)
class DepthwiseConv2D(_DepthwiseConv):
    """2D convolution of each channel separately, with `depth_multiplier` learned kernels.

    Notes
    -----
    Input (batch, height, width, channels), output (batch, output height, output width, channels * depth_multiplier), where the
    output channels of one input channel are adjacent. Weights: kernel (kernel height, kernel width, channels, depth_multiplier)
    and bias (channels * depth_multiplier,).

    References
    ----------
    .. [1] Howard, A. et al., "MobileNets: efficient convolutional neural networks for mobile vision applications", 2017.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((1, 8, 8, 4), np.float32)
    >>> layers.DepthwiseConv2D(3, depth_multiplier=2)(x).shape
    (1, 6, 6, 8)
    """

    rank = 2
