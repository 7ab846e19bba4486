"""The measured speed of the machine, which reports call 100 %."""

import functools
import time

import numpy as np

from .._common.arrays import on_a_cache_line
from ..kernels import bindings

_SIZE = 768  # rows and columns of matrices that stay in cache, and whose product occupies all threads
_COPIED = 1 << 24  # elements of an array that is larger than caches
_REPEATS = 5  # number of measurements, of which the best counts


def _best(function):
    best = float("inf")
    for _ in range(_REPEATS):
        start = time.perf_counter()
        function()
        best = min(best, time.perf_counter() - start)
    return best


@functools.cache
def peak_flops(threads):
    """Return how many float32 operations per second a matrix product reaches."""
    a, b, c = (on_a_cache_line((_SIZE, _SIZE), np.dtype(np.float32)) for _ in range(3))
    a[...] = b[...] = 1
    return 2 * _SIZE**3 / _best(lambda: bindings.matmul(a, b, c, threads=threads))


@functools.cache
def peak_bandwidth(threads):
    """Return how many bytes per second a copy in main memory reads and writes."""
    x, y = np.ones(_COPIED, np.float32), np.zeros(_COPIED, np.float32)
    return 2 * x.nbytes / _best(lambda: bindings.activation_forward(x, y, columns=x.size, activation="linear", threads=threads))
