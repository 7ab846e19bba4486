"""All functions: values compared with NumPy, gradients with finite differences, and dtypes."""

import math

import numpy as np
import pytest

import striate
from striate import layers, losses, ops
from tests.helpers import bounds

OTHER = np.random.default_rng(1).uniform(0.5, 2, (4, 3))  # The other argument of functions of two arrays.
MATRIX = np.random.default_rng(2).standard_normal((3, 5))

#: By name, a function of x, shape (4, 3), and the same function in NumPy.
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
    "concatenate, flat": (
        lambda x: ops.concatenate([x, x[0] * x[1]], axis=None),
        lambda x: np.concatenate([x, x[0] * x[1]], axis=None),
    ),
    "stack": (lambda x: ops.stack([x, ops.log(x)], axis=1), lambda x: np.stack([x, np.log(x)], 1)),
    "stop_gradient": (lambda x: x * ops.zeros_like(ops.stop_gradient(x)), lambda x: 0 * x),
    "zeros_like": (lambda x: x + ops.zeros_like(x), lambda x: x),
    "ones_like": (lambda x: x + ops.ones_like(x), lambda x: x + 1),
    "pad": (lambda x: ops.pad(x, ((1, 0), (0, 2))), lambda x: np.pad(x, ((1, 0), (0, 2)))),
    "pad, a number": (lambda x: ops.pad(x, 1, constant_values=3.0), lambda x: np.pad(x, 1, constant_values=3)),
    "pad, reflect": (lambda x: ops.pad(x, ((2, 1), (0, 2)), "reflect"), lambda x: np.pad(x, ((2, 1), (0, 2)), "reflect")),
    "split": (lambda x: ops.split(x, 2)[1] * ops.split(x, [1, 3])[1], lambda x: x[2:] * x[1:3]),
    "split, columns": (lambda x: ops.split(x, 3, axis=-1)[2], lambda x: x[:, 2:]),
    "take": (lambda x: ops.take(x, [0, 2, 2, -1], axis=1), lambda x: x[:, [0, 2, 2, -1]]),
    "take, flat": (lambda x: ops.take(x, np.array([[0, 7], [7, 11]])), lambda x: np.take(x, [[0, 7], [7, 11]])),
    "take one": (lambda x: ops.take(x, 1, axis=0), lambda x: x[1]),
    "einsum": (
        lambda x: ops.einsum("ij,jk,lk->il", x, MATRIX, ops.einsum("ij,jk->ik", x, MATRIX)),
        lambda x: x @ MATRIX @ (x @ MATRIX).T,
    ),
    "einsum, one array": (lambda x: ops.einsum("ij->j", x * x), lambda x: (x * x).sum(0)),
    "einsum, a batch": (lambda x: ops.einsum("bi,bj->bij", x, x * x), lambda x: x[:, :, None] * (x * x)[:, None]),
    "take_along_axis": (
        lambda x: ops.take_along_axis(x, ops.argmax(x, axis=1, keepdims=True), 1),
        lambda x: x.max(1, keepdims=True),
    ),
    "tile": (lambda x: ops.square(ops.tile(x, (2, 3))), lambda x: np.tile(x * x, (2, 3))),
    "tile, more axes": (lambda x: ops.tile(x, (2, 1, 3)), lambda x: np.tile(x, (2, 1, 3))),
    "tile, fewer": (lambda x: ops.tile(x, 2), lambda x: np.tile(x, 2)),
    "repeat": (lambda x: ops.repeat(x, 3, axis=-1), lambda x: np.repeat(x, 3, -1)),
    "repeat, each": (lambda x: ops.repeat(x, [2, 0, 1, 1], axis=0), lambda x: np.repeat(x, [2, 0, 1, 1], 0)),
    "repeat, flat": (lambda x: ops.repeat(x, 2), lambda x: np.repeat(x, 2)),
    "flip": (lambda x: ops.flip(x, 1), lambda x: x[:, ::-1]),
    "flip all": (ops.flip, np.flip),
    "roll": (lambda x: ops.roll(x, 2, axis=0), lambda x: np.roll(x, 2, 0)),
    "roll, flat": (lambda x: ops.roll(x, 5), lambda x: np.roll(x, 5)),
    "roll, two axes": (lambda x: ops.roll(x, (1, -1), (0, 1)), lambda x: np.roll(x, (1, -1), (0, 1))),
    "swapaxes": (lambda x: ops.swapaxes(x, 0, -1), lambda x: x.T),
    "moveaxis": (
        lambda x: ops.moveaxis(ops.stack([x, x * x]), 0, -1),
        lambda x: np.stack([x, x * x], -1),
    ),
    "broadcast_to": (lambda x: ops.broadcast_to(x[:, :1], (2, 4, 3)), lambda x: np.broadcast_to(x[:, :1], (2, 4, 3))),
    "full_like": (lambda x: x * ops.full_like(x, 3), lambda x: 3 * x),
    "prod": (lambda x: ops.prod(x, axis=1), lambda x: x.prod(1)),
    "prod of all": (ops.prod, np.prod),
    "prod with a zero": (
        lambda x: ops.prod(x - x[:1, :1], axis=(0, 1), keepdims=True),
        lambda x: np.prod(x - x[:1, :1], keepdims=True),
    ),
    "cumsum": (lambda x: ops.cumsum(ops.square(x), axis=1), lambda x: np.cumsum(x * x, 1)),
    "cumsum, flat": (ops.cumsum, np.cumsum),
    "logsumexp": (lambda x: ops.logsumexp(500 * x, axis=-1), lambda x: np.logaddexp.reduce(500 * x, -1)),
    "logsumexp of all": (ops.logsumexp, lambda x: np.log(np.sum(np.exp(x)))),
    "moments": (lambda x: ops.moments(x, [0], keepdims=True)[1], lambda x: x.var(0, keepdims=True)),
    "sort": (lambda x: ops.sort(x, axis=0), lambda x: np.sort(x, 0)),
    "top_k": (lambda x: ops.top_k(x, 2)[0], lambda x: np.sort(x)[:, :0:-1]),
    "mod": (lambda x: ops.mod(x, 0.3), lambda x: np.mod(x, 0.3)),
    "mod by it": (lambda x: ops.mod(5.0, x), lambda x: np.mod(5.0, x)),
    "hstack": (lambda x: ops.hstack([x, OTHER]), lambda x: np.hstack([x, OTHER])),
    "vstack": (lambda x: ops.vstack([x[0], x]), lambda x: np.vstack([x[0], x])),
    "ravel": (ops.ravel, np.ravel),
    "erf": (ops.erf, np.vectorize(math.erf)),
    "log2": (ops.log2, np.log2),
    "log10": (ops.log10, np.log10),
    "tan": (lambda x: ops.tan(x / 2), lambda x: np.tan(x / 2)),
    "max, at least": (lambda x: ops.max(x, axis=1, initial=1.7), lambda x: x.max(1, initial=1.7)),
    "squeeze all": (lambda x: ops.squeeze(ops.reshape(x, (1, 4, 1, 3))), lambda x: x),
    "squeeze two": (lambda x: ops.squeeze(ops.reshape(x, (1, 4, 3, 1)), (0, -1)), lambda x: x),
    "reshape with None": (lambda x: ops.reshape(x, (None, -1, 1)), lambda x: x[..., None]),
    "norm, 1": (lambda x: ops.norm(x - 1, 1, axis=0), lambda x: np.linalg.norm(x - 1, 1, 0)),
    "norm, 3": (lambda x: ops.norm(x, 3, axis=1, keepdims=True), lambda x: np.linalg.norm(x, 3, 1, True)),
    "norm, inf": (lambda x: ops.norm(x, np.inf, axis=1), lambda x: np.linalg.norm(x, np.inf, 1)),
    "norm, -inf": (lambda x: ops.norm(x, -np.inf, axis=1), lambda x: np.linalg.norm(x, -np.inf, 1)),
    "norm, 0": (lambda x: ops.norm(x, 0, axis=1), lambda x: np.linalg.norm(x, 0, 1)),
    "norm of all": (ops.norm, np.linalg.norm),
    "normalize by sums": (lambda x: ops.normalize(x, order=1), lambda x: x / x.sum(-1, keepdims=True)),
    "relu, cut off": (
        lambda x: ops.relu(x, 0.1, 1.6, 1.0),
        lambda x: np.minimum(np.where(x < 1, 0.1 * (x - 1), x), 1.6),
    ),
    "threshold": (lambda x: ops.threshold(x, 1.0, default_value=0.5), lambda x: np.where(x > 1, x, 0.5)),
    "relu": (lambda x: ops.relu(x - 1), lambda x: np.maximum(x - 1, 0)),
    "softmax": (ops.softmax, lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True)),
    "operators": (lambda x: 2 / x - (1 + x) ** 2 * -x + abs(x), lambda x: 2 / x - (1 + x) ** 2 * -x + abs(x)),
}


class _Sum(losses.Loss):
    """Sum of the elements of a function of the predictions, each times its own factor."""

    def __init__(self, function, factors):
        super().__init__()
        self.function = function
        self.factors = factors

    def call(self, y_true, y_pred):
        return ops.sum(self.function(y_pred) * self.factors)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_match_numpy_and_have_their_gradients(rng, name):
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


def test_no_gradient_flows_through_stop_gradient(rng):
    x = rng.uniform(0.5, 2, (4, 3))
    _, gradient = _Sum(lambda x: ops.stop_gradient(x) * x, 1.0).value_and_gradient(x, x)
    np.testing.assert_array_equal(gradient, x)


def test_zeros_like_and_ones_like_do_not_depend_on_elements():
    x = np.float32([[np.inf, np.nan, -1.0]])
    inputs = layers.Input((3,))
    np.testing.assert_array_equal(striate.Model(inputs, ops.zeros_like(inputs)).predict(x), [[0, 0, 0]])
    np.testing.assert_array_equal(striate.Model(inputs, ops.ones_like(inputs)).predict(x), [[1, 1, 1]])


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("sign", ()),
        ("floor", ()),
        ("ceil", ()),
        ("round", ()),
        ("isnan", ()),
        ("isinf", ()),
        ("isfinite", ()),
        ("logical_not", ()),
    ]
    + [(name, (0.5,)) for name in ("equal", "not_equal", "greater", "greater_equal", "less", "less_equal")]
    + [("floor_divide", (0.7,)), ("logical_xor", (0.0,)), ("any", (-1,)), ("all", (-1,)), ("round", (1,))]
    + [("argmax", (-1,)), ("argmin", (-1,)), ("argsort", (-1,))],
)
def test_functions_without_a_gradient_match_numpy(name, arguments):
    x = np.float32([[-1.5, 0.5, 2.5], [0.0, np.nan, 0.5]])
    inputs = layers.Input((3,))
    expected = getattr(np, name)(x, *arguments)
    np.testing.assert_array_equal(getattr(ops, name)(x, *arguments), expected)
    np.testing.assert_array_equal(striate.Model(inputs, getattr(ops, name)(inputs, *arguments)).predict(x), expected)


def test_results_keep_the_dtype_of_arrays():
    x = np.linspace(-1, 1, 12, dtype=np.float32).reshape(1, 2, 2, 3)
    functions = [
        lambda x: ops.relu(x, max_value=0.5, threshold=0.1),
        lambda x: ops.maximum(x, 0.5) * ops.clip(x, -0.5, 0.5),
        lambda x: ops.where(x > 0, x, -1.0),
        lambda x: ops.pad(x, 1, constant_values=2.0),
        lambda x: ops.norm(x, 3, axis=-1),
        lambda x: ops.conv(x, np.ones((2, 2, 3, 4))),
        lambda x: ops.max_pool(x, 2),
        lambda x: ops.image.resize(x, (3, 3)),
        lambda x: ops.one_hot(ops.argmax(x, axis=-1), 3),
        lambda x: ops.binary_crossentropy(ops.sigmoid(x), ops.sigmoid(x)),
        ops.erf,
        ops.softmax,
    ]
    for dtype in (np.float32, np.float64):
        for function in functions[: 8 if dtype == np.float64 else None]:
            assert function(x.astype(dtype)).dtype == dtype


def test_arrays_are_made_with_the_expected_dtype_and_elements():
    for array in (ops.full((2, 3), 1), ops.linspace(0, 1, 5), ops.arange(0.0, 1.0, 0.25), ops.eye(3, k=1)):
        assert array.dtype == np.float32
    assert ops.convert_to_tensor([0.5, 1]).dtype == ops.array([0.5]).dtype == np.float32
    assert ops.convert_to_tensor(np.ones(2)).dtype == np.float64
    np.testing.assert_array_equal(ops.eye(2, 3, 1), [[0, 1, 0], [0, 0, 1]])
    np.testing.assert_array_equal(ops.one_hot(np.array([2, 0]), 3, axis=0), [[0, 1], [0, 0], [1, 0]])
    np.testing.assert_array_equal(ops.where(np.array([0, 1, 1])), [[1, 2]])
    with pytest.raises(ValueError, match="indices_or_sections=2 does not divide 3"):
        ops.split(np.ones(3), 2)
    with pytest.raises(ValueError, match="ord='nuc'"):
        ops.norm(np.ones((2, 2)), "nuc", axis=0)


def test_ops_are_in_the_namespaces_of_keras():
    assert ops.nn.relu is ops.relu
    assert ops.numpy.sum is ops.sum
    assert ops.linalg.norm is ops.norm
    assert callable(ops.image.resize)


def test_top_k_takes_integers_and_keeps_the_order_of_equal_ones():
    values, indices = ops.top_k(np.array([0, 5, 3, 5], np.uint8), 3)
    np.testing.assert_array_equal(values, [5, 5, 3])
    np.testing.assert_array_equal(indices, [1, 3, 2])
    np.testing.assert_array_equal(ops.top_k(np.array([-128, 5], np.int8), 1)[0], [5])


def test_power_of_zero_has_a_gradient():
    x = np.array([[0.0, 2.0]])
    _, gradient = _Sum(lambda x: ops.power(x, 0.0), 1.0).value_and_gradient(x, x)
    np.testing.assert_array_equal(gradient, 0)


def test_gradients_flow_through_casts_and_masks(rng):
    x = rng.uniform(0.5, 2, (4, 3))

    def function(x):
        mask = ops.cast(x > 1, x.dtype)
        return ops.cast(ops.cast(x, "float32") * 2.0, "float64") * mask + ops.cast(ops.cast(x, "int32"), x.dtype) * x

    def reference(x):
        return 2 * x * (x > 1) + x.astype(int) * x

    value, gradient = _Sum(function, 1.0).value_and_gradient(x, x)
    assert value == pytest.approx(reference(x).sum(), rel=1e-6)
    np.testing.assert_allclose(gradient, 2 * (x > 1) + x.astype(int), rtol=1e-6)
    assert gradient.dtype == np.float64


@pytest.mark.parametrize(
    ("dtype", "message"), [("complex64", "dtype='complex64' is not supported"), ("text", "dtype='text'"), (None, "dtype=None")]
)
def test_unknown_dtypes_are_refused(dtype, message):
    with pytest.raises(ValueError, match=message):
        ops.cast(np.ones(2), dtype)
    with pytest.raises(TypeError, match="has dtype complex128; expected real numbers"):
        ops.exp(np.ones(2, complex))


@pytest.mark.parametrize("mode", ["reflect", "symmetric", "edge", "wrap"])
def test_gradients_of_padding_with_elements_match_finite_differences(rng, mode):
    x = rng.uniform(0.5, 2, (4, 3))
    factors = rng.standard_normal((7, 6))
    _, gradient = _Sum(lambda x: ops.pad(x, ((2, 1), (1, 2)), mode), factors).value_and_gradient(x, x)
    for index in np.ndindex(x.shape):
        difference = bounds.difference_quotient(lambda: np.sum(np.pad(x, ((2, 1), (1, 2)), mode) * factors), x, index)
        assert gradient[index] == pytest.approx(difference, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize(
    ("subscripts", "shapes", "message"),
    [
        ("ij", [(2, 3), (3, 4)], "describes 1 arrays; expected 2"),
        ("ij,jk->ik", [(2, 3), (4, 4)], "axis 'j' of operands has the sizes 3 and 4; expected the same"),
        ("ii->i", [(2, 3)], "axis 'i' of operands has the sizes 2 and 3; expected the same"),
        ("ijk,jk", [(2, 3), (3, 4)], "does not fit an array of 2 axes; expected a letter for each"),
        ("ij->ik", [(2, 3)], "has a result with other letters; expected those of the arrays, each once"),
        ("ij->ii", [(2, 3)], "has a result with other letters; expected those of the arrays, each once"),
    ],
)
def test_subscripts_that_do_not_fit_are_refused(subscripts, shapes, message):
    with pytest.raises(ValueError, match=message):
        ops.einsum(subscripts, *[np.ones(shape) for shape in shapes])
