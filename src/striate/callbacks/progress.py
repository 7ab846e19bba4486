"""Progress bars."""

import time

import numpy as np

from .._common.checks import choice, shown
from .._common.terminal import in_notebook, progress_stream, showable
from .base import Callback


class ProgressBar(Callback):
    """Progress of a training: a bar on a terminal or in a notebook, or one line per epoch elsewhere.

    Parameters
    ----------
    verbose : {1, 2}
        1 for a bar, 2 for one line per epoch.
    stream : file object, optional
        Stream to write to; standard output if None, or a logger: see `striate.config.disable_interactive_logging`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import Sequential, callbacks, layers
    >>> x, y = np.ones((8, 2), "float32"), np.ones((8, 1), "float32")
    >>> model = Sequential([layers.Input((2,)), layers.Dense(1)], rng=0)
    >>> model.compile("sgd", "mse")
    >>> history = model.fit(x, y, epochs=2, callbacks=[callbacks.ProgressBar()], verbose=0)  # doctest: +ELLIPSIS
    Epoch 1/2  ... s  loss ...
    Epoch 2/2  ... s  loss ...
    """

    def __init__(self, verbose=1, stream=None):
        choice("verbose", verbose, (1, 2))
        if stream is not None and not hasattr(stream, "write"):
            raise TypeError(f"stream={shown(stream)} is of type {type(stream).__name__}; expected a file object")
        self.stream = progress_stream() if stream is None else stream
        self.bar = verbose == 1 and (getattr(self.stream, "isatty", lambda: False)() or in_notebook())

    def on_epoch_begin(self, epoch, logs=None):
        """Start the clock."""
        self._epoch = epoch
        self._done = 0
        self._start = self._last = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        """Draw the bar, at most 20 times a second."""
        now = time.perf_counter()
        self._done = batch + 1
        if self.bar and now - self._last > 0.05:
            self._last = now
            done = batch + 1
            steps = self.params["steps"]
            left = (now - self._start) / done * ((steps or done) - done)
            self._write(done, f"{left:.0f} s left" if steps else f"{now - self._start:.0f} s", logs, end="")

    def on_epoch_end(self, epoch, logs=None):
        """Write the epoch's last line."""
        self._write(self.params["steps"] or self._done, f"{time.perf_counter() - self._start:.1f} s", logs, end="\n")

    def _write(self, done, clock, logs, end):
        """Write a line for an epoch of which `done` batches are done; `clock` is the text about time."""
        steps = self.params["steps"] or done  # The number of batches of a stream may be unknown.
        width = len(str(self.params["epochs"]))
        text = f"Epoch {self._epoch + 1:{width}}/{self.params['epochs']}"
        values = "  ".join(f"{key} {value:.4f}" for key, value in (logs or {}).items() if np.ndim(value) == 0)
        if self.bar:
            filled = 20 * done // max(steps, 1)
            bar = showable("━" * filled + "─" * (20 - filled), self.stream)
            line = f"{text} {bar} {done}/{steps}  {clock}  {values}"
            import shutil  # slow to import

            columns = shutil.get_terminal_size().columns - 1
            self.stream.write("\r" + line[:columns].ljust(columns) + end)
        else:
            self.stream.write(f"{text}  {clock}  {values}{end}")
        self.stream.flush()


ProgbarLogger = ProgressBar  # Keras' name
