"""Separable convolutions: a depthwise convolution, then a pointwise one across channels."""

from .._common.docstrings import documented
from .convolution import IMAGES_DOC, SEQUENCES_DOC, Conv1D, Conv2D
from .depthwise import DepthwiseConv1D, DepthwiseConv2D
from .spatial import SpatialLayer
from .weight_settings import setting

_WEIGHTS_DOC = """
    Parameters
    ----------
    depth_multiplier : int
        Number of output channels of the depthwise convolution per input channel.
    activation : str or callable, optional
        Name of an activation, or a function; see `striate.activations`.
    use_bias : bool
        Whether the pointwise convolution adds a bias; the depthwise one adds none.
    depthwise_initializer, pointwise_initializer, bias_initializer : str or Initializer
        Initial values of the weights; see `striate.initializers`.
    depthwise_regularizer, pointwise_regularizer, bias_regularizer : optional
        Penalties on the weights; see `striate.regularizers`.
    depthwise_constraint, pointwise_constraint, bias_constraint : optional
        Constraints applied to the weights after each step; see `striate.constraints`.
    activity_regularizer, name, trainable, dtype
        See `Layer`.
    """


class SeparableConvolution(SpatialLayer):
    """The base class of separable convolutions. A subclass sets the classes of the two convolutions."""

    depthwise_class = pointwise_class = None

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        data_format=None,
        dilation_rate=1,
        depth_multiplier=1,
        activation=None,
        use_bias=True,
        depthwise_initializer="glorot_uniform",
        pointwise_initializer="glorot_uniform",
        bias_initializer="zeros",
        depthwise_regularizer=None,
        pointwise_regularizer=None,
        bias_regularizer=None,
        depthwise_constraint=None,
        pointwise_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        super().__init__(data_format=data_format, **kwargs)
        window = {"strides": strides, "padding": padding, "dilation_rate": dilation_rate}
        common = {"trainable": self.trainable, "dtype": self.dtype, "data_format": "channels_last"}
        self.depthwise = self.depthwise_class(
            kernel_size, **window, depth_multiplier=depth_multiplier, use_bias=False,
            depthwise_initializer=depthwise_initializer, depthwise_regularizer=depthwise_regularizer,
            depthwise_constraint=depthwise_constraint, **common,
        )  # fmt: skip
        self.pointwise = self.pointwise_class(
            filters, 1, activation=activation, use_bias=use_bias, bias_initializer=bias_initializer,
            kernel_initializer=setting("pointwise_initializer", pointwise_initializer),
            kernel_regularizer=setting("pointwise_regularizer", pointwise_regularizer),
            kernel_constraint=setting("pointwise_constraint", pointwise_constraint),
            bias_regularizer=bias_regularizer, bias_constraint=bias_constraint, **common,
        )  # fmt: skip

    @property
    def depthwise_kernel(self):
        """The kernel of the depthwise convolution."""
        return self.depthwise.kernel

    @property
    def pointwise_kernel(self):
        """The kernel of the pointwise convolution."""
        return self.pointwise.kernel

    @property
    def bias(self):
        """The bias of the pointwise convolution, None if there is none."""
        return self.pointwise.bias

    def _shape_channels_last(self, shape):
        return self.pointwise.compute_output_shape(self.depthwise.compute_output_shape(shape))

    def _call_channels_last(self, x):
        return self.pointwise(self.depthwise(x))

    def get_config(self):
        """Return the constructor's arguments."""
        depthwise, pointwise = self.depthwise.get_config(), self.pointwise.get_config()
        return {
            "filters": pointwise["filters"],
            **{key: depthwise[key] for key in ("kernel_size", "strides", "padding", "dilation_rate", "depth_multiplier")},
            "activation": pointwise["activation"],
            "use_bias": pointwise["use_bias"],
            **{key: value for key, value in depthwise.items() if key.startswith("depthwise_")},
            **{f"pointwise_{kind}": pointwise[f"kernel_{kind}"] for kind in ("initializer", "regularizer", "constraint")},
            **{key: value for key, value in pointwise.items() if key.startswith("bias_")},
            **super().get_config(),
        }


@documented(SEQUENCES_DOC, _WEIGHTS_DOC)
class SeparableConv1D(SeparableConvolution):
    """Separable 1D convolution: a depthwise convolution, then a pointwise one, of length 1 across channels.

    Parameters
    ----------
    kernel_size : int
        Length of the depthwise kernels.

    Notes
    -----
    Input (batch, length, channels), output (batch, output length, filters). Weights: depthwise kernel
    (kernel_size, channels, depth_multiplier), pointwise kernel (1, channels * depth_multiplier, filters) and bias (filters,).

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((1, 8, 4), np.float32)
    >>> layers.SeparableConv1D(16, 3)(x).shape
    (1, 6, 16)
    """

    rank, depthwise_class, pointwise_class = 1, DepthwiseConv1D, Conv1D


@documented(IMAGES_DOC, _WEIGHTS_DOC)
class SeparableConv2D(SeparableConvolution):
    """Separable 2D convolution: a depthwise convolution, then a pointwise one, 1×1 across channels.

    Parameters
    ----------
    kernel_size : int or pair of int
        Height and width of the depthwise kernels.

    Notes
    -----
    Input (batch, height, width, channels), output (batch, output height, output width, filters). Weights: depthwise kernel
    (kernel height, kernel width, channels, depth_multiplier), pointwise kernel (1, 1, channels * depth_multiplier, filters) and
    bias (filters,).

    References
    ----------
    .. [1] Chollet, F., "Xception: deep learning with depthwise separable convolutions", CVPR 2017.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((1, 8, 8, 4), np.float32)
    >>> layer = layers.SeparableConv2D(16, 3)
    >>> layer(x).shape, layer.count_params()
    ((1, 6, 6, 16), 116)
    """

    rank, depthwise_class, pointwise_class = 2, DepthwiseConv2D, Conv2D
