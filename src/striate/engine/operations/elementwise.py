"""Elementwise functions with NumPy's names: those with a derivative, with their gradients, and those whose derivative is 0."""

import math

import numpy as np

from .function import Function


def choice_gradient(dy, condition):
    """Return the gradients of two arguments of which the first was chosen where `condition` holds, the second elsewhere."""
    return np.where(condition, dy, 0), np.where(condition, 0, dy)


def _divide_gradient(dy, y, a, b):
    return dy / b, -dy * y / b


def _divide_no_nan(a, b):
    return np.where(b == 0, 0, np.divide(a, np.where(b == 0, 1, b)))


def _divide_no_nan_gradient(dy, y, a, b):
    scaled = np.where(b == 0, 0, dy / np.where(b == 0, 1, b))
    return scaled, -scaled * y


def _power_gradient(dy, y, a, b):
    return np.where(b == 0, 0, dy * b * np.power(a, b - 1)), dy * y * np.log(np.where(a > 0, a, 1))


def _arctan2_gradient(dy, y, a, b):
    return dy * b / (a * a + b * b), -dy * a / (a * a + b * b)


def _hypot_gradient(dy, y, a, b):
    scaled = dy / np.where(y == 0, 1, y)
    return scaled * a, scaled * b


def _share(x, y):
    """Return ``x - y``, which is 0 where both are the same infinity."""
    return np.where(x == y, 0, x - y)


def _i1(x):
    """Return the derivative of `numpy.i0`: the mean of ``exp(x * cos(t)) * cos(t)``, periodic in t, by the trapezoidal rule.

    Its error falls faster than any power of the number of points [1]_, which is enough up to where exp overflows float64.

    References
    ----------
    .. [1] Trefethen, L. N. and Weideman, J. A. C., "The exponentially convergent trapezoidal rule", SIAM Review 56, 2014.
    """
    cosines = np.cos(np.pi * (np.arange(256) + 0.5) / 256)
    return sum(np.exp(x * cosine) * cosine for cosine in cosines) / len(cosines)


#: Gradients of functions of one array.
_UNARY = {
    "absolute": lambda dy, y, x: dy * np.sign(x),
    "arccos": lambda dy, y, x: -dy / np.sqrt(1 - x * x),
    "arccosh": lambda dy, y, x: dy / np.sqrt(x * x - 1),
    "arcsin": lambda dy, y, x: dy / np.sqrt(1 - x * x),
    "arcsinh": lambda dy, y, x: dy / np.sqrt(x * x + 1),
    "arctan": lambda dy, y, x: dy / (1 + x * x),
    "arctanh": lambda dy, y, x: dy / (1 - x * x),
    "cbrt": lambda dy, y, x: dy / (3 * y * y),
    "cos": lambda dy, y, x: -dy * np.sin(x),
    "cosh": lambda dy, y, x: dy * np.sinh(x),
    "deg2rad": lambda dy, y, x: dy * (math.pi / 180),
    "exp": lambda dy, y, x: dy * y,
    "exp2": lambda dy, y, x: dy * y * math.log(2),
    "expm1": lambda dy, y, x: dy * (y + 1),
    "fabs": lambda dy, y, x: dy * np.sign(x),
    "i0": lambda dy, y, x: dy * _i1(x),
    "log": lambda dy, y, x: dy / x,
    "log1p": lambda dy, y, x: dy / (1 + x),
    "log2": lambda dy, y, x: dy / (x * math.log(2)),
    "log10": lambda dy, y, x: dy / (x * math.log(10)),
    "negative": lambda dy, y, x: -dy,
    "rad2deg": lambda dy, y, x: dy * (180 / math.pi),
    "reciprocal": lambda dy, y, x: -dy * y * y,
    "sin": lambda dy, y, x: dy * np.cos(x),
    "sinc": lambda dy, y, x: dy * (np.cos(math.pi * x) - y) / np.where(x == 0, 1, x),
    "sinh": lambda dy, y, x: dy * np.cosh(x),
    "sqrt": lambda dy, y, x: dy / (2 * y),
    "square": lambda dy, y, x: 2 * dy * x,
    "tan": lambda dy, y, x: dy * (1 + y * y),
}

#: Gradients of functions of two arrays, one for each.
_BINARY = {
    "arctan2": _arctan2_gradient,
    "divide": _divide_gradient,
    "fmax": lambda dy, y, a, b: choice_gradient(dy, (a >= b) | np.isnan(b)),
    "fmin": lambda dy, y, a, b: choice_gradient(dy, (a <= b) | np.isnan(b)),
    "fmod": lambda dy, y, a, b: (dy, -dy * np.trunc(a / b)),
    "heaviside": lambda dy, y, a, b: (np.zeros_like(dy), np.where(a == 0, dy, 0)),
    "hypot": _hypot_gradient,
    "ldexp": lambda dy, y, a, b: (np.ldexp(dy, b),),
    "logaddexp": lambda dy, y, a, b: (dy * np.exp(_share(a, y)), dy * np.exp(_share(b, y))),
    "logaddexp2": lambda dy, y, a, b: (dy * np.exp2(_share(a, y)), dy * np.exp2(_share(b, y))),
    "mod": lambda dy, y, a, b: (dy, -dy * np.floor_divide(a, b)),
    "power": _power_gradient,
}

#: Functions with a gradient of zero.
_FLAT = (
    "angle", "ceil", "equal", "floor", "floor_divide", "gcd", "greater", "greater_equal", "isclose", "isfinite", "isinf",
    "isnan", "isneginf", "isposinf", "lcm", "left_shift", "less", "less_equal", "logical_and", "logical_not", "logical_or",
    "logical_xor", "nextafter", "not_equal", "right_shift", "signbit",
)  # fmt: skip


def _bitwise(of_integers, of_floats):
    """Return a bitwise function that, as in Keras, takes floats as booleans."""
    return lambda *xs: (of_floats if xs[0].dtype.kind in "fc" else of_integers)(*xs)


def _of_one(name, gradient):
    return Function(name, getattr(np, name), lambda *arguments: (gradient(*arguments),))


ELEMENTWISE = [
    *[_of_one(name, gradient) for name, gradient in _UNARY.items()],
    *[Function(name, getattr(np, name), gradients) for name, gradients in _BINARY.items()],
    *[Function(name, getattr(np, name)) for name in _FLAT],
    Function("divide_no_nan", _divide_no_nan, _divide_no_nan_gradient),
    Function("bitwise_and", _bitwise(np.bitwise_and, np.logical_and)),
    Function("bitwise_or", _bitwise(np.bitwise_or, np.logical_or)),
    Function("bitwise_xor", _bitwise(np.bitwise_xor, np.logical_xor)),
    Function("bitwise_not", _bitwise(np.bitwise_not, np.logical_not)),
    Function("sign", lambda x: x if x.dtype == bool else np.sign(x)),
    Function("round", lambda x, decimals=0: x if x.dtype == bool else np.round(x, decimals)),
    Function("trunc", lambda x: np.trunc(x) if x.dtype.kind == "f" else x),
]
