"""The kernel tables of the instruction set in use, one for each dtype. ``striate.kernels`` fills them at import."""
from cpython.pycapsule cimport PyCapsule_New
from striate.kernels.ops cimport KernelTable    # named here, too, so that a change of the table rebuilds this module

cdef KernelTable tables[4]


cdef KernelTable *kernel_table(Dtype dtype) noexcept nogil:
    return &tables[<int>dtype]


def table_capsule(str dtype):
    """A capsule of the table of "float32", "float64", "int8" or "bfloat16", into which kernel modules enter their functions."""
    cdef dict dtypes = {"float32": FLOAT32, "float64": FLOAT64, "int8": INT8, "bfloat16": BFLOAT16}
    return PyCapsule_New(kernel_table(dtypes[dtype]), "striate.kernels.KernelTable", NULL)
