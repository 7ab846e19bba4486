"""The geometry of convolutions and poolings: padding in all its forms, and output shapes."""

import functools
from typing import NamedTuple

from ._common.checks import LARGEST, choice, integer, pair, shown

IMAGES = ("batch", "height", "width", "channels")
KERNEL = ("kernel height", "kernel width", "channels / groups", "filters")


def resolve_padding(padding, sizes, windows, strides):
    """Return padding as ((top, bottom), (left, right)); a word also for more or fewer axes.

    `windows` are the extents of the kernel (with its dilation) or the pooling window. "same" gives an output of size
    ``ceil(size / stride)``; an odd pixel goes to the end (Keras, TensorFlow).
    """
    if isinstance(padding, str):
        choice("padding", padding, ("valid", "same"))
        if padding == "valid":
            return ((0, 0),) * len(sizes)
        totals = [
            max((-(-size // stride) - 1) * stride + window - size, 0)
            for size, window, stride in zip(sizes, windows, strides, strict=True)
        ]
        return tuple((total // 2, total - total // 2) for total in totals)
    if isinstance(padding, (tuple, list)):
        if len(padding) != 2:
            raise ValueError(f"padding={shown(padding)} has {len(padding)} elements; {_EXPECTED}")
        return tuple(_sides(padding, i) for i in range(2))
    amount = integer("padding", padding, 0, LARGEST)
    return (amount, amount), (amount, amount)


def check_padding(padding, words=("valid", "same"), numbers=True):
    """Return a layer's padding in the form in which it was given: a word in lower case, or ints if it may be `numbers`."""
    if isinstance(padding, str) and padding.lower() in words:
        return padding.lower()
    if isinstance(padding, str) or not numbers:
        return choice("padding", padding, words)
    sides = resolve_padding(padding, (1, 1), (1, 1), (1, 1))
    if not isinstance(padding, (tuple, list)):
        return sides[0][0]
    return tuple(both if isinstance(given, (tuple, list)) else both[0] for both, given in zip(sides, padding, strict=True))


_EXPECTED = 'expected "valid", "same", an integer, a pair (height, width) or ((top, bottom), (left, right))'


def _sides(padding, i):
    sides = padding[i]
    if not isinstance(sides, (tuple, list)):
        amount = integer(f"padding[{i}]", sides, 0, LARGEST)
        return amount, amount
    if len(sides) != 2:
        raise ValueError(f"padding={shown(padding)} is malformed; {_EXPECTED}")
    return tuple(integer(f"padding[{i}][{j}]", sides[j], 0, LARGEST) for j in range(2))


def output_size(what, sizes, padding, windows, strides, dilation=(1, 1), names=("height", "width")):
    """Return the output's sizes along axes of given names; errors call the window `what` ("kernel", "pool_size")."""
    result = []
    spread = "" if set(dilation) == {1} else f" (with dilation={dilation})"
    for axis, size, (before, after), window, stride in zip(names, sizes, padding, windows, strides, strict=True):
        if window > size + before + after:
            raise ValueError(
                f"{what} is larger than the padded input: {axis} {window}{spread} against {size} + {before} + "
                f"{after} of padding; expected a smaller {what} or more padding"
            )
        result.append((size + before + after - window) // stride + 1)
    return tuple(result)


class Geometry(NamedTuple):
    """A convolution's arguments in normalized form, and what follows from them."""

    x_shape: tuple  # (batch, height, width, channels)
    kernel_shape: tuple  # (kernel height, kernel width, channels / groups, filters)
    y_shape: tuple  # (batch, output height, output width, filters)
    strides: tuple
    padding: tuple  # ((top, bottom), (left, right))
    dilation: tuple
    groups: int
    call: tuple  # (stride height, stride width, top, left, dilation height, dilation width), as the kernels take them


def conv2d_geometry(x_shape, kernel_shape, strides=1, padding="valid", dilation=1, groups=1):
    """Check a convolution's shapes and arguments against each other and return its `Geometry`."""
    if type(strides) is not int:
        strides = pair("strides", strides)
    if type(dilation) is not int:
        dilation = pair("dilation", dilation)
    if type(groups) is not int:
        groups = integer("groups", groups, 1)
    if type(padding) in (int, str):
        return _conv2d_geometry(x_shape, kernel_shape, strides, padding, dilation, groups)
    # The cache tells 1 from 1.0 and True, but not inside a tuple.
    return _conv2d_geometry.__wrapped__(x_shape, kernel_shape, strides, padding, dilation, groups)


@functools.lru_cache(maxsize=1024, typed=True)  # Without a cache, the checks would cost as much as a small convolution.
def _conv2d_geometry(x_shape, kernel_shape, strides, padding, dilation, groups):
    strides, dilation = pair("strides", strides), pair("dilation", dilation)
    groups = integer("groups", groups, 1)
    _, height, width, channels = x_shape
    kh, kw, kernel_channels, filters = kernel_shape
    if min(height, width, channels) < 1:
        raise ValueError(f"x has shape {tuple(x_shape)}; expected a height, a width and channels of at least 1")
    if min(kernel_shape) < 1:
        raise ValueError(f"kernel has shape {tuple(kernel_shape)}; expected sizes of at least 1")
    if channels % groups or filters % groups:
        raise ValueError(
            f"groups={groups} does not divide both the {channels} channels of x and the {filters} filters of kernel; "
            "expected a divisor of both"
        )
    if kernel_channels * groups != channels:
        raise ValueError(
            f"kernel has shape {tuple(kernel_shape)}, {kernel_channels} channels, but x has {channels} channels in "
            f"groups={groups}; expected a kernel with {channels // groups} channels"
        )
    windows = ((kh - 1) * dilation[0] + 1, (kw - 1) * dilation[1] + 1)
    padding = resolve_padding(padding, (height, width), windows, strides)
    out_height, out_width = output_size("kernel", (height, width), padding, windows, strides, dilation)
    y_shape = (x_shape[0], out_height, out_width, filters)
    call = (*strides, padding[0][0], padding[1][0], *dilation)
    return Geometry(tuple(x_shape), tuple(kernel_shape), y_shape, strides, padding, dilation, groups, call)


def kernel_shape_on_images(kernel_shape, channels, groups):
    """Return the shape of a convolution's kernel as `conv2d_geometry` takes it.

    A kernel for sequences gets a height of 1; a depthwise kernel (…, channels, filters / channels) becomes (…, 1, filters).
    """
    shape = (1,) * (4 - len(kernel_shape)) + tuple(kernel_shape)
    if groups == channels == shape[2]:
        return (*shape[:2], 1, shape[2] * shape[3])
    return shape


def conv2d_shape(x_shape, kernel_shape, **geometry):
    """Return a convolution's output shape, None where that depends on a None in `x_shape`."""
    windows = reaches(kernel_shape, geometry.get("dilation", 1))
    return axis_by_axis(lambda shape: conv2d_geometry(shape, tuple(kernel_shape), **geometry).y_shape, x_shape, windows)


def adjoint_geometry(x_shape, kernel_shape, strides, padding, output_padding, dilation, groups):
    """Return the `Geometry` of the convolution whose transpose is computed; its ``x`` is the output here."""
    arguments = x_shape, kernel_shape, strides, padding, output_padding, dilation, groups
    if all(type(argument) in (int, str, type(None)) for argument in arguments[2:]):
        return _cached_adjoint(*arguments)
    return _cached_adjoint.__wrapped__(*arguments)  # The cache tells 1 from 1.0 and True, but not inside a tuple.


@functools.lru_cache(maxsize=1024, typed=True)
def _cached_adjoint(x_shape, kernel_shape, strides, padding, output_padding, dilation, groups):
    strides, dilation = pair("strides", strides), pair("dilation", dilation)
    groups = integer("groups", groups, 1)
    batch, height, width, channels = x_shape
    if min(height, width, channels) < 1:
        raise ValueError(f"x has shape {tuple(x_shape)}; expected a height, a width and channels of at least 1")
    if min(kernel_shape) < 1:
        raise ValueError(f"kernel has shape {tuple(kernel_shape)}; expected sizes of at least 1")
    if kernel_shape[3] != channels:
        raise ValueError(
            f"kernel has shape {tuple(kernel_shape)}, {kernel_shape[3]} channels, but x has {channels}; expected as many, in "
            "its last axis"
        )
    if channels % groups:
        raise ValueError(f"groups={groups} does not divide the {channels} channels of x; expected a divisor of them")
    windows = tuple((size - 1) * step + 1 for size, step in zip(kernel_shape, dilation, strict=False))
    sizes, sides = [], []
    for axis, name in enumerate(("height", "width")):
        size, cut = transposed_axis(x_shape[1 + axis], windows[axis], strides[axis], padding, output_padding, axis)
        if size < 1:
            raise ValueError(
                f"padding={shown(padding)} leaves nothing of the output: its {name} would be {size}; expected less padding"
            )
        sizes.append(size)
        sides.append(cut)
    y_shape = (batch, *sizes, kernel_shape[2] * groups)
    return conv2d_geometry(y_shape, kernel_shape, strides, tuple(sides), dilation, groups)


def transposed_axis(size, window, stride, padding, output_padding, axis):
    """Return the output's size along an axis, and how much is cut off its two ends."""
    reach = (size - 1) * stride + window
    if isinstance(padding, str):
        choice("padding", padding, ("valid", "same"))
        cut = 2 * (window // 2) if padding == "same" else 0
    else:
        cut = resolve_padding(padding, None, None, None)[axis]
    if output_padding is None:
        if isinstance(padding, str):
            wanted = size * stride if padding == "same" else max(reach, size * stride)
            cut, extra = max(reach - wanted, 0), max(wanted - reach, 0)
        else:
            extra = 0
    else:
        extra = pair("output_padding", output_padding, minimum=0)[axis]
        if extra >= stride:
            raise ValueError(
                f"output_padding={shown(output_padding)} is not smaller than the stride, {stride}; expected fewer pixels"
            )
        if isinstance(padding, str):
            cut, extra = max(cut - extra, 0), max(extra - cut, 0)
    if not isinstance(cut, tuple):  # An odd pixel is cut off the end.
        cut = (cut // 2, cut - cut // 2)
    return reach - sum(cut) + extra, cut


def conv2d_transpose_shape(x_shape, kernel_shape, strides=1, padding="valid", output_padding=None, dilation=1):
    """Return a transposed convolution's output shape, None where that depends on a None in `x_shape`."""
    cut = (0, 0) if isinstance(padding, str) else map(sum, resolve_padding(padding, None, None, None))
    sizes = tuple(map(sum, zip(reaches(kernel_shape, dilation), cut, strict=True)))
    arguments = tuple(kernel_shape), strides, padding, output_padding, dilation, 1
    return axis_by_axis(lambda shape: adjoint_geometry(shape, *arguments).x_shape, x_shape, sizes)


def pool2d_geometry(x_shape, pool_size=2, strides=None, padding="valid"):
    """Check a pooling's arguments; return its output shape and the geometry as the kernels take it."""
    pool_size = pair("pool_size", pool_size)
    strides = pool_size if strides is None else pair("strides", strides)
    batch, height, width, channels = x_shape
    if min(height, width, channels) < 1:
        raise ValueError(f"x has shape {tuple(x_shape)}; expected a height, a width and channels of at least 1")
    sides = resolve_padding(padding, (height, width), pool_size, strides)
    for axis, (before, after), window in zip(("height", "width"), sides, pool_size, strict=True):
        if max(before, after) >= window:
            raise ValueError(
                f"padding={shown(padding)} is not smaller than the {axis} of pool_size={pool_size}; expected less, so that "
                "every window holds a part of the image"
            )
    out_height, out_width = output_size("pool_size", (height, width), sides, pool_size, strides)
    return (batch, out_height, out_width, channels), (*pool_size, *strides, *sides[0], *sides[1])


def pool2d_shape(x_shape, pool_size=2, strides=None, padding="valid"):
    """Return a pooling's output shape, None where that depends on a None in `x_shape`."""
    window = pair("pool_size", pool_size)
    return axis_by_axis(lambda shape: pool2d_geometry(shape, pool_size, strides, padding)[0], x_shape, window)


def reaches(kernel_shape, dilation):
    """Return a kernel's height and width with its dilation."""
    return tuple((size - 1) * step + 1 for size, step in zip(kernel_shape, pair("dilation", dilation), strict=False))


def axis_by_axis(compute, shape, sizes):
    """Return the shape that `compute` infers from a shape of images, if each size depends only on that of the same axis.

    A size of None gives None; `sizes`, a height and a width, replace it for `compute`.
    """
    full = (1, *sizes, 1)
    result = compute(tuple(size if known is None else known for known, size in zip(shape, full, strict=True)))
    return tuple(None if known is None else size for known, size in zip(shape, result, strict=True))
