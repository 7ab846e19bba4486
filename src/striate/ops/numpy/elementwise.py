"""Elementwise functions of one array or of several, which are broadcast."""

import numpy as np

from ..._common.checks import boolean, number, shown
from ..._common.errors import explain_all
from ...activations.functions import tanh
from ...engine.operators import apply
from .._functions import binary, bitwise, unary
from ..core import convert_to_tensor

absolute = abs = unary("absolute", "Return the absolute value.")
fabs = unary("fabs", "Return the absolute value as a float.")
add = binary("add", "Return the elementwise sum.")
subtract = binary("subtract", "Return the elementwise difference.")
multiply = binary("multiply", "Return the elementwise product.")
divide = true_divide = binary("divide", "Return the elementwise quotient.")
divide_no_nan = binary("divide_no_nan", "Return the elementwise quotient, 0 where `x2` is 0.")
floor_divide = binary("floor_divide", "Return the elementwise quotient, rounded down.")
mod = binary("mod", "Return the remainder of the quotient that is rounded down, ``x1 - floor(x1 / x2) * x2``.")
fmod = binary("fmod", "Return the remainder of the quotient that is rounded towards 0, which has the sign of `x1`.")
power = binary("power", "Return `x1` to the power of `x2`.")
maximum = binary("maximum", "Return the elementwise maximum of two arrays.")
minimum = binary("minimum", "Return the elementwise minimum of two arrays.")
fmax = binary("fmax", "Return the elementwise maximum; where one argument is NaN, the other one.")
fmin = binary("fmin", "Return the elementwise minimum; where one argument is NaN, the other one.")
arctan2 = binary("arctan2", "Return the angle of the point (x2, x1), in radians.")
hypot = binary("hypot", "Return the length of the hypotenuse, ``sqrt(x1 ** 2 + x2 ** 2)``.")
heaviside = binary("heaviside", "Return 0 where `x1` is negative, `x2` where it is 0, and 1 where it is positive.")
logaddexp = binary("logaddexp", "Return ``log(exp(x1) + exp(x2))`` without overflow.")
logaddexp2 = binary("logaddexp2", "Return ``log2(2 ** x1 + 2 ** x2)`` without overflow.")
nextafter = binary("nextafter", "Return the next number after `x1` towards `x2` that the dtype has.")
gcd = binary("gcd", "Return the greatest common divisor of integers.")
lcm = binary("lcm", "Return the least common multiple of integers.")
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
bitwise_and = bitwise("bitwise_and", "Return the bitwise and of integers; of floats, as `logical_and`.")
bitwise_or = bitwise("bitwise_or", "Return the bitwise or of integers; of floats, as `logical_or`.")
bitwise_xor = bitwise("bitwise_xor", "Return the bitwise exclusive or of integers; of floats, as `logical_xor`.")
bitwise_not = bitwise_invert = unary("bitwise_not", "Return the inverted bits of integers; of floats, as `logical_not`.")
bitwise_left_shift = left_shift = bitwise("left_shift", "Return integers with their bits shifted to the left by `y`.")
bitwise_right_shift = right_shift = bitwise("right_shift", "Return integers with their bits shifted to the right by `y`.")
negative = unary("negative", "Return ``-x``.")
square = unary("square", "Return the square.")
sqrt = unary("sqrt", "Return the square root.")
cbrt = unary("cbrt", "Return the cube root.")
reciprocal = unary("reciprocal", "Return ``1 / x``.")
exp = unary("exp", "Return the exponential.")
exp2 = unary("exp2", "Return ``2 ** x``.")
expm1 = unary("expm1", "Return ``exp(x) - 1``, accurate near 0.")
log = unary("log", "Return the natural logarithm.")
log1p = unary("log1p", "Return ``log(1 + x)``, accurate near 0.")
log2 = unary("log2", "Return the logarithm to base 2.")
log10 = unary("log10", "Return the logarithm to base 10.")
sin = unary("sin", "Return the sine of an angle in radians.")
cos = unary("cos", "Return the cosine of an angle in radians.")
tan = unary("tan", "Return the tangent of an angle in radians.")
arcsin = unary("arcsin", "Return the inverse sine, in radians.")
arccos = unary("arccos", "Return the inverse cosine, in radians.")
arctan = unary("arctan", "Return the inverse tangent, in radians.")
sinh = unary("sinh", "Return the hyperbolic sine.")
cosh = unary("cosh", "Return the hyperbolic cosine.")
arcsinh = unary("arcsinh", "Return the inverse hyperbolic sine.")
arccosh = unary("arccosh", "Return the inverse hyperbolic cosine.")
arctanh = unary("arctanh", "Return the inverse hyperbolic tangent.")
sinc = unary("sinc", "Return ``sin(pi * x) / (pi * x)``, 1 for 0.")
i0 = unary("i0", "Return the modified Bessel function of the first kind of order 0.")
deg2rad = unary("deg2rad", "Return an angle in degrees in radians.")
rad2deg = unary("rad2deg", "Return an angle in radians in degrees.")
sign = unary("sign", "Return the sign: -1, 0 or 1.")
signbit = unary("signbit", "Return a mask, 1 where `x` has a minus sign, as -0.0 has.")
floor = unary("floor", "Return the largest integer that is at most `x`.")
ceil = unary("ceil", "Return the smallest integer that is at least `x`.")
trunc = unary("trunc", "Return `x` without its fraction.")
isnan = unary("isnan", "Return a mask, 1 where `x` is NaN.")
isinf = unary("isinf", "Return a mask, 1 where `x` is infinite.")
isfinite = unary("isfinite", "Return a mask, 1 where `x` is finite.")
isneginf = unary("isneginf", "Return a mask, 1 where `x` is minus infinity.")
isposinf = unary("isposinf", "Return a mask, 1 where `x` is infinity.")


def round(x, decimals=0):
    """Return `x` rounded to a number of decimals."""
    return apply("round", x, decimals=decimals)


def clip(x, x_min, x_max):
    """Return `x` clipped to between `x_min` and `x_max`."""
    return apply("clip", x, x_min, x_max)


def ldexp(x1, x2):
    """Return ``x1 * 2 ** x2`` for integers `x2`."""
    exponents = convert_to_tensor(x2)
    if np.dtype(exponents.dtype).kind not in "iu":
        raise TypeError(f"x2={shown(x2)} has dtype {exponents.dtype}; expected integers")
    return apply("ldexp", x1, exponents)


def isclose(x1, x2, rtol=1e-5, atol=1e-8, equal_nan=False):
    """Return a mask, 1 where ``|x1 - x2| <= atol + rtol * |x2|``; NaN equals NaN if `equal_nan`."""
    tolerances = {"rtol": number("rtol", rtol, 0), "atol": number("atol", atol, 0)}
    return apply("isclose", x1, x2, **tolerances, equal_nan=boolean("equal_nan", equal_nan))


__all__ = [
    "abs", "absolute", "add", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "bitwise_and",
    "bitwise_invert", "bitwise_left_shift", "bitwise_not", "bitwise_or", "bitwise_right_shift", "bitwise_xor", "cbrt", "ceil",
    "clip", "cos", "cosh", "deg2rad", "divide", "divide_no_nan", "equal", "exp", "exp2", "expm1", "fabs", "floor",
    "floor_divide", "fmax", "fmin", "fmod", "gcd", "greater", "greater_equal", "heaviside", "hypot", "i0", "isclose",
    "isfinite", "isinf", "isnan", "isneginf", "isposinf", "lcm", "ldexp", "left_shift", "less", "less_equal", "log", "log1p",
    "log2", "log10", "logaddexp", "logaddexp2", "logical_and", "logical_not", "logical_or", "logical_xor", "maximum", "minimum",
    "mod", "multiply", "negative", "nextafter", "not_equal", "power", "rad2deg", "reciprocal", "right_shift", "round", "sign",
    "signbit", "sin", "sinc", "sinh", "sqrt", "square", "subtract", "tan", "tanh", "true_divide", "trunc",
]  # fmt: skip

explain_all(globals(), __all__)
