"""Images beyond their borders."""
from striate.kernels.ops cimport CONSTANT, Continuation, EDGE, MIRROR, REFLECT


cdef inline Py_ssize_t continued(Py_ssize_t i, Py_ssize_t size, Continuation by) noexcept nogil:
    """The index inside that stands for `i`, or -1 for the constant."""
    if 0 <= i < size:
        return i
    if by == CONSTANT:
        return -1
    if by == EDGE or size == 1:
        return 0 if i < 0 else size - 1
    if by == REFLECT:
        i %= 2 * size
        i = i + 2 * size if i < 0 else i
        return i if i < size else 2 * size - 1 - i
    if by == MIRROR:
        i %= 2 * size - 2
        i = i + 2 * size - 2 if i < 0 else i
        return i if i < size else 2 * size - 2 - i
    i %= size
    return i + size if i < 0 else i
