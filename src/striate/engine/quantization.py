"""A graph of real numbers made one of bytes, as far as there are kernels for it.

    x ─► Conv2D ─► MaxPool2D ─► Conv2D ─► mean ─► Dense
    x ─► Quantize ─► QuantizedConv2D ─► QuantizedMaxPool2D ─► QuantizedConv2D ─► Dequantize ─► mean ─► …

Convolutions and products read bytes, whatever computed these, and write bytes if anyone reads such, otherwise real numbers.
What moves bytes alone, pooling, concatenation and reshaping, leaves them on the scale that they have, so its inputs and output
share one.
"""

import numpy as np

from .operations import Concatenate, Conv2D, Dense, MaxPool2D, Reshape
from .operations.quantized import (
    Dequantize,
    Quantize,
    QuantizedConcatenate,
    QuantizedConv2D,
    QuantizedMaxPool2D,
    Scale,
)

#: More products than so many, of a byte and a weight each, may not fit into 32 bits beside a bias.
_MOST_PRODUCTS = 1 << 15


def quantize(graph, outputs, ranges, real=frozenset()):
    """Make the operations of a fused graph for prediction compute with bytes.

    Parameters
    ----------
    graph : Graph
        It is changed.
    outputs : list of Value
        What is read after a run; changed where other values take their places.
    ranges : dict of int to (float, float)
        Between what the values lie, by their numbers: see `numbered`. A value without a range stays real.
    real : collection of int
        Numbers of the operations that are to stay as they are.
    """
    numbers = numbered(graph)
    operations = graph.operations[:]
    within = {value: ranges[number] for value, number in numbers.items() if number in ranges}
    multiplying = {
        operation
        for number, operation in enumerate(operations)
        if number not in real and _multiplies(operation) and operation.inputs[0] in within and operation.y in within
    }
    wanted = _wanted(operations, multiplying, within)
    scales = _scales(operations, within, wanted)
    graph.operations.clear()
    rewriting = _Rewriting(scales)
    for operation in operations:
        if operation in multiplying:
            rewriting.multiply(operation, operation.y in wanted)
        elif _moves(operation) and operation.y in wanted:
            rewriting.move(operation)
        else:
            operation.inputs = tuple(map(rewriting.real, operation.inputs))
            graph.operations.append(operation)
    outputs[:] = map(rewriting.real, outputs)


def numbered(graph):
    """Return the number of each value that is computed from real numbers: its operation's; of inputs, -1, -2 …"""
    numbers = {value: -1 - i for i, value in enumerate(graph.inputs)}
    numbers |= {operation.y: i for i, operation in enumerate(graph.operations) if len(operation.outputs) == 1}
    return {value: number for value, number in numbers.items() if value.dtype == np.float32}


def _multiplies(operation):
    """Whether there is a kernel of bytes for a convolution or product with weights that stay the same."""
    if not isinstance(operation, (Conv2D, Dense)) or operation.activation not in ("linear", "relu"):
        return False
    kernel, bias = operation.inputs[1:3]
    products = kernel.shape[0]
    if isinstance(operation, Conv2D):
        products = np.prod(operation.geometry.kernel_shape[:3])
        if operation.pooled or (operation.geometry.groups > 1 and operation.geometry.kernel_shape[2] < 4):
            return False
    return products <= _MOST_PRODUCTS and all(value.source is not None for value in (kernel, bias) if value is not None)


def _moves(operation):
    """Whether an operation can move bytes as it moves real numbers."""
    if isinstance(operation, Concatenate):
        inside = operation.axis == len(operation.y.shape) - 1
        return inside and all(value.shape[-1] % 4 == 0 for value in operation.inputs)
    return isinstance(operation, (MaxPool2D, Reshape))


def _wanted(operations, multiplying, within):
    """Return the values that are read as bytes."""
    wanted = set()
    for operation in reversed(operations):
        if operation in multiplying:
            wanted.add(operation.inputs[0])
            if isinstance(operation, Conv2D) and operation.inputs[3] in within:
                wanted.add(operation.inputs[3])
        elif _moves(operation) and operation.y in wanted and all(value in within for value in operation.inputs):
            wanted.update(operation.inputs)
        elif _moves(operation):
            wanted.discard(operation.y)
    return wanted


def _scales(operations, within, wanted):
    """Return the scale of each value that has a range: one for all that bytes are moved between."""
    shared = {value: [value] for value in within}
    for operation in operations:
        if _moves(operation) and operation.y in wanted:
            for value in operation.inputs:
                if shared[value] is not shared[operation.y]:
                    together = shared[value] + shared[operation.y]
                    shared.update(dict.fromkeys(together, together))
    scales = {}
    for value, together in shared.items():
        lows, highs = zip(*(within[each] for each in together), strict=True)
        scales[value] = Scale.of_range(min(lows), max(highs))
    return scales


class _Rewriting:
    """The values of a graph as bytes and as real numbers: whichever is missing is made where it is first needed."""

    def __init__(self, scales):
        self.scales = scales
        self._bytes = {}
        self._real = {}

    def bytes(self, value):
        """Return a value as bytes."""
        if value not in self._bytes:
            self._bytes[value] = Quantize(self.real(value), self.scales[value]).y
        return self._bytes[value]

    def real(self, value):
        """Return a value as real numbers."""
        if value not in self._bytes or value in self._real:
            return self._real.get(value, value)
        self._real[value] = Dequantize(self._bytes[value], self.scales[value]).y
        return self._real[value]

    def multiply(self, operation, as_bytes):
        """Append a convolution or product of bytes."""
        x, residual = operation.inputs[0], operation.inputs[3] if isinstance(operation, Conv2D) else None
        as_bytes = as_bytes or residual is not None
        y = QuantizedConv2D(
            self.bytes(x),
            operation,
            self.scales[x],
            self.scales[operation.y] if as_bytes else None,
            None if residual is None else self.bytes(residual),
            None if residual is None else self.scales[residual],
        ).y
        (self._bytes if as_bytes else self._real)[operation.y] = y

    def move(self, operation):
        """Append what moves bytes."""
        inputs = [self.bytes(value) for value in operation.inputs]
        if isinstance(operation, MaxPool2D):
            y = QuantizedMaxPool2D(inputs[0], operation).y
        elif isinstance(operation, Concatenate):
            y = QuantizedConcatenate(inputs, operation.y.shape).y
        else:
            y = Reshape(inputs[0], operation.y.shape).y
        self._bytes[operation.y] = y
