"""Quantization-aware training: a float32 graph for training that rounds values and weights where predictions use integers.

    x ─► FakeQuantize ─────────► Conv2D ─► FakeQuantize ─► max pooling ─► Conv2D ─► …
    kernel ─► FakeQuantizeKernel ───┘         kernel ─► FakeQuantizeKernel ──┘

A convolution or matrix product of the training graph takes its scales from the one of the prediction's graph that the same
layer has emitted. So both round the same values on the same scales, and differ only by rounding errors of float32.

Batch normalization is folded into weights before these are rounded, as it is in predictions. Its running statistics are fixed
(Nagel et al., "A white paper on neural network quantization", 2021, section 4.2.1), as scales would change with each batch.
"""

from .low_precision import moves, residual_of, scales_by_operation
from .operations import BatchNormalization, Conv2D, Dense, Reshape
from .operations.fake_quantization import FakeQuantize, FakeQuantizeKernel


def fold_normalizations(graph, outputs):
    """Fold batch normalizations with fixed statistics into the weights before them, in each run.

    With s = gamma / sqrt(variance + epsilon), a kernel becomes kernel s, and a bias beta + (bias - mean) s.

    Parameters
    ----------
    graph : Graph
        A graph for training, before fusion and without gradients, which is changed.
    outputs : list of Value
        Values that are read after a run.
    """
    readers = dict.fromkeys([*outputs, *(loss for loss, _ in graph.losses)], 2)
    for operation in graph.operations:
        for value in operation.inputs:
            readers[value] = readers.get(value, 0) + 1
    folded = {}  # normalizations by the operation that they are folded into
    for operation in graph.operations:
        if isinstance(operation, BatchNormalization) and not operation.training:
            producer = operation.inputs.x.producer
            if isinstance(producer, (Conv2D, Dense)) and producer.activation == "linear" and readers[operation.inputs.x] == 1:
                folded[producer] = operation
    operations = graph.operations[:]
    graph.operations.clear()
    dropped = set(folded.values())
    for operation in operations:
        if operation in folded:
            with graph.within(operation.layer, None):
                _fold(operation, folded[operation])
        if operation not in dropped:
            graph.operations.append(operation)


def _fold(operation, normalization):
    """Append the folded weights, which the operation then reads, and let it write the output of the normalization."""
    _, mean, variance, gamma, beta, _ = normalization.inputs
    scale = (variance + normalization.epsilon) ** -0.5
    scale = scale if gamma is None else scale * gamma
    kernel, bias = operation.inputs.kernel, operation.inputs.bias
    if isinstance(operation, Conv2D):
        kernel = Reshape(kernel, operation.geometry.kernel_shape).y
    bias = -mean * scale if bias is None else (bias - mean) * scale
    operation.replace_inputs(kernel=kernel * scale, bias=bias if beta is None else bias + beta)
    operation.outputs = (normalization.y,)
    normalization.y.producer = operation


def fake_quantize(graph, outputs, prediction, quantization):
    """Round the values and weights of a graph for training as a quantized prediction does.

    Parameters
    ----------
    graph : Graph
        A fused graph for training, without gradients, which is changed.
    outputs : list of Value
        Values that are read after a run; changed where other values replace them.
    prediction : Graph
        The fused graph of a prediction of the same model.
    quantization : Quantization
        How that graph is quantized.
    """
    scales = scales_by_operation(prediction, quantization)
    predicting = dict(zip(_places(prediction), prediction.operations, strict=True))
    operations, places = graph.operations[:], _places(graph)
    graph.operations.clear()
    rounding = _Rounding(graph)
    for operation, place in zip(operations, places, strict=True):
        with graph.within(operation.layer, None):
            same = predicting.get(place)
            if same in scales:
                rounding.multiply(operation, scales[same], _writes_the_same(operation, same))
            else:
                rounding.keep(operation)
    outputs[:] = map(rounding.latest, outputs)


def _places(graph):
    """Return for each operation by what it is found in another graph: its layer, its class, and how many such came before."""
    counts, places = {}, []
    for operation in graph.operations:
        kind = operation.layer, type(operation)
        counts[kind] = counts.get(kind, 0) + 1
        places.append((*kind, counts[kind]))
    return places


def _writes_the_same(operation, other):
    """Return whether the same was fused into two operations, so that their outputs have the same scale."""
    return operation.activation == other.activation and (residual_of(operation) is None) == (residual_of(other) is None)


class _Rounding:
    """The rounded values of a graph; one that is missing is rounded where it is first needed."""

    def __init__(self, graph):
        self._graph = graph
        self._latest = {}  # the rounded value that all readers of a value read
        self._rounded = {}  # the rounded values, by value and scale
        self._scales = {}  # the scales of rounded values

    def latest(self, value):
        """Return what takes the place of a value for all its readers."""
        return self._latest.get(value, value)

    def at(self, value, scale):
        """Return a value rounded on a scale; None for None."""
        if value is None:
            return None
        value = self.latest(value)
        if self._scales.get(value) == scale:
            return value
        if (value, scale) not in self._rounded:
            self._rounded[value, scale] = self._round(value, scale)
        return self._rounded[value, scale]

    def _round(self, value, scale):
        rounded = FakeQuantize(value, scale).y
        self._scales[rounded] = scale
        return rounded

    def multiply(self, operation, scales, same_output):
        """Append a convolution or matrix product of rounded values and weights; round its output if that has a scale."""
        x, kernel, bias = operation.inputs.x, operation.inputs.kernel, operation.inputs.bias
        rounded = {"x": self.at(x, scales.x)}
        rounded["kernel"] = FakeQuantizeKernel(kernel, bias, scales.x, filters=operation.y.shape[-1]).y
        if residual_of(operation) is not None:
            residual = operation.inputs.residual
            rounded["residual"] = self.latest(residual) if scales.residual is None else self.at(residual, scales.residual)
        operation.replace_inputs(**rounded)
        self._graph.operations.append(operation)
        if scales.y is not None and same_output:
            self._latest[operation.y] = self._round(operation.y, scales.y)

    def keep(self, operation):
        """Append an operation that computes in float32; if it only moves values, its output has their scale."""
        operation.inputs = operation.by_name(map(self.latest, operation.inputs))
        self._graph.operations.append(operation)
        scales = {self._scales.get(value) for value in operation.inputs}
        if moves(operation) and len(scales) == 1:
            self._scales[operation.y] = scales.pop()
