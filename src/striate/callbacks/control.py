"""Callbacks that end a training, or change its learning rate."""

import inspect
import math

from .._common.checks import boolean, integer, number, shown, verbosity
from .._common.docstrings import documented
from .._common.terminal import print_progress
from .base import Callback
from .monitor import MONITORED, Monitoring
from .rates import rates_for_logs


@documented(MONITORED)
class EarlyStopping(Monitoring):
    """End the training when a monitored value has stopped improving [1]_.

    Parameters
    ----------
    patience : int
        Epochs without an improvement after which the training ends.
    verbose : {0, 1}
        1 prints a line when the training is ended.
    baseline : float, optional
        Value that must be surpassed for an improvement to count.
    restore_best_weights : bool
        Whether the model gets the weights of its best epoch at the end of the training.
    start_from_epoch : int
        Index of the first epoch that is monitored.

    Attributes
    ----------
    stopped_epoch : int
        Index of the epoch after which the training was ended; 0 if it was not.
    best : float or None
        Best value so far, which is never NaN.
    best_epoch : int
        Index of the epoch with the best value.
    best_weights : list of ndarray or None
        Weights of that epoch, if they will be restored.
    wait : int
        Epochs since then.

    References
    ----------
    .. [1] Prechelt, L., "Early stopping, but when?", in "Neural networks: tricks of the trade", 1998.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, callbacks, layers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile("sgd", "mse")
    >>> stop = callbacks.EarlyStopping(monitor="loss", min_delta=1e9, patience=2)
    >>> history = model.fit(x, y, epochs=10, callbacks=[stop], verbose=0)
    >>> len(history.epoch)
    3
    """

    def __init__(
        self,
        monitor="val_loss",
        min_delta=0.0,
        patience=0,
        verbose=0,
        mode="auto",
        baseline=None,
        restore_best_weights=False,
        start_from_epoch=0,
    ):
        super().__init__(monitor, mode, min_delta)
        self.patience = integer("patience", patience, 0)
        self.verbose = verbosity(verbose)
        self.baseline = None if baseline is None else number("baseline", baseline)
        self.restore_best_weights = boolean("restore_best_weights", restore_best_weights)
        self.start_from_epoch = integer("start_from_epoch", start_from_epoch, 0)
        self._reset()

    def _reset(self):
        """Set the state to that at the beginning of a training."""
        self._monitor.reset()
        self.wait = 0
        self.best_weights = None
        self.best_epoch = self.stopped_epoch = 0

    def get_state(self):
        """Return the best value so far, its weights and epoch, and the number of epochs since then."""
        weights = {} if self.best_weights is None else {"weights": self.best_weights}
        return {"wait": self.wait, "best_epoch": self.best_epoch, **self._monitor.get_state(), **weights}

    def check_state(self, state, model):
        """Return the values of a state, checked, as `set_state` restores them."""
        weights = model.check_weights(state["weights"]) if "weights" in state else None
        return int(state["wait"]), int(state["best_epoch"]), self._monitor.best_in(state), weights

    def set_state(self, state):
        """Restore a state."""
        self.wait, self.best_epoch, self._monitor.best, self.best_weights = self.check_state(state, self.model)

    def on_train_begin(self, logs=None):
        """Reset the state, which may be that of another training."""
        self._reset()
        self._monitor.find_mode(self.model)

    def on_epoch_end(self, epoch, logs=None):
        """Compare the value with the best so far."""
        value = self._monitor.value(logs)
        if value is None or epoch < self.start_from_epoch:
            return
        self.wait += 1
        if self._monitor.improves(value):
            self.best_epoch = epoch
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
            if self.baseline is None or self._monitor.is_better(value, self.baseline):
                self.wait = 0
        elif self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        """Print a line if `verbose`, and restore the best weights."""
        if self.verbose and self.stopped_epoch:
            best = "none" if self.best is None else f"{self.best:.4f}"
            print_progress(f"Epoch {self.stopped_epoch + 1}: early stopping, best {self.monitor} {best}")
        if self.best_weights is not None:
            self.model.set_weights(self.best_weights)


@documented(MONITORED)
class ReduceLROnPlateau(Monitoring):
    """Reduce the learning rate when a monitored value has stopped improving.

    The learning rate must be a number, not a schedule.

    Parameters
    ----------
    factor : float
        Factor of a reduction, above 0 and below 1.
    patience : int
        Epochs without an improvement after which the learning rate is reduced.
    verbose : {0, 1}
        1 prints a line for each reduction.
    cooldown : int
        Epochs after a reduction in which epochs without an improvement are not counted.
    min_lr : float
        Smallest learning rate, at least 0.

    Attributes
    ----------
    best : float or None
        Best value so far, which is never NaN.
    wait : int
        Epochs since then, or since the last reduction.
    cooldown_counter : int
        What is left of the cooldown, in epochs.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, callbacks, layers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile("sgd", "mse")
    >>> slower = callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=1, min_delta=1e9)
    >>> history = model.fit(x, y, epochs=4, callbacks=[slower], verbose=0)
    >>> round(model.optimizer.learning_rate, 6)
    0.00125
    """

    def __init__(
        self,
        monitor="val_loss",
        factor=0.1,
        patience=10,
        verbose=0,
        mode="auto",
        min_delta=1e-4,
        cooldown=0,
        min_lr=0.0,
    ):
        super().__init__(monitor, mode, min_delta)
        self.factor = number("factor", factor, 0, 1, open_minimum=True, open_maximum=True)
        self.patience = integer("patience", patience, 0)
        self.verbose = verbosity(verbose)
        self.cooldown = integer("cooldown", cooldown, 0)
        self.min_lr = number("min_lr", min_lr, 0)
        self.wait = self.cooldown_counter = 0

    def get_state(self):
        """Return the best value so far, the number of epochs since then, and what is left of the cooldown."""
        return {"wait": self.wait, "cooling": self.cooldown_counter, **self._monitor.get_state()}

    def check_state(self, state, model):
        """Return the values of a state, checked, as `set_state` restores them."""
        return int(state["wait"]), int(state["cooling"]), self._monitor.best_in(state)

    def set_state(self, state):
        """Restore a state."""
        self.wait, self.cooldown_counter, self._monitor.best = self.check_state(state, self.model)

    def on_train_begin(self, logs=None):
        """Reset the state, which may be that of another training."""
        if self.model.optimizer.has_schedule:
            raise TypeError(f"{type(self).__name__} cannot reduce a learning rate that has a schedule; expected a number")
        self._monitor.reset()
        self._monitor.find_mode(self.model)
        self.wait = self.cooldown_counter = 0

    def on_epoch_end(self, epoch, logs=None):
        """Compare the value with the best so far."""
        logs = {} if logs is None else logs
        logs |= rates_for_logs(self.model.optimizer)
        value = self._monitor.value(logs)
        if value is None:
            return
        if self.cooldown_counter:
            self.cooldown_counter -= 1
            self.wait = 0
        if self._monitor.improves(value):
            self.wait = 0
        elif not self.cooldown_counter:
            self.wait += 1
            reduced = self.wait >= self.patience and [self._reduce(each, epoch) for each in self.model.optimizer.optimizers]
            if reduced and any(reduced):
                self.cooldown_counter, self.wait = self.cooldown, 0

    def _reduce(self, optimizer, epoch):
        """Reduce the learning rate of an optimizer; return whether it changes."""
        reduced = max(optimizer.learning_rate * self.factor, self.min_lr)
        if not 0 < reduced < optimizer.learning_rate:
            return False
        optimizer.learning_rate = reduced
        if self.verbose:
            print_progress(
                f"Epoch {epoch + 1}: ReduceLROnPlateau reducing learning rate to {float(reduced)} ({optimizer.name})"
            )
        return True


class LearningRateScheduler(Callback):
    """Set the learning rate before each epoch.

    Parameters
    ----------
    schedule : callable
        Function of the epoch's index and, if it takes two arguments, the learning rate; returns the new learning rate.
    verbose : {0, 1}
        1 prints a line for each epoch.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, callbacks, layers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile("sgd", "mse")
    >>> slower = callbacks.LearningRateScheduler(lambda epoch, rate: 0.01 / (1 + epoch))
    >>> history = model.fit(x, y, epochs=2, callbacks=[slower], verbose=0)
    >>> model.optimizer.learning_rate
    0.005
    """

    def __init__(self, schedule, verbose=0):
        if not callable(schedule):
            raise TypeError(
                f"schedule={shown(schedule)} cannot be called; expected a function of the epoch and the learning rate"
            )
        self.schedule = schedule
        self.verbose = verbosity(verbose)
        try:
            inspect.signature(schedule).bind(0, 0.0)
            self._takes_rate = True
        except TypeError:
            self._takes_rate = False

    def on_epoch_begin(self, epoch, logs=None):
        """Set the learning rate."""
        for optimizer in self.model.optimizer.optimizers:
            before = (optimizer.learning_rate,) if self._takes_rate else ()
            optimizer.learning_rate = self.schedule(epoch, *before)
            if self.verbose:
                rate = float(optimizer.learning_rate)
                print_progress(f"Epoch {epoch + 1}: LearningRateScheduler setting learning rate to {rate} ({optimizer.name})")

    def on_epoch_end(self, epoch, logs=None):
        """Add the learning rate to the logs."""
        if logs is not None:
            logs |= rates_for_logs(self.model.optimizer)


class TerminateOnNaN(Callback):
    """End the training when the loss is NaN or infinite.

    With this callback, `fit` takes targets that are not finite, which are an error otherwise.

    Parameters
    ----------
    raise_error : bool
        Whether to raise a RuntimeError in place of ending the training, so that `on_train_end` of no callback is called: files
        of `BackupAndRestore`, for example, remain.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, callbacks, layers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile("sgd", "mse")
    >>> x[0] = np.nan
    >>> history = model.fit(x, y, epochs=3, callbacks=[callbacks.TerminateOnNaN()], verbose=0)
    Batch 0: the loss is nan, training ends
    >>> len(history.epoch)
    1
    """

    def __init__(self, raise_error=False):
        super().__init__()
        self.raise_error = boolean("raise_error", raise_error)

    def on_train_batch_end(self, batch, logs=None):
        """Check the loss."""
        if not math.isfinite((logs or {}).get("loss", 0.0)):
            if self.raise_error:
                raise RuntimeError(f"the loss of batch {batch} is {logs['loss']}; expected a finite number")
            print_progress(f"Batch {batch}: the loss is {logs['loss']}, training ends")
            self.model.stop_training = True
