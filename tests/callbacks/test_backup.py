"""Backups: a resumed training gives the same bits as one without an interruption."""

import itertools

import numpy as np
import pytest

from striate import Sequential, callbacks, layers, optimizers
from striate.callbacks import EarlyStopping
from striate.data import DataLoader
from tests.callbacks.trainings import Interrupting, Interruption, dropout_model
from tests.helpers.small_classifier import YES, X, network


@pytest.mark.parametrize("when", ["epoch", "batch"])
def test_resumed_training_of_dropout_gives_the_same_bits(tmp_path, when):
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((50, 4)), rng.standard_normal((50, 2))
    uninterrupted = dropout_model(3)
    uninterrupted.fit(x, y, epochs=6, batch_size=16, verbose=0)

    class Interrupting(callbacks.Callback):
        def __init__(self):
            self.batches = 0

        def on_epoch_end(self, epoch, logs=None):
            if when == "epoch" and epoch == 2:
                raise Interruption

        def on_train_batch_end(self, batch, logs=None):
            self.batches += 1
            if when == "batch" and self.batches == 14:
                raise Interruption

    interrupted = dropout_model(3)
    with pytest.raises(Interruption):
        interrupted.fit(
            x, y, epochs=6, batch_size=16, verbose=0, callbacks=[callbacks.BackupAndRestore(tmp_path), Interrupting()]
        )
    assert len(list(tmp_path.glob("*.npz"))) == 1
    resumed = dropout_model(99)
    resumed.fit(x, y, epochs=6, batch_size=16, verbose=0, callbacks=[callbacks.BackupAndRestore(tmp_path)])
    np.testing.assert_equal(resumed.get_weights(), uninterrupted.get_weights())
    assert list(tmp_path.iterdir()) == []
    resumed.fit(x, y, verbose=0)
    uninterrupted.fit(x, y, verbose=0)
    np.testing.assert_equal(resumed.get_weights(), uninterrupted.get_weights())


@pytest.mark.parametrize("source", ["arrays", "loader", "unbuilt"])
def test_resumed_training_from_each_source_gives_the_same_bits(tmp_path, source):
    def made():
        first = [] if source == "unbuilt" else [layers.Input((5,))]
        model = Sequential([*first, layers.Dense(4, "tanh"), layers.Dropout(0.2), layers.Dense(1)], rng=0)
        model.compile(optimizers.Adam(0.1), "mse")
        return model

    def train(model, *more):
        listeners = [callbacks.ReduceLROnPlateau("loss", factor=0.5, patience=1, min_delta=0.1), *more]
        listeners.append(callbacks.EarlyStopping("loss", patience=4, restore_best_weights=True))
        settings = {"epochs": 6, "verbose": 0, "callbacks": listeners, "steps_per_epoch": 2}
        if source == "arrays":
            model.fit(X, YES, batch_size=7, **settings)
        else:
            model.fit(DataLoader((X, YES), batch_size=7, shuffle=True, rng=4), **settings)

    uninterrupted, interrupted, resumed = made(), made(), made()
    train(uninterrupted, callbacks.Callback())
    with pytest.raises(Interruption):
        train(interrupted, callbacks.BackupAndRestore(tmp_path), Interrupting(2))
    train(resumed, callbacks.BackupAndRestore(tmp_path))
    assert resumed.optimizer.learning_rate == uninterrupted.optimizer.learning_rate < 0.1
    np.testing.assert_equal(resumed.get_weights(), uninterrupted.get_weights())


class InterruptingAtBegin(callbacks.Callback):
    """Interrupts a training at the beginning of an epoch."""

    def __init__(self, epoch):
        self.last = epoch

    def on_epoch_begin(self, epoch, logs):
        if epoch == self.last:
            raise Interruption


def test_backups_hold_the_states_of_callbacks_that_are_listed_after_them(tmp_path):
    def train(model, *more):
        listeners = [callbacks.ReduceLROnPlateau("loss", factor=0.5, patience=1, min_delta=0.1)]
        listeners.append(callbacks.EarlyStopping("loss", min_delta=0.2, patience=4))
        return model.fit(X, YES, epochs=8, verbose=0, callbacks=[*more, *listeners]).epoch

    uninterrupted, interrupted, resumed = (network(optimizer=optimizers.Adam(0.1)) for _ in range(3))
    epochs = train(uninterrupted)
    with pytest.raises(Interruption):
        train(interrupted, callbacks.BackupAndRestore(tmp_path), InterruptingAtBegin(3))
    assert train(resumed, callbacks.BackupAndRestore(tmp_path)) == epochs[3:]
    assert resumed.optimizer.learning_rate == uninterrupted.optimizer.learning_rate < 0.1
    np.testing.assert_equal(resumed.get_weights(), uninterrupted.get_weights())


@pytest.mark.parametrize("removed", range(3))
def test_interrupted_removal_of_a_backup_does_not_prevent_a_new_training(tmp_path, monkeypatch, removed):
    x, y = np.ones((8, 4)), np.ones((8, 2))
    unlink, count = type(tmp_path).unlink, itertools.count()

    def killed(path, missing_ok=False):
        if next(count) == removed:
            raise Interruption
        unlink(path, missing_ok)

    class Remove(callbacks.BackupAndRestore):
        def on_train_end(self, logs=None):
            monkeypatch.setattr(type(tmp_path), "unlink", killed)
            super().on_train_end(logs)

    try:
        dropout_model(0).fit(x, y, epochs=2, verbose=0, callbacks=Remove(tmp_path))
    except Interruption:
        assert removed < 2
    monkeypatch.undo()
    dropout_model(0).fit(x, y, epochs=2, verbose=0, callbacks=callbacks.BackupAndRestore(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_training_interrupted_in_its_first_epoch_starts_from_the_same_weights(tmp_path):
    x, y = np.ones((8, 4)), np.ones((8, 2))
    uninterrupted = dropout_model(0)
    uninterrupted.fit(x, y, epochs=2, verbose=0)
    with pytest.raises(Interruption):
        dropout_model(0).fit(x, y, epochs=2, verbose=0, callbacks=[Interrupting(0), callbacks.BackupAndRestore(tmp_path)])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["begin.npz", "training.json"]
    resumed = dropout_model(7)
    resumed.fit(x, y, epochs=2, verbose=0, callbacks=callbacks.BackupAndRestore(tmp_path))
    np.testing.assert_equal(resumed.get_weights(), uninterrupted.get_weights())


def test_best_weights_that_do_not_fit_are_refused(tmp_path):
    x, y = np.ones((8, 4)), np.ones((8, 2))

    def make_callbacks():
        return [EarlyStopping("loss", restore_best_weights=True), callbacks.BackupAndRestore(tmp_path)]

    with pytest.raises(Interruption):
        dropout_model(0).fit(x, y, epochs=3, verbose=0, callbacks=[*make_callbacks(), Interrupting(1, True)])
    path = tmp_path / "epoch-1.npz"
    with np.load(path) as file:
        arrays = dict(file)
    arrays["training/callbacks/0/weights/1"] = np.zeros(9)
    np.savez(path, **arrays)
    with pytest.raises(
        ValueError, match=r"epoch-1\.npz' is not a state of this training, .*'sequential/dense/bias', has shape \(9,\)"
    ):
        dropout_model(0).fit(x, y, epochs=3, verbose=0, callbacks=make_callbacks())


def test_models_that_cannot_be_saved_can_be_backed_up(tmp_path):
    def made():
        model = Sequential([layers.Input((4,)), layers.Dense(2, activation=lambda x: x * 2)], rng=0)
        model.compile("adam", lambda y_true, y_pred: (y_true - y_pred) ** 2)
        return model

    x, y = np.ones((8, 4)), np.ones((8, 2))
    uninterrupted, resumed = made(), made()
    uninterrupted.fit(x, y, epochs=3, verbose=0)
    with pytest.raises(Interruption):
        made().fit(x, y, epochs=3, verbose=0, callbacks=[callbacks.BackupAndRestore(tmp_path), Interrupting(1)])
    with pytest.raises(ValueError, match=r"npz' holds the state of a training; expected a model"):
        Sequential.load(next(tmp_path.glob("*.npz")))
    resumed.fit(x, y, epochs=3, verbose=0, callbacks=callbacks.BackupAndRestore(tmp_path))
    np.testing.assert_equal(resumed.get_weights(), uninterrupted.get_weights())


@pytest.mark.filterwarnings("ignore:x ended after 1 batches")
def test_a_state_that_does_not_fit_changes_nothing(tmp_path):
    def fit(model, source, *more):
        listeners = [
            EarlyStopping("loss", restore_best_weights=True),
            callbacks.ReduceLROnPlateau("loss"),
            callbacks.ModelCheckpoint(tmp_path / "best.npz", "loss", save_best_only=True),
            callbacks.CSVLogger(tmp_path / "log.csv", append=True),
            callbacks.BackupAndRestore(tmp_path / source),
        ]
        x, y = np.arange(32.0).reshape(8, 4) / 32, np.ones((8, 2))
        data = (x, y, 2) if source == "arrays" else (DataLoader((x, y), 2, shuffle=True, rng=0),)
        model.fit(*data, epochs=3, steps_per_epoch=3, verbose=0, callbacks=[*listeners, *more])

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
        with pytest.raises(Interruption):
            fit(dropout_model(0), source, Interrupting(1, True))
        path = tmp_path / source / "epoch-1.npz"
        with np.load(path) as file:
            arrays = dict(file)
        for name in arrays:
            if name.startswith("training/"):
                np.savez(path, **{**arrays, name: np.full((7, 7), 0.5)})
                lines = (tmp_path / "log.csv").read_text()
                model = dropout_model(3)
                model.train_on_batch(np.ones((8, 4)), np.ones((8, 2)))
                before = state(model)
                with pytest.raises(ValueError, match=r"epoch-1\.npz' is not a state of this training"):
                    fit(model, source)
                assert state(model) == before
                assert (tmp_path / "log.csv").read_text() == lines
                tried += 1
    assert tried == 30


def resumed_with(folder, make):
    """Return a callback of a training that was resumed after the second of four epochs."""
    x, y = np.ones((4, 4)), np.ones((4, 2))
    with pytest.raises(Interruption):
        dropout_model(0).fit(
            x, y, epochs=4, verbose=0, callbacks=[callbacks.BackupAndRestore(folder), make(), Interrupting(1, True)]
        )
    callback = make()
    history = dropout_model(0).fit(x, y, epochs=4, verbose=0, callbacks=[callbacks.BackupAndRestore(folder), callback])
    assert history.epoch == [2, 3]
    return callback


class WithState(callbacks.Callback):
    """Returns a given state, and stores the one that is set."""

    def __init__(self, state):
        self.state, self.restored = state, None

    def get_state(self):
        return self.state

    def set_state(self, state):
        self.restored = state


@pytest.mark.parametrize("state", [
    {"x": 3, "y": 0.5, "z": True}, {"x": [], "y": [1, 2.5], "z": [np.ones(2), np.zeros((2, 0))]},
    {"two words": np.arange(3, dtype=">i2")}, {"x": (1, 2)}, {"x": np.float16(0.5)}, {"x": np.asfortranarray(np.ones((2, 3)))},
])  # fmt: skip
def test_states_of_custom_callbacks_are_restored(tmp_path, state):
    restored = resumed_with(tmp_path, lambda: WithState(state)).restored
    assert list(restored) == list(state)
    for name, value in state.items():
        assert isinstance(restored[name], list) == isinstance(value, list)
        for a, b in zip(*([each] if not isinstance(each, list) else each for each in (restored[name], value)), strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("state", "kind", "message"),
    [
        (None, TypeError, r"WithState.get_state\(\)=None is of type NoneType; expected a dict of numbers and arrays"),
        ({"x": None}, TypeError, r"WithState.get_state\(\)\['x'\]=None has dtype object; expected real numbers"),
        ({"x": "word"}, TypeError, r"WithState.get_state\(\)\['x'\]='word' has dtype <U4; expected real numbers"),
        ({"x": [1, 1j]}, TypeError, r"WithState.get_state\(\)\['x'\]\[1\]=1j has dtype complex128; expected real numbers"),
        (
            {"x": [[1, 2]]},
            TypeError,
            r"WithState.get_state\(\)\['x'\]\[0\]=\[1, 2\] is a list inside a list; expected a number",
        ),
        ({"x": 10**30}, TypeError, r"WithState.get_state\(\)\['x'\]=10* has dtype object; expected real numbers"),
        ({1: 2}, ValueError, r"WithState.get_state\(\) has the key 1; expected strings without a slash"),
        ({"a/b": 2}, ValueError, r"WithState.get_state\(\) has the key 'a/b'; expected strings without a slash"),
        ({"\ud800": 2}, ValueError, r"WithState.get_state\(\) has the key '\\ud800'; expected strings without a slash"),
    ],
)
def test_states_that_cannot_be_saved_are_refused(tmp_path, state, kind, message):
    with pytest.raises(kind, match=message):
        dropout_model(0).fit(
            np.ones((4, 4)), np.ones((4, 2)), verbose=0, callbacks=[callbacks.BackupAndRestore(tmp_path), WithState(state)]
        )
    assert list(tmp_path.iterdir()) == []


class WithGetState(callbacks.Callback):
    """Has a `get_state` that is not the method of a callback's state."""

    def get_state(self, key):
        return vars(self)[key]


class WithSetState(callbacks.Callback):
    """Has a `set_state` that is not the method of a callback's state."""

    def set_state(self, key, value):
        setattr(self, key, value)


@pytest.mark.parametrize("make", [WithGetState, WithSetState])
def test_callbacks_with_only_one_method_of_a_state_have_none(tmp_path, make):
    assert isinstance(resumed_with(tmp_path, make), make)
