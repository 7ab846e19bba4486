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


class Counts(keras.Model):
    """Tells how much it was given."""

    def train_step(self, data):
        (a, b), c = data
        return {"given": ops.stack([len(a), len(b), len(c)]), "sum": ops.sum(a) + ops.sum(b) + ops.sum(c)}

    def predict_step(self, data):
        (a, b), c = data
        return ops.concatenate([a, b, c])


def test_arrays_of_a_batch_may_differ_in_their_number_of_samples():
    model = Counts()
    model.compile()

    def batches():
        for n in (2, 5, 2):
            yield (np.ones((n, 3)), np.ones((4, 3))), np.ones((1, 3))

    logs = model.fit(batches(), verbose=0).history
    assert [each.tolist() for each in logs["given"]] == [[2, 4, 1]]
    assert logs["sum"] == [21]
    (whole,) = model.train_on_batch((np.ones((2, 3)), np.ones((4, 3))), np.ones((7, 3)), return_dict=True)["given"][None]
    assert whole.tolist() == [2, 4, 7]
    assert model.predict(batches()).shape == (24, 3)
    with pytest.raises(
        ValueError, match=r"the data have the shapes \(2, 3\), \(4, 3\), \(7, 3\); expected arrays with equally"
    ):
        model.fit((np.ones((2, 3)), np.ones((4, 3))), np.ones((7, 3)))
    with pytest.raises(
        ValueError, match=r"the data have the shapes \(\), \(4, 3\), \(7, 3\); expected arrays with at least one"
    ):
        model.train_on_batch((np.ones(()), np.ones((4, 3))), np.ones((7, 3)))


def test_values_have_a_length_and_parts():
    class Unpacks(keras.Model):
        def train_step(self, x):
            first, *others = x
            return {"first": ops.sum(first), "others": sum(ops.sum(each) for each in others), "length": len(x)}

    model = Unpacks()
    model.compile()
    logs = model.train_on_batch(X[:4], return_dict=True)
    assert logs == pytest.approx({"first": X[0].sum(), "others": X[1:4].sum(), "length": 4}, rel=1e-5)
    with keras.GradientTape() as tape:
        x = np.ones(3)
        tape.watch(x)
        total = ops.sum(x)
    with pytest.raises(TypeError, match="has no length"):
        len(total)


class Scaled(keras.Model):
    """Has variables as attributes, one of them trained, and another model's weights at hand."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = keras.Sequential([keras.Input((5,)), layers.Dense(1)])
        self.scale = keras.Variable(2.0, name="scale")
        self.counts = [keras.Variable(np.zeros(2, "int32"), trainable=False), keras.Variable(0, trainable=False)]
        self.kept = self.dense.weights

    def call(self, x):
        return self.scale * self.dense(x)


def test_variables_in_attributes_are_weights(tmp_path):
    model = Scaled(rng=0)
    model.compile(keras.optimizers.SGD(0.1), "mse")
    kernel, bias = model.dense.get_weights()
    assert [weight.name for weight in model.weights] == ["scale", "variable", "variable", "kernel", "bias"]
    assert model.trainable_weights == [model.scale, *model.dense.weights]
    assert model.non_trainable_weights == model.counts
    assert [weight.dtype.name for weight in model.weights] == ["float32", "int32", "int32", "float32", "float32"]
    model.train_on_batch(X, YES)
    slope = (2 * (2 * (X @ kernel + bias) - YES) * (X @ kernel + bias)).mean()
    assert float(model.scale.numpy()) == pytest.approx(2 - 0.1 * slope, rel=1e-5)
    model.counts[1].assign_add(3)
    model.save(tmp_path / "model.npz")
    again = keras.models.load_model(tmp_path / "model.npz", custom_objects={"Scaled": Scaled})
    for weight, other in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(weight, other)


def test_variables_are_made_of_numbers_and_lists():
    array = np.zeros(3)
    assert keras.Variable(array, "kept").array is array
    assert keras.Variable([1.0, 2.0]).dtype == "float32"
    assert keras.Variable([1.0, 2.0], dtype="float64").dtype == "float64"
    assert keras.Variable(True, dtype="int32").numpy() == 1
    first = keras.Variable(np.ones(2, "float64"))
    second = keras.Variable(first)
    second.assign_add([1, 1])
    assert (first.numpy().tolist(), second.numpy().tolist(), second.dtype) == ([1, 1], [2, 2], "float64")
    with pytest.raises(ValueError, match="initializer='a' is given without a shape"):
        keras.Variable("a")
    assert keras.Variable(1.0, dtype="complex64").dtype == "complex64"
    with pytest.raises(ValueError, match="dtype='string'"):
        keras.Variable(1.0, dtype="string")


class _Counting(keras.Model):
    """A model that counts its calls, by numbers alone."""

    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)
        self.calls = self.add_weight((), "zeros", trainable=False, name="calls")

    def call(self, inputs):
        self.calls.assign_add(1.0)
        return self.dense(inputs)


def test_assignments_in_the_call_of_a_model_take_place_in_each_step():
    model, x = _Counting(), np.ones((8, 3), np.float32)
    model.compile("sgd", "mse")
    model.fit(x, np.ones((8, 1)), batch_size=2, verbose=0)
    assert model.calls.numpy() == 4
    model(x)
    model.predict(x, batch_size=4, verbose=0)
    assert model.calls.numpy() == 7


class Pair(keras.Model):
    """Trains two parts, and calls both in a method that no step calls."""

    def __init__(self):
        super().__init__()
        self.first = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
        self.second = keras.Sequential([layers.Dense(2)])

    def call(self, x):
        return self.first(x), self.second(x)

    def train_step(self, x):
        with keras.GradientTape() as tape:
            loss = ops.mean(ops.square(self.first(x) - self.second(x)))
        weights = self.first.trainable_weights + self.second.trainable_weights
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        return {"loss": loss}


def test_weights_of_parts_are_saved_though_the_model_itself_is_not_called(tmp_path):
    model, x = Pair(), np.ones((4, 3), np.float32)
    model.compile("sgd")
    with pytest.raises(ValueError, match="the model is not built"):
        model.save_weights(tmp_path / "x.npz")
    checkpoint = keras.callbacks.ModelCheckpoint(tmp_path / "{epoch}.npz", save_weights_only=True)
    model.fit(x, epochs=2, callbacks=[checkpoint], verbose=0)
    last = [weight.numpy() for weight in model.first.weights + model.second.weights]
    model.fit(x, verbose=0)
    model.load_weights(tmp_path / "2.npz")
    for weight, array in zip(model.first.weights + model.second.weights, last, strict=True):
        np.testing.assert_array_equal(weight.value, array)


class Noisy(layers.Layer):
    """Draws a factor for each sample, and has no weights."""

    def call(self, x):
        return keras.random.uniform((ops.shape(x)[0], 1), 1, 2) * x


class Augmented(keras.Model):
    """Calls layers for the first time in its step."""

    def __init__(self):
        super().__init__()
        self.augment = keras.Sequential([keras.Input((3,)), Noisy(), Noisy()])

    def train_step(self, x):
        once, twice = self.augment(x, training=True), self.augment(x, training=True)
        return {"smallest": ops.min(once), "difference": ops.max(ops.abs(once - twice))}


def test_layers_that_draw_numbers_may_be_called_first_in_a_step():
    model = Augmented()
    model.compile()
    found = model.fit(np.ones((8, 3), np.float32), verbose=0, rng=0).history
    assert found["smallest"][0] >= 1
    assert found["difference"][0] > 0


class Endpoint(layers.Layer):
    """Takes the targets, too, and computes loss and accuracy from them."""

    def __init__(self):
        super().__init__()
        self.accuracy = keras.metrics.BinaryAccuracy()

    def call(self, y, targets):
        self.add_loss(ops.mean(ops.square(targets - y)))
        self.accuracy.update_state(targets, y)
        return y


def test_a_layer_in_a_graph_updates_its_metric():
    x, targets = keras.Input((1,)), keras.Input((1,))
    endpoint = Endpoint()
    model = keras.Model([x, targets], endpoint(x, targets))
    assert endpoint.accuracy.result() == 0
    model.compile("sgd")
    found = model.fit([np.float32([[0], [1], [1], [1]]), np.float32([[0], [1], [0], [1]])], epochs=1, verbose=0).history
    assert found["loss"] == [0.25]
    assert endpoint.accuracy.result() == 0.75


class Total(layers.Layer):
    """Returns one of its weights."""

    def build(self, input_shape):
        self.total = self.add_weight(input_shape[1:], "zeros", trainable=False)

    def call(self, x):
        self.total.assign_add(ops.sum(x, axis=0))
        return self.total


def test_calls_may_return_weights_and_arrays():
    layer, x = Total(), np.ones((2, 3))
    assert layer(x).tolist() == [2, 2, 2]
    assert layer(x).tolist() == [4, 4, 4]
    inputs = keras.Input((3,))
    model = keras.Model(inputs, Total()(inputs))
    assert model.output_shape == (3,)
    assert model(x).tolist() == [2, 2, 2]
    sequence = keras.Input((None, 3))
    mask = layers.Lambda(lambda x: ops.tril(ops.ones((ops.shape(x)[1], ops.shape(x)[1]))))(sequence)
    assert mask.shape == (None, None)
    np.testing.assert_array_equal(keras.Model(sequence, mask)(np.ones((1, 2, 3))), [[1, 0], [1, 1]])


class WeightedStep(keras.Model):
    """Passes on weights of samples, which have an axis of size 1."""

    def train_step(self, data):
        x, y, weights = data
        loss = self.compute_loss(y=y, y_pred=self(x), sample_weight=weights)
        return {"loss": loss, "alone": keras.losses.MeanSquaredError()(y, self(x), weights)}


def test_weights_of_samples_in_a_step_may_be_a_column():
    inputs = keras.Input((1,))
    model = WeightedStep(inputs, layers.Identity()(inputs))
    model.compile("sgd", "mse")
    x, weights = np.float32([[1], [2]]), np.float32([[0.5], [1]])
    found = model.fit(x, 0 * x, sample_weight=weights, verbose=0).history
    assert found == {"loss": [2.25], "alone": [2.25]}


class OlderStep(keras.Model):
    """Uses loss and metrics by their older names."""

    def train_step(self, data):
        x, y = data
        with keras.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compiled_loss(y, y_pred)
        self.optimizer.apply_gradients(
            zip(tape.gradient(loss, self.trainable_variables), self.trainable_variables, strict=True)
        )
        self.compiled_metrics.update_state(y, y_pred)
        return {metric.name: metric.result() for metric in self.metrics} | {"loss": loss}


def test_older_names_of_loss_and_metrics_do_the_same():
    inputs = keras.Input((5,))
    outputs = layers.Dense(1)(inputs)
    histories = []
    for cls in (OlderStep, keras.Model):
        model = cls(inputs, outputs)
        model.set_weights([np.zeros(weight.shape) for weight in model.weights])
        model.compile("sgd", "mse", metrics=["mae"])
        histories.append(model.fit(X, np.ones((len(X), 1)), batch_size=len(X), epochs=2, verbose=0, shuffle=False).history)
    for name in ("loss", "mae"):
        np.testing.assert_allclose(histories[0][name], histories[1][name], rtol=1e-5)
