"""Objects become configurations that JSON can hold, and configurations become equal objects; nothing else is executed."""

import json

import numpy as np
import pytest

import striate
from striate import layers, losses, optimizers, saving


def roundtrip(thing, **settings):
    """Return the object that a configuration, written as JSON, describes, and assert that it describes itself alike."""
    described = saving.serialize_keras_object(thing)
    again = saving.deserialize_keras_object(json.loads(json.dumps(described)), **settings)
    assert json.dumps(saving.serialize_keras_object(again)) == json.dumps(described)
    return again


def square(x):
    return x * x


class ScaledHere(layers.Layer):
    def __init__(self, factor=2, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, x):
        return x * self.factor


@pytest.mark.parametrize(
    "thing", ["text", 3, 1.5, None, True, ["a", 1, [2.0]], {"a": {"b": [1]}}, b"bytes", slice(None, 3), ...]
)
def test_plain_things(thing):
    assert roundtrip(thing) == thing


def test_arrays_keep_their_dtypes():
    found = roundtrip({"x": np.arange(6, dtype="int16").reshape(2, 3)})["x"]
    assert found.dtype == np.int16
    np.testing.assert_array_equal(found, [[0, 1, 2], [3, 4, 5]])
    assert roundtrip(np.float32(0.5)) == 0.5


@pytest.mark.parametrize(
    "thing",
    [
        layers.Conv2D(4, (3, 5), activation="relu", kernel_regularizer="l2", name="first"),
        optimizers.Adam(optimizers.schedules.ExponentialDecay(0.1, 10, 0.5)),
        losses.Huber(delta=2.0),
        striate.metrics.AUC(num_thresholds=5),
        striate.initializers.HeNormal(seed=3),
        striate.DTypePolicy("float64"),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_objects_of_the_library(thing):
    assert type(roundtrip(thing)) is type(thing)


def test_models():
    model = striate.Sequential([layers.Input((4,)), layers.Dense(3, activation="relu"), layers.Dense(2)], rng=0)
    again = roundtrip(model)
    again.set_weights(model.get_weights())
    x = np.ones((2, 4), "float32")
    np.testing.assert_array_equal(again.predict(x), model.predict(x))


def test_functions_and_custom_classes():
    assert roundtrip(striate.activations.relu) is striate.activations.relu
    assert roundtrip(square, custom_objects={"square": square}) is square
    layer = roundtrip(layers.Dense(2, activation=square), custom_objects={"square": square})
    assert layer.activation is square
    assert roundtrip(ScaledHere(3), custom_objects={"ScaledHere": ScaledHere}).factor == 3
    with pytest.raises(TypeError, match=r"'ScaledHere' .* is not known"):
        roundtrip(ScaledHere(3))


def test_lambdas_need_trust():
    described = saving.serialize_keras_object(lambda x, by=3: x + by)
    assert saving.deserialize_keras_object(json.loads(json.dumps(described)), safe_mode=False)(4) == 7
    with pytest.raises(ValueError, match="safe_mode=False"):
        saving.deserialize_keras_object(described)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"), ("builtins", "eval"), ("keras.models", "load_model"), ("striate.saving", "load_model"),
        ("striate.layers.core", "importlib"), ("keras", "version"), (None, "Dense"), (3, "Dense"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["class", "function"])
def test_nothing_else_is_found(module, name, kind):
    config = {"module": module, "class_name": name, "config": {}}
    if kind == "function":
        config = {"module": module, "class_name": "function", "config": name}
    with pytest.raises(TypeError, match="is not known"):
        saving.deserialize_keras_object(config)


@pytest.mark.parametrize(
    "config", [{"class_name": "Dense", "config": [1]}, {"class_name": "function", "config": ["a"]}, object()]
)
def test_damaged_configurations_are_reported(config):
    with pytest.raises(TypeError, match="expected"):
        saving.deserialize_keras_object(config)


def test_registered_names(monkeypatch):
    monkeypatch.setattr("striate._common.registry.REGISTERED", {})
    own = type("Own", (ScaledHere,), {"__init__": ScaledHere.__init__})
    saving.register_keras_serializable("mine", "Other")(own)
    assert saving.get_registered_name(own) == "mine>Other"
    assert saving.get_registered_object("mine>Other") is own
    assert saving.get_registered_object("nothing", custom_objects={"nothing": own}) is own
    assert saving.get_registered_object("nothing") is None
    assert type(roundtrip(own(2))) is own
    with pytest.raises(ValueError, match="get_config"):
        saving.register_keras_serializable()(type("Bare", (), {}))
