"""The error function, its complement and its inverse, and their gradients."""

import math

import numpy as np

from .function import Function


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
ERF, ERFC = _by_element(math.erf), _by_element(math.erfc)

ERROR_FUNCTIONS = [
    Function("erf", ERF, lambda dy, y, x: (dy * _slope(x),)),
    Function("erfc", ERFC, lambda dy, y, x: (-dy * _slope(x),)),
    Function("erfinv", _erfinv, lambda dy, y, x: (dy / _slope(y),)),
]
