"""Convolution of sequences: that of images of one row."""

from functools import partial

from .._checks import choice, integer
from ..engine import operations
from ..functional._geometry import conv2d_geometry
from .affine import AffineLayer
from .shapes import check_data_format, check_sequences


class Conv1D(AffineLayer):
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
        Zeros around the sequence: none, as many as keep its length at stride 1, or as many in front, so that no output depends
        on later inputs.
    data_format : {"channels_last"}, optional
        Where the channels are.
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
        super().__init__(activation, use_bias, kernel_initializer, bias_initializer, **kwargs)
        check_data_format(data_format)
        self.filters = integer("filters", filters, 1)
        self.kernel_size = single("kernel_size", kernel_size)
        self.strides = single("strides", strides)
        self.padding = choice("padding", padding, ("valid", "same", "causal"))
        self.dilation_rate = single("dilation_rate", dilation_rate)
        self.groups = integer("groups", groups, 1)

    def kernel_shape(self, input_shape):
        """Return (kernel_size, channels / groups, filters)."""
        channels = input_shape[-1]
        if channels % self.groups:
            raise ValueError(f"groups={self.groups} does not divide the {channels} channels of the input; expected a divisor")
        return self.kernel_size, channels // self.groups, self.filters

    @property
    def _geometry(self):
        padding = self.padding
        if padding == "causal":
            padding = ((0, 0), (self.dilation_rate * (self.kernel_size - 1), 0))
        strides, dilation = (1, self.strides), (1, self.dilation_rate)
        return {"strides": strides, "padding": padding, "dilation": dilation, "groups": self.groups}

    def compute_output_shape(self, input_shape):
        """Return (batch, output length, filters)."""
        check_sequences(self, input_shape)
        batch, length, channels = input_shape
        row = (batch, 1, length, channels)
        batch, _, length, filters = conv2d_geometry(row, (1, *self.kernel_shape(input_shape)), **self._geometry).y_shape
        return batch, length, filters

    def call(self, x):
        """Convolve, add the bias and apply the activation."""
        batch, length, channels = x.shape
        row = operations.Reshape(x, (batch, 1, length, channels)).y
        convolution = partial(operations.Conv2D, row, self.kernel, self.bias, geometry=self._geometry)
        y = operations.activated(convolution, self.activation)
        return operations.Reshape(y, (batch, *y.shape[2:])).y

    def get_config(self):
        """Return the constructor's arguments."""
        names = ("filters", "kernel_size", "strides", "padding", "dilation_rate", "groups")
        return {**{name: getattr(self, name) for name in names}, **super().get_config()}


def single(name, value):
    """Return an int, or one in a tuple, as an int of at least 1."""
    if isinstance(value, (tuple, list)) and len(value) == 1:
        value = value[0]
    return integer(name, value, 1)
