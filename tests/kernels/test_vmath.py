"""The vector functions' errors, in units of the last place (ulp) of the result."""

import numpy as np
import pytest

from striate.kernels import bindings


def expm1(x):
    """What "elu" computes below zero."""
    return np.where(x < 0, np.expm1(np.minimum(x, 0)), x)


def sigmoid(x):
    """Logistic sigmoid."""
    e = np.exp(-np.abs(x))
    return np.where(x < 0, e, 1) / (1 + e)


def silu(x):
    """Sigmoid-weighted linear unit."""
    return np.maximum(x, -1000) * sigmoid(x)


def softplus(x):
    """log(1 + exp(x))."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


#: The function in a wider type, by the kernel's name for it, and the largest error allowed.
FUNCTIONS = {
    "exponential": (np.exp, 0.8),
    "log": (np.log, 0.9),
    "elu": (expm1, 1.1),
    "tanh": (np.tanh, 1.5),
    "sigmoid": (sigmoid, 1.2),
    "silu": (silu, 2.4),
    "softplus": (softplus, 2.0),
}


pytestmark = pytest.mark.usefixtures("instruction_set")


def apply(name, x):
    """A kernel's function of an array."""
    y = np.empty_like(x)
    bindings.activation_forward(x, y, columns=x.size, activation=name, alpha=1.0, threads=1)
    return y


def largest_error(got, want):
    """The largest error in ulp, where the rounded result is a normal number; smaller ones must be as small, others the same."""
    rounded, info = want.astype(got.dtype), np.finfo(got.dtype)
    finite, small = np.isfinite(rounded), np.abs(rounded) < info.tiny
    np.testing.assert_array_equal(got[~finite], rounded[~finite])
    assert (np.abs(got[small]) < info.tiny).all()
    normal = finite & ~small
    exponent = np.frexp(np.abs(want[normal]))[1] - 1
    return float(np.max(np.abs(got[normal] - want[normal]) / np.ldexp(want.dtype.type(1), exponent - info.nmant)))


def flushed(x):
    """The numbers, with zeros for denormals."""
    return np.where(np.abs(x) < np.finfo(x.dtype).tiny, np.copysign(x.dtype.type(0), x), x)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_float32(name):
    # every 1009th number, and all around where something changes: zeros, denormals, overflow, multiples of ln 2, infinity
    edges = np.array([0, 1e-45, 1.1754944e-38, 1, 0.34657359, 0.69314718, 2, 17.3, 40, 87.33655, 88.72284, 103.97208, np.inf])
    around = edges.astype(np.float32).view(np.uint32)[:, np.newaxis].astype(np.int64) + np.arange(-50, 51)
    patterns = np.concatenate([np.arange(0, 1 << 32, 1009), around[around >= 0], around[around >= 0] + (1 << 31)])
    x = patterns.astype(np.uint32).view(np.float32)
    function, limit = FUNCTIONS[name]
    with np.errstate(all="ignore"):
        error = largest_error(apply(name, x), function(flushed(x).astype(np.float64)))
    assert 0.5 <= error <= limit  # even a correctly rounded result is half an ulp away somewhere


@pytest.mark.skipif(np.finfo(np.longdouble).nmant <= 52, reason="needs a type with more digits than float64")
@pytest.mark.parametrize("name", FUNCTIONS)
def test_float64(rng, name):
    edges = np.array(
        [0, 5e-324, 2.2250738585072014e-308, 1, 0.34657359, 0.69314718, 36.7, 40, 709.782712893384, 745.1332, np.inf]
    )
    sweep = [rng.uniform(-750, 750, 10**5), rng.uniform(-40, 40, 10**5), rng.uniform(-1, 1, 10**5)]
    sweep.append(rng.uniform(-1, 1, 10**5) * 10.0 ** rng.integers(-308, 308, 10**5))
    x = np.concatenate([*sweep, edges, -edges, np.nextafter(edges, 0), np.nextafter(edges, np.inf), [np.nan]])
    function, limit = FUNCTIONS[name]
    with np.errstate(all="ignore"):
        error = largest_error(apply(name, x), function(flushed(x).astype(np.longdouble)))
    assert 0.45 <= error <= limit


def test_zeros_keep_their_sign(dtype):
    zeros = np.array([-0.0, 0.0], dtype)
    for name in ("tanh", "elu"):
        assert np.signbit(apply(name, zeros)).tolist() == [True, False]
    np.testing.assert_array_equal(apply("exponential", zeros), [1, 1])
    np.testing.assert_array_equal(apply("log", zeros), [-np.inf, -np.inf])
    assert not np.signbit(apply("softplus", np.array([-np.inf, -1e30], dtype))).any()
