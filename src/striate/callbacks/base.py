"""What all callbacks share, and the record that each training leaves."""


class Callback:
    """Base class of callbacks: override the methods that are wanted.

    Attributes
    ----------
    model : Sequential
        The model in training. Setting ``model.stop_training = True`` ends the training after the current batch.
    params : dict
        "epochs", "steps" (batches an epoch), "batch_size" and "verbose".
    """

    model = None
    params = None

    def set_model(self, model):
        """Take note of the model."""
        self.model = model

    def set_params(self, params):
        """Take note of the training's parameters."""
        self.params = params

    def first_epoch(self):
        """Return the epoch that a training goes on with, when it begins; None leaves it to `fit`."""

    def on_train_begin(self, logs=None):
        """Training begins."""

    def on_train_end(self, logs=None):
        """Training ends."""

    def on_epoch_begin(self, epoch, logs=None):
        """Epoch number `epoch`, counted from 0, begins."""

    def on_epoch_end(self, epoch, logs=None):
        """Epoch number `epoch` ends; `logs` holds its loss and metrics, with ``val_`` before those on the validation data."""

    def on_train_batch_begin(self, batch, logs=None):
        """Batch number `batch` of the epoch, counted from 0, begins."""

    def on_train_batch_end(self, batch, logs=None):
        """Batch number `batch` ends; `logs` holds loss and metrics of the epoch so far."""


class History(Callback):
    """Record of a training, which `Sequential.fit` returns.

    Attributes
    ----------
    epoch : list of int
        The epochs' numbers.
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


class LambdaCallback(Callback):
    """Functions as a callback.

    Parameters
    ----------
    on_epoch_begin, on_epoch_end, on_train_begin, on_train_end, on_train_batch_begin, on_train_batch_end : callable, optional
        Called in place of the methods of these names, with the same arguments.
    """

    def __init__(
        self,
        on_epoch_begin=None,
        on_epoch_end=None,
        on_train_begin=None,
        on_train_end=None,
        on_train_batch_begin=None,
        on_train_batch_end=None,
    ):
        given = {name: function for name, function in locals().items() if name.startswith("on_") and function is not None}
        for name, function in given.items():
            if not callable(function):
                raise TypeError(f"{name}={function!r} cannot be called; expected a function")
            setattr(self, name, function)
