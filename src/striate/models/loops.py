"""The loops over batches in training, evaluation and prediction, which notify callbacks."""

import itertools
from typing import NamedTuple

from .._common.checks import real_array, shown
from .._common.files import reading
from .feeding import ArrayBatches, StreamBatches


class Validation(NamedTuple):
    """The validation data of a training, and when it is used."""

    feed: ArrayBatches | StreamBatches
    frequency: int | list | tuple  # number of epochs between validations, or the epochs to validate after, counted from 1

    def is_due(self, epoch):
        """Return whether the model is validated after an epoch, counted from 0."""
        if isinstance(self.frequency, (list, tuple)):
            return epoch + 1 in self.frequency
        return (epoch + 1) % self.frequency == 0


def train(model, feed, validation, first, end, callbacks, stateful):
    """Train a model.

    Parameters
    ----------
    model : Trainable
        The model, compiled.
    feed : ArrayBatches or StreamBatches
        Source of the batches.
    validation : Validation or None
        Validation data.
    first, end : int
        The first epoch, unless a callback names another, and the epoch before which training ends.
    callbacks : CallbackList
        Called during the training.
    stateful : list of Callback
        The callbacks whose state is part of the state of the training.

    Returns
    -------
    dict
        Logs of the last epoch.
    """
    logs = {}
    model._training_state = lambda: (feed.get_state(), [(type(each).__name__, _state_of(each)) for each in stateful])
    model._check_training_state = lambda *found: _check(feed, stateful, *found)
    callbacks.notify("on_train_begin", {})
    if model.built:
        model._take_note_of_trainable()
    for callback in callbacks:
        kept = callback.first_epoch()
        first = first if kept is None else kept
    _restore(model, feed, stateful)
    for epoch in range(first, end):
        callbacks.notify("on_epoch_begin", epoch, {})
        logs = _train_epoch(model, feed, callbacks)
        if validation is not None and validation.is_due(epoch):
            logs |= {f"val_{key}": value for key, value in evaluate(model, validation.feed, callbacks).items()}
        callbacks.notify("on_epoch_end", epoch, logs)
        if model.stop_training:
            break
    return logs


def _state_of(callback):
    """Return a callback's state, checked and converted to arrays, which can be written to a file."""
    called, state = f"{type(callback).__name__}.get_state()", callback.get_state()
    if not isinstance(state, dict):
        raise TypeError(f"{called}={shown(state)} is of type {type(state).__name__}; expected a dict of numbers and arrays")
    for name in state:
        if not isinstance(name, str) or not name.isprintable() or "/" in name:
            raise ValueError(f"{called} has the key {shown(name)}; expected strings without a slash")
    return {name: _for_file(f"{called}[{name!r}]", value) for name, value in state.items()}


def _for_file(name, value):
    """Return a number or an array as an array, and a list of these as a list of arrays."""
    if isinstance(value, list):
        return [_array_for_file(f"{name}[{i}]", each) for i, each in enumerate(value)]
    return _array_for_file(name, value)


def _array_for_file(name, value):
    if isinstance(value, list):
        raise TypeError(f"{name}={shown(value)} is a list inside a list; expected a number or an array")
    return real_array(name, value)


def _check(feed, callbacks, path, training, model):
    """Raise an error if the state of a training in a file does not fit the source of batches, the callbacks or the model."""
    with reading(path, "a state of this training"):
        state, states = training
        if state:
            feed.check_state(state)
        for callback, state in _with_states(callbacks, states):
            callback.check_state(state, model)


def _restore(model, feed, callbacks):
    """Set the source of batches and the callbacks to the state that `restore_training` read."""
    if model._restored is None:
        return
    (path, state, states), model._restored = model._restored, None
    with reading(path, "a state of this training"):
        if state:
            feed.set_state(state)
        for callback, state in _with_states(callbacks, states):
            callback.set_state(state)


def _with_states(callbacks, states):
    """Yield callbacks with their states: each takes the first state of its class that no other has taken."""
    states = list(states)
    for callback in callbacks:
        index = next((i for i, (name, _) in enumerate(states) if name == type(callback).__name__), None)
        if index is not None and (state := states.pop(index)[1]):
            yield callback, state


def _train_epoch(model, feed, callbacks):
    logs = []  # The `Logs` need a built model, and the first batch of a stream may build it.
    for batch in _notifying(model, feed.epoch(model.rng), callbacks, "train", "stop_training", lambda: logs[0].read()):
        if not logs:
            logs.append(model._new_logs("train_step"))
            model._take_note_of_trainable()
        model._train_batch(batch, logs[0])
    return logs[0].read() if logs else {}


def _notifying(model, batches, callbacks, kind, stop, logs):
    """Yield batches, and notify callbacks before and after each group of `model.steps_per_execution` of them.

    Parameters
    ----------
    model : Trainable
        The model.
    batches : iterable
        The batches.
    callbacks : CallbackList
        The callbacks.
    kind : {"train", "test", "predict"}
        What is done with the batches.
    stop : str
        Name of the attribute of the model by which callbacks end the loop.
    logs : callable
        Returns the logs, from the first batch on.
    """
    size = model.steps_per_execution
    batches, first = iter(batches), 0
    while (batch := next(batches, None)) is not None:
        callbacks.notify(f"on_{kind}_batch_begin", first, {})
        yield batch
        yield from itertools.islice(batches, size - 1)
        callbacks.notify(f"on_{kind}_batch_end", first + size - 1, logs)
        if getattr(model, stop):
            break
        first += size


def evaluate(model, feed, callbacks):
    """Return the logs of a model evaluated on batches."""
    logs = []
    model.stop_evaluating = False
    callbacks.notify("on_test_begin", {})
    for batch in _notifying(model, feed.epoch(model.rng), callbacks, "test", "stop_evaluating", lambda: logs[0].read()):
        if not logs:
            logs.append(model._new_logs("test_step"))
            model._take_note_of_trainable()
        model._test_batch(batch, logs[0])
    if not logs:
        raise ValueError("x yielded no batch; expected at least one")
    callbacks.notify("on_test_end", logs[0].read)
    return logs[0].read()


def predict(model, outputs, callbacks, structured):
    """Yield the outputs of each batch of a prediction, and notify callbacks, if there are any, which may end it.

    Callbacks get copies, in the structure that the model returns, since the next batch may overwrite the memory of `outputs`.
    """
    if callbacks is None:
        yield from outputs
        return
    model.stop_predicting = False
    callbacks.notify("on_predict_begin", {})
    last = []
    for each in _notifying(model, outputs, callbacks, "predict", "stop_predicting", lambda: _kept(structured, last[0])):
        last[:] = [each]
        yield each
    callbacks.notify("on_predict_end", {})


def _kept(structured, outputs):
    """Return the logs of a batch of a prediction."""
    return {"outputs": structured([y.copy() for y in outputs])}
