"""Max and average pooling."""

import math

from ...geometry import pool2d_geometry
from ...kernels import bindings
from .activation import ActivationGradient
from .base import GraphOperation

#: The geometry of 2×2 windows next to each other, without padding.
TWO_BY_TWO = (2, 2, 2, 2, 0, 0, 0, 0)


class _Pool2D(GraphOperation):
    """The base class of poolings.

    Parameters
    ----------
    x : Value, shape (batch, height, width, channels)
        Images.
    geometry : dict
        The arguments `pool_size`, `strides` and `padding` of `striate.geometry.pool2d_geometry`.
    """

    samplewise = True

    def __init__(self, x, geometry):
        shape, self.geometry = pool2d_geometry(x.shape, **geometry)
        self.arguments = geometry
        super().__init__((x,), shape)

    def flops(self):
        """Return one for each element of each window."""
        return math.prod(self.y.shape) * self.geometry[0] * self.geometry[1]


class MaxPool2D(_Pool2D):
    """Largest value of each window; see `striate.functional.max_pool2d`."""

    def gradient(self, dy, wanted):
        """Return the gradient of x."""
        return [MaxPool2DGradient(dy, self.inputs.x, self.geometry, self.y).y]

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = lowering.array(self.inputs.x), lowering.array(self.y)
        bindings.max_pool2d_forward(*arrays, geometry=self.geometry, **lowering.target)


class MaxPool2DGradient(GraphOperation):
    """Gradient of x, to whose largest element in each window the window's gradient goes.

    Parameters
    ----------
    dy : Value
        Gradient of the pooling's output.
    x : Value
        Input of the pooling.
    geometry : tuple of int
        Geometry of the pooling.
    pooled : Value
        Output of the pooling.
    """

    reads = ("dy", "x")

    def __init__(self, dy, x, geometry, pooled):
        super().__init__((dy, x), x.shape)
        self.geometry = geometry
        self.pooled = pooled

    def preactivation_gradient(self, y, name, alpha):
        """Return the gradient as if the activation followed the pooling, where it has fewer elements."""
        dy, x = self.inputs
        if x is not y:
            return None
        # The output of the pooling is the largest element of its window, so the activation has the same gradient at both.
        dz = ActivationGradient(dy, self.pooled, name, alpha).y
        return MaxPool2DGradient(dz, x, self.geometry, self.pooled).y

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = *map(lowering.array, self.inputs), lowering.array(self.y)
        bindings.max_pool2d_backward(*arrays, geometry=self.geometry, **lowering.target)


class AveragePool2D(_Pool2D):
    """Mean of each window; see `striate.functional.average_pool2d`."""

    def gradient(self, dy, wanted):
        """Return the gradient of x."""
        return [AveragePool2DGradient(dy, self.inputs.x.shape, self.arguments).y]

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = lowering.array(self.inputs.x), lowering.array(self.y)
        bindings.average_pool2d_forward(*arrays, geometry=self.geometry, **lowering.target)


class AveragePool2DGradient(GraphOperation):
    """Gradient of x, to whose elements each window's gradient goes in equal shares."""

    reads = ("dy",)

    def __init__(self, dy, shape, geometry):
        super().__init__((dy,), shape)
        self.arguments = geometry
        self.geometry = pool2d_geometry(shape, **geometry)[1]

    def gradient(self, dy, wanted):
        """Return the gradient of dy, for which `dy` is that of the input gradient."""
        return [AveragePool2D(dy, self.arguments).y]

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = lowering.array(self.inputs.dy), lowering.array(self.y)
        bindings.average_pool2d_backward(*arrays, geometry=self.geometry, **lowering.target)
