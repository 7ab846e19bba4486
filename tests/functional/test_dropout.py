"""Dropout: the reference generator gives the published test vectors, and dropout zeroes the elements that it selects."""

import numpy as np
import pytest

import striate
from striate import functional as F
from tests.helpers.reference import philox


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [  # These are known answers of Random123, the library of the generator's authors.
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_the_reference_gives_the_published_test_vectors(counter, key, expected):
    assert philox(counter, key) == expected


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("rate", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("size", [0, 1, 7, 5001])
def test_elements_are_zeroed_where_the_random_number_is_below_the_rate(dtype, rate, size):
    x = np.random.default_rng(1).standard_normal(size).astype(dtype)
    y, seed = F.dropout(x, rate, 0)
    key = int(seed[0]) & 0xFFFFFFFF, int(seed[0]) >> 32
    words = np.array([philox((i, 0, 0xFFFFFFFF, 0), key) for i in range(-(-size // 4))], np.uint64).ravel()[:size]
    scale = np.dtype(dtype).type(1 / (1 - rate))
    np.testing.assert_array_equal(y, np.where(words >= int(rate * 2**32), x * scale, 0))
    np.testing.assert_array_equal(F.dropout(x, rate, np.random.default_rng(0))[0], y)
    np.testing.assert_array_equal(F.dropout_backward_input(x, rate, seed), y)
    assert F.dropout(x, rate, 0, out=x)[0] is x
    np.testing.assert_array_equal(x, y)


def test_dropout_has_its_rate_and_the_same_bits_for_any_number_of_threads():
    x = np.ones((1000, 1000), np.float32)
    results = []
    for threads in (1, 2, 3):
        with striate.num_threads(threads):
            results.append(F.dropout(x, 0.25, 5)[0])
    assert np.mean(results[0] == 0) == pytest.approx(0.25, abs=0.002)
    np.testing.assert_array_equal(results[0], results[1])
    np.testing.assert_array_equal(results[0], results[2])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x: F.dropout(x, 1.0, 0), ValueError, "rate=1.0"),
        (lambda x: F.dropout(x.astype(int), 0.5, 0), TypeError, "x has dtype int64"),
        (lambda x: F.dropout_backward_input(x, 0.5, 3), TypeError, "seed=3 is not what dropout returned"),
        (lambda x: F.dropout_backward_input(x, 0.5, np.zeros(2, np.uint64)), TypeError, "expected an array of one uint64"),
        (lambda x: F.dropout_backward_input(x, -1, np.zeros(1, np.uint64)), ValueError, "rate=-1"),
    ],
)
def test_bad_arguments_are_refused(call, error, message):
    with pytest.raises(error, match=message):
        call(np.ones((3, 4), np.float32))
