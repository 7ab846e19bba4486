"""Callbacks that end a training, or change its learning rate."""

import copy
import math

import numpy as np
import pytest

from striate import Sequential, config, layers, losses, optimizers
from striate.callbacks import EarlyStopping, LambdaCallback, LearningRateScheduler, ReduceLROnPlateau, TerminateOnNaN
from tests.callbacks.trainings import model_and_data, run


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
def test_early_stopping_ends_the_training_without_improvement(arguments, key, values, epochs, best_epoch):
    callback = EarlyStopping(**arguments, restore_best_weights=True)
    model, logs = run(callback, key, values)
    assert len(logs) == epochs
    assert callback.best_epoch == best_epoch
    assert callback.best == values[best_epoch]
    assert model.restored == best_epoch
    assert callback.stopped_epoch == (epochs - 1 if model.stop_training else 0)


def test_early_stopping_resets_in_each_training():
    callback = EarlyStopping(patience=1)
    for _ in range(2):
        assert len(run(callback, "val_loss", [3, 4, 5])[1]) == 2


NAN = float("nan")


def test_nan_is_not_an_improvement():
    model, logs = run(EarlyStopping(patience=2, verbose=1, restore_best_weights=True), "val_loss", [3.0, 2.0, NAN, NAN, NAN])
    assert len(logs) == 4
    assert model.restored == 1
    model, logs = run(EarlyStopping(patience=2, verbose=1), "val_loss", [NAN] * 5)
    assert len(logs) == 2
    model, _ = run(ReduceLROnPlateau(patience=2, factor=0.5), "val_loss", [NAN] * 4 + [1.0, NAN, NAN])
    assert model.optimizer.learning_rate == 0.125


def test_learning_rates_with_a_schedule_cannot_be_set():
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
    _, logs = run(callback, "val_loss", [5, 5, 5, 5, 5, 5, 4, 4, 4, 4, 4, 4])
    rates = [each["learning_rate"] for each in logs]
    assert rates == [1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.2, 0.2, 0.2]


@pytest.mark.parametrize("schedule", [lambda epoch: 1 / (1 + epoch), lambda epoch, rate: rate if epoch < 1 else rate / 2])
def test_learning_rate_scheduler_sets_the_rate_of_each_epoch(schedule):
    _, logs = run(LearningRateScheduler(schedule), "loss", [1, 1])
    assert [each["learning_rate"] for each in logs] == [1, 0.5]


class Exploding(losses.MeanSquaredError):
    """A loss that is infinite."""

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


def test_targets_for_validation_may_be_nan_if_the_loss_is_watched():
    model, x, _ = model_and_data()
    model.compile("sgd", "mse")
    y = np.zeros(model.predict(x).shape)
    wrong = np.full(y.shape, np.nan)
    history = model.fit(x, y, validation_data=(x, wrong), verbose=0, callbacks=TerminateOnNaN()).history
    assert np.isnan(history["val_loss"]).all()
    with pytest.raises(ValueError, match="y holds NaN"):
        model.fit(x, y, validation_data=(x, wrong), verbose=0)


def test_nan_raises_an_error_on_demand():
    model, x, y = model_and_data()
    x[0] = np.nan
    ended = []
    callbacks = [TerminateOnNaN(raise_error=True), LambdaCallback(on_train_end=lambda logs: ended.append(logs))]
    with pytest.raises(RuntimeError, match="the loss of batch 0 is nan; expected a finite number"):
        model.fit(x, y, verbose=0, callbacks=callbacks)
    assert not ended


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: EarlyStopping(mode="best"), ValueError, "mode='best' is unknown"),
        (lambda: EarlyStopping(patience=-1), ValueError, "patience=-1 is too small"),
        (lambda: ReduceLROnPlateau(factor=1.0), ValueError, "factor=1.0 is out of range"),
        (lambda: LearningRateScheduler(0.1), TypeError, "schedule=0.1 cannot be called"),
    ],
)
def test_bad_arguments_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_programs_read_and_set_the_learning_rate_as_a_number_or_a_variable():
    optimizer = optimizers.SGD(0.5)
    rate = optimizer.learning_rate
    assert (rate, rate.value, rate.numpy()) == (0.5, 0.5, 0.5)
    assert rate.assign(0.25) == optimizer.learning_rate == 0.25
    assert type(copy.deepcopy(rate)) is float
    with pytest.raises(TypeError, match="expected another schedule"):
        optimizers.SGD(optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)).learning_rate.assign(0.1)
    model, data = Sequential([layers.Input((2,)), layers.Dense(1)], rng=0), (np.ones((4, 2), np.float32), np.ones(4))
    model.compile(optimizers.SGD(0.5), "mse")
    halves = LearningRateScheduler(lambda epoch, rate: rate / 2)
    history = model.fit(*data, epochs=2, verbose=0, callbacks=[halves])
    assert history.history["learning_rate"] == [0.25, 0.125]
    assert {type(each) for each in history.history["learning_rate"]} == {float}


def test_the_state_of_monitoring_callbacks_can_be_read_and_set():
    plateau = ReduceLROnPlateau(patience=3, cooldown=2)
    run(plateau, "val_loss", [3.0, 4.0, 5.0])
    assert (plateau.best, plateau.wait, plateau.cooldown_counter) == (3.0, 2, 0)
    stop = EarlyStopping(patience=3)
    run(stop, "val_loss", [3.0, 4.0])
    stop.best = 1.0
    assert (stop.best, stop.wait, stop.best_weights) == (1.0, 1, None)


def test_lines_go_where_progress_goes(caplog, capsys):
    model = Sequential([layers.Input((3,)), layers.Dense(1)], rng=0)
    model.compile("sgd", "mse")
    x, y = np.ones((4, 3), np.float32), np.ones((4, 1), np.float32)
    slower = LearningRateScheduler(lambda epoch: 0.5 / (1 + epoch), verbose=1)
    line = "Epoch 1: LearningRateScheduler setting learning rate to 0.5"
    model.fit(x, y, callbacks=[slower], verbose=0)
    assert line in capsys.readouterr().out
    config.disable_interactive_logging()
    try:
        with caplog.at_level("INFO", "striate"):
            model.fit(x, y, callbacks=[slower], verbose=0)
    finally:
        config.enable_interactive_logging()
    assert line in caplog.text
    assert not capsys.readouterr().out
