"""Special functions and their gradients: error functions, and the incomplete gamma function."""

import math

import numpy as np

from .function import Function, applied


def _by_element(function):
    """Return a function of Python's floats as one of arrays."""
    return lambda x: np.vectorize(function, otypes=[np.result_type(x, np.float32)])(x)


def _slope(x):
    """Return the derivative of the error function."""
    return (2 / math.sqrt(math.pi)) * np.exp(-x * x)


def _erfinv(x):
    """Return the inverse of the error function.

    Polynomials give the first digits [1]_, and Newton's method the others: for the error function in the middle, and for the
    logarithm of its complement, which is accurate there, in the tails.

    References
    ----------
    .. [1] Giles, M. B., "Approximating the erfinv function", GPU Computing Gems, 2011, table 5.
    """
    x = x.astype(np.promote_types(x.dtype, np.float32), copy=False)
    size = np.minimum(np.abs(x), 1).astype(np.float64)
    rest = np.where(size < 1, 1 - size, np.finfo(np.float64).eps)  # What becomes of 1 is replaced.
    w = -np.log(rest * (1 + size))
    near, far = w < 5, np.sqrt(np.maximum(w, 5)) - 3
    y = size * np.where(near, np.polyval(_NEAR, w - 2.5), np.polyval(_FAR, far))
    middle = size < 0.5
    for _ in range(4):
        above = ERFC(y)
        y = y - np.where(middle, ERF(y) - size, above * np.log(rest / above)) / _slope(y)
    y = np.where(np.abs(x) < 1, np.copysign(y, x), np.where(np.abs(x) == 1, np.copysign(np.inf, x), np.nan))
    return y.astype(x.dtype)


#: Coefficients of the polynomials in w - 2.5 and sqrt(w) - 3.
_NEAR = [
    2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503, -0.00417768164, 0.246640727,
    1.50140941,
]  # fmt: skip
_FAR = [
    -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047, 1.00167406,
    2.83297682,
]  # fmt: skip
#: Terms after which a series or a continued fraction has converged, for shapes up to a million.
_MOST_TERMS = 20000


def _gammainc(a, x):
    """Return the regularized lower incomplete gamma function.

    It follows from its series for small x, and from the continued fraction of its complement for large x [1]_.

    References
    ----------
    .. [1] Press, W. H. et al., "Numerical Recipes", 3rd edition, 2007, section 6.2.
    """
    dtype = np.result_type(a, x, np.float32)
    a, x = np.broadcast_arrays(a.astype(np.float64), x.astype(np.float64))
    valid = (a > 0) & (x >= 0)
    finite = valid & np.isfinite(x) & (x > 0) & np.isfinite(a)
    y = np.where(valid, np.where(x == 0, 0.0, 1.0), np.nan)
    a, x = a[finite], x[finite]
    with np.errstate(all="ignore"):
        scale = np.exp(a * np.log(x) - x - _LGAMMA(a))
    found, small = np.empty_like(x), x < a + 1
    found[small] = scale[small] * _series(a[small], x[small])
    found[~small] = 1 - scale[~small] * _fraction(a[~small], x[~small])
    y[finite] = found
    return y.astype(dtype)


def _series(a, x):
    """Return the sum of x^n / (a (a + 1) … (a + n)) over n."""
    term = 1 / a
    total = term.copy()
    for n in range(1, _MOST_TERMS):
        term = term * x / (a + n)
        total += term
        if not (term > total * 1e-17).any():
            break
    return total


def _fraction(a, x):
    """Return the continued fraction 1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - 2 (2 - a) / …)) by Lentz' method."""
    tiny = 1e-300
    b = x + 1 - a
    c, d = np.full_like(x, 1 / tiny), 1 / b
    y = d.copy()
    for n in range(1, _MOST_TERMS):
        factor, b = n * (a - n), b + 2
        d, c = factor * d + b, b + factor / c
        d = 1 / np.where(np.abs(d) < tiny, tiny, d)
        c = np.where(np.abs(c) < tiny, tiny, c)
        y *= c * d
        if not (np.abs(c * d - 1) > 1e-16).any():
            break
    return y


def _gammainc_gradient(dy, y, a, x):
    """Return the gradient of x; that of the shape is left out."""
    density = np.exp((a - 1) * np.log(x) - x - applied("lgamma", a))
    return np.zeros(a.shape, a.dtype), dy * density


_LGAMMA = _by_element(math.lgamma)
ERF, ERFC = _by_element(math.erf), _by_element(math.erfc)

SPECIAL_FUNCTIONS = [
    Function("erf", ERF, lambda dy, y, x: (dy * _slope(x),)),
    Function("erfc", ERFC, lambda dy, y, x: (-dy * _slope(x),)),
    Function("gammainc", _gammainc, _gammainc_gradient),
    Function("lgamma", _LGAMMA),
    Function("erfinv", _erfinv, lambda dy, y, x: (dy / _slope(y),)),
]
