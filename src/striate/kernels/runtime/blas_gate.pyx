"""The gate through which all calls of OpenBLAS pass, so that it never ends the process for lack of memory: see blas_gate.h."""
from libc.stdint cimport uintptr_t

cdef extern from "blas_gate.h" nogil:
    ctypedef void (*sgemm_function)() noexcept
    ctypedef void (*dgemm_function)() noexcept
    ctypedef void (*sgemv_function)() noexcept
    ctypedef void (*threads_callback)() noexcept
    ctypedef struct blas_functions:
        sgemm_function sgemm
        dgemm_function dgemm
        sgemv_function sgemv
        void (*set_threads)(int) noexcept
        void (*set_callback)(threads_callback) noexcept
    int open_gate(blas_functions blas)
    int provide(int count)
    int count_buffers()
    void guarded_sgemm()
    void guarded_dgemm()


def guard(sgemm, dgemm, sgemv, set_threads, set_callback):
    """Open the gate to OpenBLAS's functions at these addresses; return the addresses of a guarded sgemm and dgemm."""
    cdef blas_functions blas
    blas.sgemm = <sgemm_function><uintptr_t>sgemm
    blas.dgemm = <dgemm_function><uintptr_t>dgemm
    blas.sgemv = <sgemv_function><uintptr_t>sgemv
    blas.set_threads = <void (*)(int) noexcept nogil><uintptr_t>set_threads
    blas.set_callback = <void (*)(threads_callback) noexcept nogil><uintptr_t>set_callback
    if not open_gate(blas):
        raise MemoryError("no memory for the first buffer of OpenBLAS")
    return <uintptr_t>&guarded_sgemm, <uintptr_t>&guarded_dgemm


def buffer_count():
    """The number of OpenBLAS's buffers, and so of calls that may be in progress at the same time."""
    cdef int count
    with nogil:     # This waits while another thread, perhaps without the GIL, makes more buffers.
        count = count_buffers()
    return count


def provide_buffers(int count):
    """Make OpenBLAS allocate buffers until it has ``count``, if there is memory for them; return whether it has as many."""
    cdef bint provided
    with nogil:     # This waits for the calls in progress.
        provided = provide(count)
    return provided
