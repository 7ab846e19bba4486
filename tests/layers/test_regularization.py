"""Layers that act in training only: dropout and penalties."""

import numpy as np
import pytest

from striate import Model, layers


def test_dropout_drops_in_training_only_and_keeps_the_mean():
    x = np.ones((100, 100), np.float32)
    layer = layers.Dropout(0.25)
    np.testing.assert_array_equal(layer(x), x)
    y = layer(x, training=True, rng=0)
    assert set(np.unique(y)) == {np.float32(0), np.float32(1 / 0.75)}
    assert np.mean(y == 0) == pytest.approx(0.25, abs=0.02)
    assert y.mean() == pytest.approx(1, abs=0.02)


def test_dropout_shares_noise_along_axes_of_size_one():
    x = np.ones((50, 6, 7, 8), np.float32)
    y = layers.Dropout(0.25, noise_shape=(None, 1, 1, None))(x, training=True, rng=0)
    np.testing.assert_array_equal(y, np.broadcast_to(y[:, :1, :1], y.shape))
    assert set(np.unique(y)) == {np.float32(0), np.float32(1 / 0.75)}
    y = layers.SpatialDropout1D(0.5)(x[:, 0], training=True, rng=0)
    np.testing.assert_array_equal(y, np.broadcast_to(y[:, :1], y.shape))
    for layer in (layers.Dropout(1), layers.SpatialDropout2D(1.0)):
        np.testing.assert_array_equal(layer(x, training=True), 0)
        np.testing.assert_array_equal(layer(x), x)


@pytest.mark.parametrize("layer", [layers.AlphaDropout(0.4), layers.GaussianDropout(0.4)])
def test_alpha_and_gaussian_dropout_keep_mean_and_variance(layer):
    x = np.random.default_rng(0).standard_normal((300, 400), dtype=np.float32)
    np.testing.assert_array_equal(layer(x), x)
    y = layer(x, training=True, rng=0)
    assert y.mean() == pytest.approx(0, abs=0.02)
    assert y.var() == pytest.approx(1 if isinstance(layer, layers.AlphaDropout) else 1 + 0.4 / 0.6, rel=0.02)


def test_activity_regularization_adds_to_the_loss():
    x = np.random.default_rng(0).standard_normal((4, 3), dtype=np.float32)
    inputs = layers.Input((3,))
    model = Model(inputs, layers.ActivityRegularization(0.1, 0.2)(inputs))
    model.compile("sgd", "mean_squared_error")
    penalty = 0.1 * np.abs(x).sum() + 0.2 * np.square(x).sum()
    assert model.train_on_batch(x, x) in (pytest.approx(penalty, rel=1e-5), pytest.approx(penalty / len(x), rel=1e-5))
