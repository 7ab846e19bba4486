"""Layers that act in training only, against overfitting."""

from .._checks import number
from ..engine import operations
from .base import Elementwise


class Dropout(Elementwise):
    """Zero a random part of the input in training, and scale the rest up so that the expected sum stays.

    Parameters
    ----------
    rate : float
        Probability of an element to be dropped, at least 0 and below 1.
    name, trainable, dtype
        See `Layer`.

    References
    ----------
    .. [1] Srivastava, N. et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15, 2014.
    """

    def __init__(self, rate, **kwargs):
        super().__init__(**kwargs)
        self.rate = number("rate", rate, 0, 1, open_maximum=True)

    def call(self, x, *, training):
        """Drop, in training; pass `x` on otherwise."""
        return operations.Dropout(x, self.rate).y if training and self.rate else x

    def get_config(self):
        """Return the constructor's arguments."""
        return {"rate": self.rate, **super().get_config()}
