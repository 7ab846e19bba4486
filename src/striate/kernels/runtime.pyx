"""The processor and the OpenMP runtime: what there is, how many threads may be used, and forking."""
import os

cimport openmp
from cython.parallel cimport prange

cdef extern from "cpu.h" nogil:
    const char *striate_cpu_isa()
    const char *striate_cpu_features()

cdef extern from *:
    """
    #if !defined(_OPENMP)
    #error "striate needs OpenMP"
    #endif
    #if defined(__clang__)
    #define STRIATE_OPENMP_RUNTIME "libomp"
    #else
    #define STRIATE_OPENMP_RUNTIME "libgomp"
    #endif
    /* of OpenMP 5.0; libgomp has it since GCC 9, long before GCC claimed the whole of 5.0 */
    #if _OPENMP >= 201811 || (defined(__GNUC__) && __GNUC__ >= 9)
    #define striate_pause_openmp() omp_pause_resource_all(omp_pause_hard)
    #else
    #define striate_pause_openmp() 0
    #endif
    """
    const int OPENMP_VERSION "_OPENMP"
    const char *OPENMP_RUNTIME "STRIATE_OPENMP_RUNTIME"
    int striate_pause_openmp() nogil


def cpu_isa():
    """The best instruction set that this processor supports: "v2", "v3", "v4" (x86-64 levels), "vnni", "amx" or "baseline"."""
    return striate_cpu_isa().decode()


def cpu_features():
    """Names of the processor's vector instruction sets."""
    return striate_cpu_features().decode().split()


def openmp_version():
    """The OpenMP specification that the compiler implements, as its date (yyyymm)."""
    return OPENMP_VERSION


def openmp_runtime():
    """The OpenMP runtime library: "libgomp" (GCC's) or "libomp" (LLVM's)."""
    return OPENMP_RUNTIME.decode()


def openmp_threads():
    """How many threads a parallel region of two would get: 2, unless something limits the OpenMP runtime."""
    cdef int count = 0
    cdef int _i
    for _i in prange(2, num_threads=2, nogil=True, schedule='static', chunksize=1):
        count += 1 if openmp.omp_get_num_threads() == 2 else 0
    return 2 if count == 2 else 1


def _before_fork():
    # A child has none of its parent's threads, but libgomp would wait for them in the child's first parallel region. So the
    # pool is given back before forking; parent and child make a new one when they next need it.
    striate_pause_openmp()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork)
