"""The BLAS that the kernels call: a private copy of OpenBLAS, restricted to one thread.

Wheels and ordinary installations carry the library in ``striate/_libs``; an editable installation uses the one of the
``scipy-openblas32`` package that it was built with. It is loaded by its path, so neither the loader's search path nor NumPy's
own BLAS is touched. Threads are OpenMP's alone: BLAS threads inside a parallel region would only get in each other's way.
"""

import ctypes
from pathlib import Path


def _shared_library(folder):
    """Return the path of the one shared library in a folder."""
    return next(path for path in folder.iterdir() if path.suffix in (".so", ".dylib", ".dll"))


def _library_path():
    bundled = Path(__file__).parent.parent / "_libs"
    if bundled.is_dir():
        return _shared_library(bundled)
    try:
        import scipy_openblas32
    except ImportError:
        raise ImportError(
            "striate's OpenBLAS library is missing; reinstall striate, or for an editable installation without build "
            "isolation install scipy-openblas32"
        ) from None
    return _shared_library(Path(scipy_openblas32.get_lib_dir()))


path = _library_path()
_library = ctypes.CDLL(str(path))
_library.scipy_openblas_set_num_threads(1)
_library.scipy_openblas_get_config.restype = ctypes.c_char_p
_library.scipy_openblas_get_corename.restype = ctypes.c_char_p

#: What OpenBLAS says of its version and build.
config = _library.scipy_openblas_get_config().decode().strip()
#: The processor type whose kernels OpenBLAS picked.
core = _library.scipy_openblas_get_corename().decode().strip()


def gemm_address(dtype):
    """Return the address of ``cblas_sgemm`` or ``cblas_dgemm``, for ``dtype`` "float32" or "float64"."""
    function = getattr(_library, "scipy_cblas_dgemm" if dtype == "float64" else "scipy_cblas_sgemm")
    return ctypes.cast(function, ctypes.c_void_p).value
