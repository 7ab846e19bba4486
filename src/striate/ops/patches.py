"""Windows of images, volumes and arrays with channels first, made of slices, which have gradients."""

import itertools
import math

from .._common.checks import choice, integer, integers, sequence, shown
from .._common.errors import explain_all
from ._functions import indexed, shape_of
from .core import convert_to_tensor
from .data_formats import in_channels_last
from .numpy import add, concatenate, expand_dims, pad, reshape, squeeze, stack, transpose


def extract_patches(images, size, strides=None, dilation_rate=1, padding="valid", data_format=None):
    """Return the windows of images, or of volumes, each flattened to channels.

    Parameters
    ----------
    images : array_like or symbolic tensor, shape (batch, height, width, channels) or (height, width, channels)
        Images; volumes, with the depth before the height, if `size` has three elements.
    size : int or tuple of int
        Height and width of the windows, or depth, height and width.
    strides : int or tuple of int, optional
        Distance between neighbouring windows; `size` if None.
    dilation_rate : int or tuple of int
        Distance between neighbouring elements of a window.
    padding : {"valid", "same"}
        Zeros at the borders: none for "valid"; for "same", enough for a window for each multiple of the strides.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels.

    Returns
    -------
    array or symbolic tensor, shape (batch, rows, columns, height · width · channels)
        Windows, whose channels come last among their elements.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.image.extract_patches(np.arange(16).reshape(1, 4, 4, 1), 2)[0, 0]
    array([[0, 1, 4, 5],
           [2, 3, 6, 7]])
    """
    rank = 3 if isinstance(size, (tuple, list)) and len(size) == 3 else 2
    return _extracted("images", images, size, strides, dilation_rate, padding, data_format, rank)


def extract_patches_3d(volumes, size, strides=None, dilation_rate=1, padding="valid", data_format=None):
    """Return the windows of volumes (batch, depth, height, width, channels) flattened to channels; see `extract_patches`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.image.extract_patches_3d(np.ones((1, 4, 4, 6, 2)), 2).shape
    (1, 2, 2, 3, 16)
    """
    return _extracted("volumes", volumes, size, strides, dilation_rate, padding, data_format, 3)


def _extracted(name, x, size, strides, dilation_rate, padding, data_format, rank):
    """Return the windows of images or volumes flattened to channels."""
    x = convert_to_tensor(x)
    if len(x.shape) not in (rank + 1, rank + 2):
        raise ValueError(f"{name} has shape {tuple(x.shape)}; expected {rank + 1} axes, or {rank + 2} with a batch")
    if len(x.shape) == rank + 1:
        batch = expand_dims(x, 0)
        return squeeze(_extracted(name, batch, size, strides, dilation_rate, padding, data_format, rank), 0)
    size = _sizes("size", size, rank)
    strides = size if strides is None else _sizes("strides", strides, rank)
    dilation = _sizes("dilation_rate", dilation_rate, rank)
    x, back = in_channels_last(x, data_format, axis=1)
    if choice("padding", padding, ("valid", "same")) == "same":
        amounts = [(0, 0)] * (rank + 2)
        for axis in range(rank):
            n = _known(name, x, axis + 1)
            whole = (-(-n // strides[axis]) - 1) * strides[axis] + (size[axis] - 1) * dilation[axis] + 1
            missing = max(whole - n, 0)
            amounts[axis + 1] = missing // 2, missing - missing // 2
        x = pad(x, amounts)
    return back(concatenate(_windows(x, 1, size, strides, dilation), axis=-1))


def reconstruct_patches(patches, size, output_size, strides=None, padding="valid", data_format=None):
    """Return the images, or volumes, of which `patches` are the windows that `extract_patches` returned without overlap.

    Parameters
    ----------
    patches : array_like or symbolic tensor, shape (batch, rows, columns, height · width · channels)
        Windows; with the depth before, if `size` has three elements.
    size : int or tuple of int
        Height and width of the windows, or depth, height and width.
    output_size : tuple of int
        Height and width of the images, or depth, height and width.
    strides : int or tuple of int, optional
        Distance between neighbouring windows, which must be `size`.
    padding : {"valid", "same"}
        That of `extract_patches`: for "same", padding is cut off.
    data_format : {"channels_last", "channels_first"}, optional
        Position of the channels.

    Returns
    -------
    array or symbolic tensor, shape (batch, height, width, channels)

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> x = np.arange(16).reshape(1, 4, 4, 1)
    >>> bool((ops.image.reconstruct_patches(ops.image.extract_patches(x, 2), 2, (4, 4)) == x).all())
    True
    """
    output_size = sequence("output_size", output_size, "sizes")
    rank = len(size) if isinstance(size, (tuple, list)) else len(output_size)
    size, output_size = _sizes("size", size, rank), _sizes("output_size", output_size, rank)
    if strides is not None and _sizes("strides", strides, rank) != size:
        raise NotImplementedError(f"strides={shown(strides)} differs from size={size}; expected windows without overlap")
    choice("padding", padding, ("valid", "same"))
    x = convert_to_tensor(patches)
    if len(x.shape) not in (rank + 1, rank + 2):
        raise ValueError(f"patches has shape {tuple(x.shape)}; expected {rank + 1} axes, or {rank + 2} with a batch")
    if len(x.shape) == rank + 1:
        return squeeze(reconstruct_patches(expand_dims(x, 0), size, output_size, strides, padding, data_format), 0)
    x, back = in_channels_last(x, data_format, axis=1)
    batch, *grid, elements = shape_of(x)
    if elements is None or elements % math.prod(size):
        raise ValueError(f"patches has {elements} channels; expected a multiple of {math.prod(size)} for size={size}")
    whole = [n * k for n, k in zip((_known("patches", x, axis + 1) for axis in range(rank)), size, strict=True)]
    limits = [(n - k if padding == "same" else n - 1, n) for n, k in zip(whole, size, strict=True)]
    if not all(low < n <= high for n, (low, high) in zip(output_size, limits, strict=True)):
        raise ValueError(f"output_size={output_size} does not fit {grid} windows of {size} and padding={padding!r}")
    x = reshape(x, (batch, *grid, *size, elements // math.prod(size)))
    x = transpose(x, (0, *itertools.chain(*((1 + i, 1 + rank + i) for i in range(rank))), 1 + 2 * rank))
    x = reshape(x, (batch, *whole, elements // math.prod(size)))
    starts = [(n - kept) // 2 for n, kept in zip(whole, output_size, strict=True)]
    return back(indexed(x, slice(None), *(slice(start, start + n) for start, n in zip(starts, output_size, strict=True))))


def unfold(x, kernel_size, dilation=1, padding=0, stride=1):
    """Return the windows of images with channels first as columns: im2col.

    Parameters
    ----------
    x : array_like or symbolic tensor, shape (batch, channels, height, width)
        Images.
    kernel_size : int or pair of int
        Height and width of the windows.
    dilation, stride : int or pair of int
        Distance between neighbouring elements of a window, and between neighbouring windows.
    padding : int or pair of int
        Number of zeros at each border.

    Returns
    -------
    array or symbolic tensor, shape (batch, channels · kernel height · kernel width, windows)

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.unfold(np.arange(6).reshape(1, 1, 2, 3), 2)[0]
    array([[0, 1],
           [1, 2],
           [3, 4],
           [4, 5]])
    """
    x = convert_to_tensor(x)
    if len(x.shape) != 4:
        raise ValueError(f"x has shape {tuple(x.shape)}; expected (batch, channels, height, width)")
    size, dilation, padding, stride = _window_settings(kernel_size, dilation, padding, stride)
    x = pad(x, [(0, 0), (0, 0), *((n, n) for n in padding)])
    windows = stack(_windows(x, 2, size, stride, dilation), axis=2)
    batch, channels, elements, height, width = shape_of(windows)
    return reshape(windows, (batch, channels * elements, -1 if None in (height, width) else height * width))


def fold(x, output_size, kernel_size, dilation=1, padding=0, stride=1):
    """Return images with channels first, to which columns as those of `unfold` are added: col2im.

    Parameters
    ----------
    x : array_like or symbolic tensor, shape (batch, channels · kernel height · kernel width, windows)
        Windows.
    output_size : int or pair of int
        Height and width of the images.
    kernel_size, dilation, padding, stride
        As in `unfold`.

    Returns
    -------
    array or symbolic tensor, shape (batch, channels, height, width)

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.fold(ops.unfold(np.ones((1, 1, 2, 3)), 2), (2, 3), 2)[0, 0]
    array([[1., 2., 1.],
           [1., 2., 1.]])
    """
    x = convert_to_tensor(x)
    size, dilation, padding, stride = _window_settings(kernel_size, dilation, padding, stride)
    output_size = _sizes("output_size", output_size, 2)
    whole = [n + 2 * p for n, p in zip(output_size, padding, strict=True)]
    spans = [(k - 1) * d + 1 for k, d in zip(size, dilation, strict=True)]
    counts = [(n - span) // s + 1 for n, span, s in zip(whole, spans, stride, strict=True)]
    if (
        len(x.shape) != 3
        or min(counts) < 1
        or x.shape[2] not in (None, math.prod(counts))
        or (x.shape[1] or 0) % math.prod(size)
    ):
        raise ValueError(
            f"x has shape {tuple(x.shape)}; expected (batch, channels · {math.prod(size)}, {math.prod(counts)}) for "
            f"output_size={output_size}"
        )
    batch, channels = shape_of(x)[0], x.shape[1] // math.prod(size)
    x = reshape(x, (batch, channels, *size, *counts))
    total = None
    for place in itertools.product(*map(range, size)):
        part = indexed(x, slice(None), slice(None), *place)
        for axis in (0, 1):
            first = place[axis] * dilation[axis]
            part = _spread(part, axis + 2, stride[axis], first, whole[axis] - first)
        total = part if total is None else add(total, part)
    return indexed(total, ..., *(slice(p, p + n) for p, n in zip(padding, output_size, strict=True)))


def _spread(x, axis, stride, before, size):
    """Return an array whose elements along an axis are `stride` apart, behind `before` zeros and within `size` elements."""
    rank, count = len(x.shape), x.shape[axis]
    if stride > 1:
        x = pad(expand_dims(x, axis + 1), [(0, stride - 1) if i == axis + 1 else (0, 0) for i in range(rank + 1)])
        shape = shape_of(x)
        x = reshape(x, (*shape[:axis], count * stride, *shape[axis + 2 :]))
        x = indexed(x, *[slice(None)] * axis, slice((count - 1) * stride + 1))
    after = size - (count - 1) * stride - 1
    return pad(x, [(before, after) if i == axis else (0, 0) for i in range(rank)])


def _windows(x, axis, size, strides, dilation):
    """Return, for each place in windows along axes that follow one another, the elements there of all windows."""
    found = []
    for place in itertools.product(*map(range, size)):
        key = [slice(None)] * axis
        for i, k, s, d in zip(place, size, strides, dilation, strict=True):
            key.append(slice(i * d, (i - k + 1) * d or None, s))
        found.append(indexed(x, *key))
    return found


def _window_settings(kernel_size, dilation, padding, stride):
    """Return the arguments of windows in two dimensions, checked, as tuples."""
    return (
        _sizes("kernel_size", kernel_size, 2),
        _sizes("dilation", dilation, 2),
        _sizes("padding", padding, 2, minimum=0),
        _sizes("stride", stride, 2),
    )


def _sizes(name, value, rank, minimum=1):
    """Return an integer, or one for each of `rank` dimensions, as a tuple."""
    if not isinstance(value, (tuple, list)):
        return (integer(name, value, minimum),) * rank
    found = integers(name, value, minimum)
    if len(found) != rank:
        raise ValueError(f"{name}={shown(value)} has {len(found)} elements; expected {rank}, or an integer")
    return found


def _known(name, x, axis):
    """Return the size of an axis, after checking that it is known."""
    n = shape_of(x)[axis]
    if n is None:
        raise ValueError(f"{name} has shape {shape_of(x)}; expected a known size of axis {axis}")
    return n


__all__ = ["extract_patches", "extract_patches_3d", "fold", "reconstruct_patches", "unfold"]

explain_all(globals(), __all__)
