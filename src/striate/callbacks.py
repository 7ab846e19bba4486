"""Callbacks: what is told of a training while it runs, and may end it."""

import shutil
import sys
import time

from ._terminal import showable


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


class ProgressBar(Callback):
    """Progress of a training on the terminal: a bar that grows, or one line an epoch where there is no terminal.

    Parameters
    ----------
    verbose : {1, 2}
        1 for a bar, 2 for one line an epoch.
    stream : file object, optional
        Where to write; standard output if None.
    """

    def __init__(self, verbose=1, stream=None):
        self.stream = sys.stdout if stream is None else stream
        self.bar = verbose == 1 and getattr(self.stream, "isatty", lambda: False)()

    def on_epoch_begin(self, epoch, logs=None):
        """Start the clock."""
        self._epoch = epoch
        self._start = self._last = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        """Draw the bar, at most 20 times a second."""
        now = time.perf_counter()
        if self.bar and now - self._last > 0.05:
            self._last = now
            done = batch + 1
            left = (now - self._start) / done * (self.params["steps"] - done)
            self._write(done, f"{left:.0f} s left", logs, end="")

    def on_epoch_end(self, epoch, logs=None):
        """Write the epoch's last line."""
        self._write(self.params["steps"], f"{time.perf_counter() - self._start:.1f} s", logs, end="\n")

    def _write(self, done, clock, logs, end):
        steps = self.params["steps"]
        width = len(str(self.params["epochs"]))
        text = f"Epoch {self._epoch + 1:{width}}/{self.params['epochs']}"
        values = "  ".join(f"{key} {value:.4f}" for key, value in (logs or {}).items())
        if self.bar:
            filled = 20 * done // steps
            bar = showable("━" * filled + "─" * (20 - filled), self.stream)
            line = f"{text} {bar} {done}/{steps}  {clock}  {values}"
            columns = shutil.get_terminal_size().columns - 1
            self.stream.write("\r" + line[:columns].ljust(columns) + end)
        else:
            self.stream.write(f"{text}  {clock}  {values}{end}")
        self.stream.flush()
