"""OpenBLAS without LAPACK's code: what is kept works, and what nothing here needs is gone."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import striate

pytest.importorskip("scipy_openblas32")
SCRIPT = Path(striate.__file__).parent / "kernels" / "trim_openblas.py"
if not SCRIPT.exists():
    pytest.skip("installed without what builds it", allow_module_level=True)

PRODUCT = """
import ctypes, sys
import numpy as np
library = ctypes.CDLL(sys.argv[1])
a, b = np.random.default_rng(0).standard_normal((2, 7, 7))
c = np.zeros((7, 7))
matrices = [(each.ctypes.data_as(ctypes.c_void_p), 7) for each in (a, b, c)]
one = ctypes.c_double(1)
library.scipy_cblas_dgemm(101, 111, 111, 7, 7, 7, one, *matrices[0], *matrices[1], one, *matrices[2])
np.testing.assert_allclose(c, a @ b, rtol=1e-12)
"""


@pytest.fixture(scope="module")
def library():
    """Return the path of OpenBLAS as it is built."""
    import scipy_openblas32

    return next(path for path in Path(scipy_openblas32.get_lib_dir()).iterdir() if path.suffix in (".so", ".dylib", ".dll"))


@pytest.mark.skipif(sys.platform != "linux", reason="only libraries of Linux are trimmed")
def test_only_what_is_not_needed_is_overwritten(library):
    script = runpy.run_path(str(SCRIPT))
    before = library.read_bytes()
    after = script["trimmed"](before)
    assert len(after) == len(before)
    extents = {name: (start, start + size) for name, start, size in script["functions"](before)}
    for name in ("scipy_cblas_sgemm", "scipy_cblas_dgemm", "scipy_cblas_sgemv", "scipy_openblas_set_num_threads"):
        start, end = extents[name]
        assert end > start
        assert after[start:end] == before[start:end]
    start, end = extents["scipy_dgetrf_"]
    assert any(before[start:end])
    assert not any(after[start:end])


def test_the_copy_works(library, tmp_path):
    copy = tmp_path / library.name
    subprocess.run([sys.executable, SCRIPT, library, copy], check=True)
    subprocess.run([sys.executable, "-c", PRODUCT, copy], check=True)


def test_other_formats_are_left_as_they_are():
    assert (
        runpy.run_path(str(SCRIPT))["trimmed"](b"\xcf\xfa\xed\xfe of another system") == b"\xcf\xfa\xed\xfe of another system"
    )
