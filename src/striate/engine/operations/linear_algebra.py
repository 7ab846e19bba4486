"""Linear algebra: decompositions, inverses and determinants of matrices along the last two axes, and their gradients.

Functions return one array, so a decomposition returns its parts one below the other, as rows of equal length: `eigh` the
eigenvalues above the eigenvectors, `svd` U, the singular values and V, `qr` Q and the transpose of R, `lu` both factors in one
matrix and below it the rows with which rows were interchanged. Functions of `striate.ops` take them apart.

Gradients follow [1]_ and, for the pseudoinverse, [2]_; they are made of functions that have gradients themselves. Where equal
eigenvalues or singular values leave the vectors undetermined, the vectors have a gradient of 0 towards each other.

References
----------
.. [1] Giles, M. B., "Collected matrix derivative results for forward and reverse mode algorithmic differentiation", Advances in
   Automatic Differentiation, 2008.
.. [2] Golub, G. H. and Pereyra, V., "The differentiation of pseudo-inverses and nonlinear least squares problems whose
   variables separate", SIAM J. Numer. Anal. 10, 1973, equation 4.12.
"""

import functools

import numpy as np

from .function import Function, applied


def _in_double_or_single(function):
    """Return a function after making it compute float16, which LAPACK lacks, in float32."""

    @functools.wraps(function)
    def compute(*arrays, **settings):
        arrays = [each.astype(np.float32) if each.dtype == np.float16 else each for each in arrays]
        return function(*arrays, **settings)

    return compute


def _transposed(x):
    return np.swapaxes(x, -1, -2)


def _symmetric(x):
    """Return the symmetric part of matrices."""
    return (x + _transposed(x)) / 2


def _lower(n, dtype, diagonal=1.0):
    """Return the mask of the lower triangle, with a number on the diagonal."""
    mask = np.tri(n, k=-1, dtype=dtype)
    np.fill_diagonal(mask, diagonal)
    return mask


def _inv_gradient(dy, y, x):
    return (-_transposed(y) @ dy @ _transposed(y),)


def _solve_gradient(dy, y, a, b):
    db = applied("solve", _transposed(a), dy)
    return -db @ _transposed(y), db


def _cholesky_gradient(dy, y, x):
    """Return the gradient [1]_: L^-T Φ(Lᵀ dL) L^-1 made symmetric, where Φ takes the lower triangle and half the diagonal."""
    inner = (_transposed(y) @ dy) * _lower(x.shape[-1], y.dtype, 0.5)
    inverse = applied("inv", y)
    return (_symmetric(_transposed(inverse) @ inner @ inverse),)


def _cofactors(x):
    """Return the gradient of the determinant: its product with the transposed inverse, where there is one.

    For arrays it follows from the singular values s: det(U) det(V) U diag(products of all s but one) Vᵀ.
    """
    if hasattr(x, "applied"):
        return applied("det", x).reshape((*x.shape[:-2], 1, 1)) * _transposed(applied("inv", x))
    u, s, vh = np.linalg.svd(x)
    ones = np.ones_like(s[..., :1])
    before = np.cumprod(np.concatenate([ones, s[..., :-1]], -1), -1)
    after = np.flip(np.cumprod(np.flip(np.concatenate([s[..., 1:], ones], -1), -1), -1), -1)
    signs = (np.linalg.det(u) * np.linalg.det(vh))[..., np.newaxis, np.newaxis]
    return signs * ((u * (before * after)[..., np.newaxis, :]) @ vh)


def _det_gradient(dy, y, x):
    return (dy.reshape((*dy.shape, 1, 1)) * _cofactors(x),)


def _logabsdet_gradient(dy, y, x):
    return (dy.reshape((*dy.shape, 1, 1)) * _transposed(applied("inv", x)),)


@_in_double_or_single
def _eigh(x):
    values, vectors = np.linalg.eigh(x)
    return np.concatenate([values[..., np.newaxis, :], vectors], -2)


def _inverse_differences(row):
    """Return 1 / (x[j] - x[i]) for the elements of rows (…, 1, n), and 0 where they are equal."""
    differences = row - _transposed(row)
    equal = differences == 0
    return np.where(equal, np.zeros(differences.shape, differences.dtype), 1 / np.where(equal, 1, differences))


def _eigh_gradient(dy, y, x):
    values, vectors = y[..., :1, :], y[..., 1:, :]
    inner = _inverse_differences(values) * (_transposed(vectors) @ dy[..., 1:, :])
    inner = inner + np.eye(x.shape[-1], dtype=y.dtype) * dy[..., :1, :]
    return (_symmetric(vectors @ inner @ _transposed(vectors)),)


@_in_double_or_single
def _svd(x, full):
    """Return U, the singular values and V, all with as many columns, of which the last are 0 where there are no more."""
    u, s, vh = np.linalg.svd(x, full)
    columns = max(x.shape[-2:]) if full else s.shape[-1]
    parts = u, s[..., np.newaxis, :], _transposed(vh)
    unused = [(0, 0)] * (x.ndim - 1)
    return np.concatenate([np.pad(each, [*unused, (0, columns - each.shape[-1])]) for each in parts], -2)


def _svd_gradient(dy, y, x, full):
    """Return the gradient of the parts that belong to singular values; the others of full U and V are not determined."""
    m, n = x.shape[-2:]
    k = min(m, n)
    u, s, v = y[..., :m, :k], y[..., m : m + 1, :k], y[..., m + 1 :, :k]
    du, ds, dv = dy[..., :m, :k], dy[..., m : m + 1, :k], dy[..., m + 1 :, :k]
    inverses = _inverse_differences(s * s)
    of_u, of_v = _transposed(u) @ du, _transposed(v) @ dv
    inner = (inverses * (of_u - _transposed(of_u))) * s + _transposed(s) * (inverses * (of_v - _transposed(of_v)))
    dx = u @ (inner + np.eye(k, dtype=y.dtype) * ds) @ _transposed(v)
    reciprocals = np.where(s == 0, np.zeros(s.shape, y.dtype), 1 / np.where(s == 0, 1, s))
    if m > k:
        dx = dx + (du - u @ of_u) * reciprocals @ _transposed(v)
    if n > k:
        dx = dx + u * reciprocals @ _transposed(dv - v @ of_v)
    return (dx,)


@_in_double_or_single
def _qr(x, mode):
    q, r = np.linalg.qr(x, mode)
    return np.concatenate([q, _transposed(r)], -2)


def _qr_gradient(dy, y, x, mode):
    """Return the gradient (Walter, S. F. and Lehmann, L., "Algorithmic differentiation of linear algebra functions", 2018).

    Columns behind the first m of a wide matrix are Q times those of R.
    """
    m, n = x.shape[-2:]
    k = min(m, n)
    if mode == "complete" and m > n:
        raise TypeError("mode='complete' leaves Q undetermined for more rows than columns; expected 'reduced' for a gradient")
    q, r = y[..., :m, :], _transposed(y[..., m:, :])
    dq, dr = dy[..., :m, :], _transposed(dy[..., m:, :])
    if n > k:
        dq = dq + x[..., k:] @ _transposed(dr[..., k:])
    inner = r[..., :k] @ _transposed(dr[..., :k]) - _transposed(dq) @ q
    below = inner * _lower(k, y.dtype)
    inner = below + _transposed(inner * _lower(k, y.dtype, 0.0))
    first = _transposed(applied("solve", r[..., :k], _transposed(dq + q @ inner)))
    return (np.concatenate([first, q @ dr[..., k:]], -1) if n > k else first,)


@_in_double_or_single
def _lu(x):
    """Return the factors by Gaussian elimination with partial pivoting, and a row of pivots below them."""
    lu, (m, n) = x.copy(), x.shape[-2:]
    rows = np.zeros((*x.shape[:-2], 1, n), x.dtype)
    batch = np.ogrid[tuple(map(slice, x.shape[:-2]))]
    for i in range(min(m, n)):
        pivot = i + np.argmax(np.abs(lu[..., i:, i]), -1)
        rows[..., 0, i] = pivot
        chosen = lu[(*batch, pivot)].copy()
        lu[(*batch, pivot)] = lu[..., i, :]
        lu[..., i, :] = chosen
        diagonal = lu[..., i : i + 1, i]
        lu[..., i + 1 :, i] /= np.where(diagonal == 0, 1, diagonal)
        lu[..., i + 1 :, i + 1 :] -= lu[..., i + 1 :, i : i + 1] * lu[..., i : i + 1, i + 1 :]
    return np.concatenate([lu, rows], -2)


def _lu_gradient(dy, y, x):
    """Return the gradient of square matrices.

    It is Pᵀ L^-T (A + B) U^-T, where A is the lower triangle of Lᵀ dL without the diagonal, and B the upper one of dU Uᵀ.
    """
    m, n = x.shape[-2:]
    if m != n:
        raise TypeError(f"x has shape {x.shape}; expected square matrices for the gradient of their LU factorization")
    below, above = np.tri(n, k=-1, dtype=y.dtype), np.triu(np.ones((n, n), y.dtype))
    lower, upper = y[..., :n, :] * below + np.eye(n, dtype=y.dtype), y[..., :n, :] * above
    d_lower, d_upper = dy[..., :n, :] * below, dy[..., :n, :] * above
    inner = (_transposed(lower) @ d_lower) * below + (d_upper @ _transposed(upper)) * above
    dx = applied("solve", _transposed(lower), inner)
    dx = _transposed(applied("solve", upper, _transposed(dx)))
    return (applied("interchange_rows", dx, y[..., n, :]),)


def _interchange_rows(x, pivots, back=False):
    """Return matrices whose rows are put back to where they were before pivots were chosen; or the reverse of that."""
    y, batch = x.copy(), np.ogrid[tuple(map(slice, x.shape[:-2]))]
    count = min(x.shape[-2], pivots.shape[-1])
    for i in range(count) if back else reversed(range(count)):
        place = (*batch, pivots[..., i].astype(np.intp))
        chosen = y[place].copy()
        y[place] = y[..., i, :]
        y[..., i, :] = chosen
    return y


def _pinv_gradient(dy, y, x, rcond):
    """Return the gradient [2]_."""
    of_rows = dy - y @ (x @ dy)  # (I - P A) dP
    of_columns = dy - (dy @ x) @ y  # dP (I - A P)
    outer = _transposed(y)
    return (-outer @ dy @ outer + _transposed(of_columns) @ (y @ outer) + (outer @ y) @ _transposed(of_rows),)


@_in_double_or_single
def _pinv(x, rcond):
    rcond = 10 * max(x.shape[-2:]) * np.finfo(x.dtype).eps if rcond is None else rcond
    return np.ascontiguousarray(np.linalg.pinv(x, rcond))  # Other layouts would give matrix products other bits.


LINEAR_ALGEBRA = [
    Function("inv", _in_double_or_single(np.linalg.inv), _inv_gradient),
    Function("solve", _in_double_or_single(np.linalg.solve), _solve_gradient),
    Function("cholesky", _in_double_or_single(np.linalg.cholesky), _cholesky_gradient),
    Function("det", _in_double_or_single(np.linalg.det), _det_gradient),
    Function("logabsdet", _in_double_or_single(lambda x: np.linalg.slogdet(x)[1]), _logabsdet_gradient),
    Function("sign_of_det", _in_double_or_single(lambda x: np.linalg.slogdet(x)[0])),
    Function("eigh", _eigh, _eigh_gradient),
    Function("svd", _svd, _svd_gradient),
    Function("qr", _qr, _qr_gradient),
    Function("lu", _lu, _lu_gradient),
    Function(
        "interchange_rows",
        _interchange_rows,
        lambda dy, y, x, pivots, back=False: (applied("interchange_rows", dy, pivots, back=not back),),
    ),
    Function("pinv", _pinv, _pinv_gradient),
]
