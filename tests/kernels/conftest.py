"""What tests of kernels share."""

import pytest

from striate import kernels


@pytest.fixture(params=kernels.usable_instruction_sets())
def instruction_set(request):
    """Run a test with each instruction set."""
    kernels.load(request.param)
    yield request.param
    kernels.load(kernels.instruction_set)
