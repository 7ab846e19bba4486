"""What programs written for Keras lean on beside layers: names, seeds and habits, each as small as it can be."""

import json

import numpy as np
import pytest

import striate as keras
from striate import layers, ops
from striate._common import randomness
from tests.helpers.small_classifier import X, network


def test_top_level_names_are_those_of_keras():
    assert issubclass(layers.Dense, keras.Layer)
    for name in ("Loss", "Metric", "Optimizer", "Initializer", "Regularizer", "Variable", "KerasTensor", "InputLayer"):
        assert isinstance(getattr(keras, name), type)
    assert keras.version() == keras.__version__
    assert keras.backend.floatx() == "float32"
    keras.backend.clear_session()
    assert isinstance(keras.Input((3,)), keras.KerasTensor)


def test_variables_are_made_by_initializers():
    ones = keras.Variable("ones", shape=(2, 3), dtype="int32", trainable=False)
    np.testing.assert_array_equal(ones.numpy(), np.ones((2, 3), "int32"))
    drawn = [keras.Variable(keras.initializers.RandomNormal(seed=1), shape=(4,)).numpy() for _ in range(2)]
    np.testing.assert_array_equal(*drawn)
    assert drawn[0].dtype == np.float32
    assert drawn[0].all()
    made = keras.Variable(initializer=lambda shape, dtype: np.full(shape, 2.0, dtype), shape=(2,), name="twos", autocast=False)
    assert made.name == "twos"
    assert made.numpy().tolist() == [2.0, 2.0]
    with pytest.raises(ValueError, match="initializer='ones' is given without a shape"):
        keras.Variable("ones")


def test_one_seed_makes_everything_repeatable(monkeypatch):
    monkeypatch.setattr(randomness, "_source", None)
    assert not np.array_equal(unseeded(), unseeded())
    keras.utils.set_random_seed(7)
    first = unseeded(), unseeded(), np.random.random()
    keras.utils.set_random_seed(7)
    again = unseeded(), unseeded(), np.random.random()
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a, b)
    assert not np.array_equal(first[0], first[1])
    with pytest.raises(ValueError, match="seed=-1 is too small"):
        keras.utils.set_random_seed(-1)


def unseeded():
    model = keras.Sequential([keras.Input((5,)), layers.Dropout(0.5), layers.Dense(2)])
    model.compile("sgd", "mse")
    model.fit(X, X[:, :2], verbose=0)
    return model.get_weights()[0]


def test_names_of_layers_and_models():
    assert layers.Conv2D(3, 3).name == "conv2d"
    model = keras.Sequential([keras.Input((5,)), layers.Dense(2), layers.Dense(2)])
    assert [layer.name for layer in model.layers] == ["dense", "dense_1"]
    assert model.get_layer(index=1) is model.get_layer("dense_1")
    with pytest.raises(ValueError, match="expected exactly one of them"):
        model.get_layer()
    with pytest.raises(ValueError, match="index=2 is too large"):
        model.get_layer(index=2)


def test_single_tensors_in_lists():
    image = keras.Input((5,))
    model = keras.Model(inputs=[image], outputs=[layers.Dense(2)(image)])
    assert isinstance(model.predict(X), np.ndarray)
    again = keras.Model([model.inputs], [model.outputs, model.layers[1].output])
    (first,), second = again.predict(X)
    assert first.shape == second.shape == (24, 2)


def test_summary_names_several_inputs(capsys):
    a, b = keras.Input((5,)), keras.Input((3,))
    keras.Model([a, b], layers.Concatenate()([a, b])).summary()
    assert "input_layer, input_layer_1" in capsys.readouterr().out


def test_a_model_in_front_tells_the_input(capsys):
    base = keras.Sequential([keras.Input((5,)), layers.Dense(4)])
    model = keras.Sequential([base, layers.Dense(3)])
    assert model.output_shape == (None, 3)
    model.summary()
    assert model.pop().name == "dense"
    assert model.output_shape == (None, 4)
    assert model.predict(X).shape == (24, 4)


def test_models_are_made_from_configurations():
    model = network()
    functional = keras.Model(model.inputs, layers.Dense(2)(model.layers[0].output))
    for each in (model, functional):
        for again in (type(each).from_config(each.get_config()), keras.models.model_from_json(each.to_json(indent=1))):
            again.set_weights(each.get_weights())
            np.testing.assert_array_equal(again.predict(X), each.predict(X))
    assert json.loads(model.to_json())["class_name"] == "Sequential"


def test_layers_come_in_the_order_of_keras():
    image = keras.Input((3,))
    b = layers.Dense(3, name="b")(image)
    a = layers.Dense(3, name="a2")(layers.Dense(3, name="a")(image))
    model = keras.Model(image, layers.Add(name="sum")([b, a]))
    assert [layer.name for layer in model.layers] == ["input_layer", "a", "b", "a2", "sum"]


class Block(keras.Layer):
    """Builds the layers within it in `build`, as Keras 3 advises, and keeps them in lists."""

    def build(self, input_shape):
        self.blocks = [[layers.Dense(4), layers.Dense(4)], [layers.Dense(2)]]
        for block in self.blocks:
            for layer in block:
                layer.build(input_shape)
                input_shape = layer.compute_output_shape(input_shape)

    def call(self, x):
        for block in self.blocks:
            for layer in block:
                x = layer(x)
        return x

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], 2)


def test_layers_within_layers_are_built_and_trained():
    model = keras.Sequential([keras.Input((5,)), Block()], rng=0)
    same = keras.Sequential([keras.Input((5,)), Block()], rng=0)
    assert len(model.trainable_weights) == 6
    np.testing.assert_equal(model.get_weights(), same.get_weights())
    before = model.get_weights()
    model.compile("sgd", "mse")
    model.fit(X, X[:, :2], verbose=0)
    for a, b in zip(model.get_weights(), before, strict=True):
        assert not np.array_equal(a, b)
    dense = layers.Dense(3)
    dense.build((None, 4))
    assert dense.built
    assert dense(np.ones((2, 4), np.float32)).shape == (2, 3)


def test_symbolic_tensors_are_neither_true_nor_false():
    with pytest.raises(TypeError, match=r"neither true nor false.*ops\.where"):
        bool(keras.Input((3,)) > 0)


def test_random_changes_are_seen_when_layers_are_called():
    images = np.random.default_rng(0).random((8, 6, 6, 1)).astype(np.float32)
    flip = layers.RandomFlip(seed=1)
    assert not np.array_equal(flip(images), images)
    np.testing.assert_array_equal(flip(images, training=False), images)
    np.testing.assert_array_equal(layers.Dropout(0.5)(images), images)
    model = keras.Sequential([keras.Input((6, 6, 1)), layers.RandomFlip(), layers.Dropout(0.5)], rng=0)
    changed = model(images)
    assert not np.array_equal(changed, images)
    np.testing.assert_array_equal(np.sort(changed, axis=None), np.sort(images, axis=None))  # nothing is dropped
    np.testing.assert_array_equal(model(images, training=False), images)
    np.testing.assert_array_equal(model.predict(images), images)


def test_deep_graphs_are_planned():
    x = image = keras.Input((2,))
    for _ in range(1500):
        x = layers.ReLU()(x)
    np.testing.assert_array_equal(keras.Model(image, x).predict(np.ones((1, 2), np.float32)), 1)


def test_variables_are_assigned_in_each_call():
    class Doubled(keras.Layer):
        def build(self, input_shape):
            self.w = self.add_weight((5, 2), "ones", trainable=False)

        def call(self, x):
            self.w.assign(self.w * 2.0)
            return ops.matmul(x, self.w)

    layer = Doubled()
    first, second = layer(X), layer(X)
    np.testing.assert_allclose(second, 2 * first)
    np.testing.assert_array_equal(layer.w, 4)
