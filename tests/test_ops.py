"""Functions for layers and losses of one's own: values against NumPy, gradients against finite differences."""

import bounds
import numpy as np
import pytest

import striate
from striate import layers, losses, ops

OTHER = np.random.default_rng(1).uniform(0.5, 2, (4, 3))  # the other argument of a function of two
MATRIX = np.random.default_rng(2).standard_normal((3, 5))

# name -> the function of x, shape (4, 3), and the same in NumPy
FUNCTIONS = {
    "add": (lambda x: ops.add(x, OTHER[0]), lambda x: x + OTHER[0]),
    "subtract from": (lambda x: ops.subtract(OTHER, x), lambda x: OTHER - x),
    "multiply with itself": (lambda x: ops.multiply(x, x), lambda x: x * x),
    "multiply, broadcast": (
        lambda x: ops.multiply(ops.sum(x, axis=0, keepdims=True), x),
        lambda x: x.sum(0, keepdims=True) * x,
    ),
    "divide": (lambda x: ops.divide(x, OTHER), lambda x: x / OTHER),
    "divide by": (lambda x: ops.divide(OTHER[:, :1], x), lambda x: OTHER[:, :1] / x),
    "power": (lambda x: ops.power(x, 2.5), lambda x: x**2.5),
    "exponent": (lambda x: ops.power(OTHER, x), lambda x: OTHER**x),
    "maximum": (lambda x: ops.maximum(x, OTHER), lambda x: np.maximum(x, OTHER)),
    "minimum": (lambda x: ops.minimum(x, OTHER), lambda x: np.minimum(x, OTHER)),
    "negative": (ops.negative, np.negative),
    "absolute": (lambda x: ops.absolute(x - 1), lambda x: abs(x - 1)),
    "square": (ops.square, np.square),
    "sqrt": (ops.sqrt, np.sqrt),
    "rsqrt": (ops.rsqrt, lambda x: 1 / np.sqrt(x)),
    "reciprocal": (ops.reciprocal, np.reciprocal),
    "exp": (ops.exp, np.exp),
    "expm1": (ops.expm1, np.expm1),
    "log": (ops.log, np.log),
    "log1p": (ops.log1p, np.log1p),
    "sin": (ops.sin, np.sin),
    "cos": (ops.cos, np.cos),
    "arctan2": (lambda x: ops.arctan2(x, OTHER), lambda x: np.arctan2(x, OTHER)),
    "arctan2, second": (lambda x: ops.arctan2(OTHER, x), lambda x: np.arctan2(OTHER, x)),
    "clip": (lambda x: ops.clip(x, 0.8, 1.5), lambda x: np.clip(x, 0.8, 1.5)),
    "where": (lambda x: ops.where(OTHER > 1, x, ops.square(x)), lambda x: np.where(OTHER > 1, x, x * x)),
    "matmul": (lambda x: ops.matmul(x, MATRIX), lambda x: x @ MATRIX),
    "matmul with itself": (lambda x: ops.matmul(x, ops.transpose(x)), lambda x: x @ x.T),
    "matmul, batched": (
        lambda x: ops.matmul(np.stack([MATRIX.T] * 2), ops.transpose(x)),
        lambda x: np.stack([MATRIX.T @ x.T] * 2),
    ),
    "matmul, vector": (lambda x: ops.matmul(x, MATRIX[:, 0]), lambda x: x @ MATRIX[:, 0]),
    "sum": (ops.sum, np.sum),
    "sum over an axis": (lambda x: ops.sum(x, axis=1), lambda x: x.sum(1)),
    "mean": (lambda x: ops.mean(x, axis=-1, keepdims=True), lambda x: x.mean(-1, keepdims=True)),
    "max": (lambda x: ops.max(x, axis=0), lambda x: x.max(0)),
    "min": (ops.min, np.min),
    "var": (lambda x: ops.var(x, axis=0), lambda x: x.var(0)),
    "std": (ops.std, np.std),
    "norm": (lambda x: ops.norm(x, axis=-1), lambda x: np.linalg.norm(x, axis=-1)),
    "normalize": (ops.normalize, lambda x: x / np.linalg.norm(x, axis=-1, keepdims=True)),
    "reshape": (lambda x: ops.square(ops.reshape(x, (2, 6))), lambda x: (x * x).reshape(2, 6)),
    "expand_dims": (lambda x: ops.expand_dims(x, -1), lambda x: x[..., None]),
    "squeeze": (lambda x: ops.squeeze(ops.expand_dims(x, 0), 0), lambda x: x),
    "transpose": (ops.transpose, np.transpose),
    "transpose of three axes": (
        lambda x: ops.transpose(ops.stack([x, OTHER, ops.exp(x)]), (-1, 0, -2)),
        lambda x: np.stack([x, OTHER, np.exp(x)]).transpose(2, 0, 1),
    ),
    "getitem": (lambda x: x[1:, ::2], lambda x: x[1:, ::2]),
    "getitem, repeated": (lambda x: x[np.array([0, 2, 0])], lambda x: x[[0, 2, 0]]),
    "concatenate": (lambda x: ops.concatenate([x, OTHER, x * x]), lambda x: np.concatenate([x, OTHER, x * x])),
    "stack": (lambda x: ops.stack([x, ops.log(x)], axis=1), lambda x: np.stack([x, np.log(x)], 1)),
    "stop_gradient": (lambda x: x * ops.zeros_like(ops.stop_gradient(x)), lambda x: 0 * x),
    "zeros_like": (lambda x: x + ops.zeros_like(x), lambda x: x),
    "ones_like": (lambda x: x + ops.ones_like(x), lambda x: x + 1),
    "relu": (lambda x: ops.relu(x - 1), lambda x: np.maximum(x - 1, 0)),
    "softmax": (ops.softmax, lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True)),
    "operators": (lambda x: 2 / x - (1 + x) ** 2 * -x + abs(x), lambda x: 2 / x - (1 + x) ** 2 * -x + abs(x)),
}


class _Sum(losses.Loss):
    """Sum of a function of the predictions, each element with another factor."""

    def __init__(self, function, factors):
        super().__init__()
        self.function = function
        self.factors = factors

    def call(self, y_true, y_pred):
        return ops.sum(self.function(y_pred) * self.factors)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions(rng, name):
    function, reference = FUNCTIONS[name]
    x = rng.uniform(0.5, 2, (4, 3))
    expected = reference(x)
    np.testing.assert_allclose(np.broadcast_to(function(x), expected.shape), expected, rtol=1e-12)

    factors = rng.standard_normal(expected.shape)
    value, gradient = _Sum(function, factors).value_and_gradient(x, x)
    assert value == pytest.approx(np.sum(expected * factors))
    for index in np.ndindex(x.shape):
        difference = bounds.difference_quotient(lambda: np.sum(reference(x) * factors), x, index)
        assert gradient[index] == pytest.approx(difference, rel=1e-6, abs=1e-8)


def test_nothing_flows_through_stop_gradient(rng):
    x = rng.uniform(0.5, 2, (4, 3))
    _, gradient = _Sum(lambda x: ops.stop_gradient(x) * x, 1.0).value_and_gradient(x, x)
    np.testing.assert_array_equal(gradient, x)


def test_zeros_and_ones_do_not_depend_on_what_they_are_like():
    x = np.float32([[np.inf, np.nan, -1.0]])
    inputs = layers.Input((3,))
    np.testing.assert_array_equal(striate.Model(inputs, ops.zeros_like(inputs)).predict(x), [[0, 0, 0]])
    np.testing.assert_array_equal(striate.Model(inputs, ops.ones_like(inputs)).predict(x), [[1, 1, 1]])


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("sign", ()), ("floor", ()), ("ceil", ()), ("round", ()), ("isnan", ()), ("isfinite", ()), ("logical_not", ())]
    + [(name, (0.5,)) for name in ("equal", "not_equal", "greater", "greater_equal", "less", "less_equal")]
    + [("argmax", (-1,)), ("argmin", (-1,))],
)
def test_functions_without_a_gradient(name, arguments):
    x = np.float32([[-1.5, 0.5, 2.5], [0.0, np.nan, 0.5]])
    inputs = layers.Input((3,))
    expected = getattr(np, name)(x, *arguments)
    np.testing.assert_array_equal(getattr(ops, name)(x, *arguments), expected)
    np.testing.assert_array_equal(striate.Model(inputs, getattr(ops, name)(inputs, *arguments)).predict(x), expected)
