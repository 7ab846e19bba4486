"""Classes of users without a `get_config`: files hold what their constructors were called with."""

import numpy as np
import pytest

import striate
from striate import Model, Sequential, activations, constraints, initializers, layers, losses, metrics, ops, optimizers
from striate import regularizers as regularizers_
from striate.models import clone_model, load_model, model_from_json

X = np.random.default_rng(0).standard_normal((6, 4)).astype(np.float32)


class Scaled(layers.Layer):
    """Everything that can be written."""

    def __init__(self, units, scale=2.0, *, activation=None, more=None, inner=None, start="ones", **kwargs):
        super().__init__(**kwargs)
        self.number, self.factor, self.more = units, scale, more
        self.function = activation
        self.within = layers.Dense(units) if inner is None else inner
        self.start = initializers.get(start)

    def build(self, input_shape):
        self.w = self.add_weight((1,), self.start, name="w")

    def call(self, x):
        y = self.within(x) * self.factor * self.w
        return y if self.function is None else self.function(y)


def own(x):
    return x * 3.0


ARGUMENTS = {
    "numbers": ((3,), {"scale": 0.5}),
    "numbers of NumPy": ((np.int64(3),), {"scale": np.float32(0.5)}),
    "only what must be": ((3,), {}),
    "name and dtype": ((3,), {"name": "mine", "dtype": "float32", "trainable": False}),
    "array": ((3,), {"scale": np.float32([[0.5, 1.5, -2.0]])}),
    "lists": ((3,), {"more": [1, (2.0, "three"), {"four": [None, True]}]}),
    "function of the library": ((3,), {"activation": activations.swish}),
    "activation of ops": ((3,), {"activation": ops.gelu}),
    "function": ((3,), {"activation": own}),
    "layer": ((3,), {"inner": layers.Dense(3, "tanh", use_bias=False)}),
    "custom layer": ((3,), {"inner": Scaled(3, 3.0)}),
    "initializer": ((3,), {"start": initializers.Constant(0.25)}),
    "penalties": (
        (3,),
        {"activity_regularizer": regularizers_.L2(0.5), "more": [constraints.MaxNorm(2.0), regularizers_.L1(0.1)]},
    ),
}
CUSTOM = {"Scaled": Scaled, "own": own}


@pytest.mark.parametrize("name", ARGUMENTS)
def test_custom_layers_are_saved_with_their_arguments(tmp_path, name):
    args, kwargs = ARGUMENTS[name]
    model = Sequential([layers.Input((4,)), Scaled(*args, **kwargs), layers.Dense(2)], rng=0)
    model.save(tmp_path / "model.striate")
    again = load_model(tmp_path / "model.striate", CUSTOM)
    np.testing.assert_array_equal(again.predict(X), model.predict(X))
    layer, same = model.layers[0], again.layers[0]
    assert (same.name, same.trainable, same.more) == (layer.name, layer.trainable, layer.more)
    assert type(same.more) is type(layer.more)
    assert model_from_json(model.to_json(), CUSTOM).to_json() == model.to_json()
    if name != "custom layer" and name != "function":
        assert clone_model(model).get_config() == model.get_config()


def test_changes_of_a_layer_are_kept(tmp_path):
    model = Sequential([layers.Input((4,)), Scaled(3), Scaled(3)], rng=0)
    model.layers[0].trainable = False
    model.save(tmp_path / "model.striate")
    again = load_model(tmp_path / "model.striate", CUSTOM)
    assert [layer.name for layer in again.layers] == ["scaled", "scaled_1"]
    assert [layer.trainable for layer in again.layers] == [False, True]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Scaled(3, activation=lambda x: x), "Scaled 'scaled' was given activation=<function .*lambda.*cannot be saved"),
        (lambda: Scaled(3, more={1: 2}), r"Scaled 'scaled' was given more={1: 2}, which cannot be saved; expected numbers"),
        (lambda: Scaled(3, more=[object()]), "Scaled 'scaled' was given more=<object object"),
        (lambda: Placed(3), "Placed 'placed' was given 'sizes' by position only"),
    ],
)
def test_what_cannot_be_written_is_refused_at_once(tmp_path, make, message):
    model = Sequential([layers.Input((4,)), make()], rng=0)
    model.predict(X)
    with pytest.raises(TypeError, match=message):
        model.save(tmp_path / "model.striate")
    assert not list(tmp_path.iterdir())
    model.save_weights(tmp_path / "weights.npz")


class Placed(layers.Layer):
    def __init__(self, *sizes):
        super().__init__()
        self.dense = layers.Dense(*sizes)

    def call(self, x):
        return self.dense(x)


class WithConfig(Scaled):
    """A class above it keeps arguments, one of which it writes itself."""

    def __init__(self, units, function, **kwargs):
        super().__init__(units, activation=lambda x: function(x) + 1, **kwargs)
        self.inside = function

    def get_config(self):
        return {**super().get_config(), "function": "own"}

    @classmethod
    def from_config(cls, config):
        return super().from_config({**config, "function": own})


class Wider(layers.Dense):
    """A layer of the library with another constructor."""

    def __init__(self, units, factor=2, **kwargs):
        super().__init__(units * factor, activation="relu", **kwargs)


class Fixed(layers.Dense):
    """One whose constructor takes none of its base's arguments, and says its name itself."""

    def __init__(self, width):
        super().__init__(width, name="fixed", dtype="float32")


@pytest.mark.parametrize("make", [lambda: WithConfig(3, own), lambda: Wider(3), lambda: Wider(3, factor=3), lambda: Fixed(5)])
def test_subclasses_of_custom_layers_are_saved_with_their_arguments(tmp_path, make):
    model = Sequential([layers.Input((4,)), make()], rng=0)
    model.save(tmp_path / "model.striate")
    again = load_model(tmp_path / "model.striate", {"WithConfig": WithConfig, "Wider": Wider, "Fixed": Fixed})
    np.testing.assert_array_equal(again.predict(X), model.predict(X))


class Called(Model):
    def __init__(self, layers=2, rng=None, **kwargs):
        super().__init__(rng=rng, **kwargs)
        self.several = [striate.layers.Dense(4) for _ in range(layers)]

    def call(self, x):
        for layer in self.several:
            x = layer(x)
        return x


class Connected(Model):
    def __init__(self, units):
        inputs = striate.Input((4,))
        super().__init__(inputs, layers.Dense(units)(inputs))


class InARow(Sequential):
    def __init__(self, units, **kwargs):
        super().__init__([layers.Input((4,)), layers.Dense(units)], **kwargs)


class Functional(Model):
    def __init__(self, inputs, outputs, **kwargs):
        super().__init__(inputs, outputs, **kwargs)


def _functional():
    inputs = striate.Input((4,))
    return Functional(inputs, layers.Dense(3)(inputs))


@pytest.mark.parametrize(
    "make", [lambda: Called(3, rng=np.random.default_rng(0)), lambda: Connected(3), lambda: InARow(3, rng=0), _functional]
)
def test_custom_models_are_saved_with_their_arguments(tmp_path, make):
    model = make()
    expected = model.predict(X)
    model.save(tmp_path / "model.striate")
    again = load_model(tmp_path / "model.striate", {cls.__name__: cls for cls in (Called, Connected, InARow, Functional)})
    assert type(again) is type(model)
    np.testing.assert_array_equal(again.predict(X), expected)


class Weighed(losses.Loss):
    def __init__(self, factor, powers=(1,), **kwargs):
        super().__init__(**kwargs)
        self._factor = factor
        self._powers = powers

    def call(self, y_true, y_pred):
        return self._factor * ops.mean(sum(ops.abs(y_pred - y_true) ** power for power in self._powers), axis=-1)


class Above(metrics.Metric):
    def __init__(self, limit, **kwargs):
        super().__init__(**kwargs)
        self._limit = limit

    def values(self, y_true, y_pred):
        return (y_pred > self._limit).mean(-1)


class Signs(optimizers.Optimizer):
    def __init__(self, step, learning_rate=0.1):
        super().__init__(learning_rate)
        self._step = step

    def update(self, weight, gradient, state):
        weight -= self._step * self.learning_rate * np.sign(gradient)


def test_custom_losses_metrics_and_optimizers_are_saved_with_their_arguments(tmp_path):
    model = Sequential([layers.Input((4,)), layers.Dense(4)], rng=0)
    model.compile(Signs(0.5), Weighed(3.0, powers=[1, 2]), metrics=[Above(0.25, name="high")])
    model.fit(X, X, verbose=0)
    model.optimizer.learning_rate = 0.01
    model.save(tmp_path / "model.striate")
    again = load_model(tmp_path / "model.striate", {"Weighed": Weighed, "Above": Above, "Signs": Signs})
    assert again.evaluate(X, X, return_dict=True) == model.evaluate(X, X, return_dict=True)
    for each in (model, again):
        each.train_on_batch(X, X)
    np.testing.assert_array_equal(again.predict(X), model.predict(X))
    again.restore(tmp_path / "model.striate")

    model.compile("sgd", Weighed(object()))
    with pytest.raises(TypeError, match="Weighed 'weighed' was given factor=<object"):
        model.save(tmp_path / "model.striate")
