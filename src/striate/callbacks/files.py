"""Callbacks that write files."""

import io
import os

import numpy as np

from .._common.checks import boolean, check_path, integer_or_word, number, shown, text, verbosity
from .._common.docstrings import documented
from .._common.files import open_regular, reading, write_atomically
from .._common.terminal import print_progress
from .base import Callback
from .monitor import MONITORED, Monitoring


@documented(MONITORED)
class ModelCheckpoint(Monitoring):
    """Save the model during a training. Each file is written completely or not at all.

    Parameters
    ----------
    filepath : str or path-like
        Path of the files. It may have placeholders for keys of the logs, and for the number of the epoch, counted from 1, as in
        "model-{epoch:02d}-{val_loss:.3f}.npz".
    monitor : str
        The monitored value, which decides which model is the best: a key of the logs.
    verbose : {0, 1}
        1 prints a line for each file.
    save_best_only : bool
        Whether the model is saved only if it is better than all before, or the monitored value is missing.
    save_weights_only : bool
        Whether `Model.save_weights` is called instead of `Model.save`.
    save_freq : "epoch" or int
        Number of batches after which the model is saved; "epoch" saves it after each epoch.
    initial_value_threshold : float, optional
        Best value before the training, for example that of an earlier one.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from striate import Sequential, callbacks, layers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile("sgd", "mse")
    >>> folder = tempfile.mkdtemp()
    >>> keep = callbacks.ModelCheckpoint(folder + "/best.npz", monitor="loss", save_best_only=True)
    >>> history = model.fit(x, y, epochs=3, callbacks=[keep], verbose=0)
    >>> Sequential.load(folder + "/best.npz").output_shape
    (None, 1)
    """

    def __init__(
        self,
        filepath,
        monitor="val_loss",
        verbose=0,
        save_best_only=False,
        save_weights_only=False,
        mode="auto",
        save_freq="epoch",
        initial_value_threshold=None,
    ):
        self.filepath = check_path("filepath", filepath)
        _check_placeholders(self.filepath)
        super().__init__(monitor, mode)
        if initial_value_threshold is not None:
            self._monitor.best = number("initial_value_threshold", initial_value_threshold)
        self.verbose = verbosity(verbose)
        self.save_best_only = boolean("save_best_only", save_best_only)
        self.save_weights_only = boolean("save_weights_only", save_weights_only)
        self.save_freq = integer_or_word("save_freq", save_freq, 1, ("epoch",))
        self._epoch = self._batches = 0

    def get_state(self):
        """Return the best value and the number of batches so far."""
        return {"batches": self._batches, **self._monitor.get_state()}

    def check_state(self, state, model):
        """Return the values of a state, checked, as `set_state` restores them."""
        return int(state["batches"]), self._monitor.best_in(state)

    def set_state(self, state):
        """Restore a state."""
        self._batches, self._monitor.best = self.check_state(state, self.model)

    def on_train_begin(self, logs=None):
        """Find out whether smaller or larger values are better."""
        if self.save_best_only:
            self._monitor.find_mode(self.model)

    def on_epoch_begin(self, epoch, logs=None):
        """Store the index of the epoch."""
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        """Save the model after every `save_freq` batches."""
        self._batches += 1
        if self.save_freq != "epoch" and self._batches % self.save_freq == 0:
            self._save(self._epoch, logs, batch=batch + 1)

    def on_epoch_end(self, epoch, logs=None):
        """Save the model after the epoch."""
        if self.save_freq == "epoch":
            self._save(epoch, logs)

    def _save(self, epoch, logs, **more):
        """Save the model, if it is to be saved; `more` are values for placeholders besides the epoch and the logs."""
        if self.save_best_only:
            value = self._monitor.value(logs)
            if value is not None and not self._monitor.improves(value):
                return
        from pathlib import Path  # slow to import

        values = {"epoch": epoch + 1, **more, **(logs or {})}
        try:
            path = Path(self.filepath.format(**values))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise ValueError(
                f"filepath={shown(self.filepath)} cannot be filled ({type(error).__name__}: {error}); expected keys of the "
                f"logs, {sorted(values)}, and formats of numbers"
            ) from None
        path.parent.mkdir(parents=True, exist_ok=True)
        (self.model.save_weights if self.save_weights_only else self.model.save)(path)
        if self.verbose:
            print_progress(f"Epoch {epoch + 1}: saved to {path}")


def _check_placeholders(filepath):
    """Raise an error for placeholders that no logs can fill."""
    import string  # slow to import

    try:
        names = [name for _, name, _, _ in string.Formatter().parse(filepath) if name is not None]
    except ValueError as error:
        raise ValueError(
            f"filepath={shown(filepath)} cannot be filled ({error}); expected names in braces, such as {{epoch}}"
        ) from None
    if any(not name or name.isdigit() for name in names):
        raise ValueError(f"filepath={shown(filepath)} has braces without a name; expected a key of the logs, or {{epoch}}")


class CSVLogger(Callback):
    """Write the logs of each epoch as a line of a CSV file, with "NA" for missing values.

    Parameters
    ----------
    filename : str or path-like
        Path of the file.
    separator : str
        Character between columns.
    append : bool
        Whether lines are appended to an existing file, as for a resumed training; otherwise the file is replaced. An incomplete
        last line, as after a power failure, is removed. If `BackupAndRestore` resumes the training, the lines of epochs that
        are repeated are removed, too.

    Raises
    ------
    ValueError
        At the beginning of a training, if the existing file is not such a table.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from striate import Sequential, callbacks, layers
    >>> x, y = np.arange(8.0, dtype="float32").reshape(8, 1), np.arange(8.0, dtype="float32").reshape(8, 1)
    >>> model = Sequential([layers.Input((1,)), layers.Dense(1)], rng=0)
    >>> model.compile("sgd", "mse")
    >>> path = tempfile.mkdtemp() + "/log.csv"
    >>> history = model.fit(x, y, epochs=2, callbacks=[callbacks.CSVLogger(path)], verbose=0)
    >>> with open(path) as file:
    ...     print(file.readline().strip())
    epoch,loss
    """

    def __init__(self, filename, separator=",", append=False):
        from pathlib import Path  # slow to import

        self.filename = Path(check_path("filename", filename))
        self.separator = text("separator", separator)
        if len(self.separator) != 1 or self.separator in '\r\n"\0' or not self.separator.encode(errors="ignore"):
            raise ValueError(f"separator={shown(separator)} is not a separator; expected one character")
        self.append = boolean("append", append)
        self._keys = []
        self._lines = 0  # number of lines in the file, without the header

    def get_state(self):
        """Return the number of lines."""
        return {"lines": self._lines}

    def check_state(self, state, model):
        """Return the number of lines of a state, checked, as `set_state` restores it."""
        return int(state["lines"])

    def set_state(self, state):
        """Remove the lines that were written after the state was saved, since their epochs are repeated."""
        rows = self._rows()
        if (lines := self.check_state(state, self.model)) < self._lines:
            self._write(rows[: lines + 1])
            self._lines = lines

    def on_train_begin(self, logs=None):
        """Create the file, or remove an incomplete last line of an existing one."""
        rows = []
        if self.append and self.filename.exists():
            rows = self._rows()
            os.truncate(self.filename, len(self._whole_lines()))
        else:
            self._write([])
        self._keys = rows[0][1:] if rows else []
        self._lines = max(len(rows) - 1, 0)

    def on_epoch_end(self, epoch, logs=None):
        """Append a line. For new keys, such as those of the first validation, all lines get a column."""
        new = [key for key in logs if key not in self._keys]
        before = [row + ["NA"] * len(new) for row in self._rows()[1:]] if new else []
        self._keys += new
        row = [epoch, *[np.asarray(logs.get(key, "NA")).tolist() for key in self._keys]]
        if new:
            self._write([["epoch", *self._keys], *before, row])
        else:
            with open(self.filename, "ab", buffering=0) as file:
                file.write(self._text([row]))
        self._lines += 1

    def _whole_lines(self):
        """Return the content of the file without an incomplete last line."""
        with open_regular(self.filename) as file:
            content = file.read()
        return content[: content.rfind(b"\n") + 1]

    def _rows(self):
        """Return the rows of the file, beginning with the header."""
        import csv  # slow to import

        with reading(self.filename, "a table of epochs"):
            lines = io.StringIO(self._whole_lines().decode(), newline="")
            rows = [row for row in csv.reader(lines, delimiter=self.separator) if row]
            if rows and rows[0][0] != "epoch":
                raise ValueError(f"its first column is {rows[0][0]!r}; expected 'epoch'")
            for row in rows:
                if len(row) != len(rows[0]):
                    raise ValueError(f"the line of epoch {row[0]!r} has {len(row)} columns; expected {len(rows[0])}")
        return rows

    def _text(self, rows):
        """Return rows as encoded lines."""
        import csv

        lines = io.StringIO(newline="")
        csv.writer(lines, delimiter=self.separator).writerows(rows)
        return lines.getvalue().encode()

    def _write(self, rows):
        """Replace the file atomically by one with these rows."""
        write_atomically(self.filename, self._text(rows))
