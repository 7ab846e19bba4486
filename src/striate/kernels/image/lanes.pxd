"""Cython's view of ``image.h``, and functions of vectors of reals or bytes that are written once for both."""
from libc.stdint cimport uint8_t
from libc.string cimport memcpy
from striate.kernels.common.simd cimport vint, vmax_or_second, vmaximum, vmin_or_second, vreal

cdef extern from "image.h" nogil:
    ctypedef unsigned int vbytes        # of a type that Cython promotes to no other
    ctypedef unsigned int vhalves
    vint vis_nan(vreal a) noexcept
    vint viless(vint a, vint b) noexcept
    vreal vminimum(vreal a, vreal b) noexcept
    vbytes bytes_minimum(vbytes a, vbytes b) noexcept
    vbytes bytes_maximum(vbytes a, vbytes b) noexcept
    vbytes bytes_set(int a) noexcept
    vbytes bytes_less(vbytes a, vbytes b) noexcept
    vhalves halves_at_most(vhalves a, int limit) noexcept
    vhalves even_bytes(vbytes a) noexcept
    vhalves odd_bytes(vbytes a) noexcept
    vbytes zip_bytes(vhalves even, vhalves odd) noexcept
    vhalves halves_set(int a) noexcept
    vhalves divide_halves(vhalves a, int multiplier, int shift) noexcept
    vhalves vload_halves(const uint8_t *p) noexcept
    void vstore_halves(uint8_t *p, vhalves a, int n) noexcept
    vreal vload_bytes(const uint8_t *p, int n) noexcept
    void vstore_bytes(uint8_t *p, vreal a, int n) noexcept

ctypedef fused lanes:
    vreal
    vbytes

ctypedef fused sums:
    vreal
    vhalves


cdef inline lanes minimum(lanes a, lanes b) noexcept nogil:
    if lanes is vbytes:
        return bytes_minimum(a, b)
    else:
        return vminimum(a, b)


cdef inline lanes maximum(lanes a, lanes b) noexcept nogil:
    if lanes is vbytes:
        return bytes_maximum(a, b)
    else:
        return vmaximum(a, b)


cdef inline lanes extreme_of(const bint largest, lanes a, lanes b) noexcept nogil:
    return maximum(a, b) if largest else minimum(a, b)


cdef inline void exchange(lanes *values, const int i, const int j) noexcept nogil:
    """Put two values in order, neither of which is NaN."""
    cdef lanes a = values[i], b = values[j]
    if lanes is vbytes:
        values[i], values[j] = bytes_minimum(a, b), bytes_maximum(a, b)
    else:
        values[i], values[j] = vmin_or_second(a, b), vmax_or_second(a, b)


cdef inline lanes load(const void *row, Py_ssize_t at, lanes like) noexcept nogil:
    """A vector of the type of ``like``, ``at`` bytes from the beginning of a row."""
    return (<const lanes *>(<const char *>row + at))[0]


cdef inline void put(void *row, Py_ssize_t at, lanes value, Py_ssize_t size) noexcept nogil:
    """Store a vector, or as much of it as ends at byte ``size`` of the row."""
    cdef lanes last
    if at + <Py_ssize_t>sizeof(lanes) <= size:
        (<lanes *>(<char *>row + at))[0] = value
    else:
        last = value    # A copy, since a variable whose address is taken would be written to memory in every pass.
        memcpy(<char *>row + at, &last, size - at)
