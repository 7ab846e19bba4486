"""The sum of an array's rows: the gradient of a bias.

    y[j] = sum over i of x[i, j]

The rows are split in PARTS ranges of nearly equal length, whatever the number of threads; each is summed by one thread, and
the parts are added in order.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.string cimport memset
from striate.kernels.ops cimport KernelTable, SumRows
from striate.kernels.simd cimport real
from striate.kernels.tasks cimport run_serial, run_static
from striate.kernels.window cimport aligned

cdef enum:
    PARTS = 16


cdef void sum_part(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const SumRows *op = <const SumRows *>job
    cdef Py_ssize_t i, j
    cdef const real *x
    cdef real *total = <real *>op.scratch + task * aligned(op.columns)
    memset(total, 0, op.columns * sizeof(real))
    for i in range(op.rows * task // PARTS, op.rows * (task + 1) // PARTS):
        x = <const real *>op.x + i * op.columns
        for j in range(op.columns):
            total[j] = total[j] + x[j]


cdef void add_parts(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const SumRows *op = <const SumRows *>job
    cdef Py_ssize_t part, j
    cdef const real *total = <const real *>op.scratch
    cdef real *y = <real *>op.y
    memset(y, 0, op.columns * sizeof(real))
    for part in range(PARTS):
        for j in range(op.columns):
            y[j] = y[j] + total[part * aligned(op.columns) + j]


cdef size_t sum_rows_scratch(const SumRows *op) noexcept nogil:
    return PARTS * aligned(op.columns) * sizeof(real)


cdef void sum_rows(const SumRows *op) noexcept nogil:
    run_static(sum_part, op, PARTS, op.threads, NULL, 0)
    run_serial(add_parts, op, 1, NULL)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, "striate.kernels.KernelTable")
    table.sum_rows = sum_rows
    table.sum_rows_scratch = sum_rows_scratch
