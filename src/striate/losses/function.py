"""Functions as losses."""

from .base import Loss


class FunctionLoss(Loss):
    """A function of targets and predictions, written with `striate.ops`, as a loss.

    Parameters
    ----------
    function : callable
        ``function(y_true, y_pred)`` returns a value for each sample.
    """

    def __init__(self, function):
        self.function = function

    def call(self, y_true, y_pred):
        """Return a value for each sample."""
        return self.function(y_true, y_pred)

    def get_config(self):
        """Refuse: a function cannot be written to a file."""
        raise TypeError(f"loss={self.function!r} cannot be saved; expected a subclass of striate.losses.Loss")
