"""Functions with NumPy's names."""

import itertools
import math

import numpy as np

from .._common.checks import axis_of, boolean, integer, integers
from .._common.errors import explain_all
from .._common.names import public_names
from ..engine import Value, Variable, operations
from ..engine.dtypes import dtype_named
from ..engine.operators import apply
from ._functions import binary, in_dtype, numpy_axis, reduction, shape_of, unary
from .core import cast

absolute = abs = unary("absolute", "Return the absolute value.")
add = binary("add", "Return the elementwise sum.")
subtract = binary("subtract", "Return the elementwise difference.")
multiply = binary("multiply", "Return the elementwise product.")
divide = true_divide = binary("divide", "Return the elementwise quotient.")
floor_divide = binary("floor_divide", "Return the elementwise quotient, rounded down.")
mod = binary("mod", "Return the remainder of the quotient that is rounded down, ``x1 - floor(x1 / x2) * x2``.")
power = binary("power", "Return `x1` to the power of `x2`.")
maximum = binary("maximum", "Return the elementwise maximum of two arrays.")
minimum = binary("minimum", "Return the elementwise minimum of two arrays.")
arctan2 = binary("arctan2", "Return the angle of the point (x2, x1), in radians.")
equal = binary("equal", "Return a mask, 1 where `x1` and `x2` are equal.")
not_equal = binary("not_equal", "Return a mask, 1 where `x1` and `x2` differ.")
greater = binary("greater", "Return a mask, 1 where ``x1 > x2``.")
greater_equal = binary("greater_equal", "Return a mask, 1 where ``x1 >= x2``.")
less = binary("less", "Return a mask, 1 where ``x1 < x2``.")
less_equal = binary("less_equal", "Return a mask, 1 where ``x1 <= x2``.")
logical_and = binary("logical_and", "Return a mask, 1 where neither `x1` nor `x2` is 0.")
logical_or = binary("logical_or", "Return a mask, 0 where `x1` and `x2` are both 0.")
logical_xor = binary("logical_xor", "Return a mask, 1 where exactly one of `x1` and `x2` is 0.")
logical_not = unary("logical_not", "Return a mask, 1 where `x` is 0.")
bitwise_and = binary("bitwise_and", "Return the bitwise and of integers; of floats, as `logical_and`.")
bitwise_or = binary("bitwise_or", "Return the bitwise or of integers; of floats, as `logical_or`.")
bitwise_xor = binary("bitwise_xor", "Return the bitwise exclusive or of integers; of floats, as `logical_xor`.")
bitwise_not = bitwise_invert = unary("bitwise_not", "Return the inverted bits of integers; of floats, as `logical_not`.")
negative = unary("negative", "Return ``-x``.")
square = unary("square", "Return the square.")
sqrt = unary("sqrt", "Return the square root.")
reciprocal = unary("reciprocal", "Return ``1 / x``.")
exp = unary("exp", "Return the exponential.")
expm1 = unary("expm1", "Return ``exp(x) - 1``, accurate near 0.")
log = unary("log", "Return the natural logarithm.")
log1p = unary("log1p", "Return ``log(1 + x)``, accurate near 0.")
log2 = unary("log2", "Return the logarithm to base 2.")
log10 = unary("log10", "Return the logarithm to base 10.")
sin = unary("sin", "Return the sine of an angle in radians.")
cos = unary("cos", "Return the cosine of an angle in radians.")
tan = unary("tan", "Return the tangent of an angle in radians.")
sign = unary("sign", "Return the sign: -1, 0 or 1.")
floor = unary("floor", "Return the largest integer that is at most `x`.")
ceil = unary("ceil", "Return the smallest integer that is at least `x`.")
isnan = unary("isnan", "Return a mask, 1 where `x` is NaN.")
isinf = unary("isinf", "Return a mask, 1 where `x` is infinite.")
isfinite = unary("isfinite", "Return a mask, 1 where `x` is finite.")
sum = reduction("sum", "Return the sum along axes, or over all.")
mean = reduction("mean", "Return the mean along axes, or over all.")
prod = reduction("prod", "Return the product along axes, or over all.")
any = reduction("any", "Return whether any element is not 0, along axes or over all.")
all = reduction("all", "Return whether no element is 0, along axes or over all.")
argmax = reduction("argmax", "Return the index of the largest element along an axis, or in the flattened array.")
argmin = reduction("argmin", "Return the index of the smallest element along an axis, or in the flattened array.")


def max(x, axis=None, keepdims=False, initial=None):
    """Return the maximum along axes, or over all, including `initial` unless that is None."""
    y = apply("max", x, axis=numpy_axis(axis), keepdims=boolean("keepdims", keepdims))
    return y if initial is None else maximum(y, initial)


def min(x, axis=None, keepdims=False, initial=None):
    """Return the minimum along axes, or over all, including `initial` unless that is None."""
    y = apply("min", x, axis=numpy_axis(axis), keepdims=boolean("keepdims", keepdims))
    return y if initial is None else minimum(y, initial)


amax, amin = max, min


def var(x, axis=None, keepdims=False):
    """Return the variance along axes, or over all."""
    return mean(square(subtract(x, mean(x, axis, keepdims=True))), axis, keepdims)


def std(x, axis=None, keepdims=False):
    """Return the standard deviation along axes, or over all."""
    return sqrt(var(x, axis, keepdims))


def round(x, decimals=0):
    """Return `x` rounded to a number of decimals."""
    return apply("round", x, decimals=decimals)


def clip(x, x_min, x_max):
    """Return `x` clipped to between `x_min` and `x_max`."""
    return apply("clip", x, x_min, x_max)


def where(condition, x1=None, x2=None):
    """Return `x1` where `condition` is not 0, `x2` elsewhere; without both, the indices where `condition` is not 0."""
    return np.nonzero(condition) if x1 is None and x2 is None else apply("where", condition, x1, x2)


def cumsum(x, axis=None):
    """Return the cumulative sum along an axis; of the flattened array if None."""
    return apply("cumsum", ravel(x), axis=0) if axis is None else apply("cumsum", x, axis=axis)


def argsort(x, axis=-1):
    """Return the indices that sort the elements along an axis in ascending order; those of the flattened array if None."""
    return apply("argsort", ravel(x), axis=-1) if axis is None else apply("argsort", x, axis=axis)


def sort(x, axis=-1):
    """Return the elements sorted along an axis in ascending order; of the flattened array if None."""
    return take_along_axis(x, argsort(x, axis), axis)


def matmul(x1, x2):
    """Return the matrix product."""
    if isinstance(x1, Value) and isinstance(x2, Variable) and len(x2.shape) == 2 and len(x1.shape) > 1 and x1.dtype == x2.dtype:
        return operations.Dense(x1, x2).y
    return apply("matmul", x1, x2)


def dot(x1, x2):
    """Return the sum of products over the last axis of `x1` and the second-to-last, or only, axis of `x2`, as `numpy.dot`."""
    shape1, shape2 = shape_of(x1), shape_of(x2)
    if not shape1 or not shape2:
        return multiply(x1, x2)
    if len(shape2) < 3:
        return matmul(x1, x2)
    columns = reshape(moveaxis(x2, -2, 0), (shape2[-2], -1))
    return reshape(matmul(x1, columns), (*shape1[:-1], *shape2[:-2], shape2[-1]))


def reshape(x, newshape):
    """Return `x` in another shape, batch included; None, such as ``shape(x)[0]`` in a graph of layers, is the batch size."""
    return apply("reshape", x, shape=(newshape,) if isinstance(newshape, int) else tuple(newshape))


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
    """Return `x` with an additional axis of size 1."""
    return apply("expand_dims", x, axis=axis)


def squeeze(x, axis=None):
    """Return `x` without one axis of size 1 or several; all of them if None."""
    return apply("squeeze", x, axis=numpy_axis(axis))


def concatenate(xs, axis=0):
    """Return several arrays concatenated along an axis."""
    return apply("concatenate", *xs, axis=axis)


def stack(x, axis=0):
    """Return several arrays joined along a new axis."""
    return apply("stack", *x, axis=axis)


def hstack(xs):
    """Return several arrays concatenated along the second axis, or vectors along their only axis."""
    return concatenate(xs, axis=0 if len(shape_of(xs[0])) == 1 else 1)


def vstack(xs):
    """Return several arrays concatenated along the first axis; vectors become rows."""
    return concatenate([expand_dims(each, 0) if len(shape_of(each)) == 1 else each for each in xs], axis=0)


def split(x, indices_or_sections, axis=0):
    """Return a list of parts along an axis: a number of equal parts, or the parts between indices."""
    shape = shape_of(x)
    axis = axis_of(axis, "x", shape)
    if not isinstance(indices_or_sections, (list, tuple, np.ndarray)) or not np.ndim(indices_or_sections):
        indices_or_sections = integer("indices_or_sections", indices_or_sections, 1)
        if shape[axis] is not None and shape[axis] % indices_or_sections:
            raise ValueError(
                f"indices_or_sections={indices_or_sections} does not divide {shape[axis]}, the size of axis={axis}; expected a "
                "divisor, or indices"
            )
        return [apply("part", x, number=index, parts=indices_or_sections, axis=axis) for index in range(indices_or_sections)]
    bounds = [0, *map(int, indices_or_sections), None]
    whole = (slice(None),) * axis
    return [apply("getitem", x, key=(*whole, slice(start, stop))) for start, stop in itertools.pairwise(bounds)]


def take(x, indices, axis=None):
    """Return the elements at these indices along an axis; of the flattened array if None."""
    return apply("take", ravel(x), indices, axis=0) if axis is None else apply("take", x, indices, axis=axis)


def take_along_axis(x, indices, axis=None):
    """Return elements by indices along an axis, separate for each row; of the flattened array if None."""
    if axis is None:
        return apply("take_along_axis", ravel(x), ravel(indices), axis=0)
    return apply("take_along_axis", x, indices, axis=axis)


def tile(x, repeats):
    """Return `x` repeated as a whole, `repeats` times along each axis."""
    return apply("tile", x, repeats=integers("repeats", repeats if np.ndim(repeats) else (repeats,), 0))


def repeat(x, repeats, axis=None):
    """Return `x` with each element repeated along an axis; of the flattened array if None."""
    repeats = integers("repeats", repeats, 0) if np.ndim(repeats) else integer("repeats", repeats, 0)
    return (
        apply("repeat", ravel(x), repeats=repeats, axis=0) if axis is None else apply("repeat", x, repeats=repeats, axis=axis)
    )


def flip(x, axis=None):
    """Return `x` with its elements in reverse order along one axis or several; all if None."""
    rank = len(shape_of(x))
    flipped = range(rank) if axis is None else np.atleast_1d(axis) % rank
    return apply("getitem", x, key=tuple(slice(None, None, -1 if i in flipped else None) for i in range(rank)))


def roll(x, shift, axis=None):
    """Return `x` shifted cyclically along axes; as the flattened array if None."""
    return apply("roll", x, shift=numpy_axis(shift), axis=numpy_axis(axis))


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
    if mode == "constant":
        value = 0.0 if constant_values is None else float(constant_values)
        return apply("pad", x, amounts=amounts, value=value)
    return apply("pad_with_elements", x, amounts=amounts, mode=mode)


def broadcast_to(x, shape):
    """Return `x` broadcast to a shape by NumPy's rules."""
    return apply("broadcast_to", x, shape=tuple(shape))


def zeros_like(x, dtype=None):
    """Return zeros in the shape of `x`."""
    return _like("zeros_like", x, dtype)


def ones_like(x, dtype=None):
    """Return ones in the shape of `x`."""
    return _like("ones_like", x, dtype)


def full_like(x, fill_value, dtype=None):
    """Return an array in the shape of `x`, filled with one number."""
    ones = ones_like(x, dtype)
    return where(ones, cast(fill_value, ones.dtype), ones)


def _like(name, x, dtype):
    """Return the result of a function of `x`, in a dtype unless that is None."""
    return apply(name, x) if dtype is None else apply(name, x, dtype=dtype_named(dtype).name)


def zeros(shape, dtype="float32"):
    """Return an array of zeros."""
    return np.zeros(shape, dtype)


def ones(shape, dtype="float32"):
    """Return an array of ones."""
    return np.ones(shape, dtype)


def full(shape, fill_value, dtype=None):
    """Return an array filled with one number."""
    return np.full(shape, fill_value, "float32" if dtype is None else dtype)


def arange(start, stop=None, step=1, dtype=None):
    """Return evenly spaced numbers from `start`, 0 by default, to below `stop`."""
    return in_dtype(np.arange(start, stop, step) if stop is not None else np.arange(0, start, step), dtype)


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    """Return `num` evenly spaced numbers from `start` to `stop`; with `retstep` also their distance."""
    numbers, step = np.linspace(start, stop, num, endpoint, retstep=True, axis=axis)
    return (in_dtype(numbers, dtype), step) if retstep else in_dtype(numbers, dtype)


def eye(N, M=None, k=0, dtype="float32"):
    """Return a matrix with ones on the diagonal, shifted to the right by `k`, and zeros elsewhere."""
    return np.eye(N, M, k, dtype)


def array(x, dtype=None):
    """Return an array; Python's floats become float32."""
    return np.array(x, dtype) if dtype is not None or hasattr(x, "dtype") else in_dtype(np.array(x), None)


def ndim(x):
    """Return the number of axes of `x`."""
    return len(shape_of(x))


def size(x):
    """Return the number of elements of `x`."""
    return math.prod(shape_of(x))


__all__ = [
    "abs",
    "absolute",
    "add",
    "all",
    "amax",
    "amin",
    "any",
    "arange",
    "arctan2",
    "argmax",
    "argmin",
    "argsort",
    "array",
    "bitwise_and",
    "bitwise_invert",
    "bitwise_not",
    "bitwise_or",
    "bitwise_xor",
    "broadcast_to",
    "ceil",
    "clip",
    "concatenate",
    "cos",
    "cumsum",
    "divide",
    "dot",
    "equal",
    "exp",
    "expand_dims",
    "expm1",
    "eye",
    "flip",
    "floor",
    "floor_divide",
    "full",
    "full_like",
    "greater",
    "greater_equal",
    "hstack",
    "isfinite",
    "isinf",
    "isnan",
    "less",
    "less_equal",
    "linspace",
    "log",
    "log1p",
    "log2",
    "log10",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "matmul",
    "max",
    "maximum",
    "mean",
    "min",
    "minimum",
    "mod",
    "moveaxis",
    "multiply",
    "ndim",
    "negative",
    "not_equal",
    "ones",
    "ones_like",
    "pad",
    "power",
    "prod",
    "ravel",
    "reciprocal",
    "repeat",
    "reshape",
    "roll",
    "round",
    "sign",
    "sin",
    "size",
    "sort",
    "split",
    "sqrt",
    "square",
    "squeeze",
    "stack",
    "std",
    "subtract",
    "sum",
    "swapaxes",
    "take",
    "take_along_axis",
    "tan",
    "tile",
    "transpose",
    "true_divide",
    "var",
    "vstack",
    "where",
    "zeros",
    "zeros_like",
]

__dir__ = public_names(globals())

explain_all(globals(), __all__)
