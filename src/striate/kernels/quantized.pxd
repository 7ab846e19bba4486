"""Cython's view of ``quantized.h``: vectors for 8-bit arithmetic."""
from libc.stdint cimport int32_t, uint8_t
from striate.kernels.simd cimport real, vreal

cdef extern from "quantized.h" nogil:
    ctypedef short grouped_input
    ctypedef short grouped_weight
    ctypedef int vsums
    enum:
        GROUP
        MATRIX_TILES
        MATRIX_ROWS
        MATRIX_DEPTH
        RUN_UNIT

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

    # Matrix tiles, given by number; ``stride`` is the distance of rows in bytes
    void configure_matrix_tiles(int rows) noexcept
    void tile_load(int tile, const void *base, Py_ssize_t stride) noexcept
    void tile_store(int tile, void *base, Py_ssize_t stride) noexcept
    void tile_multiply(int sums, int inputs, int weights) noexcept
    void tile_release() noexcept
