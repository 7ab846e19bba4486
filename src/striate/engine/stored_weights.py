"""Weights in fewer bits: large dense layers read 8-bit integers or bfloat16 numbers, and compute in float32.

A product of few rows reads each weight once, and takes as long as memory takes to deliver them. A product of more rows would
gain nothing, so it reads the same rounded weights as float32.
"""

import math

import numpy as np

from ..kernels import bindings
from .operations import Dense
from .operations.stored_kernels import rounded_kernel

#: Size in bytes of the smallest kernel that is stored in fewer bits; smaller ones stay in the cache, which is fast enough.
_FEWEST_BYTES = 1 << 20


def store_weights(graph, dtype, derived_weights):
    """Make the large dense layers of a fused graph for prediction read their kernels in fewer bits.

    Parameters
    ----------
    graph : Graph
        The graph, whose operations are changed.
    dtype : {"int8", "bfloat16"}
        How kernels are stored. Integers have a scale for each unit.
    derived_weights : DerivedWeights
        Where the stored kernels are kept.
    """
    for operation in graph.operations:
        kernel = operation.inputs.kernel if type(operation) is Dense else None
        if kernel is None or kernel.source is None or kernel.dtype != np.float32 or kernel.nbytes < _FEWEST_BYTES:
            continue
        if math.prod(operation.y.shape[:-1]) <= bindings.MOST_STORED_ROWS:
            operation.storage = dtype
        else:
            operation.replace_inputs(kernel=graph.value_of(rounded_kernel(kernel, dtype, derived_weights)))
