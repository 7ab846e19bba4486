"""When threads pay: the one place that decides it."""
from striate.kernels.tasks cimport MOST_THREADS, finest

cdef enum:
    # Multiply-adds that one thread does in some 20 µs. Starting and joining a parallel region costs a few µs, more on a busy
    # machine, so less work than this runs on one thread.
    SERIAL_OPERATIONS = 1000000
    # Multiply-adds that take as long as an operation of another kind
    ACCESS = 5              # read or write an element
    COMPARISON = 10         # find the larger of two elements
    POWER = 50              # compute a power or a logarithm


cdef inline int threads_for(double operations, int available) noexcept nogil:
    return min(available, MOST_THREADS) if operations > SERIAL_OPERATIONS or finest else 1
