"""Convolutions and poolings of volumes, as graphs of operations on images.

Volumes (batch, depth, height, width, channels) are frames, images along the depth. A convolution copies the frames that each
window along the depth covers, the taps of the kernel, into the channels of one image, which one convolution of images takes:

    x (N, D, H, W, C) ─► gather_taps ─► (N OD, H, W, KD C) ─► Conv2D with kernel (KH, KW, KD C, F) ─► (N OD, OH, OW, F)

This is im2col along the depth only. Against the sum of a convolution for each tap, which needs as many copies of frames, it
reads and writes the output once, keeps bias, residual and activation fused, and gives the kernels of the first layers, with few
channels, KD times as many: it took a half to a third of the time for 1 and 4 channels, three quarters for 16, and the same for
128, with 3×3×3 kernels. The transposed convolution is its adjoint: a transposed convolution of each frame gives KD F channels,
which `overlap_taps` adds up along the depth.

Poolings are separable: that of each frame comes first, as it leaves fewer elements, then that along the depth. A mean over the
valid cells of a window is one of means, since the valid cells are those of an interval for each axis.
"""

from ...geometry import adjoint_geometry
from ...threads import get_num_threads
from ..graph import Graph
from ..plan import Plan
from ..volume_geometry import conv3d_geometry, conv3d_transpose_geometry, frames_shape, pool3d_geometry
from .activation import with_activation
from .convolution import Conv2D, Conv2DTranspose
from .merging import Merge
from .resampling import Pad, Rearrangement, Repeat2D, Transpose
from .reshape import Reshape
from .scaling import ScaleShift


class GatherTaps(Rearrangement):
    """For each window along the depth of volumes, the frames that it covers, as the channels of an image.

    Parameters
    ----------
    x : Value, shape (batch, depth, height, width, channels)
        Volumes, padded along the depth.
    windows : DepthWindows
        The windows, `count` of them.
    groups : int
        Number of groups of channels, so that the taps of each group are adjacent.

    Notes
    -----
    Output (batch * count, height, width, groups * taps * channels / groups).
    """

    def __init__(self, x, windows, groups):
        batch, depth, height, width, channels = x.shape
        frame, group = height * width * channels, channels // groups
        super().__init__(
            x,
            (batch, windows.count, height * width * groups, windows.taps, group),
            (depth * frame, windows.stride * frame, group, windows.dilation * frame, 1),
            shaped=(batch * windows.count, height, width, windows.taps * channels),
        )
        self.windows = windows
        self.groups = groups

    def gradient(self, dy, wanted):
        """Return the gradient of x."""
        whole = self.windows._replace(before=0, after=0)
        return [overlap_taps(dy, self.inputs.x.shape, whole, self.groups)]


class Tap(Rearrangement):
    """A tap of each window, as frames of volumes: the channels that `GatherTaps` copied from them, and zero elsewhere.

    Parameters
    ----------
    x : Value, shape (batch * count, height, width, groups * taps * channels / groups)
        What `GatherTaps` returns.
    index : int
        Index of the tap.
    shape : tuple of int
        Shape of the volumes: their depth is ``count * stride``, or any at stride 1.
    windows : DepthWindows
        The windows.
    groups : int
        Number of groups of channels.
    """

    def __init__(self, x, index, shape, windows, groups):
        batch, depth, height, width, channels = shape
        rows, group = height * width * groups, channels // groups
        row = rows * windows.taps * group
        inner, inner_strides = (rows, group), (windows.taps * group, 1)
        offset = index * group
        self.first = 0  # Frame that the first window puts its tap into.
        if windows.stride == 1:
            self.first = index * windows.dilation - windows.before
            low, high = max(self.first, 0), min(self.first + windows.count, depth)
            axes = (batch, depth, *inner), (windows.count * row, row, *inner_strides)
            limits = (0, low, 0, 0), (batch, high, *inner)
            offset += (low - self.first) * row
        else:
            axes = (batch, windows.count, windows.stride, *inner), (windows.count * row, row, 0, *inner_strides)
            limits = (0,) * 5, (batch, windows.count, 1, *inner)
        super().__init__(x, *axes, *limits, offset=offset, shaped=shape)
        self.index, self.windows, self.groups = index, windows, groups

    def gradient(self, dy, wanted):
        """Return the gradient of x."""
        return [TapGradient(dy, self).y]


class TapGradient(Rearrangement):
    """Gradient of what `Tap` read: that of its output's frames in the channels of the tap, and zero in those of others."""

    def __init__(self, dy, tap):
        batch, depth, height, width, channels = dy.shape
        windows, group = tap.windows, channels // tap.groups
        frame, rows = height * width * channels, height * width * tap.groups
        # Windows whose tap lies within the volume.
        low = max(-tap.first, 0)
        high = min(windows.count, depth - tap.first) if windows.stride == 1 else windows.count
        super().__init__(
            dy,
            (batch, windows.count, rows, windows.taps, group),
            (depth * frame, windows.stride * frame, group, 0, 1),
            (0, low, 0, tap.index, 0),
            (batch, high, rows, tap.index + 1, group),
            offset=max(tap.first, 0) * frame,
            shaped=tap.inputs.x.shape,
        )
        self.tap = tap

    def gradient(self, dy, wanted):
        """Return the gradient of dy, for which `dy` is that of the input gradient."""
        return [Tap(dy, self.tap.index, self.inputs.x.shape, self.tap.windows, self.tap.groups).y]


def gather_taps(x, windows, groups=1):
    """Return the frames of each window along the depth of volumes as the channels of images; see `GatherTaps`."""
    if windows.before or windows.after:
        x = Pad(x, ((0, 0), (windows.before, windows.after), (0, 0), (0, 0), (0, 0))).y
    if windows.taps == windows.stride == 1:
        return Reshape(x, frames_shape(x.shape)).y
    return GatherTaps(x, windows, groups).y


def overlap_taps(x, shape, windows, groups=1):
    """Return volumes of a shape: the sum of the taps of all windows, each in its frame; the adjoint of `gather_taps`."""
    batch, depth, *frame = shape
    parts = []
    for index in range(windows.taps):
        first = index * windows.dilation - windows.before
        if first + (windows.count - 1) * windows.stride < 0 or first >= depth:
            continue  # All of the tap is cut off.
        if windows.stride == 1:
            parts.append(Tap(x, index, shape, windows, groups).y)
        else:
            reach = windows.count * windows.stride
            spread = Tap(x, index, (batch, reach, *frame), windows, groups).y
            parts.append(Pad(spread, ((0, 0), (first, depth - first - reach), *((0, 0),) * 3)).y)
    return parts[0] if len(parts) == 1 else Merge("add", parts).y


def conv3d(x, kernel, bias=None, activation="linear", algorithm="auto", **geometry):
    """Return the convolution of volumes, with bias and activation.

    Parameters
    ----------
    x : Value, shape (batch, depth, height, width, channels)
        Volumes.
    kernel : Value or Variable, shape (kernel depth, kernel height, kernel width, channels / groups, filters)
        Weights.
    bias : Value or Variable, shape (filters,), optional
        Added to each filter's output.
    activation : str or callable
        Applied to the result; see `with_activation`.
    algorithm : str
        How the convolution of frames is computed.
    **geometry
        The other arguments of `conv3d_geometry`.
    """
    shape, windows, settings = conv3d_geometry(x.shape, kernel.shape, **geometry)
    images = gather_taps(x, windows, settings["groups"])
    weights = {"kernel": _kernel_of_frames(x, kernel), "bias": bias}
    return Reshape(with_activation(Conv2D, activation, x=images, **weights, geometry=settings, algorithm=algorithm), shape).y


def conv3d_transpose(x, kernel, bias=None, activation="linear", algorithm="auto", **geometry):
    """Return the transposed convolution of volumes, with bias and activation.

    Parameters
    ----------
    x, bias, activation, algorithm
        As for `conv3d`.
    kernel : Value or Variable, shape (kernel depth, kernel height, kernel width, filters, channels)
        Weights.
    **geometry
        The other arguments of `conv3d_transpose_geometry`.
    """
    shape, windows, settings = conv3d_transpose_geometry(x.shape, kernel.shape, **geometry)
    weights = _kernel_of_frames(x, kernel)
    frames = Reshape(x, frames_shape(x.shape)).y
    adjoint = adjoint_geometry(frames.shape, weights.shape, *settings)
    y = overlap_taps(Conv2DTranspose(frames, weights, geometry=adjoint, algorithm=algorithm).y, shape, windows)
    y = y if bias is None else ScaleShift(y, shift=bias).y
    return activation(y) if callable(activation) else y._activate(activation)


def _kernel_of_frames(x, kernel):
    """Return the kernel for volumes `x` as one of images, whose channels are those of all taps."""
    kernel = x.graph.value_of(kernel)
    taps, height, width, channels, filters = kernel.shape
    moved = kernel if taps == 1 or height * width == 1 else Transpose(kernel, (1, 2, 0, 3, 4)).y
    return Reshape(moved, (height, width, taps * channels, filters)).y


def pool3d(pool, x, pool_size, strides, padding):
    """Return the pooling of volumes by an operation of images, `MaxPool2D` or `AveragePool2D`; see `pool3d_geometry`."""
    batch, depth, *_ = x.shape
    shape = pool3d_geometry(x.shape, pool_size, strides, padding)
    frames = Reshape(x, frames_shape(x.shape)).y
    y = pool(frames, {"pool_size": pool_size[1:], "strides": strides[1:], "padding": padding}).y
    if pool_size[0] == strides[0] == 1:
        return Reshape(y, shape).y
    rows = Reshape(y, (batch, depth, y.shape[1] * y.shape[2], y.shape[3])).y
    along_depth = {"pool_size": (pool_size[0], 1), "strides": (strides[0], 1), "padding": padding}
    return Reshape(pool(rows, along_depth).y, shape).y


def repeat3d(x, size):
    """Return volumes whose frames, rows and columns are repeated, each as often as `size` tells."""
    batch, depth, height, width, channels = x.shape
    y = Repeat2D(Reshape(x, frames_shape(x.shape)).y, size[1:]).y
    rows = Reshape(y, (batch, depth, height * size[1] * width * size[2], channels)).y
    y = rows if size[0] == 1 else Repeat2D(rows, (size[0], 1)).y
    return Reshape(y, (batch, depth * size[0], height * size[1], width * size[2], channels)).y


def on_arrays(make, *arrays, **settings):
    """Return what a function of this module computes for arrays of a dtype of kernels."""
    graph = Graph()
    y = make(*[graph.input(array.shape, array.dtype) for array in arrays], **settings)
    return Plan(graph, [y], get_num_threads()).instantiate().compute(arrays)[0]
