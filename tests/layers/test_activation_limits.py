"""Every activation at infinities, NaN, zeros, and the largest and smallest numbers: what it gives, and its gradient."""

import numpy as np
import pytest

from striate import activations, layers
from striate.functional.activations import ACTIVATIONS
from tests.helpers.layer_gradients import gradients


def zero(x):
    """Nothing."""
    return 0 * np.sign(x)


def same(x):
    """All."""
    return x


def constant(value):
    return lambda x: value + zero(x)


def times(factor):
    return lambda x: factor * x


#: What each is for large x: above zero, below zero, and the gradients there.
TAILS = {
    "linear": (same, same, 1, 1),
    "relu": (same, zero, 1, 0),
    "leaky_relu": (same, times(0.2), 1, 0.2),
    "relu6": (constant(6), zero, 0, 0),
    "elu": (same, constant(-1), 1, 0),
    "selu": (times(1.0507009873554805), constant(-1.7580993408473766), 1.0507009873554805, 0),
    "sigmoid": (constant(1), zero, 0, 0),
    "hard_sigmoid": (constant(1), zero, 0, 0),
    "tanh": (constant(1), constant(-1), 0, 0),
    "softplus": (same, zero, 1, 0),
    "softsign": (constant(1), constant(-1), 0, 0),
    "exponential": (constant(np.inf), zero, np.inf, 0),
    "silu": (same, zero, 1, 0),
    "hard_silu": (same, zero, 1, 0),
    "gelu": (same, zero, 1, 0),
    "gelu_tanh": (same, zero, 1, 0),
    "mish": (same, zero, 1, 0),
    "celu": (same, constant(-1), 1, 0),
    "hard_tanh": (constant(1), constant(-1), 0, 0),
    "hard_shrink": (same, same, 1, 1),
    "soft_shrink": (same, same, 1, 1),
    "tanh_shrink": (same, same, 1, 1),
    "threshold": (same, zero, 1, 0),
    "log_sigmoid": (zero, same, 0, 1),
    "squareplus": (same, zero, 1, 0),
    "sparse_plus": (same, zero, 1, 0),
    "sparse_sigmoid": (constant(1), zero, 0, 0),
}
ROWWISE = {"softmax", "log_softmax", "glu", "sparsemax"}
LAYERS = {
    **{name: (lambda name=name: layers.Activation(name, dtype="float32"), tails) for name, tails in TAILS.items()},
    "ReLU(threshold=1)": (lambda: layers.ReLU(threshold=1.0), (same, zero, 1, 0)),
    "ReLU(max_value=0)": (lambda: layers.ReLU(max_value=0), (zero, zero, 0, 0)),
    "ReLU(6, 0.1, 2)": (lambda: layers.ReLU(6, 0.1, 2), (constant(6), lambda x: 0.1 * (x - 2), 0, 0.1)),
    "ReLU(negative_slope=0.3)": (lambda: layers.ReLU(negative_slope=0.3), (same, times(0.3), 1, 0.3)),
    "LeakyReLU(0)": (lambda: layers.LeakyReLU(0), (same, zero, 1, 0)),
    "LeakyReLU()": (lambda: layers.LeakyReLU(), (same, times(0.3), 1, 0.3)),
    "ELU(0)": (lambda: layers.ELU(0), (same, zero, 1, 0)),
    "ELU(2)": (lambda: layers.ELU(2), (same, constant(-2), 1, 0)),
    "PReLU(1)": (lambda: layers.PReLU("ones"), (same, same, 1, 1)),
}  # fmt: skip
#: The gradients at zero, which is where those below it end, and above.
SLOPES = {
    "linear": (1, 1),
    "relu": (0, 1),
    "leaky_relu": (0.2, 1),
    "relu6": (0, 1),
    "elu": (1, 1),
    "selu": (1.7580993408473766, 1.0507009873554805),
    "sigmoid": (1 / 4, 1 / 4),
    "hard_sigmoid": (1 / 6, 1 / 6),
    "tanh": (1, 1),
    "softplus": (1 / 2, 1 / 2),
    "softsign": (1, 1),
    "exponential": (1, 1),
    "silu": (1 / 2, 1 / 2),
    "hard_silu": (1 / 2, 1 / 2),
    "gelu": (1 / 2, 1 / 2),
    "gelu_tanh": (1 / 2, 1 / 2),
    "mish": (3 / 5, 3 / 5),
    "celu": (1, 1),
    "hard_tanh": (1, 1),
    "hard_shrink": (0, 0),
    "soft_shrink": (0, 0),
    "tanh_shrink": (0, 0),
    "threshold": (0, 1),
    "log_sigmoid": (1 / 2, 1 / 2),
    "squareplus": (1 / 2, 1 / 2),
    "sparse_plus": (1 / 2, 1 / 2),
    "sparse_sigmoid": (1 / 2, 1 / 2),
    "ReLU(threshold=1)": (0, 0),
    "ReLU(max_value=0)": (0, 0),
    "ReLU(6, 0.1, 2)": (0.1, 0.1),
    "ReLU(negative_slope=0.3)": (0.3, 1),
    "LeakyReLU(0)": (0, 1),
    "LeakyReLU()": (0.3, 1),
    "ELU(0)": (0, 1),
    "ELU(2)": (2, 1),
    "PReLU(1)": (1, 1),
}
#: Made of straight pieces, whose slope may be their gradient at NaN; that of all others is NaN.
STRAIGHT = {
    "linear", "relu", "leaky_relu", "relu6", "hard_sigmoid", "hard_tanh", "hard_shrink", "threshold", "sparse_sigmoid",
    "ReLU(threshold=1)", "ReLU(max_value=0)", "ReLU(6, 0.1, 2)", "ReLU(negative_slope=0.3)", "LeakyReLU(0)", "LeakyReLU()",
    "PReLU(1)",
}  # fmt: skip
each_layer = pytest.mark.parametrize(("make", "tails"), LAYERS.values(), ids=LAYERS)


def test_every_activation_is_tested():
    assert set(TAILS) | ROWWISE == set(ACTIVATIONS) | set(activations._OTHERS)


def output_and_gradient(make, x, dtype):
    """Those of a layer, for a dy of ones."""
    layer = make()
    layer = type(layer).from_config({**layer.get_config(), "dtype": dtype.name})
    x = np.array(x, dtype)[np.newaxis]
    layer(x)
    y, dx, *_ = gradients(layer, x, np.ones_like(x))
    np.testing.assert_array_equal(layer(x), y)
    return y[0].astype(np.float64), dx[0].astype(np.float64)


@each_layer
@pytest.mark.parametrize("size", [3, 40])  # a part of a vector, and several
def test_activations_have_their_limits_far_from_zero(dtype, make, tails, size):
    above, below, slope_above, slope_below = tails
    large = float(np.finfo(dtype).max)
    for x in (np.inf, large, large / 4, 1e30, 1e20):
        for sign, tail, slope in ((1, above, slope_above), (-1, below, slope_below)):
            y, dx = output_and_gradient(make, [sign * x] * size, dtype)
            with np.errstate(over="ignore"):
                want = np.float64(dtype.type(tail(np.float64(sign * x)))) if np.isfinite(x) else tail(sign * x)
            np.testing.assert_allclose(y, want, rtol=1e-6, atol=1e-12, err_msg=f"at {sign * x}")
            np.testing.assert_allclose(dx, slope, rtol=1e-6, atol=1e-12, err_msg=f"the gradient at {sign * x}")


@pytest.mark.parametrize("name", LAYERS)
def test_nan_gives_nan(dtype, name):
    make, tails = LAYERS[name]
    y, dx = output_and_gradient(make, [np.nan, 1.0, np.nan, -1.0], dtype)
    np.testing.assert_array_equal(np.isnan(y), [True, False, True, False])
    assert np.isfinite(dx[1::2]).all()
    if name in STRAIGHT:
        assert any(np.allclose(dx[::2], slope) for slope in (*tails[2:], *SLOPES[name]))
    else:
        assert np.isnan(dx[::2]).all()


@pytest.mark.parametrize("name", LAYERS)
def test_activations_are_continuous_near_zero(dtype, name):
    make, _ = LAYERS[name]
    tiny = float(np.finfo(dtype).tiny)
    y, dx = output_and_gradient(make, [0.0, -0.0, tiny, -tiny, tiny / 4, -tiny / 4], dtype)
    around, _ = output_and_gradient(make, [-1e-4, 1e-4], dtype)
    np.testing.assert_allclose(y, y[0], rtol=0, atol=2 * tiny + 1e-15 * abs(y[0]))  # continuous there, or flat
    below, above = SLOPES[name]
    np.testing.assert_allclose(dx[[0, 1, 3, 5]], below, rtol=4e-7, atol=1e-7)
    np.testing.assert_allclose(dx[2], above, rtol=4e-7, atol=1e-7)
    assert min(abs(dx[4] - below), abs(dx[4] - above)) <= 1e-6  # denormals may count as zero
    assert around.min() - 1e-7 <= y[0] <= around.max() + 1e-7


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_softmax_has_its_limits_in_rows(dtype, name):
    large = float(np.finfo(dtype).max)
    function = activations.get(name)
    for low in (-np.inf, -large):
        y = function(np.array([[0.0, low, 0.0, low]], dtype))[0]
        want = np.array([0.5, 0, 0.5, 0])
        np.testing.assert_allclose(np.exp(y) if name == "log_softmax" else y, want, rtol=1e-6)
    y = function(np.array([[0.0, np.nan, 1.0], [1.0, 2.0, 3.0]], dtype))
    assert np.isnan(y[0]).all()
    assert np.isfinite(y[1]).all()


def test_relu_with_arguments_is_keras():
    x = np.array([-np.inf, -10, -5, 0, 5, 10, np.inf, np.nan], np.float32)
    for arguments, want in (
        ({"threshold": 5.0}, [0, 0, 0, 0, 0, 10, np.inf, np.nan]),
        ({"threshold": 5.0, "negative_slope": 0.5}, [-np.inf, -7.5, -5, -2.5, 0, 10, np.inf, np.nan]),
        ({"max_value": 5.0}, [0, 0, 0, 0, 5, 5, 5, np.nan]),
        ({"max_value": 0.0}, [0, 0, 0, 0, 0, 0, 0, np.nan]),
    ):
        np.testing.assert_array_equal(activations.relu(x, **arguments), want)
        np.testing.assert_array_equal(layers.ReLU(**arguments)(x[np.newaxis])[0], want)
