"""Separable convolutions: a depthwise one, then one across channels."""

from .._common.docstrings import documented
from .convolution import IMAGES_DOC, SEQUENCES_DOC, Conv1D, Conv2D
from .depthwise import DepthwiseConv1D, DepthwiseConv2D
from .spatial import SpatialLayer
from .weight_settings import setting

_WEIGHTS_DOC = """
    Parameters
    ----------
    depth_multiplier : int
        Channels between the two for each of the input.
    activation : str, optional
        Name of an activation.
    use_bias : bool
        Whether the second adds a bias; the first adds none.
    depthwise_initializer, pointwise_initializer, bias_initializer : str or Initializer
        How the weights begin; see `striate.initializers`.
    depthwise_regularizer, pointwise_regularizer, bias_regularizer : optional
        Penalties on the weights; see `striate.regularizers`.
    depthwise_constraint, pointwise_constraint, bias_constraint : optional
        What is done to the weights after each step; see `striate.constraints`.
    activity_regularizer, name, trainable, dtype
        See `Layer`.
    """


class SeparableConvolution(SpatialLayer):
    """The base class of separable convolutions. A subclass has the classes of the two as `first` and `second`."""

    first = second = None

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
        super().__init__(**kwargs)
        window = {"strides": strides, "padding": padding, "dilation_rate": dilation_rate, "data_format": data_format}
        common = {"trainable": self.trainable, "dtype": self.dtype}
        self.depthwise = self.first(
            kernel_size, **window, depth_multiplier=depth_multiplier, use_bias=False,
            depthwise_initializer=depthwise_initializer, depthwise_regularizer=depthwise_regularizer,
            depthwise_constraint=depthwise_constraint, **common,
        )  # fmt: skip
        self.pointwise = self.second(
            filters, 1, activation=activation, use_bias=use_bias, bias_initializer=bias_initializer,
            kernel_initializer=setting("pointwise_initializer", pointwise_initializer),
            kernel_regularizer=setting("pointwise_regularizer", pointwise_regularizer),
            kernel_constraint=setting("pointwise_constraint", pointwise_constraint),
            bias_regularizer=bias_regularizer, bias_constraint=bias_constraint, **common,
        )  # fmt: skip

    def compute_output_shape(self, input_shape):
        """Return (batch, ..., filters), with the sizes between them that the windows leave."""
        self._check(input_shape)
        return self.pointwise.compute_output_shape(self.depthwise.compute_output_shape(input_shape))

    def call(self, x):
        """Convolve twice."""
        return self.pointwise(self.depthwise(x))

    def get_config(self):
        """Return the constructor's arguments."""
        first, second = self.depthwise.get_config(), self.pointwise.get_config()
        return {
            "filters": second["filters"],
            **{key: first[key] for key in ("kernel_size", "strides", "padding", "dilation_rate", "depth_multiplier")},
            "activation": second["activation"],
            "use_bias": second["use_bias"],
            **{key: value for key, value in first.items() if key.startswith("depthwise_")},
            **{f"pointwise_{kind}": second[f"kernel_{kind}"] for kind in ("initializer", "regularizer", "constraint")},
            **{key: value for key, value in second.items() if key.startswith("bias_")},
            **super().get_config(),
        }


@documented(SEQUENCES_DOC, _WEIGHTS_DOC)
class SeparableConv1D(SeparableConvolution):
    """1D convolution in two: of each channel by itself, then of length 1 across channels.

    Parameters
    ----------
    kernel_size : int
        Length of the kernels of the first.

    Notes
    -----
    Input (batch, length, channels), output (batch, output length, filters). Weights: those of a `DepthwiseConv1D` and of a
    `Conv1D`.
    """

    rank, first, second = 1, DepthwiseConv1D, Conv1D


@documented(IMAGES_DOC, _WEIGHTS_DOC)
class SeparableConv2D(SeparableConvolution):
    """2D convolution in two: of each channel by itself, then 1×1 across channels.

    Parameters
    ----------
    kernel_size : int or pair of int
        Height and width of the kernels of the first.

    Notes
    -----
    Input (batch, height, width, channels), output (batch, output height, output width, filters). Weights: those of a
    `DepthwiseConv2D` and of a `Conv2D`.

    References
    ----------
    .. [1] Chollet, F., "Xception: deep learning with depthwise separable convolutions", CVPR 2017.
    """

    rank, first, second = 2, DepthwiseConv2D, Conv2D
