"""Fake quantization: float32 values rounded as 8-bit integers would represent them, with straight-through gradients."""

import numpy as np

from ...kernels import bindings
from ..graph import Value
from .base import GraphOperation
from .low_precision import weight_scales
from .scaling import ClipGradient


class FakeQuantize(GraphOperation):
    """Float32 numbers rounded to the nearest that bytes represent on a scale; the bytes themselves are the second output.

    The gradient passes through the rounding as if it were the identity, and is zero where numbers are clipped (Bengio et al.,
    "Estimating or propagating gradients through stochastic neurons for conditional computation", 2013; Jacob et al.,
    "Quantization and training of neural networks for efficient integer-arithmetic-only inference", 2018, section 3).

    Parameters
    ----------
    x : Value of float32
        Input.
    scale : Scale
        Scale of the bytes.
    """

    def __init__(self, x, scale):
        super().__init__((x,), x.shape)
        self.outputs += (Value(x.graph, x.shape, scale.dtype, producer=self),)
        self.scale = scale

    def gradient(self, dy, wanted):
        """Return the gradient of x, which is dy where the nearest integer to x / scale + zero is a byte."""
        low, high = (bound * self.scale.scale for bound in self.scale.bounds)
        half = self.scale.scale / 2
        return [ClipGradient(dy, self.inputs.x, {"low": low - half, "high": high + half}).y]

    def lower(self, lowering):
        """Append two kernel calls."""
        x, y, integers = map(lowering.array, (self.inputs.x, *self.outputs))
        settings = {"scale": self.scale.scale, "zero": self.scale.zero, **lowering.target}
        bindings.quantize(x, integers, **settings)
        bindings.dequantize(integers, y, **settings)

    def describe(self):
        """Return what it rounds to."""
        return "int8"


class FakeQuantizeKernel(GraphOperation):
    """Weights rounded to the nearest that 8-bit integers represent on their filter's scale; gradients pass straight through.

    Parameters
    ----------
    kernel : Value of float32, shape (..., filters) once reshaped
        Weights.
    bias : Value of float32, shape (filters,), or None
        Biases, on which a scale depends if its filter's weights are tiny beside the bias.
    x_scale : Scale
        Scale of what the weights are multiplied by.
    filters : int
        Number of filters.
    """

    reads = ("kernel", "bias")

    def __init__(self, kernel, bias, x_scale, filters):
        super().__init__((kernel, bias), kernel.shape)
        self.x_scale = x_scale
        self.filters = filters

    def gradient(self, dy, wanted):
        """Return the gradient of the kernel."""
        return [dy, None]

    def lower(self, lowering):
        """Append a call of Python: weights are few beside the values that they are multiplied by."""
        kernel, bias, y = map(lowering.array, (*self.inputs, self.y))
        kernel, y = (array.reshape(-1, self.filters) for array in (kernel, y))

        def round_weights():
            scales = weight_scales(kernel, bias, self.x_scale).astype(np.float32)
            np.divide(kernel, scales, out=y)
            np.rint(y, out=y)
            np.multiply(y, scales, out=y)

        lowering.program.call(round_weights)

    def describe(self):
        """Return what it rounds to."""
        return "int8"
