"""Dropout."""
from libc.stdint cimport uint32_t, uint64_t
from striate.kernels.ops cimport Dropout


def dropout(x, y, seed, *, uint32_t stream, double rate, int threads, Program program=None):
    """y = x with each element set to 0 with probability ``rate``, or else scaled up; ``seed`` is an array of one uint64."""
    cdef Array ax = read(x, -1), ay = write(y, -1)
    cdef const uint64_t[::1] number = seed
    cdef Dropout op
    require_same(&ax, &ay)
    require(0 <= rate < 1 and number.shape[0] == 1 and threads > 0)
    op.x, op.y, op.seed = ax.data, ay.data, &number[0]
    op.stream, op.rate, op.size = stream, rate, ax.size
    op.threads = threads_for(4.0 * ACCESS * ax.size, threads)
    perform(program, &kernel_table(ax.dtype).dropout, &op, sizeof(op), op.threads)
