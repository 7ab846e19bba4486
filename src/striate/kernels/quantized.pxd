"""Cython's view of ``quantized.h``: vectors for 8-bit arithmetic."""
from libc.stdint cimport int32_t, uint8_t
from striate.kernels.simd cimport real, vreal

cdef extern from "quantized.h" nogil:
    ctypedef short grouped_input
    ctypedef short grouped_weight
    ctypedef int vsums
    enum:
        GROUP

    vsums vload_sums(const void *p) noexcept
    void vstore_sums(void *p, vsums a) noexcept
    vsums vset_sums(int32_t a) noexcept
    int32_t load_group(const grouped_input *p) noexcept
    vsums vdot(vsums sums, int32_t inputs, const grouped_weight *weights) noexcept
    vreal vto_real(vsums a) noexcept
    vreal vclamp(vreal a, real low, real high) noexcept
    vsums vround_to_bytes(vreal a, int32_t zero) noexcept
    vsums vload_bytes(const uint8_t *p, int n) noexcept
    void vstore_bytes(uint8_t *p, vsums a, int n) noexcept
