"""Installed versions and choices made at import: the details that a bug report needs."""

import platform
import sys

import numpy as np

from . import kernels
from ._version import __version__
from .threads import get_num_threads


def versions():
    """Return the details that `show_versions` prints, as a dict of strings."""
    return {
        "striate": __version__,
        "Python": f"{platform.python_version()} ({sys.platform}, {platform.machine()})",
        "NumPy": np.__version__,
        "processor": " ".join(kernels.runtime.cpu_features()) or "unknown",
        "instruction set": f"{kernels.instruction_set} (built: {', '.join(kernels.INSTRUCTION_SETS)})",
        "BLAS": f"{kernels.blas.config} (using {kernels.blas.core} kernels)",
        "OpenMP": f"{kernels.runtime.openmp_runtime()}, specification {kernels.runtime.openmp_version()}, {_openmp_state()}",
        "threads": str(get_num_threads()),
    }


def show_versions():
    """Print versions, processor features, the selected instruction set, BLAS, OpenMP runtime and number of threads.

    Examples
    --------
    >>> import striate
    >>> import contextlib, io
    >>> with contextlib.redirect_stdout(io.StringIO()) as text:
    ...     striate.show_versions()
    >>> "numpy" in text.getvalue().lower()
    True
    """
    details = versions()
    width = max(map(len, details))
    for name, value in details.items():
        print(f"{name:{width}}  {value}")


def _openmp_state():
    return "runs threads" if kernels.tasks.gets_threads() else "limited to one thread"
