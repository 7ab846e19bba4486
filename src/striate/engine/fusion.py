"""Fusion: operations that a convolution or matrix product carries out as it stores its result, without a pass over memory.

    x ─► Conv2D ─► BatchNormalization ─► add ─► ReLU          one Conv2D, with other weights, a residual and an activation;
                                                              in training, a Conv2D and a BatchNormalization with both
    dy ─► Conv2DInputGradient ─► add                          one Conv2DInputGradient with a residual
    x ─► Conv2D ─► ReLU ─► MaxPool2D                          one Conv2D that stores the largest outputs, for some shapes
    x ─► Conv2D ─► hard SiLU or hard sigmoid                  one Conv2D with that activation
    x ─► Pad ─► Conv2D                                        one Conv2D with more padding
    kernel ─► Transpose ─► Conv2D                             one Conv2D with another kernel, made once
    gate ─► Broadcast ─► multiply                             one ScaleShift, which scales channels

Before, transposes that undo each other are removed; see `engine.transposes`.

Normalization is folded into weights for prediction only, since in training it depends on the batch. Pooling is fused into a
convolution for prediction only, too, since its gradient needs to know where the largest outputs were, and so are hard SiLU and
hard sigmoid, by `fuse_hard_activations`: the gradient of hard SiLU needs its input, and that of hard sigmoid a kernel.
"""

import numpy as np

from ..functional.activation_table import KERNELS
from ..geometry import conv2d_geometry
from .operations import (
    ActivationFunction,
    BatchNormalization,
    Broadcast,
    Conv2D,
    Conv2DInputGradient,
    Conv2DTranspose,
    Dense,
    MaxPool2D,
    Merge,
    Pad,
    Reshape,
    ScaleShift,
    Transpose,
)
from .operations.low_precision import LowPrecisionConv2D
from .operations.pooling import TWO_BY_TWO
from .transposes import cancel_transposes
from .variable import Variable


def fuse(graph, outputs, derived_weights=None, first=0):
    """Fuse operations of a graph where one operation can do what two did.

    Parameters
    ----------
    graph : Graph
        The graph, which is changed; operations from `first` on must not be differentiated, before or after.
    outputs : list of Value
        Values that are read after a run.
    derived_weights : DerivedWeights, optional
        Store of the folded weights; None if weights change from run to run.
    first : int
        Index of the first operation that may be fused with a later one.
    """
    cancel_transposes(graph, outputs, first)
    operations = graph.operations[first:]
    candidates = set(operations)
    readers = _readers(graph, outputs)

    def source(value):
        """Return the operation that writes a value for a single reader, and can do more as it stores it, or None."""
        producer = value.producer if readers[value] == 1 and value.producer in candidates else None
        return None if isinstance(producer, Conv2D) and producer.pooled else producer

    kept = []
    for operation in operations:
        fused = None  # operation into which this one was fused
        if type(operation) in (Conv2D, Conv2DTranspose) and derived_weights is not None:
            _derive_kernel(operation, derived_weights)
        if type(operation) is Conv2D and (padding := _fuse_padding(operation, source)) is not None:
            kept.remove(padding)
        if isinstance(operation, Merge) and (gating := _fuse_gate(operation, source)) is not None:
            broadcast, *scaling = gating
            kept.remove(broadcast)
            kept.extend(scaling)
            continue
        if isinstance(operation, ActivationFunction):
            fused = _fuse_activation(operation, source)
        elif isinstance(operation, BatchNormalization) and derived_weights is not None:
            fused = _fuse_normalization(operation, source, derived_weights)
        elif isinstance(operation, MaxPool2D) and derived_weights is not None:
            fused = _fuse_pooling(operation, source)
        elif isinstance(operation, Merge) and operation.merging == "add":
            fused = _fuse_sum(operation, source, kept)
        if fused is None:
            kept.append(operation)
        else:
            fused.outputs = (operation.y,)
            operation.y.producer = fused
    graph.operations[first:] = kept


def fuse_hard_activations(graph, outputs):
    """Fuse hard SiLU and hard sigmoid into the convolutions and matrix products of a graph for prediction.

    This comes after a quantization to 8-bit integers: the values before and after such an activation have bounds, and sums of
    integers are in float32 when it is applied.

    Parameters
    ----------
    graph : Graph
        The fused graph, which is changed.
    outputs : list of Value
        Values that are read after a run.
    """
    readers = _readers(graph, outputs)
    kept = []
    for operation in graph.operations:
        producer = operation.inputs.x.producer if isinstance(operation, ActivationFunction) else None
        if producer is not None and readers[operation.inputs.x] == 1 and _stores(producer, operation):
            producer.activation = operation.name
            producer.outputs = operation.outputs
            operation.y.producer = producer
        else:
            kept.append(operation)
    graph.operations[:] = kept


def _stores(producer, activation):
    """Return whether an operation can apply a hard activation as it stores its float32 or float64 result."""
    has_kernel = isinstance(producer, (Conv2D, Conv2DTranspose, Dense, LowPrecisionConv2D))
    if not has_kernel or not KERNELS[activation.name].fused_forward or producer.activation != "linear":
        return False
    return not (isinstance(producer, Conv2D) and producer.pooled)


def _readers(graph, outputs):
    """Return by how many operations each value is read; outputs and losses are read once more."""
    readers = {}
    for operation in graph.operations:
        for value in operation.inputs:
            readers[value] = readers.get(value, 0) + 1
    for value in (*outputs, *[loss for loss, _ in graph.losses]):
        readers[value] = readers.get(value, 0) + 1
    return readers


def _movable(operation, kept):
    """Return whether an operation, among those kept so far, may be carried out after all of them.

    What it reads must not be changed until then, as assignments and moving statistics change variables.
    """
    read = {_variable_of(value) for value in operation.inputs if value is not None} - {None}
    return not any(read.intersection(each.changes) for each in kept[kept.index(operation) + 1 :] if each.changes)


def _variable_of(value):
    """Return the variable in whose memory a value lies, maybe as a view, or None."""
    while value.source is None and value.producer is not None and value.producer.view:
        value = value.producer.inputs.x
    return value.source


def _fuse_padding(convolution, source):
    """Make the zeros around a convolution's images its own padding; return the operation that added them, or None."""
    pad = source(convolution.inputs.x)
    if not isinstance(pad, Pad) or min(map(min, pad.amounts)) < 0 or any(map(any, (pad.amounts[0], pad.amounts[3]))):
        return None
    old, x = convolution.geometry, pad.inputs.x
    sides = zip(old.padding, pad.amounts[1:3], strict=True)
    padding = tuple((before + more, after + more_after) for (before, after), (more, more_after) in sides)
    convolution.geometry = conv2d_geometry(x.shape, old.kernel_shape, old.strides, padding, old.dilation, old.groups)
    convolution.replace_inputs(x=x)
    return pad


def _fuse_gate(merge, source):
    """Make a product with numbers for each sample and channel a scaling of channels.

    Return the operation that broadcast these numbers to all pixels, and those that replace the product; or None.
    """
    if merge.merging != "multiply" or len(merge.inputs) != 2 or len(merge.y.shape) < 3:
        return None
    samples, *pixels, channels = merge.y.shape
    for index in range(2):
        broadcast = source(merge.inputs[index])
        if isinstance(broadcast, Broadcast) and broadcast.inputs.x.shape == (samples, *(1 for _ in pixels), channels):
            gate = Reshape(broadcast.inputs.x, (samples, channels))
            scaling = ScaleShift(merge.inputs[1 - index], gate.y)
            scaling.outputs = merge.outputs
            merge.y.producer = scaling
            return broadcast, gate, scaling
    return None


def _derive_kernel(convolution, derived_weights):
    """Make a kernel that is rearranged from a weight, as that of volumes, a derived weight, which is not made in each run."""
    value, order = convolution.inputs.kernel, None
    if type(value.producer) is Reshape:
        value = value.producer.inputs.x
    if type(value.producer) is Transpose:
        value, order = value.producer.inputs.x, value.producer.order
    shape = convolution.inputs.kernel.shape
    if value is convolution.inputs.kernel or not isinstance(value.source, Variable):
        return

    def rearrange(kernel, out):
        moved = (kernel if order is None else kernel.transpose(order)).reshape(shape)
        if out is None:
            return np.array(moved, order="C")
        out[...] = moved
        return out

    derived = derived_weights.get(("rearranged", order, shape), {"kernel": value.source}, shape, rearrange)
    convolution.replace_inputs(kernel=convolution.inputs.x.graph.value_of(derived))


def _fuse_activation(activation, source):
    """Fuse a ReLU, of whatever kind, into the operation before it; return that operation, or None if it cannot be fused."""
    producer = source(activation.inputs.x)
    has_kernel = isinstance(producer, (Conv2D, Conv2DTranspose, Dense, BatchNormalization)) or (
        isinstance(producer, Merge) and producer.merging == "add"
    )
    # The gradient is computed from the output, which tells where it flows; with a slope that is not positive, it would not.
    from_output = KERNELS[activation.name].fused and (activation.name != "leaky_relu" or activation.alpha > 0)
    if not has_kernel or not from_output or producer.activation != "linear":
        return None
    producer.activation, producer.negative_slope = activation.name, activation.alpha
    return producer


def _fuse_sum(merge, source, kept):
    """Fuse a sum into the operation that computes one of two summands, to which the other becomes a residual.

    If the other summand is computed later, the operation is moved to the end of those kept so far.
    """
    if len(merge.inputs) != 2:
        return None
    for index in (1, 0):  # The second summand is usually computed last, so that the first exists already.
        producer, other = source(merge.inputs[index]), merge.inputs[1 - index]
        if not _adds_residual(producer, merge.activation):
            continue
        if not _exists_before(other, producer, kept):
            if not _movable(producer, kept):
                continue
            kept.remove(producer)
            kept.append(producer)
        producer.replace_inputs(residual=other)
        if merge.activation != "linear":
            producer.activation, producer.negative_slope = merge.activation, merge.negative_slope
        return producer
    return None


def _adds_residual(operation, activation):
    """Return whether an operation can add a residual, which it has not yet, and apply an activation to the sum."""
    if isinstance(operation, Conv2DInputGradient):
        return operation.inputs.residual is None and not operation.pooled and activation == "linear"
    if not isinstance(operation, (Conv2D, BatchNormalization)):
        return False
    return operation.inputs.residual is None and operation.activation == "linear"


def _exists_before(value, operation, kept):
    """Return whether a value is no variable, which may change, and is computed before an operation, by those kept so far."""
    return _variable_of(value) is None and value.producer not in kept[kept.index(operation) :]


def _fuse_pooling(pooling, source):
    """Fuse 2×2 max pooling into a convolution that has a kernel for that."""
    producer = source(pooling.inputs.x)
    if pooling.geometry != TWO_BY_TWO or not isinstance(producer, Conv2D) or not producer.can_pool():
        return None
    producer.pooled = True
    return producer


def _fuse_normalization(normalization, source, derived_weights):
    """Fold a batch normalization into the weights of the convolution or matrix product before it.

    With s = gamma / sqrt(variance + epsilon), the kernel becomes kernel s, and the bias beta + (bias - mean) s.
    """
    x, mean, variance, gamma, beta, residual = normalization.inputs
    producer = source(x)
    if not isinstance(producer, (Conv2D, Dense)) or producer.activation != "linear":
        return None
    if normalization.training or residual is not None:
        return None
    if isinstance(producer, Conv2D) and producer.inputs.residual is not None:
        return None
    kernel, bias = producer.inputs.kernel, producer.inputs.bias
    weights = (kernel, bias, mean, variance, gamma, beta)
    if not all(isinstance(value.source, Variable) for value in weights if value is not None):
        return None  # A normalization is already folded into a weight, or a weight is computed in each run.
    epsilon = normalization.epsilon

    def scale(variance, gamma):
        return (1 if gamma is None else gamma) / np.sqrt(variance + variance.dtype.type(epsilon))

    # The geometry has the filters on the last axis, for depthwise kernels (kh, kw, channels, multiplier), too.
    shape = producer.geometry.kernel_shape if isinstance(producer, Conv2D) else kernel.shape

    def fold_kernel(kernel, variance, gamma=None, *, out):
        return np.multiply(kernel.reshape(shape), scale(variance, gamma), out=out)

    def fold_bias(variance, mean, gamma=None, beta=0, bias=0, *, out):
        return np.add((bias - mean) * scale(variance, gamma), beta, out=out)

    def derived(what, fold, shape, **values):
        sources = {name: value.source for name, value in values.items() if value is not None}
        return x.graph.value_of(derived_weights.get((what, epsilon), sources, shape, fold))

    producer.replace_inputs(
        kernel=derived("folded kernel", fold_kernel, shape, kernel=kernel, variance=variance, gamma=gamma),
        bias=derived("folded bias", fold_bias, mean.shape, variance=variance, mean=mean, gamma=gamma, beta=beta, bias=bias),
    )
    producer.activation, producer.negative_slope = normalization.activation, normalization.negative_slope
    return producer
