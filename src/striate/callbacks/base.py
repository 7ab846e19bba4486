"""The base class of callbacks, the history of a training, and functions as callbacks."""

import weakref

import numpy as np

from .._common.checks import called
from .._common.errors import Constructed


class Callback(Constructed):
    """Base class of callbacks, whose subclasses override the methods of some events.

    Attributes
    ----------
    model : Sequential
        The model in training. Setting ``model.stop_training = True`` ends the training after the current batch. A callback that
        was given to `fit` does not keep the model alive: once nothing else refers to it, this is None.
    params : dict
        "epochs", "steps" (batches per epoch), "batch_size" and "verbose".

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, callbacks, layers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile("sgd", "mse")
    >>> class Counter(callbacks.Callback):
    ...     batches = 0
    ...
    ...     def on_train_batch_end(self, batch, logs=None):
    ...         self.batches += 1
    >>> counter = Counter()
    >>> history = model.fit(x, y, batch_size=4, epochs=3, callbacks=[counter], verbose=0)
    >>> counter.batches
    6
    """

    params = None
    _model = None  # function that returns the model; a weak reference in `fit`

    #: Whether the callback is notified after the others, since it saves their states.
    comes_last = False

    @property
    def model(self):
        """The model in training."""
        return None if self._model is None else self._model()

    @model.setter
    def model(self, model):
        self._model = None if model is None else lambda: model

    def hold_model_weakly(self):
        """Keep the model alive no longer, as `fit` and the like do themselves."""
        if self.model is not None:
            self._model = weakref.ref(self.model)

    def __getstate__(self):
        return {**vars(self), "_model": None}  # Copies belong to no model.

    def set_model(self, model):
        """Set the model in training."""
        self.model = model

    def set_params(self, params):
        """Set the parameters of the training."""
        self.params = params

    def first_epoch(self):
        """Return the epoch with which a training is resumed, or None to leave that to `fit`; called at its beginning."""

    def get_state(self):
        """Return the state from which an interrupted training is resumed: a dict of numbers, arrays, or lists of these.

        `BackupAndRestore` saves the states of callbacks that define both this method and `set_state`.
        """
        return {}

    def check_state(self, state, model):
        """Raise an error if `set_state` cannot take a state, before a resumed training changes anything.

        Parameters
        ----------
        state : dict
            A state that `get_state` returned, as arrays and lists of arrays.
        model : Model
            A built model with the layers of the model in training.
        """

    def set_state(self, state):
        """Restore a checked state that `get_state` returned."""

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
        """An evaluation, or the validation of a training, begins."""

    def on_test_end(self, logs=None):
        """An evaluation or validation ends; `logs` holds loss and metrics."""

    def on_test_batch_begin(self, batch, logs=None):
        """Batch `batch` of an evaluation or validation begins."""

    def on_test_batch_end(self, batch, logs=None):
        """Batch `batch` of an evaluation or validation ends; `logs` holds loss and metrics so far."""

    def on_predict_begin(self, logs=None):
        """A prediction begins."""

    def on_predict_end(self, logs=None):
        """A prediction ends."""

    def on_predict_batch_begin(self, batch, logs=None):
        """Batch `batch` of a prediction begins."""

    def on_predict_batch_end(self, batch, logs=None):
        """Batch `batch` of a prediction ends; `logs` holds "outputs", the model's outputs, which may be kept or changed."""


class History(Callback):
    """Record of a training, which `Sequential.fit` returns.

    Attributes
    ----------
    epoch : list of int
        Indices of the epochs.
    history : dict of str to list of float
        For each of loss, metrics and their validation counterparts, the values after each epoch.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, layers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile("sgd", "mse")
    >>> history = model.fit(x, y, epochs=2, verbose=0)
    >>> history.epoch, sorted(history.history)
    ([0, 1], ['loss'])
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
        from .._common.markup import curve, escaped, html_table  # Only notebooks need it.

        rows = []
        for key, values in self.history.items():
            if np.ndim(values) == 1:
                ends = [f"{value:.4g}" for value in (values[0], np.fmin.reduce(values), np.fmax.reduce(values), values[-1])]
                rows.append([escaped(key), *ends, curve(values)])
        title = f"<p><b>History</b> of {len(self.epoch)} epochs</p>"
        return title + html_table(["", "First", "Smallest", "Largest", "Last", "Curve"], rows, (1, 2, 3, 4))


class LambdaCallback(Callback):
    """Callback made of functions.

    Parameters
    ----------
    on_epoch_begin, on_epoch_end, on_train_begin, on_train_end, on_train_batch_begin, on_train_batch_end : callable, optional
        Functions that are called in place of the methods of these names, with the same arguments.
    **kwargs
        Functions for other events, by the names of their methods; and attributes, whose names do not begin with ``on_``.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, callbacks, layers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile("sgd", "mse")
    >>> printing = callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch, sorted(logs)))
    >>> history = model.fit(x, y, epochs=2, callbacks=[printing], verbose=0)
    0 ['loss']
    1 ['loss']
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
        given = {name: function for name, function in locals().items() if name.startswith("on_")} | kwargs
        for name, thing in given.items():
            if name.startswith("on_") and not hasattr(Callback, name):
                raise TypeError(f"{name!r} is not an event; expected a method of striate.callbacks.Callback")
            if thing is not None:
                setattr(self, name, called(name, thing) if name.startswith("on_") else thing)
