"""The BLAS that the kernels call: a private copy of OpenBLAS, restricted to one thread.

Wheels and ordinary installations contain the library in ``striate/_libs``; an editable installation uses that of the
``scipy-openblas32`` package that it was built with. It is loaded by its path, so neither the loader's search path nor NumPy's
own BLAS is affected. BLAS starts no threads, which would only get in the way of those of the kernels.
"""

import ctypes
import importlib.util
import os

from . import blas_gate


def _shared_library(folder):
    """Return the path of the one shared library in a folder."""
    return next(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith((".so", ".dylib", ".dll")))


def _library_path():
    bundled = os.path.join(os.path.dirname(os.path.dirname(__file__)), "_libs")
    if os.path.isdir(bundled):
        return _shared_library(bundled)
    package = importlib.util.find_spec("scipy_openblas32")  # Importing the package would load the library in its own way.
    if package is None:
        raise ImportError(
            "striate's OpenBLAS library is missing; reinstall striate, or for an editable installation without build "
            "isolation install scipy-openblas32"
        )
    return _shared_library(os.path.join(os.path.dirname(package.origin), "lib"))


def _load(path):
    """Load the library while the environment variable that it reads limits it to one thread."""
    variable, wanted = "OPENBLAS_NUM_THREADS", os.environ.get("OPENBLAS_NUM_THREADS")
    os.environ[variable] = "1"
    try:
        return ctypes.CDLL(path)
    finally:
        if wanted is None:
            del os.environ[variable]
        else:
            os.environ[variable] = wanted


def _address(name):
    return ctypes.cast(getattr(_library, f"scipy_{name}"), ctypes.c_void_p).value


path = _library_path()
_library = _load(path)
_library.scipy_openblas_get_config.restype = ctypes.c_char_p
_library.scipy_openblas_get_corename.restype = ctypes.c_char_p

#: Version and build options of OpenBLAS.
config = _library.scipy_openblas_get_config().decode().strip()
#: Processor type whose kernels OpenBLAS has selected.
core = _library.scipy_openblas_get_corename().decode().strip()


_sgemm, _dgemm = blas_gate.guard(
    *map(_address, ("cblas_sgemm", "cblas_dgemm", "cblas_sgemv", "openblas_set_num_threads")),
    _address("openblas_set_threads_callback_function"),
)


def gemm_address(dtype):
    """Return the address of ``cblas_sgemm`` for the dtype "float32", or of ``cblas_dgemm`` for "float64"."""
    return _dgemm if dtype == "float64" else _sgemm
