"""Matrix product, flattening and their gradients, compared with NumPy."""

import numpy as np
import pytest

from striate import functional as F
from tests.helpers import bounds, reference
from tests.helpers.activation_rows import FUSED

SHAPES = [((1, 1), 1), ((4, 7), 3), ((64, 400), 120), ((3, 5, 6), 4), ((7,), 2), ((300, 20), 260), ((1, 300), 200), ((0, 5), 3),
          ((2, 3000), 130), ((8, 1031), 517), ((1, 9), 40_000)]  # fmt: skip
each_shape = pytest.mark.parametrize(("shape", "units"), SHAPES, ids=str)


def draw(rng, dtype, *shapes):
    """Return random arrays."""
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


@each_shape
def test_dense_matches_numpy(rng, dtype, shape, units):
    x, kernel, bias = draw(rng, dtype, shape, (shape[-1], units), (units,))
    for b in (None, bias):
        want, scale = (reference.dense(f(x), f(kernel), 0 if b is None else f(b)) for f in (lambda a: a, abs))
        bounds.assert_within(F.dense(x, kernel, b), want, scale, bounds.MATMUL, dtype)


@each_shape
def test_dense_gradients_match_numpy(rng, dtype, shape, units):
    x, kernel, dy = draw(rng, dtype, shape, (shape[-1], units), (*shape[:-1], units))
    rows, gradients = x.reshape(-1, shape[-1]).astype(np.float64), dy.reshape(-1, units).astype(np.float64)
    scale = abs(rows).T @ abs(gradients)
    bounds.assert_within(F.dense_backward_kernel(dy, x), rows.T @ gradients, scale, bounds.MATMUL, dtype)
    scale = abs(dy).astype(np.float64) @ abs(kernel).T
    bounds.assert_within(F.dense_backward_input(dy, kernel), dy.astype(np.float64) @ kernel.T, scale, bounds.MATMUL, dtype)
    bounds.assert_within(F.dense_backward_bias(dy), gradients.sum(0), abs(gradients).sum(0), bounds.SUM, dtype)


def test_gradients_match_finite_differences(rng):
    x, kernel, bias, dy = draw(rng, "float64", (3, 4), (4, 5), (5,), (3, 5))
    for array, gradient in (
        (x, F.dense_backward_input(dy, kernel)),
        (kernel, F.dense_backward_kernel(dy, x)),
        (bias, F.dense_backward_bias(dy)),
    ):
        for index in np.ndindex(array.shape):
            want = bounds.difference_quotient(lambda: np.vdot(F.dense(x, kernel, bias), dy), array, index)
            assert gradient[index] == pytest.approx(want, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("name", [*FUSED, "sigmoid", "tanh", "softmax", "log_softmax"])
def test_activation_argument_applies_the_activation(rng, dtype, name):
    x, kernel, bias = draw(rng, dtype, (6, 9), (9, 300), (300,))
    want = getattr(F, name)(F.dense(x, kernel, bias))
    np.testing.assert_array_equal(F.dense(x, kernel, bias, activation=name), want)


def test_dense_takes_any_memory_layout_and_out(rng, form, dtype):
    x, kernel, bias = draw(rng, dtype, (6, 9), (9, 5), (5,))
    y = F.dense(x, kernel, bias)
    for function, want in (
        (lambda f, out: F.dense(f(x), f(kernel), f(bias), out=out), y),
        (lambda f, out: F.dense_backward_input(f(y), f(kernel), out=out), F.dense_backward_input(y, kernel)),
        (lambda f, out: F.dense_backward_kernel(f(y), f(x), out=out), F.dense_backward_kernel(y, x)),
        (lambda f, out: F.dense_backward_bias(f(y), out=out), F.dense_backward_bias(y)),
    ):
        np.testing.assert_array_equal(function(form, None), want)
        out = np.full_like(want, np.nan)
        assert function(form, out) is out
        np.testing.assert_array_equal(out, want)


def test_bits_do_not_depend_on_threads(rng, for_any_threads, dtype):
    x, kernel, dy = draw(rng, dtype, (300, 90), (90, 270), (300, 270))
    for_any_threads(lambda: F.dense(x, kernel))
    for_any_threads(lambda: F.dense_backward_input(dy, kernel))
    for_any_threads(lambda: F.dense_backward_kernel(dy, x))


def test_flatten_and_its_gradient_keep_the_elements(rng, form, dtype):
    x = rng.standard_normal((2, 3, 4, 5)).astype(dtype)
    np.testing.assert_array_equal(F.flatten(form(x)), x.reshape(2, 60))
    assert np.shares_memory(F.flatten(x), x)
    np.testing.assert_array_equal(F.flatten_backward_input(x.reshape(2, 60), x.shape), x)
    assert F.flatten(x[:0]).shape == (0, 60)
    assert F.flatten(x[0, 0, 0]).shape == (5, 1)


X, K = np.ones((3, 4), np.float32), np.ones((4, 5), np.float32)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: F.dense(X, K[:3]), ValueError, r"kernel has shape \(3, 5\) but x has 4 features"),
        (lambda: F.dense(X, K[0]), ValueError, r"kernel has 1 dimensions, shape \(5,\); expected 2: \(features, units\)"),
        (lambda: F.dense(np.float32(1), K), ValueError, r"x has no dimensions"),
        (lambda: F.dense(X.astype(int), K), TypeError, r"x has dtype int64"),
        (lambda: F.dense(X, K.astype(np.float64)), TypeError, r"kernel has dtype float64 but x has float32"),
        (lambda: F.dense(X, K, np.ones(4, np.float32)), ValueError, r"bias has shape \(4,\); expected .* 5 units"),
        (lambda: F.dense(X, K, activation="swoosh"), ValueError, r"activation='swoosh'"),
        (lambda: F.dense_backward_input(X, K), ValueError, r"kernel has shape \(4, 5\) but dy has 4 units"),
        (lambda: F.dense_backward_kernel(X[:2], X), ValueError, r"dy has shape \(2, 4\) and x has shape \(3, 4\)"),
        (
            lambda: F.flatten_backward_input(X, (3, 5)),
            ValueError,
            r"dy has shape \(3, 4\); expected the flattened input_shape=\(3, 5\)",
        ),
        (lambda: F.dense(X, K, out=np.zeros((3, 4), np.float32)), ValueError, r"out has shape \(3, 4\)"),
    ],
)
def test_bad_arguments_are_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_sizes_of_zero_give_empty_or_zero_results(dtype):
    empty = np.ones((2, 0), dtype)
    np.testing.assert_array_equal(F.dense(empty, np.ones((0, 3), dtype), np.ones(3, dtype)), np.ones((2, 3), dtype))
    np.testing.assert_array_equal(F.dense_backward_input(empty, np.ones((3, 0), dtype)), np.zeros((2, 3), dtype))
