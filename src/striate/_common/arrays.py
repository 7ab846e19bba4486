"""New arrays that begin on a cache line, and read-only views."""

import math

import numpy as np

#: Bytes of a cache line; a vector that lies across two of them takes twice as long to load and to store.
CACHE_LINE = 64
_SMALL = 4096  # bytes below which an aligned array gains nothing


def empty(shape, dtype):
    """Return a new array, which begins on a cache line unless it is small; NumPy's arrays need not."""
    return np.empty(shape, dtype) if math.prod(shape) * dtype.itemsize < _SMALL else on_a_cache_line(shape, dtype)


def on_a_cache_line(shape, dtype):
    """Return a new array that begins on a cache line."""
    try:
        memory = np.empty(math.prod(shape) * dtype.itemsize + CACHE_LINE, np.uint8)
    except ValueError:
        raise MemoryError(
            f"no memory for an array of shape {tuple(shape)}, which has more bytes than can be addressed"
        ) from None
    return np.ndarray(shape, dtype, memory, -memory.ctypes.data % CACHE_LINE)


def read_only(array):
    """Return a view of an array that cannot be written to."""
    view = array.view()
    view.flags.writeable = False
    return view
