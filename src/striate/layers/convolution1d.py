"""Convolution of sequences: that of images of one row."""

from functools import partial

from .._checks import choice, integer
from ..algorithms import ALGORITHMS, check_conv2d_algorithm
from ..engine import operations
from ..geometry import conv2d_shape
from .affine import AffineLayer
from .convolution import SeparableConvolution, algorithm_config
from .shape_checks import check_channels, check_data_format, check_sequences
from .transposed import Conv2DTranspose
from .weight_settings import make_weight


class _Convolution1D(AffineLayer):
    """The base class of 1D convolutions. A subclass defines `kernel_shape` and `_groups`."""

    def __init__(self, kernel_size, strides, padding, dilation_rate, data_format, *arguments, algorithm="auto", **kwargs):
        super().__init__(*arguments, **kwargs)
        check_data_format(data_format)
        self.kernel_size = single("kernel_size", kernel_size)
        self.strides = single("strides", strides)
        self.padding = choice("padding", padding, ("valid", "same", "causal"))
        self.dilation_rate = single("dilation_rate", dilation_rate)
        self.algorithm = choice("algorithm", algorithm, ALGORITHMS)

    def _groups(self, channels):
        """Return how many groups the channels are in."""
        raise NotImplementedError

    def _geometry(self, channels):
        padding = self.padding
        if padding == "causal":
            padding = ((0, 0), (self.dilation_rate * (self.kernel_size - 1), 0))
        strides, dilation = (1, self.strides), (1, self.dilation_rate)
        return {"strides": strides, "padding": padding, "dilation": dilation, "groups": self._groups(channels)}

    def compute_output_shape(self, input_shape):
        """Return (batch, output length, filters)."""
        check_sequences(self, input_shape)
        batch, length, channels = input_shape
        check_channels(self, input_shape)
        self.kernel_shape(input_shape)  # is there one?
        kernel = (1, self.kernel_size, channels // self._groups(channels), *self.bias_shape(input_shape))
        geometry = self._geometry(channels)
        check_conv2d_algorithm(self.algorithm, kernel, channels, geometry["strides"], geometry["dilation"], geometry["groups"])
        return batch, *conv2d_shape((batch, 1, length, channels), kernel, **geometry)[2:]

    def call(self, x):
        """Convolve, add the bias and apply the activation."""
        batch, length, channels = x.shape
        row = operations.Reshape(x, (batch, 1, length, channels)).y
        how = {"geometry": self._geometry(channels), "algorithm": self.algorithm}
        y = operations.with_activation(partial(operations.Conv2D, row, self.kernel, self.bias, **how), self.activation)
        return operations.Reshape(y, (batch, *y.shape[2:])).y

    def get_config(self):
        """Return the constructor's arguments."""
        names = ("kernel_size", "strides", "padding", "dilation_rate")
        return {**{name: getattr(self, name) for name in names}, **algorithm_config(self), **super().get_config()}


class Conv1D(_Convolution1D):
    """1D convolution: `filters` learned kernels slide over a sequence.

    Parameters
    ----------
    filters : int
        Channels of the output.
    kernel_size : int
        Length of the kernels.
    strides : int
        Elements between neighbouring windows.
    padding : {"valid", "same", "causal"}
        Zeros around the sequence: none, as many as keep its length at stride 1, or as many before it, so that no output depends
        on later inputs.
    data_format : {"channels_last"}, optional
        Position of the channels.
    dilation_rate : int
        Elements between neighbouring elements of a kernel.
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
    algorithm : {"auto", "direct", "im2col", "depthwise"}
        How it and its gradients are computed; see `striate.functional.conv2d`.
    activity_regularizer, name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, length, channels), output (batch, output length, filters). Weights: kernel
    (kernel_size, channels / groups, filters) and bias (filters,).

    References
    ----------
    .. [1] van den Oord, A. et al., "WaveNet: a generative model for raw audio", 2016, section 2.1: causal convolutions.
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        data_format=None,
        dilation_rate=1,
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
        """Return (kernel_size, channels / groups, filters)."""
        channels = input_shape[-1]
        if channels % self.groups:
            raise ValueError(f"groups={self.groups} does not divide the {channels} channels of the input; expected a divisor")
        return self.kernel_size, channels // self.groups, self.filters

    def get_config(self):
        """Return the constructor's arguments."""
        return {"filters": self.filters, "groups": self.groups, **super().get_config()}


class DepthwiseConv1D(_Convolution1D):
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
        """Return (kernel_size, channels, depth_multiplier)."""
        return self.kernel_size, input_shape[-1], self.depth_multiplier

    def bias_shape(self, input_shape):
        """Return (channels * depth_multiplier,)."""
        return (input_shape[-1] * self.depth_multiplier,)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"depth_multiplier": self.depth_multiplier, **super().get_config()}


class SeparableConv1D(SeparableConvolution):
    """1D convolution in two: of each channel by itself, then of length 1 across channels.

    Parameters
    ----------
    filters : int
        Channels of the output.
    kernel_size : int
        Length of the kernels of the first.
    strides : int
        Elements between neighbouring windows.
    padding : {"valid", "same", "causal"}
        Zeros around the sequence; see `Conv1D`.
    data_format : {"channels_last"}, optional
        Position of the channels.
    dilation_rate : int
        Elements between neighbouring elements of a kernel.
    depth_multiplier : int
        Channels between the two for each of the input.
    activation : str, optional
        Name of an activation.
    use_bias : bool
        Whether the second adds a bias; the first adds none.
    depthwise_initializer, pointwise_initializer, bias_initializer, …
        As in `SeparableConv2D`.
    activity_regularizer, name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, length, channels), output (batch, output length, filters). Weights: those of a `DepthwiseConv1D` and of a
    `Conv1D`.
    """

    first, second, check = DepthwiseConv1D, Conv1D, check_sequences


class Conv1DTranspose(Conv2DTranspose):
    """Transposed 1D convolution: each element, times a learned kernel, is added to a window of a longer output.

    Parameters
    ----------
    filters : int
        Channels of the output.
    kernel_size : int
        Length of the kernels.
    strides : int
        Elements of the output between neighbouring windows.
    padding : {"valid", "same"}
        What is cut off the output: nothing, or as much as makes it ``strides`` times as long as the input.
    output_padding : int, optional
        Elements that the output has more at its end.
    data_format : {"channels_last"}, optional
        Position of the channels.
    dilation_rate : int
        Elements between neighbouring elements of a kernel.
    activation, use_bias, kernel_initializer, bias_initializer, …, algorithm
        As in `Conv1D`.
    activity_regularizer, name, trainable, dtype
        See `Layer`.

    Notes
    -----
    Input (batch, length, channels), output (batch, output length, filters). Weights: kernel (kernel_size, filters, channels)
    and bias (filters,).
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        output_padding=None,
        data_format=None,
        dilation_rate=1,
        *arguments,
        **kwargs,
    ):
        more = None if output_padding is None else (0, single("output_padding", output_padding, 0))
        window = [(1, single(name, n)) for name, n in (("kernel_size", kernel_size), ("strides", strides))]
        dilation = (1, single("dilation_rate", dilation_rate))
        super().__init__(filters, *window, padding, more, data_format, dilation, *arguments, **kwargs)

    def build(self, input_shape):
        """Make kernel and bias."""
        self.kernel = make_weight(self, "kernel", self.kernel_shape(input_shape)[1:])
        if self.use_bias:
            self.bias = make_weight(self, "bias", self.bias_shape(input_shape))

    def compute_output_shape(self, input_shape):
        """Return (batch, output length, filters)."""
        check_sequences(self, input_shape)
        batch, length, channels = input_shape
        return batch, *super().compute_output_shape((batch, 1, length, channels))[2:]

    def call(self, x):
        """Convolve, add the bias and apply the activation."""
        batch, length, channels = x.shape
        row = operations.Reshape(x, (batch, 1, length, channels)).y
        kernel = operations.Reshape(x.graph.value_of(self.kernel), self.kernel_shape(x.shape)).y
        how = {"geometry": self._geometry(row.shape), "algorithm": self.algorithm}
        y = operations.with_activation(partial(operations.Conv2DTranspose, row, kernel, self.bias, **how), self.activation)
        return operations.Reshape(y, (batch, *y.shape[2:])).y

    def get_config(self):
        """Return the constructor's arguments."""
        config = super().get_config()
        more = None if self.output_padding is None else self.output_padding[1]
        return {
            **config,
            **{name: config[name][1] for name in ("kernel_size", "strides", "dilation_rate")},
            "output_padding": more,
        }


def single(name, value, minimum=1):
    """Return an int, or one in a tuple, as an int of at least `minimum`."""
    if isinstance(value, (tuple, list)) and len(value) == 1:
        value = value[0]
    return integer(name, value, minimum)
