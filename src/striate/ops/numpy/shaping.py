"""The shapes of arrays and the order of their axes and elements."""

import math

import numpy as np

from ..._common.checks import axes_of, axis_of, integer, integers, shown
from ..._common.errors import explain_all
from ...engine.operators import apply
from .._functions import numpy_axis, shape_of


def reshape(x, newshape):
    """Return `x` in another shape, batch included; None, such as ``shape(x)[0]`` in a graph of layers, is the batch size."""
    shape = (newshape,) if isinstance(newshape, int) else tuple(newshape)
    if any(size is not None and size < -1 for size in shape):
        raise ValueError(f"newshape={shown(newshape)} holds a negative size; expected sizes, and -1 at most once")
    return apply("reshape", x, shape=shape)


def ravel(x):
    """Return `x` flattened to one axis."""
    return reshape(x, (-1,))


def transpose(x, axes=None):
    """Return `x` with its axes permuted, or reversed if `axes` is None."""
    return apply("transpose", x, axes=None if axes is None else tuple(axes))


def swapaxes(x, axis1, axis2):
    """Return `x` with two axes interchanged."""
    order = list(range(len(shape_of(x))))
    order[axis1], order[axis2] = order[axis2], order[axis1]
    return transpose(x, order)


def moveaxis(x, source, destination):
    """Return `x` with one or several axes moved to other positions."""
    # NumPy moves the axes of an array in which each axis has its index as size; the new sizes are the permutation.
    order = np.moveaxis(np.empty(range(len(shape_of(x)))), source, destination).shape
    return transpose(x, order)


def expand_dims(x, axis):
    """Return `x` with an additional axis of size 1, or several."""
    axes = axis if isinstance(axis, (list, tuple)) else (axis,)
    shape = (*shape_of(x), *[1] * len(axes))
    for each in sorted(axes_of(axes, "the result", shape)):
        x = apply("expand_dims", x, axis=each)
    return x


def squeeze(x, axis=None):
    """Return `x` without one axis of size 1 or several; all of them if None."""
    return apply("squeeze", x, axis=numpy_axis(axis))


def broadcast_to(x, shape):
    """Return `x` broadcast to a shape by NumPy's rules."""
    return apply("broadcast_to", x, shape=tuple(shape))


def tile(x, repeats):
    """Return `x` repeated as a whole, `repeats` times along each axis."""
    return apply("tile", x, repeats=integers("repeats", repeats if np.ndim(repeats) else (repeats,), 0))


def repeat(x, repeats, axis=None):
    """Return `x` with each element repeated along an axis; of the flattened array if None."""
    repeats = integers("repeats", repeats, 0) if np.size(repeats) > 1 else integer("repeats", np.ravel(repeats)[0], 0)
    x, axis = (ravel(x), 0) if axis is None else (x, axis)
    size = shape_of(x)[axis_of(axis, "x", shape_of(x))]
    if not isinstance(repeats, int) and size not in (None, len(repeats)):
        raise ValueError(f"repeats={shown(repeats)} has {len(repeats)} elements; expected one, or one for each of {size}")
    return apply("repeat", x, repeats=repeats, axis=axis)


def flip(x, axis=None):
    """Return `x` with its elements in reverse order along one axis or several; all if None."""
    shape = shape_of(x)
    flipped = range(len(shape)) if axis is None else axes_of(numpy_axis(axis), "x", shape)
    return apply("getitem", x, key=tuple(slice(None, None, -1 if i in flipped else None) for i in range(len(shape))))


def fliplr(x):
    """Return `x` with its columns, along the second axis, in reverse order."""
    return flip(x, 1)


def flipud(x):
    """Return `x` with its rows, along the first axis, in reverse order."""
    return flip(x, 0)


def roll(x, shift, axis=None):
    """Return `x` shifted cyclically along axes; as the flattened array if None."""
    shift, axis = (numpy_axis(each.tolist() if isinstance(each, np.ndarray) else each) for each in (shift, axis))
    if axis is not None:
        np.broadcast(shift, axes_of(axis, "x", shape_of(x)))
    return apply("roll", x, shift=shift, axis=axis)


def rot90(array, k=1, axes=(0, 1)):
    """Return an array rotated by `k` right angles in the plane of two axes, from the first one towards the second."""
    shape = shape_of(array)
    first, second = axes_of(list(axes), "array", shape) if len(axes) == 2 else (0, 0)
    if first == second:
        raise ValueError(f"axes={axes} holds {len(axes)} axes; expected two different axes of array, shape {tuple(shape)}")
    k = integer("k", k) % 4
    if k == 2:
        return flip(array, (first, second))
    if k == 1:
        return swapaxes(flip(array, second), first, second)
    return flip(swapaxes(array, first, second), second) if k else flip(array, ())


def pad(x, pad_width, mode="constant", constant_values=None):
    """Return `x` with additional elements at its borders.

    Parameters
    ----------
    x : array_like or symbolic tensor
        Array to pad.
    pad_width : int, pair of int, or sequence of pairs of int
        Numbers of elements before and after: the same for all axes, or a pair for each axis.
    mode : {"constant", "reflect", "symmetric", "edge", "wrap"}
        Values of the elements: a constant, or elements of `x` as in `numpy.pad`.
    constant_values : float, optional
        The constant; 0 if None.

    Returns
    -------
    array or symbolic tensor
        The padded `x`.
    """
    rank = len(shape_of(x))
    amounts = tuple((int(before), int(after)) for before, after in np.broadcast_to(pad_width, (rank, 2)))
    if mode != "constant" and constant_values is not None:
        raise ValueError(f"constant_values={shown(constant_values)} has no meaning for mode={shown(mode)}; expected None")
    if mode == "constant":
        value = 0.0 if constant_values is None else float(constant_values)
        return apply("pad", x, amounts=amounts, value=value)
    return apply("pad_with_elements", x, amounts=amounts, mode=mode)


def ndim(x):
    """Return the number of axes of `x`."""
    return len(shape_of(x))


def size(x):
    """Return the number of elements of `x`; where a size is unknown, as a symbolic tensor."""
    shape = shape_of(x)
    return apply("sum", apply("ones_like", x, dtype="int32")) if None in shape else math.prod(shape)


__all__ = [
    "broadcast_to", "expand_dims", "flip", "fliplr", "flipud", "moveaxis", "ndim", "pad", "ravel", "repeat", "reshape", "roll",
    "rot90", "size", "squeeze", "swapaxes", "tile", "transpose",
]  # fmt: skip

explain_all(globals(), __all__)
