"""The families that call BLAS, in one module as those of combined_families.pyx are, and for the same reason.

Each calls ``gemm``, a function of BLAS whose address Python knows.
"""
from libc.stdint cimport uintptr_t
from striate.kernels.common.blas cimport gemm_function

cdef gemm_function gemm = NULL

_registers = []
include "convolution/im2col.pyx"
_registers.append(register)
include "dense/matmul.pyx"
_registers.append(register)


def register(capsule, gemm_address):
    """Enter the functions of all these families into a kernel table, and let them call the gemm function at an address."""
    global gemm
    gemm = <gemm_function><uintptr_t>gemm_address
    for each in _registers:
        each(capsule)
