"""The kernel tables of the instruction set in use, one a dtype. ``striate.kernels`` has them filled at import."""
from cpython.pycapsule cimport PyCapsule_New

cdef KernelTable tables[4]


cdef KernelTable *kernel_table(Dtype dtype) noexcept nogil:
    return &tables[<int>dtype]


def table_capsule(str dtype):
    """The table of "float32", "float64", "int8" or "bfloat16" for a kernel module to enter its functions into."""
    cdef dict dtypes = {"float32": FLOAT32, "float64": FLOAT64, "int8": INT8, "bfloat16": BFLOAT16}
    return PyCapsule_New(kernel_table(dtypes[dtype]), "striate.kernels.KernelTable", NULL)
