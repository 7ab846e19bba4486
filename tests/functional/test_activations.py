"""Activations and their gradients, held against NumPy."""

import bounds
import numpy as np
import pytest
import reference

from striate import functional as F

#: The gradient of each, from what it takes beside dy: the output, or for leaky_relu the input.
ELEMENTWISE = {
    "relu": lambda x, y: F.relu_backward_input(np.ones_like(x), y),
    "leaky_relu": lambda x, y: F.leaky_relu_backward_input(np.ones_like(x), x),
    "sigmoid": lambda x, y: F.sigmoid_backward_input(np.ones_like(x), y),
    "tanh": lambda x, y: F.tanh_backward_input(np.ones_like(x), y),
}
each_elementwise = pytest.mark.parametrize("name", ELEMENTWISE)
each_softmax = pytest.mark.parametrize("name", ["softmax", "log_softmax"])
SHAPES = [(), (1,), (7,), (3, 5), (2, 3, 4, 5), (5000,), (0, 4)]


@each_elementwise
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_elementwise(rng, dtype, name, shape):
    x = np.asarray(5 * rng.standard_normal(shape)).astype(dtype)
    want = getattr(reference, name)(x.astype(np.float64))
    bounds.assert_within(getattr(F, name)(x), want, np.abs(want), bounds.ELEMENTWISE, dtype)


@each_elementwise
def test_elementwise_gradients_match_finite_differences(rng, name):
    x = rng.standard_normal(50)
    gradient = ELEMENTWISE[name](x, getattr(F, name)(x))
    for i in range(50):
        want = bounds.difference_quotient(lambda: getattr(F, name)(x).sum(), x, i)
        assert gradient[i] == pytest.approx(want, rel=1e-7, abs=1e-9)


@each_softmax
@pytest.mark.parametrize(
    ("shape", "axis"), [((5,), -1), ((3, 10), -1), ((3, 10), 0), ((2, 3, 4, 5), 1), ((4, 1), -1), ((0, 3), 1)]
)
def test_softmax(rng, dtype, name, shape, axis):
    x = (5 * rng.standard_normal(shape)).astype(dtype)
    got = getattr(F, name)(x, axis=axis)
    assert got.shape == shape
    if x.size:
        want = getattr(reference, name)(x, axis)
        # x - max x is rounded before the exponential: relative error |x - max x| eps
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


def test_extreme_values(dtype):
    big = np.finfo(dtype).max / 2
    x = np.array([-np.inf, -big, -1000, 0, 1000, big, np.inf, np.nan], dtype)
    np.testing.assert_array_equal(F.sigmoid(x), np.array([0, 0, 0, 0.5, 1, 1, 1, np.nan], dtype))
    np.testing.assert_array_equal(F.tanh(x), np.array([-1, -1, -1, 0, 1, 1, 1, np.nan], dtype))
    np.testing.assert_array_equal(F.relu(x), np.array([0, 0, 0, 0, 1000, big, np.inf, np.nan], dtype))
    np.testing.assert_array_equal(F.leaky_relu(x, 0.5)[[0, 2, 7]], np.array([-np.inf, -500, np.nan], dtype))
    logits = np.array([[1000, 0, -1000], [-big, big, 0]], dtype)
    np.testing.assert_array_equal(F.softmax(logits), np.array([[1, 0, 0], [0, 1, 0]], dtype))
    assert F.log_softmax(logits)[0].tolist() == [0, -1000, -2000]
    assert np.isnan(F.softmax(np.array([0, np.nan, 1], dtype))).all()


@each_elementwise
def test_layouts_out_and_in_place(rng, form, dtype, name):
    x = rng.standard_normal((4, 6)).astype(dtype)
    function = getattr(F, name)
    y = function(x)
    np.testing.assert_array_equal(function(form(x)), y)
    out = np.empty_like(x)
    assert function(x, out=out) is out
    np.testing.assert_array_equal(out, y)
    own = x.copy()
    assert function(own, out=own) is own
    np.testing.assert_array_equal(own, y)


@each_softmax
@pytest.mark.parametrize("axis", [0, 1])
def test_softmax_layouts_out_and_in_place(rng, form, dtype, name, axis):
    x = rng.standard_normal((4, 6)).astype(dtype)
    function = getattr(F, name)
    y = function(x, axis=axis)
    np.testing.assert_array_equal(function(form(x), axis=axis), y)
    own = x.copy()
    assert function(own, axis=axis, out=own) is own
    np.testing.assert_array_equal(own, y)


@pytest.mark.parametrize("name", [*ELEMENTWISE, "softmax", "log_softmax"])
def test_bits_do_not_depend_on_threads(rng, for_any_threads, dtype, name):
    x, dy = rng.standard_normal((2, 3000, 101)).astype(dtype)
    y = getattr(F, name)(x)
    for_any_threads(lambda: getattr(F, name)(x))
    saved = x if name == "leaky_relu" else y
    for_any_threads(lambda: getattr(F, f"{name}_backward_input")(dy, saved))


@pytest.mark.parametrize("rate", [0.0, 0.3, 0.9])
def test_dropout(dtype, rate):
    x = np.full((100, 200), 2, dtype)
    y, mask = F.dropout(x, rate, 0)
    assert y.dtype == mask.dtype == dtype
    np.testing.assert_array_equal(y, x * mask)
    assert np.mean(mask == 0) == pytest.approx(rate, abs=0.01)
    assert set(np.unique(mask)) <= {dtype.type(0), dtype.type(1 / (1 - rate))}
    np.testing.assert_array_equal(F.dropout(x, rate, np.random.default_rng(0))[0], y)
    np.testing.assert_array_equal(F.dropout_backward_input(x, mask), y)


X = np.ones((3, 4), np.float32)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: F.relu(X.astype(int)), TypeError, r"x has dtype int64; expected float32 or float64"),
        (lambda: F.relu_backward_input(X, X[:2]), ValueError, r"dy has shape \(3, 4\); expected the shape of y, \(2, 4\)"),
        (lambda: F.relu_backward_input(X, X.astype(np.float64)), TypeError, r"y has dtype float64 but dy has float32"),
        (lambda: F.leaky_relu(X, "steep"), TypeError, r"negative_slope='steep'"),
        (lambda: F.leaky_relu(X, np.nan), ValueError, r"negative_slope=nan"),
        (lambda: F.softmax(X, axis=2), ValueError, r"axis=2 is out of range; expected an axis of x, shape \(3, 4\)"),
        (lambda: F.softmax(np.float32(1)), ValueError, r"axis=-1 is out of range"),
        (lambda: F.softmax_backward_input(X, X[:2]), ValueError, r"dy has shape"),
        (lambda: F.tanh(X, out=np.zeros((3, 5), np.float32)), ValueError, r"out has shape \(3, 5\)"),
        (lambda: F.dropout(X, 1.0, 0), ValueError, r"rate=1.0"),
        (lambda: F.dropout_backward_input(X, X[:2]), ValueError, r"expected the shape of mask, \(2, 4\)"),
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
