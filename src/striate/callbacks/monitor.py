"""How callbacks watch one of the numbers that a training reports."""

import warnings

from .._checks import choice, number

#: Ends of the names of what is better the larger it is.
_LARGER_IS_BETTER = ("acc", "accuracy", "auc", "precision", "recall", "f1_score", "r2_score", "iou", "cosine_similarity")


class Monitor:
    """The best value so far of one of the numbers in the logs.

    Parameters
    ----------
    name : str
        Its key in the logs.
    mode : {"auto", "min", "max"}
        Whether small or large values are good; "auto" knows it of accuracies and the like, and takes the rest for losses.
    min_delta : float
        Smallest difference to the best so far that counts, at least 0.
    """

    def __init__(self, name, mode="auto", min_delta=0.0):
        choice("mode", mode, ("auto", "min", "max"))
        if mode == "auto":
            mode = "max" if name.endswith(_LARGER_IS_BETTER) else "min"
        self.name = name
        self.mode = mode
        self.min_delta = abs(number("min_delta", min_delta))
        self.reset()

    def reset(self):
        """Forget the values so far."""
        self.best = float("inf") if self.mode == "min" else float("-inf")

    def value(self, logs):
        """Return its value in the logs, or None, with a warning, if it is not there."""
        if logs and self.name in logs:
            return logs[self.name]
        warnings.warn(f"monitor={self.name!r} is not in the logs, which hold {sorted(logs or ())}", stacklevel=4)
        return None

    def is_better(self, value, than):
        """Return whether a value is better than another by more than `min_delta`."""
        return value < than - self.min_delta if self.mode == "min" else value > than + self.min_delta

    def improves(self, value):
        """Return whether a value is the best so far, and if so take note of it."""
        if not self.is_better(value, self.best):
            return False
        self.best = value
        return True
