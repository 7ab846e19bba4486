"""When threads pay: the one place that decides it."""

cdef enum:
    # Operations (multiply-adds, or elements read and written) that one thread does in some 20 µs. Starting and joining a
    # parallel region costs a few µs, more on a busy machine, so less work than this runs on one thread.
    SERIAL_OPERATIONS = 1000000


cdef inline int threads_for(double operations, int available) noexcept nogil:
    return available if operations > SERIAL_OPERATIONS else 1
