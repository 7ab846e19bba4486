"""Convolution layers."""

from functools import partial

from .._checks import choice, integer, pair
from ..algorithms import ALGORITHMS, check_conv2d_algorithm
from ..engine import operations
from ..geometry import check_padding, conv2d_shape
from .affine import AffineLayer
from .base import Layer
from .shape_checks import check_channels, check_data_format, check_images
from .weight_settings import setting


def algorithm_config(layer):
    """Return a layer's `algorithm` for its configuration: nothing where Keras, which knows no such argument, need not know."""
    return {} if layer.algorithm == "auto" else {"algorithm": layer.algorithm}


class _Convolution2D(AffineLayer):
    """The base class of 2D convolutions. A subclass defines `kernel_shape` and `_groups`."""

    def __init__(self, kernel_size, strides, padding, dilation_rate, data_format, *arguments, algorithm="auto", **kwargs):
        super().__init__(*arguments, **kwargs)
        check_data_format(data_format)
        self.kernel_size = pair("kernel_size", kernel_size)
        self.strides = pair("strides", strides)
        self.padding = check_padding(padding)
        self.dilation_rate = pair("dilation_rate", dilation_rate)
        self.algorithm = choice("algorithm", algorithm, ALGORITHMS)

    def _groups(self, channels):
        """Return how many groups the channels are in."""
        raise NotImplementedError

    def _whole_kernel_shape(self, input_shape):
        """Return the kernel's shape as `functional.conv2d` takes it."""
        return self.kernel_shape(input_shape)

    def compute_output_shape(self, input_shape):
        """Return (batch, output height, output width, filters)."""
        check_images(self, input_shape)
        kernel_shape, channels = self._whole_kernel_shape(input_shape), input_shape[3]
        geometry = self._geometry(channels)
        where = geometry["strides"], geometry["dilation"], geometry["groups"]
        check_conv2d_algorithm(self.algorithm, kernel_shape, channels, *where)
        return conv2d_shape(input_shape, kernel_shape, **geometry)

    def _geometry(self, channels):
        return {
            "strides": self.strides,
            "padding": self.padding,
            "dilation": self.dilation_rate,
            "groups": self._groups(channels),
        }

    def call(self, x):
        """Convolve, add the bias and apply the activation."""
        how = {"geometry": self._geometry(x.shape[3]), "algorithm": self.algorithm}
        return operations.with_activation(partial(operations.Conv2D, x, self.kernel, self.bias, **how), self.activation)

    def get_config(self):
        """Return the constructor's arguments."""
        return {
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "dilation_rate": self.dilation_rate,
            **algorithm_config(self),
            **super().get_config(),
        }


class Conv2D(_Convolution2D):
    """2D convolution: `filters` learned kernels slide over the image.

    Parameters
    ----------
    filters : int
        Channels of the output.
    kernel_size : int or pair of int
        Height and width of the kernels.
    strides : int or pair of int
        Pixels between neighbouring windows.
    padding : {"valid", "same"}, int, pair of int, or ((top, bottom), (left, right))
        Zeros around the image; see `striate.functional.conv2d`.
    data_format : {"channels_last"}, optional
        Position of the channels.
    dilation_rate : int or pair of int
        Pixels between neighbouring elements of a kernel.
    groups : int
        Groups that channels and filters are split into.
    activation : str, optional
        Name of an activation.
    use_bias : bool
        Whether a bias is added.
    kernel_initializer, bias_initializer : str or Initializer
        How the weights begin; see `striate.initializers`.
    kernel_regularizer, bias_regularizer, kernel_constraint, bias_constraint : optional
        Penalties on the weights, and what is done to them after each step; see `striate.regularizers` and
        `striate.constraints`.
    algorithm : {"auto", "direct", "im2col", "depthwise", "winograd", "winograd_f2", "winograd_f4"}
        How it and its gradients are computed; see `striate.functional.conv2d`. "direct" keeps this layer from Winograd's
        convolution, whatever `striate.set_winograd` says.
    activity_regularizer, name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, height, width, channels), output (batch, output height, output width, filters). Weights: kernel
    (kernel height, kernel width, channels / groups, filters) and bias (filters,).

    References
    ----------
    .. [1] LeCun, Y. et al., "Gradient-based learning applied to document recognition", Proceedings of the IEEE, 1998.
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=(1, 1),
        padding="valid",
        data_format=None,
        dilation_rate=(1, 1),
        groups=1,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        **kwargs,
    ):
        bias_and_activation = (activation, use_bias, kernel_initializer, bias_initializer)
        super().__init__(kernel_size, strides, padding, dilation_rate, data_format, *bias_and_activation, **kwargs)
        self.filters = integer("filters", filters, 1)
        self.groups = integer("groups", groups, 1)

    def _groups(self, channels):
        return self.groups

    def kernel_shape(self, input_shape):
        """Return (kernel height, kernel width, channels / groups, filters)."""
        channels = check_channels(self, input_shape)
        if channels % self.groups:
            raise ValueError(f"groups={self.groups} does not divide the {channels} channels of the input; expected a divisor")
        return (*self.kernel_size, channels // self.groups, self.filters)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"filters": self.filters, "groups": self.groups, **super().get_config()}


class DepthwiseConv2D(_Convolution2D):
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

    kernel_name = "depthwise"

    def __init__(
        self,
        kernel_size,
        strides=(1, 1),
        padding="valid",
        depth_multiplier=1,
        data_format=None,
        dilation_rate=(1, 1),
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
        """Return (kernel height, kernel width, channels, depth_multiplier)."""
        return (*self.kernel_size, input_shape[-1], self.depth_multiplier)

    def bias_shape(self, input_shape):
        """Return (channels * depth_multiplier,)."""
        return (input_shape[-1] * self.depth_multiplier,)

    def _whole_kernel_shape(self, input_shape):
        check_channels(self, input_shape)
        return (*self.kernel_size, 1, *self.bias_shape(input_shape))

    def get_config(self):
        """Return the constructor's arguments."""
        return {"depth_multiplier": self.depth_multiplier, **super().get_config()}


class SeparableConvolution(Layer):
    """The base class of separable convolutions. A subclass has the classes of the two as `first` and `second`, and the check
    of its input as `check`.
    """

    first = second = check = None

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
        self.check(input_shape)
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


class SeparableConv2D(SeparableConvolution):
    """2D convolution in two: of each channel by itself, then 1×1 across channels.

    Parameters
    ----------
    filters : int
        Channels of the output.
    kernel_size : int or pair of int
        Height and width of the kernels of the first.
    strides : int or pair of int
        Pixels between neighbouring windows.
    padding : {"valid", "same"}, int, pair of int, or ((top, bottom), (left, right))
        Zeros around the image; see `striate.functional.conv2d`.
    data_format : {"channels_last"}, optional
        Position of the channels.
    dilation_rate : int or pair of int
        Pixels between neighbouring elements of a kernel.
    depth_multiplier : int
        Channels between the two for each of the input.
    activation : str, optional
        Name of an activation.
    use_bias : bool
        Whether the second adds a bias; the first adds none.
    depthwise_initializer, pointwise_initializer, bias_initializer : str or Initializer
        How the weights begin; see `striate.initializers`.
    depthwise_regularizer, pointwise_regularizer, bias_regularizer, \
    depthwise_constraint, pointwise_constraint, bias_constraint : optional
        Penalties on the weights, and what is done to them after each step; see `striate.regularizers` and
        `striate.constraints`.
    activity_regularizer, name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, height, width, channels), output (batch, output height, output width, filters). Weights: those of a
    `DepthwiseConv2D` and of a `Conv2D`.

    References
    ----------
    .. [1] Chollet, F., "Xception: deep learning with depthwise separable convolutions", CVPR 2017.
    """

    first, second, check = DepthwiseConv2D, Conv2D, check_images
