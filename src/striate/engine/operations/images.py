"""Operations on images that are computed by NumPy: sampling at any places, and changes of levels of brightness."""

from ...functional.resampling import sample_at, sample_at_gradient
from .base import GraphOperation


class SampleAt(GraphOperation):
    """Images sampled at given places; see `striate.functional.resampling.sample_at`.

    Parameters
    ----------
    x : Value, shape (batch, height, width, channels)
        Images.
    coordinates : Value, shape (batch, 2, new height, new width)
        Row and column of the place of each pixel of the output.
    interpolation, fill_mode, fill_value
        See `Resample2D`.
    """

    reads = ("x", "coordinates")

    def __init__(self, x, coordinates, interpolation, fill_mode, fill_value=0.0):
        super().__init__((x, coordinates), (x.shape[0], *coordinates.shape[2:], x.shape[3]))
        self.settings = interpolation, fill_mode
        self.fill_value = fill_value

    def gradient(self, dy, wanted):
        """Return the gradient of x."""
        x, coordinates = self.inputs
        return [SampleAtGradient(dy, coordinates, x.shape, self.settings).y, None]

    def lower(self, lowering):
        """Append a call of Python."""
        (x, coordinates), y = map(lowering.array, self.inputs), lowering.array(self.y)

        def sample():
            y[...] = sample_at(x, coordinates, *self.settings, self.fill_value)

        lowering.program.call(sample)


class SampleAtGradient(GraphOperation):
    """Gradient of the images that were sampled."""

    reads = ("dy", "coordinates")

    def __init__(self, dy, coordinates, shape, settings):
        super().__init__((dy, coordinates), shape)
        self.settings = settings

    def lower(self, lowering):
        """Append a call of Python."""
        (dy, coordinates), dx = map(lowering.array, self.inputs), lowering.array(self.y)

        def scatter():
            dx[...] = sample_at_gradient(dy, dx.shape, coordinates, *self.settings)

        lowering.program.call(scatter)


class Levels(GraphOperation):
    """A function of images that depends on levels of their values only, so that its gradient is zero.

    Parameters
    ----------
    x : Value
        Images.
    function : callable
        Returns an array of the shape and dtype of the one that it takes.
    """

    def __init__(self, x, function):
        super().__init__((x,), x.shape)
        self.function = function

    def gradient(self, dy, wanted):
        """Return no gradient, which means zero."""
        return [None]

    def lower(self, lowering):
        """Append a call of Python."""
        x, y = lowering.array(self.inputs.x), lowering.array(self.y)

        def change():
            y[...] = self.function(x)

        lowering.program.call(change)
