"""Steps that models define themselves: the same numbers as the built-in ones, and what only they can do."""

import numpy as np
import pytest

import striate
from striate import GradientTape, Input, Model, Sequential, layers, losses, metrics, ops, optimizers
from striate.data import DataLoader

RNG = np.random.default_rng(0)
X = RNG.standard_normal((96, 6)).astype("float32")
Y = (2 * X[:, :1] - X[:, 1:2]).astype("float32")
LABELS = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0)


def regression(cls=Sequential):
    """A small network with normalization, dropout and a penalty."""
    parts = [
        layers.Input((6,)),
        layers.Dense(12, activation="relu", kernel_regularizer="l2"),
        layers.BatchNormalization(),
        layers.Dropout(0.2),
        layers.Dense(1),
    ]
    return cls(parts, rng=0)


class Repeated(Sequential):
    """A model whose step is the built-in one, written out."""

    def train_step(self, data):
        x, y, sample_weight = (*data, None)[:3]
        with GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x=x, y=y, y_pred=y_pred, sample_weight=sample_weight)
        weights = self.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        self._loss_tracker.update_state(loss)
        return self.compute_metrics(x, y, y_pred, sample_weight)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("optimizer", ["sgd", "adam", lambda: optimizers.Adam(0.01, global_clipnorm=0.5, use_ema=True)])
def test_an_own_step_that_does_the_same_gives_the_same(optimizer, weighted):
    weights = {"sample_weight": RNG.uniform(0, 2, len(X))} if weighted else {}
    models = regression(), regression(Repeated)
    logs = []
    for model in models:
        model.compile(optimizer() if callable(optimizer) else optimizer, "mse", metrics=["mae"])
        history = model.fit(X, Y, batch_size=32, epochs=3, verbose=0, rng=1, validation_data=(X, Y), **weights)
        logs.append(history.history)
    for ours, built_in in zip(models[1].get_weights(), models[0].get_weights(), strict=True):
        np.testing.assert_array_equal(ours, built_in)
    assert logs[0].keys() == logs[1].keys()
    for key, values in logs[0].items():
        np.testing.assert_allclose(logs[1][key], values, rtol=1e-6)


@pytest.mark.parametrize(
    ("loss", "targets"),
    [
        ("sparse_categorical_crossentropy", LABELS),
        ("sparse_categorical_crossentropy", LABELS[:, np.newaxis].astype("float32")),
        ("categorical_crossentropy", np.eye(3)[LABELS]),
        (losses.CategoricalCrossentropy(label_smoothing=0.1), np.eye(3)[LABELS]),
        ("mean_absolute_error", np.eye(3)[LABELS]),
        ("kl_divergence", np.eye(3)[LABELS] * 0.8 + 0.05),
    ],
)
def test_losses_are_those_of_built_in_steps(loss, targets):
    models = [cls([layers.Input((6,)), layers.Dense(3, activation="softmax")], rng=0) for cls in (Sequential, Repeated)]
    for model in models:
        model.compile("adam", loss, metrics=["accuracy"])
    ours, built_in = (model.fit(X, targets, epochs=2, verbose=0, rng=1).history for model in models[::-1])
    for key, values in built_in.items():
        np.testing.assert_allclose(ours[key], values, rtol=1e-6)


def test_compute_loss_may_be_defined_without_training():
    class Doubled(Model):
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None):
            return super().compute_loss(x, y, y_pred, sample_weight) * 2.0

    x, y = np.ones((4, 3), np.float32), np.zeros((4, 2), np.float32)
    losses = []
    for kind in (Model, Doubled):
        inputs = Input((3,))
        model = kind(inputs, layers.Dense(2)(inputs), rng=0)
        model.compile("sgd", "mse")
        losses.append(model.evaluate(x, y))
        model.fit(x, y, verbose=0)
    assert losses[1] == pytest.approx(2 * losses[0])


def test_compute_loss_may_be_defined_alone():
    class Penalized(Sequential):
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            return super().compute_loss(x, y, y_pred, sample_weight, training) + 0.1 * ops.mean(ops.square(y_pred))

    class Penalty(layers.Layer):
        def call(self, x):
            self.add_loss(0.1 * ops.mean(ops.square(x)))
            return x

    first = Penalized([layers.Input((6,)), layers.Dense(1)], rng=0)
    second = Sequential([layers.Input((6,)), layers.Dense(1), Penalty()], rng=0)
    for model in (first, second):
        model.compile("sgd", "mse")
        model.fit(X, Y, epochs=2, verbose=0, rng=0)
    np.testing.assert_allclose(first.predict(X), second.predict(X), rtol=1e-6)
    assert first.evaluate(X, Y) == pytest.approx(second.evaluate(X, Y), rel=1e-6)


def test_a_second_update_sees_the_weights_of_the_first():
    class Two(Model):
        def __init__(self):
            super().__init__()
            self.first, self.second = layers.Dense(1, use_bias=False), layers.Dense(1, use_bias=False)

        def compile(self, first, second):
            super().compile()
            self.optimizers = first, second

        def train_step(self, x):
            with GradientTape() as tape:
                loss = ops.mean(ops.square(self.second(self.first(x))))
            first, second = self.first.trainable_weights, self.second.trainable_weights
            self.optimizers[0].apply(tape.gradient(loss, first), first)
            with GradientTape() as tape:
                after = ops.mean(ops.square(self.second(self.first(x))))
            self.optimizers[1].apply(tape.gradient(after, second), second)
            return {"loss": loss, "after": after}

    model = Two()
    model.first.build((None, 2))
    model.second.build((None, 1))
    a, b = (layer.kernel.numpy().astype("float64") for layer in (model.first, model.second))
    x = X[:4, :2]
    model.compile(optimizers.SGD(0.1), optimizers.SGD(0.2))
    logs = model.train_on_batch(x, return_dict=True)

    def loss():
        return ((x @ a @ b) ** 2).mean()

    assert logs["loss"] == pytest.approx(loss(), rel=1e-6)
    a -= 0.1 * 2 * x.T @ (x @ a @ b) @ b.T / 4
    assert logs["after"] == pytest.approx(loss(), rel=1e-5)
    b -= 0.2 * 2 * (x @ a).T @ (x @ a @ b) / 4
    np.testing.assert_allclose(model.first.kernel.numpy(), a, rtol=1e-5)
    np.testing.assert_allclose(model.second.kernel.numpy(), b, rtol=1e-5)


def test_gradients_after_an_update_are_those_of_the_values_before():
    """What was computed before an update keeps the weights of that time, as if each value had been computed at once."""

    class Late(Model):
        def __init__(self):
            super().__init__()
            self.first, self.second = layers.Dense(3, activation="tanh"), layers.Dense(1)

        def train_step(self, x):
            with GradientTape(persistent=True) as tape:
                y = self.second(self.first(x))
                loss = ops.mean(ops.square(y - 1.0))
            of_second = tape.gradient(loss, self.second.trainable_weights)
            if self.at_once:
                of_first = tape.gradient(loss, self.first.trainable_weights)
            self.optimizer.apply(of_second, self.second.trainable_weights)
            if not self.at_once:
                of_first = tape.gradient(loss, self.first.trainable_weights)
            self.others.apply(of_first, self.first.trainable_weights)
            return {"loss": loss}

    found = []
    for at_once in (True, False):
        model = Late()
        model.rng = np.random.default_rng(0)
        model.at_once, model.others = at_once, optimizers.SGD(0.5)
        model.compile(optimizers.SGD(0.5))
        model.fit(X, batch_size=96, epochs=3, verbose=0)
        found.append(model.get_weights())
    for late, at_once in zip(*found, strict=True):
        np.testing.assert_allclose(late, at_once, rtol=1e-6)


def test_metrics_take_each_batch_and_begin_anew_with_each_epoch():
    class Tracked(Sequential):
        def __init__(self, *arguments, **kwargs):
            super().__init__(*arguments, **kwargs)
            self.tracker, self.accuracy = metrics.Mean(name="mean"), metrics.BinaryAccuracy(name="accuracy")

        def train_step(self, data):
            x, y = data
            y_pred = self(x)
            self.tracker.update_state(ops.mean(x))
            self.accuracy.update_state(y, y_pred)
            return {"mean": self.tracker.result(), "accuracy": self.accuracy.result(), "twice": 2 * self.tracker.result()}

    model = Tracked([layers.Input((6,)), layers.Dense(1, activation="sigmoid")], rng=0)
    model.compile()
    y = (X[:, :1] > 0).astype("float32")
    history = model.fit(X, y, batch_size=24, epochs=2, verbose=0, shuffle=False).history
    np.testing.assert_allclose(history["mean"], [X.mean()] * 2, rtol=1e-4)
    np.testing.assert_allclose(history["twice"], [2 * X.mean()] * 2, rtol=1e-4)
    assert history["accuracy"] == pytest.approx([((model.predict(X) > 0.5) == y).mean()] * 2, rel=1e-6)
    assert model.metrics[1:] == [model.tracker, model.accuracy]  # The first is the loss.


def test_random_numbers_differ_from_step_to_step_and_follow_the_seed():
    class Noise(Model):
        def train_step(self, x):
            return {"noise": ops.mean(striate.random.normal(ops.shape(x)))}

    def noise(seed):
        model = Noise()
        model.compile()
        return model.fit(X, batch_size=96, epochs=3, verbose=0, rng=seed).history["noise"]

    first = noise(1)
    assert len(set(first)) == 3
    assert first == noise(1) != noise(2)


def test_variables_are_assigned_in_each_step():
    class Average(Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(1, use_bias=False, kernel_initializer="ones")
            self.average = layers.Dense(1, use_bias=False, kernel_initializer="zeros", trainable=False)
            self.count = self.add_weight((), "zeros", trainable=False)

        def train_step(self, x):
            self.count.assign_add(1)
            self.average(x)
            kernel, average = self.dense(x) is not None and self.dense.kernel, self.average.kernel
            average.assign(average * 0.5 + kernel * 0.5)
            return {"average": ops.mean(average), "count": self.count * 1.0}

    model = Average()
    model.compile()
    history = model.fit(X, batch_size=48, epochs=2, verbose=0).history
    assert history == {"average": [0.75, 0.9375], "count": [2.0, 4.0]}
    assert float(model.count.numpy()) == 4
    np.testing.assert_array_equal(model.average.kernel.numpy(), np.full((6, 1), 0.9375))


def test_data_of_any_structure_reach_the_step():
    class Structured(Model):
        def train_step(self, data):
            (left, parts), y = data
            return {"sum": ops.sum(left) + ops.sum(parts["right"]), "whole": float(y.shape[0]), "label": ops.max(y)}

    model = Structured()
    model.compile()
    inputs = (X[:, :2], {"right": X[:, 2:]})
    history = model.fit(inputs, LABELS, batch_size=96, verbose=0).history
    assert history["sum"][0] == pytest.approx(X.sum(), rel=1e-4)
    assert (history["whole"], history["label"]) == ([96.0], [2])
    batches = [((X[:7, :2], {"right": X[:7, 2:]}), LABELS[:7])]
    assert model.fit(batches_of(batches), verbose=0).history["whole"] == [7.0]
    assert model.train_on_batch(inputs, LABELS, return_dict=True)["sum"] == pytest.approx(X.sum(), rel=1e-4)


def batches_of(items):
    """Yield items, as a source of batches does."""
    yield from items


def test_steps_take_batches_of_loaders_and_of_several_sizes():
    class Sizes(Model):
        def train_step(self, data):
            return {"size": float(data[0].shape[0])}

    model = Sizes()
    model.compile()
    seen = []
    callback = striate.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: seen.append(logs["size"]))
    model.fit(DataLoader((X, Y), 40), epochs=2, verbose=0, callbacks=[callback])
    assert seen == [40, 40, 16] * 2


def test_evaluation_and_prediction_may_be_defined():
    class Doubled(Sequential):
        def test_step(self, data):
            x, y = data
            return {"error": ops.mean(ops.abs(2 * self(x) - y))}

        def predict_step(self, data):
            return {"doubled": 2 * self(data), "input": data}

    model = Doubled([layers.Input((6,)), layers.Dense(1)], rng=0)
    model.compile(loss="mse")
    plain = Sequential(model.layers)
    expected = 2 * plain.predict(X)
    assert model.evaluate(X, Y, batch_size=96, return_dict=True) == pytest.approx({"error": abs(expected - Y).mean()}, rel=1e-5)
    found = model.predict(X, batch_size=40)
    np.testing.assert_allclose(found["doubled"], expected, rtol=1e-6)
    np.testing.assert_array_equal(found["input"], X)


def test_a_changed_attribute_or_layer_makes_a_new_program():
    class Scaled(Sequential):
        factor = 1.0

        def train_step(self, data):
            return {"value": self.factor * ops.mean(data)}

    model = Scaled([layers.Input((6,)), layers.Dense(1)])
    model.compile()
    first = model.train_on_batch(X, return_dict=True)["value"]
    model.factor = 3.0
    assert model.train_on_batch(X, return_dict=True)["value"] == pytest.approx(3 * first)


def test_frozen_layers_stay_as_they_are():
    model = regression(Repeated)
    model.compile("sgd", "mse")
    model.fit(X, Y, verbose=0)
    before = model.layers[0].get_weights()
    model.layers[0].trainable = False
    model.fit(X, Y, verbose=0)
    for old, new in zip(before, model.layers[0].get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


class Step(Sequential):
    """A model whose step is a function that it is given."""

    def __init__(self, step):
        super().__init__([layers.Input((6,)), layers.Dense(3, activation="softmax")])
        self.step = step

    def train_step(self, data):
        return self.step(self, data)


def conditional(model, data):
    return {"loss": 1.0 if ops.mean(data[0]) > 0 else 0.0}


def unrelated(model, data):
    with GradientTape() as tape:
        loss = ops.mean(data[0])
    model.optimizer.apply(tape.gradient(loss, model.trainable_weights), model.trainable_weights)
    return {"loss": loss}


@pytest.mark.parametrize(
    ("step", "error", "message"),
    [
        (conditional, TypeError, "is neither true nor false, since it has no elements yet; expected ops.where"),
        (lambda model, data: {"loss": float(ops.mean(data[0]))}, TypeError, "has no elements yet; expected functions of"),
        (lambda model, data: np.asarray(data[0]), TypeError, "has no elements yet; expected functions of striate.ops"),
        (lambda model, data: ops.mean(data[0]), TypeError, "train_step returned .*; expected a dict of what the logs hold"),
        (unrelated, ValueError, "all gradients are None; expected a loss that depends on the weights"),
        (
            lambda model, data: {"loss": losses.SparseCategoricalCrossentropy()(data[1] + 1, model(data[0]))},
            ValueError,
            "y holds the label 3, out of range; expected 0 to 2 for 3 classes",
        ),
        (
            lambda model, data: {"loss": losses.CategoricalCrossentropy()(data[0], model(data[0]))},
            ValueError,
            r"y_true has shape \(32, 6\) and y_pred \(32, 3\); expected the same shape",
        ),
    ],
)
def test_mistakes_are_explained(step, error, message):
    model = Step(step)
    model.compile()
    before = model.get_weights()
    with pytest.raises(error, match=message):
        model.fit(X, LABELS, verbose=0)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_what_cannot_be_fed_is_explained(tmp_path):
    model = regression(Repeated)
    with pytest.raises(RuntimeError, match="the model is not compiled"):
        model.fit(X, Y, verbose=0)
    model.compile("sgd", "mse")
    with pytest.raises(
        ValueError, match=r"the data have the shapes \(96, 6\), \(5, 1\); expected arrays with equally many samples"
    ):
        model.fit(X, Y[:5], verbose=0)
    with pytest.raises(ValueError, match="class_weight is given to a model with steps of its own; expected sample_weight"):
        model.fit(X, Y, class_weight={0: 2.0}, verbose=0)
    with pytest.raises(ValueError, match="there are no targets; expected y, as the model is compiled with a loss"):
        model.evaluate(X, verbose=0)
    with pytest.raises(ValueError, match="Nothing does not define call, and so has no weights of its own; expected the models"):
        type("Nothing", (Model,), {"train_step": lambda self, data: {}})().save(tmp_path / "nothing.npz")
    with pytest.raises(TypeError, match="Nothing does not define call; expected its parts to be called in its steps"):
        type("Nothing", (Model,), {"train_step": lambda self, data: {}})()(X)


def test_the_same_bits_for_any_number_of_threads():
    found = []
    for threads in (1, 2, 3):
        with striate.num_threads(threads):
            model = regression(Repeated)
            model.compile("adam", "mse")
            model.fit(X, Y, epochs=2, verbose=0, rng=3)
            found.append(model.get_weights())
    for other in found[1:]:
        for one, same in zip(found[0], other, strict=True):
            np.testing.assert_array_equal(one, same)
