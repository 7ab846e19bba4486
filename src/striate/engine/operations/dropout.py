"""Dropout."""

from ...kernels import bindings
from .base import GraphOperation, floats


class Dropout(GraphOperation):
    """Elements zeroed at random, the others scaled up; the gradient applies the same mask to the gradient of the output.

    Parameters
    ----------
    x : Value
        Input.
    rate : float
        Probability that an element is zeroed.
    stream : int, optional
        Index of its random stream, which differs between operations with the same seed; a new one if None.
    seed : Value of uint64, shape (1,), optional
        Seed of this operation; the run's if None.
    """

    reads = ("x", "seed")
    in_place = ("x",)
    any_dtype = True  # The seed is an integer; `__init__` casts only x.

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
