"""Cython's view of ``simd.h``: the scalar and vector types of the instruction set and dtype being compiled."""

cdef extern from "simd.h" nogil:
    ctypedef float real  # float or double: the build decides
    ctypedef int lane_int
    ctypedef float vreal
    ctypedef int vint
    enum:
        LANES
        TILE_PIXELS
        NARROW_TILE_PIXELS
        TILE_VECTORS

    vreal vset(real a) noexcept
    vint viset(lane_int a) noexcept
    vreal vload(const real *p) noexcept
    void vstore(real *p, vreal a) noexcept
    vreal vdivide(vreal a, real b) noexcept
    vreal vselect(vint mask, vreal a, vreal b) noexcept
    vint viselect(vint mask, vint a, vint b) noexcept
    vint vovertakes(vreal a, vreal b) noexcept
    vint vequal(vint a, vint b) noexcept
    vreal vrelu(vreal a) noexcept
    vreal vleaky_relu(vreal a, real negative_slope) noexcept
    vreal vload_first(const real *p, Py_ssize_t n) noexcept
    void vstore_first(real *p, vreal a, Py_ssize_t n) noexcept
    real minus_infinity() noexcept
    real real_exp(real a) noexcept
    real real_log(real a) noexcept
    real real_tanh(real a) noexcept
    real real_sqrt(real a) noexcept
