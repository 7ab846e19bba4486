"""Scaling and shifting of channels, clipping, and random values."""

import math

import numpy as np

from ...kernels import bindings
from ..graph import Value
from .base import GraphOperation, weights_only
from .merging import Merge
from .resampling import sum_axes
from .reshape import Reshape


class ScaleShift(GraphOperation):
    """``x * scale + shift``.

    Parameters
    ----------
    x : Value
        Input.
    scale, shift : Value or Variable, optional
        A number for each channel, shape (channels,), or for each sample and channel, shape (batch, channels). The elements of
        one or more of x's last axes together count as channels.
    masked : bool
        Whether the output is 0 where the scale is 0, even if x is infinite or NaN there. Scales must not be negative then.
    """

    reads = ("x", "scale", "shift")
    in_place = ("x",)

    def __init__(self, x, scale=None, shift=None, masked=False):
        super().__init__((x, scale, shift), x.shape)
        self.masked = masked
        channels = next(value for value in (scale, shift) if value is not None).shape[-1]
        self.layout = x.shape[0], math.prod(x.shape[1:]) // channels, channels

    @property
    def samplewise(self):
        """Whether scale and shift are weights, or have an axis of samples."""
        return all(weights_only(value) or len(value.shape) == 2 for value in self.inputs[1:])

    def gradient(self, dy, wanted):
        """Return the gradients of x, scale and shift."""
        x, scale, shift = self.inputs
        return [
            (dy if scale is None else ScaleShift(dy, scale, masked=self.masked).y) if wanted.x else None,
            self._sum(Merge("multiply", (dy, x)).y, scale.shape) if wanted.scale else None,
            self._sum(dy, shift.shape) if wanted.shift else None,
        ]

    def _sum(self, values, shape):
        """Return the sum over pixels, and also over samples unless the shape has an axis for them."""
        return sum_axes(Reshape(values, self.layout).y, (1,) if len(shape) == 2 else (0, 1))

    def lower(self, lowering):
        """Append the kernel call."""
        x, scale, shift = map(lowering.array, self.inputs)
        settings = {"scale": scale, "shift": shift, "shape": (len(x), *self.layout[1:]), "masked": self.masked}
        bindings.scale_shift_forward(x, lowering.array(self.y), **settings, **lowering.target)


class Clip(GraphOperation):
    """Elements clipped to the range between two limits.

    Parameters
    ----------
    x : Value
        Input.
    low, high : float
        Smallest and largest value of the output.
    """

    def __init__(self, x, low, high):
        super().__init__((x,), x.shape)
        self.limits = {"low": low, "high": high}

    def gradient(self, dy, wanted):
        """Return the gradient of x."""
        return [ClipGradient(dy, self.inputs.x, self.limits).y]

    def lower(self, lowering):
        """Append the kernel call."""
        x, y = lowering.array(self.inputs.x), lowering.array(self.y)
        bindings.scale_shift_forward(x, y, shape=(1, 1, x.size), **self.limits, **lowering.target)


class ClipGradient(GraphOperation):
    """Gradient of clipped values, which is zero where they were clipped."""

    reads = ("dy", "x")
    in_place = ("dy",)

    def __init__(self, dy, x, limits):
        super().__init__((dy, x), dy.shape)
        self.limits = limits

    def lower(self, lowering):
        """Append the kernel call."""
        dy, x = map(lowering.array, self.inputs)
        bindings.scale_shift_backward(dy, x, lowering.array(self.y), shape=(1, 1, x.size), **self.limits, **lowering.target)


class Draw(GraphOperation):
    """Random numbers that are drawn again in each run.

    Parameters
    ----------
    graph : Graph
        The graph that it belongs to.
    shape : tuple of int
        Shape of the output.
    dtype : dtype
        Dtype of the output.
    sample : callable
        ``sample(rng, out)`` writes random numbers from a numpy.random.Generator to an array.
    """

    reads = ()

    def __init__(self, graph, shape, dtype, sample):
        super().__init__((), shape, dtype=dtype, graph=graph)
        self.sample = sample

    def lower(self, lowering):
        """Append a call of Python."""
        y, run = lowering.array(self.y), lowering.run
        lowering.program.call(lambda: self.sample(run.rng, y))

    def flops(self):
        """Return none."""
        return 0


class Sample(GraphOperation):
    """Several arrays of random numbers that are drawn together, and again in each run.

    Parameters
    ----------
    graph : Graph
        The graph that it belongs to.
    sample : callable
        ``sample(rng)`` returns a dict of new arrays, always of the same names, shapes and dtypes, for a numpy.random.Generator.
    rng : numpy.random.Generator, optional
        Where random numbers come from; those of the run if None.

    Attributes
    ----------
    drawn : dict of str to Value
        The values of the arrays.
    """

    reads = ()

    def __init__(self, graph, sample, rng=None):
        super().__init__((), dtype=np.dtype(np.float64), graph=graph)
        arrays = sample(np.random.default_rng(0))
        self.outputs = tuple(Value(graph, each.shape, each.dtype, producer=self) for each in arrays.values())
        self.drawn = dict(zip(arrays, self.outputs, strict=True))
        self.sample = sample
        self.rng = rng

    def lower(self, lowering):
        """Append a call of Python."""
        arrays, run = {name: lowering.array(value) for name, value in self.drawn.items()}, lowering.run

        def draw():
            for name, array in self.sample(run.rng if self.rng is None else self.rng).items():
                arrays[name][...] = array

        lowering.program.call(draw)

    def flops(self):
        """Return none."""
        return 0
