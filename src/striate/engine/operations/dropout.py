"""Dropout."""

from ...kernels import bindings
from .base import GraphOperation, floats


class Dropout(GraphOperation):
    """Zero elements at random and scale the others up; its gradient is the same on the output's gradient.

    Parameters
    ----------
    x : Value
        Input.
    rate : float
        Probability of an element to be zeroed.
    stream : int, optional
        Number of its random stream, which differs between operations with the same seed; a new one if None.
    seed : Value of uint64, shape (1,), optional
        Its own seed; the run's if None.
    """

    reads = ("x", "seed")
    in_place = ("x",)
    any_dtype = True  # of the seed

    def __init__(self, x, rate, stream=None, seed=None):
        super().__init__((*floats([x]), seed), x.shape)
        self.rate = rate
        self.stream = x.graph.stream() if stream is None else stream

    def gradient(self, dy, wanted):
        """Return the gradient of x."""
        return [Dropout(dy, self.rate, self.stream, self.inputs.seed).y, None]

    def lower(self, lowering):
        """Append the kernel call."""
        x, seed = map(lowering.array, self.inputs)
        seed = lowering.seed if seed is None else seed
        bindings.dropout(x, lowering.array(self.y), seed, stream=self.stream, rate=self.rate, **lowering.target)
