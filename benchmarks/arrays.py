"""The arrays that benchmarks compute with."""

import math

import numpy as np


def empty(shape):
    """Return a new float32 array that begins on a cache line, as arrays do that the libraries allocate."""
    memory = np.empty(4 * math.prod(shape) + 64, np.uint8)
    return np.ndarray(shape, np.float32, memory, -memory.ctypes.data % 64)


def random_array(*shape, seed=0):
    """Return normally distributed float32 numbers, which are the same at every call."""
    return np.random.default_rng(seed).standard_normal(out=empty(shape), dtype=np.float32)


class Arrays:
    """The arrays of a convolution, with random elements, which are the same at every call."""

    def __init__(self, shape):
        self.x = random_array(*shape.x_shape, seed=0)
        self.kernel = random_array(*shape.kernel_shape, seed=1)
        self.bias = random_array(shape.filters, seed=2)
        self.dy = random_array(*shape.y_shape, seed=3)
