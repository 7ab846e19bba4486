"""Monitoring of values in the logs, and which value is the best."""

import functools
import re

import numpy as np
import pytest

from striate import metrics
from striate.callbacks import EarlyStopping, ModelCheckpoint, ReduceLROnPlateau
from tests.callbacks.trainings import FakeModel, model_and_data, run


def test_a_monitored_key_that_the_logs_lack_gives_a_warning():
    with pytest.warns(UserWarning, match=r"monitor='val_loss' is not in the logs, which hold \['loss'\]"):
        run(EarlyStopping(), "loss", [1.0])


@pytest.mark.parametrize(
    ("key", "logs", "hint"),
    [
        ("val_acc", {"loss": 1.0, "val_accuracy": 0.5}, "did you mean 'val_accuracy'?"),
        ("val_loss", {"loss": 1.0}, "keys that begin with 'val_' need validation data"),
    ],
)
def test_the_warning_of_a_missing_key_tells_what_may_have_been_meant(key, logs, hint):
    stopping = EarlyStopping(key)
    stopping.set_model(FakeModel())
    with pytest.warns(UserWarning, match=rf"monitor='{key}' is not in the logs, which hold .*\]; {re.escape(hint)}$"):
        stopping.on_epoch_end(0, logs)


@pytest.mark.parametrize(
    "callback",
    [EarlyStopping, ReduceLROnPlateau, functools.partial(ModelCheckpoint, "unused.npz", save_best_only=True)],
)
def test_an_unknown_metric_is_refused_before_the_training_with_those_that_there_are(callback):
    model, x, y = model_and_data()
    model.compile("sgd", "mse", metrics=["mae", "cosine_similarity"])
    weights = model.get_weights()
    expected = (
        "mode='auto' cannot tell whether a larger or a smaller monitor='val_maee' is better; expected mode='min' or "
        "mode='max', or one of the model's metrics, ['loss', 'mae', 'cosine_similarity']; did you mean 'mae'?"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(expected)}$"):
        model.fit(x, y, verbose=0, callbacks=[callback(monitor="val_maee")])
    np.testing.assert_equal(model.get_weights(), weights)


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
    best, epoch_of_best = (values[improvements[-1]], improvements[-1]) if improvements else (None, None)
    stopping = EarlyStopping(patience=10, mode=mode, restore_best_weights=True, verbose=1)
    model, _ = run(stopping, "val_loss", values)
    assert stopping.best == best
    assert model.restored == epoch_of_best
    checkpoint = ModelCheckpoint(tmp_path / "{epoch}.npz", save_best_only=True, mode=mode)
    saved = []
    model_with_save = FakeModel()
    model_with_save.save = lambda path: saved.append(int(path.stem) - 1)
    checkpoint.set_model(model_with_save)
    checkpoint.on_train_begin()
    for epoch, value in enumerate(values):
        checkpoint.on_epoch_begin(epoch)
        checkpoint.on_epoch_end(epoch, {"val_loss": value})
    assert checkpoint.best == best
    assert saved == improvements


def test_a_monitored_array_is_refused(tmp_path):
    model, x, _ = model_and_data()
    model.compile("sgd", "mse", metrics=[metrics.F1Score()])
    best = ModelCheckpoint(tmp_path / "m.npz", "f1_score", save_best_only=True)
    with pytest.raises(ValueError, match=r"monitor='f1_score' is an array of shape \(2,\); expected a single number"):
        model.fit(x, np.eye(2)[np.arange(8) % 2], verbose=0, callbacks=[best])
