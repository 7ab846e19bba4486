"""Callbacks: what they do to a training, and what they write."""

import csv
import inspect
import io
import itertools
import math
import re
import sys

import numpy as np
import pytest

from striate import Model, Sequential, callbacks, layers, losses, metrics, optimizers
from striate.callbacks import (
    Callback,
    CSVLogger,
    EarlyStopping,
    History,
    LambdaCallback,
    LearningRateScheduler,
    ModelCheckpoint,
    ProgressBar,
    ReduceLROnPlateau,
    TerminateOnNaN,
)
from striate.data import DataLoader


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def __init__(self, encoding):
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self):
        """The encoding asked for."""
        return self._encoding

    def isatty(self):
        """Yes."""
        return True


@pytest.mark.parametrize(("encoding", "bar"), [("utf-8", "━" * 20), ("ascii", "=" * 20)])
def test_the_progress_bar_is_drawn_on_a_terminal(encoding, bar, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    stream = Terminal(encoding)
    progress = ProgressBar(stream=stream)
    progress.set_params({"epochs": 12, "steps": 4})
    progress.on_epoch_begin(2)
    progress._last -= 1  # as if long ago
    progress.on_train_batch_end(1, {"loss": 0.5})
    halfway = stream.getvalue()
    assert halfway.startswith("\rEpoch  3/12 " + bar[:10])
    assert "2/4" in halfway
    assert "loss 0.5000" in halfway
    assert "\n" not in halfway
    progress.on_epoch_end(2, {"loss": 0.25, "val_loss": 0.75})
    end = stream.getvalue()[len(halfway) :]
    assert bar in end
    assert "loss 0.2500  val_loss 0.7500" in end
    assert end.endswith("\n")


def test_the_progress_bar_fits_a_narrow_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    stream = Terminal("utf-8")
    progress = ProgressBar(stream=stream)
    progress.set_params({"epochs": 1, "steps": 4})
    progress.on_epoch_begin(0)
    progress.on_epoch_end(0, {"loss": 0.25, "accuracy": 0.5, "val_loss": 0.75})
    assert len(stream.getvalue().strip("\r\n")) == 39


def test_history_records_each_epoch():
    history = History()
    history.on_epoch_end(0, {"loss": 1.0})
    history.on_epoch_end(1, {"loss": 0.5, "val_loss": 2.0})
    assert history.epoch == [0, 1]
    assert history.history == {"loss": [1.0, 0.5], "val_loss": [2.0]}


class Fake:
    """What callbacks know of a model."""

    def __init__(self):
        self.stop_training = False
        self.optimizer = optimizers.SGD(1.0)
        self.weights = 0
        self.restored = None

    def get_weights(self):
        """Return what tells the epoch."""
        return self.weights

    def set_weights(self, weights):
        """Take note of them."""
        self.restored = weights


def run(callback, key, values):
    """Tell a callback of epochs with these values, until it ends the training; return the model and the logs."""
    model, told = Fake(), []
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, value in enumerate(values):
        model.weights = epoch
        logs = {} if value is None else {key: value}
        callback.on_epoch_begin(epoch)
        callback.on_epoch_end(epoch, logs)
        told.append(logs)
        if model.stop_training:
            break
    callback.on_train_end()
    return model, told


@pytest.mark.parametrize(
    ("arguments", "key", "values", "epochs", "best_epoch"),
    [
        ({"patience": 2}, "val_loss", [3, 2, 2.5, 2.1, 1], 4, 1),
        ({"patience": 2, "mode": "max"}, "val_loss", [3, 4, 2.5, 2.1, 1], 4, 1),
        ({"monitor": "val_accuracy", "patience": 1}, "val_accuracy", [0.5, 0.6, 0.6, 0.7], 3, 1),
        ({"patience": 1, "min_delta": 0.5}, "val_loss", [3, 2.4, 2.2, 0], 3, 1),
        ({"patience": 2, "baseline": 1.0}, "val_loss", [3, 2, 1.5, 1.2], 4, 3),
        ({"patience": 2, "baseline": 1.0}, "val_loss", [3, 2, 2.5, 1.2], 3, 1),
        ({"patience": 1, "start_from_epoch": 3}, "val_loss", [1, 2, 3, 4, 5, 6], 5, 3),
        ({}, "val_loss", [3, 2, 1], 3, 2),
    ],
)
def test_early_stopping_ends_a_training_without_improvement(arguments, key, values, epochs, best_epoch):
    callback = EarlyStopping(**arguments, restore_best_weights=True)
    model, told = run(callback, key, values)
    assert len(told) == epochs
    assert callback.best_epoch == best_epoch
    assert callback.best == values[best_epoch]
    assert model.restored == best_epoch
    assert callback.stopped_epoch == (epochs - 1 if model.stop_training else 0)


def test_early_stopping_starts_again_in_each_training():
    callback = EarlyStopping(patience=1)
    for _ in range(2):
        assert len(run(callback, "val_loss", [3, 4, 5])[1]) == 2


def test_a_monitored_name_missing_from_the_logs_is_warned_of():
    with pytest.warns(UserWarning, match=r"monitor='val_loss' is not in the logs, which hold \['loss'\]"):
        run(EarlyStopping(), "loss", [1.0])


NAN = float("nan")


@pytest.mark.parametrize(
    ("mode", "values", "improvements"),
    [
        ("min", [NAN, 3.0, NAN, 2.0, NAN], [1, 3]),
        ("max", [NAN, NAN, 3.0, 4.0, NAN], [2, 3]),
        ("min", [NAN, np.inf, NAN], [1]),
        ("max", [NAN, -np.inf, NAN], [1]),
        ("min", [NAN, NAN], []),
    ],
)
def test_nan_is_never_the_best(mode, values, improvements, tmp_path):
    best, place = (values[improvements[-1]], improvements[-1]) if improvements else (None, None)
    stopping = EarlyStopping(patience=10, mode=mode, restore_best_weights=True, verbose=1)
    model, _ = run(stopping, "val_loss", values)
    assert stopping.best == best
    assert model.restored == place
    checkpoint = ModelCheckpoint(tmp_path / "{epoch}.npz", save_best_only=True, mode=mode)
    saved = []
    with_save = Fake()
    with_save.save = lambda path: saved.append(int(path.stem) - 1)
    checkpoint.set_model(with_save)
    checkpoint.on_train_begin()
    for epoch, value in enumerate(values):
        checkpoint.on_epoch_begin(epoch)
        checkpoint.on_epoch_end(epoch, {"val_loss": value})
    assert checkpoint.best == best
    assert saved == improvements


def test_epochs_of_nan_count_as_no_improvement():
    model, told = run(EarlyStopping(patience=2, verbose=1, restore_best_weights=True), "val_loss", [3.0, 2.0, NAN, NAN, NAN])
    assert len(told) == 4
    assert model.restored == 1
    model, told = run(EarlyStopping(patience=2, verbose=1), "val_loss", [NAN] * 5)
    assert len(told) == 2
    model, _ = run(ReduceLROnPlateau(patience=2, factor=0.5), "val_loss", [NAN] * 4 + [1.0, NAN, NAN])
    assert model.optimizer.learning_rate == 0.125


def test_a_schedule_is_not_thrown_away():
    rate = optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)
    model = Sequential([layers.Input((2,)), layers.Dense(1)], rng=0)
    x, y = np.ones((4, 2), np.float32), np.ones(4)
    for given in (rate, lambda: 0.1):
        for callback, message in (
            (
                ReduceLROnPlateau("loss"),
                "ReduceLROnPlateau cannot reduce a learning rate that has a schedule; expected a number",
            ),
            (LearningRateScheduler(lambda epoch: 0.5), "learning_rate=0.5 cannot be set, as the optimizer has a schedule"),
        ):
            model.compile(optimizers.SGD(given), "mse")
            with pytest.raises(TypeError, match=message):
                model.fit(x, y, verbose=0, callbacks=callback)
            assert model.optimizer.learning_rate == pytest.approx(0.1)
    model.optimizer.learning_rate = rate  # another schedule
    assert model.optimizer.has_schedule


def test_reduce_lr_on_plateau_lowers_the_rate_without_improvement():
    callback = ReduceLROnPlateau(patience=2, factor=0.5, cooldown=1, min_lr=0.2, verbose=1)
    _, told = run(callback, "val_loss", [5, 5, 5, 5, 5, 5, 4, 4, 4, 4, 4, 4])
    rates = [logs["learning_rate"] for logs in told]
    assert rates == [1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.2, 0.2, 0.2]


@pytest.mark.parametrize("schedule", [lambda epoch: 1 / (1 + epoch), lambda epoch, rate: rate if epoch < 1 else rate / 2])
def test_learning_rate_scheduler_sets_the_rate_of_each_epoch(schedule):
    _, told = run(LearningRateScheduler(schedule), "loss", [1, 1])
    assert [logs["learning_rate"] for logs in told] == [1, 0.5]


def model_and_data():
    model = Sequential([layers.Input((3,)), layers.Dense(2)], rng=0)
    model.compile(optimizers.SGD(0.1), "mse")
    rng = np.random.default_rng(0)
    return model, rng.standard_normal((8, 3)).astype(np.float32), rng.standard_normal((8, 2))


def test_checkpoints_are_written_when_they_are_due(tmp_path):
    model, x, y = model_and_data()
    every = ModelCheckpoint(tmp_path / "new" / "{epoch:02d}-{val_loss:.3f}.npz")
    best = ModelCheckpoint(tmp_path / "best.npz", save_best_only=True)
    weights = ModelCheckpoint(tmp_path / "weights.npz", save_weights_only=True, save_freq=3)
    history = model.fit(x, y, batch_size=2, epochs=3, verbose=0, validation_data=(x, y), callbacks=[every, best, weights])
    losses_ = history.history["val_loss"]
    assert [p.name for p in sorted((tmp_path / "new").iterdir())] == [f"{i + 1:02d}-{v:.3f}.npz" for i, v in enumerate(losses_)]
    assert best.best == min(losses_)
    assert Model.load(tmp_path / "best.npz").evaluate(x, y) == pytest.approx(min(losses_), rel=1e-6)
    other = model_and_data()[0]
    other.load_weights(tmp_path / "weights.npz")  # after 12 batches, the last
    np.testing.assert_array_equal(other.predict(x), model.predict(x))


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("{auc}", "KeyError: 'auc'"),
        ("{epoch:zz}", "ValueError: "),
        ("{epoch:s}", "ValueError: "),
        ("{loss:02d}", "ValueError: "),
        ("{epoch:99999999999999999999}", "ValueError: "),
        ("{epoch.width}", "AttributeError: 'int' object has no attribute 'width'"),
        ("{loss[0]}", "TypeError: "),
    ],
)
def test_a_checkpoint_whose_name_cannot_be_made_is_refused(tmp_path, name, cause):
    model, x, y = model_and_data()
    with pytest.raises(
        ValueError, match=rf"^filepath='.*{re.escape(name)}.npz' cannot be filled \({cause}.*; expected keys of the "
    ):
        model.fit(x, y, verbose=0, callbacks=[ModelCheckpoint(tmp_path / f"{name}.npz")])


def test_a_better_value_from_before_counts(tmp_path):
    model, x, y = model_and_data()
    callback = ModelCheckpoint(tmp_path / "m.npz", "loss", save_best_only=True, initial_value_threshold=0.0)
    model.fit(x, y, verbose=0, callbacks=[callback])
    assert not (tmp_path / "m.npz").exists()


def test_csv_logger_writes_a_line_for_each_epoch(tmp_path):
    model, x, y = model_and_data()
    path = tmp_path / "log.csv"
    history = model.fit(x, y, epochs=2, verbose=0, callbacks=[CSVLogger(path, separator=";")]).history
    history["loss"] += model.fit(
        x, y, epochs=3, initial_epoch=2, verbose=0, callbacks=[CSVLogger(path, separator=";", append=True)]
    ).history["loss"]
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines(), delimiter=";"))
    assert rows[0] == ["epoch", "loss"]
    assert [int(row[0]) for row in rows[1:]] == [0, 1, 2]
    assert [float(row[1]) for row in rows[1:]] == history["loss"]


def test_csv_logger_keeps_what_only_some_epochs_have(tmp_path):
    model, x, y = model_and_data()
    path = tmp_path / "log.csv"
    settings = {"validation_data": (x, y), "validation_freq": 2, "verbose": 0}
    history = model.fit(x, y, epochs=4, callbacks=[CSVLogger(path)], **settings).history
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert [float(row["loss"]) for row in rows] == history["loss"]
    assert [row["val_loss"] for row in rows] == ["NA", str(history["val_loss"][0]), "NA", str(history["val_loss"][1])]

    class Told(Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["each"] = np.array([0.5, 0.25])

    model.fit(x, y, epochs=5, initial_epoch=4, callbacks=[Told(), CSVLogger(path, append=True)], verbose=0)
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert [row["epoch"] for row in rows] == ["0", "1", "2", "3", "4"]
    assert [row["each"] for row in rows] == ["NA"] * 4 + ["[0.5, 0.25]"]
    assert rows[-1]["val_loss"] == "NA"


def test_checkpoints_of_weights_that_keras_reads(tmp_path):
    pytest.importorskip("h5py")
    model, x, y = model_and_data()
    model.fit(x, y, verbose=0, callbacks=[ModelCheckpoint(tmp_path / "{epoch}.weights.h5", save_weights_only=True)])
    other = model_and_data()[0]
    other.load_weights(tmp_path / "1.weights.h5")
    np.testing.assert_array_equal(other.predict(x), model.predict(x))


def test_a_checkpoint_by_an_array_is_refused(tmp_path):
    model, x, _ = model_and_data()
    model.compile("sgd", "mse", metrics=[metrics.F1Score()])
    best = ModelCheckpoint(tmp_path / "m.npz", "f1_score", save_best_only=True)
    with pytest.raises(ValueError, match=r"monitor='f1_score' is an array of shape \(2,\); expected a single number"):
        model.fit(x, np.eye(2)[np.arange(8) % 2], verbose=0, callbacks=[best])


class Exploding(losses.MeanSquaredError):
    """Infinite."""

    def value_and_gradient(self, y_true, y_pred):
        """Return infinity."""
        return math.inf, np.zeros_like(y_pred)


def test_terminate_on_nan_ends_the_training():
    model, x, y = model_and_data()
    model.compile("sgd", Exploding())
    batches = []
    count = LambdaCallback(on_train_batch_end=lambda batch, logs: batches.append(batch))
    assert len(model.fit(x, y, batch_size=2, epochs=5, verbose=0, callbacks=[TerminateOnNaN(), count]).epoch) == 1
    assert batches == [0]


def test_lambda_callback_calls_its_functions():
    assert isinstance(LambdaCallback(), Callback)
    with pytest.raises(TypeError, match="on_epoch_end=3 cannot be called"):
        LambdaCallback(on_epoch_end=3)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: EarlyStopping(mode="best"), ValueError, "mode='best' is unknown"),
        (lambda: EarlyStopping(patience=-1), ValueError, "patience=-1 is too small"),
        (lambda: ReduceLROnPlateau(factor=1.0), ValueError, "factor=1.0 is out of range"),
        (lambda: LearningRateScheduler(0.1), TypeError, "schedule=0.1 cannot be called"),
        (lambda: ModelCheckpoint("m.npz", save_freq=0), ValueError, "save_freq=0 is too small"),
        (
            lambda: ModelCheckpoint("m.npz", save_freq="batch"),
            TypeError,
            "save_freq='batch' is of type str; expected an integer of at least 1, or one of 'epoch'",
        ),
        (lambda: ModelCheckpoint("ck/{}.npz"), ValueError, "filepath='ck/{}.npz' has braces without a name; expected a key"),
        (lambda: ModelCheckpoint("ck/{0:02d}.npz"), ValueError, "has braces without a name"),
        (lambda: ModelCheckpoint("ck/{epoch.npz"), ValueError, r"cannot be filled \(expected '}' before end of string\)"),
        (lambda: callbacks.TensorBoard(write_images=True), ValueError, "write_images=True is not supported; expected False"),
        (lambda: callbacks.TensorBoard(profile_batch=2), ValueError, "profile_batch=2 is not supported; expected 0"),
        (lambda: callbacks.TensorBoard(update_freq=-1), ValueError, "update_freq=-1 is too small"),
    ],
)
def test_bad_arguments_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


# ----------------------------------------------------------------------------------------------- backups, TensorBoard


class Stop(Exception):
    """A training is broken off."""


def droppy(seed):
    model = Sequential([layers.Input((4,)), layers.Dense(8, activation="relu"), layers.Dropout(0.5), layers.Dense(2)], rng=seed)
    model.compile(optimizers.Adam(0.01, use_ema=True, ema_overwrite_frequency=3), "mse")
    return model


@pytest.mark.parametrize("when", ["epoch", "batch"])
def test_stopped_training_goes_on_with_the_same_bits(tmp_path, when):
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((50, 4)), rng.standard_normal((50, 2))
    whole = droppy(3)
    whole.fit(x, y, epochs=6, batch_size=16, verbose=0)

    class Breaking(callbacks.Callback):
        def __init__(self):
            self.batches = 0

        def on_epoch_end(self, epoch, logs=None):
            if when == "epoch" and epoch == 2:
                raise Stop

        def on_train_batch_end(self, batch, logs=None):
            self.batches += 1
            if when == "batch" and self.batches == 14:
                raise Stop

    broken = droppy(3)
    with pytest.raises(Stop):
        broken.fit(x, y, epochs=6, batch_size=16, verbose=0, callbacks=[callbacks.BackupAndRestore(tmp_path), Breaking()])
    assert len(list(tmp_path.glob("*.npz"))) == 1
    again = droppy(99)
    again.fit(x, y, epochs=6, batch_size=16, verbose=0, callbacks=[callbacks.BackupAndRestore(tmp_path)])
    for a, b in zip(again.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert list(tmp_path.iterdir()) == []
    again.fit(x, y, verbose=0)
    whole.fit(x, y, verbose=0)
    for a, b in zip(again.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_tensorboard_gets_losses_and_metrics(tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    x, y = np.ones((8, 4)), np.ones((8, 2))
    model = droppy(0)
    told = callbacks.TensorBoard(tmp_path, histogram_freq=2, update_freq="batch")
    history = model.fit(x, y, epochs=4, batch_size=4, validation_split=0.5, verbose=0, callbacks=[told]).history
    train, validation = (EventAccumulator(str(tmp_path / kind), {"histograms": 0}).Reload() for kind in ("train", "validation"))
    np.testing.assert_allclose([event.value for event in train.Scalars("epoch_loss")], history["loss"], rtol=1e-6)
    np.testing.assert_allclose([event.value for event in validation.Scalars("epoch_loss")], history["val_loss"], rtol=1e-6)
    assert [event.step for event in train.Scalars("batch_loss")] == [1, 2, 3, 4]
    assert train.Scalars("epoch_learning_rate")[0].value == pytest.approx(0.01)
    assert [event.step for event in train.Histograms("dense/kernel")] == [1, 3]


@pytest.mark.parametrize(
    ("name", "value", "kind", "expected"),
    [
        ("log_dir", 3, TypeError, "is of type int; expected the path of a file or folder"),
        ("log_dir", "", ValueError, "is not a valid path; expected the path of a file or folder"),
        ("histogram_freq", -1, ValueError, "is too small; expected an integer of at least 0"),
        ("histogram_freq", 0.5, TypeError, "is of type float; expected an integer of at least 0"),
        ("histogram_freq", True, TypeError, "is a bool; expected an integer of at least 0"),
        ("write_graph", "no", TypeError, "is neither true nor false; expected True or False"),
        ("write_graph", None, TypeError, "is neither true nor false; expected True or False"),
        ("write_images", np.True_, ValueError, "is not supported; expected False"),
        ("write_steps_per_second", 1, ValueError, "is not supported; expected False"),
        ("update_freq", "day", TypeError, "is of type str; expected an integer of at least 0, or one of 'epoch', 'batch'"),
        ("update_freq", 2.0, TypeError, "is of type float; expected an integer of at least 0, or one of 'epoch', 'batch'"),
        ("update_freq", -1, ValueError, "is too small; expected an integer of at least 0, or one of 'epoch', 'batch'"),
        ("profile_batch", (2, 4), ValueError, "is not supported; expected 0"),
        ("embeddings_freq", np.int64(1), ValueError, "is not supported; expected 0"),
        ("embeddings_metadata", "labels.tsv", ValueError, "is not supported; expected None"),
    ],
)
def test_what_tensorboard_does_not_take(name, value, kind, expected):
    with pytest.raises(kind, match=rf"^TensorBoard: {name}={re.escape(repr(value))} {expected}$"):
        callbacks.TensorBoard(**{name: value})


def test_tensorboard_takes_arguments_in_other_forms(tmp_path):
    for freq, expected in (("epoch", 0), (np.str_("batch"), 1), (np.array("batch"), 1), (np.int64(3), 3), (np.array(2), 2)):
        assert callbacks.TensorBoard(tmp_path, update_freq=freq).update_freq == expected
    for off in (0, False, np.int64(0), np.False_, np.array(0)):
        callbacks.TensorBoard(tmp_path, write_images=off, write_steps_per_second=off, profile_batch=off, embeddings_freq=off)
    for graph in (True, False, np.False_, 1):
        callbacks.TensorBoard(tmp_path, write_graph=graph)


def test_tensorboard_takes_what_keras_takes():
    keras = pytest.importorskip("keras")
    ours, theirs = (inspect.signature(cls).parameters.values() for cls in (callbacks.TensorBoard, keras.callbacks.TensorBoard))
    assert [(each.name, each.default) for each in ours] == [(each.name, each.default) for each in theirs]
    assert callbacks.TensorBoard("logs", 1, False, False, False, "batch", 0, 0, None).update_freq == 1


def test_weights_that_are_not_finite_do_not_end_a_training(tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    model = Sequential([layers.Input((3,)), layers.Dense(2, trainable=False), layers.Dense(2)], rng=0)
    model.compile("sgd", "mse")
    model.layers[0].set_weights([np.array([[np.nan, 1], [np.inf, 2], [-np.inf, 3]]), np.full(2, np.nan)])
    told = callbacks.TensorBoard(tmp_path, histogram_freq=1)
    assert len(model.fit(np.ones((4, 3)), np.ones((4, 2)), epochs=2, verbose=0, callbacks=[told]).epoch) == 2
    train = EventAccumulator(str(tmp_path / "train"), {"histograms": 0}).Reload()
    histogram = train.Histograms("dense/kernel")[0].histogram_value
    assert (histogram.num, histogram.min, histogram.max, histogram.sum) == (3, 1, 3, 6)
    assert train.Tags()["histograms"] == ["dense/kernel"]  # all others are NaN


def test_tensorboard_tells_what_it_needs(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    monkeypatch.setitem(sys.modules, "tensorboard.compat.proto", None)
    with pytest.raises(ImportError, match=r"pip install striate\[tensorboard\]"):
        droppy(0).fit(np.ones((4, 4)), np.ones((4, 2)), verbose=0, callbacks=[callbacks.TensorBoard(tmp_path)])


def test_csv_logger_mends_a_line_that_was_cut_off(tmp_path):
    model, x, y = model_and_data()
    path = tmp_path / "log.csv"
    model.fit(x, y, epochs=3, verbose=0, callbacks=CSVLogger(path))
    content = path.read_bytes()
    lines = content.splitlines(keepends=True)
    for cut in range(len(content) - len(lines[-1]), len(content)):
        path.write_bytes(content[:cut])
        model.fit(x, y, epochs=3, initial_epoch=2, verbose=0, callbacks=CSVLogger(path, append=True))
        rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
        assert [row[0] for row in rows] == ["epoch", "0", "1", "2"]
        assert {len(row) for row in rows} == {2}
        assert path.read_bytes().startswith(b"".join(lines[:3]))
    path.write_bytes(content[:4])  # not even the heading is whole
    model.fit(x, y, epochs=1, verbose=0, callbacks=CSVLogger(path, append=True))
    assert [row[0] for row in csv.reader(path.read_text(encoding="utf-8").splitlines())] == ["epoch", "0"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"loss,epoch\r\n1.0,0\r\n", "its first column is 'loss'; expected 'epoch'"),
        (b"epoch,loss\r\n0,1.0,2.0\r\n", "the line of epoch '0' has 3 columns; expected 2"),
        (b"epoch,loss\r\n\xff,1.0\r\n", "codec can't decode"),
        (b"epoch,loss\r\n0," + b"1" * 200_000 + b"\r\n", "field limit"),
    ],
)
def test_csv_logger_appends_to_its_own_files_only(tmp_path, content, message):
    model, x, y = model_and_data()
    path = tmp_path / "log.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=rf"log\.csv' is not a table of epochs, or is damaged \(.*{message}"):
        model.fit(x, y, epochs=1, verbose=0, callbacks=CSVLogger(path, append=True))
    assert path.read_bytes() == content


class Breaking(callbacks.Callback):
    """Ends a training as a kill would, before or after its state is kept."""

    def __init__(self, epoch, last=False):
        self.epoch = epoch
        self.comes_last = last

    def on_epoch_end(self, epoch, logs=None):
        if epoch == self.epoch:
            raise Stop


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("epoch", [0, 1, 2])
def test_each_epoch_is_logged_once(tmp_path, epoch, last):
    """Also those that are taken again, as what they had led to was lost."""
    x, y = np.ones((8, 4)), np.ones((8, 2))
    path, backup = tmp_path / "log.csv", tmp_path / "backup"
    droppy(0).fit(x, y, epochs=2, verbose=0, callbacks=CSVLogger(path))
    before = path.read_bytes()
    whole = droppy(0).fit(x, y, epochs=4, validation_data=(x, y), validation_freq=3, verbose=0).history["loss"]

    def train(*more):
        told = [CSVLogger(path, append=True), callbacks.BackupAndRestore(backup), *more]
        droppy(0).fit(x, y, epochs=4, validation_data=(x, y), validation_freq=3, verbose=0, callbacks=told)

    for _ in range(2):
        with pytest.raises(Stop):
            train(Breaking(epoch, last))
        if last:
            break
    train()
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    assert [row[0] for row in rows] == ["epoch", "0", "1", "0", "1", "2", "3"]
    assert [float(row[1]) for row in rows[3:]] == whole
    assert before.splitlines()[1].split(b",") == [cell.encode() for cell in rows[1][:2]]
    assert list(backup.iterdir()) == []


@pytest.mark.parametrize("removed", range(3))
def test_a_backup_that_is_being_removed_stops_no_training(tmp_path, monkeypatch, removed):
    x, y = np.ones((8, 4)), np.ones((8, 2))
    unlink, count = type(tmp_path).unlink, itertools.count()

    def killed(path, missing_ok=False):
        if next(count) == removed:
            raise Stop
        unlink(path, missing_ok)

    class Remove(callbacks.BackupAndRestore):
        def on_train_end(self, logs=None):
            monkeypatch.setattr(type(tmp_path), "unlink", killed)
            super().on_train_end(logs)

    try:
        droppy(0).fit(x, y, epochs=2, verbose=0, callbacks=Remove(tmp_path))
    except Stop:
        assert removed < 2
    monkeypatch.undo()
    droppy(0).fit(x, y, epochs=2, verbose=0, callbacks=callbacks.BackupAndRestore(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_training_killed_in_its_first_epoch_begins_as_it_did(tmp_path):
    x, y = np.ones((8, 4)), np.ones((8, 2))
    whole = droppy(0)
    whole.fit(x, y, epochs=2, verbose=0)
    with pytest.raises(Stop):
        droppy(0).fit(x, y, epochs=2, verbose=0, callbacks=[Breaking(0), callbacks.BackupAndRestore(tmp_path)])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["begin.npz", "training.json"]
    again = droppy(7)
    again.fit(x, y, epochs=2, verbose=0, callbacks=callbacks.BackupAndRestore(tmp_path))
    for a, b in zip(again.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_best_weights_that_do_not_fit_are_refused(tmp_path):
    x, y = np.ones((8, 4)), np.ones((8, 2))

    def told():
        return [EarlyStopping("loss", restore_best_weights=True), callbacks.BackupAndRestore(tmp_path)]

    with pytest.raises(Stop):
        droppy(0).fit(x, y, epochs=3, verbose=0, callbacks=[*told(), Breaking(1, True)])
    path = tmp_path / "epoch-1.npz"
    with np.load(path) as file:
        arrays = dict(file)
    arrays["training/callbacks/0/weights/1"] = np.zeros(9)
    np.savez(path, **arrays)
    with pytest.raises(ValueError, match=r"epoch-1\.npz' is not a state of this training, .*holds shape \(9,\) for 'bias'"):
        droppy(0).fit(x, y, epochs=3, verbose=0, callbacks=told())


def test_a_training_of_a_model_that_cannot_be_saved_can_be_backed_up(tmp_path):
    def made():
        model = Sequential([layers.Input((4,)), layers.Dense(2, activation=lambda x: x * 2)], rng=0)
        model.compile("adam", lambda y_true, y_pred: (y_true - y_pred) ** 2)
        return model

    x, y = np.ones((8, 4)), np.ones((8, 2))
    whole, again = made(), made()
    whole.fit(x, y, epochs=3, verbose=0)
    with pytest.raises(Stop):
        made().fit(x, y, epochs=3, verbose=0, callbacks=[callbacks.BackupAndRestore(tmp_path), Breaking(1)])
    with pytest.raises(ValueError, match=r"npz' holds the state of a training; expected a model"):
        Sequential.load(next(tmp_path.glob("*.npz")))
    again.fit(x, y, epochs=3, verbose=0, callbacks=callbacks.BackupAndRestore(tmp_path))
    for a, b in zip(again.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_state_that_does_not_fit_changes_nothing(tmp_path):
    def fit(model, source, *more):
        told = [
            EarlyStopping("loss", restore_best_weights=True),
            callbacks.ReduceLROnPlateau("loss"),
            callbacks.ModelCheckpoint(tmp_path / "best.npz", "loss", save_best_only=True),
            callbacks.CSVLogger(tmp_path / "log.csv", append=True),
            callbacks.BackupAndRestore(tmp_path / source),
        ]
        x, y = np.arange(32.0).reshape(8, 4) / 32, np.ones((8, 2))
        data = (x, y, 2) if source == "arrays" else (DataLoader((x, y), 2, shuffle=True, rng=0),)
        model.fit(*data, epochs=3, steps_per_epoch=3, verbose=0, callbacks=[*told, *more])

    def state(model):
        optimizer = model.optimizer
        arrays = [*model.get_weights(), *(each for weight in model.weights for each in optimizer.state_of(weight))]
        return (
            *(array.tobytes() for array in arrays),
            optimizer.iterations,
            optimizer.learning_rate,
            model.rng.bit_generator.state,
        )

    tried = 0
    for source in ("arrays", "loader"):
        with pytest.raises(Stop):
            fit(droppy(0), source, Breaking(1, True))
        path = tmp_path / source / "epoch-1.npz"
        with np.load(path) as file:
            arrays = dict(file)
        for name in arrays:
            if name.startswith("training/"):
                np.savez(path, **{**arrays, name: np.full((7, 7), 0.5)})
                lines = (tmp_path / "log.csv").read_text()
                model = droppy(3)
                model.train_on_batch(np.ones((8, 4)), np.ones((8, 2)))
                before = state(model)
                with pytest.raises(ValueError, match=r"epoch-1\.npz' is not a state of this training"):
                    fit(model, source)
                assert state(model) == before
                assert (tmp_path / "log.csv").read_text() == lines
                tried += 1
    assert tried == 30


def test_logs_are_never_none():
    told = {}

    class Listening(callbacks.Callback):
        pass

    def listen(event):
        def told_of(self, *arguments, logs="missing"):
            told.setdefault(event, []).append(arguments[-1])

        return told_of

    for event in [name for name in dir(callbacks.Callback) if name.startswith("on_")]:
        setattr(Listening, event, listen(event))
    x, y = np.ones((4, 3), np.float32), np.ones((4, 1))
    model = Sequential([layers.Input((3,)), layers.Dense(1)], rng=0)
    model.compile("sgd", "mse")
    model.fit(x, y, verbose=0, validation_data=(x, y), callbacks=[Listening()])
    model.predict(x, callbacks=[Listening()])
    assert set(told) == {name for name in dir(callbacks.Callback) if name.startswith("on_")} - {
        "on_batch_begin",
        "on_batch_end",
    }
    assert all(isinstance(logs, dict) for all_logs in told.values() for logs in all_logs)
    assert told["on_epoch_begin"] == told["on_train_begin"] == [{}]


def test_logs_that_are_not_read_are_not_computed():
    heard = []

    class Old(callbacks.Callback):
        def on_batch_end(self, batch, logs=None):
            heard.append(logs)

    listeners = callbacks.CallbackList([callbacks.Callback(), Old()])
    listeners.notify("on_test_batch_end", 0, lambda: 1 / 0)
    listeners.notify("on_train_batch_end", 0, lambda: {"loss": 1.0})
    assert heard == [{"loss": 1.0}]


def stopped_and_gone_on_with(folder, make):
    """Return the callback that went on where one like it was stopped, behind the second of four epochs."""
    x, y = np.ones((4, 4)), np.ones((4, 2))
    with pytest.raises(Stop):
        droppy(0).fit(x, y, epochs=4, verbose=0, callbacks=[callbacks.BackupAndRestore(folder), make(), Breaking(1, True)])
    callback = make()
    history = droppy(0).fit(x, y, epochs=4, verbose=0, callbacks=[callbacks.BackupAndRestore(folder), callback])
    assert history.epoch == [2, 3]
    return callback


class Keeping(callbacks.Callback):
    """Has a state, which it is given."""

    def __init__(self, state):
        self.state, self.taken = state, None

    def get_state(self):
        return self.state

    def set_state(self, state):
        self.taken = state


@pytest.mark.parametrize("state", [
    {"x": 3, "y": 0.5, "z": True}, {"x": [], "y": [1, 2.5], "z": [np.ones(2), np.zeros((2, 0))]},
    {"two words": np.arange(3, dtype=">i2")}, {"x": (1, 2)}, {"x": np.float16(0.5)}, {"x": np.asfortranarray(np.ones((2, 3)))},
])  # fmt: skip
def test_states_of_custom_callbacks_come_back(tmp_path, state):
    taken = stopped_and_gone_on_with(tmp_path, lambda: Keeping(state)).taken
    assert list(taken) == list(state)
    for name, value in state.items():
        assert isinstance(taken[name], list) == isinstance(value, list)
        for a, b in zip(*([each] if not isinstance(each, list) else each for each in (taken[name], value)), strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("state", "kind", "message"),
    [
        (None, TypeError, r"Keeping.get_state\(\)=None is of type NoneType; expected a dict of numbers and arrays"),
        ({"x": None}, TypeError, r"Keeping.get_state\(\)\['x'\]=None has dtype object; expected real numbers"),
        ({"x": "word"}, TypeError, r"Keeping.get_state\(\)\['x'\]='word' has dtype <U4; expected real numbers"),
        ({"x": [1, 1j]}, TypeError, r"Keeping.get_state\(\)\['x'\]\[1\]=1j has dtype complex128; expected real numbers"),
        ({"x": [[1, 2]]}, TypeError, r"Keeping.get_state\(\)\['x'\]\[0\]=\[1, 2\] is a list inside a list; expected a number"),
        ({"x": 10**30}, TypeError, r"Keeping.get_state\(\)\['x'\]=10* has dtype object; expected real numbers"),
        ({1: 2}, ValueError, r"Keeping.get_state\(\) has the key 1; expected strings without a slash"),
        ({"a/b": 2}, ValueError, r"Keeping.get_state\(\) has the key 'a/b'; expected strings without a slash"),
        ({"\ud800": 2}, ValueError, r"Keeping.get_state\(\) has the key '\\ud800'; expected strings without a slash"),
    ],
)
def test_a_state_that_could_not_be_read_again_is_not_written(tmp_path, state, kind, message):
    with pytest.raises(kind, match=message):
        droppy(0).fit(
            np.ones((4, 4)), np.ones((4, 2)), verbose=0, callbacks=[callbacks.BackupAndRestore(tmp_path), Keeping(state)]
        )
    assert list(tmp_path.iterdir()) == []


class Reads(callbacks.Callback):
    """Has a method of that name for something else."""

    def get_state(self, key):
        return vars(self)[key]


class Writes(callbacks.Callback):
    """Has a method of that name for something else."""

    def set_state(self, key, value):
        setattr(self, key, value)


@pytest.mark.parametrize("make", [Reads, Writes])
def test_only_callbacks_that_can_set_what_they_get_have_a_state(tmp_path, make):
    assert isinstance(stopped_and_gone_on_with(tmp_path, make), make)
