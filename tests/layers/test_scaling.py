"""Layers of residual branches in Keras' networks: what they compute, gradients, files, and bad arguments."""

import numpy as np
import pytest

from striate import Input, Model, layers
from striate.layers.scaling import CustomScaleLayer, LayerScale
from striate.models import load_model

from ..helpers.layer_gradients import gradients

RNG = np.random.default_rng(0)
X, Y, DY = (RNG.standard_normal((2, 3, 4, 5)).astype(np.float32) for _ in range(3))


def test_layer_scale_multiplies_channels():
    layer = LayerScale(0.5, 5)
    np.testing.assert_array_equal(layer(X), 0.5 * X)
    gamma = RNG.random(5).astype(np.float32)
    layer.set_weights([gamma])
    y, dx, dgamma = gradients(layer, X, DY)
    np.testing.assert_allclose(y, X * gamma, rtol=1e-6)
    np.testing.assert_allclose(dx, DY * gamma, rtol=1e-6)
    np.testing.assert_allclose(dgamma, (DY * X).sum((0, 1, 2)), rtol=1e-5, atol=1e-5)


def test_custom_scale_layer_scales_the_second_input():
    y, dx, dy = gradients(CustomScaleLayer(0.25), [X, Y], DY)
    np.testing.assert_allclose(y, X + 0.25 * Y, rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(dx, DY)
    np.testing.assert_array_equal(dy, 0.25 * DY)


def test_files_know_the_layers(tmp_path):
    image = Input((3, 4, 5))
    model = Model(image, CustomScaleLayer(0.1)([image, LayerScale(1e-6, 5)(layers.ReLU()(image))]), rng=0)
    model.set_weights([RNG.random(5)])
    model.save(tmp_path / "model")
    np.testing.assert_array_equal(load_model(tmp_path / "model").predict(X), model.predict(X))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: LayerScale("small", 5), TypeError, "init_values='small'"),
        (lambda: LayerScale(0.1, 0), ValueError, "projection_dim=0 .* at least 1"),
        (lambda: CustomScaleLayer(None), TypeError, "scale=None"),
        (lambda: LayerScale(0.1, 4)(X), ValueError, r"\(4,\)|4 .* 5"),
    ],
)
def test_bad_arguments_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()
