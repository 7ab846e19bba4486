"""When an operation is worth more than one thread: the one place that decides it."""
from striate.kernels.tasks cimport MOST_THREADS, finest

cdef enum:
    # Multiply-adds that one thread does in some 4 µs with AVX-512, and 8 µs with AVX2. Sharing a job among a team's threads
    # costs one or two µs, more on a busy machine, so less work than this runs on one thread.
    SERIAL_OPERATIONS = 400000
    # The costs of other operations, in multiply-adds that take as long
    ACCESS = 5              # reading or writing an element
    COMPARISON = 10         # finding the larger of two elements
    POWER = 50              # computing a power or a logarithm


cdef inline int threads_for(double operations, int available) noexcept nogil:
    """The number of threads, at most ``available``, for as much work as ``operations`` multiply-adds."""
    return min(available, MOST_THREADS) if operations > SERIAL_OPERATIONS or finest else 1
