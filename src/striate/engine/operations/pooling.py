"""Pooling."""

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
        pool_size, strides and padding.
    """

    def __init__(self, x, geometry):
        shape, self.geometry = pool2d_geometry(x.shape, **geometry)
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
    """Gradient of x: each window's goes to its largest element.

    Parameters
    ----------
    dy, x : Value
        Gradient of the pooling, and its input.
    geometry
        As the pooling's.
    pooled : Value
        Its output.
    """

    reads = ("dy", "x")

    def __init__(self, dy, x, geometry, pooled):
        super().__init__((dy, x), x.shape)
        self.geometry = geometry
        self.pooled = pooled

    def preactivation_gradient(self, y, name, alpha):
        """Return the gradient of the pooling for one that passed the activation first: windows are fewer than elements."""
        dy, x = self.inputs
        if x is not y:
            return None
        # The largest element of a window has the sign of the pooling's output.
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
        return [AveragePool2DGradient(dy, self.inputs.x.shape, self.geometry).y]

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = lowering.array(self.inputs.x), lowering.array(self.y)
        bindings.average_pool2d_forward(*arrays, geometry=self.geometry, **lowering.target)


class AveragePool2DGradient(GraphOperation):
    """Gradient of x: each window's in equal shares."""

    reads = ("dy",)

    def __init__(self, dy, shape, geometry):
        super().__init__((dy,), shape)
        self.geometry = geometry

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = lowering.array(self.inputs.dy), lowering.array(self.y)
        bindings.average_pool2d_backward(*arrays, geometry=self.geometry, **lowering.target)
