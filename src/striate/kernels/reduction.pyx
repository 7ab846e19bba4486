"""The sum of an array's rows: the gradient of a bias.

    y[j] = sum over i of x[i, j]

The rows are split in PARTS ranges of nearly equal length, whatever the number of threads; each is summed by one thread, and
the parts are added in order. Few columns would fill vectors badly: LANES rows are then taken as one, and the sums of each
column brought together at the end.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.string cimport memset
from striate.kernels.ops cimport KernelTable, SumRows
from striate.kernels.simd cimport LANES, real
from striate.kernels.tasks cimport run_serial, run_static
from striate.kernels.window cimport aligned

cdef enum:
    PARTS = 16
    FEW_COLUMNS = 128


cdef inline Py_ssize_t folds(const SumRows *op) noexcept nogil:
    """Rows taken as one."""
    return LANES if op.columns % LANES != 0 and op.columns <= FEW_COLUMNS else 1


cdef void sum_part(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const SumRows *op = <const SumRows *>job
    cdef Py_ssize_t width = op.columns * folds(op), first = op.rows * task // PARTS, end = op.rows * (task + 1) // PARTS, j
    cdef const real *x
    cdef real *total = <real *>op.scratch + task * aligned(width)
    memset(total, 0, width * sizeof(real))
    while first < end:
        x = <const real *>op.x + first * op.columns
        if first + folds(op) > end:
            width = op.columns * (end - first)
        for j in range(width):
            total[j] = total[j] + x[j]
        first += folds(op)


cdef void add_parts(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const SumRows *op = <const SumRows *>job
    cdef Py_ssize_t _part, fold, j
    cdef const real *total = <const real *>op.scratch
    cdef real *y = <real *>op.y
    memset(y, 0, op.columns * sizeof(real))
    for _part in range(PARTS):
        for fold in range(folds(op)):
            for j in range(op.columns):
                y[j] = y[j] + total[fold * op.columns + j]
        total += aligned(op.columns * folds(op))


cdef size_t sum_rows_scratch(const SumRows *op) noexcept nogil:
    return PARTS * aligned(op.columns * folds(op)) * sizeof(real)


cdef void sum_rows(const SumRows *op) noexcept nogil:
    run_static(sum_part, op, PARTS, op.threads, NULL, 0)
    run_serial(add_parts, op, 1, NULL)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, "striate.kernels.KernelTable")
    table.sum_rows = sum_rows
    table.sum_rows_scratch = sum_rows_scratch
