"""The peak speed of the machine, as measured, which is 100 % in reports."""

import functools
import time

import numpy as np

from .._common.arrays import on_a_cache_line
from ..kernels import bindings

_SIZE = 768  # rows and columns of matrices that fit into the cache, and whose product occupies all threads
_COPIED = 1 << 24  # elements of an array that is larger than the caches
_CALLS = 5  # number of calls, of which the fastest counts


def shortest_time(function, calls, seconds=0.0):
    """Return the time of the fastest of at least `calls` calls, which are repeated for at least `seconds`."""
    shortest, done, begin = float("inf"), 0, time.perf_counter()
    while done < calls or time.perf_counter() - begin < seconds:
        start = time.perf_counter()
        function()
        shortest = min(shortest, time.perf_counter() - start)
        done += 1
    return shortest


@functools.cache
def peak_flops(threads):
    """Return the number of float32 operations per second of a matrix product."""
    a, b, c = (on_a_cache_line((_SIZE, _SIZE), np.dtype(np.float32)) for _ in range(3))
    a[...] = b[...] = 1
    return 2 * _SIZE**3 / shortest_time(lambda: bindings.matmul(a, b, c, threads=threads), _CALLS)


@functools.cache
def peak_bandwidth(threads):
    """Return the number of bytes per second that a copy in main memory reads and writes."""
    x, y = np.ones(_COPIED, np.float32), np.zeros(_COPIED, np.float32)

    def copy():
        bindings.activation_forward(x, y, columns=x.size, activation="linear", threads=threads)

    return 2 * x.nbytes / shortest_time(copy, _CALLS)
