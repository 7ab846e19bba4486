"""Functions as layers."""

import functools
import json

import numpy as np
import pytest

from striate import Input, Model, Sequential, layers, models, ops, saving
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
    dense = layers.Dense(2)
    with pytest.raises(TypeError, match=r"layer 'three' cannot be saved: .* reads the variable 'dense', <Dense 'dense'>"):
        layers.Lambda(lambda x: dense(x), name="three").get_config()
    with pytest.raises(TypeError, match=r"layer 'three' cannot be saved: .* reads the variable 'layer', <Dense 'dense'>"):
        layers.Lambda(lambda x, offset=1.0, layer=dense: layer(x) + offset, name="three").get_config()
    with pytest.raises(TypeError, match=r"layer 'four' cannot be saved: .* has no name; expected a lambda, or a function with"):
        layers.Lambda(functools.partial(ops.multiply, 2), name="four").get_config()
    model = Sequential([Input((2,)), layers.Lambda(lambda x: x - mean)])
    np.testing.assert_array_equal(models.clone_model(model).predict(np.ones((1, 2)), verbose=0), [[-2, -2]])


def of_arrays():
    weights, options = np.arange(3.0, dtype="float32"), {"factor": 2, "by": [np.float32(0.5)]}
    return lambda x, offset=weights[1]: (x * weights + offset) * options["factor"] / options["by"][0]


@pytest.mark.parametrize("function", [of_arrays(), ops.exp, ops.relu, ops.gelu, ops.image.rgb_to_grayscale, ops.nn.silu])
@pytest.mark.parametrize("file", ["x.npz", "x.keras"])
def test_functions_of_the_library_and_arrays_that_lambdas_read_are_saved(function, file, tmp_path):
    x = np.random.default_rng(0).standard_normal((2, 4, 3)).astype("float32")
    model = Sequential([Input((4, 3)), layers.Lambda(function)])
    expected = model.predict(x, verbose=0)
    model.save(tmp_path / file)
    again = models.load_model(tmp_path / file, safe_mode=function.__name__ != "<lambda>")
    np.testing.assert_array_equal(again.predict(x, verbose=0), expected)
    described = saving.serialize_keras_object(model)
    again = saving.deserialize_keras_object(json.loads(json.dumps(described)), safe_mode=function.__name__ != "<lambda>")
    np.testing.assert_array_equal(again.predict(x, verbose=0), expected)


def test_a_file_names_no_other_functions_of_the_library():
    for name in ("exp", "ops.nn", "ops.numpy.exp", "os.getcwd", "ops.np", "ops.__name__", "models.load_model"):
        with pytest.raises(ValueError, match=f"'{name}' is unknown"):
            layers.Lambda.from_config({"function": {"striate": "function", "value": name}})
