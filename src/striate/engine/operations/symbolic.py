"""Gradients of functions as operations that have gradients themselves: NumPy's functions applied to values."""

import numpy as np

from ..graph import Value
from ..operators import apply
from .resampling import sum_to

#: Names in `FUNCTIONS` of NumPy's functions with other names.
_NAMES = {"invert": "logical_not", "bitwise_or": "logical_or", "bitwise_and": "logical_and"}


def gradients_of(function, dy, y, arguments, settings):
    """Return the gradients of a function's arguments as values; None for those that are constant.

    Parameters
    ----------
    function : Function
        The function.
    dy, y : Value
        Gradient of its result, and the result.
    arguments : list of Value or ndarray
        Its arguments.
    settings : dict
        Its keyword arguments.

    Raises
    ------
    TypeError
        If the gradient is computed in a way that has no gradient.
    """
    symbols = [_Symbol(each) if isinstance(each, Value) else each for each in arguments]
    try:
        found = function.backward(_Symbol(dy), _Symbol(y), *symbols, **settings)
    except (TypeError, AttributeError) as error:
        raise TypeError(f"the gradient of {function.name!r} has no gradient: {error}") from None
    found = [*found, *[None] * (len(arguments) - len(found))]
    return [
        sum_to(each.value, argument.shape) if isinstance(each, _Symbol) and isinstance(argument, Value) else None
        for each, argument in zip(found, arguments, strict=True)
    ]


class _Symbol(np.lib.mixins.NDArrayOperatorsMixin):
    """A value that takes the place of an array in functions of NumPy."""

    def __init__(self, value):
        self.value = value

    shape = property(lambda self: self.value.shape)
    dtype = property(lambda self: self.value.dtype)
    ndim = property(lambda self: len(self.value.shape))
    size = property(lambda self: int(np.prod(self.value.shape)))

    def __array_ufunc__(self, ufunc, method, *inputs, **settings):
        """Apply a function of elements."""
        if method != "__call__" or settings:
            return NotImplemented
        return _applied(_NAMES.get(ufunc.__name__, ufunc.__name__), *inputs)

    def __array_function__(self, function, types, arguments, settings):
        """Apply a function of arrays, if there is one of values."""
        found = _FUNCTIONS.get(function.__name__)
        return NotImplemented if found is None else found(*arguments, **settings)

    def __getitem__(self, key):
        return _applied("getitem", self, key=key)

    def reshape(self, shape):
        """Return an array of another shape."""
        return _applied("reshape", self, shape=tuple(shape))

    def transpose(self, axes):
        """Return an array with its axes in another order."""
        return _applied("transpose", self, axes=None if axes is None else tuple(int(axis) for axis in axes))

    def sum(self, axis=None, keepdims=False):
        """Return the sum over axes."""
        return _applied("sum", self, axis=axis, keepdims=keepdims)

    def squeeze(self, axis):
        """Return an array without an axis of size 1."""
        return _applied("squeeze", self, axis=axis)

    @staticmethod
    def applied(name, *arguments, **settings):
        """Return a function, given by its name, of arrays."""
        return _applied(name, *arguments, **settings)


def _applied(name, *arguments, **settings):
    values = [each.value if isinstance(each, _Symbol) else each for each in arguments]
    return _Symbol(apply(name, *values, **settings))


def _split(x, parts, axis):
    """Return a number of equal parts along an axis, or the parts between indices."""
    size = x.shape[axis]
    ends = np.arange(1, parts + 1) * (size // parts) if isinstance(parts, int) else [*map(int, parts), size]
    whole = (slice(None),) * (axis % x.ndim)
    return [x[(*whole, slice(int(start), int(end)))] for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def _expand_dims(x, axis):
    axes = axis if isinstance(axis, list) else [axis]
    for each in sorted(each % (x.ndim + len(axes)) for each in axes):
        x = _applied("expand_dims", x, axis=each)
    return x


def _swapaxes(x, first, second):
    axes = list(range(x.ndim))
    axes[first], axes[second] = axes[second], axes[first]
    return x.transpose(axes)


#: Functions of arrays that gradients use, by their names in NumPy.
_FUNCTIONS = {
    "concatenate": lambda xs, axis: _applied("concatenate", *xs, axis=axis),
    "broadcast_to": lambda x, shape: _applied("broadcast_to", x, shape=tuple(shape)),
    "expand_dims": _expand_dims,
    "roll": lambda x, shift, axis: _applied("roll", x, shift=shift, axis=axis),
    "split": _split,
    "sum": lambda x, axis=None, keepdims=False: x.sum(axis, keepdims),
    "swapaxes": _swapaxes,
    "where": lambda condition, a, b: _applied("where", condition, a, b),
    "zeros_like": lambda x: np.zeros(x.shape, x.dtype),
}
