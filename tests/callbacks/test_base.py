"""Callbacks in general: their events and logs, and the history of a training."""

import gc

import numpy as np
import pytest

from striate import Sequential, callbacks, layers
from striate.callbacks import Callback, History, LambdaCallback


def test_history_records_each_epoch():
    history = History()
    history.on_epoch_end(0, {"loss": 1.0})
    history.on_epoch_end(1, {"loss": 0.5, "val_loss": 2.0})
    assert history.epoch == [0, 1]
    assert history.history == {"loss": [1.0, 0.5], "val_loss": [2.0]}


def test_lambda_callback_takes_only_functions():
    assert isinstance(LambdaCallback(), Callback)
    with pytest.raises(TypeError, match="on_epoch_end=3 cannot be called"):
        LambdaCallback(on_epoch_end=3)


def test_logs_are_never_none():
    received = {}

    class Listening(callbacks.Callback):
        pass

    def listen(event):
        def method(self, *arguments, logs="missing"):
            received.setdefault(event, []).append(arguments[-1])

        return method

    for event in [name for name in dir(callbacks.Callback) if name.startswith("on_")]:
        setattr(Listening, event, listen(event))
    x, y = np.ones((4, 3), np.float32), np.ones((4, 1))
    model = Sequential([layers.Input((3,)), layers.Dense(1)], rng=0)
    model.compile("sgd", "mse")
    model.fit(x, y, verbose=0, validation_data=(x, y), callbacks=[Listening()])
    model.predict(x, callbacks=[Listening()])
    assert set(received) == {name for name in dir(callbacks.Callback) if name.startswith("on_")} - {
        "on_batch_begin",
        "on_batch_end",
    }
    assert all(isinstance(logs, dict) for all_logs in received.values() for logs in all_logs)
    assert received["on_epoch_begin"] == received["on_train_begin"] == [{}]


def test_logs_are_computed_only_if_a_callback_overrides_the_event():
    received = []

    class WithOlderName(callbacks.Callback):
        def on_batch_end(self, batch, logs=None):
            received.append(logs)

    listeners = callbacks.CallbackList([callbacks.Callback(), WithOlderName()])
    listeners.notify("on_test_batch_end", 0, lambda: 1 / 0)
    listeners.notify("on_train_batch_end", 0, lambda: {"loss": 1.0})
    assert received == [{"loss": 1.0}]


def test_notebooks_show_the_history_as_a_table():
    history = callbacks.History()
    for epoch, (loss, validation) in enumerate([(3.0, float("nan")), (1.0, 2.0)]):
        history.on_epoch_end(epoch, {"loss": loss, "val_<loss>": validation, "matrix": [[1]]})
    page = history._repr_html_()
    assert "of 2 epochs" in page
    assert page.count("<tr>") == 3  # What is not a number for each epoch is left out.
    assert page.count("<polyline ") == 2
    assert "val_&lt;loss&gt;" in page
    assert 'points="158.0,26.0"' in page  # NaN has no place in the curve.


def test_a_list_of_callbacks_serves_loops():
    told = []

    class Telling(callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            told.append((epoch, logs, self.params, self.model))

    model = Sequential([layers.Input((3,)), layers.Dense(1)], rng=0)
    several = callbacks.CallbackList([Telling()], add_history=True, add_progbar=True, model=model, epochs=2, steps=5)
    assert [type(each).__name__ for each in several] == ["Telling", "History", "ProgressBar"]
    several.on_epoch_begin(1)
    several.on_epoch_end(1, logs={"loss": 2.0})
    several.on_epoch_end(2)
    assert told == [(1, {"loss": 2.0}, {"epochs": 2, "steps": 5}, model), (2, {}, {"epochs": 2, "steps": 5}, model)]
    assert model.history.history == {"loss": [2.0]}


def test_a_callback_keeps_a_model_that_it_was_given_but_not_that_of_fit():
    callback = callbacks.Callback()
    callback.set_model(Sequential([layers.Input((3,)), layers.Dense(1)], rng=0))
    gc.collect()
    assert callback.model is not None
    model = Sequential([layers.Input((3,)), layers.Dense(1)], rng=0)
    model.compile("sgd", "mse")
    model.fit(np.ones((2, 3)), np.ones((2, 1)), callbacks=[callback], verbose=0)
    assert callback.model is model
    del model
    gc.collect()
    assert callback.model is None


def test_functions_of_no_event_are_attributes():
    assert LambdaCallback(note="kept").note == "kept"
    with pytest.raises(TypeError, match="'on_epoch_ends' is not an event"):
        LambdaCallback(on_epoch_ends=print)


def test_targets_that_are_not_finite_need_a_watching_callback():
    model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    model.compile("sgd", "mse")
    x, y = np.ones((4, 1)), np.array([[1.0], [1.0], [np.inf], [1.0]])
    batches = [(x[:2], y[:2]), (x[2:], y[2:])]
    for data in (lambda: (x, y), lambda: (iter(batches),)):
        with pytest.raises(ValueError, match="y holds NaN or infinity, first in sample"):
            model.fit(*data(), verbose=0)
        watching = callbacks.TerminateOnNaN(raise_error=True)
        with pytest.raises(RuntimeError, match="the loss of batch 1 is inf"):
            model.fit(*data(), batch_size=2, shuffle=False, callbacks=watching, verbose=0)
        model.layers[0].set_weights([np.ones((1, 1)), np.ones(1)])
