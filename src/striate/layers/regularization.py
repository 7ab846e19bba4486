"""Layers that act in training only, against overfitting."""

from .. import functional as F
from .._checks import number
from .base import Layer


class Dropout(Layer):
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

    def forward(self, x, *, training, rng):
        """Drop, in training; pass `x` on otherwise."""
        if not training or self.rate == 0:
            return x, None
        return F.dropout(x, self.rate, rng)

    def backward(self, dy, saved, *, input_gradient=True):
        """Return the gradient of the input."""
        return (dy if saved is None else F.dropout_backward_input(dy, saved)), []

    def get_config(self):
        """Return the constructor's arguments."""
        return {"rate": self.rate, **super().get_config()}
