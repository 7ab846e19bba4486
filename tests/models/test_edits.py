"""What programs depend on may change after they were made: attributes of layers, losses, penalties and models."""

import copy

import numpy as np
import pytest

from striate import Model, Sequential, callbacks, constraints, layers, losses, metrics, ops, optimizers, regularizers
from striate.models.execution import Programs

X = np.random.default_rng(0).standard_normal((6, 4)).astype(np.float32)


class Own(layers.Layer):
    """All that `call` may read."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.activation = ops.relu
        self.scale = 1.0
        self._hidden = 1.0
        self.scales = [1.0, {"last": 1.0}]
        self.inner = layers.Dense(4, use_bias=False, kernel_initializer="ones")

    def call(self, x):
        self.seen = x  # what is kept of a graph is no reason to plan again
        return self.activation(self.inner(x)) * self.scale * self._hidden * self.scales[0] * self.scales[1]["last"]


class OwnModel(Model):
    """A model whose call reads an attribute."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.own = Own()
        self.shift = 0.0

    def call(self, x):
        return self.own(x) + self.shift


class Weighed(losses.Loss):
    """A loss whose call reads an attribute."""

    def __init__(self):
        super().__init__()
        self.weight = 1.0
        self.parts = {"first": 1.0}

    def call(self, y_true, y_pred):
        return self.weight * self.parts["first"] * ops.mean(ops.square(y_pred - y_true), axis=-1)


def _custom_layer(model):
    return model.own if isinstance(model, OwnModel) else model.layers[0]


EDITS = {
    "activation": lambda layer: setattr(layer, "activation", ops.sigmoid),
    "number": lambda layer: setattr(layer, "scale", 3.0),
    "private": lambda layer: setattr(layer, "_hidden", 3.0),
    "list": lambda layer: layer.scales.__setitem__(0, 3.0),
    "dict in a list": lambda layer: layer.scales[1].update(last=3.0),
    "layer": lambda layer: setattr(layer, "inner", layers.Dense(4, use_bias=False, kernel_initializer="zeros")),
    "attribute of a layer within": lambda layer: setattr(layer.inner, "activation", "tanh"),
}


@pytest.mark.parametrize("make", [lambda: Sequential([layers.Input((4,)), Own()]), OwnModel], ids=["sequential", "subclass"])
@pytest.mark.parametrize("edit", EDITS)
def test_edited_layers_take_effect(make, edit):
    model, fresh = make(), make()
    before = model.predict(X)
    EDITS[edit](_custom_layer(model))
    fresh.build((None, 4))
    EDITS[edit](_custom_layer(fresh))
    expected = fresh.predict(X)
    assert not np.array_equal(expected, before)
    np.testing.assert_array_equal(model.predict(X), expected)
    np.testing.assert_array_equal(model(X), expected)
    assert len(model.weights) == 1


def test_a_layer_that_is_replaced_is_trained():
    model = OwnModel(rng=0)
    model.compile(optimizers.SGD(0.1), "mse")
    model.fit(X, X, verbose=0)
    model.own.inner = layers.Dense(4, kernel_initializer="ones")
    model.compile(optimizers.SGD(0.1), "mse")  # an optimizer serves one set of weights
    model.fit(X, X, verbose=0)
    assert [weight.shape for weight in model.weights] == [(4, 4), (4,)]
    assert not np.array_equal(model.own.inner.get_weights()[0], np.ones((4, 4)))


def test_edited_attributes_of_a_model_take_effect():
    model = OwnModel()
    before = model.predict(X)
    model.shift = 2.0
    np.testing.assert_array_equal(model.predict(X), before + 2)
    del model.own.scale
    with pytest.raises(AttributeError, match="scale"):
        model.predict(X)


def test_edited_layers_of_the_library_take_effect():
    model = Sequential([layers.Input((4,)), layers.Dense(4, "relu"), layers.Activation("linear")], rng=0)
    before = model.predict(X)
    model.layers[0].activation = "linear"
    assert (model.predict(X) < 0).any()
    model.layers[1].activation = "relu"
    np.testing.assert_array_equal(model.predict(X), before)


def test_edited_losses_take_effect():
    loss = Weighed()
    model = Sequential([layers.Input((4,)), layers.Dense(4)], rng=0)
    model.compile(optimizers.SGD(0.0), loss)
    before = model.evaluate(X, X)
    assert model.train_on_batch(X, X) == pytest.approx(before, rel=1e-6)
    loss.weight = 2.0
    assert model.train_on_batch(X, X) == pytest.approx(2 * before, rel=1e-6)
    loss.parts["first"] = 3.0
    assert model.evaluate(X, X) == pytest.approx(6 * before, rel=1e-6)
    assert model.train_on_batch(X, X) == pytest.approx(6 * before, rel=1e-6)

    model.compile(optimizers.SGD(0.0), losses.CategoricalCrossentropy())
    probabilities = np.full((6, 4), 0.25, np.float32)
    before = model.evaluate(X, probabilities)
    model.loss.from_logits = True
    assert model.evaluate(X, probabilities) == pytest.approx(losses.CategoricalCrossentropy(True)(probabilities, model(X)))
    assert model.evaluate(X, probabilities) != before


def test_losses_that_change_while_a_model_trains():
    loss = Weighed()
    model = Sequential([layers.Input((4,)), layers.Dense(4)], rng=0)
    model.compile(optimizers.SGD(0.0), loss)
    later = callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: setattr(loss, "weight", 1.0 + epoch))
    history = model.fit(X, X, epochs=3, callbacks=[later], verbose=0).history["loss"]
    np.testing.assert_allclose(history, history[0] * np.array([1, 2, 3]), rtol=1e-6)


def test_edited_penalties_take_effect():
    penalty = regularizers.L2(0.5)
    model = Sequential([layers.Input((4,)), layers.Dense(4, kernel_regularizer=penalty)], rng=0)
    model.compile(optimizers.SGD(0.0), "mse")
    before, plain = model.evaluate(X, X), losses.MeanSquaredError()(X, model(X))
    penalty.l2 *= 2
    assert model.evaluate(X, X) - plain == pytest.approx(2 * (before - plain), rel=1e-5)


def test_nothing_is_planned_again_where_nothing_has_changed(monkeypatch):
    cleared = []
    model = OwnModel()
    model.compile("sgd", Weighed())
    model.predict(X)
    model.fit(X, X, verbose=0)
    monkeypatch.setattr(Programs, "clear", lambda self: cleared.append(self))
    for _ in range(3):
        model.own.scale = 1.0
        model.stop_training = False
        Own()
        model.predict(X)
        model.fit(X, X, verbose=0)
        model.evaluate(X, X)
    assert not cleared
    model.own.scale = 2.0
    model.predict(X)
    assert cleared


def test_copies_have_attributes_of_their_own():
    model = Sequential([layers.Input((4,)), Own()])
    before = model.predict(X)
    other = copy.deepcopy(model)
    other.layers[0].scale = 3.0
    np.testing.assert_array_equal(other.predict(X), 3 * before)
    np.testing.assert_array_equal(model.predict(X), before)


class Judge:
    """Holds a layer, and another in a model in a list."""

    def hold(self):
        self.first = layers.Dense(1, kernel_initializer="ones", activation="relu")
        self.rest = [Sequential([layers.Input((1,)), layers.Dense(1, kernel_initializer="ones", activation="relu")])]

    def seen(self, y):
        return self.rest[0](self.first(y))


class JudgingLoss(Judge, losses.Loss):
    def __init__(self):
        super().__init__()
        self.hold()

    def call(self, y_true, y_pred):
        return ops.mean(ops.square(y_true - self.seen(y_pred)), axis=-1)


class JudgingMetric(Judge, metrics.Metric):
    def __init__(self):
        super().__init__()
        self.hold()

    def values(self, y_true, y_pred):
        return np.mean(np.square(y_true - self.seen(y_pred)), axis=-1)


class JudgingRegularizer(Judge, regularizers.Regularizer):
    def __init__(self):
        self.hold()

    def __call__(self, x):
        return ops.sum(self.seen(x))


class JudgingConstraint(Judge, constraints.Constraint):
    def __init__(self):
        self.hold()

    def __call__(self, w):
        return self.seen(w)


JUDGES = {
    "loss": lambda: (judge := JudgingLoss(), {"loss": judge}, {}),
    "loss within a loss": lambda: (judge := JudgingLoss(), {"loss": Within(judge)}, {}),
    "metric": lambda: (judge := JudgingMetric(), {"loss": "mse", "metrics": [judge]}, {}),
    "regularizer": lambda: (judge := JudgingRegularizer(), {"loss": "mse"}, {"kernel_regularizer": judge}),
    "activity regularizer": lambda: (judge := JudgingRegularizer(), {"loss": "mse"}, {"activity_regularizer": judge}),
    "constraint": lambda: (judge := JudgingConstraint(), {"loss": "mse"}, {"kernel_constraint": judge}),
}


class Within(losses.Loss):
    """Asks another loss."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def call(self, y_true, y_pred):
        return self.inner.call(y_true, y_pred)


@pytest.mark.parametrize("kind", JUDGES)
@pytest.mark.parametrize("place", ["first", "rest"])
def test_layers_that_others_than_layers_hold(kind, place):
    def results(model):
        data = np.array([[1.0], [2.0], [3.0]]), np.array([[0.5], [0.0], [1.0]])
        model.layers[0].set_weights([np.array([[1.5]])])
        trained = model.train_on_batch(*data)
        return trained, model.evaluate(*data, verbose=0), model.get_weights()[0].tolist()

    def made():
        judge, compilation, settings = JUDGES[kind]()
        model = Sequential([layers.Input((1,)), layers.Dense(1, use_bias=False, **settings)])
        model.compile(optimizers.SGD(0.01), **compilation)
        return model, judge

    def edit(judge):
        layer = judge.first if place == "first" else judge.rest[0].layers[0]
        layer.activation = "tanh"

    model, judge = made()
    before = results(model)
    edit(judge)
    other, judge = made()
    edit(judge)
    expected = results(other)
    assert expected != before
    assert results(model) == expected
