"""Elements in memory that are real, or bfloat16 numbers that kernels convert as they load and store them.

``bfloat16`` is a compile-time constant wherever it matters for speed.
"""
from striate.kernels.common.simd cimport real, vload_first, vload_first_bfloat16, vreal, vstore_first, vstore_first_bfloat16


cdef inline Py_ssize_t size_of(const bint bfloat16) noexcept nogil:
    """Bytes of an element."""
    return sizeof(unsigned short) if bfloat16 else sizeof(real)


cdef inline vreal vload_floats(const bint bfloat16, const void *elements, Py_ssize_t lanes) noexcept nogil:
    """Load the first ``lanes`` elements."""
    if bfloat16:
        return vload_first_bfloat16(<const unsigned short *>elements, lanes)
    return vload_first(<const real *>elements, lanes)


cdef inline void vstore_floats(const bint bfloat16, void *elements, vreal value, Py_ssize_t lanes) noexcept nogil:
    """Store the first ``lanes`` lanes."""
    if bfloat16:
        vstore_first_bfloat16(<unsigned short *>elements, value, lanes)
    else:
        vstore_first(<real *>elements, value, lanes)
