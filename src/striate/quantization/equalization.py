"""Cross-layer equalization: channels are scaled between layers so that the weights of all have about the same range.

A ReLU commutes with positive factors: W2 relu(W1 x + b1) = (W2 S) relu((W1 x + b1) / S), for a diagonal matrix S. Element i of

    s = sqrt(range(W1, output channel i) / range(W2, input channel i))

gives both layers the same range, sqrt(range(W1) range(W2)), of the weights of channel i (Nagel et al., "Data-free quantization
through weight equalization and bias correction", ICCV 2019, section 4.1). ReLU6 does not commute, and becomes ReLU.
"""

from collections import Counter

import numpy as np

from ..engine import Variable
from ..engine.operations import Conv2D, Dense, MaxPool2D
from ..layers import ReLU
from ..layers.sublayers import layers_within
from .weights import array_of, sources_of

#: Number of times that all pairs of layers are equalized; a pair affects the next one, and so the one before.
_ROUNDS = 10

#: Weights and statistics that are divided as the outputs of an operation are, be they folded or not.
_SCALED = ("kernel", "bias", "mean", "beta")


def equalize(calibration):
    """Equalize the ranges of the weights of layers that follow each other, and make ReLU6 a ReLU, in a model.

    Parameters
    ----------
    calibration : Calibration
        The model, whose weights are changed. Its outputs stay the same but for rounding, and for what ReLU6 would clip.
    """
    _without_relu6(calibration.model)
    graph, outputs = calibration.graph()
    pairs = list(_pairs(graph, outputs))
    for _ in range(_ROUNDS):
        for first, second in pairs:
            _equalize(first, second)


def _without_relu6(model):
    """Make each ReLU6 in a model a ReLU."""
    for layer in layers_within(model):
        if getattr(layer, "_activation", None) == "relu6":
            layer.activation = "relu"
        elif isinstance(layer, ReLU) and (layer.max_value, layer.negative_slope, layer.threshold) == (6, 0, 0):
            layer.max_value = None


def _pairs(graph, outputs):
    """Yield pairs of operations, of which the second alone reads what the first computes, with weights of their own."""
    readers = {value: [None] for value in outputs}
    for operation in graph.operations:
        for value in operation.inputs:
            readers.setdefault(value, []).append(operation)
    uses = Counter(source for operation in graph.operations for source in sources_of(operation).values())
    for first in graph.operations:
        if not _has_own_weights(first, uses) or first.activation not in ("linear", "relu"):
            continue
        if isinstance(first, Conv2D) and first.inputs.residual is not None:
            continue
        value = first.y
        while len(readers.get(value, ())) == 1 and isinstance(readers[value][0], MaxPool2D):
            value = readers[value][0].y
        second = readers[value][0] if len(readers.get(value, ())) == 1 else None
        if _has_own_weights(second, uses) and second.inputs.x is value:
            yield first, second


def _has_own_weights(operation, uses):
    """Return whether an operation multiplies by a kernel, folded or not, that no other operation uses."""
    if not isinstance(operation, (Conv2D, Dense)):
        return False
    kernel = operation.inputs.kernel.source
    known = isinstance(kernel, Variable) or (kernel is not None and "variance" in kernel.sources)
    return known and all(uses[source] == 1 for source in sources_of(operation).values())


def _equalize(first, second):
    """Equalize the channels between two operations."""
    ranges = np.abs(_kernel(first)).max((0, 1, 2)), _by_input(second, np.abs(_kernel(second)).max((0, 1)))
    usable = (ranges[0] > 0) & (ranges[1] > 0)
    scale = np.sqrt(np.divide(*ranges, out=np.ones_like(ranges[0]), where=usable))
    for name, variable in sources_of(first).items():
        if name in _SCALED:
            array = variable.value
            by_filter = array.reshape(_kernel_shape(first)) if name == "kernel" else array
            variable.assign((by_filter / scale).reshape(array.shape))
    groups, kernel = _groups(second), sources_of(second)["kernel"]
    *window, channels, filters = _kernel_shape(second)
    by_filter = np.repeat(scale.reshape(groups, channels), filters // groups, 0).T
    kernel.assign((kernel.value.reshape(*window, channels, filters) * by_filter).reshape(kernel.shape))


def _by_input(operation, ranges):
    """Return the largest of ranges of weights, shape (channels / groups, filters), for each input channel."""
    groups = _groups(operation)
    return ranges.reshape(len(ranges), groups, -1).max(2).T.ravel()


def _kernel(operation):
    """Return the kernel that predictions use, shape (height, width, channels / groups, filters)."""
    return array_of(operation.inputs.kernel).reshape(_kernel_shape(operation))


def _kernel_shape(operation):
    return operation.geometry.kernel_shape if isinstance(operation, Conv2D) else (1, 1, *operation.inputs.kernel.shape)


def _groups(operation):
    return operation.geometry.groups if isinstance(operation, Conv2D) else 1
