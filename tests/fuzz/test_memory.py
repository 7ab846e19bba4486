"""Out of memory: whatever cannot be had, there is a MemoryError or the right result, and all goes on working."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .allocations import WORK
from .budget import SEED, rounds

FOLDER = Path(__file__).parent


@pytest.fixture(scope="module")
def failing(tmp_path_factory):
    """Build the library that stands before the system's allocations."""
    if sys.platform != "linux" or "glibc" not in os.confstr("CS_GNU_LIBC_VERSION"):
        pytest.skip("needs Linux with glibc")
    library = tmp_path_factory.mktemp("failing") / "failing.so"
    command = ["cc", "-O2", "-shared", "-fPIC", str(FOLDER / "failing.c"), "-o", str(library), "-ldl"]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("needs a C compiler")
    return library


@pytest.mark.parametrize("name", WORK)
def test_each_allocation_may_fail(name, failing):
    environment = os.environ | {"LD_PRELOAD": str(failing), "OPENBLAS_NUM_THREADS": "1"}  # NumPy's: it ends the process
    result = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.allocations", name, str(rounds(8)), str(SEED)],
        env=environment,
        cwd=FOLDER.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    print(result.stdout)
