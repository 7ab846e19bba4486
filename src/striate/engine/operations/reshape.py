"""Reshaping, which only changes how memory is seen."""

from .base import GraphOperation


class Reshape(GraphOperation):
    """A view of a value with another shape; nothing is computed or copied.

    Parameters
    ----------
    x : Value
        Input.
    shape : tuple of int
        Shape of the view, with the same number of elements.
    """

    view = True
    any_dtype = takes_strings = True

    def __init__(self, x, shape):
        super().__init__((x,), shape)

    @property
    def samplewise(self):
        """Whether each sample is reshaped by itself."""
        return self.y.shape[:1] == self.inputs.x.shape[:1]

    def gradient(self, dy, wanted):
        """Return the gradient of x."""
        return [Reshape(dy, self.inputs.x.shape).y]

    def lower(self, lowering):
        """Append nothing, as a view needs no computation."""

    def flops(self):
        """Return none."""
        return 0
