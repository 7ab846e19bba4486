"""Convolution layers."""

from functools import partial

from .._checks import integer, pair
from ..engine import operations
from ..functional._geometry import conv2d_geometry
from .affine import AffineLayer
from .shapes import check_images


class Conv2D(AffineLayer):
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
    name, trainable, dtype
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
        dilation_rate=(1, 1),
        groups=1,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        **kwargs,
    ):
        super().__init__(activation, use_bias, kernel_initializer, bias_initializer, **kwargs)
        self.filters = integer("filters", filters, 1)
        self.kernel_size = pair("kernel_size", kernel_size)
        self.strides = pair("strides", strides)
        self.padding = padding
        self.dilation_rate = pair("dilation_rate", dilation_rate)
        self.groups = integer("groups", groups, 1)

    @property
    def _geometry(self):
        return {
            "strides": self.strides,
            "padding": self.padding,
            "dilation": self.dilation_rate,
            "groups": self.groups,
        }

    def kernel_shape(self, input_shape):
        """Return (kernel height, kernel width, channels / groups, filters)."""
        channels = input_shape[-1]
        if channels % self.groups:
            raise ValueError(f"groups={self.groups} does not divide the {channels} channels of the input; expected a divisor")
        return (*self.kernel_size, channels // self.groups, self.filters)

    def compute_output_shape(self, input_shape):
        """Return (batch, output height, output width, filters)."""
        check_images(self, input_shape)
        return conv2d_geometry(input_shape, self.kernel_shape(input_shape), **self._geometry).y_shape

    def call(self, x):
        """Convolve, add the bias and apply the activation."""
        convolution = partial(operations.Conv2D, x, self.kernel, self.bias, geometry=self._geometry)
        return operations.activated(convolution, self.activation)

    def get_config(self):
        """Return the constructor's arguments."""
        return {
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "dilation_rate": self.dilation_rate,
            "groups": self.groups,
            **super().get_config(),
        }
