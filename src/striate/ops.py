"""Functions for `call` of layers, losses and penalties of one's own, with Keras' names: on arrays, weights, values and tensors.

On arrays they compute at once, with NumPy. On what stands for an array they become a part of the model, gradients included:
kernels where there are some, otherwise NumPy, a step of the program that takes Python's lock.
"""

import numpy as np

from .activations import (
    celu,
    elu,
    gelu,
    glu,
    hard_shrink,
    hard_sigmoid,
    hard_silu,
    hard_swish,
    hard_tanh,
    leaky_relu,
    log_sigmoid,
    log_softmax,
    mish,
    relu,
    relu6,
    selu,
    sigmoid,
    silu,
    soft_shrink,
    softmax,
    softplus,
    softsign,
    sparse_plus,
    sparse_sigmoid,
    sparsemax,
    squareplus,
    swish,
    tanh,
    tanh_shrink,
    threshold,
)
from .engine import Value, Variable, operations
from .engine.operators import Operators, apply


def _of_one(name, doc):
    def function(x):
        return apply(name, x)

    return _described(function, name, doc)


def _of_two(name, doc):
    def function(x1, x2):
        return apply(name, x1, x2)

    return _described(function, name, doc)


def _along(name, doc):
    def function(x, axis=None, keepdims=False):
        return apply(name, x, axis=_axes(axis), keepdims=bool(keepdims))

    return _described(function, name, doc)


def _described(function, name, doc):
    function.__name__ = function.__qualname__ = name
    function.__doc__ = doc
    return function


def _axes(axis):
    return tuple(axis) if isinstance(axis, list) else axis


absolute = abs = _of_one("absolute", "Return the absolute value.")
add = _of_two("add", "Return the sum.")
subtract = _of_two("subtract", "Return the difference.")
multiply = _of_two("multiply", "Return the product, element by element.")
divide = true_divide = _of_two("divide", "Return the quotient.")
power = _of_two("power", "Return `x1` to the power of `x2`.")
maximum = _of_two("maximum", "Return the larger of two, element by element.")
minimum = _of_two("minimum", "Return the smaller of two, element by element.")
arctan2 = _of_two("arctan2", "Return the angle of the point (x2, x1), in radians.")
equal = _of_two("equal", "Return where both are equal: 1, or 0 elsewhere.")
not_equal = _of_two("not_equal", "Return where both differ.")
greater = _of_two("greater", "Return where the first is larger.")
greater_equal = _of_two("greater_equal", "Return where the first is not smaller.")
less = _of_two("less", "Return where the first is smaller.")
less_equal = _of_two("less_equal", "Return where the first is not larger.")
logical_and = _of_two("logical_and", "Return where neither is 0.")
logical_or = _of_two("logical_or", "Return where not both are 0.")
logical_not = _of_one("logical_not", "Return where it is 0.")
negative = _of_one("negative", "Return the negative.")
square = _of_one("square", "Return the square.")
sqrt = _of_one("sqrt", "Return the square root.")
rsqrt = _of_one("rsqrt", "Return one over the square root.")
reciprocal = _of_one("reciprocal", "Return one over it.")
exp = _of_one("exp", "Return the exponential.")
expm1 = _of_one("expm1", "Return the exponential less 1.")
log = _of_one("log", "Return the natural logarithm.")
log1p = _of_one("log1p", "Return the natural logarithm of 1 more.")
sin = _of_one("sin", "Return the sine of an angle in radians.")
cos = _of_one("cos", "Return the cosine of an angle in radians.")
sign = _of_one("sign", "Return the sign: -1, 0 or 1.")
floor = _of_one("floor", "Return the largest integer that is not larger.")
ceil = _of_one("ceil", "Return the smallest integer that is not smaller.")
round = _of_one("round", "Return the nearest integer.")
isnan = _of_one("isnan", "Return where it is no number.")
isfinite = _of_one("isfinite", "Return where it is finite.")
zeros_like = _of_one("zeros_like", "Return zeros of its shape.")
ones_like = _of_one("ones_like", "Return ones of its shape.")
stop_gradient = _of_one("stop_gradient", "Return it, as something whose gradient is zero.")
sum = _along("sum", "Return the sum along axes, or over all.")
mean = _along("mean", "Return the mean along axes, or over all.")
max = amax = _along("max", "Return the largest along axes, or of all.")
min = amin = _along("min", "Return the smallest along axes, or of all.")
argmax = _along("argmax", "Return the number of the largest along an axis.")
argmin = _along("argmin", "Return the number of the smallest along an axis.")


def var(x, axis=None, keepdims=False):
    """Return the variance along axes, or over all."""
    return mean(square(subtract(x, mean(x, axis, keepdims=True))), axis, keepdims)


def std(x, axis=None, keepdims=False):
    """Return the standard deviation along axes, or over all."""
    return sqrt(var(x, axis, keepdims))


def norm(x, axis=None, keepdims=False):
    """Return the Euclidean norm along axes, or over all."""
    return sqrt(sum(square(x), axis, keepdims))


def normalize(x, axis=-1, epsilon=1e-12):
    """Return vectors along an axis, scaled to length 1; at least `epsilon` is divided by."""
    return divide(x, maximum(norm(x, axis, keepdims=True), epsilon))


def clip(x, x_min, x_max):
    """Return it, cut off at two limits."""
    return apply("clip", x, x_min, x_max)


def where(condition, x1, x2):
    """Return the first where the condition is not 0, and the second elsewhere."""
    return apply("where", condition, x1, x2)


def matmul(x1, x2):
    """Return the matrix product."""
    if isinstance(x1, Value) and isinstance(x2, Variable) and len(x2.shape) == 2 and len(x1.shape) > 1:
        return operations.Dense(x1, x2).y
    return apply("matmul", x1, x2)


def dot(x1, x2):
    """Return the matrix product of vectors and matrices."""
    return matmul(x1, x2)


def reshape(x, newshape):
    """Return it under another shape, the batch included."""
    return apply("reshape", x, shape=tuple(newshape))


def transpose(x, axes=None):
    """Return it with its axes in another order, the reverse if None."""
    return apply("transpose", x, axes=None if axes is None else tuple(axes))


def expand_dims(x, axis):
    """Return it with one more axis, of size 1."""
    shape = list(x.shape)
    axis = axis + len(shape) + 1 if axis < 0 else axis
    return reshape(x, [-1 if size is None else size for size in (*shape[:axis], 1, *shape[axis:])])


def squeeze(x, axis):
    """Return it without an axis of size 1."""
    shape = list(x.shape)
    if shape.pop(axis) != 1:
        raise ValueError(f"axis={axis} has size {x.shape[axis]}; expected an axis of size 1")
    return reshape(x, [-1 if size is None else size for size in shape])


def concatenate(xs, axis=0):
    """Return several, one behind the other along an axis."""
    return apply("concatenate", *xs, axis=axis)


def stack(xs, axis=0):
    """Return several along a new axis."""
    return apply("stack", *xs, axis=axis)


def one_hot(x, num_classes):
    """Return vectors that are 1 at the place that a number tells, and 0 elsewhere."""
    return apply("one_hot", x, classes=int(num_classes))


def cast(x, dtype):
    """Return an array in a dtype; what stands for one keeps its own."""
    return x if isinstance(x, Operators) else np.asarray(x, dtype)


def convert_to_tensor(x, dtype=None):
    """Return an array; what stands for one as it is."""
    return x if isinstance(x, Operators) else np.asarray(x, dtype)


def convert_to_numpy(x):
    """Return an array."""
    return np.asarray(x)


def shape(x):
    """Return the shape."""
    return tuple(x.shape)


def zeros(shape, dtype="float32"):
    """Return zeros."""
    return np.zeros(shape, dtype)


def ones(shape, dtype="float32"):
    """Return ones."""
    return np.ones(shape, dtype)


def arange(start, stop=None, step=1, dtype=None):
    """Return numbers at equal distances."""
    return np.arange(start, stop, step, dtype) if stop is not None else np.arange(0, start, step, dtype)


def eye(N, M=None, dtype="float32"):
    """Return the unit matrix."""
    return np.eye(N, M, dtype=dtype)


__all__ = [
    "abs",
    "absolute",
    "add",
    "amax",
    "amin",
    "arange",
    "arctan2",
    "argmax",
    "argmin",
    "cast",
    "ceil",
    "celu",
    "clip",
    "concatenate",
    "convert_to_numpy",
    "convert_to_tensor",
    "cos",
    "divide",
    "dot",
    "elu",
    "equal",
    "exp",
    "expand_dims",
    "expm1",
    "eye",
    "floor",
    "gelu",
    "glu",
    "greater",
    "greater_equal",
    "hard_shrink",
    "hard_sigmoid",
    "hard_silu",
    "hard_swish",
    "hard_tanh",
    "isfinite",
    "isnan",
    "leaky_relu",
    "less",
    "less_equal",
    "log",
    "log1p",
    "log_sigmoid",
    "log_softmax",
    "logical_and",
    "logical_not",
    "logical_or",
    "matmul",
    "max",
    "maximum",
    "mean",
    "min",
    "minimum",
    "mish",
    "multiply",
    "negative",
    "norm",
    "normalize",
    "not_equal",
    "one_hot",
    "ones",
    "ones_like",
    "power",
    "reciprocal",
    "relu",
    "relu6",
    "reshape",
    "round",
    "rsqrt",
    "selu",
    "shape",
    "sigmoid",
    "sign",
    "silu",
    "sin",
    "soft_shrink",
    "softmax",
    "softplus",
    "softsign",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "sqrt",
    "square",
    "squareplus",
    "squeeze",
    "stack",
    "std",
    "stop_gradient",
    "subtract",
    "sum",
    "swish",
    "tanh",
    "tanh_shrink",
    "threshold",
    "transpose",
    "true_divide",
    "var",
    "where",
    "zeros",
    "zeros_like",
]
