"""Into how many parts a sum over pixels is cut: the gradients of kernels and biases.

A sum is made of parts, and a part of blocks, such as a loop adds up in registers. A part adds up the sums of its blocks, and
the parts are added in order. Both are as many as the shape says, whatever the number of threads.
"""
from striate.kernels.common.geometry cimport ceil_div

cdef enum:
    SUM_TASKS = 16      # tasks that a sum is for, about: as many as threads need, few enough that the parts are worth adding
    PART_BLOCKS = 512   # in float32, adding up so many loses less than 1e-6 to rounding; ten times as many, three times as much


cdef inline Py_ssize_t parts_of_sum(Py_ssize_t blocks, Py_ssize_t tasks) noexcept nogil:
    """One for each of ``tasks``, if there are as many blocks; more where the parts would be long."""
    return max(min(tasks, blocks), ceil_div(blocks, PART_BLOCKS))
