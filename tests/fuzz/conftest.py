"""Hypothesis' profiles, and a limit of memory for all fuzzers."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from .budget import FACTOR, rounds

#: What a fuzzer may allocate: less than it takes to bring a machine down, more than anything sensible needs.
HEADROOM = 3 << 30

settings.register_profile(
    "ci", max_examples=25, derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("long", settings.get_profile("ci"), max_examples=rounds(25), derandomize=False, print_blob=True)
settings.load_profile("ci" if FACTOR is None else "long")


@pytest.fixture(autouse=True, scope="module")
def memory_limit():
    """Let huge allocations fail with a MemoryError, where the system can limit a process (Linux)."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(statm.read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + HEADROOM, hard))
    yield
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
