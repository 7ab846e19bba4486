"""Filters of images: correlation with a fixed kernel, what chooses one pixel of each window, and the bilateral filter."""

import math

import numpy as np

from ...functional import filtering
from ...kernels import bindings
from .base import GraphOperation


class Correlate(GraphOperation):
    """Correlation of images with a kernel, channel by channel; see `striate.image.correlate`.

    Parameters
    ----------
    x : Value, shape (batch, height, width, channels)
        Images.
    kernel : ndarray of float64, shape (height, width)
        Weights.
    window : striate.functional.filtering.Window
        Where windows lie, and what is beyond the borders.
    shape : tuple of int, optional
        Of the output, if it is not the window's.
    """

    def __init__(self, x, kernel, window, shape=None):
        super().__init__((x,), window.output_shape(x.shape) if shape is None else shape)
        self.kernel = kernel
        self.window = window

    def gradient(self, dy, wanted):
        """Return the gradient of x."""
        shape = self.inputs.x.shape
        adjoint, whole, edges = filtering.adjoint_of(self.window, shape)
        dx = Correlate(dy, self.kernel[::-1, ::-1], adjoint, whole).y
        return [dx if edges is None else Fold(dx, shape, edges, self.window.border).y]

    def lower(self, lowering):
        """Append the kernel call."""
        x, y = lowering.array(self.inputs.x), lowering.array(self.y)
        columns, rows = map(lowering.keep, filtering.factors(self.kernel, x.dtype))
        bindings.correlate(x, columns, y, across=rows, **self.window.arguments, **lowering.target)

    def flops(self):
        """Return two for each weight."""
        return 2 * math.prod(self.y.shape) * self.kernel.size


class Fold(GraphOperation):
    """Gradient of images from that of the same with what is beyond their borders; see `striate.functional.filtering.fold`."""

    def __init__(self, x, shape, edges, border):
        super().__init__((x,), shape)
        self.edges = edges
        self.border = border

    def lower(self, lowering):
        """Append the kernel call."""
        x, y = lowering.array(self.inputs.x), lowering.array(self.y)
        bindings.fold(x, y, edges=self.edges, border=self.border, **lowering.target)


class Bilateral(GraphOperation):
    """Mean of the pixels of each window, weighted by place and by likeness; see `striate.image.bilateral_filter`.

    Parameters
    ----------
    x : Value, shape (batch, height, width, channels)
        Images of one or three channels.
    kernel : ndarray of float64, shape (height, width)
        Weights of places.
    sharpness : float
        Colours weigh ``exp(-sharpness |difference|²)``.
    window : striate.functional.filtering.Window
        Where windows lie, and what is beyond the borders.
    """

    def __init__(self, x, kernel, sharpness, window):
        super().__init__((x,), window.output_shape(x.shape))
        self.kernel = kernel
        self.sharpness = sharpness
        self.window = window

    def gradient(self, dy, wanted):
        """Return the gradient of x."""
        x = self.inputs.x
        _, whole, edges = filtering.adjoint_of(self.window, x.shape)
        dx = BilateralGradient(dy, x, self.y, self.kernel, self.sharpness, self.window, whole).y
        return [dx if edges is None else Fold(dx, x.shape, edges, self.window.border).y]

    def lower(self, lowering):
        """Append the kernel call."""
        x, y = lowering.array(self.inputs.x), lowering.array(self.y)
        kernel = lowering.keep(filtering.weights_for(x.dtype, self.kernel))
        bindings.bilateral(x, kernel, y, sharpness=self.sharpness, **self.window.arguments, **lowering.target)

    def flops(self):
        """Return those of differences, weights and sums; an exponential function counts as one."""
        channels = self.inputs.x.shape[3]
        return math.prod(self.y.shape[:3]) * (self.kernel.size * (5 * channels + 3) + channels)


class BilateralGradient(GraphOperation):
    """Gradient of x with what the windows read beyond its borders, if it is repeated there."""

    reads = ("dy", "x", "y")

    def __init__(self, dy, x, y, kernel, sharpness, window, shape):
        super().__init__((dy, x, y), shape)
        self.kernel = kernel
        self.sharpness = sharpness
        self.window = window

    def lower(self, lowering):
        """Append the kernel call."""
        dy, x, y = map(lowering.array, self.inputs)
        kernel = lowering.keep(filtering.weights_for(x.dtype, self.kernel))
        settings = {"sharpness": self.sharpness, **self.window.arguments, **lowering.target}
        bindings.bilateral_backward(x, kernel, y, dy, lowering.array(self.y), **settings)


class Choose(GraphOperation):
    """The smallest pixel of each window, the largest, or the median, channel by channel.

    Parameters
    ----------
    x : Value, shape (batch, height, width, channels)
        Images.
    what : {"smallest", "largest", "median"}
        Which is chosen.
    element : ndarray of bool, shape (height, width)
        Of which pixels of a window.
    window : striate.functional.filtering.Window
        Where windows lie, and what is beyond the borders.
    """

    def __init__(self, x, what, element, window):
        super().__init__((x,), window.output_shape(x.shape))
        self.what = what
        self.element = element
        self.window = window

    def gradient(self, dy, wanted):
        """Return the gradient of x."""
        return [ChooseGradient(dy, self.inputs.x, self.y, self.element, self.window).y]

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = lowering.array(self.inputs.x), lowering.array(self.y)
        settings = {**self.window.arguments, **lowering.target}
        if self.what == "median":
            bindings.median(*arrays, **settings)
        else:
            bindings.extreme(*arrays, largest=self.what == "largest", taps=filtering.taps_of(self.element), **settings)

    def describe(self):
        """Return what is chosen."""
        return self.what


class ChooseGradient(GraphOperation):
    """Gradient of x: that of each window goes to the first pixel that was chosen."""

    reads = ("dy", "x", "y")

    def __init__(self, dy, x, y, element, window):
        super().__init__((dy, x, y), x.shape)
        self.mask = np.ascontiguousarray(element, np.uint8)
        self.window = window

    def lower(self, lowering):
        """Append the kernel call."""
        dy, x, y = map(lowering.array, self.inputs)
        place = filtering.place_of(self.window)
        bindings.choose_backward(x, y, dy, lowering.array(self.y), lowering.keep(self.mask), **place, **lowering.target)
