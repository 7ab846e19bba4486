"""Properties of the processor and of the OpenMP runtime."""

cdef extern from "cpu.h" nogil:
    const char *striate_cpu_isa()
    const char *striate_cpu_features()

cdef extern from *:
    """
    #if defined(__clang__)
    #define STRIATE_OPENMP_RUNTIME "libomp"
    #else
    #define STRIATE_OPENMP_RUNTIME "libgomp"
    #endif
    """
    const int OPENMP_VERSION "_OPENMP"
    const char *OPENMP_RUNTIME "STRIATE_OPENMP_RUNTIME"


def cpu_isa():
    """The name of the best instruction set that this processor supports; see `striate.kernels.instruction_set`."""
    return striate_cpu_isa().decode()


def cpu_features():
    """A list of the names of the processor's vector instruction sets."""
    return striate_cpu_features().decode().split()


def openmp_version():
    """The OpenMP specification that the compiler implements, given by its date as an integer (yyyymm)."""
    return OPENMP_VERSION


def openmp_runtime():
    """The name of the OpenMP runtime library: "libgomp" (GCC's) or "libomp" (LLVM's)."""
    return OPENMP_RUNTIME.decode()
