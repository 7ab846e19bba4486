"""Products with a second factor that is stored as 8-bit integers or bfloat16 numbers, compared with what these mean."""

import numpy as np
import pytest

from striate.kernels import bindings
from tests.helpers import bounds


def factors(rng, m, k, n, storage, dtype=np.float32):
    """Return a factor, a stored one, its scales or None, and what it means."""
    a, b = rng.standard_normal((m, k)).astype(dtype), rng.standard_normal((k, n)).astype(np.float32)
    if storage == "int8":
        scales = (abs(b).max(0) / 127).astype(dtype)
        stored = np.rint(b / scales).astype(np.int8)
        return a, stored, scales, stored * scales.astype(float)
    stored = (b.view(np.uint32) >> 16).astype(np.uint16)
    return a, stored, None, (stored.astype(np.uint32) << 16).view(np.float32).astype(float)


@pytest.mark.parametrize("storage", ["int8", "bfloat16"])
@pytest.mark.parametrize(
    ("m", "k", "n"), [(1, 1, 1), (1, 5, 3), (3, 70, 37), (8, 64, 128), (2, 1030, 65), (1, 3000, 500), (1, 33, 5000)]
)
def test_products_match_the_reference(rng, dtype, m, k, n, storage):
    a, stored, scales, meant = factors(rng, m, k, n, storage, dtype)
    bias, c = rng.standard_normal(n).astype(dtype), np.full((m, n), np.nan, dtype)
    bindings.matmul(a, stored, c, scales=scales, bias=bias, threads=1)
    scale = abs(a.astype(float)) @ abs(meant) + abs(bias)
    bounds.assert_within(c, a @ meant + bias, scale, bounds.MATMUL, dtype)
    rectified = np.empty_like(c)
    bindings.matmul(a, stored, rectified, scales=scales, bias=bias, activation="relu", threads=2)
    np.testing.assert_array_equal(rectified, np.maximum(c, 0))


@pytest.mark.parametrize("storage", ["int8", "bfloat16"])
def test_bits_do_not_depend_on_threads(rng, storage):
    a, stored, scales, _ = factors(rng, 2, 4000, 300, storage)
    results = []
    for threads in (1, 2, 3, 5):
        c = np.empty((2, 300), np.float32)
        bindings.matmul(a, stored, c, scales=scales, threads=threads)
        results.append(c)
    for each in results[1:]:
        np.testing.assert_array_equal(each, results[0])


def test_no_rows_are_no_work(rng):
    a, stored, scales, _ = factors(rng, 2, 5, 3, "int8")
    c = np.empty((0, 3), np.float32)
    bindings.matmul(a[:0], stored, c, scales=scales, threads=1)


@pytest.mark.parametrize(
    "change",
    [
        {"a": np.ones((9, 4), np.float32), "c": np.ones((9, 5), np.float32)},
        {"a": np.ones((2, 0), np.float32), "b": np.ones((0, 5), np.int8)},
        {"transpose_a": True, "a": np.ones((4, 2), np.float32)},
        {"transpose_b": True, "b": np.ones((5, 4), np.int8)},
        {"b": np.ones((3, 5), np.int8)},
        {"scales": np.ones(4, np.float32)},
        {"scales": np.ones(5)},
        {"b": np.ones((4, 5), np.uint16)},  # bfloat16 numbers have no scales.
        {"b": np.ones((4, 5), np.float32)},
    ],
    ids=lambda change: "-".join(change),
)
def test_products_that_do_not_fit_are_refused(change):
    arrays = {"a": np.ones((2, 4), np.float32), "b": np.ones((4, 5), np.int8), "c": np.ones((2, 5), np.float32)}
    arguments = {**arrays, "scales": np.ones(5, np.float32), "threads": 1, **change}
    with pytest.raises(ValueError, match="do not fit together"):
        bindings.matmul(**arguments)


def test_other_integers_are_refused():
    with pytest.raises(TypeError, match="float32 or float64"):
        bindings.matmul(np.ones((2, 4), np.float32), np.ones((4, 5), np.int16), np.ones((2, 5), np.float32), threads=1)
