"""Convolutions."""

import math

from ...algorithms import pick_conv2d_algorithm
from ...geometry import conv2d_geometry, kernel_shape_on_images
from ...kernels import bindings
from ..autotune import best_algorithm
from .activation import preactivation_gradient
from .base import GraphOperation, has_weights
from .dense import SumRows
from .packing import kernel_and_packed
from .pooling import TWO_BY_TWO, MaxPool2DGradient


class _Convolution(GraphOperation):
    """The base class of convolutions and their gradients: it holds the geometry and chooses the algorithm."""

    direction = "forward"
    algorithm = None  # the name of the chosen algorithm, once there is one
    pooled = False  # whether 2×2 max pooling is fused with it: outputs, or gradients of outputs, are those of the pooling

    def __init__(self, inputs, shape, geometry, algorithm):
        super().__init__(inputs, shape)
        self.geometry = geometry
        self.wanted = algorithm  # the argument `algorithm` of `functional.conv2d`

    def choose(self, lowering, packed=False):
        """Return the algorithm to use: the wanted one, or for "auto" one chosen by shape, or by measurement in a tuned plan."""
        if self.pooled:
            self.algorithm = "direct"
        elif lowering.autotune and self.wanted == "auto":
            self.algorithm = best_algorithm(self.direction, self.geometry, self.y.dtype, packed, lowering.threads)
        else:
            self.algorithm = pick_conv2d_algorithm(self.wanted, self.direction, self.geometry, packed)
        return self.algorithm

    def settings(self, lowering, packed=False):
        """Return the algorithm, the geometry, and program and threads, as keyword arguments of bindings."""
        g = self.geometry
        return {"algorithm": self.choose(lowering, packed), "geometry": g.call, "groups": g.groups, **lowering.target}

    def flops(self):
        """Return two for each product; the gradients of pooled outputs need a quarter of the products."""
        g = self.geometry
        whole = 2 * math.prod(g.y_shape) * math.prod(g.kernel_shape[:3])
        return whole // 4 if self.pooled and self.direction != "forward" else whole

    def describe(self):
        """Return the algorithm's name, and "pooled" if pooling is fused with it."""
        return ", ".join(filter(None, (self.algorithm, "pooled" if self.pooled else None)))


class Conv2D(_Convolution):
    """Convolution with bias, residual and activation; see `striate.functional.conv2d`.

    Parameters
    ----------
    x : Value, shape (batch, height, width, channels)
        Images.
    kernel : Variable, shape (kernel height, kernel width, channels / groups, filters)
        Weights. A depthwise convolution may also have a kernel of shape (kernel height, kernel width, channels,
        filters / channels), and for images of one row, the kernel height may be missing.
    bias : Variable, shape (filters,), optional
        Added to each filter's output.
    residual : Value, shape of the output, optional
        Added before the activation.
    geometry : dict
        The arguments `strides`, `padding`, `dilation` and `groups` of `striate.geometry.conv2d_geometry`.
    activation : {"linear", "relu", "relu6", "leaky_relu", "hard_sigmoid", "hard_silu"}
        Applied to the result.
    negative_slope : float
        Slope of "leaky_relu" below zero.
    algorithm : str
        How the convolution and its gradients are computed.
    """

    samplewise = property(has_weights)
    reads = ("x", "kernel", "bias", "residual")
    in_place = ("residual",)

    def __init__(
        self, x, kernel, bias=None, residual=None, *, geometry, activation="linear", negative_slope=0.0, algorithm="auto"
    ):
        kernel_shape = kernel_shape_on_images(kernel.shape, x.shape[3], geometry.get("groups", 1))
        geometry = conv2d_geometry(x.shape, kernel_shape, **geometry)
        super().__init__((x, kernel, bias, residual), geometry.y_shape, geometry, algorithm)
        self.activation = activation
        self.negative_slope = negative_slope

    def can_pool(self):
        """Return whether there is a kernel that stores only the largest of each 2×2 outputs."""
        x, _, _, residual = self.inputs
        if not self._may_pool() or residual is not None or x.shape[3] != 1 or min(self.y.shape[1:3]) < 2:
            return False
        g = self.geometry
        return bindings.conv2d_pools(dtype=x.dtype.name, kernel_shape=g.kernel_shape, geometry=g.call)

    def _may_pool(self):
        """Return whether the direct algorithm, the only one that pools, may be used."""
        return self.wanted in ("auto", "direct")

    def gradient(self, dy, wanted):
        """Return the gradients of x, kernel, bias and residual."""
        x, kernel, _, _ = self.inputs
        dz = preactivation_gradient(self, dy)
        pooled = self._pooled(dz)
        gradient, unpooled = (dz, None) if pooled is None else (pooled, self.y)
        return [
            Conv2DInputGradient(gradient, kernel, self.geometry, self.wanted, unpooled).y if wanted.x else None,
            Conv2DKernelGradient(gradient, x, kernel.shape, self.geometry, self.wanted, unpooled).y if wanted.kernel else None,
            SumRows(gradient).y if wanted.bias else None,
            dz if wanted.residual else None,
        ]

    def _pooled(self, dz):
        """Return the gradient of the 2×2 max pooling whose input gradient is `dz`, if kernels can use it directly, or None."""
        pooling, g = dz.producer, self.geometry
        if not isinstance(pooling, MaxPool2DGradient) or pooling.inputs.x is not self.y or pooling.geometry != TWO_BY_TWO:
            return None
        if not self._may_pool() or dz.graph.twice:
            return None
        able = bindings.conv2d_differentiates_pooled(
            dtype=dz.dtype.name,
            x_shape=g.x_shape,
            kernel_shape=g.kernel_shape,
            y_shape=g.y_shape,
            geometry=g.call,
            groups=g.groups,
        )
        return pooling.inputs.dy if able else None

    def lower(self, lowering):
        """Append the kernel call, with weights packed beforehand if they stay the same from run to run."""
        x, kernel, bias, residual = self.inputs
        settings = self.settings(lowering, packed=lowering.derived_weights is not None)
        g = self.geometry
        weights, packed = kernel_and_packed(lowering, settings["algorithm"], kernel, g.kernel_shape, g.groups)
        bindings.conv2d_forward(
            lowering.array(x),
            weights,
            lowering.array(self.y),
            packed=packed,
            bias=lowering.array(bias),
            residual=lowering.array(residual),
            activation=self.activation,
            negative_slope=self.negative_slope,
            pooled=self.pooled,
            **settings,
        )


class Conv2DInputGradient(_Convolution):
    """Gradient of a convolution's input.

    Parameters
    ----------
    dy : Value
        Gradient of the convolution's output, or, with `unpooled`, of its 2×2 max pooling.
    kernel : Variable
        Weights.
    geometry : Geometry
        Geometry of the convolution.
    algorithm : str
        How the gradient is computed.
    unpooled : Value, optional
        The output of the convolution, if it was pooled.
    residual : Value, shape of the input, optional
        Added to the gradient, as that of another operation that reads the input.
    """

    reads = ("dy", "kernel", "unpooled", "residual")
    direction = "backward_input"

    def __init__(self, dy, kernel, geometry, algorithm, unpooled=None, residual=None):
        super().__init__((dy, kernel, unpooled, residual), geometry.x_shape, geometry, algorithm)
        self.pooled = unpooled is not None

    @property
    def in_place(self):
        """The residual; the kernels of groups, even of a single channel, may store part of a result before they read it."""
        return ("residual",) if self.geometry.groups == 1 and self.y.shape[-1] > 1 else ()

    def gradient(self, dy, wanted):
        """Return the gradients of dy, the kernel and the residual; `dy` is that of the input gradient."""
        of_output, kernel, _, _ = self.inputs
        return [
            Conv2DTransposeInputGradient(dy, kernel, self.geometry, self.wanted).y if wanted.dy else None,
            Conv2DKernelGradient(of_output, dy, kernel.shape, self.geometry, self.wanted).y if wanted.kernel else None,
            None,
            dy if wanted.residual else None,
        ]

    def lower(self, lowering):
        """Append the kernel call."""
        dy, kernel, unpooled, residual = map(lowering.array, self.inputs)
        kernel, dx = kernel.reshape(self.geometry.kernel_shape), lowering.array(self.y)
        bindings.conv2d_backward_input(dy, kernel, dx, residual=residual, unpooled=unpooled, **self.settings(lowering))


class Conv2DKernelGradient(_Convolution):
    """Gradient of a convolution's kernel; arguments as in `Conv2DInputGradient`."""

    reads = ("dy", "x", "unpooled")
    direction = "backward_kernel"

    def __init__(self, dy, x, shape, geometry, algorithm, unpooled=None):
        super().__init__((dy, x, unpooled), shape, geometry, algorithm)
        self.pooled = unpooled is not None

    def gradient(self, dy, wanted):
        """Return the gradients of dy and x; `dy` is that of the kernel gradient."""
        of_output, _, _ = self.inputs
        return [
            Conv2DTransposeInputGradient(self.inputs.x, dy, self.geometry, self.wanted).y if wanted.dy else None,
            Conv2DInputGradient(of_output, dy, self.geometry, self.wanted).y if wanted.x else None,
            None,
        ]

    def lower(self, lowering):
        """Append the kernel call."""
        dy, x, unpooled = map(lowering.array, self.inputs)
        dkernel = lowering.array(self.y).reshape(self.geometry.kernel_shape)
        bindings.conv2d_backward_kernel(dy, x, dkernel, unpooled=unpooled, **self.settings(lowering))


class Conv2DTranspose(_Convolution):
    """Transposed convolution: the input gradient of a convolution, applied to `x`, with bias and activation.

    Parameters
    ----------
    x : Value, shape (batch, height, width, channels)
        Images.
    kernel : Variable, shape (kernel height, kernel width, filters, channels)
        Weights; for images of one row, the kernel height may be missing.
    geometry : Geometry
        Geometry of the convolution from the shape of the output to that of x.
    bias, activation, negative_slope, algorithm
        See `Conv2D`.
    """

    samplewise = property(has_weights)
    reads = ("x", "kernel", "bias")
    direction = "backward_input"

    def __init__(self, x, kernel, bias=None, *, geometry, activation="linear", negative_slope=0.0, algorithm="auto"):
        super().__init__((x, kernel, bias), geometry.x_shape, geometry, algorithm)
        self.activation = activation
        self.negative_slope = negative_slope

    def gradient(self, dy, wanted):
        """Return the gradients of x, kernel and bias."""
        x, kernel, _ = self.inputs
        dz = preactivation_gradient(self, dy)
        return [
            Conv2DTransposeInputGradient(dz, kernel, self.geometry, self.wanted).y if wanted.x else None,
            Conv2DKernelGradient(x, dz, kernel.shape, self.geometry, self.wanted).y if wanted.kernel else None,
            SumRows(dz).y if wanted.bias else None,
        ]

    def lower(self, lowering):
        """Append the kernel call."""
        x, kernel, bias = map(lowering.array, self.inputs)
        kernel, y = kernel.reshape(self.geometry.kernel_shape), lowering.array(self.y)
        epilogue = {"bias": bias, "activation": self.activation, "negative_slope": self.negative_slope}
        bindings.conv2d_backward_input(x, kernel, y, **epilogue, **self.settings(lowering))


class Conv2DTransposeInputGradient(_Convolution):
    """Gradient of a transposed convolution's input, which is a convolution."""

    reads = ("dy", "kernel")

    def __init__(self, dy, kernel, geometry, algorithm):
        super().__init__((dy, kernel), geometry.y_shape, geometry, algorithm)

    def gradient(self, dy, wanted):
        """Return the gradients of dy and the kernel; `dy` is that of the input gradient."""
        of_output, kernel = self.inputs
        return [
            Conv2DInputGradient(dy, kernel, self.geometry, self.wanted).y if wanted.dy else None,
            Conv2DKernelGradient(dy, of_output, kernel.shape, self.geometry, self.wanted).y if wanted.kernel else None,
        ]

    def lower(self, lowering):
        """Append the kernel call."""
        dy, kernel = map(lowering.array, self.inputs)
        kernel, dx = kernel.reshape(self.geometry.kernel_shape), lowering.array(self.y)
        bindings.conv2d_forward(dy, kernel, dx, **self.settings(lowering))
