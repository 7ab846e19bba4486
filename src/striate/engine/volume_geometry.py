"""The geometry of convolutions and poolings of volumes: that of their depth, beside that of their frames.

Volumes (batch, depth, height, width, channels) are frames, images (height, width, channels) along the depth. What their height
and width need is the geometry of images.
"""

import math
from typing import NamedTuple

from .._common.checks import triple
from ..geometry import (
    adjoint_geometry,
    axis_by_axis,
    conv2d_geometry,
    output_size,
    pool2d_geometry,
    resolve_padding,
    transposed_axis,
)


class DepthWindows(NamedTuple):
    """Windows along the depth: tap k of window i is frame ``i * stride + k * dilation - before``.

    Attributes
    ----------
    taps : int
        Number of frames in each window.
    stride, dilation : int
        Distance between neighbouring windows, and between neighbouring taps of one, in frames.
    before, after : int
        Number of frames of zeros before and after the volume.
    count : int
        Number of windows.
    """

    taps: int
    stride: int
    dilation: int
    before: int
    after: int
    count: int


def depth_windows(what, depth, taps, stride, padding, dilation=1):
    """Return the windows along a depth; errors call them `what`."""
    reach = (taps - 1) * dilation + 1
    ((before, after),) = sides = resolve_padding(padding, (depth,), (reach,), (stride,))
    (count,) = output_size(what, (depth,), sides, (reach,), (stride,), (dilation,), ("depth",))
    return DepthWindows(taps, stride, dilation, before, after, count)


def conv3d_geometry(x_shape, kernel_shape, strides=1, padding="valid", dilation=1, groups=1):
    """Check the shapes and arguments of a convolution of volumes against each other.

    Parameters
    ----------
    x_shape : tuple
        (batch, depth, height, width, channels).
    kernel_shape : tuple
        (kernel depth, kernel height, kernel width, channels / groups, filters).
    strides, dilation : int or tuple of int
        Along depth, height and width.
    padding : {"valid", "same"}
        See `striate.geometry.resolve_padding`.
    groups : int
        Number of groups of channels and filters.

    Returns
    -------
    y_shape : tuple
        Shape of the output.
    windows : DepthWindows
        Windows along the depth.
    settings : dict
        Arguments of `conv2d_geometry` for the convolution of frames, but the shapes.
    """
    strides, dilation = triple("strides", strides), triple("dilation", dilation)
    batch, depth, *frame = x_shape
    _check_depth(x_shape, depth, kernel_shape)
    settings = {"strides": strides[1:], "padding": padding, "dilation": dilation[1:], "groups": groups}
    _, *y_frame = conv2d_geometry((batch, *frame), tuple(kernel_shape[1:]), **settings).y_shape
    windows = depth_windows("kernel", depth, kernel_shape[0], strides[0], padding, dilation[0])
    return (batch, windows.count, *y_frame), windows, settings


def conv3d_transpose_geometry(x_shape, kernel_shape, strides=1, padding="valid", output_padding=None, dilation=1):
    """Check the shapes and arguments of a transposed convolution of volumes; see `conv3d_geometry`.

    Returns
    -------
    y_shape : tuple
        Shape of the output.
    windows : DepthWindows
        Windows along the depth of the output.
    settings : tuple
        The last arguments of `adjoint_geometry` for the frames, after the shapes.
    """
    strides, dilation = triple("strides", strides), triple("dilation", dilation)
    extra = (None,) * 3 if output_padding is None else triple("output_padding", output_padding, minimum=0)
    batch, depth, *frame = x_shape
    _check_depth(x_shape, depth, kernel_shape)
    settings = strides[1:], padding, None if output_padding is None else extra[1:], dilation[1:], 1
    _, *y_frame = adjoint_geometry((batch, *frame), tuple(kernel_shape[1:]), *settings).x_shape
    reach = (kernel_shape[0] - 1) * dilation[0] + 1
    y_depth, cut = transposed_axis(depth, reach, strides[0], padding, extra[0], 0)
    return (batch, y_depth, *y_frame), DepthWindows(kernel_shape[0], strides[0], dilation[0], *cut, depth), settings


def pool3d_geometry(x_shape, pool_size=2, strides=None, padding="valid"):
    """Check the arguments of a pooling of volumes, and return the shape of its output; see `pool2d_geometry`."""
    pool_size = triple("pool_size", pool_size)
    strides = pool_size if strides is None else triple("strides", strides)
    batch, depth, *frame = x_shape
    _check_depth(x_shape, depth, (1,))
    _, *y_frame = pool2d_geometry((batch, *frame), pool_size[1:], strides[1:], padding)[0]
    return (batch, depth_windows("pool_size", depth, pool_size[0], strides[0], padding).count, *y_frame)


def conv3d_shape(x_shape, kernel_shape, **geometry):
    """Return the shape of the output of a convolution of volumes, None where that depends on a None in `x_shape`."""
    windows = _reaches(kernel_shape, geometry.get("dilation", 1))
    return axis_by_axis(lambda shape: conv3d_geometry(shape, kernel_shape, **geometry)[0], x_shape, windows)


def conv3d_transpose_shape(x_shape, kernel_shape, **geometry):
    """Return the shape of the output of a transposed convolution of volumes; see `conv3d_shape`."""
    windows = _reaches(kernel_shape, geometry.get("dilation", 1))
    return axis_by_axis(lambda shape: conv3d_transpose_geometry(shape, kernel_shape, **geometry)[0], x_shape, windows)


def pool3d_shape(x_shape, pool_size=2, strides=None, padding="valid"):
    """Return the shape of the output of a pooling of volumes; see `conv3d_shape`."""
    windows = triple("pool_size", pool_size)
    return axis_by_axis(lambda shape: pool3d_geometry(shape, pool_size, strides, padding), x_shape, windows)


def _check_depth(x_shape, depth, kernel_shape):
    """Raise an error unless depths are at least 1; heights, widths and channels are checked as those of images."""
    if depth < 1:
        raise ValueError(f"x has shape {tuple(x_shape)}; expected a depth of at least 1")
    if kernel_shape[0] < 1:
        raise ValueError(f"kernel has shape {tuple(kernel_shape)}; expected sizes of at least 1")


def _reaches(kernel_shape, dilation):
    """Return a kernel's depth, height and width with its dilation."""
    return tuple((size - 1) * step + 1 for size, step in zip(kernel_shape, triple("dilation", dilation), strict=False))


def frames_shape(shape):
    """Return the shape of the frames of volumes, (batch * depth, height, width, channels)."""
    return math.prod(shape[:2]), *shape[2:]
