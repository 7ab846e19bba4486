"""Activations and their gradients, compared with NumPy."""

import numpy as np
import pytest

from striate import functional as F
from tests.helpers import bounds, reference
from tests.helpers.activation_rows import ELEMENTWISE, ROWS, WITH_KERNELS, kernels_of

each_elementwise = pytest.mark.parametrize("name", [name for name in WITH_KERNELS if name in ELEMENTWISE])
each_softmax = pytest.mark.parametrize("name", ["softmax", "log_softmax"])
SHAPES = [(), (1,), (7,), (3, 5), (2, 3, 4, 5), (5000,), (0, 4)]


@each_elementwise
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_elementwise_activations_match_numpy(rng, dtype, name, shape):
    x = np.asarray(5 * rng.standard_normal(shape)).astype(dtype)
    exact = x.astype(np.float64)
    want = ROWS[name].reference(exact)
    scale = np.abs(want) * ROWS[name].condition(exact)
    flushed = np.finfo(dtype).tiny * (1 + np.abs(exact))  # Error of a product in which a denormal factor counts as zero.
    scale += flushed / (bounds.ELEMENTWISE * np.finfo(dtype).eps)
    bounds.assert_within(kernels_of(name)[0](x), want, scale, bounds.ELEMENTWISE, dtype)


@each_elementwise
def test_elementwise_gradients_match_finite_differences(rng, name):
    forward, backward, saved = kernels_of(name)
    x = 4 * rng.standard_normal(100)
    y = forward(x)
    dy = rng.standard_normal(100)
    gradient = backward(dy, {"x": x, "y": y}[saved])
    for i in range(100):
        want = dy[i] * bounds.difference_quotient(lambda i=i: forward(x)[i], x, i)
        assert gradient[i] == pytest.approx(want, rel=1e-7, abs=1e-9 * (1 + abs(y[i])))


@each_elementwise
def test_elementwise_gradients_in_float32_match_float64(rng, name):
    forward, backward, saved = kernels_of(name)
    x, dy = (5 * rng.standard_normal((2, 3000))).astype(np.float32)
    given = {"x": x, "y": forward(x)}[saved]
    want = backward(dy.astype(np.float64), given.astype(np.float64))
    scale = np.abs(want) + np.abs(dy) * (np.abs(given) + 1)
    bounds.assert_within(backward(dy, given), want, scale, bounds.ELEMENTWISE, np.float32)


@each_elementwise
@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 15, 16, 17, 31, 4095, 4097])
def test_bits_do_not_depend_on_the_position_in_an_array(rng, dtype, name, size):
    forward, backward, saved = kernels_of(name)
    x, dy = (5 * rng.standard_normal((2, size + 5))).astype(dtype)
    y = forward(x)
    given = {"x": x, "y": y}[saved]
    dx = backward(dy, given)
    for start in (1, 3, 5):
        np.testing.assert_array_equal(forward(x[start : start + size]), y[start : start + size])
        part = slice(start, start + size)
        np.testing.assert_array_equal(backward(dy[part], given[part]), dx[part])


@each_softmax
@pytest.mark.parametrize(
    ("shape", "axis"), [((5,), -1), ((3, 10), -1), ((3, 10), 0), ((2, 3, 4, 5), 1), ((4, 1), -1), ((0, 3), 1)]
)
def test_softmax_matches_numpy(rng, dtype, name, shape, axis):
    x = (5 * rng.standard_normal(shape)).astype(dtype)
    got = getattr(F, name)(x, axis=axis)
    assert got.shape == shape
    if x.size:
        want = getattr(reference, name)(x, axis)
        # The rounding of x - max(x) before the exponential causes a relative error of |x - max(x)| eps.
        scale = (np.abs(want) if name == "softmax" else 1) * (1 + np.abs(x.astype(np.float64) - x.max(axis, keepdims=True)))
        bounds.assert_within(got, want, scale + np.abs(want), bounds.ELEMENTWISE, dtype)


@each_softmax
@pytest.mark.parametrize("axis", [-1, 0])
def test_softmax_gradients_match_finite_differences(rng, name, axis):
    x, dy = rng.standard_normal((2, 4, 5))
    forward, backward = getattr(F, name), getattr(F, f"{name}_backward_input")
    gradient = backward(dy, forward(x, axis=axis), axis=axis)
    for index in np.ndindex(x.shape):
        want = bounds.difference_quotient(lambda: np.vdot(forward(x, axis=axis), dy), x, index)
        assert gradient[index] == pytest.approx(want, rel=1e-6, abs=1e-9)


@each_softmax
@pytest.mark.parametrize("columns", [1, 2, 10, 16, 17, 32, 33, 100, 1000])
@pytest.mark.parametrize("rows", [1, 7, 16, 19])
def test_softmax_of_any_size_matches_numpy(rng, dtype, name, rows, columns):
    forward, backward = getattr(F, name), getattr(F, f"{name}_backward_input")
    x, dy = (3 * rng.standard_normal((2, rows, columns))).astype(dtype)
    y = forward(x)
    want = getattr(reference, name)(x)
    spread = 1 + np.abs(x.astype(np.float64) - x.max(-1, keepdims=True))
    scale = np.abs(want) + spread * (np.abs(want) if name == "softmax" else 1)
    bounds.assert_within(y, want, scale, bounds.ELEMENTWISE, dtype)
    dx = backward(dy, y)
    g, p = dy.astype(np.float64), y.astype(np.float64)
    if name == "softmax":
        want = p * (g - (g * p).sum(-1, keepdims=True))
        scale = p * (np.abs(g) + (np.abs(g) * p).sum(-1, keepdims=True))
    else:
        want = g - np.exp(p) * g.sum(-1, keepdims=True)
        scale = np.abs(g) + np.exp(p) * np.abs(g).sum(-1, keepdims=True)
    bounds.assert_within(dx, want, scale, bounds.SUM, dtype)
    for row in range(rows):
        np.testing.assert_array_equal(forward(x[row]), y[row])
        np.testing.assert_array_equal(backward(dy[row], y[row]), dx[row])


@each_elementwise
def test_extreme_values_give_the_limits(dtype, name):
    big = np.finfo(dtype).max / 2
    row = ROWS[name]
    forward, backward, saved = kernels_of(name)
    x = np.array([-np.inf, -big, -1000, 0, 1000, big, np.inf, np.nan], dtype)
    exact = x.astype(np.float64)
    with np.errstate(over="ignore"):
        want = np.array([*row.below(exact[:2]), *row.reference(exact[2:5]), *row.above(exact[5:])]).astype(dtype)
    y = forward(x)
    np.testing.assert_allclose(y, want, rtol=2 * np.finfo(dtype).eps, atol=0)
    dx = backward(np.full_like(x, 3), {"x": x, "y": y}[saved])
    slopes = 3 * np.array([*[row.slopes[0]] * 2, *[row.slopes[3]] * 2], dtype)
    np.testing.assert_allclose(dx[[0, 1, 5, 6]], slopes, rtol=np.finfo(dtype).eps, atol=0)


def test_some_values_are_exact(dtype):
    x = np.array([-np.inf, -1000, 1000, np.inf, np.nan], dtype)
    zeros = np.array([-0.0, 0.0], dtype)
    for name in ("relu6", "elu", "selu", "tanh", "softsign", "leaky_relu", "silu", "hard_silu", "gelu", "gelu_tanh", "mish"):
        assert np.signbit(kernels_of(name)[0](zeros)).tolist() == [True, False], name
    gradient = F.leaky_relu_backward_input(np.ones(3, dtype), np.array([-1, 0, 1], dtype), 0.5)
    np.testing.assert_array_equal(gradient, np.array([0.5, 0.5, 1], dtype))
    np.testing.assert_array_equal(F.leaky_relu(x, 0.5)[[0, 1, 4]], np.array([-np.inf, -500, np.nan], dtype))
    np.testing.assert_array_equal(F.elu(x, 2.5)[:3], np.array([-2.5, -2.5, 1000], dtype))
    np.testing.assert_array_equal(
        F.selu(x)[[0, 3, 4]], np.array([-1.0507009873554805 * 1.6732632423543772, np.inf, np.nan], dtype)
    )


@pytest.mark.parametrize("columns", [3, 100])
def test_extreme_values_give_the_limits_of_softmax(dtype, columns):
    big = np.finfo(dtype).max / 2
    rest = np.full((2, columns - 3), -np.inf, dtype)
    logits = np.hstack([np.array([[1000, 0, -1000], [-big, big, 0]], dtype), rest])
    y = F.softmax(logits)
    np.testing.assert_array_equal(y[:, :3], np.array([[1, 0, 0], [0, 1, 0]], dtype))
    assert not y[:, 3:].any()
    assert F.log_softmax(logits)[0, :3].tolist() == [0, -1000, -2000]
    for value in (np.nan, np.inf):
        logits[0, 1] = value
        assert np.isnan(F.softmax(logits)[0]).all()
        np.testing.assert_array_equal(F.softmax(logits)[1], y[1])
    assert np.isnan(F.softmax(np.full(columns, -np.inf, dtype))).all()


@each_elementwise
def test_activations_take_any_memory_layout_and_work_in_place(rng, form, dtype, name):
    x = rng.standard_normal((4, 6)).astype(dtype)
    function, backward, saved = kernels_of(name)
    y = function(x)
    np.testing.assert_array_equal(function(form(x)), y)
    given = {"x": x, "y": y}[saved]
    np.testing.assert_array_equal(backward(form(x), form(given)), backward(x, given))
    out = np.empty_like(x)
    assert function(x, out=out) is out
    np.testing.assert_array_equal(out, y)
    own = x.copy()
    assert function(own, out=own) is own
    np.testing.assert_array_equal(own, y)


@each_softmax
@pytest.mark.parametrize("axis", [0, 1])
def test_softmax_takes_any_memory_layout_and_works_in_place(rng, form, dtype, name, axis):
    x = rng.standard_normal((4, 6)).astype(dtype)
    function = getattr(F, name)
    y = function(x, axis=axis)
    np.testing.assert_array_equal(function(form(x), axis=axis), y)
    own = x.copy()
    assert function(own, axis=axis, out=own) is own
    np.testing.assert_array_equal(own, y)


@each_elementwise
def test_bits_do_not_depend_on_threads(rng, for_any_threads, dtype, name):
    forward, backward, saved = kernels_of(name)
    x, dy = rng.standard_normal((2, 3000, 101)).astype(dtype)
    given = {"x": x, "y": forward(x)}[saved]
    for_any_threads(lambda: forward(x))
    for_any_threads(lambda: backward(dy, given))


@each_softmax
@pytest.mark.parametrize("shape", [(3000, 101), (30001, 10)])
def test_bits_of_softmax_do_not_depend_on_threads(rng, for_any_threads, dtype, name, shape):
    x, dy = rng.standard_normal((2, *shape)).astype(dtype)
    y = getattr(F, name)(x)
    for_any_threads(lambda: getattr(F, name)(x))
    for_any_threads(lambda: getattr(F, f"{name}_backward_input")(dy, y))


X = np.ones((3, 4), np.float32)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: F.relu(X.astype(int)), TypeError, r"x has dtype int64; expected float32 or float64"),
        (lambda: F.relu_backward_input(X, X[:2]), ValueError, r"dy has shape \(3, 4\); expected the shape of y, \(2, 4\)"),
        (lambda: F.relu_backward_input(X, X.astype(np.float64)), TypeError, r"y has dtype float64 but dy has float32"),
        (lambda: F.leaky_relu(X, "steep"), TypeError, r"negative_slope='steep'"),
        (lambda: F.leaky_relu(X, np.nan), ValueError, r"negative_slope=nan"),
        (lambda: F.elu(X, -1), ValueError, r"alpha=-1 is out of range; expected a finite number of at least 0"),
        (lambda: F.elu_backward_input(X, X, "1"), TypeError, r"alpha='1'"),
        (lambda: F.gelu_backward_input(X, X[:2]), ValueError, r"dy has shape \(3, 4\); expected the shape of x, \(2, 4\)"),
        (lambda: F.softmax(X, axis=2), ValueError, r"axis=2 is out of range; expected an axis of x, shape \(3, 4\)"),
        (lambda: F.softmax(np.float32(1)), ValueError, r"axis=-1 is out of range"),
        (lambda: F.softmax_backward_input(X, X[:2]), ValueError, r"dy has shape"),
        (lambda: F.tanh(X, out=np.zeros((3, 5), np.float32)), ValueError, r"out has shape \(3, 5\)"),
    ],
)
def test_bad_arguments_are_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_out_that_overlaps_in_part_is_refused():
    memory = np.ones(10, np.float32)
    for call in (lambda out: F.relu(memory[:8], out=out), lambda out: F.relu_backward_input(memory[:8], memory[:8], out=out)):
        with pytest.raises(ValueError, match="out overlaps an input in part"):
            call(memory[2:])
