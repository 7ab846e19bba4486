"""Filters of images, on batches (batch, height, width, channels): each channel by itself, or in `bilateral` all together.

Images are of float32 or float64, or of uint8, whose results are rounded half to even and clipped to 0 … 255. A window of output
(i, j) begins at row ``i - top`` and column ``j - left``; beyond their borders, images go on as `BORDERS` says.
"""

import functools
from typing import NamedTuple

import numpy as np

from .._common.arrays import empty
from .._common.checks import LARGEST, choice, integers, number, sequence
from ..kernels import bindings
from ..threads import get_num_threads

#: How images go on beyond their borders; "valid": not at all, and the output is smaller.
BORDERS = ("reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid")

#: Time that a tap takes: in one step or along a column, and along a row, whose vectors lie across cache lines; and a line.
_TAP, _ROW_TAP, _LINE = 0.6, 1.0, 2.0

#: Weights of the largest kernels whose factors are remembered: many images are filtered by the same one.
_REMEMBERED = 1024


class Window(NamedTuple):
    """The window of a filter, and what it sees beyond the borders."""

    height: int
    width: int
    top: int
    left: int
    border: str
    value: float = 0.0

    @classmethod
    def centred(cls, size, border, value=0.0, flipped=False):
        """Return a window around index ``size // 2``, or that of the kernel once it is flipped."""
        height, width = size
        if border == "valid":
            return cls(height, width, 0, 0, border)
        if flipped:
            return cls(height, width, height - 1 - height // 2, width - 1 - width // 2, border, value)
        return cls(height, width, height // 2, width // 2, border, value)

    @classmethod
    def checked(cls, fields):
        """Return a window with given fields, which may come from a file."""
        height, width, top, left, border, value = sequence("window", fields, "the fields of a window")
        sizes = integers("window", (height, width), 1, LARGEST), integers("window", (top, left), 0, LARGEST)
        return cls(*sizes[0], *sizes[1], choice("border", border, BORDERS), number("value", value))

    def output_shape(self, shape):
        """Return the shape of what is made of images."""
        batch, height, width, channels = shape
        if self.border == "valid":
            return batch, height - self.height + 1, width - self.width + 1, channels
        return shape

    @property
    def arguments(self):
        """Keyword arguments of the kernels."""
        place = {"window": (self.height, self.width, self.top, self.left)}
        if self.border in ("zero", "valid"):
            return {**place, "border": "constant"}
        return {**place, "border": self.border, "value": self.value}


def correlate(x, kernel, window):
    """Return sums of windows weighted by a kernel, an array (height, width) of float64."""
    return _correlate(x, kernel, window, window.output_shape(x.shape))


def correlate_backward_input(dy, kernel, input_shape, window):
    """Return the gradient of `correlate` with respect to its images."""
    adjoint, shape, edges = adjoint_of(window, input_shape)
    dx = _correlate(dy, kernel[::-1, ::-1], adjoint, shape)
    return dx if edges is None else fold(dx, input_shape, edges, window.border)


def adjoint_of(window, input_shape):
    """Return how the gradient of images is computed from that of what is made of their windows.

    Returns
    -------
    adjoint : Window
        Of the correlation of the gradient with the flipped kernel.
    shape : tuple of int
        Of its result.
    edges : tuple of int or None
        If the images are repeated beyond their borders, the result is the gradient of images with that many more pixels at the
        top, bottom, left and right, which `fold` adds to the pixels that were repeated.
    """
    height, width, top, left, border, _ = window
    bottom, right = height - 1 - top, width - 1 - left
    if border in ("zero", "constant", "valid"):
        return Window(height, width, bottom, right, "zero"), input_shape, None
    batch, rows, columns, channels = input_shape
    shape = batch, rows + height - 1, columns + width - 1, channels
    return Window(height, width, height - 1, width - 1, "zero"), shape, (top, bottom, left, right)


def fold(x, shape, edges, border):
    """Return the gradient of images from that of the same with what is beyond their borders."""
    y = empty(shape, x.dtype)
    if y.size:
        bindings.fold(x, y, edges=edges, border=border, threads=get_num_threads())
    return y


def _correlate(x, kernel, window, shape):
    y = empty(shape, x.dtype)
    if y.size and not x.size:
        y[...] = 0
    elif y.size:
        columns, rows = factors(kernel, x.dtype)
        bindings.correlate(x, columns, y, across=rows, **window.arguments, threads=get_num_threads())
    return y


def factors(kernel, dtype):
    """Return a kernel as `bindings.correlate` takes it for images of a dtype: two arrays, the second None if it is as it is."""
    dtype = np.float64 if dtype == np.float64 else np.float32
    if kernel.size > _REMEMBERED:
        return _factors(kernel, dtype)
    return _remembered_factors(kernel.astype(np.float64, copy=False).tobytes(), kernel.shape, dtype)


@functools.lru_cache(maxsize=64)
def _remembered_factors(weights, shape, dtype):
    return _factors(np.frombuffer(weights).reshape(shape), dtype)


def _factors(kernel, dtype):
    parts = separated(kernel, dtype)
    if parts is None:
        return weights_for(dtype, kernel), None
    return tuple(weights_for(dtype, part) for part in parts)


def weights_for(dtype, weights):
    """Return weights as kernels take them for images of a dtype."""
    return np.ascontiguousarray(weights, np.float64 if dtype == np.float64 else np.float32)


def separated(kernel, dtype):
    """Return a kernel as products of columns and rows, two arrays of as many rows, or None if it is faster as it is.

    A kernel of rank 1 is the product of one of its columns and a multiple of one of its rows. That leaves small numbers, such
    as sixteenths, exact, so that uint8 is rounded as it should be. Otherwise the largest singular values decide [1]_.

    References
    ----------
    .. [1] Eckart, C. and Young, G., "The approximation of one matrix by another of lower rank", Psychometrika 1, 1936.
    """
    height, width = kernel.shape
    most = int(_TAP * height * width / (_TAP * height + _ROW_TAP * width + _LINE))
    if most < 1 or 1 in kernel.shape:
        return None
    tolerance = (0.25 if dtype == np.float32 else 16) * np.finfo(dtype).eps
    product = product_of(kernel, tolerance)
    if product is not None:
        return tuple(part[np.newaxis] for part in product)
    left, values, right = np.linalg.svd(kernel)
    error = max(tolerance * np.abs(kernel).max(), 4 * np.finfo(np.float64).eps * values[0])  # no less than the decomposition's
    for rank in range(2, min(most, height, width) + 1):
        columns, rows = left[:, :rank].T * values[:rank, np.newaxis], right[:rank]
        if np.abs(columns.T @ rows - kernel).max() <= error:
            return columns, rows
    return None


def product_of(kernel, tolerance):
    """Return a column and a row whose product is a kernel, but for a part of its largest weight, or None."""
    row, column = np.unravel_index(np.abs(kernel).argmax(), kernel.shape)
    largest = kernel[row, column]
    if not largest:
        return np.zeros(kernel.shape[0]), np.zeros(kernel.shape[1])
    column, row = kernel[:, column], kernel[row] / largest
    return (column, row) if np.abs(np.outer(column, row) - kernel).max() <= tolerance * abs(largest) else None


def box(x, window):
    """Return means of windows."""
    y = empty(window.output_shape(x.shape), x.dtype)
    if y.size:
        bindings.box(x, y, **window.arguments, threads=get_num_threads())
    return y


def extreme(x, element, window, largest):
    """Return the smallest or largest pixels of windows, of those where `element`, an array (height, width) of bool, is true."""
    y = empty(window.output_shape(x.shape), x.dtype)
    if y.size:
        settings = {"largest": largest, "taps": taps_of(element), **window.arguments}
        bindings.extreme(x, y, **settings, threads=get_num_threads())
    return y


def taps_of(element):
    """Return the runs of a structuring element as `bindings.extreme` takes them; none of a rectangle."""
    if element.all():
        return ()
    rows, edges = np.nonzero(np.diff(element.astype(np.int8), prepend=0, append=0))  # of runs: beginning, end, beginning, ...
    runs = zip(rows[::2].tolist(), edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return tuple((row, *_halves(first, end)) for row, first, end in runs)


def _halves(first, end):
    """Return the first columns of two halves of a run, which overlap unless it is a power of two wide, and their level."""
    level = (end - first).bit_length() - 1
    return first, end - (1 << level), level


def median(x, window):
    """Return medians of windows; of an even number of pixels, the larger of the two in the middle."""
    y = empty(window.output_shape(x.shape), x.dtype)
    if y.size:
        bindings.median(x, y, **window.arguments, threads=get_num_threads())
    return y


def choose_backward_input(dy, x, y, element, window):
    """Return the gradient of `extreme` or `median` with respect to images; each window's goes to the first that it chose."""
    dx = empty(x.shape, x.dtype)
    if dx.size and not dy.size:
        dx[...] = 0
    elif dx.size:
        mask = np.ascontiguousarray(element, np.uint8)
        bindings.choose_backward(x, y, dy, dx, mask, **place_of(window), threads=get_num_threads())
    return dx


def place_of(window):
    """Return keyword arguments of the kernel of `choose_backward_input`, for which constants beyond borders do not count."""
    return {name: value for name, value in window.arguments.items() if name != "value"}


def bilateral(x, kernel, sharpness, window):
    """Return means of windows of images of one or three channels, weighted by a kernel and by likeness."""
    y = empty(window.output_shape(x.shape), x.dtype)
    if y.size:
        kernel = weights_for(x.dtype, kernel)
        bindings.bilateral(x, kernel, y, sharpness=sharpness, **window.arguments, threads=get_num_threads())
    return y


def bilateral_backward_input(dy, x, y, kernel, sharpness, window):
    """Return the gradient of `bilateral` with respect to its images."""
    _, shape, edges = adjoint_of(window, x.shape)
    dx = empty(shape, x.dtype)
    if dx.size:
        settings = {"sharpness": sharpness, **window.arguments, "threads": get_num_threads()}
        bindings.bilateral_backward(x, weights_for(x.dtype, kernel), y, dy, dx, **settings)
    return dx if edges is None else fold(dx, x.shape, edges, window.border)
