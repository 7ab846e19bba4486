"""Sums over all axes but the last."""
from striate.kernels.ops cimport SumRows


def sum_rows(x, y, *, int threads, Program program=None):
    """y = the sum of x over all axes but the last."""
    cdef Array ax = read(x, -1), ay = write(y, 1)
    cdef SumRows op
    require(ax.dtype == ay.dtype and threads > 0 and ay.size > 0 and ax.size % ay.size == 0)
    op.x, op.y = ax.data, ay.data
    op.columns = ay.size
    op.rows = ax.size // ay.size
    op.threads = threads_for(<double>ACCESS * ax.size, threads)
    perform(program, &kernel_table(ax.dtype).sum_rows, &op, sizeof(op), op.threads, &op.scratch)
