"""Cython's view of ``simd.h``: the scalar and vector types of the instruction set and dtype being compiled."""

cdef extern from "simd.h" nogil:
    ctypedef float real  # float or double, as the build decides
    ctypedef int lane_int
    ctypedef float vreal
    ctypedef int vint
    enum:
        LANES
        STRIATE_REAL_IS_DOUBLE
        MANTISSA_BITS
        EXPONENT_BIAS
        TILE_PIXELS
        NARROW_TILE_PIXELS
        TILE_VECTORS

    vreal vset(real a) noexcept
    vint viset(lane_int a) noexcept
    vreal vload(const real *p) noexcept
    void vstore(real *p, vreal a) noexcept
    vreal vload_int8(const signed char *p) noexcept
    vreal vload_bfloat16(const unsigned short *p) noexcept
    void prefetch_read(const real *p) noexcept
    void prefetch_write(real *p) noexcept
    vreal vdivide(vreal a, vreal b) noexcept
    vreal vdivide_roughly(vreal a, vreal b) noexcept
    vreal vsqrt(vreal a) noexcept
    vint vbits(vreal a) noexcept
    vreal vfrom_bits(vint a) noexcept
    vint vshift_right(vint a, int bits) noexcept
    vint vless(vreal a, vreal b) noexcept
    bint vany(vreal a) noexcept
    vint vfirst(Py_ssize_t n) noexcept
    vreal vpolynomial(vreal x, ...) noexcept    # followed by the coefficients, beginning with the constant
    vreal veven(vreal a, vreal b) noexcept
    vreal vodd(vreal a, vreal b) noexcept
    vreal vsum(vreal a) noexcept
    vreal vlargest(vreal a) noexcept
    vreal vselect(vint mask, vreal a, vreal b) noexcept
    vint viselect(vint mask, vint a, vint b) noexcept
    vint vovertakes(vreal a, vreal b) noexcept
    vint vequal(vint a, vint b) noexcept
    vint vpositive(vint a) noexcept
    vreal vmax_or_second(vreal a, vreal b) noexcept
    vreal vmaximum(vreal a, vreal b) noexcept
    vreal vat_least_or_nan(real floor, vreal a) noexcept
    vreal vat_most_or_nan(real ceiling, vreal a) noexcept
    vreal vmin_or_second(vreal a, vreal b) noexcept
    vreal vrelu(vreal a) noexcept
    vreal vleaky_relu(vreal a, real negative_slope) noexcept
    vreal vload_first(const real *p, Py_ssize_t n) noexcept
    void vstore_first(real *p, vreal a, Py_ssize_t n) noexcept
    vreal vload_first_bfloat16(const unsigned short *p, Py_ssize_t n) noexcept
    void vstore_first_bfloat16(unsigned short *p, vreal a, Py_ssize_t n) noexcept
    void vtranspose(const int lines, const real *source, Py_ssize_t pitch, real *target, Py_ssize_t pitch_of_vectors) noexcept
    real minus_infinity() noexcept
    real real_sqrt(real a) noexcept
