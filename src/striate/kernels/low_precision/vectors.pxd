"""Cython's view of ``low_precision.h``: vectors of 8-bit integers or of bfloat16 numbers."""
from libc.stdint cimport int32_t
from striate.kernels.common.simd cimport real, vreal

cdef extern from "low_precision.h" nogil:
    ctypedef short element          # an element of an input, a residual or an output
    ctypedef short weight
    ctypedef short grouped_input
    ctypedef short grouped_weight
    ctypedef int sum_type
    ctypedef int vsums
    ctypedef int vlanes
    enum:
        GROUP
        MATRIX_TILES
        MATRIX_ROWS
        MATRIX_BYTES
        RUN_UNIT
        BFLOAT16 "STRIATE_BFLOAT16"

    const void *hidden(const void *p) noexcept
    vsums vload_sums(const void *p) noexcept
    void vstore_sums(void *p, vsums a) noexcept
    bint all_finite(const element *p, Py_ssize_t count) noexcept
    sum_type widened_weight(weight a) noexcept
    vlanes vload_elements(const element *p, int n) noexcept
    vlanes vset_elements(int32_t a) noexcept
    vsums vmultiply_add(vsums sums, vlanes elements, vsums weights) noexcept
    int32_t load_group(const grouped_input *p) noexcept
    vsums vdot(vsums sums, int32_t inputs, const grouped_weight *weights) noexcept
    vreal vto_real(vsums a) noexcept
    vreal vclamp(vreal a, real low, real high) noexcept
    vreal vload_stored(const element *p, int32_t zero, int n) noexcept
    void vstore_rounded(element *p, vreal a, int32_t zero, int n) noexcept
    void vstore_clamped(element *p, vreal a, real low, real high, int32_t zero, int n) noexcept
    void take_largest(element *out, const element *x, Py_ssize_t rows, Py_ssize_t row_step, Py_ssize_t columns,
                      Py_ssize_t channels) noexcept

    # Quads: see quads.pxi.
    ctypedef int vbyte_lanes
    enum:
        QUADS
    vbyte_lanes vset_byte_lanes(int32_t a) noexcept
    vbyte_lanes vload_byte_lanes(const element *p, int n) noexcept
    vbyte_lanes vzip_bytes_low(vbyte_lanes a, vbyte_lanes b) noexcept
    vbyte_lanes vzip_bytes_high(vbyte_lanes a, vbyte_lanes b) noexcept
    vbyte_lanes vzip_pairs_low(vbyte_lanes a, vbyte_lanes b) noexcept
    vbyte_lanes vzip_pairs_high(vbyte_lanes a, vbyte_lanes b) noexcept
    vsums vdot_quads(vsums sums, vbyte_lanes quads, const void *weights) noexcept
    void vstore_quads(element *p, const vsums *sums, const real *multiplier, real low, real high, int32_t zero, int n) noexcept

    # Functions of matrix tiles, given by their indices; ``stride`` is the step from row to row in bytes.
    void configure_matrix_tiles(int rows) noexcept
    void tile_load(int tile, const void *base, Py_ssize_t stride) noexcept
    void tile_store(int tile, void *base, Py_ssize_t stride) noexcept
    void tile_multiply(int sums, int inputs, int weights) noexcept
    void tile_release() noexcept
