"""Functions as layers."""

import numpy as np
import pytest

from striate import Input, Model, Sequential, layers, ops
from tests.helpers.layer_gradients import gradients

IMAGES = (2, 6, 7, 4)


def test_lambda_layers_compute_the_function():
    x = np.random.default_rng(0).standard_normal(IMAGES, dtype=np.float32)
    inputs = layers.Input(IMAGES[1:])
    layer = layers.Lambda(lambda x, axis: ops.mean(ops.square(x), axis=axis), arguments={"axis": (1, 2)})
    y = layer(inputs)
    assert y.shape == (None, 4)
    np.testing.assert_allclose(Model(inputs, y).predict(x), np.mean(x * x, (1, 2)), rtol=1e-5)
    np.testing.assert_allclose(layer(x), np.mean(x * x, (1, 2)), rtol=1e-5)
    doubled = layers.Lambda(lambda x, training: 2 * x if training else x, output_shape=IMAGES[1:])
    np.testing.assert_array_equal(doubled(x), x)
    np.testing.assert_array_equal(doubled(x, training=True), 2 * x)
    _, dx = gradients(doubled, x, x)
    np.testing.assert_array_equal(dx, 2 * x)
    assert layers.Lambda(ops.square, output_shape=lambda shape: shape).compute_output_shape((None, 3)) == (None, 3)
    assert layers.Lambda(lambda ab: ab[0] - ab[1])([inputs, inputs]).shape == inputs.shape
    again = layers.Lambda.from_config(layer.get_config())
    np.testing.assert_allclose(again(x), np.mean(x * x, (1, 2)), rtol=1e-5)


def test_a_model_with_a_lambda_is_made_again_from_its_configuration_within_a_program():
    model = Sequential([Input((3,)), layers.Lambda(lambda x: x * 2.0)])
    again = Sequential.from_config(model.get_config())
    np.testing.assert_array_equal(again.predict(np.ones((1, 3), np.float32), verbose=0), [[2, 2, 2]])


mean = 3.0  # a global variable with the name of an attribute below


def test_a_lambda_that_is_saved_reads_modules_and_its_arguments_alone():
    assert layers.Lambda(lambda x: ops.mean(x)).get_config()["function"]["config"]["modules"] == {"ops": "striate.ops"}
    with pytest.raises(TypeError, match=r"layer 'one' cannot be saved: .* reads the global variable 'mean'"):
        layers.Lambda(lambda x: x - mean, name="one").get_config()
    with pytest.raises(TypeError, match=r"layer 'two' cannot be saved: .* keyword-only arguments, \['factor'\]"):
        layers.Lambda(lambda x, *, factor=2.0: x * factor, name="two").get_config()
