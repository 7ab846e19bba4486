"""Kernels of dense layers in fewer bits, derived from those in float32: 8-bit integers with scales, or bfloat16 numbers."""

import math

import numpy as np

from ..._common.arrays import on_a_cache_line
from ...kernels import bindings
from .packing import key_of, sources_of

#: Dtypes of stored kernels.
STORAGES = ("int8", "bfloat16")

_LARGEST = 127  # of 8-bit integers whose range is symmetric
_ROWS = 256  # rows of a kernel that are rounded at a time


def stored_kernel(value, dtype, derived_weights):
    """Return the derived weights of a kernel in fewer bits, and of the scales of its units, or None without scales."""
    stored = _derived("stored", dtype, value, derived_weights, _integers if dtype == "int8" else halves)
    return stored, _derived("scales", dtype, value, derived_weights, _scales) if dtype == "int8" else None


def stored_bytes(shape, dtype):
    """Return the size of a kernel in fewer bits, of 8-bit integers with the scales of its units."""
    elements = math.prod(shape)
    return elements + 4 * shape[-1] if dtype == "int8" else 2 * elements


def rounded_kernel(value, dtype, derived_weights):
    """Return the derived weight of what a kernel in fewer bits means, as float32."""
    return _derived("rounded", dtype, value, derived_weights, rounded)


def _derived(what, dtype, value, derived_weights, make):
    """Return a derived weight that `make` computes from the array of a kernel, and `dtype` if that is for more than one."""
    sources, kernel_of = sources_of(value)

    def derive(out, **arrays):
        return make(kernel_of(**arrays), out, dtype)

    return derived_weights.get((what, dtype, key_of(value)), sources, value.shape, derive)


def _scales(kernel, out, dtype):
    """Return the scale of each unit: a float32 that represents the integer 1."""
    scales = np.divide(np.abs(kernel).max(0), _LARGEST, dtype=np.float32, out=out)
    scales[scales == 0] = 1
    return scales


def _integers(kernel, out, dtype):
    """Return the nearest multiples of the scales, as 8-bit integers."""
    out = on_a_cache_line(kernel.shape, np.dtype(np.int8)) if out is None else out
    scales = _scales(kernel, None, dtype)
    for first in range(0, len(kernel), _ROWS):
        with np.errstate(invalid="ignore"):  # of infinite weights
            quotients = np.rint(kernel[first : first + _ROWS] / scales)
        quotients[~np.isfinite(quotients)] = 0  # No integer stands for them; the scale makes outputs of such units NaN.
        out[first : first + _ROWS] = quotients
    return out


def halves(kernel, out=None, dtype="bfloat16"):
    """Return the nearest bfloat16 numbers, ties to even, as an ndarray of uint16: `out`, or a new one."""
    out = on_a_cache_line(kernel.shape, np.dtype(np.uint16)) if out is None else out
    bindings.quantize(np.ascontiguousarray(kernel), out, scale=1.0, zero=0, threads=1)
    return out


def rounded(kernel, out=None, dtype="bfloat16"):
    """Return what a kernel in fewer bits means, as an ndarray of float32: `out`, or a new one."""
    if dtype == "int8":
        with np.errstate(invalid="ignore"):  # of the scales of infinite weights
            return np.multiply(_integers(kernel, None, dtype), _scales(kernel, None, dtype), out=out)
    out = np.empty(kernel.shape, np.float32) if out is None else out
    np.left_shift(halves(kernel), 16, dtype=np.uint32, out=out.view(np.uint32))
    return out
