"""Low precision: a float32 graph is rewritten to compute with 8-bit integers or bfloat16 where there are kernels for it.

    x ─► Conv2D ─► MaxPool2D ─► Conv2D ─► mean ─► Dense
    x ─► Quantize ─► LowPrecisionConv2D ─► LowPrecisionMaxPool2D ─► LowPrecisionConv2D ─► Dequantize ─► mean ─► …

Convolutions and matrix products read values in low precision, whatever computed them. They write low precision if another
operation reads it, and otherwise float32. Operations that only move values (pooling, concatenation, reshaping) keep their
scale, so that their inputs and output share one. Activations, gates and averages compute in float32, but may read and write
bfloat16 numbers.
"""

import functools
from typing import NamedTuple

import numpy as np

from .graph import Value
from .operations import ActivationFunction, AveragePool2D, Concatenate, Conv2D, Dense, MaxPool2D, Reshape, ScaleShift
from .operations.low_precision import (
    BFLOAT16,
    BOUNDS,
    Dequantize,
    LowPrecisionConcatenate,
    LowPrecisionConv2D,
    LowPrecisionMaxPool2D,
    OperationScales,
    Quantize,
    Scale,
)

#: Largest number of products of 8-bit integers whose sum, with a bias, is sure to fit into 32 bits.
_MOST_PRODUCTS = 1 << 15


class Quantization(NamedTuple):
    """How the graph of a model's predictions is quantized.

    Attributes
    ----------
    ranges : dict of int to (float, float)
        The bounds of values, by their indices: see `value_indices`. A value without bounds stays float32.
    kept : dict of int to str
        The operations that stay float32, by their indices, and why: one of `REASONS`.
    """

    ranges: dict
    kept: dict


#: Why operations stay float32 that could multiply 8-bit integers.
REASONS = ("asked for", "more accurate", "faster")


def quantize(graph, outputs, quantization, threads=None):
    """Make the operations of a fused graph for prediction compute with 8-bit integers.

    Parameters
    ----------
    graph : Graph
        The graph, which is changed.
    outputs : list of Value
        Values that are read after a run; changed where other values replace them.
    quantization : Quantization
        The bounds of values, and the operations that stay float32.
    threads : int, optional
        If given, operations also stay float32 that are faster so, with this number of threads on this machine.
    """
    _convert(graph, outputs, _Conversions.of(graph, quantization), threads)


def round_to_bfloat16(graph, outputs, threads=None):
    """Make the operations of a fused graph for prediction compute with bfloat16.

    Parameters
    ----------
    graph, outputs, threads
        See `quantize`.
    """
    _convert(graph, outputs, _Conversions.to_bfloat16(graph), threads)


def scales_by_operation(graph, quantization):
    """Return the `OperationScales` of each operation of a fused graph that multiplies 8-bit integers, by operation."""
    conversions = _Conversions.of(graph, quantization)
    return {
        operation: conversions.scales_of(operation) for operation in graph.operations if operation in conversions.multiplying
    }


def able_operations(graph, quantization):
    """Return the operations of a fused graph that could multiply 8-bit integers, kept ones included, by their indices."""
    able = _Conversions.of(graph, quantization._replace(kept={})).multiplying
    return {index: operation for index, operation in enumerate(graph.operations) if operation in able}


class _Conversions:
    """What of a graph is to be in low precision.

    Attributes
    ----------
    multiplying : set of GraphOperation
        The convolutions and matrix products that multiply in low precision.
    wanted : set of Value
        Values that are read in low precision.
    scales : dict of Value to Scale
        The scales of values.
    kept : dict of GraphOperation to str
        Operations that could multiply in low precision, but stay float32, and why.
    loading : set of GraphOperation
        Operations whose kernels compute in float32, but may load and store low precision.
    """

    def __init__(self, graph, able, kept, scaled, make_scales, loading=frozenset()):
        self.multiplying = able - kept.keys()
        self.wanted = _wanted(graph.operations, self.multiplying, scaled, loading)
        self.scales = make_scales(self.wanted)
        self.kept = kept
        self.loading = loading
        self._again = functools.partial(_Conversions, graph, able, scaled=scaled, make_scales=make_scales, loading=loading)

    @classmethod
    def of(cls, graph, quantization):
        """Return the conversions to 8-bit integers that a `Quantization` describes."""
        ranges = quantization.ranges
        bounds = {value: ranges[index] for value, index in value_indices(graph).items() if index in ranges}
        able = {each for each in graph.operations if _multiplies(each, bounds) and _products(each) <= _MOST_PRODUCTS}
        kept = {graph.operations[index]: reason for index, reason in quantization.kept.items()}
        return cls(graph, able, kept, bounds, functools.partial(_scales, graph.operations, bounds))

    @classmethod
    def to_bfloat16(cls, graph):
        """Return the conversions to bfloat16, which has one scale for all values."""
        scales = dict.fromkeys(value_indices(graph), BFLOAT16)
        able = {operation for operation in graph.operations if _multiplies(operation, scales)}
        loading = {operation for operation in graph.operations if loads_bfloat16(operation) and operation.inputs.x in scales}
        return cls(graph, able, {}, scales, lambda wanted: scales, loading)

    def scales_of(self, operation):
        """Return the `OperationScales` of an operation in `multiplying`; a sum with a residual is always in low precision."""
        residual = residual_of(operation)
        low = operation.y in self.wanted or residual is not None
        return OperationScales(
            self.scales[operation.inputs.x],
            self.scales[operation.y] if low else None,
            None if residual is None else self.scales[residual],
        )

    def without_slower(self, threads):
        """Return the conversions without the operations that are faster in float32: see `precision_tuning`."""
        from .precision_tuning import is_faster_in_float32  # rarely needed

        faster = [each for each in self.multiplying if is_faster_in_float32(each, self.scales_of(each), threads)]
        return self._again({**self.kept, **dict.fromkeys(faster, "faster")})


def residual_of(operation):
    """Return what a convolution or matrix product adds to its sums, or None."""
    return operation.inputs.residual if isinstance(operation, Conv2D) else None


def _convert(graph, outputs, conversions, threads):
    """Rewrite a graph to low precision; without the operations that are slower so, unless `threads` is None."""
    if threads is not None:
        conversions = conversions.without_slower(threads)
    for reason in REASONS:
        layers = [operation.layer for operation in graph.operations if conversions.kept.get(operation) == reason]
        if layers:
            graph.remarks.append(f"In float32 because it is {reason}: {', '.join(map(str, layers))}")
    _rewrite(graph, outputs, conversions)


def _rewrite(graph, outputs, conversions):
    """Rewrite a graph so that operations in low precision take the place of those in float32."""
    operations = graph.operations[:]
    graph.operations.clear()
    rewriting = _Rewriting(conversions)
    for operation in operations:
        with graph.within(operation.layer, None):
            if operation in conversions.multiplying:
                rewriting.multiply(operation)
            elif moves(operation) and operation.y in conversions.wanted:
                rewriting.move(operation)
            elif operation in conversions.loading and operation.y in conversions.wanted:
                rewriting.load(operation)
            else:
                operation.inputs = operation.by_name(map(rewriting.real, operation.inputs))
                graph.operations.append(operation)
    outputs[:] = map(rewriting.real, outputs)


def value_indices(graph):
    """Return an index for each float32 value: that of its operation, or -1, -2 … for inputs."""
    indices = {value: -1 - i for i, value in enumerate(graph.inputs)}
    indices |= {operation.y: i for i, operation in enumerate(graph.operations) if len(operation.outputs) == 1}
    return {value: index for value, index in indices.items() if value.dtype == np.float32}


def _multiplies(operation, scaled):
    """Return whether there is a low-precision kernel for a convolution or matrix product, and its weights are constant."""
    if not isinstance(operation, (Conv2D, Dense)) or operation.activation not in BOUNDS:
        return False
    inputs = operation.inputs
    if inputs.x not in scaled or operation.y not in scaled:
        return False
    if isinstance(operation, Conv2D):
        geometry = operation.geometry
        depthwise = geometry.groups == geometry.kernel_shape[3] and geometry.kernel_shape[2] == 1
        if operation.pooled or (geometry.groups > 1 and geometry.kernel_shape[2] < 4 and not depthwise):
            return False
        if inputs.residual is not None and inputs.residual not in scaled:
            return False
    return all(value.source is not None for value in (inputs.kernel, inputs.bias) if value is not None)


def _products(operation):
    """Return how many products an output of a convolution or matrix product sums up."""
    if isinstance(operation, Conv2D):
        return np.prod(operation.geometry.kernel_shape[:3])
    return operation.inputs.kernel.shape[0]


def moves(operation):
    """Return whether an operation only moves values, and can do so in low precision."""
    if isinstance(operation, Concatenate):
        inside = operation.axis == len(operation.y.shape) - 1
        return inside and all(value.shape[-1] % 4 == 0 for value in operation.inputs)
    return isinstance(operation, (MaxPool2D, Reshape))


def loads_bfloat16(operation):
    """Return whether the kernel of an operation in float32 may load its first input as bfloat16, and store its output so."""
    if isinstance(operation, ActivationFunction):  # Exponential and logarithm would enlarge the error of a rounded input.
        return operation.name not in ("softmax", "log_softmax", "exponential", "log")
    return isinstance(operation, (AveragePool2D, ScaleShift))


def _wanted(operations, multiplying, scaled, loading):
    """Return the values that are read in low precision."""
    wanted = set()
    for operation in reversed(operations):
        if operation in multiplying:
            wanted.add(operation.inputs.x)
            if isinstance(operation, Conv2D) and operation.inputs.residual is not None:
                wanted.add(operation.inputs.residual)
        elif operation in loading and operation.y in wanted:
            wanted.add(operation.inputs.x)
        elif moves(operation) and operation.y in wanted and all(value in scaled for value in operation.inputs):
            wanted.update(operation.inputs)
        elif moves(operation):
            wanted.discard(operation.y)
    return wanted


def _scales(operations, bounds, wanted):
    """Return the scale of each value that has bounds; the inputs and output of an operation that moves values share one."""
    shared = {value: [value] for value in bounds}  # for each value, all values that share its scale
    for operation in operations:
        if moves(operation) and operation.y in wanted:
            for value in operation.inputs:
                if shared[value] is not shared[operation.y]:
                    together = shared[value] + shared[operation.y]
                    shared.update(dict.fromkeys(together, together))
    scales = {}
    for value, together in shared.items():
        lows, highs = zip(*(bounds[each] for each in together), strict=True)
        scales[value] = Scale.of_range(min(lows), max(highs))
    return scales


class _Rewriting:
    """The values of a graph in low precision and in float32; one that is missing is converted where it is first needed."""

    def __init__(self, conversions):
        self.conversions = conversions
        self._low = {}
        self._real = {}

    def low(self, value):
        """Return a value in low precision; None for None."""
        if value is not None and value not in self._low:
            self._low[value] = Quantize(self.real(value), self.conversions.scales[value]).y
        return None if value is None else self._low[value]

    def real(self, value):
        """Return a value in float32."""
        if value not in self._low or value in self._real:
            return self._real.get(value, value)
        self._real[value] = Dequantize(self._low[value], self.conversions.scales[value]).y
        return self._real[value]

    def multiply(self, operation):
        """Append a convolution or matrix product."""
        scales = self.conversions.scales_of(operation)
        y = LowPrecisionConv2D(self.low(operation.inputs.x), operation, scales, self.low(residual_of(operation))).y
        (self._real if scales.y is None else self._low)[operation.y] = y

    def load(self, operation):
        """Append an operation that computes in float32, but loads and stores low precision."""
        x, *others = operation.inputs
        y = operation.y
        operation.inputs = operation.by_name([self.low(x), *map(self.real, others)])
        operation.outputs = (Value(x.graph, y.shape, self.conversions.scales[y].dtype, producer=operation),)
        x.graph.operations.append(operation)
        self._low[y] = operation.y

    def move(self, operation):
        """Append an operation that moves values in low precision."""
        inputs = [self.low(value) for value in operation.inputs]
        if isinstance(operation, MaxPool2D):
            y = LowPrecisionMaxPool2D(inputs[0], operation).y
        elif isinstance(operation, Concatenate):
            y = LowPrecisionConcatenate(inputs, operation.y.shape).y
        else:
            y = Reshape(inputs[0], operation.y.shape).y
        self._low[operation.y] = y
