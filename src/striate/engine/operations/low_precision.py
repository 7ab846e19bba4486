"""Operations in low precision: on bfloat16 numbers, and on 8-bit integers, which represent (integer - zero) * scale."""

import math
from typing import NamedTuple

import numpy as np

from ..._common.arrays import on_a_cache_line
from ...algorithms import pick_bfloat16_algorithm
from ...kernels import bindings, instruction_set
from .base import GraphOperation
from .convolution import Conv2D
from .packing import pack_kernel, sources_of
from .stored_kernels import halves, rounded

_BYTE = np.dtype(np.uint8)
_LARGEST_WEIGHT = 127  # of 8-bit integers whose range is symmetric
_LARGEST_BIAS = 1 << 29  # in units of a product of input and weight, so that a sum with its bias fits into 32 bits


class Scale(NamedTuple):
    """The meaning of numbers in low precision: each represents the real number (number - zero) * scale."""

    scale: float
    zero: int  # the zero point: the number that represents 0
    dtype: np.dtype = _BYTE

    @classmethod
    def of_range(cls, low, high):
        """Return the scale whose bytes cover the range from `low` to `high`, extended to 0, and represent 0 exactly."""
        low, high = min(float(low), 0.0), max(float(high), 0.0)
        scale = (high - low) / 255
        if not scale > np.finfo(np.float32).tiny:
            return cls(1.0, 0)
        return cls(scale, round(-low / scale))

    @property
    def bounds(self):
        """The smallest and the largest number, minus `zero`."""
        return (-self.zero, 255 - self.zero) if self.dtype == _BYTE else (-np.inf, np.inf)


#: The scale of bfloat16 numbers, which are not scaled; NumPy lacks the dtype, so they are kept as the upper halves of float32.
BFLOAT16 = Scale(1.0, 0, np.dtype(np.uint16))


class OperationScales(NamedTuple):
    """The scales of what a convolution or matrix product reads and writes in low precision."""

    x: Scale
    y: Scale | None  # None for an output of float32
    residual: Scale | None  # None without a residual


_UNBOUNDED = (-np.inf, np.inf)
#: Bounds by which the kernel of convolutions applies an activation as it stores an output. The hard ones have none: it computes
#: them before, for outputs of bfloat16 or float32.
BOUNDS = {
    "linear": _UNBOUNDED,
    "relu": (0.0, np.inf),
    "relu6": (0.0, 6.0),
    "hard_sigmoid": _UNBOUNDED,
    "hard_silu": _UNBOUNDED,
}


class _Conversion(GraphOperation):
    """The base class of conversions between float32 and low precision, by the kernel `_convert`."""

    samplewise = True

    def __init__(self, x, scale, dtype):
        super().__init__((x,), x.shape, dtype=dtype)
        self.scale = scale

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = lowering.array(self.inputs.x), lowering.array(self.y)
        self._convert(*arrays, scale=self.scale.scale, zero=self.scale.zero, **lowering.target)


class Quantize(_Conversion):
    """Float32 numbers rounded to the nearest in low precision.

    Parameters
    ----------
    x : Value of float32
        Input.
    scale : Scale
        Scale of the output.
    """

    _convert = staticmethod(bindings.quantize)

    def __init__(self, x, scale):
        super().__init__(x, scale, scale.dtype)


class Dequantize(_Conversion):
    """Numbers in low precision converted to the float32 numbers that they represent.

    Parameters
    ----------
    x : Value of uint8 or uint16
        Input.
    scale : Scale
        Scale of the input.
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
        The operation that it replaces.
    """

    samplewise = True
    any_dtype = True

    def __init__(self, x, pooling):
        super().__init__((x,), pooling.y.shape)
        self.geometry = pooling.geometry

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = lowering.array(self.inputs.x), lowering.array(self.y)
        bindings.low_precision_max_pool2d(*arrays, geometry=self.geometry, **lowering.target)


class LowPrecisionConcatenate(GraphOperation):
    """Values with a common scale concatenated along the last axis, whose sizes in bytes are multiples of four.

    Parameters
    ----------
    inputs : sequence of Value of uint8 or uint16
        Values whose shapes differ only in the last axis.
    shape : tuple of int
        Shape of the output.
    """

    samplewise = True
    reads = None
    any_dtype = True

    def __init__(self, inputs, shape):
        super().__init__(inputs, shape)

    def lower(self, lowering):
        """Append the kernel call, which copies four bytes at a time, as if they were a float32 number."""
        inputs = [lowering.array(value).view(np.float32) for value in self.inputs]
        y = lowering.array(self.y).view(np.float32)
        bindings.concatenate(inputs, y, rows=math.prod(y.shape[:-1]), **lowering.target)


class LowPrecisionConv2D(GraphOperation):
    """Convolution or matrix product in low precision; the sums of 8-bit integers are exact, and are rounded only once.

    Where Winograd's algorithm is faster, it computes with bfloat16 numbers in float32, without storing float32 numbers.

    Parameters
    ----------
    x : Value of uint8 or uint16, shape (batch, height, width, channels), or (batch, ..., features)
        Input.
    replaced : Conv2D or Dense
        The operation that it replaces, with its weights, geometry and activation, one of `BOUNDS`.
    scales : OperationScales
        Scales of the input, the output and the residual.
    residual : Value of x's dtype, optional
        Added before the activation, only to an output in low precision.
    """

    samplewise = True
    reads = ("x", "kernel", "bias", "residual")
    any_dtype = True

    def __init__(self, x, replaced, scales, residual=None):
        dtype = np.dtype(np.float32) if scales.y is None else scales.y.dtype
        super().__init__((x, replaced.inputs.kernel, replaced.inputs.bias, residual), replaced.y.shape, dtype=dtype)
        self.scales = scales
        self.activation = replaced.activation
        self.geometry = replaced.geometry if isinstance(replaced, Conv2D) else None
        self.flops = replaced.flops
        self.algorithm = "direct"
        if self.geometry is not None and scales.x.dtype == BFLOAT16.dtype:
            self.algorithm = pick_bfloat16_algorithm(replaced.wanted, self.geometry, instruction_set)

    def _derived(self, lowering, key, pack):
        """Return what `pack` makes of the kernel and the bias, which is made again whenever the model's weights change."""
        values = {"kernel": self.inputs.kernel, "bias": self.inputs.bias}
        parts = {part: ({}, None) if value is None else sources_of(value) for part, value in values.items()}
        sources = {f"{part}.{name}": source for part, (named, _) in parts.items() for name, source in named.items()}

        def derive(out, **arrays):
            made = {}
            for part, (named, make) in parts.items():
                made[part] = make(**{name: arrays[f"{part}.{name}"] for name in named}) if named else None
            return pack(out, **made)

        return lowering.keep(lowering.derived_weights.get((self.describe(), *key), sources, (), derive).array)

    def _packed(self, lowering, shape, groups, dilation):
        """Return the weights as the kernel for low precision reads them."""
        y_scale = 1.0 if self.scales.y is None else self.scales.y.scale
        bfloat16 = self.scales.x.dtype == BFLOAT16.dtype

        def pack(out, kernel, bias):
            kernel = kernel.reshape(shape)
            weights = bfloat16_weights(kernel, bias) if bfloat16 else quantized_weights(kernel, bias, self.scales.x, y_scale)
            if out is None:
                size = bindings.low_precision_conv2d_packed_size(
                    kernel_shape=shape, groups=groups, dilation_w=dilation, bfloat16=bfloat16
                )
                out = on_a_cache_line((size,), _BYTE)
            bindings.low_precision_conv2d_pack(*weights, out, groups=groups, dilation_w=dilation)
            return out

        return self._derived(lowering, (shape, groups, dilation, self.scales.x, y_scale), pack)

    def _transformed(self, lowering):
        """Return bfloat16 weights as Winograd's algorithm reads them."""
        g = self.geometry
        settings = {"algorithm": self.algorithm, "groups": g.groups}

        def pack(out, kernel, bias):
            return pack_kernel(rounded(kernel.reshape(g.kernel_shape)), out, lowering.threads, **settings)

        return self._derived(lowering, (g.kernel_shape, g.groups), pack)

    def lower(self, lowering):
        """Append the kernel call."""
        x, residual, y = map(lowering.array, (self.inputs.x, self.inputs.residual, self.y))
        if self.algorithm != "direct":
            bindings.bfloat16_conv2d(
                x,
                self._transformed(lowering),
                y,
                algorithm=self.algorithm,
                kernel_shape=self.geometry.kernel_shape,
                geometry=self.geometry.call,
                groups=self.geometry.groups,
                bias=lowering.array(self.inputs.bias),
                residual=residual,
                activation=self.activation,
                **lowering.target,
            )
            return
        if self.geometry is None:
            x, y = x.reshape(1, 1, -1, x.shape[-1]), y.reshape(1, 1, -1, y.shape[-1])
            shape, call, groups = (1, 1, x.shape[-1], y.shape[-1]), (1, 1, 0, 0, 1, 1), 1
        else:
            shape, call, groups = self.geometry.kernel_shape, self.geometry.call, self.geometry.groups
        y_scale = Scale(1.0, 0) if self.scales.y is None else self.scales.y
        low, high = (-np.inf, np.inf) if self.scales.y is None else y_scale.bounds
        lowest, highest = BOUNDS[self.activation]
        other = Scale(0.0, 0) if residual is None else self.scales.residual
        bindings.low_precision_conv2d(
            x,
            self._packed(lowering, shape, groups, call[5]),
            y,
            kernel_shape=shape,
            geometry=call,
            groups=groups,
            residual=residual,
            x_zero=self.scales.x.zero,
            y_zero=y_scale.zero,
            residual_zero=other.zero,
            residual_multiplier=other.scale / y_scale.scale,
            activation=self.activation,
            low=max(low, lowest / y_scale.scale),
            high=min(high, highest / y_scale.scale),
            **lowering.target,
        )

    @property
    def numbers(self):
        """The kind of numbers that it reads."""
        return "int8" if self.scales.x.dtype == _BYTE else "bfloat16"

    @property
    def storage(self):
        """The dtype of the packed kernel, None for float32: kernels that Winograd's algorithm transforms."""
        return self.numbers if self.algorithm == "direct" else None

    def describe(self):
        """Return the kind of numbers that it reads, and the algorithm unless it is direct."""
        return self.numbers if self.algorithm == "direct" else f"{self.numbers}, {self.algorithm}"


def weight_scales(kernel, bias, x_scale):
    """Return the scale of the 8-bit weights of each filter, shape (filters,): see `quantized_weights`."""
    filters = kernel.shape[-1]
    scales = np.abs(kernel.reshape(-1, filters)).max(0).astype(np.float64) / _LARGEST_WEIGHT
    if bias is not None:
        # If a bias would not fit, a coarser scale does no harm: the weights of its filter are negligible beside it.
        np.maximum(scales, np.abs(bias) / (x_scale.scale * _LARGEST_BIAS), out=scales)
    scales[scales == 0] = 1
    return scales


def quantized_weights(kernel, bias, x_scale, y_scale):
    """Return weights as 8-bit integers with a scale for each filter, the biases, and the multipliers of the sums.

    Parameters
    ----------
    kernel : ndarray of float32, shape (kernel height, kernel width, channels / groups, filters)
        Weights.
    bias : ndarray of float32, shape (filters,), or None
        Added to each filter's output.
    x_scale : Scale
        Scale of the input.
    y_scale : float
        Scale of the output.

    Returns
    -------
    kernel : ndarray of int8
        The weights divided by their filter's scale and rounded, between -127 and 127.
    bias : ndarray of intc, shape (filters,)
        The biases in units of a product of input and weight, minus the part of each sum that is due to the input's zero point.
    multiplier : ndarray of float32, shape (filters,)
        Factors that convert the sums to the output's scale.
    """
    filters = kernel.shape[-1]
    scales = weight_scales(kernel, bias, x_scale)
    bias = np.zeros(filters) if bias is None else bias
    integers = np.rint(kernel / scales).astype(np.int8)
    offsets = x_scale.zero * integers.reshape(-1, filters).sum(0, dtype=np.int64)
    biases = np.rint(bias / (x_scale.scale * scales)).astype(np.int64) - offsets
    return integers, biases.astype(np.intc), (x_scale.scale * scales / y_scale).astype(np.float32)


def bfloat16_weights(kernel, bias):
    """Return weights as bfloat16 numbers, the biases, and the multipliers of the sums, which are ones.

    Parameters
    ----------
    kernel, bias
        See `quantized_weights`.

    Returns
    -------
    kernel : ndarray of uint16
        The weights rounded to the nearest, ties to even.
    bias : ndarray of float32, shape (filters,)
        The biases, or zeros.
    multiplier : ndarray of float32, shape (filters,)
        Ones.
    """
    filters = kernel.shape[-1]
    bias = np.zeros(filters, np.float32) if bias is None else np.ascontiguousarray(bias)
    return halves(kernel), bias, np.ones(filters, np.float32)
