"""Bias correction: the mean error that rounded weights cause in each channel is subtracted from the biases."""

from collections import Counter

import numpy as np

from ..engine import Variable
from ..engine.low_precision import scales_by_operation, value_indices
from ..engine.operations import Conv2D
from ..engine.operations.low_precision import weight_scales
from ..functional import conv2d
from .weights import array_of, sources_of


def correct_biases(calibration, quantization):
    """Subtract from the biases of a model, and the offsets of its normalizations, what its rounded weights add on average.

    With weights W rounded to W + E, a layer's outputs change by E ∗ x; since this is linear, the mean change over images and
    pixels is that for the mean image. The biases of layers that have none, and weights that several operations share, stay.

    Parameters
    ----------
    calibration : Calibration
        The model, whose weights are changed, and its images.
    quantization : Quantization
        How it is quantized.

    References
    ----------
    .. [1] Nagel, M. et al., "Data-free quantization through weight equalization and bias correction", ICCV 2019, section 4.2.
    """
    graph, _ = calibration.graph()
    indices, scales = value_indices(graph), scales_by_operation(graph, quantization)
    uses = Counter(source for operation in graph.operations for source in sources_of(operation).values())
    means = _mean_values(calibration, {indices[operation.inputs.x] for operation in scales})
    for operation, its in scales.items():
        kernel, bias = array_of(operation.inputs.kernel), array_of(operation.inputs.bias)
        if isinstance(operation, Conv2D):
            kernel = kernel.reshape(operation.geometry.kernel_shape)
        steps = weight_scales(kernel, bias, its.x)
        error = (np.rint(kernel / steps) * steps - kernel).astype(np.float32)
        _shift(operation, -_mean_output(operation, means[indices[operation.inputs.x]], error), uses)


def _mean_values(calibration, indices):
    """Return the means of values over all images, with a batch axis of size 1, by their indices."""
    sums = {}
    for values in calibration.values(indices):
        for index, array in values.items():
            sums[index] = sums.get(index, 0.0) + array.sum(0, dtype=np.float64, keepdims=True)
    return {index: (total / len(calibration.arrays[0])).astype(np.float32) for index, total in sums.items()}


def _mean_output(operation, x, kernel):
    """Return the mean over all pixels of what a convolution or matrix product with another kernel computes, in each channel."""
    if isinstance(operation, Conv2D):
        g = operation.geometry
        y = conv2d(x, kernel, strides=g.strides, padding=g.padding, dilation=g.dilation, groups=g.groups)
    else:
        y = x @ kernel
    return y.reshape(-1, y.shape[-1]).mean(0)


def _shift(operation, change, uses):
    """Add a change to the outputs of an operation, by its bias or by the offset of a normalization that is folded into it."""
    bias = operation.inputs.bias
    if bias is None:
        return
    offset = bias.source if isinstance(bias.source, Variable) else bias.source.sources.get("beta")
    if offset is not None and uses[offset] == 1:
        offset.assign(offset.value + change)
