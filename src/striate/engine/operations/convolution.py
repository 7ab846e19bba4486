"""Convolutions."""

import math

from ...algorithms import pick_conv2d_algorithm
from ...geometry import conv2d_geometry
from ...kernels import bindings
from ..autotune import best_algorithm
from .activation import preactivation_gradient
from .base import GraphOperation
from .dense import SumRows
from .packing import kernel_and_packed
from .pooling import TWO_BY_TWO, MaxPool2DGradient


class _Convolution(GraphOperation):
    """The base class of a convolution and its gradients: the geometry, and the choice of an algorithm."""

    direction = "forward"
    algorithm = None  # once it is chosen
    pooled = False  # whether what it writes, or the gradient that it reads, is that of the largest of each 2×2 outputs alone

    def __init__(self, inputs, shape, geometry, algorithm):
        super().__init__(inputs, shape)
        self.geometry = geometry
        self.wanted = algorithm  # as `functional.conv2d` takes it

    def choose(self, lowering, packed=False):
        """Return the algorithm that computes it: the one wanted, or one by shape, or the fastest if the plan is tuned."""
        if self.pooled:
            self.algorithm = "direct"
        elif lowering.autotune and self.wanted == "auto":
            self.algorithm = best_algorithm(self.direction, self.geometry, self.y.dtype, packed, lowering.threads)
        else:
            self.algorithm = pick_conv2d_algorithm(self.wanted, self.direction, self.geometry, packed)
        return self.algorithm

    def flops(self):
        """Return two for each product; the gradients of pooled outputs are made of a quarter."""
        g = self.geometry
        whole = 2 * math.prod(g.y_shape) * math.prod(g.kernel_shape[:3])
        return whole // 4 if self.pooled and self.direction != "forward" else whole

    def describe(self):
        """Return the algorithm's name, and whether it pools."""
        return ", ".join(filter(None, (self.algorithm, "pooled" if self.pooled else None)))


class Conv2D(_Convolution):
    """Convolution with bias, residual and activation; see `striate.functional.conv2d`.

    Parameters
    ----------
    x : Value, shape (batch, height, width, channels)
        Images.
    kernel : Variable, shape (kernel height, kernel width, channels / groups, filters)
        Weights; a depthwise convolution's may have the shape (kernel height, kernel width, channels, filters / channels), and
        that of images of one row lack the height.
    bias : Variable, shape (filters,), optional
        Added to each filter's output.
    residual : Value, of the output's shape, optional
        Added before the activation.
    geometry : dict
        strides, padding, dilation and groups.
    activation : {"linear", "relu", "leaky_relu"}
        Applied to the result.
    negative_slope : float
        Of "leaky_relu".
    algorithm : str
        How it and its gradients are computed.
    """

    reads = ("x", "kernel", "bias", "residual")

    def __init__(
        self, x, kernel, bias=None, residual=None, *, geometry, activation="linear", negative_slope=0.0, algorithm="auto"
    ):
        shape = (1,) * (4 - len(kernel.shape)) + tuple(kernel.shape)
        if geometry.get("groups") == x.shape[3] == shape[2]:
            shape = (*shape[:2], 1, shape[2] * shape[3])
        geometry = conv2d_geometry(x.shape, shape, **geometry)
        super().__init__((x, kernel, bias, residual), geometry.y_shape, geometry, algorithm)
        self.activation = activation
        self.negative_slope = negative_slope

    def can_pool(self):
        """Whether there is a kernel that stores the largest of each 2×2 outputs."""
        x, _, _, residual = self.inputs
        if not self._may_pool() or residual is not None or x.shape[3] != 1 or min(self.y.shape[1:3]) < 2:
            return False
        g = self.geometry
        return bindings.conv2d_pools(dtype=x.dtype.name, kernel_shape=g.kernel_shape, geometry=g.call)

    def _may_pool(self):
        """Whether the direct algorithm, the only one that pools, may be taken."""
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
        """Return the gradient that 2×2 max pooling spread to make `dz`, if the gradients can be made from it, or None."""
        pooling, g = dz.producer, self.geometry
        if not isinstance(pooling, MaxPool2DGradient) or pooling.inputs.x is not self.y or pooling.geometry != TWO_BY_TWO:
            return None
        if not self._may_pool():
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
        """Append the kernel call, with a kernel packed beforehand if it stays the same from run to run."""
        x, kernel, bias, residual = self.inputs
        algorithm = self.choose(lowering, packed=lowering.derived_weights is not None)
        g = self.geometry
        weights, packed = kernel_and_packed(lowering, algorithm, kernel, g.kernel_shape, g.groups)
        bindings.conv2d_forward(
            lowering.array(x),
            weights,
            lowering.array(self.y),
            algorithm=algorithm,
            geometry=g.call,
            groups=g.groups,
            packed=packed,
            bias=lowering.array(bias),
            residual=lowering.array(residual),
            activation=self.activation,
            negative_slope=self.negative_slope,
            pooled=self.pooled,
            **lowering.target,
        )


class Conv2DInputGradient(_Convolution):
    """Gradient of a convolution's input.

    Parameters
    ----------
    dy : Value
        Gradient of its output; or of what 2×2 max pooling made of it.
    kernel : Variable
        Weights.
    geometry : Geometry
        The convolution's.
    algorithm : str
        How it is computed.
    unpooled : Value, optional
        What was pooled.
    """

    reads = ("dy", "kernel", "unpooled")
    direction = "backward_input"

    def __init__(self, dy, kernel, geometry, algorithm, unpooled=None):
        super().__init__((dy, kernel, unpooled), geometry.x_shape, geometry, algorithm)
        self.pooled = unpooled is not None

    def lower(self, lowering):
        """Append the kernel call."""
        dy, kernel, unpooled = map(lowering.array, self.inputs)
        bindings.conv2d_backward_input(
            dy,
            kernel.reshape(self.geometry.kernel_shape),
            lowering.array(self.y),
            algorithm=self.choose(lowering),
            geometry=self.geometry.call,
            groups=self.geometry.groups,
            unpooled=unpooled,
            **lowering.target,
        )


class Conv2DKernelGradient(_Convolution):
    """Gradient of a convolution's kernel; arguments as in `Conv2DInputGradient`."""

    reads = ("dy", "x", "unpooled")
    direction = "backward_kernel"

    def __init__(self, dy, x, shape, geometry, algorithm, unpooled=None):
        super().__init__((dy, x, unpooled), shape, geometry, algorithm)
        self.pooled = unpooled is not None

    def lower(self, lowering):
        """Append the kernel call."""
        dy, x, unpooled = map(lowering.array, self.inputs)
        dkernel = lowering.array(self.y).reshape(self.geometry.kernel_shape)
        bindings.conv2d_backward_kernel(
            dy,
            x,
            dkernel,
            algorithm=self.choose(lowering),
            geometry=self.geometry.call,
            groups=self.geometry.groups,
            unpooled=unpooled,
            **lowering.target,
        )


class Conv2DTranspose(_Convolution):
    """Transposed convolution: what the input gradient of a convolution computes, with bias and activation.

    Parameters
    ----------
    x : Value, shape (batch, height, width, channels)
        Images.
    kernel : Variable, shape (kernel height, kernel width, filters, channels)
        Weights; that of images of one row may lack the height.
    geometry : Geometry
        Of the convolution that it is the gradient of: from its output's to x's shape.
    bias, activation, negative_slope, algorithm
        See `Conv2D`.
    """

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
        bindings.conv2d_backward_input(
            x,
            kernel.reshape(self.geometry.kernel_shape),
            lowering.array(self.y),
            algorithm=self.choose(lowering),
            geometry=self.geometry.call,
            groups=self.geometry.groups,
            bias=bias,
            activation=self.activation,
            negative_slope=self.negative_slope,
            **lowering.target,
        )


class Conv2DTransposeInputGradient(_Convolution):
    """Gradient of a transposed convolution's input: a convolution."""

    reads = ("dy", "kernel")

    def __init__(self, dy, kernel, geometry, algorithm):
        super().__init__((dy, kernel), geometry.y_shape, geometry, algorithm)

    def lower(self, lowering):
        """Append the kernel call."""
        dy, kernel = map(lowering.array, self.inputs)
        bindings.conv2d_forward(
            dy,
            kernel.reshape(self.geometry.kernel_shape),
            lowering.array(self.y),
            algorithm=self.choose(lowering),
            geometry=self.geometry.call,
            groups=self.geometry.groups,
            **lowering.target,
        )
