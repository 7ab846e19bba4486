"""The kernel tables of the instruction set in use. ``cimport`` this to call kernels from other Cython code."""
from striate.kernels.ops cimport KernelTable

cdef enum Dtype:
    FLOAT32
    FLOAT64

cdef KernelTable *kernel_table(Dtype dtype) noexcept nogil
