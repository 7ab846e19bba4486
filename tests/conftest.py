"""Inputs in all the forms that NumPy arrays come in, and names of tests that tell their parameters."""

import os

import numpy as np
import pytest
from ids import readable

import striate

os.environ.setdefault("KERAS_BACKEND", "torch")  # of those that tests may be installed with
os.environ.setdefault("SCIPY_ARRAY_API", "1")  # without which scikit-learn leaves out some of its checks

FORMS = {
    "contiguous": lambda a: a,
    "read-only": lambda a: _read_only(a.copy()),
    "transposed": lambda a: np.asfortranarray(a),
    "strided": lambda a: np.repeat(a, 2, axis=-1)[..., ::2],
    "reversed": lambda a: a[::-1].copy()[::-1],
    "byte-swapped": lambda a: a.astype(a.dtype.newbyteorder(">")),
    "unaligned": lambda a: _unaligned(a),
    "list": lambda a: a.astype(np.float64).tolist(),
}


def _read_only(array):
    array.flags.writeable = False
    return array


def _unaligned(array):
    buffer = np.empty(array.nbytes + 1, np.uint8)
    result = buffer[1:].view(array.dtype).reshape(array.shape)
    result[...] = array
    return result


def pytest_make_parametrize_id(val):
    """Have pytest number no parameters."""
    return readable(val)


@pytest.fixture(params=[name for name in FORMS if name != "list"])
def form(request):
    """Return a function that makes an array of the same values in another form."""
    return FORMS[request.param]


@pytest.fixture(params=["float32", "float64"])
def dtype(request):
    """Return a dtype."""
    return np.dtype(request.param)


@pytest.fixture(autouse=True)
def seeded():
    """Seed whatever a test gives no seed, so that one which fails fails again."""
    striate.utils.set_random_seed(0)


@pytest.fixture
def rng():
    """Return a source of random numbers."""
    return np.random.default_rng(0)


@pytest.fixture
def for_any_threads():
    """Return a check that a function gives the same bits for 1 to 4 threads and on repetition."""

    def check(function):
        with striate.num_threads(1):
            first = function()
        for threads in (1, 2, 3, 4):
            with striate.num_threads(threads):
                for _ in range(2):
                    np.testing.assert_array_equal(function(), first)

    return check
