"""Dropout: random elements are set to zero, and the others scaled up. The gradient is the same operation on dy.

    y_i = x_i / (1 - rate) where u_i >= rate, otherwise 0

The random number u_i is a function of the seed, the operation's stream and i only, so any thread can draw any element, and
again for the gradient, without storing a mask. It is computed by Philox4x32-10 (Salmon et al., "Parallel random numbers: as
easy as 1, 2, 3", SC 2011), with the seed as key and (i // 4, stream) as counter; each counter gives four numbers.

*Threads* share chunks of elements.
"""
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.stdint cimport uint32_t, uint64_t
from striate.kernels.common.geometry cimport ceil_div
from striate.kernels.common.simd cimport real
from striate.kernels.ops cimport Dropout, KERNEL_TABLE, Kernel, KernelTable
from striate.kernels.tasks cimport CHUNK, run_static, unless_finest

cdef enum:
    ROUNDS = 10     # the rounds of Philox4x32-10


cdef inline void philox(uint32_t *words, uint32_t key0, uint32_t key1) noexcept nogil:
    """Replace the four words of a counter by random ones."""
    cdef uint64_t first, second
    cdef int _round
    for _round in range(ROUNDS):
        first = <uint64_t>0xD2511F53U * words[0]
        second = <uint64_t>0xCD9E8D57U * words[2]
        words[0] = <uint32_t>(second >> 32) ^ words[1] ^ key0
        words[1] = <uint32_t>second
        words[2] = <uint32_t>(first >> 32) ^ words[3] ^ key1
        words[3] = <uint32_t>first
        key0 += 0x9E3779B9U
        key1 += 0xBB67AE85U


cdef inline Py_ssize_t dropout_chunk_size() noexcept nogil:
    """The number of elements of a task, a multiple of the four that a counter gives."""
    return unless_finest(CHUNK, 4)


cdef void dropout_chunk(const void *job, Py_ssize_t task, void *memory) noexcept nogil:
    cdef const Dropout *op = <const Dropout *>job
    cdef Py_ssize_t size = dropout_chunk_size(), start = task * size, end = min(start + size, op.size), i, lane
    cdef const real *x = <const real *>op.x
    cdef real *y = <real *>op.y
    cdef real scale = 1 / (1 - op.rate)
    cdef uint64_t seed = op.seed[0], counter, threshold = <uint64_t>(op.rate * 4294967296.0)
    cdef uint32_t words[4]
    for i in range(start, end, 4):
        counter = i // 4
        words[0], words[1], words[2], words[3] = <uint32_t>counter, <uint32_t>(counter >> 32), op.stream, 0
        philox(words, <uint32_t>seed, <uint32_t>(seed >> 32))
        for lane in range(min(4, end - i)):
            y[i + lane] = x[i + lane] * scale if words[lane] >= threshold else 0


cdef void dropout(const void *arguments) noexcept nogil:
    cdef const Dropout *op = <const Dropout *>arguments
    run_static(dropout_chunk, op, ceil_div(op.size, dropout_chunk_size()), op.threads, NULL, 0)


def register(capsule):
    """Enter this module's functions into a kernel table."""
    cdef KernelTable *table = <KernelTable *>PyCapsule_GetPointer(capsule, KERNEL_TABLE)
    table.dropout = Kernel(dropout, NULL)
