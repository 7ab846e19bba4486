"""Callbacks that write files: checkpoints and CSV logs."""

import csv
import re

import numpy as np
import pytest

from striate import Model, callbacks
from striate.callbacks import Callback, CSVLogger, ModelCheckpoint
from tests.callbacks.trainings import Interrupting, Interruption, dropout_model, model_and_data


def test_checkpoints_are_written_at_their_frequency(tmp_path):
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
    other.load_weights(tmp_path / "weights.npz")  # The last file is from the end, after 12 batches.
    np.testing.assert_array_equal(other.predict(x), model.predict(x))


def test_models_are_saved_if_the_monitored_value_is_missing(tmp_path):
    model, x, y = model_and_data()
    best = ModelCheckpoint(tmp_path / "best.npz", save_best_only=True)
    with pytest.warns(UserWarning, match="monitor='val_loss' is not in the logs"):
        model.fit(x, y, verbose=0, callbacks=[best])
    np.testing.assert_array_equal(Model.load(tmp_path / "best.npz").predict(x), model.predict(x))


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
def test_paths_of_checkpoints_that_cannot_be_filled_are_refused(tmp_path, name, cause):
    model, x, y = model_and_data()
    with pytest.raises(
        ValueError, match=rf"^filepath='.*{re.escape(name)}.npz' cannot be filled \({cause}.*; expected keys of the "
    ):
        model.fit(x, y, verbose=0, callbacks=[ModelCheckpoint(tmp_path / f"{name}.npz")])


def test_initial_value_threshold_is_the_best_value_so_far(tmp_path):
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


def test_csv_logger_adds_columns_for_keys_that_only_some_epochs_have(tmp_path):
    model, x, y = model_and_data()
    path = tmp_path / "log.csv"
    settings = {"validation_data": (x, y), "validation_freq": 2, "verbose": 0}
    history = model.fit(x, y, epochs=4, callbacks=[CSVLogger(path)], **settings).history
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert [float(row["loss"]) for row in rows] == history["loss"]
    assert [row["val_loss"] for row in rows] == ["NA", str(history["val_loss"][0]), "NA", str(history["val_loss"][1])]

    class AddsKey(Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["each"] = np.array([0.5, 0.25])

    model.fit(x, y, epochs=5, initial_epoch=4, callbacks=[AddsKey(), CSVLogger(path, append=True)], verbose=0)
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert [row["epoch"] for row in rows] == ["0", "1", "2", "3", "4"]
    assert [row["each"] for row in rows] == ["NA"] * 4 + ["[0.5, 0.25]"]
    assert rows[-1]["val_loss"] == "NA"


def test_checkpoints_may_be_weight_files_of_keras(tmp_path):
    pytest.importorskip("h5py")
    model, x, y = model_and_data()
    model.fit(x, y, verbose=0, callbacks=[ModelCheckpoint(tmp_path / "{epoch}.weights.h5", save_weights_only=True)])
    other = model_and_data()[0]
    other.load_weights(tmp_path / "1.weights.h5")
    np.testing.assert_array_equal(other.predict(x), model.predict(x))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: ModelCheckpoint("m.npz", save_freq=0), ValueError, "save_freq=0 is too small"),
        (
            lambda: ModelCheckpoint("m.npz", save_freq="batch"),
            TypeError,
            "save_freq='batch' is of type str; expected an integer of at least 1, or one of 'epoch'",
        ),
        (lambda: ModelCheckpoint("ck/{}.npz"), ValueError, "filepath='ck/{}.npz' has braces without a name; expected a key"),
        (lambda: ModelCheckpoint("ck/{0:02d}.npz"), ValueError, "has braces without a name"),
        (lambda: ModelCheckpoint("ck/{epoch.npz"), ValueError, r"cannot be filled \(expected '}' before end of string\)"),
    ],
)
def test_bad_arguments_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_csv_logger_replaces_an_incomplete_last_line(tmp_path):
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
    path.write_bytes(content[:4])  # The header is incomplete, too.
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


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("epoch", [0, 1, 2])
def test_each_epoch_of_a_resumed_training_is_logged_once(tmp_path, epoch, last):
    x, y = np.ones((8, 4)), np.ones((8, 2))
    path, backup = tmp_path / "log.csv", tmp_path / "backup"
    dropout_model(0).fit(x, y, epochs=2, verbose=0, callbacks=CSVLogger(path))
    before = path.read_bytes()
    whole = dropout_model(0).fit(x, y, epochs=4, validation_data=(x, y), validation_freq=3, verbose=0).history["loss"]

    def train(*more):
        listeners = [CSVLogger(path, append=True), callbacks.BackupAndRestore(backup), *more]
        dropout_model(0).fit(x, y, epochs=4, validation_data=(x, y), validation_freq=3, verbose=0, callbacks=listeners)

    for _ in range(2):
        with pytest.raises(Interruption):
            train(Interrupting(epoch, last))
        if last:
            break
    train()
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    assert [row[0] for row in rows] == ["epoch", "0", "1", "0", "1", "2", "3"]
    assert [float(row[1]) for row in rows[3:]] == whole
    assert before.splitlines()[1].split(b",") == [cell.encode() for cell in rows[1][:2]]
    assert list(backup.iterdir()) == []
