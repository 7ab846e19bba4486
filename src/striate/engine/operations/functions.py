"""Functions of arrays and their gradients in NumPy, by name; for values, some of them are operations with kernels."""

from types import EllipsisType, NoneType

import numpy as np

from ...functional.convolution import conv2d
from ...functional.ctc import ctc_loss
from ...functional.transposed import conv2d_transpose
from ...geometry import adjoint_geometry, kernel_shape_on_images
from .. import shapes
from ..graph import Value
from ..operators import apply
from ..variable import Variable
from . import volumes
from .convolution import Conv2D, Conv2DTranspose
from .ctc import CTCLoss
from .elementwise import ELEMENTWISE, choice_gradient
from .fourier import FOURIER_FUNCTIONS
from .function import FUNCTIONS, Function, applied
from .linear_algebra import LINEAR_ALGEBRA
from .matrices import MATRICES
from .merging import Concatenate, Merge
from .resampling import MOST_AXES, Pad, Resample2D, Transpose, broadcast
from .reshape import Reshape
from .searching import SEARCHING
from .segments import SEGMENT_FUNCTIONS
from .special import SPECIAL_FUNCTIONS


def _weigh(a, x):
    """Return ``a * x``, which is 0 where a is 0 and x is infinite."""
    with np.errstate(invalid="ignore"):
        y = np.multiply(a, x)
    return np.where((a == 0) & np.isinf(x), 0, y) if np.isnan(y).any() else y


def _clip_gradient(dy, y, x, low, high):
    below, above = x < low, x > high
    return dy * ~(below | above), dy * below, dy * above


def _matmul_gradient(dy, y, a, b):
    if a.ndim == 1 or b.ndim == 1:
        columns = b[:, np.newaxis] if b.ndim == 1 else b
        rows = a[np.newaxis, :] if a.ndim == 1 else a
        dy = np.expand_dims(dy, [axis for axis, each in ((-2, a), (-1, b)) if each.ndim == 1])
        da, db = _matmul_gradient(dy, y, rows, columns)
        return da.reshape(a.shape) if a.ndim == 1 else da, db.reshape(b.shape) if b.ndim == 1 else db
    return dy @ np.swapaxes(b, -1, -2), np.swapaxes(a, -1, -2) @ dy


def _sample(weights, x):
    """Return ``weights @ x``, where non-finite elements of x affect only results in which their weight is not zero."""
    finite = np.isfinite(x)
    if finite.all():
        return weights @ x
    y = weights @ np.where(finite, x, 0)
    for row in np.flatnonzero(~finite.all((0, 2))):
        affected = np.flatnonzero(weights[:, row])
        y[:, affected] += weights[affected, row, np.newaxis] * np.where(finite[:, row], 0, x[:, row])[:, np.newaxis]
    return y


def _with_reduced_axes(dy, axis, keepdims):
    """Return an array with the axes over which it was reduced inserted again, with size 1, unless `keepdims` kept them."""
    return dy if keepdims or axis is None else np.expand_dims(dy, axis)


def _extremum_gradient(dy, y, x, axis=None, keepdims=False):
    found = x == _with_reduced_axes(y, axis, keepdims)
    return (_with_reduced_axes(dy, axis, keepdims) * found / found.sum(axis, keepdims=True),)


def _mean_gradient(dy, y, x, axis=None, keepdims=False):
    return (np.broadcast_to(_with_reduced_axes(dy, axis, keepdims) * (y.size / x.size), x.shape),)


def _transpose_gradient(dy, y, x, axes=None):
    return (dy.transpose(None if axes is None else np.argsort(np.mod(axes, x.ndim))),)


def _add_at(x, shape, key):
    """Return zeros, to which x is added where `key` selects elements."""
    y = np.zeros(shape, x.dtype)
    keys = key if isinstance(key, tuple) else (key,)
    if all(isinstance(each, (slice, int, EllipsisType, NoneType)) for each in keys):
        y[key] = x
    else:  # An element may be selected several times.
        np.add.at(y, key, x)
    return y


def _getitem_gradient(dy, y, x, key):
    return (applied("add_at", dy, shape=x.shape, key=key),)


def _as_indices(indices):
    """Return indices as integers, as they may be floats in a graph."""
    return np.asarray(indices).astype(np.intp)


def _take_gradient(dy, x, indices, axis):
    """Return the gradient of an array of which elements were taken along an axis."""
    return _getitem_gradient(dy, None, x, (*[slice(None)] * (axis % x.ndim), _as_indices(indices)))


def _lookup(vectors, indices):
    """Return the vectors of indices, which count from 0."""
    indices = _as_indices(indices)
    beyond = indices[(indices < 0) | (indices >= len(vectors))]
    if beyond.size:
        raise IndexError(f"index {beyond[0]} is out of bounds; expected integers from 0 to {len(vectors) - 1}")
    return np.take(vectors, indices, 0)


def _add_along_axis(x, indices, shape, axis):
    """Return zeros, to which x is added at indices along an axis, separate for each row."""
    places = list(np.ogrid[tuple(map(slice, x.shape))])
    places[axis] = _as_indices(indices)
    return _add_at(x, shape, tuple(places))


def _take_along_axis_gradient(dy, y, x, indices, axis):
    return applied("add_along_axis", dy, indices, shape=x.shape, axis=axis), np.zeros_like(indices)


def _repeat_gradient(dy, y, x, repeats, axis):
    return _take_gradient(dy, x, np.repeat(np.arange(x.shape[axis]), repeats), axis)


def _tile_gradient(dy, y, x, repeats):
    repeats = (1,) * (dy.ndim - len(repeats)) + tuple(repeats)
    sizes = (1,) * (dy.ndim - x.ndim) + x.shape
    parts = dy.reshape([n for pair in zip(repeats, sizes, strict=True) for n in pair])
    return (parts.sum(tuple(range(0, parts.ndim, 2))).reshape(x.shape),)


def _cumsum_gradient(dy, y, x, axis):
    return (np.flip(np.cumsum(np.flip(dy, axis), axis), axis),)


def _cumprod_gradient(dy, y, x, axis):
    """Return for each element the product of those before it times what follows from the gradients behind it, in reverse order.

    The sum of dy[j] times the product of x[i + 1] to x[j], over all j from i on, is dy[i] + x[i + 1] times that for i + 1.
    """
    dy, x = np.moveaxis(dy, axis, 0), np.moveaxis(x, axis, 0)
    behind = dy.copy()
    for i in reversed(range(len(x) - 1)):
        behind[i] += x[i + 1] * behind[i + 1]
    before = np.cumprod(np.concatenate([np.ones_like(x[:1]), x[:-1]]), 0)
    return (np.moveaxis(before * behind, 0, axis),)


def _linspace(start, stop, num, endpoint, axis):
    return np.linspace(start.astype(np.float64), stop.astype(np.float64), num, endpoint, axis=axis)


def _linspace_gradient(dy, y, start, stop, num, endpoint, axis):
    shape = [1] * dy.ndim
    shape[axis] = num
    fractions = np.linspace(0, 1, num, endpoint, dtype=dy.dtype).reshape(shape)
    return (dy * (1 - fractions)).sum(axis), (dy * fractions).sum(axis)


def _prod_gradient(dy, y, x, axis=None, keepdims=False):
    """Return dy times the product of all other elements: that of the elements before each one, times that of those after."""
    axes = tuple(range(x.ndim)) if axis is None else tuple(np.mod(axis, x.ndim).reshape(-1))
    last = tuple(range(-len(axes), 0))
    moved = np.moveaxis(x, axes, last)
    rows = moved.reshape(*moved.shape[: x.ndim - len(axes)], -1)
    ones = np.ones_like(rows[..., :1])
    before = np.cumprod(np.concatenate([ones, rows[..., :-1]], -1), -1)
    after = np.flip(np.cumprod(np.flip(np.concatenate([rows[..., 1:], ones], -1), -1), -1), -1)
    others = np.moveaxis((before * after).reshape(moved.shape), last, axes)
    return (_with_reduced_axes(dy, axis, keepdims) * others,)


def _pad(x, amounts, value=0.0):
    return np.pad(x, amounts, constant_values=value)


def _pad_gradient(dy, y, x, amounts, value=0.0):
    return (dy[tuple(slice(before, before + n) for (before, _), n in zip(amounts, x.shape, strict=True))],)


def _pad_with_elements(x, amounts, mode):
    return np.pad(x, amounts, mode)


def _pad_with_elements_gradient(dy, y, x, amounts, mode):
    """Return the gradient of an array that was padded with its own elements, axis by axis."""
    for axis in reversed(range(x.ndim)):
        if amounts[axis] != (0, 0):
            shape = (*dy.shape[:axis], x.shape[axis], *dy.shape[axis + 1 :])
            places = np.pad(np.arange(x.shape[axis]), amounts[axis], mode)
            (dy,) = _take_gradient(dy, np.broadcast_to(x.dtype.type(0), shape), places, axis)
    return (dy,)


def _part(x, number, parts, axis):
    return x[shapes.part_key(x.shape, number, parts, axis)]


def _part_gradient(dy, y, x, number, parts, axis):
    return _getitem_gradient(dy, y, x, shapes.part_key(x.shape, number, parts, axis))


def _relu(x, negative_slope, threshold, max_value=None):
    below = (x - threshold) * negative_slope if negative_slope else np.zeros_like(x)  # Minus infinity times 0 would be NaN.
    y = np.where(x <= threshold, below, x)
    return y if max_value is None else np.minimum(y, max_value)


def _relu_gradient(dy, y, x, negative_slope, threshold, max_value=None):
    below, above = x <= threshold, x > threshold
    if max_value is not None:
        below &= (x - threshold) * negative_slope <= max_value
        above &= x < max_value
    dx = np.where(above, dy, np.where(below, dy * negative_slope if negative_slope else np.zeros_like(dy), 0))
    return (dx,)


def _sparsemax(x, axis=-1):
    z = -np.sort(-x, axis)
    shape = [1] * x.ndim
    shape[axis] = -1
    ranks = np.arange(1, x.shape[axis] + 1).reshape(shape)
    sums = np.cumsum(z, axis) - 1
    count = np.sum(z * ranks > sums, axis, keepdims=True)
    return np.maximum(x - np.take_along_axis(sums, count - 1, axis) / count, 0)


def _sparsemax_gradient(dy, y, x, axis=-1):
    inside = y > 0
    return (inside * (dy - np.sum(dy * inside, axis, keepdims=True) / np.sum(inside, axis, keepdims=True)),)


def _merging(name):
    """Return a function that emits a `Merge`, if all arguments are values: there are no kernels for numbers and arrays."""

    def emit(*arguments):
        if not all(isinstance(each, Value) for each in arguments):
            return None
        shape = np.broadcast_shapes(*[each.shape for each in arguments])
        return Merge(name, [broadcast(each, shape) for each in arguments]).y

    return emit


def _emit_concatenate(*arguments, axis=-1):
    if not all(isinstance(each, Value) for each in arguments):
        return None
    axis %= len(arguments[0].shape)
    others = {(*each.shape[:axis], *each.shape[axis + 1 :]) for each in arguments}
    return Concatenate(arguments, axis).y if len(others) == 1 else None  # NumPy's error then explains why they do not fit.


def _reshaping(name, new_shape):
    """Return a `Function` that only changes the shape: to ``new_shape(shape, **settings)``, in which -1 is inferred."""

    def forward(x, **settings):
        return np.reshape(x, new_shape(x.shape, **settings))

    def backward(dy, y, x, **settings):
        return (dy.reshape(x.shape),)

    def emit(x, **settings):
        return Reshape(x, shapes.reshaped(x.shape, new_shape(x.shape, **settings))).y

    return Function(name, forward, backward, emit)


def _depth_to_space(x, block_size):
    batch, height, width, channels = shapes.larger_images(x.shape, block_size)
    x = apply("reshape", x, shape=(*x.shape[:3], block_size, block_size, channels))
    return apply("reshape", apply("transpose", x, axes=(0, 1, 3, 2, 4, 5)), shape=(batch, height, width, channels))


def _space_to_depth(x, block_size):
    batch, height, width, channels = shapes.smaller_images(x.shape, block_size)
    x = apply("reshape", x, shape=(batch, height, block_size, width, block_size, x.shape[3]))
    return apply("reshape", apply("transpose", x, axes=(0, 1, 3, 2, 4, 5)), shape=(batch, height, width, channels))


def _with_batch(given, shape):
    """Return a shape in which the first size of another one replaces None."""
    return tuple(given[0] if n is None else n for n in shape)


def _emit_transpose(x, axes=None):
    axes = range(len(x.shape))[::-1] if axes is None else [axis % len(x.shape) for axis in axes]
    fits = len(axes) <= MOST_AXES and sorted(axes) == list(range(len(x.shape)))
    return Transpose(x, tuple(axes)).y if fits else None


def _emit_pad(x, amounts, value=0.0):
    return Pad(x, amounts).y if not value and len(x.shape) <= MOST_AXES else None


def _conv(x, kernel, *, groups, **geometry):
    x, kernel = _floats(x, kernel)
    if x.ndim == 5:
        return volumes.on_arrays(volumes.conv3d, x, kernel, groups=groups, **geometry)
    kernel = kernel.reshape(kernel_shape_on_images(kernel.shape, x.shape[3], groups))
    return conv2d(x, kernel, groups=groups, **geometry)


def _emit_conv(x, kernel, **geometry):
    if len(x.shape) == 5:
        return volumes.conv3d(*_values(x, kernel), **geometry)
    return Conv2D(*_values(x, kernel), geometry=geometry).y


def _conv_transpose(x, kernel, **geometry):
    x, kernel = _floats(x, kernel)
    if x.ndim == 5:
        return volumes.on_arrays(volumes.conv3d_transpose, x, kernel, **geometry)
    return conv2d_transpose(x, kernel, **geometry)


def _emit_conv_transpose(x, kernel, *, strides, padding, output_padding, dilation):
    x, kernel = _values(x, kernel)
    if len(x.shape) == 5:
        settings = {"strides": strides, "padding": padding, "output_padding": output_padding, "dilation": dilation}
        return volumes.conv3d_transpose(x, kernel, **settings)
    geometry = adjoint_geometry(x.shape, kernel.shape, strides, padding, output_padding, dilation, 1)
    return Conv2DTranspose(x, kernel, geometry=geometry).y


def _ctc_loss(output, target, target_length, output_length, mask_index):
    return ctc_loss(target, *_floats(output), target_length, output_length, mask_index=mask_index)


def _emit_ctc_loss(output, *targets, mask_index):
    return CTCLoss(*_values(output, *targets), mask_index=mask_index).y if isinstance(output, Value) else None


def _filtered(x, function, *arguments):
    """Return images filtered by a function of `functional.filtering`, which is imported late, as few programs need it."""
    from ...functional import filtering

    return getattr(filtering, function)(np.ascontiguousarray(*_floats(x)), *arguments)


def _emit_filter(operation):
    """Return a function that emits an operation of `engine.operations.filtering`."""

    def emit(x, **settings):
        from . import filtering

        return getattr(filtering, operation)(x, **settings).y

    return emit


def _resample(x, matrices, **settings):
    """Return images sampled under affine maps by a function that is imported late, as few programs need it."""
    from ...functional.resampling import resample2d

    return resample2d(np.ascontiguousarray(*_floats(x)), np.ascontiguousarray(matrices, np.float64), **settings)


def _emit_resample(x, matrices, **settings):
    return Resample2D(x, Variable(np.ascontiguousarray(matrices, np.float64), "matrices", trainable=False), **settings).y


def _choose(x, what, element, window):
    return _filtered(x, "median", window) if what == "median" else _filtered(x, "extreme", element, window, what == "largest")


def _floats(x, *others):
    """Return arrays as kernels take them: float64 if the first is, and float32 otherwise."""
    x = np.asarray(x)
    x = x if x.dtype == np.float64 else x.astype(np.float32, copy=False)
    return x, *[np.asarray(each, x.dtype) for each in others]


def _values(*arguments):
    """Return arguments, at least one of which is a value, as values: arrays become constants of its graph."""
    like = next(each for each in arguments if isinstance(each, Value))
    return [
        each
        if isinstance(each, Value)
        else like.graph.value_of(Variable(np.ascontiguousarray(each, like.dtype), "constant", trainable=False))
        for each in arguments
    ]


_all = [
    *ELEMENTWISE,
    *MATRICES,
    *SEARCHING,
    Function("add", np.add, lambda dy, y, a, b: (dy, dy), _merging("add")),
    Function("subtract", np.subtract, lambda dy, y, a, b: (dy, -dy), _merging("subtract")),
    Function("multiply", np.multiply, lambda dy, y, a, b: (dy * b, dy * a), _merging("multiply")),
    Function("weigh", _weigh, lambda dy, y, a, x: (dy * x, dy * a)),
    Function("maximum", np.maximum, lambda dy, y, a, b: choice_gradient(dy, a < b)[::-1], _merging("maximum")),
    Function("minimum", np.minimum, lambda dy, y, a, b: choice_gradient(dy, a > b)[::-1], _merging("minimum")),
    Function("zeros_like", lambda x, dtype=None: np.zeros_like(x, dtype)),
    Function("ones_like", lambda x, dtype=None: np.ones_like(x, dtype)),
    Function("cast", lambda x, dtype: x.astype(dtype), lambda dy, y, x, dtype: (dy,)),
    Function("rsqrt", lambda x: 1 / np.sqrt(x), lambda dy, y, x: (-dy * y / (2 * x),)),
    Function("clip", lambda x, low, high: np.clip(x, low, high), _clip_gradient),
    Function(
        "where",
        lambda c, a, b: np.where(c != 0, a, b),
        lambda dy, y, c, a, b: (np.zeros_like(c), *choice_gradient(dy, c != 0)),
    ),
    Function("matmul", np.matmul, _matmul_gradient),
    Function("sample", _sample, lambda dy, y, weights, x: (None, _sample(weights.T, dy))),
    Function(
        "sum",
        lambda x, axis=None, keepdims=False: np.sum(x, axis, keepdims=keepdims),
        lambda dy, y, x, axis=None, keepdims=False: (np.broadcast_to(_with_reduced_axes(dy, axis, keepdims), x.shape),),
    ),
    Function("mean", lambda x, axis=None, keepdims=False: np.mean(x, axis, keepdims=keepdims), _mean_gradient),
    Function("max", lambda x, axis=None, keepdims=False: np.max(x, axis, keepdims=keepdims), _extremum_gradient),
    Function("min", lambda x, axis=None, keepdims=False: np.min(x, axis, keepdims=keepdims), _extremum_gradient),
    Function("prod", lambda x, axis=None, keepdims=False: np.prod(x, axis, keepdims=keepdims), _prod_gradient),
    Function("any", lambda x, axis=None, keepdims=False: np.any(x, axis, keepdims=keepdims)),
    Function("all", lambda x, axis=None, keepdims=False: np.all(x, axis, keepdims=keepdims)),
    Function("argsort", lambda x, axis=-1: np.argsort(x, axis, kind="stable")),
    Function("argmax", lambda x, axis=None, keepdims=False: np.argmax(x, axis, keepdims=keepdims)),
    Function("argmin", lambda x, axis=None, keepdims=False: np.argmin(x, axis, keepdims=keepdims)),
    _reshaping("reshape", _with_batch),
    _reshaping("expand_dims", shapes.expanded),
    _reshaping("squeeze", shapes.squeezed),
    Function("transpose", np.transpose, _transpose_gradient, _emit_transpose),
    Function(
        "depth_to_space",
        _depth_to_space,
        lambda dy, y, x, block_size: (applied("space_to_depth", dy, block_size=block_size),),
        _depth_to_space,
    ),
    Function(
        "space_to_depth",
        _space_to_depth,
        lambda dy, y, x, block_size: (applied("depth_to_space", dy, block_size=block_size),),
        _space_to_depth,
    ),
    Function("broadcast_to", np.broadcast_to, lambda dy, y, x, shape: (dy,), lambda x, shape: broadcast(x, shape)),
    Function("pad", _pad, _pad_gradient, _emit_pad),
    Function("pad_with_elements", _pad_with_elements, _pad_with_elements_gradient),
    Function("part", _part, _part_gradient),
    Function(
        "take",
        lambda x, indices, axis: np.take(x, _as_indices(indices), axis),
        lambda dy, y, x, indices, axis: (*_take_gradient(dy, x, indices, axis), np.zeros_like(indices)),
    ),
    Function(
        "lookup",
        _lookup,
        lambda dy, y, vectors, indices: (*_take_gradient(dy, vectors, indices, 0), np.zeros_like(indices)),
    ),
    Function(
        "take_along_axis", lambda x, indices, axis: np.take_along_axis(x, _as_indices(indices), axis), _take_along_axis_gradient
    ),
    Function(
        "add_along_axis",
        _add_along_axis,
        lambda dy, y, x, indices, shape, axis: (applied("take_along_axis", dy, indices, axis=axis), np.zeros_like(indices)),
    ),
    Function("tile", lambda x, repeats: np.tile(x, repeats), _tile_gradient),
    Function("repeat", np.repeat, _repeat_gradient),
    Function("roll", np.roll, lambda dy, y, x, shift, axis: (np.roll(dy, np.negative(shift), axis),)),
    Function("cumsum", np.cumsum, _cumsum_gradient),
    Function("cumprod", np.cumprod, _cumprod_gradient),
    Function("linspace", _linspace, _linspace_gradient),
    Function("view", lambda x, dtype, itemsize: np.asarray(x, order="C").view(dtype)),
    Function("getitem", lambda x, key: x[key], _getitem_gradient),
    Function("add_at", _add_at, lambda dy, y, x, shape, key: (dy[key],)),
    Function(
        "stack",
        lambda *xs, axis=0: np.stack(xs, axis),
        lambda dy, y, *xs, axis=0: [part.squeeze(axis) for part in np.split(dy, len(xs), axis)],
    ),
    Function(
        "concatenate",
        lambda *xs, axis=-1: np.concatenate(xs, axis),
        lambda dy, y, *xs, axis=-1: np.split(dy, np.cumsum([x.shape[axis] for x in xs[:-1]]), axis),
        _emit_concatenate,
    ),
    Function("one_hot", lambda x, classes, dtype: np.equal(x[..., np.newaxis], np.arange(classes))),
    Function("relu", _relu, _relu_gradient),
    Function("sparsemax", _sparsemax, _sparsemax_gradient),
    Function("stop_gradient", lambda x: x),
    Function("conv", _conv, emit=_emit_conv),
    Function("conv_transpose", _conv_transpose, emit=_emit_conv_transpose),
    Function("ctc_loss", _ctc_loss, emit=_emit_ctc_loss),
    Function(
        "bilateral",
        lambda x, kernel, sharpness, window: _filtered(x, "bilateral", kernel, sharpness, window),
        emit=_emit_filter("Bilateral"),
    ),
    Function("choose", _choose, emit=_emit_filter("Choose")),
    Function("resample", _resample, emit=_emit_resample),
    Function(
        "correlate_windows",
        lambda x, kernel, window: _filtered(x, "correlate", kernel, window),
        emit=_emit_filter("Correlate"),
    ),
    *FOURIER_FUNCTIONS,
    *LINEAR_ALGEBRA,
    *SEGMENT_FUNCTIONS,
    *SPECIAL_FUNCTIONS,
]
FUNCTIONS.update({function.name: function for function in _all})

#: Functions whose operation returns a view of its input, and so may have any dtype.
VIEWS = frozenset(["expand_dims", "reshape", "squeeze"])
