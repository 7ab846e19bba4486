"""Parts of arrays at computed places: taken, put, and added."""

import builtins
import math

import numpy as np

from .._common.checks import axis_of, integer, sequence, shown
from .._common.errors import explain_all
from ..engine.operators import Operators
from ._functions import indexed, shape_of
from .core import cast, convert_to_tensor
from .numpy import add, greater_equal, less, logical_and, maximum, minimum, multiply, reshape, subtract, take, where
from .segments import segment_max, segment_min, segment_prod, segment_sum

_REDUCTIONS = ("add", "max", "min", "mul")


def scatter(indices, values, shape):
    """Return zeros of a shape, to which values are added at indices.

    Parameters
    ----------
    indices : array_like of integers or symbolic tensor, shape (…, k)
        Indices along the first k axes; a model leaves out those beyond the array.
    values : array_like or symbolic tensor, shape (…, *shape[k:])
        What is added there.
    shape : tuple of int
        Shape of the result.

    Returns
    -------
    array or symbolic tensor

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.scatter([[1], [3], [1]], np.array([10, 20, 5]), (4,))
    array([ 0, 15,  0, 20])
    """
    shape = tuple(integer(f"shape[{i}]", n, 0) for i, n in enumerate(sequence("shape", shape, "sizes")))
    places, rows, count = _placed(indices, values, shape)
    return reshape(segment_sum(rows, places, count), shape)


def scatter_update(inputs, indices, updates, reduction=None):
    """Return an array, changed at indices.

    Parameters
    ----------
    inputs : array_like or symbolic tensor, shape (n1, …)
        Array.
    indices : array_like of integers or symbolic tensor, shape (updates, k)
        Indices along the first k axes; a model leaves out those beyond the array.
    updates : array_like or symbolic tensor, shape (updates, …)
        What is put there, in the shape of the other axes.
    reduction : {None, "add", "max", "min", "mul"}
        Whether updates replace elements, the last one for the same indices, or are added to them, and so on.

    Returns
    -------
    array or symbolic tensor, in the shape and dtype of `inputs`

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.scatter_update(np.zeros((2, 3)), [[0, 1], [1, 2]], [5.0, 7.0])
    array([[0., 5., 0.],
           [0., 0., 7.]])
    """
    reduction = reduction.lower() if isinstance(reduction, str) else reduction
    if reduction is not None and reduction not in _REDUCTIONS:
        raise ValueError(f"reduction={shown(reduction)} is unknown; expected None or one of {_REDUCTIONS}")
    x = convert_to_tensor(inputs)
    shape = shape_of(x)
    places, rows, count = _placed(indices, cast(convert_to_tensor(updates), x.dtype), shape)
    x = reshape(x, (count, *shape_of(rows)[1:]))
    if reduction is None:
        number = np.arange(shape_of(places)[0], dtype=np.int32)
        last = segment_max(number, places, count)
        there = reshape(greater_equal(last, 0), (count, *[1] * (len(shape_of(rows)) - 1)))
        y = where(there, take(rows, maximum(last, 0), axis=0), x) if len(number) else x
    elif reduction == "add":
        y = add(x, segment_sum(rows, places, count))
    elif reduction == "mul":
        y = multiply(x, segment_prod(rows, places, count))
    elif reduction == "max":
        y = maximum(x, segment_max(rows, places, count))
    else:
        y = minimum(x, segment_min(rows, places, count))
    return reshape(y, shape)


def _check_indices(indices, shape):
    """Raise an error if indices, whose last axis is that of the axes of an array, do not lie within it."""
    wrong = ((indices < np.negative(shape)) | (indices >= shape)).any(-1)
    if wrong.any():
        raise ValueError(f"indices holds {indices[wrong][0].tolist()}; expected indices within the shape {shape}")


def _placed(indices, values, shape):
    """Return the indices, and the values, of rows of an array whose first axes are flattened, and the number of such rows."""
    indices = cast(convert_to_tensor(indices), "int32")
    values = convert_to_tensor(values)
    given = shape_of(indices)
    depth = given[-1] if given else None
    if not depth or depth > len(shape) or None in shape[:depth]:
        raise ValueError(f"indices has shape {given} for an array of shape {shape}; expected (…, k), for k known sizes")
    if not isinstance(indices, Operators):
        _check_indices(indices, shape[:depth])
    total, inside = None, True
    for i in range(depth):
        place = indexed(indices, ..., i)
        place = where(less(place, 0), add(place, shape[i]), place)
        inside = logical_and(inside, logical_and(greater_equal(place, 0), less(place, shape[i])))
        total = place if total is None else add(multiply(total, shape[i]), place)
    total = where(inside, total, -1)  # An index beyond an axis must not become that of another row: it is left out.
    rows = reshape(values, (-1 if None in given[:-1] else math.prod(given[:-1]), *shape[depth:]))
    return reshape(total, (-1,)), rows, math.prod(shape[:depth])


def slice(inputs, start_indices, shape):
    """Return a part of an array.

    Parameters
    ----------
    inputs : array_like or symbolic tensor
        Array.
    start_indices : sequence of int, or symbolic tensor
        Where the part begins along each axis.
    shape : tuple of int
        Its shape; -1 for all elements up to the end of an axis.

    Returns
    -------
    array or symbolic tensor

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.slice(np.arange(12).reshape(3, 4), (1, 0), (2, 3))
    array([[ 4,  5,  6],
           [ 8,  9, 10]])
    """
    x = convert_to_tensor(inputs)
    starts = _starts(start_indices, x)
    shape = sequence("shape", shape, "sizes")
    if len(shape) != len(starts):
        raise ValueError(f"start_indices has {len(starts)} elements and shape {len(shape)}; expected as many")
    for axis, (start, size) in enumerate(zip(starts, shape, strict=True)):
        size = integer(f"shape[{axis}]", size, -1)
        if size < 0:
            if isinstance(start, Operators):
                raise ValueError(f"shape[{axis}]=-1 with a symbolic start of the part; expected its size")
            x = indexed(x, *[builtins.slice(None)] * axis, builtins.slice(start, None))
        elif isinstance(start, Operators):
            x = take(x, add(start, np.arange(size, dtype=np.int32)), axis=axis)
        else:
            _check_within(x, axis, start, size)
            x = indexed(x, *[builtins.slice(None)] * axis, builtins.slice(start, start + size))
    return x


def slice_update(inputs, start_indices, updates):
    """Return an array of which a part is replaced.

    Parameters
    ----------
    inputs : array_like or symbolic tensor
        Array.
    start_indices : sequence of int, or symbolic tensor
        Where the part begins along each axis.
    updates : array_like or symbolic tensor
        The new part.

    Returns
    -------
    array or symbolic tensor, in the shape and dtype of `inputs`

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.slice_update(np.zeros((2, 3)), (0, 1), np.ones((2, 2)))
    array([[0., 1., 1.],
           [0., 1., 1.]])
    """
    x = convert_to_tensor(inputs)
    y = cast(convert_to_tensor(updates), x.dtype)
    starts, shape, sizes = _starts(start_indices, x), shape_of(x), shape_of(y)
    if len(sizes) != len(starts) or None in (*shape, *sizes):
        raise ValueError(f"updates has shape {sizes} for inputs of shape {shape}; expected as many axes, of known sizes")
    inside = None
    for axis, (start, size, n) in enumerate(zip(starts, sizes, shape, strict=True)):
        if not isinstance(start, Operators):
            _check_within(x, axis, start, size)
        if not size:
            return x
        places = subtract(np.arange(n, dtype=np.int32), start)
        y = take(y, minimum(maximum(places, 0), size - 1), axis=axis)
        here = logical_and(greater_equal(places, 0), less(places, size))
        here = reshape(here, tuple(n if i == axis else 1 for i in range(len(shape))))
        inside = here if inside is None else logical_and(inside, here)
    return y if inside is None else where(inside, y, x)


def _starts(start_indices, x):
    """Return where a part begins along each axis: integers, or symbolic tensors."""
    rank = len(shape_of(x))
    if isinstance(start_indices, Operators):
        found = [cast(indexed(start_indices, i), "int32") for i in range(shape_of(start_indices)[0])]
    else:
        found = [
            cast(each, "int32") if isinstance(each, Operators) else integer(f"start_indices[{i}]", each, 0)
            for i, each in enumerate(sequence("start_indices", start_indices, "integers"))
        ]
    if len(found) != rank:
        raise ValueError(
            f"start_indices has {len(found)} elements for inputs of shape {shape_of(x)}; expected one for each axis"
        )
    return found


def _check_within(x, axis, start, size):
    """Raise an error unless a part lies within an array."""
    n = shape_of(x)[axis]
    if n is not None and start + size > n:
        raise ValueError(
            f"start_indices[{axis}]={start} and {size} elements end outside of inputs of shape {shape_of(x)}; expected a part"
        )


def unstack(x, num=None, axis=0):
    """Return the parts of an array along an axis, as a list.

    Parameters
    ----------
    x : array_like or symbolic tensor
        Array.
    num : int, optional
        Number of the parts, the size of the axis, which may be left out if that is known.
    axis : int
        The axis.

    Returns
    -------
    list of array or symbolic tensor

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.unstack(np.array([[1, 2], [3, 4]]), axis=1)
    [array([1, 3]), array([2, 4])]
    """
    x = convert_to_tensor(x)
    shape = shape_of(x)
    axis = axis_of(axis, "x", shape)
    if num is None and shape[axis] is None:
        raise ValueError(f"num=None and x has shape {shape}; expected the size of axis {axis}")
    num = shape[axis] if num is None else integer("num", num, 0)
    if shape[axis] not in (None, num):
        raise ValueError(f"num={num} is not the size of axis {axis} of x, shape {shape}; expected {shape[axis]}")
    return [indexed(x, *[builtins.slice(None)] * axis, i) for i in range(num)]


__all__ = ["scatter", "scatter_update", "slice", "slice_update", "unstack"]

explain_all(globals(), __all__)
