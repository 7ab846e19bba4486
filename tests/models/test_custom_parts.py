"""Custom layers, models, optimizers, losses and metrics."""

import threading

import numpy as np
import pytest

from striate import GradientTape, Input, Model, Sequential, layers, losses, metrics, ops, optimizers
from tests.helpers.small_models import Residual, images


class Scaling(layers.Layer):
    """With its own arithmetic: x * scale."""

    def build(self, input_shape):
        self.scale = self.add_weight(input_shape[-1:], "ones", name="scale")

    def forward(self, x, *, training, rng):
        return x * self.scale.value, x

    def backward(self, dy, saved, *, input_gradient=True):
        return dy * self.scale.value if input_gradient else None, [(dy * saved).sum(tuple(range(dy.ndim - 1)))]


def custom_model(dtype):
    image = Input((8, 8, 3), dtype=dtype)
    x = Scaling(dtype=dtype)(Residual(3, dtype=dtype)(image))
    return Model(image, layers.Dense(4, activation="softmax", dtype=dtype)(layers.Flatten(dtype=dtype)(x)), rng=0)


def test_layers_by_users_take_part():
    x, y = images(20)
    model = custom_model("float64")
    assert [weight.name for weight in model.weights] == ["kernel", "bias"] * 2 + ["scale"] + ["kernel", "bias"]
    model.compile(optimizers.SGD(0.5), "sparse_categorical_crossentropy")
    before = model.get_weights()
    model.train_on_batch(x, y)
    gradients = [(b - w.value) / 0.5 for b, w in zip(before, model.weights, strict=True)]
    model.set_weights(before)
    for i in (0, 4):
        losses_ = []
        for step in (1e-6, -1e-6):
            changed = before[i].copy()
            changed.flat[1] += step
            model.weights[i].assign(changed)
            losses_.append(model.evaluate(x, y))
        model.weights[i].assign(before[i])
        assert gradients[i].flat[1] == pytest.approx((losses_[0] - losses_[1]) / 2e-6, rel=1e-5, abs=1e-8)


def test_wrong_arrays_of_users_layers_are_refused():
    class Wrong(layers.Layer):
        def forward(self, x, *, training, rng):
            return x[..., :1], None

    model = Sequential([layers.Input((8, 8, 3)), Wrong()])
    with pytest.raises(ValueError, match=r"forward of layer 'wrong' returned .*\(2, 8, 8, 1\); expected \(2, 8, 8, 3\)"):
        model.predict(images(2)[0])


def test_subclassed_models_train_and_predict():
    class Small(Model):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.conv = layers.Conv2D(4, 3, activation="relu")
            self.drop = layers.Dropout(0.5)
            self.out = layers.Dense(4, activation="softmax")

        def call(self, x, training=None):
            x = layers.Flatten()(self.conv(x))
            return self.out(self.drop(x) if training else x)

    x, y = images(20)
    model = Small(rng=0)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(x, y, epochs=8, verbose=0).history
    assert history["loss"][-1] < history["loss"][0]
    assert model.predict(x).shape == (20, 4)
    assert len(model.weights) == 4


def test_optimizers_and_losses_by_users_take_part():
    class Signs(optimizers.Optimizer):
        def update(self, weight, gradient, state):
            weight -= self.learning_rate * np.sign(gradient)

    class Absolute(losses.Loss):
        def prepare(self, y_true, output_shape, dtype):
            return np.asarray(y_true, dtype)

        def value_and_gradient(self, y_true, y_pred):
            return np.abs(y_pred - y_true).mean(), np.sign(y_pred - y_true) / y_pred.size

    rng = np.random.default_rng(0)
    x = rng.standard_normal((64, 5)).astype(np.float32)
    model = Sequential([layers.Input((5,)), layers.Dense(1)], rng=0)
    model.compile(Signs(0.02), Absolute())
    history = model.fit(x, x[:, :1] * 2, epochs=80, verbose=0).history["loss"]
    assert history[-1] < 0.1 * history[0]


def test_metrics_may_keep_what_they_are_given():
    kept = []

    class Collect(metrics.Metric):
        def values(self, y_true, y_pred):
            kept.append(y_pred)
            return np.zeros(len(y_pred))

    x = np.random.default_rng(0).standard_normal((6, 3)).astype(np.float32)
    model = Sequential([layers.Input((3,)), layers.Dense(2)], rng=0)
    model.compile("sgd", "mse", metrics=[Collect()])
    model.evaluate(x, x[:, :2], batch_size=2)
    np.testing.assert_array_equal(np.concatenate(kept), model.predict(x, batch_size=2))


class Meddling(layers.Layer):
    """Writes where it may only read."""

    def forward(self, x, *, training, rng):
        x += 1
        return x, None


class MeddlingLoss(losses.MeanSquaredError):
    """Writes where it may only read."""

    def value_and_gradient(self, y_true, y_pred):
        y_pred -= y_true
        return 0.0, y_pred


def test_what_users_layers_and_losses_get_can_only_be_read():
    x = np.ones((2, 6), np.float32)
    with pytest.raises(ValueError, match="read-only"):
        Meddling()(x)
    model = Sequential([Input((6,)), layers.Dense(4)])
    model.compile("sgd", MeddlingLoss())
    with pytest.raises(ValueError, match="read-only"):
        model.fit(x, np.ones((2, 4)), verbose=0)


class Unsteady(layers.Layer):
    """Its first build fails."""

    failed = False

    def build(self, input_shape):
        self.kernel = self.add_weight((2,), "ones", name="kernel")
        if not self.failed:
            self.failed = True
            raise KeyError("once")

    def forward(self, x, *, training, rng):
        return x, None


def test_a_build_that_failed_can_be_repeated():
    layer, x = Unsteady(), np.ones((1, 2), np.float32)
    with pytest.raises(KeyError):
        layer(x)
    np.testing.assert_array_equal(layer(x), x)
    assert len(layer.weights) == 1


def test_threads_may_use_a_layer_first():
    x = np.ones((2, 8, 8, 3), np.float32)
    for _ in range(20):
        layer, results = Residual(3), []
        barrier = threading.Barrier(4)

        def use(layer=layer, results=results, barrier=barrier):
            barrier.wait()
            results.append(layer(x, rng=0))

        threads = [threading.Thread(target=use) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(layer.weights) == 4
        assert len(results) == 4
        for result in results[1:]:
            np.testing.assert_array_equal(result, results[0])


class Returning(layers.Layer):
    """Its call returns whatever it is told."""

    def __init__(self, make, **kwargs):
        super().__init__(**kwargs)
        self.make = make
        self.inner = layers.Dense(2)

    def call(self, x):
        return self.make(self, x)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda layer, x: {"y": "no"}, TypeError, "call of layer 'returning' returned dict; expected an output"),
        (lambda layer, x: None, TypeError, "call of layer 'returning' returned NoneType"),
        (lambda layer, x: [layer.inner(x), 3], TypeError, "call of layer 'returning' returned list"),
        (
            lambda layer, x: layer.inner([x, 1]),
            TypeError,
            "layer 'dense' got int beside a (Tensor|Value); expected (Tensor|Value)s",
        ),
    ],
)
def test_what_call_returns_is_checked(make, error, message):
    with pytest.raises(error, match=message):
        Returning(make)(np.ones((2, 3), np.float32))
    with pytest.raises(error, match=message):
        Returning(make)(Input((3,)))


def test_inferring_a_shape_has_no_side_effects():
    layer = Residual(3)
    assert layer.compute_output_shape((None, 8, 8, 3)) == (None, 8, 8, 3)
    with pytest.raises(ValueError, match="layer 'add' was not called in a graph of layers; expected a call"):
        _ = layer.add.output


class Shifted(layers.Layer):
    """Merges its input with one row for all samples."""

    def __init__(self, merge):
        super().__init__()
        self.merge = merge

    def build(self, input_shape):
        self.row = self.add_weight((input_shape[-1],), "random_normal", name="row")

    def call(self, x):
        return self.merge([ops.expand_dims(self.row, 0), x])


@pytest.mark.parametrize(("layer", "function"), [(layers.Add(), ops.add), (layers.Multiply(), ops.multiply)])
def test_a_single_row_is_merged_with_all_samples(layer, function):
    model, x = Sequential([layers.Input((3,)), Shifted(layer)], rng=0), np.arange(12.0).reshape(4, 3)
    row = model.layers[0].row
    np.testing.assert_allclose(model(x), function(row.numpy(), x), rtol=1e-6)
    with GradientTape() as tape:
        loss = ops.sum(ops.square(model(x)))
    (gradient,) = tape.gradient(loss, [row])
    factor = x if function is ops.multiply else 1
    np.testing.assert_allclose(gradient, np.sum(2 * function(row.numpy(), x) * factor, 0), rtol=1e-5)
