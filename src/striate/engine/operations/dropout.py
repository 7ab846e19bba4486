"""Dropout."""

from ...kernels import bindings
from .base import Operation


class Dropout(Operation):
    """Zero elements at random and scale the others up; its gradient is the same on the output's gradient.

    Parameters
    ----------
    x : Value
        Input.
    rate : float
        Probability of an element to be zeroed.
    stream : int, optional
        Number that tells it from other operations with the same seed; a new one if None.
    """

    in_place = (0,)

    def __init__(self, x, rate, stream=None):
        super().__init__((x,), x.shape)
        self.rate = rate
        self.stream = x.graph.stream() if stream is None else stream

    def gradient(self, dy, wanted):
        """Return the gradient of x."""
        return [Dropout(dy, self.rate, self.stream).y]

    def lower(self, step):
        """Append the kernel call."""
        x = step.array(self.inputs[0])
        bindings.dropout(x, step.array(self.y), step.seed, self.stream, self.rate, step.threads, step.program)
