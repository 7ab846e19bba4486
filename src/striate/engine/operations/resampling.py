"""Operations that move elements: transposing, padding, cropping, repeating, broadcasting, and resampling of images."""

import math

from ...kernels import bindings
from .base import GraphOperation
from .dense import SumRows
from .merging import Scale
from .pooling import AveragePool2D
from .reshape import Reshape

#: Number of axes in the kernel that rearranges elements.
MOST_AXES = 5


class Rearrangement(GraphOperation):
    """The base class of operations that copy elements to other places, which are described axis by axis.

    Parameters
    ----------
    x : Value
        Input.
    shape : tuple of int
        Shape of the output.
    strides : sequence of int
        Distance in x, in elements, between neighbours along each axis of the output.
    low, high : sequence of int, optional
        Begin and end of the part of each axis of the output that is copied to, all of it if None; the rest is zero.
    repeats : sequence of int, optional
        How many times each element is repeated along each axis; once if None.
    offset : int
        Index of the first element of x, flattened, that is copied.
    shaped : tuple of int, optional
        Shape in which the output is seen, if it is another one with the same elements.
    """

    def __init__(self, x, shape, strides, low=None, high=None, repeats=None, offset=0, shaped=None):
        super().__init__((x,), shape if shaped is None else shaped)
        low = (0,) * len(shape) if low is None else low
        repeats = (1,) * len(shape) if repeats is None else repeats
        self.axes = _merged(zip(shape, low, shape if high is None else high, repeats, strides, strict=True))
        self.offset = offset

    def lower(self, lowering):
        """Append the kernel call."""
        axes = zip(*[(1, 0, 1, 1, 0)] * (MOST_AXES - len(self.axes)), *self.axes, strict=True)
        settings = dict(zip(("shape", "low", "high", "repeat", "strides"), axes, strict=True))
        x, y = lowering.array(self.inputs.x), lowering.array(self.y)
        bindings.rearrange(x, y, **settings, offset=self.offset, **lowering.target)

    def flops(self):
        """Return none."""
        return 0


class Transpose(Rearrangement):
    """A value with its axes in another order.

    Parameters
    ----------
    x : Value
        Input.
    axes : sequence of int
        For each axis of the output, the index of the input's axis, as for `numpy.transpose`.
    """

    def __init__(self, x, axes):
        strides = _strides(x.shape)
        super().__init__(x, [x.shape[axis] for axis in axes], [strides[axis] for axis in axes])
        self.order = tuple(axes)

    def gradient(self, dy, wanted):
        """Return the gradient of x."""
        return [Transpose(dy, sorted(range(len(self.order)), key=self.order.__getitem__)).y]


class Flip(Rearrangement):
    """A value with the elements along one axis in reverse order; see `flip`."""

    def __init__(self, x, axis):
        strides = _strides(x.shape)
        offset = (x.shape[axis] - 1) * strides[axis]
        super().__init__(x, x.shape, [-n if i == axis else n for i, n in enumerate(strides)], offset=offset)
        self.axis = axis

    def gradient(self, dy, wanted):
        """Return the gradient of x."""
        return [flip(dy, self.axis)]


def flip(x, axis):
    """Return `x` with the elements along one axis in reverse order; if `x` was flipped so, what it was before."""
    producer = x.producer
    return producer.inputs.x if isinstance(producer, Flip) and producer.axis == axis else Flip(x, axis).y


class Pad(Rearrangement):
    """A value padded with zeros, or cropped where `amounts` are negative.

    Parameters
    ----------
    x : Value
        Input.
    amounts : sequence of pairs of int
        Number of elements to add before and after, along each axis.
    """

    def __init__(self, x, amounts):
        strides = _strides(x.shape)
        low = [max(before, 0) for before, _ in amounts]
        inside = [n + min(before, 0) + min(after, 0) for n, (before, after) in zip(x.shape, amounts, strict=True)]
        super().__init__(
            x,
            [n + before + after for n, (before, after) in zip(x.shape, amounts, strict=True)],
            strides,
            low,
            [first + n for first, n in zip(low, inside, strict=True)],
            offset=sum(max(-before, 0) * stride for (before, _), stride in zip(amounts, strides, strict=True)),
        )
        self.amounts = amounts

    def gradient(self, dy, wanted):
        """Return the gradient of x."""
        return [Pad(dy, [(-before, -after) for before, after in self.amounts]).y]


class Repeat2D(Rearrangement):
    """Images whose rows and columns are repeated.

    Parameters
    ----------
    x : Value, shape (batch, height, width, channels)
        Images.
    size : pair of int
        How many times each row and each column is repeated.
    """

    def __init__(self, x, size):
        batch, height, width, channels = x.shape
        shape = batch, height * size[0], width * size[1], channels
        super().__init__(x, shape, _strides(x.shape), repeats=(1, *size, 1))
        self.size = size

    def gradient(self, dy, wanted):
        """Return the gradient of x: the sum over its copies."""
        mean = AveragePool2D(dy, {"pool_size": self.size, "strides": None, "padding": "valid"}).y
        return [Scale(mean, float(math.prod(self.size))).y]


class Broadcast(Rearrangement):
    """A value broadcast to a shape by NumPy's rules: axes of size 1, and missing leading ones, take the sizes in the shape."""

    def __init__(self, x, shape):
        full = (1,) * (len(shape) - len(x.shape)) + tuple(x.shape)
        if len(full) != len(shape) or any(n not in (1, size) for n, size in zip(full, shape, strict=True)):
            raise ValueError(
                f"an array of shape {x.shape} cannot be broadcast to {tuple(shape)}; expected axes of the same sizes, or of 1"
            )
        strides = [0 if n == 1 else stride for n, stride in zip(full, _strides(full), strict=True)]
        super().__init__(x, shape, strides)

    def gradient(self, dy, wanted):
        """Return the gradient of x: the sum over its copies."""
        return [sum_to(dy, self.inputs.x.shape)]


def broadcast(x, shape):
    """Return `x`, broadcast to a shape unless it has that already."""
    return x if x.shape == tuple(shape) else Broadcast(x, shape).y


def broadcast_axes(shape, whole):
    """Return the axes along which NumPy would broadcast a shape to `whole`, which has the same number of axes."""
    return tuple(axis for axis, (n, size) in enumerate(zip(shape, whole, strict=True)) if n == 1 and size != 1)


def sum_axes(x, axes):
    """Return the sum over some axes, which the result does not have."""
    kept = [axis for axis in range(len(x.shape)) if axis not in axes]
    if not axes:
        return x
    shape = [x.shape[axis] for axis in kept]
    order = (*axes, *kept)
    if order != tuple(range(len(order))):
        x = Transpose(x, order).y
    rows = Reshape(x, (math.prod(x.shape[: len(axes)]), math.prod(shape))).y
    return Reshape(SumRows(rows).y, shape).y


def sum_to(x, shape):
    """Return the sum of x over the axes along which NumPy would broadcast `shape` to the shape of x."""
    full = (1,) * (len(x.shape) - len(shape)) + tuple(shape)
    y = sum_axes(x, broadcast_axes(full, x.shape))
    return y if y.shape == tuple(shape) else Reshape(y, shape).y


class Resample2D(GraphOperation):
    """Images resampled under affine maps; see ``kernels/resampling/resampling.pyx``.

    Parameters
    ----------
    x : Value, shape (batch, height, width, channels)
        Images.
    matrices : Value or Variable of float64, shape (1, 6) or (batch, 6)
        (a, b, c, d, e, f) for all images or for each: the pixel in row i and column j of the output is sampled in column
        ``a j + b i + c`` and row ``d j + e i + f`` of the input.
    size : pair of int
        Height and width of the output.
    interpolation : {"nearest", "bilinear"}
        How to sample between pixels.
    fill_mode : {"constant", "nearest", "reflect", "wrap"}
        How images continue beyond their borders.
    fill_value : float
        Value beyond the borders with "constant".
    """

    reads = ("x", "matrices")

    def __init__(self, x, matrices, size, interpolation, fill_mode, fill_value=0.0):
        super().__init__((x, matrices), (x.shape[0], *size, x.shape[3]))
        self.interpolation = interpolation
        self.fill_mode = fill_mode
        self.fill_value = fill_value

    def gradient(self, dy, wanted):
        """Return the gradient of x."""
        x, matrices = self.inputs
        return [Resample2DGradient(dy, matrices, x.shape, self.interpolation, self.fill_mode).y, None]

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = *map(lowering.array, self.inputs), lowering.array(self.y)
        settings = {"interpolation": self.interpolation, "fill_mode": self.fill_mode, "fill_value": self.fill_value}
        bindings.resample_forward(*arrays, **settings, **lowering.target)

    def flops(self):
        """Return seven, for the weighted sum of four neighbours, for each element of "bilinear" sampling; otherwise none."""
        return math.prod(self.y.shape) * (7 if self.interpolation == "bilinear" else 0)

    def describe(self):
        """Return the kind of interpolation."""
        return self.interpolation


class Resample2DGradient(GraphOperation):
    """Gradient of the images that were resampled."""

    reads = ("dy", "matrices")

    def __init__(self, dy, matrices, shape, interpolation, fill_mode):
        super().__init__((dy, matrices), shape)
        self.settings = {"interpolation": interpolation, "fill_mode": fill_mode}

    def lower(self, lowering):
        """Append the kernel call."""
        arrays = *map(lowering.array, self.inputs), lowering.array(self.y)
        bindings.resample_backward(*arrays, **self.settings, **lowering.target)


def _strides(shape):
    """Return the strides of a C-contiguous array, in elements."""
    strides = [1]
    for n in reversed(shape[1:]):
        strides.append(strides[-1] * n)
    return strides[::-1]


def _merged(axes):
    """Return (size, low, high, repeats, stride) of the output's axes, merged where possible, so that long runs are copied."""
    merged = []
    for axis in axes:
        n, low, high, repeats, stride = axis
        if merged and (low, high, repeats) == (0, n, 1) and merged[-1][3] == 1 and merged[-1][4] == stride * n:
            outer, first, last, _, _ = merged.pop()
            merged.append((outer * n, first * n, last * n, 1, stride))
        else:
            merged.append(axis)
    if len(merged) > MOST_AXES:
        raise ValueError(f"rearranging an array of {len(merged)} axes is not supported; expected at most {MOST_AXES}")
    return merged
