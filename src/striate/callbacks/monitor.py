"""Monitoring of a value in the logs, which callbacks share."""

import math
import warnings

import numpy as np

from .._common.checks import choice, number, shown
from .._common.names import suggestion
from .base import Callback

#: Suffixes of the names of metrics whose larger values are better.
_LARGER_IS_BETTER = ("acc", "accuracy", "auc")

#: Docstring sections that monitoring callbacks share.
MONITORED = """
    Parameters
    ----------
    monitor : str
        The monitored value: a key of the logs.
    mode : {"auto", "min", "max"}
        Whether smaller or larger values are better; "auto" knows it for losses, accuracies, and metrics that define it.
    min_delta : float
        Change that an improvement must exceed, at least 0.
    """


class Monitor:
    """The best value so far of a key of the logs.

    Parameters
    ----------
    name : str
        The key.
    mode, min_delta
        See `EarlyStopping`.

    Attributes
    ----------
    best : float or None
        The best value so far.
    """

    def __init__(self, name, mode="auto", min_delta=0.0):
        if not isinstance(name, str):
            raise TypeError(f"monitor={shown(name)} is of type {type(name).__name__}; expected a key of the logs")
        self.name = str(name)
        self.mode = None if choice("mode", mode, ("auto", "min", "max")) == "auto" else mode
        if mode == "auto" and name.endswith("loss"):
            self.mode = "min"
        elif mode == "auto" and name.endswith(_LARGER_IS_BETTER):
            self.mode = "max"
        self.min_delta = number("min_delta", min_delta, 0)
        self.reset()

    def find_mode(self, model):
        """Ask the model's metrics whether larger values are better, if that is not known yet."""
        if self.mode is None:
            known = {key: metric.larger_is_better for key, metric in model.metrics_by_key().items()}
            key = self.name.removeprefix("val_")
            larger = known.get(key)
            if larger is None:
                names = list(dict.fromkeys([*model.metrics_names, *(metric.name for metric in model.metrics)]))
                known_keys = "" if key in names else f", or one of the model's metrics, {names}{suggestion(key, names)}"
                raise ValueError(
                    f"mode='auto' cannot tell whether a larger or a smaller monitor={self.name!r} is better; "
                    f"expected mode='min' or mode='max'{known_keys}"
                )
            self.mode = "max" if larger else "min"

    def reset(self):
        """Forget the values so far."""
        self.best = None

    def get_state(self):
        """Return the best value so far as part of a callback's state."""
        return {} if self.best is None else {"best": self.best}

    @staticmethod
    def best_in(state):
        """Return the best value in a callback's state, None if there is none."""
        return float(state["best"]) if "best" in state else None

    def value(self, logs):
        """Return the value of the key in the logs; None, with a warning, if the key is missing.

        A training is not ended for it: the logs of an epoch without a validation lack some keys, too.
        """
        if logs and self.name in logs:
            if np.ndim(logs[self.name]):
                raise ValueError(
                    f"monitor={self.name!r} is an array of shape {np.shape(logs[self.name])}; expected a single number"
                )
            return logs[self.name]
        keys = sorted(logs or ())
        if self.name.startswith("val_") and not any(key.startswith("val_") for key in keys):
            hint = "; keys that begin with 'val_' need validation data"
        else:
            hint = suggestion(self.name, keys)
        warnings.warn(f"monitor={self.name!r} is not in the logs, which hold {keys}{hint}", stacklevel=4)
        return None

    def is_better(self, value, than):
        """Return whether a value is better than another by more than `min_delta`; NaN is worse than any other."""
        if math.isnan(than):
            return not math.isnan(value)
        return value < than - self.min_delta if self.mode == "min" else value > than + self.min_delta

    def improves(self, value):
        """Return whether a value is the best so far, and store it if so; NaN never is."""
        if not self.is_better(value, math.nan if self.best is None else self.best):
            return False
        self.best = value
        return True


class Monitoring(Callback):
    """Base class of callbacks that monitor a key of the logs, with the arguments of `Monitor`."""

    def __init__(self, monitor, mode, min_delta=0.0):
        self._monitor = Monitor(monitor, mode, min_delta)
        self.monitor = monitor

    @property
    def monitor_op(self):
        """NumPy's function that tells whether a value is better than another; None until it is known which one that is."""
        return {"min": np.less, "max": np.greater}.get(self._monitor.mode)

    @property
    def best(self):
        """Best value so far."""
        return self._monitor.best

    @best.setter
    def best(self, value):
        self._monitor.best = value
