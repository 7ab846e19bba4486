"""The suite's budget is small and fixed; a long run's is a multiple of it, with random numbers of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
from hypothesis import settings
from tests.fuzz import conftest
from tests.fuzz.budget import generator, rounds
print(rounds(10), settings().max_examples, settings().derandomize, generator(1).integers(1 << 62))
"""


def budget(**environment):
    """Return what a process with such an environment would try."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("STRIATE_FUZZ")}
    command = [sys.executable, "-c", SCRIPT]
    return subprocess.check_output(command, env=clean | environment, cwd=Path(__file__).parents[2], text=True).split()


def test_suite_is_small_and_repeats_itself():
    assert budget()[:3] == ["10", "25", "True"]
    assert budget() == budget()


def test_long_runs_try_more_and_something_else():
    long = budget(STRIATE_FUZZ="3", STRIATE_FUZZ_SEED="1")
    assert long[:3] == ["30", "75", "False"]
    assert long[3] != budget()[3]


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system cannot limit a process")
def test_memory_is_limited_while_fuzzing():
    with pytest.raises(MemoryError):
        bytearray(4 << 30)
