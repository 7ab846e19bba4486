"""Products and sums of vectors and matrices."""

import math
import string

import numpy as np

from ..._common.checks import axis_of, choice, integer, number, shown
from ..._common.errors import explain_all
from ...engine import Value, Variable, operations
from ...engine.contraction import einsum
from ...engine.dtypes import promoted
from ...engine.operations.arithmetic import dtype_of
from ...engine.operators import apply
from .._functions import shape_of
from .._matrices import square_matrices
from ..core import cast, convert_to_tensor
from .elementwise import add, clip, divide, multiply, not_equal, power, sqrt, subtract
from .reductions import mean, sum
from .selection import diagonal
from .shaping import expand_dims, flip, moveaxis, pad, ravel, reshape, roll, transpose


def matmul(x1, x2):
    """Return the matrix product."""
    if isinstance(x1, Value) and isinstance(x2, Variable) and len(x2.shape) == 2 and len(x1.shape) > 1 and x1.dtype == x2.dtype:
        return operations.Dense(x1, x2).y
    return apply("matmul", x1, x2)


def dot(x1, x2):
    """Return the sum of products over the last axis of `x1` and the second-to-last, or only, axis of `x2`, as `numpy.dot`."""
    rank1, rank2 = len(shape_of(x1)), len(shape_of(x2))
    if not rank1 or not rank2:
        return multiply(x1, x2)
    if rank2 < 3:
        return _in_common_dtype(matmul, x1, x2)
    return tensordot(x1, x2, ((-1,), (-2,)))


def inner(x1, x2):
    """Return the sum of products over the last axes of both arrays, or their product if one is a number."""
    if not shape_of(x1) or not shape_of(x2):
        return multiply(x1, x2)
    return tensordot(x1, x2, ((-1,), (-1,)))


def vdot(x1, x2):
    """Return the sum of the products of all elements."""
    return _in_common_dtype(matmul, ravel(x1), ravel(x2))


def outer(x1, x2):
    """Return the products of each element of `x1`, in rows, with each of `x2`, in columns."""
    return multiply(reshape(x1, (-1, 1)), reshape(x2, (1, -1)))


def tensordot(x1, x2, axes=2):
    """Return the sum of products over several axes of two arrays.

    Parameters
    ----------
    x1, x2 : array_like or symbolic tensor
        The arrays.
    axes : int or pair of sequences of int
        How many of the last axes of `x1` and the first of `x2`; or axes of `x1` and those of `x2` that belong to them.

    Returns
    -------
    array or symbolic tensor
        In the shape of `x1` without the axes, followed by that of `x2` without them.
    """
    shapes = shape_of(x1), shape_of(x2)
    if not isinstance(axes, (list, tuple)) and not np.ndim(axes):
        axes = integer("axes", axes, 0)
        axes = range(len(shapes[0]) - axes, len(shapes[0])), range(axes)
    first, second = (
        [axis_of(each, name, shape) for each in np.ravel(some).tolist()]
        for name, shape, some in zip(("x1", "x2"), shapes, axes, strict=True)
    )
    if len(first) != len(second):
        raise ValueError(f"axes={shown(axes)} holds {len(first)} axes of x1 and {len(second)} of x2; expected as many")
    letters = iter(string.ascii_letters)
    of_x1, of_x2 = ([next(letters) for _ in shape] for shape in shapes)
    for i, j in zip(first, second, strict=True):
        of_x2[j] = of_x1[i]
    result = [each for each in of_x1 + of_x2 if (each in of_x1) != (each in of_x2)]
    subscripts = f"{''.join(of_x1)},{''.join(of_x2)}->{''.join(result)}"
    return _in_common_dtype(lambda a, b: einsum(subscripts, a, b), x1, x2)


def _in_common_dtype(product, x1, x2):
    """Return a product in the dtype that both are promoted to: that of int8 matrices is int32."""
    x1, x2 = convert_to_tensor(x1), convert_to_tensor(x2)
    y, dtype = product(x1, x2), promoted(np.dtype(x1.dtype), np.dtype(x2.dtype))
    return cast(y, dtype) if dtype == np.int8 else y


def kron(x1, x2):
    """Return the Kronecker product: blocks of `x2`, each times an element of `x1`."""
    x1, x2 = convert_to_tensor(x1), convert_to_tensor(x2)
    for _ in range(len(x2.shape) - len(x1.shape)):
        x1 = expand_dims(x1, 0)
    for _ in range(len(x1.shape) - len(x2.shape)):
        x2 = expand_dims(x2, 0)
    sizes = [-1 if None in each else math.prod(each) for each in zip(shape_of(x1), shape_of(x2), strict=True)]
    for axis in range(len(sizes)):
        x1, x2 = expand_dims(x1, 2 * axis + 1), expand_dims(x2, 2 * axis)
    return reshape(multiply(x1, x2), sizes)


def cross(x1, x2, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """Return the cross product of vectors of 3 elements, or of 2, whose third is 0; of two of these only the third element.

    Parameters
    ----------
    x1, x2 : array_like or symbolic tensor
        Vectors, whose other axes are broadcast.
    axisa, axisb, axisc : int
        Axis of the vectors in `x1`, in `x2` and in the result.
    axis : int, optional
        All three axes, unless None.

    Returns
    -------
    array or symbolic tensor
    """
    axisa, axisb, axisc = (axisa, axisb, axisc) if axis is None else (axis, axis, axis)
    x1, x2 = moveaxis(x1, axisa, -1), moveaxis(x2, axisb, -1)
    sizes = shape_of(x1)[-1], shape_of(x2)[-1]
    for name, size in zip(("x1", "x2"), sizes, strict=True):
        if size not in (2, 3):
            raise ValueError(f"{name} has vectors of {size} elements; expected 2 or 3")
    if sizes == (2, 2):
        return subtract(multiply(x1[..., 0], x2[..., 1]), multiply(x1[..., 1], x2[..., 0]))
    x1, x2 = (pad(x, [(0, 0)] * (len(shape_of(x)) - 1) + [(0, 3 - size)]) for x, size in zip((x1, x2), sizes, strict=True))
    products = [multiply(roll(x1, -i, -1), roll(x2, i, -1)) for i in (1, -1)]
    return moveaxis(subtract(*products), -1, axisc)


def correlate(x1, x2, mode="valid"):
    """Return the cross-correlation of two signals, ``sum(x1[n + k] * x2[n])`` for each shift k.

    Parameters
    ----------
    x1, x2 : array_like or symbolic tensor, shape (n,) and (m,)
        The signals.
    mode : {"valid", "same", "full"}
        For which shifts: those at which the signals overlap completely, as many as the longer signal has elements, or all at
        which they overlap.

    Returns
    -------
    array or symbolic tensor
    """
    n, m = _length("x1", x1), _length("x2", x2)
    if m > n:
        return flip(correlate(x2, x1, mode))
    before = {"valid": 0, "same": m // 2, "full": m - 1}[choice("mode", mode, ("valid", "same", "full"))]
    after = m - 1 - before if mode == "same" else before
    x1, x2 = (cast(each, dtype_of("divide", [x1, x2], {})) for each in (x1, x2))
    rows = reshape(pad(x1, ((before, after),)), (1, 1, -1, 1))
    kernel = reshape(x2, (1, m, 1, 1))
    return ravel(apply("conv", rows, kernel, strides=1, padding="valid", dilation=1, groups=1))


def _length(name, x):
    """Return the number of elements of a vector."""
    shape = shape_of(x)
    if len(shape) != 1 or not shape[0]:
        raise ValueError(f"{name} has shape {tuple(shape)}; expected a vector of known length, of at least one element")
    return shape[0]


def corrcoef(x):
    """Return the correlation coefficients of all pairs of rows, whose columns are observations; 1 for a vector."""
    vector = len(shape_of(x)) == 1
    x = expand_dims(x, 0) if vector else x
    centred = subtract(x, mean(x, -1, keepdims=True))
    products = matmul(centred, transpose(centred))
    norms = sqrt(diagonal(products))
    y = clip(divide(divide(products, expand_dims(norms, 1)), expand_dims(norms, 0)), -1, 1)
    return reshape(y, ()) if vector else y


def trace(x, offset=0, axis1=0, axis2=1):
    """Return the sum of the diagonal of the matrices along two axes; see `diagonal`."""
    return sum(diagonal(x, offset, axis1, axis2), -1)


def vander(x, N=None, increasing=False):
    """Return powers of the elements of a vector: in `N` columns, as many as there are elements if None, the first ones last."""
    x = convert_to_tensor(x)
    count = _length("x", x) if N is None else integer("N", N, 0)
    exponents = np.arange(count, dtype=np.float32)[:: 1 if increasing else -1]
    powers = power(expand_dims(x, -1), exponents if np.dtype(x.dtype).kind == "f" else exponents.astype(np.int32))
    return cast(powers, x.dtype)


def diff(a, n=1, axis=-1):
    """Return the differences of neighbouring elements along an axis, `n` times; for booleans, whether they differ."""
    a = convert_to_tensor(a)
    axis = axis_of(axis, "a", a.shape)
    whole = (slice(None),) * axis
    subtracted = not_equal if np.dtype(a.dtype) == bool else subtract
    for _ in range(integer("n", n, 0)):
        a = subtracted(a[(*whole, slice(1, None))], a[(*whole, slice(None, -1))])
    return a


def trapezoid(y, x=None, dx=1.0, axis=-1):
    """Return the integral along an axis by the trapezoidal rule, of points at the places `x`, or at distances of `dx`."""
    y = moveaxis(convert_to_tensor(y), axis, -1)
    widths = number("dx", dx) if x is None else diff(x if len(shape_of(x)) == 1 else moveaxis(x, axis, -1))
    return sum(divide(multiply(add(y[..., 1:], y[..., :-1]), widths), 2), -1)


def slogdet(x):
    """Return the signs, and the logarithms of the absolute values, of the determinants of square matrices."""
    x = square_matrices("x", x)
    return apply("sign_of_det", x), apply("logabsdet", x)


__all__ = [
    "corrcoef", "correlate", "cross", "diff", "dot", "einsum", "inner", "kron", "matmul", "outer", "slogdet", "tensordot",
    "trace", "trapezoid", "vander", "vdot",
]  # fmt: skip

explain_all(globals(), __all__)
