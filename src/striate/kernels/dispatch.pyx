"""The kernel tables of the instruction set in use, one a dtype. ``striate.kernels`` has them filled at import."""
from cpython.pycapsule cimport PyCapsule_New

cdef KernelTable tables[2]


cdef KernelTable *kernel_table(Dtype dtype) noexcept nogil:
    return &tables[<int>dtype]


def table_capsule(str dtype):
    """The table of "float32" or "float64" for a kernel module to enter its functions into."""
    return PyCapsule_New(kernel_table(FLOAT64 if dtype == "float64" else FLOAT32), "striate.kernels.KernelTable", NULL)
