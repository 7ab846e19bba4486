"""Which convolutions and matrix products are faster in float32 than in low precision, as measured once on this machine.

Winograd's algorithm needs fewer products for a 3×3 convolution in float32 than the kernels for 8-bit integers do; how much
faster these compute a product depends on the processor. What is measured in float32 includes the conversion of the input, the
residual and the output, as if all operations around were in low precision. So a choice never makes a model slower.
"""

import numpy as np

from .._common.lazy_modules import json
from ..algorithms import get_winograd
from .autotune import machine, remembered
from .derived_weights import DerivedWeights
from .graph import Graph
from .machine import shortest_time
from .operations import Conv2D, Dense
from .operations.low_precision import Dequantize, LowPrecisionConv2D, Quantize
from .plan import Plan
from .variable import Variable

_SECONDS = 0.02  # minimum time for which an operation is measured, in seconds
_CALLS = 3  # minimum number of calls that are measured


def is_faster_in_float32(operation, scales, threads):
    """Return whether a convolution or matrix product is faster in float32, with conversions, than in low precision.

    Parameters
    ----------
    operation : Conv2D or Dense
        The operation.
    scales : OperationScales
        Its scales.
    threads : int
        Number of threads.
    """
    kind = scales.x.dtype.name
    residual = scales.residual is not None
    shape = operation.geometry if isinstance(operation, Conv2D) else (operation.inputs.x.shape, operation.inputs.kernel.shape)
    what = [kind, type(operation).__name__, shape, operation.activation, residual, scales.y is not None]
    if isinstance(operation, Conv2D):
        what.append(operation.wanted)
    key = json.dumps([*machine(), threads, get_winograd(), *what])
    return remembered(key, ("float32", kind).__contains__, lambda: _faster(operation, scales, threads)) == "float32"


def _faster(operation, scales, threads):
    """Return the dtype in which an operation is faster: "float32", or the name of the one in low precision."""
    graph = Graph()
    x = graph.input(operation.inputs.x.shape, scales.x.dtype)
    residual = None if scales.residual is None else graph.input(operation.y.shape, scales.residual.dtype)
    real = _copied(operation, Dequantize(x, scales.x).y, None if residual is None else Dequantize(residual, scales.residual).y)
    y = real.y if scales.y is None else Quantize(real.y, scales.y).y
    low = LowPrecisionConv2D(x, real, scales, residual).y
    seconds = []
    for output in (y, low):
        executable = Plan(graph, [output], threads, DerivedWeights(), autotune=True).instantiate()
        for array in executable.inputs:
            array[...] = 1
        executable.run()  # The first run packs weights, and touches new memory.
        seconds.append(shortest_time(executable.run, _CALLS, _SECONDS))
    return "float32" if seconds[0] < seconds[1] else scales.x.dtype.name


def _copied(operation, x, residual):
    """Return an operation of the same shapes that reads other values, and weights of a constant."""
    kernel, bias = operation.inputs.kernel, operation.inputs.bias
    weights = [
        None if each is None else Variable(np.full(each.shape, 0.01, np.float32), "weight", trainable=False)
        for each in (kernel, bias)
    ]
    settings = {"activation": operation.activation, "negative_slope": operation.negative_slope}
    if isinstance(operation, Dense):
        return Dense(x, *weights, **settings)
    g = operation.geometry
    geometry = {"strides": g.strides, "padding": g.padding, "dilation": g.dilation, "groups": g.groups}
    return Conv2D(x, *weights, residual, geometry=geometry, algorithm=operation.wanted, **settings)
