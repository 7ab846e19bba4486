"""Transposed convolution: what enlarges images by learned kernels."""

from functools import partial

from .._checks import choice, integer, pair
from ..algorithms import ALGORITHMS, check_conv2d_algorithm
from ..engine import operations
from ..geometry import adjoint_geometry, check_padding, conv2d_transpose_shape
from .affine import AffineLayer
from .convolution import algorithm_config
from .shape_checks import check_channels, check_data_format, check_images


class Conv2DTranspose(AffineLayer):
    """Transposed 2D convolution: each pixel, times a learned kernel, is added to a window of a larger output.

    Parameters
    ----------
    filters : int
        Channels of the output.
    kernel_size : int or pair of int
        Height and width of the kernels.
    strides : int or pair of int
        Pixels of the output between neighbouring windows.
    padding : {"valid", "same"}
        What is cut off the output: nothing, or as much as makes it ``strides`` times as large as the input.
    output_padding : int or pair of int, optional
        Pixels that the output has more at its end; see `striate.functional.conv2d_transpose`.
    data_format : {"channels_last"}, optional
        Position of the channels.
    dilation_rate : int or pair of int
        Pixels between neighbouring elements of a kernel.
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
    (kernel height, kernel width, filters, channels) and bias (filters,).

    References
    ----------
    .. [1] Dumoulin, V. and Visin, F., "A guide to convolution arithmetic for deep learning", 2016, chapter 4.
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=(1, 1),
        padding="valid",
        output_padding=None,
        data_format=None,
        dilation_rate=(1, 1),
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        *,
        algorithm="auto",
        **kwargs,
    ):
        super().__init__(activation, use_bias, kernel_initializer, bias_initializer, **kwargs)
        check_data_format(data_format)
        self.filters = integer("filters", filters, 1)
        self.kernel_size = pair("kernel_size", kernel_size)
        self.strides = pair("strides", strides)
        self.padding = check_padding(padding)
        self.output_padding = None if output_padding is None else pair("output_padding", output_padding, minimum=0)
        self.dilation_rate = pair("dilation_rate", dilation_rate)
        self.algorithm = choice("algorithm", algorithm, ALGORITHMS)

    def kernel_shape(self, input_shape):
        """Return (kernel height, kernel width, filters, channels)."""
        return (*self.kernel_size, self.filters, input_shape[-1])

    def bias_shape(self, input_shape):
        """Return (filters,)."""
        return (self.filters,)

    @property
    def _settings(self):
        return self.strides, self.padding, self.output_padding, self.dilation_rate

    def _geometry(self, input_shape):
        """Return the geometry of the convolution that this is the transpose of."""
        return adjoint_geometry(tuple(input_shape), self.kernel_shape(input_shape), *self._settings, 1)

    def compute_output_shape(self, input_shape):
        """Return (batch, output height, output width, filters)."""
        check_images(self, input_shape)
        check_channels(self, input_shape)
        kernel_shape = self.kernel_shape(input_shape)
        check_conv2d_algorithm(self.algorithm, kernel_shape, self.filters, self.strides, self.dilation_rate, 1)
        return conv2d_transpose_shape(input_shape, kernel_shape, *self._settings)

    def call(self, x):
        """Convolve, add the bias and apply the activation."""
        how = {"geometry": self._geometry(x.shape), "algorithm": self.algorithm}
        return operations.with_activation(
            partial(operations.Conv2DTranspose, x, self.kernel, self.bias, **how), self.activation
        )

    def get_config(self):
        """Return the constructor's arguments."""
        names = ("filters", "kernel_size", "strides", "padding", "output_padding", "dilation_rate")
        return {**{name: getattr(self, name) for name in names}, **algorithm_config(self), **super().get_config()}
