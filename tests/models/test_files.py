"""Copies of models."""

import numpy as np
import pytest

import striate
from striate import layers, ops


class Scaled(layers.Layer):
    """A custom layer, with a layer within."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.inner = layers.Dense(units)

    def build(self, input_shape):
        self.scale = self.add_weight(shape=(self.units,), name="scale")

    def call(self, x):
        return self.inner(x) * self.scale

    def get_config(self):
        return {"units": self.units, **super().get_config()}


class Tower(striate.Model):
    """A model with arguments of its own, in a graph."""

    def __init__(self, units):
        image = striate.Input((6,))
        super().__init__(image, Scaled(units)(image))


class Called(striate.Model):
    """A model that defines `call`."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.out = Scaled(2)

    def call(self, x):
        return self.out(x)


def sequential():
    inner = striate.Sequential([layers.Dense(4), Scaled(3)])
    return striate.Sequential([striate.Input((6,)), Scaled(5), inner, layers.Dense(2)])


def graph():
    first, second = striate.Input((6,)), striate.Input((6,))
    shared = Scaled(4)
    return striate.Model([first, second], layers.Add()([shared(first), shared(second) * 2]))


def called():
    model = Called()
    model.build((None, 6))
    return model


@pytest.mark.parametrize("make", [sequential, graph, called, lambda: Tower(3)])
def test_clones_have_custom_layers_and_new_weights(make):
    model = make()
    clone = striate.models.clone_model(model)
    assert [type(layer) for layer in clone.layers] == [type(layer) for layer in model.layers]
    assert not {id(weight) for weight in clone.weights} & {id(weight) for weight in model.weights}
    assert any(not np.array_equal(a, b) for a, b in zip(clone.get_weights(), model.get_weights(), strict=True))
    clone.set_weights(model.get_weights())
    x = [np.random.default_rng(i).standard_normal((3, 6)).astype("float32") for i in range(2)]
    x = x if make is graph else x[0]
    np.testing.assert_array_equal(clone.predict(x), model.predict(x))


def test_clones_begin_at_tensors_and_are_made_of_what_a_function_returns():
    model = graph()
    inputs = [striate.Input((6,), name="a"), striate.Input((6,), name="b")]

    def wider(layer):
        config = layer.get_config()
        return type(layer).from_config({**config, "units": 7} if isinstance(layer, Scaled) else config)

    clone = striate.models.clone_model(model, inputs, wider)
    assert clone.inputs == inputs
    assert clone.output_shape == (None, 7)
    model = sequential()
    start = striate.Input((6,))
    same = striate.models.clone_model(model, start, clone_function=lambda layer: layer)
    assert same.inputs == [start]
    assert [id(weight) for weight in same.weights] == [id(weight) for weight in model.weights]


def test_clones_share_functions_without_a_name():
    class Applied(layers.Layer):
        def __init__(self, function, **kwargs):
            super().__init__(**kwargs)
            self.function = function

        def call(self, x):
            return self.function(x)

    x = image = striate.Input((4, 3))
    x = layers.Lambda(lambda x: x * 2, output_shape=lambda shape: shape)(x)
    x = layers.Dense(2, activation=lambda x: ops.tanh(x), kernel_regularizer=lambda w: ops.sum(w))(x)
    x = layers.Bidirectional(layers.SimpleRNN(2, activation=lambda x: ops.sin(x)))(x)
    model = striate.Model(image, Applied(lambda x: x + 1)(x), rng=0)
    clone = striate.models.clone_model(model)
    clone.set_weights(model.get_weights())
    x = np.random.default_rng(0).normal(size=(5, 4, 3)).astype(np.float32)
    np.testing.assert_array_equal(clone.predict(x), model.predict(x))
    with pytest.raises(TypeError, match=r"layer 'lambda'|cannot be saved"):
        model.get_config()


def test_what_clones_cannot_be_made_of_is_refused():
    with pytest.raises(ValueError, match=r"input_tensors=.* has 1 elements; expected 2"):
        striate.models.clone_model(graph(), striate.Input((6,)))
    with pytest.raises(ValueError, match="model 'called' is not made of layers in a graph"):
        striate.models.clone_model(called(), clone_function=lambda layer: layer)
