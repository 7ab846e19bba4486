"""Normalization layers."""

import numpy as np
import pytest

from striate import Sequential, layers, models, optimizers
from tests.helpers.layer_gradients import gradients


def test_unit_normalization_leaves_vectors_of_length_zero_unchanged():
    x = np.zeros((2, 3), np.float32)
    y, dx = gradients(layers.UnitNormalization(), x, np.ones_like(x))
    np.testing.assert_array_equal(y, 0)
    assert np.isfinite(dx).all()


def other_axes(layer, at_end, x, axis):
    """Compare a layer along some axes with one along the last axes, on arrays whose axes are moved."""
    end = tuple(range(-len(axis), 0))
    moved = np.moveaxis(x, axis, end)
    for training in (True, False):
        np.testing.assert_array_equal(np.moveaxis(at_end(moved, training=training), end, axis), layer(x, training=training))


@pytest.mark.parametrize("axis", [1, 2, -1, -2])
def test_normalizations_move_their_axes_to_the_end(axis):
    x = np.random.default_rng(0).standard_normal((3, 6, 4, 8)).astype(np.float32)
    other_axes(layers.BatchNormalization(axis), layers.BatchNormalization(), x, [axis])
    other_axes(layers.GroupNormalization(2, axis), layers.GroupNormalization(2), x, [axis])
    other_axes(layers.LayerNormalization(axis), layers.LayerNormalization(), x, [axis])
    if axis not in (1, -1):
        pair = sorted([1, axis % 4])
        other_axes(layers.LayerNormalization([axis, 1]), layers.LayerNormalization([-1, -2]), x, pair)


def test_layer_normalization_divides_by_the_deviation_alone_if_so_asked():
    x = np.random.default_rng(0).standard_normal((3, 5)) + 3
    layer = layers.LayerNormalization(rms_scaling=True, dtype="float64")
    np.testing.assert_allclose(layer(x), x / np.sqrt(x.var(1, keepdims=True) + 1e-3))
    assert [weight.name for weight in layer.weights] == ["gamma"]


def renormalized(x, weights, momentum, renorm_momentum, rmin=0.0, rmax=np.inf, dmax=np.inf, epsilon=1e-3):
    """What batch renormalization returns in training, and the statistics afterwards, by the paper's algorithm 1."""
    gamma, beta, moving_mean, _, moving_stddev, renorm_mean, renorm_stddev = weights
    mean, deviation = x.mean((0, 1)), np.sqrt(x.var((0, 1)) + epsilon)
    before = np.maximum(renorm_stddev, np.sqrt(epsilon))
    r, d = np.clip(deviation / before, rmin, rmax), np.clip((mean - renorm_mean) / before, -dmax, dmax)
    stddev = moving_stddev * momentum + deviation * (1 - momentum)
    statistics = (
        moving_mean * momentum + mean * (1 - momentum),
        np.maximum(stddev**2 - epsilon, 0),
        stddev,
        renorm_mean * renorm_momentum + mean * (1 - renorm_momentum),
        renorm_stddev * renorm_momentum + deviation * (1 - renorm_momentum),
    )
    return ((x - mean) / deviation * r + d) * gamma + beta, statistics, (mean, deviation, r, d)


@pytest.mark.parametrize("limits", [{}, {"rmin": 0.9, "rmax": 1.1, "dmax": 0.2}])
def test_batch_renormalization(limits):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((5, 4, 3)) + 1
    settings = {"momentum": 0.8, "renorm_momentum": 0.7}
    layer = layers.BatchNormalization(renorm=True, renorm_clipping=limits, **settings, dtype="float64")
    layer.build(x.shape)
    weights = [rng.uniform(0.5, 2, 3) for _ in layer.weights]
    layer.set_weights(weights)
    wanted, statistics, (mean, deviation, r, d) = renormalized(x, weights, *settings.values(), **limits)
    dy = rng.standard_normal(x.shape)
    y, dx, dgamma, dbeta = gradients(layer, x, dy)
    np.testing.assert_allclose(y, wanted, rtol=1e-12)
    for weight, value in zip(layer.get_weights()[2:], statistics, strict=True):
        np.testing.assert_allclose(weight, value, rtol=1e-12)
    # Corrections are constants: the gradient is that of batch normalization with the scale r gamma.
    normalized = (x - mean) / deviation
    np.testing.assert_allclose(dgamma, (dy * (normalized * r + d)).sum((0, 1)), rtol=1e-10)
    np.testing.assert_allclose(dbeta, dy.sum((0, 1)), rtol=1e-10)
    along = dy - dy.mean((0, 1)) - normalized * (dy * normalized).mean((0, 1))
    np.testing.assert_allclose(dx, along * weights[0] * r / deviation, rtol=1e-9, atol=1e-12)
    before = layer.get_weights()
    assert layer(x[:0], training=True).shape == (0, 4, 3)
    np.testing.assert_array_equal(layer.get_weights(), before)
    np.testing.assert_allclose(layer(x), (x - before[2]) / np.sqrt(before[3] + 1e-3) * before[0] + before[1], rtol=1e-12)


@pytest.mark.parametrize(("wrapped", "shape"), [(layers.Dense(4), (3, 5)), (layers.Conv2D(4, (3, 2)), (2, 6, 5, 3))])
def test_spectral_normalization_divides_the_kernel_by_its_largest_singular_value(wrapped, shape):
    rng = np.random.default_rng(0)
    x = rng.standard_normal(shape).astype(np.float32)
    layer = layers.SpectralNormalization(wrapped, power_iterations=2)
    layer.build(shape)
    kernel, u = layer.kernel.numpy(), layer.vector_u.numpy()
    np.testing.assert_array_equal(layer(x), wrapped(x))  # Prediction leaves the kernel as it is.
    matrix, wanted = kernel.reshape(-1, 4), u.copy()
    for _ in range(2):
        v = wanted @ matrix.T
        v /= np.linalg.norm(v)
        wanted = v @ matrix
        wanted /= np.linalg.norm(wanted)
    y = layer(x, training=True)
    np.testing.assert_allclose(layer.vector_u.numpy(), wanted, rtol=1e-5)
    np.testing.assert_allclose(layer.kernel.numpy(), kernel / (v @ matrix @ wanted.T), rtol=1e-5)
    np.testing.assert_array_equal(y, wrapped(x))
    for _ in range(30):
        layer(x, training=True)
    assert np.linalg.norm(layer.kernel.numpy().reshape(-1, 4), 2) == pytest.approx(1, rel=1e-4)
    layer.kernel.assign(np.zeros_like(kernel))
    layer(x, training=True)
    assert not layer.kernel.numpy().any()


def test_a_model_with_spectral_normalization_learns_and_is_saved(tmp_path):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((64, 4)).astype(np.float32)
    y = (x[:, :1] > x[:, 1:2]).astype(np.float32)
    model = Sequential(
        [layers.Input((4,)), layers.SpectralNormalization(layers.Dense(8, activation="relu")), layers.Dense(1, "sigmoid")],
        rng=0,
    )
    model.compile(optimizers.Adam(0.02), "binary_crossentropy")
    history = model.fit(x, y, epochs=20, verbose=0).history["loss"]
    assert history[-1] < 0.8 * history[0]
    model.save(tmp_path / "model.npz")
    np.testing.assert_array_equal(models.load_model(tmp_path / "model.npz").predict(x), model.predict(x))
