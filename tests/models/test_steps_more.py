"""What custom steps of programs for Keras lean on: metrics without a loss, the list of metrics, data without targets."""

import numpy as np
import pytest

import striate as keras
from striate import layers, ops
from tests.helpers.small_classifier import YES, X


class Square(keras.Model):
    """Computes its loss itself."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(1, activation="sigmoid")

    def call(self, x):
        return self.dense(x)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return ops.mean(ops.square(ops.cast(y, "float32") - y_pred))


def test_a_model_that_computes_its_loss_has_metrics_without_one(tmp_path):
    model = Square(rng=0)
    model.compile("sgd", metrics=["accuracy"], weighted_metrics=["mae"])
    logs = model.fit(X, YES, sample_weight=np.ones(24), epochs=2, verbose=0).history
    assert list(logs) == ["loss", "accuracy", "mae"]
    assert model.loss is None
    p = model.predict(X)
    expected = [np.square(YES - p).mean(), ((p > 0.5) == YES).mean(), np.abs(YES - p).mean()]
    np.testing.assert_allclose(model.evaluate(X, YES), expected, rtol=1e-5)
    model.save(tmp_path / "model.npz")
    again = keras.models.load_model(tmp_path / "model.npz", custom_objects={"Square": Square})
    np.testing.assert_allclose(again.evaluate(X, YES), expected, rtol=1e-5)
    with pytest.raises(ValueError, match="loss is None for output"):
        keras.Sequential([keras.Input((5,)), layers.Dense(1)]).compile("sgd", metrics=["accuracy"])


class LoopsOverMetrics(keras.Model):
    """The step of Keras' guide, in which the loss is one of the metrics."""

    def train_step(self, data):
        x, y = data
        with keras.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(y=y, y_pred=y_pred)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            else:
                metric.update_state(y, y_pred)
        return {metric.name: metric.result() for metric in self.metrics}


def test_the_loss_is_the_first_of_the_metrics():
    inputs = keras.Input((5,))
    model = LoopsOverMetrics(inputs, layers.Dense(1, activation="sigmoid")(inputs))
    model.compile("sgd", "binary_crossentropy", metrics=["accuracy", keras.metrics.MeanAbsoluteError(name="off")])
    assert [metric.name for metric in model.metrics] == ["loss", "accuracy", "off"]
    expected = model.evaluate(X, YES, return_dict=True)
    logs = model.fit(X, YES, batch_size=24, verbose=0).history
    assert {name: each for name, (each,) in logs.items()} == pytest.approx(expected, rel=1e-5)


class Centre(keras.Model):
    """Learns the mean of what it is given."""

    def __init__(self):
        super().__init__()
        self.centre = self.add_weight(shape=(5,), initializer="zeros")
        self.distance = keras.metrics.Mean(name="distance")

    @property
    def metrics(self):
        return [self.distance]

    def train_step(self, x):
        with keras.GradientTape() as tape:
            loss = ops.mean(ops.sum(ops.square(x - self.centre), axis=-1))
        self.optimizer.apply(tape.gradient(loss, [self.centre]), [self.centre])
        return self.test_step(x)

    def test_step(self, x):
        self.distance.update_state(ops.sum(ops.square(x - self.centre), axis=-1))
        return self.get_metrics_result()


@pytest.mark.parametrize("given", [X, (X,)])
def test_data_without_targets_are_validated_on(given):
    model = Centre()
    model.compile(keras.optimizers.SGD(0.2))
    logs = model.fit(X, batch_size=8, epochs=10, validation_data=given, verbose=0).history
    assert list(logs) == ["distance", "val_distance"]
    assert logs["val_distance"][-1] == pytest.approx(np.square(X - X.mean(axis=0)).sum(axis=1).mean(), rel=0.05)
    assert model.evaluate(X) == pytest.approx(logs["val_distance"][-1])  # Alone, it is no list.
