"""Transposed convolutions, which enlarge sequences, images and volumes by learned kernels."""

from .._common.checks import integer
from .._common.docstrings import documented
from ..algorithms import check_conv2d_algorithm
from ..engine import operations
from ..engine.operations import volumes
from ..engine.volume_geometry import conv3d_transpose_shape
from ..geometry import adjoint_geometry, conv2d_transpose_shape
from .affine import WEIGHTS_DOC
from .convolution import IMAGES_DOC, SEQUENCES_DOC, VOLUMES_DOC, ConvolutionBase
from .spatial import on_images, per_axis


class _ConvTranspose(ConvolutionBase):
    """The base class of transposed convolutions."""

    _operation = operations.Conv2DTranspose

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        output_padding=None,
        data_format=None,
        dilation_rate=1,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        **kwargs,
    ):
        bias_and_activation = (activation, use_bias, kernel_initializer, bias_initializer)
        super().__init__(kernel_size, strides, padding, dilation_rate, data_format, *bias_and_activation, **kwargs)
        self.filters = integer("filters", filters, 1)
        self.output_padding = None
        if output_padding is not None:
            self.output_padding = per_axis("output_padding", output_padding, self.rank, minimum=0)

    def kernel_shape(self, input_shape):
        """Return (kernel sizes, filters, channels)."""
        return (*self._window, self.filters, input_shape[-1])

    def bias_shape(self, input_shape):
        """Return (filters,)."""
        return (self.filters,)

    def _settings(self, shape):
        """Return the kernel's shape and the other arguments of `functional.conv2d_transpose`, for images of a shape."""
        kernel_shape = (1,) * (2 - self.rank) + self.kernel_shape(shape)
        output_padding = None if self.output_padding is None else on_images(self.output_padding, of_row=0)
        return kernel_shape, on_images(self.strides), self.padding, output_padding, on_images(self.dilation_rate)

    def _geometry(self, shape):
        """Return the geometry of the convolution whose transpose the layer computes."""
        return adjoint_geometry(tuple(shape), *self._settings(shape), groups=1)

    def _shape_on_images(self, shape):
        kernel_shape, strides, _, _, dilation = settings = self._settings(shape)
        check_conv2d_algorithm(self.algorithm, kernel_shape, self.filters, strides, dilation, 1)
        return conv2d_transpose_shape(shape, *settings)

    @property
    def _volume_geometry(self):
        """The arguments of `striate.engine.volume_geometry.conv3d_transpose_geometry` but the shapes."""
        return {
            "strides": self.strides,
            "padding": self.padding,
            "output_padding": self.output_padding,
            "dilation": self.dilation_rate,
        }

    def _shape_on_volumes(self, shape):
        taps, *window, filters, channels = kernel_shape = self.kernel_shape(shape)
        frames = (*window, taps * filters, channels), taps * filters, self.strides[1:], self.dilation_rate[1:], 1
        check_conv2d_algorithm(self.algorithm, *frames)
        return conv3d_transpose_shape(shape, kernel_shape, **self._volume_geometry)

    def _call_on_volumes(self, x):
        settings = {"algorithm": self.algorithm, **self._volume_geometry}
        return volumes.conv3d_transpose(x, self.kernel, self.bias, self.activation, **settings)

    def get_config(self):
        """Return the constructor's arguments."""
        return {"filters": self.filters, "output_padding": self.output_padding, **super().get_config()}


@documented(SEQUENCES_DOC, WEIGHTS_DOC)
class Conv1DTranspose(_ConvTranspose):
    """Transposed 1D convolution: each element, times a learned kernel, is added to a window of a longer output.

    Parameters
    ----------
    strides : int
        Distance between neighbouring windows of the output, in elements.
    padding : {"valid", "same"}
        How the output is cropped: "valid" does not crop it, "same" crops it to ``strides`` times the length of the input.
    output_padding : int, optional
        Number of elements added to the output at its end; see `striate.functional.conv2d_transpose`.

    Notes
    -----
    Input (batch, length, channels), output (batch, output length, filters). Weights: kernel (kernel_size, filters, channels)
    and bias (filters,).

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((1, 8, 4), np.float32)
    >>> layers.Conv1DTranspose(2, 3, strides=2, padding="same")(x).shape
    (1, 16, 2)
    """

    rank = 1


@documented(IMAGES_DOC, WEIGHTS_DOC)
class Conv2DTranspose(_ConvTranspose):
    """Transposed 2D convolution: each pixel, times a learned kernel, is added to a window of a larger output.

    Parameters
    ----------
    strides : int or pair of int
        Distance between neighbouring windows of the output, in pixels.
    padding : {"valid", "same"}, int, pair of int, or ((top, bottom), (left, right))
        How the output is cropped: "valid" does not crop it, "same" crops it to ``strides`` times the size of the input, and
        numbers are the pixels that are cropped at the borders.
    output_padding : int or pair of int, optional
        Number of rows and columns added to the output at its end; see `striate.functional.conv2d_transpose`.

    Notes
    -----
    Input (batch, height, width, channels), output (batch, output height, output width, filters). Weights: kernel
    (kernel height, kernel width, filters, channels) and bias (filters,).

    References
    ----------
    .. [1] Dumoulin, V. and Visin, F., "A guide to convolution arithmetic for deep learning", 2016, chapter 4.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((1, 8, 8, 4), np.float32)
    >>> layers.Conv2DTranspose(2, 3, strides=2, padding="same")(x).shape
    (1, 16, 16, 2)
    """

    rank = 2


@documented(VOLUMES_DOC, WEIGHTS_DOC)
class Conv3DTranspose(_ConvTranspose):
    """Transposed 3D convolution: each voxel, times a learned kernel, is added to a window of a larger output.

    Parameters
    ----------
    strides : int or three of int
        Distance between neighbouring windows of the output, in voxels.
    padding : {"valid", "same"}
        How the output is cropped: "valid" does not crop it, "same" crops it to ``strides`` times the size of the input.
    output_padding : int or three of int, optional
        Size added to the output at its end, along each axis; see `striate.functional.conv2d_transpose`.

    Notes
    -----
    Input (batch, depth, height, width, channels), output (batch, output depth, output height, output width, filters). Weights:
    kernel (kernel depth, kernel height, kernel width, filters, channels) and bias (filters,).

    References
    ----------
    .. [1] Çiçek, Ö. et al., "3D U-Net: learning dense volumetric segmentation from sparse annotation", MICCAI 2016.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers
    >>> x = np.ones((1, 3, 4, 4, 2), np.float32)
    >>> layers.Conv3DTranspose(4, 3, strides=2, padding="same")(x).shape
    (1, 6, 8, 8, 4)
    """

    rank = 3
