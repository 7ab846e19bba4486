"""What all benchmarks share: the libraries and numbers of threads that they run with, and notes on the machine."""

import os

import pytest

from benchmarks.libraries import INSTALLED, LIBRARIES, TRAINING

THREADS = sorted({1, min(2, os.cpu_count() or 1)})


def pytest_report_header():
    """Tell which libraries are measured, and which are not installed."""
    missing = [name for name in TRAINING if name not in INSTALLED]
    return f"libraries: {', '.join(INSTALLED)}" + (f"; not installed, left out: {', '.join(missing)}" if missing else "")


@pytest.fixture(params=INSTALLED)
def library_name(request):
    """Return the name of an installed library."""
    return request.param


@pytest.fixture(params=THREADS, ids=lambda threads: f"{threads}t")
def library(request, library_name):
    """Return a library that computes with a number of threads."""
    return LIBRARIES[library_name](request.param)


def pytest_benchmark_update_machine_info(config, machine_info):
    """Record the versions and thread pools in use."""
    import threadpoolctl

    from striate.versions import versions

    machine_info["striate"] = versions()
    machine_info["threadpools"] = threadpoolctl.threadpool_info()
