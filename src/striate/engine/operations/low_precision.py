"""Operations in low precision: 8-bit integers, which represent real numbers (integer - zero) * scale, and bfloat16."""

import math
from typing import NamedTuple

import numpy as np

from ..._common.arrays import on_a_cache_line
from ...kernels import bindings
from ..variable import Variable
from .base import GraphOperation
from .convolution import Conv2D

_BYTE = np.dtype(np.uint8)
_LARGEST_WEIGHT = 127
_LARGEST_BIAS = 1 << 29  # in units of products, of which any sum has fewer


class Scale(NamedTuple):
    """Which real numbers are represented in low precision: (number - zero) * scale."""

    scale: float
    zero: int
    dtype: np.dtype = _BYTE

    @classmethod
    def of_range(cls, low, high):
        """Return the scale whose bytes reach from `low` to `high`, and have one for 0."""
        low, high = min(float(low), 0.0), max(float(high), 0.0)
        scale = (high - low) / 255
        if not scale > np.finfo(np.float32).tiny:
            return cls(1.0, 0)
        return cls(scale, round(-low / scale))

    @property
    def bounds(self):
        """The smallest and the largest number, less `zero`."""
        return (-self.zero, 255 - self.zero) if self.dtype == _BYTE else (-np.inf, np.inf)


#: bfloat16 numbers are not scaled. NumPy has no such dtype: they are stored as the upper halves of float32 numbers.
BFLOAT16 = Scale(1.0, 0, np.dtype(np.uint16))


class _Conversion(GraphOperation):
    """Between real numbers and low precision, by a kernel `_convert`."""

    def __init__(self, x, scale, dtype):
        super().__init__((x,), x.shape, dtype=dtype)
        self.scale = scale

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = lowering.array(self.inputs.x), lowering.array(self.y)
        self._convert(*arrays, scale=self.scale.scale, zero=self.scale.zero, **lowering.target)


class Quantize(_Conversion):
    """Real numbers to the nearest in low precision.

    Parameters
    ----------
    x : Value of float32
        Input.
    scale : Scale
        Of the output.
    """

    _convert = staticmethod(bindings.quantize)

    def __init__(self, x, scale):
        super().__init__(x, scale, scale.dtype)


class Dequantize(_Conversion):
    """Numbers in low precision, converted to the real numbers that they represent.

    Parameters
    ----------
    x : Value of uint8 or uint16
        Input.
    scale : Scale
        Of the input.
    """

    any_dtype = True
    _convert = staticmethod(bindings.dequantize)

    def __init__(self, x, scale):
        super().__init__(x, scale, np.dtype(np.float32))


class LowPrecisionMaxPool2D(GraphOperation):
    """Largest number of each window; the output has the input's scale.

    Parameters
    ----------
    x : Value of uint8 or uint16, shape (batch, height, width, channels)
        Images.
    pooling : MaxPool2D
        What it takes the place of.
    """

    any_dtype = True

    def __init__(self, x, pooling):
        super().__init__((x,), pooling.y.shape)
        self.geometry = pooling.geometry

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = lowering.array(self.inputs.x), lowering.array(self.y)
        bindings.low_precision_max_pool2d(*arrays, geometry=self.geometry, **lowering.target)


class LowPrecisionConcatenate(GraphOperation):
    """Numbers of one scale concatenated along the last axis, whose sizes are multiples of four bytes.

    Parameters
    ----------
    inputs : sequence of Value of uint8 or uint16
        Of the same shape but for the last axis.
    shape : tuple of int
        Of the output.
    """

    reads = None
    any_dtype = True

    def __init__(self, inputs, shape):
        super().__init__(inputs, shape)

    def lower(self, lowering):
        """Append the kernel call: copying takes four bytes for one number."""
        inputs = [lowering.array(value).view(np.float32) for value in self.inputs]
        rows = math.prod(self.y.shape[:-1])
        bindings.concatenate(inputs, lowering.array(self.y).view(np.float32), rows=rows, **lowering.target)


class LowPrecisionConv2D(GraphOperation):
    """Convolution, or product with a matrix, in low precision: of bytes, the sums are exact, and rounded once.

    Parameters
    ----------
    x : Value of uint8 or uint16, shape (batch, height, width, channels), or (batch, ..., features)
        Input.
    whole : Conv2D or Dense
        What it takes the place of: it says the weights, the geometry and the activation, "linear" or "relu".
    x_scale : Scale
        Of the input.
    y_scale : Scale, optional
        Of the output; None for one of real numbers.
    residual : Value, optional
        As `x`: added before the activation; only to an output in low precision.
    residual_scale : Scale, optional
        Its scale.
    """

    reads = ("x", "kernel", "bias", "residual")
    any_dtype = True

    def __init__(self, x, whole, x_scale, y_scale=None, residual=None, residual_scale=None):
        dtype = np.dtype(np.float32) if y_scale is None else y_scale.dtype
        super().__init__((x, whole.inputs.kernel, whole.inputs.bias, residual), whole.y.shape, dtype=dtype)
        self.x_scale, self.y_scale, self.residual_scale = x_scale, y_scale, residual_scale
        self.activation = whole.activation
        self.geometry = whole.geometry if isinstance(whole, Conv2D) else None
        self.flops = whole.flops

    def _packed(self, lowering, shape, groups, dilation):
        """Return the weights as the kernel reads them, derived from the model's and derived again when those change."""
        parts = {"kernel": _sources(self.inputs.kernel), "bias": _sources(self.inputs.bias)}
        sources = {f"{part}.{name}": source for part, (named, _) in parts.items() for name, source in named.items()}
        y_scale = 1.0 if self.y_scale is None else self.y_scale.scale
        bfloat16 = self.x_scale.dtype == BFLOAT16.dtype

        def pack(out, **arrays):
            made = {}
            for part, (named, make) in parts.items():
                made[part] = make(**{name: arrays[f"{part}.{name}"] for name in named}) if named else None
            kernel = made["kernel"].reshape(shape)
            if bfloat16:
                weights = bfloat16_weights(kernel, made["bias"])
            else:
                weights = quantized_weights(kernel, made["bias"], self.x_scale, y_scale)
            if out is None:
                size = bindings.low_precision_conv2d_packed_size(
                    kernel_shape=shape, groups=groups, dilation_w=dilation, bfloat16=bfloat16
                )
                out = on_a_cache_line((size,), _BYTE)
            bindings.low_precision_conv2d_pack(*weights, out, groups=groups, dilation_w=dilation)
            return out

        key = (self.describe(), shape, groups, dilation, self.x_scale, y_scale)
        return lowering.keep(lowering.derived_weights.get(key, sources, (), pack).array)

    def lower(self, lowering):
        """Append the kernel call."""
        x, residual, y = map(lowering.array, (self.inputs.x, self.inputs.residual, self.y))
        if self.geometry is None:
            x, y = x.reshape(1, 1, -1, x.shape[-1]), y.reshape(1, 1, -1, y.shape[-1])
            shape, call, groups = (1, 1, x.shape[-1], y.shape[-1]), (1, 1, 0, 0, 1, 1), 1
        else:
            shape, call, groups = self.geometry.kernel_shape, self.geometry.call, self.geometry.groups
        y_scale = Scale(1.0, 0) if self.y_scale is None else self.y_scale
        low, high = (-np.inf, np.inf) if self.y_scale is None else y_scale.bounds
        other = Scale(0.0, 0) if residual is None else self.residual_scale
        bindings.low_precision_conv2d(
            x,
            self._packed(lowering, shape, groups, call[5]),
            y,
            kernel_shape=shape,
            geometry=call,
            groups=groups,
            residual=residual,
            x_zero=self.x_scale.zero,
            y_zero=y_scale.zero,
            residual_zero=other.zero,
            residual_multiplier=other.scale / y_scale.scale,
            low=0 if self.activation == "relu" else low,
            high=high,
            **lowering.target,
        )

    def describe(self):
        """Return what it computes with."""
        return "int8" if self.x_scale.dtype == _BYTE else "bfloat16"


def _sources(value):
    """Return the sources of a weight by name, and the function that derives it from them, or None."""
    if value is None:
        return {}, None
    if isinstance(value.source, Variable):
        return {"": value.source}, lambda **arrays: arrays[""]
    return value.source.sources, lambda **arrays: value.source.make(**arrays, out=None)


def quantized_weights(kernel, bias, x_scale, y_scale):
    """Return weights as 8-bit integers with a scale for each filter, biases and multipliers of sums.

    Parameters
    ----------
    kernel : ndarray of float32, shape (kernel height, kernel width, channels / groups, filters)
        Weights.
    bias : ndarray of float32, shape (filters,), or None
        Added to each filter's output.
    x_scale : Scale
        Of the input.
    y_scale : float
        Of the output.

    Returns
    -------
    kernel : ndarray of int8
        Nearest integers to the weights over their filter's scale, between -127 and 127.
    bias : ndarray of intc, shape (filters,)
        In units of a product of input and weight, less what the input's zero point adds to each sum.
    multiplier : ndarray of float32, shape (filters,)
        Factor of a sum that converts it to the output's scale.
    """
    filters = kernel.shape[-1]
    bias = np.zeros(filters) if bias is None else bias.astype(np.float64)
    largest = np.abs(kernel.reshape(-1, filters)).max(0).astype(np.float64)
    # a filter whose bias would not fit has weights that are negligible beside it
    scales = np.maximum(largest / _LARGEST_WEIGHT, np.abs(bias) / (x_scale.scale * _LARGEST_BIAS))
    scales[scales == 0] = 1
    integers = np.rint(kernel / scales).astype(np.int8)
    offsets = x_scale.zero * integers.reshape(-1, filters).sum(0, dtype=np.int64)
    biases = np.rint(bias / (x_scale.scale * scales)).astype(np.int64) - offsets
    return integers, biases.astype(np.intc), (x_scale.scale * scales / y_scale).astype(np.float32)


def bfloat16_weights(kernel, bias):
    """Return weights as bfloat16 numbers, biases, and multipliers of sums, which are ones.

    Parameters
    ----------
    kernel, bias
        See `quantized_weights`.

    Returns
    -------
    kernel : ndarray of uint16
        The nearest numbers, halves to even.
    bias : ndarray of float32, shape (filters,)
        As it was, or zeros.
    multiplier : ndarray of float32, shape (filters,)
        Ones.
    """
    rounded = np.empty(kernel.shape, BFLOAT16.dtype)
    bindings.quantize(np.ascontiguousarray(kernel), rounded, scale=BFLOAT16.scale, zero=BFLOAT16.zero, threads=1)
    filters = kernel.shape[-1]
    bias = np.zeros(filters, np.float32) if bias is None else np.ascontiguousarray(bias)
    return rounded, bias, np.ones(filters, np.float32)
