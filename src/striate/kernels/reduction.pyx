"""The sum of an array's rows: the gradient of a bias.

    y[j] = sum over i of x[i, j]

The rows are split in PARTS ranges of nearly equal length, whatever the number of threads; each is summed by one thread, and
the parts are added in order.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from cython.parallel cimport prange
from libc.string cimport memset
from striate.kernels.ops cimport KernelTable, SumRows
from striate.kernels.simd cimport real
from striate.kernels.window cimport aligned

cdef enum:
    PARTS = 16


cdef void sum_part(const SumRows *op, Py_ssize_t part) noexcept nogil:
    cdef Py_ssize_t i, j
    cdef const real *x
    cdef real *total = <real *>op.scratch + part * aligned(op.columns)
    memset(total, 0, op.columns * sizeof(real))
    for i in range(op.rows * part // PARTS, op.rows * (part + 1) // PARTS):
        x = <const real *>op.x + i * op.columns
        for j in range(op.columns):
            total[j] = total[j] + x[j]


cdef size_t sum_rows_scratch(const SumRows *op) noexcept nogil:
    return PARTS * aligned(op.columns) * sizeof(real)


cdef void sum_rows(const SumRows *op) noexcept nogil:
    cdef Py_ssize_t part, j
    cdef const real *total = <const real *>op.scratch
    cdef real *y = <real *>op.y
    for part in prange(PARTS, num_threads=op.threads, schedule='static'):
        sum_part(op, part)
    memset(y, 0, op.columns * sizeof(real))
    for part in range(PARTS):
        for j in range(op.columns):
            y[j] = y[j] + total[part * aligned(op.columns) + j]


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, "striate.kernels.KernelTable")
    table.sum_rows = sum_rows
    table.sum_rows_scratch = sum_rows_scratch
