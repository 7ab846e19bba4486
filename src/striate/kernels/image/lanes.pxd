"""Cython's view of ``image.h``, and functions of vectors of reals or bytes that are written once for both."""
from libc.stdint cimport uint8_t
from striate.kernels.common.simd cimport vmaximum, vreal

cdef extern from "image.h" nogil:
    ctypedef unsigned char vbytes
    ctypedef unsigned short vhalves
    vreal vminimum(vreal a, vreal b) noexcept
    vbytes bytes_minimum(vbytes a, vbytes b) noexcept
    vbytes bytes_maximum(vbytes a, vbytes b) noexcept
    vbytes bytes_set(int a) noexcept
    vbytes bytes_less(vbytes a, vbytes b) noexcept
    vhalves halves_at_most(vhalves a, int limit) noexcept
    vhalves even_bytes(vbytes a) noexcept
    vhalves odd_bytes(vbytes a) noexcept
    vbytes zip_bytes(vhalves even, vhalves odd) noexcept
    vreal vload_bytes(const uint8_t *p, int n) noexcept
    void vstore_bytes(uint8_t *p, vreal a, int n) noexcept

ctypedef fused lanes:
    vreal
    vbytes


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
