"""Into how many parts a sum over pixels is cut, in the gradients of kernels and biases.

Such a sum has three levels: a block is summed in registers, the sums of blocks are added to a part, which is also what a task
computes, and the parts are added in order. The shape alone determines the numbers of blocks and parts, whatever the number of
threads.
"""
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport LANES, real, vload_first, vreal, vstore_first

cdef enum:
    # The usual number of tasks, and so of parts, of a sum: enough for many threads, yet few parts to add up in the end
    SUM_TASKS = 16
    # The most blocks of a part. In float32, adding up this many loses less than 1e-6 to rounding; ten times more would lose
    # three times more.
    PART_BLOCKS = 512


cdef inline Py_ssize_t parts_of_sum(Py_ssize_t blocks, Py_ssize_t tasks) noexcept nogil:
    """One part for each of ``tasks`` tasks, or fewer if there are fewer blocks, or more if the parts would be long."""
    return max(min(tasks, blocks), ceil_div(blocks, PART_BLOCKS))


cdef inline void add_up_parts(const real *parts, Py_ssize_t pitch, Py_ssize_t count, real *out, Py_ssize_t size) noexcept nogil:
    """out = the sum of ``count`` parts of ``size`` elements each, ``pitch`` elements apart, in order."""
    cdef Py_ssize_t i = 0, part, lanes
    cdef vreal total
    while i < size:
        lanes = min(size - i, LANES)
        total = vload_first(parts + i, lanes)
        for part in range(1, count):
            total = total + vload_first(parts + part * pitch + i, lanes)
        vstore_first(out + i, total, lanes)
        i += LANES
