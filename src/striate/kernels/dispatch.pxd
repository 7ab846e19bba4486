"""The kernel tables of the instruction set in use: ``cimport`` them to call kernels from other Cython code."""
from striate.kernels.ops cimport KernelTable

cdef enum Dtype:
    FLOAT32
    FLOAT64
    INT8        # The tables of low precision have a few kernels of their own, and no others.
    BFLOAT16

cdef KernelTable *kernel_table(Dtype dtype) noexcept nogil
