"""What programs written for Keras lean on beside layers: names, arguments and habits, each as small as it can be."""

import json

import numpy as np
import pytest

import striate as keras
from striate import callbacks, layers, ops

RNG = np.random.default_rng(0)
X = RNG.standard_normal((24, 5)).astype(np.float32)
YES = (X[:, :1] > 0).astype(int)


def network(activation="sigmoid", units=1, **kwargs):
    model = keras.Sequential([keras.Input((5,)), layers.Dense(4, "tanh"), layers.Dense(units, activation)], rng=0)
    model.compile(**{"optimizer": "sgd", "loss": "binary_crossentropy", **kwargs})
    return model


# ------------------------------------------------------------------------------------------------- names and seeds


def test_names_at_the_top():
    assert issubclass(layers.Dense, keras.Layer)
    for name in ("Loss", "Metric", "Optimizer", "Initializer", "Regularizer", "Variable", "KerasTensor", "InputLayer"):
        assert isinstance(getattr(keras, name), type)
    assert keras.version() == keras.__version__
    assert keras.backend.floatx() == "float32"
    keras.backend.clear_session()
    assert isinstance(keras.Input((3,)), keras.KerasTensor)


def test_one_seed_for_all(monkeypatch):
    monkeypatch.setattr(keras._randomness, "_source", None)
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
    with pytest.raises(ValueError, match="expected one of them"):
        model.get_layer()
    with pytest.raises(ValueError, match="index=2 is too large"):
        model.get_layer(index=2)


# ------------------------------------------------------------------------------------------------------- structure


def test_single_tensors_in_lists():
    image = keras.Input((5,))
    model = keras.Model(inputs=[image], outputs=[layers.Dense(2)(image)])
    assert isinstance(model.predict(X), np.ndarray)
    again = keras.Model([model.inputs], [model.outputs, model.layers[1].output])
    assert [y.shape for y in again.predict(X)] == [(24, 2), (24, 2)]


def test_summary_of_several_inputs(capsys):
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


def test_configurations_make_models():
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
    for a, b in zip(model.get_weights(), same.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    before = model.get_weights()
    model.compile("sgd", "mse")
    model.fit(X, X[:, :2], verbose=0)
    for a, b in zip(model.get_weights(), before, strict=True):
        assert not np.array_equal(a, b)
    dense = layers.Dense(3)
    dense.build((None, 4))
    assert dense.built
    assert dense(np.ones((2, 4), np.float32)).shape == (2, 3)


def test_what_has_no_elements_yet_is_neither_true_nor_false():
    with pytest.raises(TypeError, match=r"neither true nor false.*ops\.where"):
        bool(keras.Input((3,)) > 0)


def test_steps_of_ones_own_are_refused():
    with pytest.raises(TypeError, match=r"Mine defines train_step, which would never be called.*train_on_batch"):
        type("Mine", (keras.Model,), {"train_step": lambda self, data: None})


# -------------------------------------------------------------------------------------------------------- training


def test_arguments_of_compile():
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


def test_losses_of_layers_alone():
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


def test_results_of_batches():
    model = network(metrics=["accuracy"])
    loss, accuracy = model.test_on_batch(X, YES)
    assert model.train_on_batch(X, YES) == [pytest.approx(loss, rel=1e-6), accuracy]
    assert set(model.train_on_batch(X, YES, return_dict=True)) == set(model.metrics_names) == {"loss", "accuracy"}
    assert network().train_on_batch(X, YES) == pytest.approx(loss, rel=1e-6)


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
            told.append(("predict batch", batch, len(logs["outputs"][0])))

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
    with pytest.raises(TypeError, match="'on_lunch' is no event"):
        callbacks.LambdaCallback(on_lunch=print)


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


def test_metrics_with_variables():
    model = network(metrics=[Positives(), keras.metrics.TruePositives(), keras.metrics.FalseNegatives()])
    _, own, library, missed = model.evaluate(X, YES, batch_size=7)
    assert own == library == ((model.predict(X) > 0.5) & (YES > 0)).sum()
    assert own + missed == YES.sum()
    assert model.evaluate(X, YES)[1] == own  # it begins anew


@pytest.mark.parametrize("loss", ["hinge", "binary_crossentropy", "mse"])
def test_weights_of_classes_follow_the_targets_as_they_were(loss):
    model = network(activation="tanh" if loss == "hinge" else "sigmoid", loss=loss)
    weights = np.where(YES[:, 0], 3.0, 0.5)
    expected = model.evaluate(X, YES, sample_weight=weights)
    assert model.train_on_batch(X, YES, class_weight={0: 0.5, 1: 3.0}) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("kind", ["numbers", "numbers with an axis", "one-hot"])
def test_weights_of_classes_of_places(kind):
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
        assert seen == [*range(8), *range(8), 0, 1], source


def test_epochs_without_any_and_validation_now_and_then():
    model = network()
    assert model.fit(X, YES, epochs=0, verbose=0).history == {}
    logs = model.fit(X, YES, epochs=4, verbose=0, validation_data=(X, YES), validation_freq=[1, 4]).history
    assert len(logs["val_loss"]) == 2
    with pytest.raises(ValueError, match="validation_batch_size=0 is too small"):
        model.fit(X, YES, validation_split=0.5, validation_batch_size=0)


def test_what_is_better_is_asked_of_metrics():
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
    with pytest.raises(ValueError, match="mode='auto' cannot tell whether 'val_dice' is better the larger"):
        model.fit(X, YES, verbose=0, callbacks=[callbacks.EarlyStopping("val_dice")])


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


# ---------------------------------------------------------------------------------------------------------- saving


def half(y_true, y_pred):
    return ops.mean(ops.square(y_true - y_pred), axis=-1) * 0.5


def test_all_of_a_compilation_is_saved(tmp_path):
    model = network(loss=half, metrics=["accuracy", half], weighted_metrics=["accuracy"])
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", custom_objects={"half": half})
    weights = np.arange(24)
    assert again.evaluate(X, YES, sample_weight=weights, return_dict=True) == model.evaluate(
        X, YES, sample_weight=weights, return_dict=True
    )
    with pytest.raises(ValueError, match=r"function \(see custom_objects\)='half' is unknown"):
        keras.models.load_model(tmp_path / "model.keras")
    bare = keras.models.load_model(tmp_path / "model.keras", compile=False)
    assert not bare.compiled
    np.testing.assert_array_equal(bare.predict(X), model.predict(X))


def test_weights_that_do_not_fit_may_be_left_out(tmp_path):
    network().save_weights(tmp_path / "weights.npz")
    other = network(units=2, loss="mse")
    before = other.get_weights()
    with pytest.raises(ValueError, match=r"holds shape \(4, 1\) for the weight 'dense_1/kernel', where the model has \(4, 2\)"):
        other.load_weights(tmp_path / "weights.npz")
    np.testing.assert_array_equal(other.get_weights()[0], before[0])
    with pytest.warns(UserWarning, match="holds shape"):
        other.load_weights(tmp_path / "weights.npz", skip_mismatch=True)
    np.testing.assert_array_equal(other.get_weights()[0], network().get_weights()[0])
    np.testing.assert_array_equal(other.get_weights()[2], before[2])
    with pytest.raises(FileExistsError, match=r"weights\.npz' exists"):
        other.save_weights(tmp_path / "weights.npz", overwrite=False)


@pytest.mark.parametrize("name", ["MT19937", "Philox", "SFC64", "PCG64DXSM"])
def test_random_numbers_of_any_kind_go_on(tmp_path, name):
    generator = np.random.Generator(getattr(np.random, name)(3))
    model = keras.Sequential([keras.Input((5,)), layers.Dropout(0.5), layers.Dense(1)], rng=generator)
    model.compile("sgd", "mse")
    model.fit(X, YES, verbose=0)
    model.save(tmp_path / "model.npz")
    again = keras.models.load_model(tmp_path / "model.npz")
    assert again.fit(X, YES, epochs=2, verbose=0).history == model.fit(X, YES, epochs=2, verbose=0).history


class Stop(Exception):
    """A training is broken off."""


class Breaking(callbacks.Callback):
    """Breaks the training off after an epoch."""

    def on_epoch_end(self, epoch, logs=None):
        if epoch == 2:
            raise Stop


@pytest.mark.parametrize("source", ["arrays", "loader", "unbuilt"])
def test_stopped_trainings_go_on_as_if_unbroken(tmp_path, source):
    def made():
        first = [] if source == "unbuilt" else [keras.Input((5,))]
        model = keras.Sequential([*first, layers.Dense(4, "tanh"), layers.Dropout(0.2), layers.Dense(1)], rng=0)
        model.compile(keras.optimizers.Adam(0.1), "mse")
        return model

    def train(model, *more):
        told = [callbacks.ReduceLROnPlateau("loss", factor=0.5, patience=1, min_delta=0.1), *more]
        told.append(callbacks.EarlyStopping("loss", patience=4, restore_best_weights=True))
        settings = {"epochs": 6, "verbose": 0, "callbacks": told, "steps_per_epoch": 5}
        if source == "arrays":
            model.fit(X, YES, batch_size=7, **settings)
        else:
            model.fit(keras.data.DataLoader((X, YES), batch_size=7, shuffle=True, rng=4), **settings)

    whole, broken, again = made(), made(), made()
    train(whole, callbacks.Callback())
    with pytest.raises(Stop):
        train(broken, callbacks.BackupAndRestore(tmp_path), Breaking())
    train(again, callbacks.BackupAndRestore(tmp_path))
    assert again.optimizer.learning_rate == whole.optimizer.learning_rate < 0.1
    for a, b in zip(again.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_another_models_backup_changes_nothing(tmp_path):
    network("sigmoid").save(tmp_path / "model.npz")
    other = network(optimizer="adam")
    before = other.get_weights()
    with pytest.raises(ValueError, match="holds a model compiled with SGD; expected one compiled with Adam"):
        other.restore(tmp_path / "model.npz")
    wider = network(units=3)
    with pytest.raises(ValueError, match="holds shape"):
        wider.restore(tmp_path / "model.npz")
    for a, b in zip(other.get_weights(), before, strict=True):
        np.testing.assert_array_equal(a, b)


class Last(callbacks.Callback):
    """Breaks the training off as an epoch begins."""

    def __init__(self, epoch):
        self.last = epoch

    def on_epoch_begin(self, epoch, logs):
        if epoch == self.last:
            raise Stop


def test_backups_keep_what_callbacks_behind_them_became(tmp_path):
    def train(model, *more):
        told = [callbacks.ReduceLROnPlateau("loss", factor=0.5, patience=1, min_delta=0.1)]
        told.append(callbacks.EarlyStopping("loss", min_delta=0.2, patience=4))
        return model.fit(X, YES, epochs=8, verbose=0, callbacks=[*more, *told]).epoch

    whole, broken, again = (network(optimizer=keras.optimizers.Adam(0.1)) for _ in range(3))
    epochs = train(whole)
    with pytest.raises(Stop):
        train(broken, callbacks.BackupAndRestore(tmp_path), Last(3))
    assert train(again, callbacks.BackupAndRestore(tmp_path)) == epochs[3:]
    assert again.optimizer.learning_rate == whole.optimizer.learning_rate < 0.1
    for a, b in zip(again.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_layers_with_numbers_of_their_own_go_on(tmp_path):
    model = keras.Sequential([keras.Input((5,)), layers.Dropout(0.5, seed=3), layers.Dense(1)], rng=0)
    model.compile("sgd", "mse")
    model.fit(X, YES, verbose=0)
    model.save(tmp_path / "model.npz")
    again = keras.models.load_model(tmp_path / "model.npz")
    assert again.fit(X, YES, epochs=2, verbose=0).history == model.fit(X, YES, epochs=2, verbose=0).history


class Scaled(keras.Model):
    """Has a weight of its own, makes its layers in `build`, and returns two outputs."""

    def build(self, input_shape):
        self.dense = layers.Dense(2)
        self.scale = self.add_weight((2,), "ones", name="scale")

    def call(self, x):
        y = self.dense(x)
        return [y * self.scale, y]


def test_models_with_weights_of_their_own(tmp_path):
    model = Scaled()
    model.compile("adam", "mse")
    model.build((None, 5))
    model.scale.assign([3.0, 4.0])
    model.save(tmp_path / "model.npz")
    again = keras.models.load_model(tmp_path / "model.npz", custom_objects={"Scaled": Scaled})
    for a, b in zip(again.predict(X), model.predict(X), strict=True):
        np.testing.assert_array_equal(a, b)
    y = [X[:, :2], X[:, :2]]
    assert again.fit(X, y, verbose=0, rng=0).history == model.fit(X, y, verbose=0, rng=0).history
    assert Scaled()(X)[0].shape == (24, 2)


def test_functions_of_events_get_logs():
    told = []
    callback = callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: told.append(epoch),
        on_train_begin=lambda logs: told.append("train"),
        on_train_batch_begin=lambda batch, logs: told.append(batch),
    )
    network().fit(X, YES, batch_size=24, verbose=0, callbacks=callback)
    assert told == ["train", 0, 0]


def test_deep_graphs():
    x = image = keras.Input((2,))
    for _ in range(1500):
        x = layers.ReLU()(x)
    np.testing.assert_array_equal(keras.Model(image, x).predict(np.ones((1, 2), np.float32)), 1)


def test_penalties_and_first_weights_of_ones_own():
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


def test_losses_within_losses():
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


def bent(x):
    return ops.tanh(x) * 2


def test_activations_of_ones_own_are_saved(tmp_path):
    model = keras.Sequential([keras.Input((5,)), layers.Dense(3, activation=bent), layers.Activation(bent)], rng=0)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", custom_objects={"bent": bent})
    np.testing.assert_array_equal(again.predict(X), model.predict(X))
    with pytest.raises(ValueError, match="activation='bent' is unknown"):
        keras.models.load_model(tmp_path / "model.keras")


def test_names_of_losses_are_metrics(tmp_path):
    model = network(metrics=["binary_crossentropy", keras.metrics.BinaryIoU()])
    loss, entropy, _ = model.evaluate(X, YES)
    assert entropy == pytest.approx(loss, rel=1e-5)
    assert model.metrics_names == ["loss", "binary_crossentropy", "binary_io_u"]
    assert keras.metrics.MeanIoU(2).name == "mean_io_u"
    model.save(tmp_path / "model.npz")
    assert keras.models.load_model(tmp_path / "model.npz").evaluate(X, YES) == model.evaluate(X, YES)
    for other in ("get", "Loss", "Hinge"):  # what losses are made by, and are, is no metric
        with pytest.raises(ValueError, match=f"metric='{other}' is unknown"):
            network(metrics=[other])


def test_names_of_what_is_reported_of_several_outputs():
    image = keras.Input((5,))
    outputs = [layers.Dense(1, "sigmoid", name="yes")(image), layers.Dense(5, name="same")(image)]
    model = keras.Model(image, outputs)
    model.compile("sgd", {"yes": "binary_crossentropy", "same": "mse"}, metrics={"yes": ["accuracy"]})
    results = model.evaluate(X, [YES, X], return_dict=True)
    assert model.metrics_names == list(results) == ["loss", "yes_loss", "same_loss", "yes_accuracy"]


def test_what_has_no_elements_yet_cannot_be_assigned():
    class Masked(keras.Layer):
        def build(self, input_shape):
            self.w = self.add_weight((5, 2))

        def call(self, x):
            self.w.assign(self.w * 2.0)
            return ops.matmul(x, self.w)

    with pytest.raises(TypeError, match="value for 'weight_0' has no elements yet"):
        Masked()(X)
