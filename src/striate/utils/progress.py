"""Progress of loops that users write."""

import time

import numpy as np

from .._common.checks import choice, integer, number, sequence, text
from .._common.errors import Constructed
from .._common.terminal import progress_stream, showable


class Progbar(Constructed):
    """Progress of a loop: a bar, or a line at its end.

    Parameters
    ----------
    target : int or None
        Number of steps; None if it is not known.
    width : int
        Width of the bar.
    verbose : {0, 1, 2}
        0 writes nothing, 1 a bar, 2 one line at the end.
    interval : float
        Least number of seconds between two bars.
    stateful_metrics : iterable of str, optional
        Names of values that are shown as they are; of the others the means are shown, and the last value at the end.
    unit_name : str
        What a step is called.
    stateless_metrics : iterable of str, optional
        Names of values of which the means are shown, in place of `stateful_metrics`.

    Examples
    --------
    >>> from striate import utils
    >>> progress = utils.Progbar(2, verbose=2)
    >>> progress.update(1, [("loss", 3.0)])
    >>> progress.add(1, [("loss", 1.0)])  # doctest: +ELLIPSIS
    2/2  ... ms/step - loss: 1.0000
    """

    def __init__(
        self,
        target,
        width=20,
        verbose=1,
        interval=0.05,
        stateful_metrics=None,
        unit_name="step",
        stateless_metrics=None,
    ):
        if stateful_metrics is not None and stateless_metrics is not None:
            raise ValueError("stateful_metrics and stateless_metrics exclude each other; expected at most one of them")
        self.target = None if target is None else integer("target", target, 0)
        self.width = integer("width", width, 1)
        self.verbose = choice("verbose", verbose, (0, 1, 2))
        self.interval = number("interval", interval, 0)
        self.unit_name = unit_name
        self.stateful_metrics = None if stateless_metrics is not None else _names("stateful_metrics", stateful_metrics or ())
        self.stateless_metrics = None if stateless_metrics is None else _names("stateless_metrics", stateless_metrics)
        self._start = time.perf_counter()
        self._last = -np.inf
        self._done = self._columns = 0
        self._values = {}  # (sum, number of steps) of each value

    def update(self, current, values=None, finalize=None):
        """Show the progress.

        Parameters
        ----------
        current : int
            Number of steps that are done.
        values : list of (str, float), optional
            Names of values, and what they are after the last step.
        finalize : bool, optional
            Whether the loop is at its end; if None, whether `target` is reached.
        """
        current = integer("current", current, 0)
        finalize = self.target is not None and current >= self.target if finalize is None else finalize
        steps = max(current - self._done, 1)
        self._done = current
        for name, value in values or []:
            averaged = name not in self.stateful_metrics if self.stateless_metrics is None else name in self.stateless_metrics
            total, count = self._values.get(name, (0.0, 0)) if averaged and not finalize else (0.0, 0)
            self._values[name] = total + np.mean(value) * steps, count + steps
        now = time.perf_counter()
        if self.verbose == 1 and (finalize or now - self._last >= self.interval):
            self._last = now
            self._write(now, finalize)
        elif self.verbose == 2 and finalize:
            stream = progress_stream()
            stream.write(f"{self._line(now)}\n")
            stream.flush()

    def add(self, n, values=None):
        """Show the progress after `n` more steps; see `update`."""
        self.update(self._done + n, values)

    def _line(self, now):
        of = "" if self.target is None else f"/{self.target}"
        means = "".join(f" - {name}: {total / count:.4f}" for name, (total, count) in self._values.items())
        each = (now - self._start) / max(self._done, 1)
        return f"{self._done}{of}  {now - self._start:.0f} s {1000 * each:.0f} ms/{self.unit_name}{means}"

    def _write(self, now, finalize):
        filled = self.width * min(self._done, self.target) // self.target if self.target else 0
        stream = progress_stream()
        bar = showable("━" * filled + "─" * (self.width - filled), stream)
        text = f"{bar} {self._line(now)}"
        stream.write("\r" + text.ljust(self._columns) + ("\n" if finalize else ""))
        stream.flush()
        self._columns = len(text)


def _names(argument, names):
    """Return names of values, checked, as a set."""
    names = list(names) if isinstance(names, (set, frozenset)) else sequence(argument, names, "names")
    return {text(argument, name) for name in names}
