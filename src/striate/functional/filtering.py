"""Filters of images, on batches (batch, height, width, channels): each channel by itself, or in `bilateral` all together.

Images are of float32 or float64, or of uint8, whose results are rounded half to even and clipped to 0 … 255. A window of output
(i, j) begins at row ``i - top`` and column ``j - left``; beyond their borders, images go on as `BORDERS` says.
"""

from typing import NamedTuple

import numpy as np

from .._common.arrays import empty
from ..kernels import bindings
from ..threads import get_num_threads

#: How images go on beyond their borders; "valid": not at all, and the output is smaller.
BORDERS = ("reflect", "mirror", "nearest", "wrap", "constant", "zero", "valid")

#: Time that a tap takes: in one step or along a column, and along a row, whose vectors lie across cache lines; and a line.
_TAP, _ROW_TAP, _LINE = 0.6, 1.0, 2.0


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
    batch, height, width, channels = input_shape
    flipped = kernel[::-1, ::-1]
    top, left = window.height - 1 - window.top, window.width - 1 - window.left
    if window.border in ("zero", "constant", "valid"):
        return _correlate(dy, flipped, Window(window.height, window.width, top, left, "zero"), input_shape)
    # That of the image with what is beyond its borders, which is added to the pixels that were repeated there
    all_of_it = Window(window.height, window.width, window.height - 1, window.width - 1, "zero")
    shape = batch, height + window.height - 1, width + window.width - 1, channels
    extended = _correlate(dy, flipped, all_of_it, shape)
    dx = empty(input_shape, dy.dtype)
    if dx.size:
        edges = window.top, top, window.left, left
        bindings.fold(extended, dx, edges=edges, border=window.border, threads=get_num_threads())
    return dx


def _correlate(x, kernel, window, shape):
    y = empty(shape, x.dtype)
    dtype = np.float64 if x.dtype == np.float64 else np.float32
    parts = separated(kernel, dtype)
    columns, rows = (kernel, None) if parts is None else (np.ascontiguousarray(part, dtype) for part in parts)
    if y.size:
        bindings.correlate(
            x, np.ascontiguousarray(columns, dtype), y, across=rows, **window.arguments, threads=get_num_threads()
        )
    return y


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
    tolerance = (0.25 if dtype == np.float32 else 4) * np.finfo(dtype).eps
    product = product_of(kernel, tolerance)
    if product is not None:
        return tuple(part[np.newaxis] for part in product)
    left, values, right = np.linalg.svd(kernel)
    for rank in range(2, min(most, height, width) + 1):
        columns, rows = left[:, :rank].T * values[:rank, np.newaxis], right[:rank]
        if np.abs(columns.T @ rows - kernel).max() <= tolerance * np.abs(kernel).max():
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
