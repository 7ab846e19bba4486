"""The kernel tables of the instruction set in use. ``cimport`` this to call kernels from other Cython code."""
from striate.kernels.ops cimport KernelTable

cdef enum Dtype:
    FLOAT32
    FLOAT64
    INT8        # low precision has few kernels, which are in no other table
    BFLOAT16

cdef KernelTable *kernel_table(Dtype dtype) noexcept nogil
