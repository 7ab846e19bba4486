"""Callbacks in general: their events and logs, and the history of a training."""

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
