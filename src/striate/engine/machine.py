"""How fast the machine is, measured: what reports call 100 %."""

import functools
import time

import numpy as np

from .._arrays import on_a_cache_line
from ..kernels import bindings

_SIZE = 768  # of the matrices multiplied: their product stays in cache and occupies all threads
_COPIED = 1 << 24  # elements copied: more than caches hold
_REPEATS = 5


def _best(function):
    best = float("inf")
    for _ in range(_REPEATS):
        start = time.perf_counter()
        function()
        best = min(best, time.perf_counter() - start)
    return best


@functools.cache
def peak_flops(threads):
    """Return how many float32 operations a second the best matrix product reaches."""
    a, b, c = (on_a_cache_line((_SIZE, _SIZE), np.dtype(np.float32)) for _ in range(3))
    a[...] = b[...] = 1
    return 2 * _SIZE**3 / _best(lambda: bindings.matmul(a, b, c, threads=threads))


@functools.cache
def peak_bandwidth(threads):
    """Return how many bytes a second copying in main memory reads and writes."""
    x, y = np.ones(_COPIED, np.float32), np.zeros(_COPIED, np.float32)
    return 2 * x.nbytes / _best(lambda: bindings.activation_forward(x, y, columns=x.size, activation="linear", threads=threads))
