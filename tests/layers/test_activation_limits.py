"""Values and gradients of every activation at infinities, NaN, zeros, and the largest and smallest numbers."""

import numpy as np
import pytest

from striate import activations, layers
from tests.helpers.activation_rows import ELEMENTWISE, Row, constant, same, times, zero
from tests.helpers.layer_gradients import gradients


def relu(x, max_value=np.inf, negative_slope=0.0, threshold=0.0):
    return np.minimum(np.where(x > threshold, x, negative_slope * (x - threshold)), max_value)


def elu(x, alpha):
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


#: Functions that make layers, and the rows that describe their limits, by name.
LAYERS = {
    **{name: (lambda name=name: layers.Activation(name, dtype="float32"), row) for name, row in ELEMENTWISE.items()},
    "ReLU(threshold=1)": (
        lambda: layers.ReLU(threshold=1.0),
        Row(lambda x: relu(x, threshold=1), zero, same, (0, 0, 0, 1), straight=True),
    ),
    "ReLU(max_value=0)": (lambda: layers.ReLU(max_value=0), Row(zero, zero, zero, (0, 0, 0, 0), straight=True)),
    "ReLU(6, 0.1, 2)": (
        lambda: layers.ReLU(6, 0.1, 2),
        Row(lambda x: relu(x, 6, 0.1, 2), lambda x: 0.1 * (x - 2), constant(6), (0.1, 0.1, 0.1, 0), straight=True),
    ),
    "ReLU(negative_slope=0.3)": (
        lambda: layers.ReLU(negative_slope=0.3),
        Row(lambda x: relu(x, negative_slope=0.3), times(0.3), same, (0.3, 0.3, 1, 1), straight=True),
    ),
    "LeakyReLU(0)": (lambda: layers.LeakyReLU(0), Row(relu, zero, same, (0, 0, 1, 1), straight=True)),
    "LeakyReLU()": (
        lambda: layers.LeakyReLU(),
        Row(lambda x: relu(x, negative_slope=0.3), times(0.3), same, (0.3, 0.3, 1, 1), straight=True),
    ),
    "ELU(0)": (lambda: layers.ELU(0), Row(relu, zero, same, (0, 0, 1, 1))),
    "ELU(2)": (lambda: layers.ELU(2), Row(lambda x: elu(x, 2), constant(-2), same, (0, 2, 1, 1))),
    "PReLU(1)": (lambda: layers.PReLU("ones"), Row(same, same, same, (1, 1, 1, 1), straight=True)),
}
each_layer = pytest.mark.parametrize(("make", "row"), LAYERS.values(), ids=LAYERS)


def output_and_gradient(make, x, dtype):
    """Return the output of a layer and the gradient of its input, for an output gradient of ones."""
    layer = make()
    layer = type(layer).from_config({**layer.get_config(), "dtype": dtype.name})
    x = np.array(x, dtype)[np.newaxis]
    layer(x)
    y, dx, *_ = gradients(layer, x, np.ones_like(x))
    np.testing.assert_array_equal(layer(x), y)
    return y[0].astype(np.float64), dx[0].astype(np.float64)


@each_layer
def test_layers_match_numpy_and_finite_differences(rng, make, row):
    x = 4 * rng.standard_normal(500)
    y, dx = output_and_gradient(make, x, np.dtype(np.float64))
    np.testing.assert_allclose(y, row.reference(x), rtol=1e-12, atol=1e-12)
    step = 1e-6
    want = (row.reference(x + step) - row.reference(x - step)) / (2 * step)
    np.testing.assert_allclose(dx, want, rtol=1e-7, atol=1e-8)


@each_layer
@pytest.mark.parametrize("size", [3, 40])  # Less than a SIMD vector, and several vectors.
def test_activations_have_their_limits_far_from_zero(dtype, make, row, size):
    large = float(np.finfo(dtype).max)
    for x in (np.inf, large, large / 4, 1e30, 1e20):
        for sign, tail, slope in ((1, row.above, row.slopes[3]), (-1, row.below, row.slopes[0])):
            y, dx = output_and_gradient(make, [sign * x] * size, dtype)
            with np.errstate(over="ignore"):
                want = np.float64(dtype.type(tail(np.float64(sign * x)))) if np.isfinite(x) else tail(sign * x)
            np.testing.assert_allclose(y, want, rtol=1e-6, atol=1e-12, err_msg=f"at {sign * x}")
            np.testing.assert_allclose(dx, slope, rtol=1e-6, atol=1e-12, err_msg=f"the gradient at {sign * x}")


@each_layer
def test_nan_gives_nan(dtype, make, row):
    y, dx = output_and_gradient(make, [np.nan, 1.0, np.nan, -1.0], dtype)
    np.testing.assert_array_equal(np.isnan(y), [True, False, True, False])
    assert np.isfinite(dx[1::2]).all()
    if row.straight:
        assert any(np.allclose(dx[::2], slope) for slope in row.slopes)
    else:
        assert np.isnan(dx[::2]).all()


@each_layer
def test_activations_are_continuous_near_zero(dtype, make, row):
    tiny = float(np.finfo(dtype).tiny)
    y, dx = output_and_gradient(make, [0.0, -0.0, tiny, -tiny, tiny / 4, -tiny / 4], dtype)
    around, _ = output_and_gradient(make, [-1e-4, 1e-4], dtype)
    np.testing.assert_allclose(y, y[0], rtol=0, atol=2 * tiny + 1e-15 * abs(y[0]))  # The slope near 0 is at most 2.
    _, below, above, _ = row.slopes
    np.testing.assert_allclose(dx[[0, 1, 3, 5]], below, rtol=4e-7, atol=1e-7)
    np.testing.assert_allclose(dx[2], above, rtol=4e-7, atol=1e-7)
    assert min(abs(dx[4] - below), abs(dx[4] - above)) <= 1e-6  # Denormals may count as zero.
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


def test_relu_with_arguments_gives_the_values_of_keras():
    x = np.array([-np.inf, -10, -5, 0, 5, 10, np.inf, np.nan], np.float32)
    for arguments, want in (
        ({"threshold": 5.0}, [0, 0, 0, 0, 0, 10, np.inf, np.nan]),
        ({"threshold": 5.0, "negative_slope": 0.5}, [-np.inf, -7.5, -5, -2.5, 0, 10, np.inf, np.nan]),
        ({"max_value": 5.0}, [0, 0, 0, 0, 5, 5, 5, np.nan]),
        ({"max_value": 0.0}, [0, 0, 0, 0, 0, 0, 0, np.nan]),
    ):
        np.testing.assert_array_equal(activations.relu(x, **arguments), want)
        np.testing.assert_array_equal(layers.ReLU(**arguments)(x[np.newaxis])[0], want)
