"""The sum of an array's rows: the gradient of a bias.

    y[j] = sum over i of x[i, j]

The rows are divided into parts of nearly equal length, by the shape alone. Threads share the parts, which are added in order.
Few columns would leave lanes empty: then LANES rows are treated as one, and the sums of each column are added at the end.
Within a part, blocks of SUMMED_ROWS rows are summed and then added, which loses less to rounding than one long sum.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.string cimport memset
from striate.kernels.common.buffers cimport aligned
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport LANES, real
from striate.kernels.common.sums cimport SUM_TASKS, parts_of_sum
from striate.kernels.ops cimport KERNEL_TABLE, Kernel, KernelTable, SumRows
from striate.kernels.tasks cimport run_serial, run_static

cdef enum:
    SUMMED_ROWS = 128   # rows that are summed before they are added to a part
    FEW_COLUMNS = 128   # the most columns for which rows are combined


cdef inline Py_ssize_t folds(const SumRows *op) noexcept nogil:
    """The number of rows that are treated as one."""
    return LANES if op.columns % LANES != 0 and op.columns <= FEW_COLUMNS else 1


cdef inline Py_ssize_t parts_of(const SumRows *op) noexcept nogil:
    return max(SUM_TASKS, parts_of_sum(ceil_div(op.rows, SUMMED_ROWS * folds(op)), SUM_TASKS))


cdef inline Py_ssize_t sum_size(const SumRows *op) noexcept nogil:
    return aligned(op.columns * folds(op))


cdef inline void add_row(const real *x, real *total, Py_ssize_t size) noexcept nogil:
    cdef Py_ssize_t j
    for j in range(size):
        total[j] = total[j] + x[j]


cdef void sum_part(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const SumRows *op = <const SumRows *>job
    cdef Py_ssize_t row = op.rows * task // parts_of(op), end = op.rows * (task + 1) // parts_of(op), block_end, rows
    cdef real *total = <real *>op.scratch + 2 * task * sum_size(op)
    cdef real *block = total + sum_size(op)
    memset(total, 0, op.columns * folds(op) * sizeof(real))
    while row < end:
        memset(block, 0, op.columns * folds(op) * sizeof(real))
        block_end = min(row + SUMMED_ROWS * folds(op), end)
        while row < block_end:
            rows = min(folds(op), block_end - row)
            add_row(<const real *>op.x + row * op.columns, block, rows * op.columns)
            row += rows
        add_row(block, total, op.columns * folds(op))


cdef void add_parts(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const SumRows *op = <const SumRows *>job
    cdef Py_ssize_t _part, fold
    cdef const real *total = <const real *>op.scratch
    memset(op.y, 0, op.columns * sizeof(real))
    for _part in range(parts_of(op)):
        for fold in range(folds(op)):
            add_row(total + fold * op.columns, <real *>op.y, op.columns)
        total += 2 * sum_size(op)


cdef size_t sum_rows_scratch(const void *arguments) noexcept nogil:
    cdef const SumRows *op = <const SumRows *>arguments
    return 2 * parts_of(op) * sum_size(op) * sizeof(real)     # for each part, its sum and the sum of a block of rows


cdef void sum_rows(const void *arguments) noexcept nogil:
    cdef const SumRows *op = <const SumRows *>arguments
    run_static(sum_part, op, parts_of(op), op.threads, NULL, 0)
    run_serial(add_parts, op, 1, NULL)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, KERNEL_TABLE)
    table.sum_rows = Kernel(sum_rows, sum_rows_scratch)
