"""What programs written for Keras lean on in training: arguments, callbacks, metrics, weights of classes, losses."""

import numpy as np
import pytest

import striate as keras
from striate import callbacks, layers, ops
from tests.helpers.small_classifier import YES, X, network


def test_compile_takes_the_arguments_of_keras():
    model = network()
    model.compile("sgd", "mse", 0.5, ["mae"], run_eagerly=False, jit_compile=True, steps_per_execution=4)
    loss, error = model.evaluate(X, YES)
    model.compile("sgd", "mse", metrics=[["mae"]])
    assert model.evaluate(X, YES) == [pytest.approx(2 * loss), error]
    model.compile(optimizer="adam")  # a loss may come from layers
    with pytest.raises(ValueError, match="the model has no loss"):
        model.fit(X, verbose=0)
    model.compile()
    assert type(model.optimizer) is keras.optimizers.RMSprop


def test_losses_of_layers_suffice_for_training():
    class Small(keras.Layer):
        def call(self, x):
            self.add_loss(ops.mean(ops.square(x)))
            return x

    model = keras.Sequential([keras.Input((5,)), layers.Dense(3), Small()], rng=0)
    model.compile("sgd")
    expected = np.square(model.predict(X)).mean()
    losses = model.fit(X, batch_size=24, epochs=50, verbose=0).history["loss"]
    assert losses[0] == pytest.approx(expected, rel=1e-5)
    assert losses[-1] < 0.9 * losses[0]


def test_losses_may_call_other_losses():
    entropy, error = keras.losses.BinaryCrossentropy(), keras.losses.MeanSquaredError(reduction="none")

    def both(y_true, y_pred):
        return entropy(y_true, y_pred) + 2.0 * ops.mean(error(y_true, y_pred))

    model = network(loss=both)
    p = model.predict(X)
    expected = -np.log(np.where(YES, p, 1 - p)).mean() + 2 * np.square(YES - p).mean()
    assert model.evaluate(X, YES) == pytest.approx(expected, rel=1e-5)
    assert model.fit(X, YES, epochs=5, verbose=0).history["loss"][-1] < expected


@pytest.mark.parametrize("reduction", ["sum_over_batch_size", "sum", "mean_with_sample_weight", "none"])
def test_losses_within_losses_weigh_samples_of_many_places(reduction):
    rng = np.random.default_rng(1)
    y_true, y_pred, weights = rng.random((6, 4, 2)), rng.random((6, 4, 2)), rng.random(6)
    error = keras.losses.MeanSquaredError(reduction=reduction)
    within = keras.losses.get(lambda y_true, y_pred: ops.mean(error(y_true, y_pred, weights)))
    assert within(y_true, y_pred) == pytest.approx(np.mean(error(y_true, y_pred, weights)), rel=1e-12)


def test_what_is_handed_out_can_be_kept():
    kept = {"outputs": [], "forward": [], "metric": [], "result": []}

    class Keeper(callbacks.Callback):
        def on_predict_batch_end(self, batch, logs=None):
            kept["outputs"].append(logs["outputs"])

    class Kept(keras.metrics.Metric):
        def __init__(self):
            super().__init__("kept")
            self.count = self.add_variable((2,))

        def update_state(self, y_true, y_pred, sample_weight=None):
            kept["metric"].append(y_pred)
            if sample_weight is not None:
                with pytest.raises(ValueError, match="read-only"):
                    sample_weight *= 2
            with pytest.raises(ValueError, match="read-only"):
                y_true += 1  # targets of the next epoch
            self.count.assign(self.count + 1.0)

        def result(self):
            return self.count.value

    model = network(metrics=[Kept()])
    y = model.predict(X, batch_size=7, callbacks=[Keeper()])
    np.testing.assert_array_equal(np.concatenate(kept["outputs"]), y)
    for outputs in kept["outputs"]:
        outputs += 1  # a new array that nothing else refers to
    np.testing.assert_array_equal(model.predict(X, batch_size=7), y)
    model.compile("sgd", "mse", weighted_metrics=[Kept()])
    weights = np.ones(len(X), np.float32)
    history = model.fit(X, YES, batch_size=12, shuffle=False, sample_weight=weights, epochs=2, verbose=0).history["kept"]
    assert [each.tolist() for each in history] == [[2, 2], [2, 2]]
    first = model.evaluate(X, YES, return_dict=True)["kept"]
    model.evaluate(X[:5], YES[:5], batch_size=1)
    assert first.tolist() == [1, 1]
    assert not any(np.shares_memory(a, b) for a in kept["metric"] for b in kept["metric"] if a is not b)


def test_results_of_batches_are_floats_lists_or_dicts_as_in_keras():
    model = network(metrics=["accuracy"])
    loss, accuracy = model.test_on_batch(X, YES)
    assert model.train_on_batch(X, YES) == [pytest.approx(loss, rel=1e-6), accuracy]
    assert set(model.train_on_batch(X, YES, return_dict=True)) == set(model.metrics_names) == {"loss", "accuracy"}
    assert network().train_on_batch(X, YES) == pytest.approx(loss, rel=1e-6)


def test_names_of_what_is_reported_of_several_outputs():
    image = keras.Input((5,))
    outputs = [layers.Dense(1, "sigmoid", name="yes")(image), layers.Dense(5, name="same")(image)]
    model = keras.Model(image, outputs)
    model.compile("sgd", {"yes": "binary_crossentropy", "same": "mse"}, metrics={"yes": ["accuracy"]})
    results = model.evaluate(X, [YES, X], return_dict=True)
    assert model.metrics_names == list(results) == ["loss", "yes_loss", "same_loss", "yes_accuracy"]


def test_callbacks_hear_of_evaluations_and_predictions():
    told = []

    class Recorder(callbacks.Callback):
        def on_batch_end(self, batch, logs=None):
            told.append(("batch", batch))

        def on_test_batch_end(self, batch, logs=None):
            told.append(("test batch", batch, sorted(logs)))

        def on_test_end(self, logs=None):
            told.append(("test", sorted(logs)))

        def on_predict_batch_end(self, batch, logs=None):
            told.append(("predict batch", batch, len(logs["outputs"])))

        def on_predict_end(self, logs=None):
            told.append(("predict",))

    model = network()
    model.fit(X, YES, batch_size=12, verbose=0, validation_data=(X[:6], YES[:6]), callbacks=Recorder())
    assert told == [("batch", 0), ("batch", 1), ("test batch", 0, ["loss"]), ("test", ["loss"])]
    told.clear()
    model.evaluate(X, YES, callbacks=[Recorder()])
    y = model.predict(X, batch_size=16, callbacks=[Recorder()])
    assert told == [
        *[("test batch", 0, ["loss"]), ("test", ["loss"])],
        *[("predict batch", 0, 16), ("predict batch", 1, 8), ("predict",)],
    ]
    np.testing.assert_array_equal(y, model.predict(X))
    with pytest.raises(TypeError, match="callbacks holds 'EarlyStopping'; expected instances"):
        model.fit(X, YES, callbacks=["EarlyStopping"])
    with pytest.raises(TypeError, match="'on_lunch' is not an event"):
        callbacks.LambdaCallback(on_lunch=print)


def test_functions_of_events_get_logs():
    told = []
    callback = callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: told.append(epoch),
        on_train_begin=lambda logs: told.append("train"),
        on_train_batch_begin=lambda batch, logs: told.append(batch),
    )
    network().fit(X, YES, batch_size=24, verbose=0, callbacks=callback)
    assert told == ["train", 0, 0]


def test_metrics_get_the_targets_as_they_were():
    plain = network(metrics=["accuracy", "mae"])
    smooth = network(loss=keras.losses.BinaryCrossentropy(label_smoothing=0.2), metrics=["accuracy", "mae"])
    assert smooth.evaluate(X, YES)[1:] == plain.evaluate(X, YES)[1:]
    assert smooth.evaluate(X, YES)[0] != plain.evaluate(X, YES)[0]
    margin = network(activation=None, loss="hinge", metrics=["binary_accuracy"])
    expected = np.mean((margin.predict(X) > 0.5) == YES)
    assert margin.evaluate(X, YES)[1] == pytest.approx(expected)


def test_metrics_of_one_name_differ_in_logs():
    precision = [keras.metrics.Precision(thresholds=t) for t in (0.3, 0.7)]
    model = network(metrics=[*precision, "accuracy"], weighted_metrics=["accuracy"])
    logs = model.evaluate(X, YES, sample_weight=np.arange(24), return_dict=True)
    assert list(logs) == ["loss", "precision", "precision_1", "accuracy", "weighted_accuracy"]
    right = (model.predict(X) > 0.5) == YES
    assert logs["accuracy"] == pytest.approx(right.mean())
    assert logs["weighted_accuracy"] == pytest.approx(np.average(right[:, 0], weights=np.arange(24)))


class Positives(keras.Metric):
    """As in Keras' guide."""

    def __init__(self, name="positives", **kwargs):
        super().__init__(name=name, **kwargs)
        self.count = self.add_weight(shape=(), initializer="zeros", name="count")

    def update_state(self, y_true, y_pred, sample_weight=None):
        right = ops.cast(y_true, "bool") & (y_pred > 0.5)
        self.count.assign_add(ops.sum(ops.cast(right, "float32")))

    def result(self):
        return self.count


def test_metrics_may_have_variables():
    model = network(metrics=[Positives(), keras.metrics.TruePositives(), keras.metrics.FalseNegatives()])
    _, own, library, missed = model.evaluate(X, YES, batch_size=7)
    assert own == library == ((model.predict(X) > 0.5) & (YES > 0)).sum()
    assert own + missed == YES.sum()
    assert model.evaluate(X, YES)[1] == own  # it is reset


def test_names_of_losses_are_metrics(tmp_path):
    model = network(metrics=["binary_crossentropy", keras.metrics.BinaryIoU()])
    loss, entropy, _ = model.evaluate(X, YES)
    assert entropy == pytest.approx(loss, rel=1e-5)
    assert model.metrics_names == ["loss", "binary_crossentropy", "binary_io_u"]
    assert keras.metrics.MeanIoU(2).name == "mean_io_u"
    model.save(tmp_path / "model.npz")
    assert keras.models.load_model(tmp_path / "model.npz").evaluate(X, YES) == model.evaluate(X, YES)
    for other in ("get", "Loss", "Huber"):  # what losses are made by, and are, is no metric
        with pytest.raises(ValueError, match=f"metric='{other}' is unknown"):
            network(metrics=[other])


def test_metrics_tell_whether_larger_is_better():
    class Agreement(keras.Metric):
        larger_is_better = True

        def values(self, y_true, y_pred):
            return (y_pred > 0.5) == y_true

    stop = callbacks.EarlyStopping("val_agreement", patience=1)
    model = network(metrics=[Agreement(), keras.metrics.BinaryIoU(name="overlap")])
    model.fit(X, YES, epochs=2, verbose=0, validation_data=(X, YES), callbacks=[stop])
    assert stop._monitor.mode == "max"
    plateau = callbacks.ReduceLROnPlateau("overlap")
    model.fit(X, YES, verbose=0, callbacks=[plateau])
    assert plateau._monitor.mode == "max"
    model = network(metrics=[lambda y_true, y_pred: y_pred])
    with pytest.raises(ValueError, match="mode='auto' cannot tell whether a larger or a smaller monitor='val_dice' is better"):
        model.fit(X, YES, verbose=0, callbacks=[callbacks.EarlyStopping("val_dice")])


@pytest.mark.parametrize("loss", ["hinge", "binary_crossentropy", "mse"])
def test_weights_of_classes_follow_the_targets_as_they_were(loss):
    model = network(activation="tanh" if loss == "hinge" else "sigmoid", loss=loss)
    weights = np.where(YES[:, 0], 3.0, 0.5)
    expected = model.evaluate(X, YES, sample_weight=weights)
    assert model.train_on_batch(X, YES, class_weight={0: 0.5, 1: 3.0}) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("kind", ["numbers", "numbers with an axis", "one-hot"])
def test_class_weights_and_sample_weights_apply_to_places(kind):
    rng = np.random.default_rng(0)
    x, classes = rng.standard_normal((4, 4, 4, 2)), rng.integers(0, 3, (4, 4, 4))
    y = {"numbers": classes, "numbers with an axis": classes[..., None], "one-hot": np.eye(3)[classes]}[kind]
    model = keras.Sequential([keras.Input((4, 4, 2)), layers.Dense(3, "softmax")], rng=0)
    model.compile("sgd", "categorical_crossentropy" if kind == "one-hot" else "sparse_categorical_crossentropy")
    samples = np.array([1.0, 2.0, 0.0, 1.0])
    p = np.take_along_axis(model.predict(x), classes[..., None], -1)[..., 0]
    factors = np.array([1.0, 5.0, 0.2])[classes] * samples[:, None, None]
    got = model.train_on_batch(x, y, sample_weight=samples, class_weight={1: 5.0, 2: 0.2})
    assert got == pytest.approx(-(factors * np.log(p)).mean(), rel=1e-5)


def test_weights_of_classes_are_for_training_alone():
    weights = {0: 10.0, 1: 0.1}
    split, given = network(), network()
    settings = {"class_weight": weights, "verbose": 0, "shuffle": False, "epochs": 2}
    first = split.fit(X, YES, validation_split=0.25, **settings).history
    second = given.fit(X[:18], YES[:18], validation_data=(X[18:], YES[18:]), **settings).history
    assert first == second


def test_frozen_penalties_leave_the_evaluated_loss():
    model = keras.Sequential([keras.Input((5,)), layers.Dense(3, kernel_regularizer="l2")], rng=0)
    model.compile("sgd", "mse")
    y = np.zeros((24, 3))
    before = model.evaluate(X, y)
    assert model.losses == [pytest.approx(0.01 * np.square(model.get_weights()[0]).sum(), rel=1e-5)]
    model.layers[0].trainable = False
    assert model.evaluate(X, y) == pytest.approx(np.square(model.predict(X)).mean(), rel=1e-6)
    assert before > model.evaluate(X, y)


def test_custom_regularizers_and_initializers_are_used():
    class Large(keras.regularizers.L2):
        def __call__(self, x):
            return 100 * ops.sum(ops.square(x))

    model = keras.Sequential([keras.Input((5,)), layers.Dense(2, kernel_regularizer=Large())], rng=0)
    model.compile("sgd", "mse")
    y = model.predict(X)
    assert model.evaluate(X, y) == pytest.approx(100 * np.square(model.get_weights()[0]).sum(), rel=1e-5)
    own = np.ones((5, 2), np.float32)
    model = keras.Sequential([keras.Input((5,)), layers.Dense(2, kernel_initializer=lambda shape, dtype=None: own)])
    model.compile("sgd", "mse")
    model.fit(X, y, verbose=0)
    np.testing.assert_array_equal(own, 1)


@pytest.mark.filterwarnings("ignore:x ended after 1 batches")
def test_epochs_go_on_where_the_last_one_ended():
    class Seen(keras.Layer):
        def forward(self, x, *, training, rng):
            if training:
                seen.extend(x[:, 0].tolist())
            return x, None

        def backward(self, dy, saved, *, input_gradient=True):
            return dy, []

    numbers = np.arange(8, dtype=np.float32)[:, None]
    for source in ("arrays", "loader"):
        seen = []
        model = keras.Sequential([keras.Input((1,)), Seen(), layers.Dense(1)], rng=0)
        model.compile("sgd", "mse")
        data = (numbers, numbers)
        if source == "loader":
            model.fit(keras.data.DataLoader(data, batch_size=2), steps_per_epoch=3, epochs=3, verbose=0)
        else:
            model.fit(*data, batch_size=2, shuffle=False, steps_per_epoch=3, epochs=3, verbose=0)
        assert seen == [*range(8), *range(6)], source


def test_epochs_without_any_and_validation_now_and_then():
    model = network()
    assert model.fit(X, YES, epochs=0, verbose=0).history == {}
    logs = model.fit(X, YES, epochs=4, verbose=0, validation_data=(X, YES), validation_freq=[1, 4]).history
    assert len(logs["val_loss"]) == 2
    with pytest.raises(ValueError, match="validation_batch_size=0 is too small"):
        model.fit(X, YES, validation_split=0.5, validation_batch_size=0)
