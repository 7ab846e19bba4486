"""A value whose gradients are computed by a user's function."""

from .base import GraphOperation


class CustomGradient(GraphOperation):
    """A value, through which gradients flow that a function computes.

    Parameters
    ----------
    value : Value
        The value.
    arguments : sequence of Value
        What gradients are computed of.
    function : callable
        ``function(dy)`` appends operations, and returns the gradients of the arguments, or None.
    kept : sequence of Value
        Values that the function reads, which fusion must not remove.
    """

    reads = None
    any_dtype = True

    def __init__(self, value, arguments, function, kept=()):
        super().__init__((value, *arguments, *kept), value.shape, dtype=value.dtype)
        self.function = function
        self.count = len(arguments)

    def gradient(self, dy, wanted):
        """Return the gradients of the arguments."""
        found = self.function(dy)
        gradients = [
            each.cast(value.dtype) if want and each is not None and value.dtype.kind == "f" else None
            for each, value, want in zip(found, self.inputs[1:], wanted[1:], strict=False)
        ]
        return [None, *gradients, *[None] * (len(self.inputs) - 1 - self.count)]

    def lower(self, lowering):
        """Append a call of Python."""
        value, y = lowering.array(self.inputs[0]), lowering.array(self.y)

        def copy():
            y[...] = value

        lowering.program.call(copy)

    def flops(self):
        """Return none."""
        return 0
