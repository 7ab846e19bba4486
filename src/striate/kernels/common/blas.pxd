"""The one BLAS routine that the kernels call: cblas_sgemm or cblas_dgemm, depending on the dtype being compiled."""
from libc.stdint cimport int32_t
from striate.kernels.common.simd cimport real

cdef enum:
    ROW_MAJOR = 101
    NO_TRANSPOSE = 111
    TRANSPOSE = 112

# c = alpha op(a) op(b) + beta c, with the arguments order, op(a), op(b), m, n, k, alpha, a, lda, b, ldb, beta, c, ldc
ctypedef void (*gemm_function)(
    int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, real, const real *, int32_t, const real *, int32_t, real, real *,
    int32_t) noexcept nogil
