"""Low precision: a float32 graph is rewritten to compute with 8-bit integers or bfloat16 where there are kernels for it.

    x ─► Conv2D ─► MaxPool2D ─► Conv2D ─► mean ─► Dense
    x ─► Quantize ─► LowPrecisionConv2D ─► LowPrecisionMaxPool2D ─► LowPrecisionConv2D ─► Dequantize ─► mean ─► …

Convolutions and matrix products read values in low precision, whatever computed them. They write low precision if another
operation reads it, and otherwise float32. Operations that only move values (pooling, concatenation, reshaping) keep their
scale, so that their inputs and output share one.
"""

import numpy as np

from .operations import Concatenate, Conv2D, Dense, MaxPool2D, Reshape
from .operations.low_precision import (
    BFLOAT16,
    BOUNDS,
    Dequantize,
    LowPrecisionConcatenate,
    LowPrecisionConv2D,
    LowPrecisionMaxPool2D,
    Quantize,
    Scale,
)

#: Largest number of products of 8-bit integers whose sum, with a bias, is sure to fit into 32 bits.
_MOST_PRODUCTS = 1 << 15


def quantize(graph, outputs, ranges, real=frozenset()):
    """Make the operations of a fused graph for prediction compute with 8-bit integers.

    Parameters
    ----------
    graph : Graph
        The graph, which is changed.
    outputs : list of Value
        Values that are read after a run; changed where other values replace them.
    ranges : dict of int to (float, float)
        The bounds of values, by their indices: see `value_indices`. A value without bounds stays float32.
    real : collection of int
        Indices of the operations that stay as they are.
    """
    bounds = {value: ranges[index] for value, index in value_indices(graph).items() if index in ranges}
    multiplying = {
        operation
        for index, operation in enumerate(graph.operations)
        if index not in real and _multiplies(operation, bounds) and _products(operation) <= _MOST_PRODUCTS
    }
    wanted = _wanted(graph.operations, multiplying, bounds)
    _rewrite(graph, outputs, multiplying, wanted, _scales(graph.operations, bounds, wanted))


def round_to_bfloat16(graph, outputs):
    """Make the operations of a fused graph for prediction compute with bfloat16.

    Parameters
    ----------
    graph : Graph
        The graph, which is changed.
    outputs : list of Value
        Values that are read after a run; changed where other values replace them.
    """
    scales = dict.fromkeys(value_indices(graph), BFLOAT16)
    multiplying = {operation for operation in graph.operations if _multiplies(operation, scales)}
    _rewrite(graph, outputs, multiplying, _wanted(graph.operations, multiplying, scales), scales)


def _rewrite(graph, outputs, multiplying, wanted, scales):
    """Rewrite a graph so that the operations in `multiplying`, and those that move values in `wanted`, use low precision."""
    operations = graph.operations[:]
    graph.operations.clear()
    rewriting = _Rewriting(scales)
    for operation in operations:
        if operation in multiplying:
            rewriting.multiply(operation, operation.y in wanted)
        elif _moves(operation) and operation.y in wanted:
            rewriting.move(operation)
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


def _moves(operation):
    """Return whether an operation only moves values, and can do so in low precision."""
    if isinstance(operation, Concatenate):
        inside = operation.axis == len(operation.y.shape) - 1
        return inside and all(value.shape[-1] % 4 == 0 for value in operation.inputs)
    return isinstance(operation, (MaxPool2D, Reshape))


def _wanted(operations, multiplying, scaled):
    """Return the values that are read in low precision."""
    wanted = set()
    for operation in reversed(operations):
        if operation in multiplying:
            wanted.add(operation.inputs.x)
            if isinstance(operation, Conv2D) and operation.inputs.residual is not None:
                wanted.add(operation.inputs.residual)
        elif _moves(operation) and operation.y in wanted and all(value in scaled for value in operation.inputs):
            wanted.update(operation.inputs)
        elif _moves(operation):
            wanted.discard(operation.y)
    return wanted


def _scales(operations, bounds, wanted):
    """Return the scale of each value that has bounds; the inputs and output of an operation that moves values share one."""
    shared = {value: [value] for value in bounds}  # for each value, all values that share its scale
    for operation in operations:
        if _moves(operation) and operation.y in wanted:
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

    def __init__(self, scales):
        self.scales = scales
        self._low = {}
        self._real = {}

    def low(self, value):
        """Return a value in low precision."""
        if value not in self._low:
            self._low[value] = Quantize(self.real(value), self.scales[value]).y
        return self._low[value]

    def real(self, value):
        """Return a value in float32."""
        if value not in self._low or value in self._real:
            return self._real.get(value, value)
        self._real[value] = Dequantize(self._low[value], self.scales[value]).y
        return self._real[value]

    def multiply(self, operation, low):
        """Append a convolution or matrix product; its output is in low precision if `low`, or if there is a residual."""
        x, residual = operation.inputs.x, operation.inputs.residual if isinstance(operation, Conv2D) else None
        low = low or residual is not None
        y = LowPrecisionConv2D(
            self.low(x),
            operation,
            self.scales[x],
            self.scales[operation.y] if low else None,
            None if residual is None else self.low(residual),
            None if residual is None else self.scales[residual],
        ).y
        (self._low if low else self._real)[operation.y] = y

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
