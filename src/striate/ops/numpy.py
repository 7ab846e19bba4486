"""Functions of NumPy's names."""

import math

import numpy as np

from .._common.checks import axis_of, boolean, integer, integers
from .._common.errors import explain_all
from ..engine import Value, Variable, operations
from ..engine.dtypes import dtype_named
from ..engine.operators import apply
from ._functions import along, axes, in_dtype, of_one, of_two, shape_of
from .core import cast

absolute = abs = of_one("absolute", "Return the absolute value.")
add = of_two("add", "Return the sum.")
subtract = of_two("subtract", "Return the difference.")
multiply = of_two("multiply", "Return the product, element by element.")
divide = true_divide = of_two("divide", "Return the quotient.")
floor_divide = of_two("floor_divide", "Return the quotient, rounded down.")
mod = of_two("mod", "Return what is left of a division rounded down.")
power = of_two("power", "Return `x1` to the power of `x2`.")
maximum = of_two("maximum", "Return the larger of two, element by element.")
minimum = of_two("minimum", "Return the smaller of two, element by element.")
arctan2 = of_two("arctan2", "Return the angle of the point (x2, x1), in radians.")
equal = of_two("equal", "Return where both are equal: 1, or 0 elsewhere.")
not_equal = of_two("not_equal", "Return where both differ.")
greater = of_two("greater", "Return where the first is larger.")
greater_equal = of_two("greater_equal", "Return where the first is not smaller.")
less = of_two("less", "Return where the first is smaller.")
less_equal = of_two("less_equal", "Return where the first is not larger.")
logical_and = of_two("logical_and", "Return where neither is 0.")
logical_or = of_two("logical_or", "Return where not both are 0.")
logical_xor = of_two("logical_xor", "Return where one is 0 and the other is not.")
logical_not = of_one("logical_not", "Return where it is 0.")
bitwise_and = of_two("bitwise_and", "Return the bits that both have; where neither is 0, of floats.")
bitwise_or = of_two("bitwise_or", "Return the bits that one has; where not both are 0, of floats.")
bitwise_xor = of_two("bitwise_xor", "Return the bits that only one has; where only one is not 0, of floats.")
bitwise_not = bitwise_invert = of_one("bitwise_not", "Return the other bits; where it is 0, of floats.")
negative = of_one("negative", "Return the negative.")
square = of_one("square", "Return the square.")
sqrt = of_one("sqrt", "Return the square root.")
reciprocal = of_one("reciprocal", "Return one over it.")
exp = of_one("exp", "Return the exponential.")
expm1 = of_one("expm1", "Return the exponential less 1.")
log = of_one("log", "Return the natural logarithm.")
log1p = of_one("log1p", "Return the natural logarithm of 1 more.")
log2 = of_one("log2", "Return the logarithm to base 2.")
log10 = of_one("log10", "Return the logarithm to base 10.")
sin = of_one("sin", "Return the sine of an angle in radians.")
cos = of_one("cos", "Return the cosine of an angle in radians.")
tan = of_one("tan", "Return the tangent of an angle in radians.")
sign = of_one("sign", "Return the sign: -1, 0 or 1.")
floor = of_one("floor", "Return the largest integer that is not larger.")
ceil = of_one("ceil", "Return the smallest integer that is not smaller.")
isnan = of_one("isnan", "Return where it is not a number.")
isinf = of_one("isinf", "Return where it is infinite.")
isfinite = of_one("isfinite", "Return where it is finite.")
sum = along("sum", "Return the sum along axes, or over all.")
mean = along("mean", "Return the mean along axes, or over all.")
prod = along("prod", "Return the product along axes, or over all.")
any = along("any", "Return whether one is not 0 along axes, or of all.")
all = along("all", "Return whether none is 0 along axes, or of all.")
argmax = along("argmax", "Return the number of the largest along an axis.")
argmin = along("argmin", "Return the number of the smallest along an axis.")


def max(x, axis=None, keepdims=False, initial=None):
    """Return the largest along axes, or of all; at least `initial`, if that is given."""
    y = apply("max", x, axis=axes(axis), keepdims=boolean("keepdims", keepdims))
    return y if initial is None else maximum(y, initial)


def min(x, axis=None, keepdims=False, initial=None):
    """Return the smallest along axes, or of all; at most `initial`, if that is given."""
    y = apply("min", x, axis=axes(axis), keepdims=boolean("keepdims", keepdims))
    return y if initial is None else minimum(y, initial)


amax, amin = max, min


def var(x, axis=None, keepdims=False):
    """Return the variance along axes, or over all."""
    return mean(square(subtract(x, mean(x, axis, keepdims=True))), axis, keepdims)


def std(x, axis=None, keepdims=False):
    """Return the standard deviation along axes, or over all."""
    return sqrt(var(x, axis, keepdims))


def round(x, decimals=0):
    """Return the nearest number with some number of decimals."""
    return apply("round", x, decimals=decimals)


def clip(x, x_min, x_max):
    """Return it, cut off at two limits."""
    return apply("clip", x, x_min, x_max)


def where(condition, x1=None, x2=None):
    """Return the first where the condition is not 0, and the second elsewhere; the places where it is not 0 without both."""
    return np.nonzero(condition) if x1 is None and x2 is None else apply("where", condition, x1, x2)


def cumsum(x, axis=None):
    """Return the sum of each element and those before it along an axis; of the flattened array if None."""
    return apply("cumsum", ravel(x), axis=0) if axis is None else apply("cumsum", x, axis=axis)


def argsort(x, axis=-1):
    """Return the indices that sort the elements along an axis, from the smallest to the largest."""
    return apply("argsort", ravel(x), axis=-1) if axis is None else apply("argsort", x, axis=axis)


def sort(x, axis=-1):
    """Return elements along an axis from the smallest to the largest."""
    return take_along_axis(x, argsort(x, axis), axis)


def matmul(x1, x2):
    """Return the matrix product."""
    if isinstance(x1, Value) and isinstance(x2, Variable) and len(x2.shape) == 2 and len(x1.shape) > 1 and x1.dtype == x2.dtype:
        return operations.Dense(x1, x2).y
    return apply("matmul", x1, x2)


def dot(x1, x2):
    """Return the sums of products along the last axis of one and the second to last, or only, axis of the other."""
    shape1, shape2 = shape_of(x1), shape_of(x2)
    if not shape1 or not shape2:
        return multiply(x1, x2)
    if len(shape2) < 3:
        return matmul(x1, x2)
    columns = reshape(moveaxis(x2, -2, 0), (shape2[-2], -1))
    return reshape(matmul(x1, columns), (*shape1[:-1], *shape2[:-2], shape2[-1]))


def reshape(x, newshape):
    """Return it under another shape, the batch included; None, as in ``shape(x)[0]`` of a graph of layers, is the batch."""
    return apply("reshape", x, shape=(newshape,) if isinstance(newshape, int) else tuple(newshape))


def ravel(x):
    """Return it with one axis."""
    return reshape(x, (-1,))


def transpose(x, axes=None):
    """Return it with its axes in another order, the reverse if None."""
    return apply("transpose", x, axes=None if axes is None else tuple(axes))


def swapaxes(x, axis1, axis2):
    """Return it with two axes in each other's place."""
    order = list(range(len(shape_of(x))))
    order[axis1], order[axis2] = order[axis2], order[axis1]
    return transpose(x, order)


def moveaxis(x, source, destination):
    """Return it with one or several axes in other places."""
    # The sizes of an array whose every size is the axis' index show where NumPy moves the axes.
    axes = np.moveaxis(np.empty(range(len(shape_of(x)))), source, destination).shape
    return transpose(x, axes)


def expand_dims(x, axis):
    """Return it with one more axis, of size 1."""
    return apply("expand_dims", x, axis=axis)


def squeeze(x, axis=None):
    """Return it without an axis of size 1, or several, or all of them."""
    return apply("squeeze", x, axis=axes(axis))


def concatenate(xs, axis=0):
    """Return several concatenated along an axis."""
    return apply("concatenate", *xs, axis=axis)


def stack(x, axis=0):
    """Return several along a new axis."""
    return apply("stack", *x, axis=axis)


def hstack(xs):
    """Return several concatenated along the second axis, or the first of vectors."""
    return concatenate(xs, axis=0 if len(shape_of(xs[0])) == 1 else 1)


def vstack(xs):
    """Return several concatenated along the first axis; vectors become rows."""
    return concatenate([expand_dims(each, 0) if len(shape_of(each)) == 1 else each for each in xs], axis=0)


def split(x, indices_or_sections, axis=0):
    """Return a list of parts along an axis: a number of equal ones, or those between indices."""
    shape = shape_of(x)
    axis = axis_of(axis, "x", shape)
    if not isinstance(indices_or_sections, (list, tuple, np.ndarray)) or not np.ndim(indices_or_sections):
        indices_or_sections = integer("indices_or_sections", indices_or_sections, 1)
        if shape[axis] is not None and shape[axis] % indices_or_sections:
            raise ValueError(
                f"indices_or_sections={indices_or_sections} does not divide {shape[axis]}, the size of axis={axis}; expected a "
                "divisor, or indices"
            )
        parts = range(indices_or_sections)
        return [apply("part", x, number=number, parts=indices_or_sections, axis=axis) for number in parts]
    inner = [int(each) for each in indices_or_sections]
    before = (slice(None),) * axis
    return [
        apply("getitem", x, key=(*before, slice(start, stop))) for start, stop in zip([0, *inner], [*inner, None], strict=True)
    ]


def take(x, indices, axis=None):
    """Return the elements at these indices along an axis; of the flattened array if None."""
    return apply("take", ravel(x), indices, axis=0) if axis is None else apply("take", x, indices, axis=axis)


def take_along_axis(x, indices, axis=None):
    """Return elements by their indices along an axis, which may differ from row to row; of the flattened array if None."""
    if axis is None:
        return apply("take_along_axis", ravel(x), ravel(indices), axis=0)
    return apply("take_along_axis", x, indices, axis=axis)


def tile(x, repeats):
    """Return it several times along each axis."""
    return apply("tile", x, repeats=integers("repeats", repeats if np.ndim(repeats) else (repeats,), 0))


def repeat(x, repeats, axis=None):
    """Return it with each element several times along an axis; of the flattened array if None."""
    repeats = integers("repeats", repeats, 0) if np.ndim(repeats) else integer("repeats", repeats, 0)
    return (
        apply("repeat", ravel(x), repeats=repeats, axis=0) if axis is None else apply("repeat", x, repeats=repeats, axis=axis)
    )


def flip(x, axis=None):
    """Return it the other way round along an axis, several, or all."""
    rank = len(shape_of(x))
    axes = range(rank) if axis is None else np.atleast_1d(axis) % rank
    return apply("getitem", x, key=tuple(slice(None, None, -1 if i in axes else None) for i in range(rank)))


def roll(x, shift, axis=None):
    """Return it shifted along axes, or flattened if None; elements that leave at the end enter at the beginning."""
    return apply("roll", x, shift=axes(shift), axis=axes(axis))


def pad(x, pad_width, mode="constant", constant_values=None):
    """Return it with more elements at its borders.

    Parameters
    ----------
    x : array_like or symbolic tensor
        What is inside.
    pad_width : int, pair of int, or pairs of int
        How many come before and after: along each axis, or for all of them.
    mode : {"constant", "reflect", "symmetric", "edge", "wrap"}
        Their values: a number, or elements of x as for `numpy.pad`.
    constant_values : float, optional
        The number, 0 if None.
    """
    rank = len(shape_of(x))
    amounts = tuple((int(before), int(after)) for before, after in np.broadcast_to(pad_width, (rank, 2)))
    if mode == "constant":
        value = 0.0 if constant_values is None else float(constant_values)
        return apply("pad", x, amounts=amounts, value=value)
    return apply("pad_with_elements", x, amounts=amounts, mode=mode)


def broadcast_to(x, shape):
    """Return it in a shape that NumPy would broadcast it to."""
    return apply("broadcast_to", x, shape=tuple(shape))


def zeros_like(x, dtype=None):
    """Return zeros of its shape."""
    return _like("zeros_like", x, dtype)


def ones_like(x, dtype=None):
    """Return ones of its shape."""
    return _like("ones_like", x, dtype)


def full_like(x, fill_value, dtype=None):
    """Return an array of its shape that holds one number."""
    ones = ones_like(x, dtype)
    return where(ones, cast(fill_value, ones.dtype), ones)


def _like(name, x, dtype):
    return apply(name, x) if dtype is None else apply(name, x, dtype=dtype_named(dtype).name)


def zeros(shape, dtype="float32"):
    """Return zeros."""
    return np.zeros(shape, dtype)


def ones(shape, dtype="float32"):
    """Return ones."""
    return np.ones(shape, dtype)


def full(shape, fill_value, dtype=None):
    """Return an array that holds one number."""
    return np.full(shape, fill_value, "float32" if dtype is None else dtype)


def arange(start, stop=None, step=1, dtype=None):
    """Return evenly spaced numbers."""
    return in_dtype(np.arange(start, stop, step) if stop is not None else np.arange(0, start, step), dtype)


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    """Return `num` evenly spaced numbers between two; with `retstep` also their distance."""
    numbers, step = np.linspace(start, stop, num, endpoint, retstep=True, axis=axis)
    return (in_dtype(numbers, dtype), step) if retstep else in_dtype(numbers, dtype)


def eye(N, M=None, k=0, dtype="float32"):
    """Return the unit matrix, its ones `k` places to the right."""
    return np.eye(N, M, k, dtype)


def array(x, dtype=None):
    """Return an array, Python's floats in float32."""
    return np.array(x, dtype) if dtype is not None or hasattr(x, "dtype") else in_dtype(np.array(x), None)


def ndim(x):
    """Return how many axes it has."""
    return len(shape_of(x))


def size(x):
    """Return how many elements it has."""
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

explain_all(globals(), __all__)
