"""Convolutions of sequences, of images and of volumes."""

from .._common.checks import choice, integer
from .._common.docstrings import documented
from ..algorithms import ALGORITHMS, check_conv2d_algorithm
from ..engine import operations
from ..engine.operations import volumes
from ..engine.volume_geometry import conv3d_shape
from ..geometry import check_padding, conv2d_shape, kernel_shape_on_images
from .affine import WEIGHTS_DOC, AffineLayer
from .data_formats import shape_with_channels_last
from .shape_checks import check_channels
from .spatial import SpatialLayer, on_images, per_axis

#: Docstring section for convolutions of sequences.
SEQUENCES_DOC = """
    Parameters
    ----------
    filters : int
        Number of output channels.
    kernel_size : int
        Length of the kernels.
    strides : int
        Distance between neighbouring windows, in elements.
    padding : {"valid", "same", "causal"}
        Zeros around the sequence; see `Conv1D`.
    depth_multiplier : int
        Number of output channels per input channel.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels.
    dilation_rate : int
        Distance between neighbouring elements of a kernel, in elements of the sequence.
    algorithm : {"auto", "direct", "im2col", "depthwise"}
        How the convolution and its gradients are computed; see `striate.functional.conv2d`.
    """

#: Docstring section for convolutions of images.
IMAGES_DOC = """
    Parameters
    ----------
    filters : int
        Number of output channels.
    kernel_size : int or pair of int
        Height and width of the kernels.
    strides : int or pair of int
        Distance between neighbouring windows, in pixels.
    padding : {"valid", "same"}, int, pair of int, or ((top, bottom), (left, right))
        Zeros around the image; see `striate.functional.conv2d`.
    depth_multiplier : int
        Number of output channels per input channel.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels.
    dilation_rate : int or pair of int
        Distance between neighbouring elements of a kernel, in pixels.
    algorithm : {"auto", "direct", "im2col", "depthwise", "winograd", "winograd_f2", "winograd_f4", "winograd_f5"}
        How the convolution and its gradients are computed; see `striate.functional.conv2d`. With "direct", this layer never
        uses Winograd's convolution, regardless of `striate.set_winograd`.
    """


#: Docstring section for convolutions of volumes.
VOLUMES_DOC = """
    Parameters
    ----------
    filters : int
        Number of output channels.
    kernel_size : int or three of int
        Depth, height and width of the kernels.
    strides : int or three of int
        Distance between neighbouring windows, in voxels.
    padding : {"valid", "same"}
        Zeros around the volume: "valid" adds none; "same" adds them on all sides, so that the output has the size of the
        input at stride 1.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels.
    dilation_rate : int or three of int
        Distance between neighbouring elements of a kernel, in voxels.
    algorithm : {"auto", "direct", "im2col", "winograd", "winograd_f2", "winograd_f4", "winograd_f5"}
        How the convolution of frames is computed; see `striate.functional.conv2d`.
    """


class ConvolutionBase(SpatialLayer, AffineLayer):
    """The base class of convolutions, depthwise and transposed ones included.

    A subclass defines `kernel_shape`, `_shape_on_images` and `_geometry`, and what `SpatialLayer` names for volumes.
    """

    _operation = operations.Conv2D
    _sequence_paddings = ("valid", "same")  # Values of `padding` for sequences, for which it cannot be given in numbers.

    def __init__(self, kernel_size, strides, padding, dilation_rate, data_format, *arguments, algorithm="auto", **kwargs):
        super().__init__(*arguments, data_format=data_format, **kwargs)
        self.kernel_size = per_axis("kernel_size", kernel_size, self.rank)
        self.strides = per_axis("strides", strides, self.rank)
        if self.rank == 2:
            self.padding = check_padding(padding)
        else:
            self.padding = check_padding(padding, self._sequence_paddings, numbers=False)
        self.dilation_rate = per_axis("dilation_rate", dilation_rate, self.rank)
        self.algorithm = choice("algorithm", algorithm, ALGORITHMS)

    @property
    def _window(self):
        """The spatial sizes of the kernel, as a tuple."""
        return (self.kernel_size,) if self.rank == 1 else self.kernel_size

    def _check(self, input_shape):
        """Raise an error unless an input has the axes of a sequence, an image or a volume, and a known number of channels."""
        super()._check(input_shape)
        check_channels(self, input_shape, -1 if self.data_format == "channels_last" else 1)

    def build(self, input_shape):
        """Make kernel and bias."""
        super().build(shape_with_channels_last(input_shape, self.data_format))

    def _geometry(self, shape):
        """Return the geometry for the operation on images, or volumes, of a shape."""
        raise NotImplementedError

    def _call_on_images(self, x):
        settings = {"geometry": self._geometry(x.shape), "algorithm": self.algorithm}
        return operations.with_activation(
            self._operation, self._activation, x=x, kernel=self.kernel, bias=self.bias, **settings
        )

    def get_config(self):
        """Return the constructor's arguments."""
        return {
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "dilation_rate": self.dilation_rate,
            **({} if self.algorithm == "auto" else {"algorithm": self.algorithm}),  # Keras has no such argument.
            **super().get_config(),
        }


class Convolution(ConvolutionBase):
    """The base class of convolutions that are not transposed. A subclass defines `kernel_shape` and `_groups`."""

    @property
    def _sequence_paddings(self):
        return ("valid", "same", "causal") if self.rank == 1 else super()._sequence_paddings

    def _groups(self, channels):
        """Return the number of groups for a number of channels."""
        raise NotImplementedError

    def _shape_on_images(self, shape):
        channels, geometry = shape[-1], self._geometry(shape)
        strides, dilation, groups = (geometry[name] for name in ("strides", "dilation", "groups"))
        kernel_shape = kernel_shape_on_images(self.kernel_shape(shape), channels, groups)
        check_conv2d_algorithm(self.algorithm, kernel_shape, channels, strides, dilation, groups)
        return conv2d_shape(shape, kernel_shape, **geometry)

    def _shape_on_volumes(self, shape):
        kernel_shape, geometry = self.kernel_shape(shape), self._geometry(shape)
        strides, dilation, groups = (geometry[name] for name in ("strides", "dilation", "groups"))
        taps, *window, channels, filters = kernel_shape
        frames = (*window, taps * channels, filters), taps * shape[-1], strides[1:], dilation[1:], groups
        check_conv2d_algorithm(self.algorithm, *frames)
        return conv3d_shape(shape, kernel_shape, **geometry)

    def _call_on_volumes(self, x):
        settings = {"algorithm": self.algorithm, **self._geometry(x.shape)}
        return volumes.conv3d(x, self.kernel, self.bias, self.activation, **settings)

    def _geometry(self, shape):
        padding = self.padding
        if padding == "causal":
            padding = ((0, 0), (self.dilation_rate * (self.kernel_size - 1), 0))
        strides, dilation = on_images(self.strides), on_images(self.dilation_rate)
        return {"strides": strides, "padding": padding, "dilation": dilation, "groups": self._groups(shape[-1])}


class _Conv(Convolution):
    """The base class of convolutions that sum over the channels of each group."""

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
        """Return (kernel sizes, channels / groups, filters)."""
        channels = input_shape[-1]
        if channels % self.groups:
            raise ValueError(f"groups={self.groups} does not divide the {channels} channels of the input; expected a divisor")
        return (*self._window, channels // self.groups, self.filters)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"filters": self.filters, "groups": self.groups, **super().get_config()}


@documented(SEQUENCES_DOC, WEIGHTS_DOC)
class Conv1D(_Conv):
    """1D convolution: `filters` learned kernels slide over a sequence.

    Parameters
    ----------
    padding : {"valid", "same", "causal"}
        Zeros around the sequence: "valid" adds none; "same" adds them at both ends, so that the output has the length of the
        input at stride 1; "causal" adds ``dilation_rate * (kernel_size - 1)`` before the sequence, so that no output depends on
        later inputs.
    groups : int
        Number of groups that channels and filters are split into.

    Notes
    -----
    Input (batch, length, channels), output (batch, output length, filters). Weights: kernel
    (kernel_size, channels / groups, filters) and bias (filters,).

    References
    ----------
    .. [1] van den Oord, A. et al., "WaveNet: a generative model for raw audio", 2016, section 2.1: causal convolutions.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((1, 10, 4), np.float32)
    >>> layers.Conv1D(6, 3, strides=2)(x).shape
    (1, 4, 6)
    """

    rank = 1


@documented(IMAGES_DOC, WEIGHTS_DOC)
class Conv2D(_Conv):
    """2D convolution: `filters` learned kernels slide over the image.

    Parameters
    ----------
    groups : int
        Number of groups that channels and filters are split into.

    Notes
    -----
    Input (batch, height, width, channels), output (batch, output height, output width, filters). Weights: kernel
    (kernel height, kernel width, channels / groups, filters) and bias (filters,).

    References
    ----------
    .. [1] LeCun, Y. et al., "Gradient-based learning applied to document recognition", Proceedings of the IEEE, 1998.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((1, 5, 5, 3), np.float32)
    >>> layer = layers.Conv2D(8, 3, padding="same", activation="relu")
    >>> layer(x).shape, layer.kernel.shape
    ((1, 5, 5, 8), (3, 3, 3, 8))
    """

    rank = 2


@documented(VOLUMES_DOC, WEIGHTS_DOC)
class Conv3D(_Conv):
    """3D convolution: `filters` learned kernels slide over a volume, such as a scan or the frames of a video.

    Parameters
    ----------
    groups : int
        Number of groups that channels and filters are split into.

    Notes
    -----
    Input (batch, depth, height, width, channels), output (batch, output depth, output height, output width, filters). Weights:
    kernel (kernel depth, kernel height, kernel width, channels / groups, filters) and bias (filters,).

    References
    ----------
    .. [1] Tran, D. et al., "Learning spatiotemporal features with 3D convolutional networks", ICCV 2015.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((1, 6, 5, 5, 2), np.float32)
    >>> layer = layers.Conv3D(4, 3, strides=(2, 1, 1), padding="same", activation="relu")
    >>> layer(x).shape, layer.kernel.shape
    ((1, 3, 5, 5, 4), (3, 3, 3, 2, 4))
    """

    rank = 3
