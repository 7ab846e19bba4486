"""The base class of callbacks, a list that notifies them, and the record that each training leaves."""

import weakref

import numpy as np

from .._common.checks import called, shown
from .._common.errors import Constructed
from .._common.markup import curve, escaped, html_table

#: Events with batches that Keras has an older name for.
_OLDER = {"on_train_batch_begin": "on_batch_begin", "on_train_batch_end": "on_batch_end"}


class Callback(Constructed):
    """Base class of callbacks: override the methods that are wanted.

    Attributes
    ----------
    model : Sequential
        The model in training. Setting ``model.stop_training = True`` ends the training after the current batch. A callback does
        not keep it alive: once nothing else refers to the model, this is None.
    params : dict
        "epochs", "steps" (batches an epoch), "batch_size" and "verbose".
    """

    params = None
    _model = None  # a weak reference

    #: Whether it is notified after the others, because it saves their state.
    comes_last = False

    @property
    def model(self):
        return None if self._model is None else self._model()

    @model.setter
    def model(self, model):
        self._model = None if model is None else weakref.ref(model)

    def __getstate__(self):
        return {**vars(self), "_model": None}  # a weak reference cannot be copied

    def set_model(self, model):
        """Take note of the model."""
        self.model = model

    def set_params(self, params):
        """Take note of the training's parameters."""
        self.params = params

    def first_epoch(self):
        """Return the epoch that a training goes on with, when it begins; None leaves it to `fit`."""

    def get_state(self):
        """Return the state with which a stopped training goes on: a dict of numbers, arrays, or lists of these.

        `BackupAndRestore` keeps it of callbacks that define both this and `set_state`: either alone is never called.
        """
        return {}

    def check_state(self, state, model):
        """Raise an error if `set_state` cannot take a state: a training that was to go on with it then changes nothing.

        Parameters
        ----------
        state : dict
            What `get_state` returned, as arrays and lists of arrays.
        model : Model
            One of the layers of the model in training, built.
        """

    def set_state(self, state):
        """Continue from a checked `state` that `get_state` returned."""

    def on_train_begin(self, logs=None):
        """Training begins."""

    def on_train_end(self, logs=None):
        """Training ends."""

    def on_epoch_begin(self, epoch, logs=None):
        """Epoch `epoch`, counted from 0, begins."""

    def on_epoch_end(self, epoch, logs=None):
        """Epoch `epoch` ends; `logs` holds its loss and metrics, with ``val_`` before those on the validation data."""

    def on_train_batch_begin(self, batch, logs=None):
        """Batch `batch` of the epoch, counted from 0, begins; by default `on_batch_begin`, the older name, is called."""
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch, logs=None):
        """Batch `batch` ends; `logs` holds loss and metrics of the epoch so far; by default `on_batch_end` is called."""
        self.on_batch_end(batch, logs)

    def on_batch_begin(self, batch, logs=None):
        """Batch `batch` of a training begins."""

    def on_batch_end(self, batch, logs=None):
        """Batch `batch` of a training ends."""

    def on_test_begin(self, logs=None):
        """An evaluation, or a validation in training, begins."""

    def on_test_end(self, logs=None):
        """It ends; `logs` holds loss and metrics."""

    def on_test_batch_begin(self, batch, logs=None):
        """Batch `batch` of it begins."""

    def on_test_batch_end(self, batch, logs=None):
        """Batch `batch` of it ends; `logs` holds loss and metrics so far."""

    def on_predict_begin(self, logs=None):
        """A prediction begins."""

    def on_predict_end(self, logs=None):
        """It ends."""

    def on_predict_batch_begin(self, batch, logs=None):
        """Batch `batch` of it begins."""

    def on_predict_batch_end(self, batch, logs=None):
        """Batch `batch` of it ends; `logs` holds "outputs", what the model returned for it, to be kept or changed."""


class CallbackList(Constructed):
    """Callbacks that are notified of events, in order.

    Parameters
    ----------
    callbacks : Callback, list of Callback or CallbackList, optional
        The callbacks.
    model : Model, optional
        The model in training.
    params : dict, optional
        Of the training.
    """

    def __init__(self, callbacks=None, model=None, params=None):
        given = [] if callbacks is None else callbacks
        self.callbacks = []
        self.model = model
        if params is not None and not isinstance(params, dict):
            raise TypeError(f"params={shown(params)} is of type {type(params).__name__}; expected a dict")
        self.params = params or {}
        self._heard = {}
        for callback in given if isinstance(given, (list, tuple, CallbackList)) else [given]:
            self.append(callback)

    def append(self, callback):
        """Add a callback after the others, but before those that come last."""
        if not isinstance(callback, Callback):
            raise TypeError(f"callbacks holds {shown(callback)}; expected instances of striate.callbacks.Callback")
        callback.set_model(self.model)
        callback.set_params(self.params)
        self.callbacks = sorted([*self.callbacks, callback], key=lambda each: each.comes_last)
        self._heard.clear()

    def __iter__(self):
        return iter(self.callbacks)

    def notify(self, event, *arguments):
        """Call the method `event` of all. An argument that is a function is called for its value, if one overrides that.

        Logs that are not there yet are an empty dict, as in Keras.
        """
        if event not in self._heard:
            self._heard[event] = any(_overrides(callback, event) for callback in self.callbacks)
        arguments = [(each() if self._heard[event] else {}) if callable(each) else each for each in arguments]
        for callback in self.callbacks:
            getattr(callback, event)(*arguments)


def keeps_state(callback):
    """Whether a callback has a state that is kept: one method of these names alone may be meant for something else."""
    return _overrides(callback, "get_state") and _overrides(callback, "set_state")


def _overrides(callback, event):
    """Whether a callback overrides the method, or that of its older name."""
    names = (event, _OLDER.get(event, event))
    return any(name in vars(callback) or getattr(type(callback), name) is not getattr(Callback, name) for name in names)


class History(Callback):
    """Record of a training, which `Sequential.fit` returns.

    Attributes
    ----------
    epoch : list of int
        Indices of the epochs.
    history : dict of str to list of float
        For each of loss, metrics and their validation counterparts, the values after each epoch.
    """

    def __init__(self):
        self.epoch = []
        self.history = {}

    def on_epoch_end(self, epoch, logs=None):
        """Record the epoch."""
        self.epoch.append(epoch)
        for key, value in (logs or {}).items():
            self.history.setdefault(key, []).append(value)

    def _repr_html_(self):
        """Return a table for a notebook: for each of loss and metrics, some of its values and their curve."""
        rows = []
        for key, values in self.history.items():
            if np.ndim(values) == 1:
                ends = [f"{value:.4g}" for value in (values[0], np.fmin.reduce(values), np.fmax.reduce(values), values[-1])]
                rows.append([escaped(key), *ends, curve(values)])
        title = f"<p><b>History</b> of {len(self.epoch)} epochs</p>"
        return title + html_table(["", "First", "Smallest", "Largest", "Last", "Curve"], rows, (1, 2, 3, 4))


class LambdaCallback(Callback):
    """Functions as a callback.

    Parameters
    ----------
    on_epoch_begin, on_epoch_end, on_train_begin, on_train_end, on_train_batch_begin, on_train_batch_end : callable, optional
        Called in place of the methods of these names, with the same arguments.
    **kwargs : callable
        The same for the other events.
    """

    def __init__(
        self,
        on_epoch_begin=None,
        on_epoch_end=None,
        on_train_begin=None,
        on_train_end=None,
        on_train_batch_begin=None,
        on_train_batch_end=None,
        **kwargs,
    ):
        events = {name: function for name, function in locals().items() if name.startswith("on_")} | kwargs
        for name, function in events.items():
            if not name.startswith("on_") or not hasattr(Callback, name):
                raise TypeError(f"{name!r} is not an event; expected a method of striate.callbacks.Callback")
            if function is None:
                continue
            setattr(self, name, called(name, function))
