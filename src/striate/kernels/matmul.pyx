"""Matrix product with bias and activation, for fully connected layers: BLAS on blocks of the result.

The blocks depend on the shape alone and each is one BLAS call on one thread, so the bits are the same for any number of
threads.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.stdint cimport uintptr_t
from libc.string cimport memset
from striate.kernels.blas cimport NO_TRANSPOSE, ROW_MAJOR, TRANSPOSE, gemm_function
from striate.kernels.epilogue cimport Epilogue, epilogue_of, finish
from striate.kernels.geometry cimport ceil_div
from striate.kernels.ops cimport KernelTable, MatMul
from striate.kernels.simd cimport real
from striate.kernels.tasks cimport run_dynamic

cdef enum:
    BLOCK_ROWS = 256
    BLOCK_COLUMNS = 128

cdef gemm_function gemm = NULL


cdef void matmul_block(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const MatMul *op = <const MatMul *>job
    cdef Py_ssize_t across = ceil_div(op.n, BLOCK_COLUMNS), row = task // across * BLOCK_ROWS
    cdef Py_ssize_t column = task % across * BLOCK_COLUMNS, i
    cdef Py_ssize_t rows = min(BLOCK_ROWS, op.m - row), columns = min(BLOCK_COLUMNS, op.n - column)
    cdef Py_ssize_t lda = op.m if op.transpose_a else op.k, ldb = op.k if op.transpose_b else op.n
    cdef real *c = <real *>op.c + row * op.n + column
    cdef Epilogue epilogue = epilogue_of(op.activation, op.negative_slope)
    if op.k == 0:
        for i in range(rows):
            memset(c + i * op.n, 0, columns * sizeof(real))
    else:
        gemm(ROW_MAJOR, TRANSPOSE if op.transpose_a else NO_TRANSPOSE, TRANSPOSE if op.transpose_b else NO_TRANSPOSE,
             rows, columns, op.k, 1, <const real *>op.a + row * (1 if op.transpose_a else lda), lda,
             <const real *>op.b + column * (ldb if op.transpose_b else 1), ldb, 0, c, op.n)
    finish(c, rows, columns, op.n, <const real *>op.bias + column if op.bias != NULL else NULL, NULL, &epilogue)


cdef void matmul(const MatMul *op) noexcept nogil:
    run_dynamic(matmul_block, op, ceil_div(op.m, BLOCK_ROWS) * ceil_div(op.n, BLOCK_COLUMNS), op.threads, NULL, 0)


def register(capsule, gemm_address):
    """Enter this module's functions into a kernel table; they will call the gemm at ``gemm_address``."""
    global gemm
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, "striate.kernels.KernelTable")
    gemm = <gemm_function><uintptr_t>gemm_address
    table.matmul = matmul
