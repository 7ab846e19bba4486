"""Linear algebra: norms, and decompositions, inverses and determinants of matrices along the last two axes."""

import math

import numpy as np

from .._common.checks import axes_of, boolean, integer, number, shown
from .._common.errors import explain_all
from .._common.names import public_attributes
from ..engine.dtypes import INT32
from ..engine.operators import Operators, apply
from ._functions import numpy_axis, shape_of
from ._matrices import matrices, square_matrices
from .core import cast
from .derivatives import jvp


def cholesky(x, upper=False):
    """Return the lower triangular matrices L with positive diagonals whose products ``L Lᵀ`` are `x`.

    Parameters
    ----------
    x : array_like or symbolic tensor, shape (…, n, n)
        Positive definite matrices, of which the lower triangle is read.
    upper : bool
        Whether to return the transposed, upper triangular matrices.

    Raises
    ------
    ValueError
        If matrices are not square, or not positive definite.
    """
    x = square_matrices("x", x)
    try:
        y = apply("cholesky", x)
    except np.linalg.LinAlgError as error:
        raise ValueError(f"x has no Cholesky factorization ({error}); expected positive definite matrices") from None
    return _transposed(y) if boolean("upper", upper) else y


def cholesky_inverse(x, upper=False):
    """Return the inverses of matrices that are given by their Cholesky factors, lower or `upper` triangular."""
    x = square_matrices("x", x)
    inverse = apply("inv", _triangle(x, not boolean("upper", upper)))
    return apply("matmul", inverse, _transposed(inverse)) if upper else apply("matmul", _transposed(inverse), inverse)


def det(x):
    """Return the determinants of square matrices."""
    return apply("det", square_matrices("x", x))


def logdet(x):
    """Return the logarithms of the absolute values of the determinants of square matrices."""
    return apply("logabsdet", square_matrices("x", x))


def eig(x):
    """Return the eigenvalues of square arrays, and their eigenvectors as columns; both may be complex.

    Symbolic tensors are real, and have no such function: see `eigh`.
    """
    x = square_matrices("x", x)
    if isinstance(x, Operators):
        raise TypeError(
            f"x={shown(x)} is symbolic, and eigenvalues may be complex; expected an array, or eigh, for symmetric ones"
        )
    return tuple(np.linalg.eig(x))


def eigh(x):
    """Return the eigenvalues of symmetric matrices in ascending order, and their eigenvectors as columns.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.eigh(np.array([[2.0, 1.0], [1.0, 2.0]]))[0].round(6)
    array([1., 3.])
    """
    y = apply("eigh", square_matrices("x", x))
    return y[..., 0, :], y[..., 1:, :]


def inv(x):
    """Return the inverses of square matrices."""
    return apply("inv", square_matrices("x", x))


def lu_factor(x):
    """Return triangular factors of matrices, whose rows are interchanged for the largest pivots.

    Parameters
    ----------
    x : array_like or symbolic tensor, shape (…, m, n)
        Matrices.

    Returns
    -------
    lu : array or symbolic tensor, shape (…, m, n)
        U in the upper triangle, and in the lower one L, whose diagonal is 1.
    pivots : array of int32 or symbolic tensor, shape (…, min(m, n))
        Row with which each row was interchanged, one after another.
    """
    x = matrices("x", x)
    y = apply("lu", x)
    m, n = x.shape[-2:]
    return y[..., :m, :], cast(y[..., m, : min(m, n)], INT32)


def qr(x, mode="reduced"):
    """Return orthogonal matrices Q and upper triangular ones R, whose products are `x`.

    Parameters
    ----------
    x : array_like or symbolic tensor, shape (…, m, n)
        Matrices.
    mode : {"reduced", "complete"}
        Whether Q has min(m, n) columns, or m.

    Returns
    -------
    q, r : array or symbolic tensor
    """
    x = matrices("x", x)
    if mode not in ("reduced", "complete"):
        raise ValueError(f"mode={shown(mode)} is not supported. Expected one of {{'reduced', 'complete'}}.")
    y = apply("qr", x, mode=mode)
    m = x.shape[-2]
    return y[..., :m, :], _transposed(y[..., m:, :])


def svd(x, full_matrices=True, compute_uv=True):
    """Return the singular value decomposition of matrices.

    Parameters
    ----------
    x : array_like or symbolic tensor, shape (…, m, n)
        Matrices.
    full_matrices : bool
        Whether U and V are square, or have k = min(m, n) columns. The other columns have no gradient.
    compute_uv : bool
        Whether to return U and V, too.

    Returns
    -------
    u, s, vh : array or symbolic tensor
        Orthogonal matrices U, the singular values (…, k) in descending order, and the transpose of V: `x` is the product of
        U, a matrix with the singular values on its diagonal, and Vᵀ. Only `s` without `compute_uv`.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.svd(np.array([[3.0, 0.0], [0.0, -4.0]]), compute_uv=False)
    array([4., 3.])
    """
    x = matrices("x", x)
    full = boolean("full_matrices", full_matrices) and boolean("compute_uv", compute_uv)
    y = apply("svd", x, full=full)
    m, n = x.shape[-2:]
    k = min(m, n)
    s = y[..., m, :k]
    if not compute_uv:
        return s
    return y[..., :m, : m if full else k], s, _transposed(y[..., m + 1 :, : n if full else k])


def solve(a, b):
    """Return the solutions x of systems of linear equations ``a x = b``.

    Parameters
    ----------
    a : array_like or symbolic tensor, shape (…, n, n)
        Matrices.
    b : array_like or symbolic tensor, shape (…, n) or (…, n, k)
        Right sides: a vector for each matrix, if there is an axis less than in `a`, or the columns of matrices.
    """
    return _solved(square_matrices("a", a), b)


def solve_triangular(a, b, lower=False):
    """Return the solutions x of ``a x = b``, where only the upper triangle of `a` is read, or the `lower` one; see `solve`."""
    return _solved(_triangle(square_matrices("a", a), boolean("lower", lower)), b)


def lstsq(a, b, rcond=None):
    """Return the vectors x of smallest norm that minimize the norm of ``b - a x``.

    Parameters
    ----------
    a : array_like or symbolic tensor, shape (m, n)
        Matrix.
    b : array_like or symbolic tensor, shape (m,) or (m, k)
        Right side, or several as columns.
    rcond : float, optional
        Singular values that are at most this fraction of the largest one count as 0; eps times max(m, n) if None.

    Returns
    -------
    array or symbolic tensor, shape (n,) or (n, k)
    """
    a, right = matrices("a", a), shape_of(b)
    if len(a.shape) != 2 or len(right) not in (1, 2) or right[0] != a.shape[0]:
        raise ValueError(f"a has shape {tuple(a.shape)} and b {right}; expected (m, n), and (m,) or (m, k)")
    eps = np.finfo(np.float64 if a.dtype == np.float64 else np.float32).eps
    rcond = max(a.shape) * float(eps) if rcond is None else number("rcond", rcond, 0)
    return apply("matmul", apply("pinv", a, rcond=rcond), b)


def pinv(x, rcond=None):
    """Return the Moore-Penrose inverses of matrices.

    Parameters
    ----------
    x : array_like or symbolic tensor, shape (…, m, n)
        Matrices.
    rcond : float, optional
        Singular values that are at most this fraction of the largest one count as 0; ``10 * max(m, n)`` eps if None.

    Returns
    -------
    array or symbolic tensor, shape (…, n, m)
    """
    return apply("pinv", matrices("x", x), rcond=None if rcond is None else number("rcond", rcond, 0))


def matrix_rank(x, tol=None):
    """Return the number of singular values of matrices above `tol`; None means eps times the largest one and max(m, n)."""
    x = matrices("x", x)
    s = svd(x, compute_uv=False)
    if tol is None:
        tol = apply("max", s, axis=-1, keepdims=True) * (max(x.shape[-2:]) * float(np.finfo(np.dtype(s.dtype)).eps))
    return apply("sum", cast(apply("greater", s, tol), INT32), axis=-1)


def matrix_power(x, n):
    """Return square matrices multiplied `n` times with themselves, or their inverses if `n` is negative."""
    x, n = square_matrices("x", x), integer("n", n)
    if n < 0:
        x = inv(x)
    power, result = x, None
    for bit in reversed(f"{abs(n):b}"):
        if bit == "1":
            result = power if result is None else apply("matmul", result, power)
        power = apply("matmul", power, power)
    return apply("add", apply("zeros_like", x), np.eye(x.shape[-1], dtype=np.dtype(x.dtype))) if result is None else result


def norm(x, ord=None, axis=None, keepdims=False):
    """Return the norm of vectors along one axis, of matrices along two, or of all elements.

    Parameters
    ----------
    x : array_like or symbolic tensor
        Vectors or matrices.
    ord : {None, "euclidean", "fro", "nuc", inf, -inf} or number, optional
        Order of the norm. None and "euclidean" mean the root of the sum of squares of all elements, as "fro" does of matrices.

        Of vectors: inf and -inf mean the largest and the smallest absolute value, 0 the number of nonzero elements, and another
        number p the norm ``sum(|x| ** p) ** (1 / p)``.

        Of matrices: 2 and -2 mean the largest and the smallest singular value, "nuc" their sum, 1 and -1 the largest and the
        smallest sum of absolute values in a column, inf and -inf in a row.
    axis : int or tuple of int, optional
        Axis of vectors, or the two axes of matrices. None means all axes, of which there are one or two unless `ord` is None.
    keepdims : bool
        Whether to keep these axes, with size 1.

    Returns
    -------
    array or symbolic tensor
        Norms, in the shape of `x` without the axes.

    Raises
    ------
    ValueError
        If `ord` is not one of these for as many axes.
    """
    axis, keepdims = numpy_axis(axis), boolean("keepdims", keepdims)
    axis_count = len(axis) if isinstance(axis, tuple) else 1 if axis is not None else len(shape_of(x))
    if ord in (None, "euclidean") or (ord == "fro" and axis_count == 2) or (ord == 2 and axis_count == 1):
        return apply("sqrt", apply("sum", apply("square", x), axis=axis, keepdims=keepdims))
    if axis_count == 2 and ord in (1, -1, 2, -2, math.inf, -math.inf, "nuc"):
        return _norm_of_matrices(x, ord, (0, 1) if axis is None else axis, keepdims)
    if isinstance(ord, str) or axis_count != 1:
        raise ValueError(
            f"ord={shown(ord)} along axis={shown(axis)} of x, shape {shape_of(x)}, is not supported; expected None, a number "
            "along one axis, or 1, -1, 2, -2, inf, -inf, 'fro' or 'nuc' along two"
        )
    magnitudes = apply("absolute", x)
    if math.isinf(ord):
        return apply("max" if ord > 0 else "min", magnitudes, axis=axis, keepdims=keepdims)
    if ord == 0:
        return apply("sum", apply("where", apply("equal", x, 0.0), 0.0, 1.0), axis=axis, keepdims=keepdims)
    return apply("power", apply("sum", apply("power", magnitudes, ord), axis=axis, keepdims=keepdims), 1 / ord)


def _norm_of_matrices(x, ord, axes, keepdims):
    """Return the norm of matrices along two axes."""
    rows, columns = axes_of(axes, "x", shape := shape_of(x))
    rank = len(shape)
    extreme = "sum" if ord == "nuc" else "max" if ord > 0 else "min"
    if ord in ("nuc", 2, -2):
        kept = [axis for axis in range(rank) if axis not in (rows, columns)]
        s = svd(apply("transpose", x, axes=(*kept, rows, columns)), compute_uv=False)
        y = apply(extreme, s, axis=-1)
        for axis in sorted((rows, columns)) if keepdims else ():
            y = apply("expand_dims", y, axis=axis)
        return y
    across, along = (rows, columns) if abs(ord) == 1 else (columns, rows)
    sums = apply("sum", apply("absolute", x), axis=across, keepdims=True)
    y = apply(extreme, sums, axis=along, keepdims=True)
    return y if keepdims else apply("squeeze", y, axis=(rows, columns))


def _transposed(x):
    """Return matrices with rows and columns interchanged."""
    rank = len(x.shape)
    return apply("transpose", x, axes=(*range(rank - 2), rank - 1, rank - 2))


def _triangle(x, lower):
    """Return square matrices with zeros above the diagonal, or below it."""
    mask = np.tri(x.shape[-1], dtype=bool)
    return apply("where", mask if lower else mask.T, x, 0)


def _solved(a, b):
    """Return the solutions of systems of equations whose right sides are vectors, or the columns of matrices."""
    right = shape_of(b)
    vectors = len(right) == len(a.shape) - 1
    if len(right) < max(len(a.shape) - 1, 1) or right[-1 if vectors else -2] != a.shape[-1]:
        raise ValueError(f"b has shape {right} for a of shape {tuple(a.shape)}; expected (…, n) or (…, n, k)")
    if not vectors:
        return apply("solve", a, b)
    return apply("squeeze", apply("solve", a, apply("expand_dims", b, axis=len(right))), axis=len(right))


__all__ = [
    "cholesky",
    "cholesky_inverse",
    "det",
    "eig",
    "eigh",
    "inv",
    "jvp",
    "logdet",
    "lstsq",
    "lu_factor",
    "matrix_power",
    "matrix_rank",
    "norm",
    "pinv",
    "qr",
    "solve",
    "solve_triangular",
    "svd",
]

__getattr__, __dir__ = public_attributes(globals())

explain_all(globals(), __all__)
