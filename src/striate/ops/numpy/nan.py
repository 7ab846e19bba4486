"""Reductions that leave out NaN."""

import numpy as np

from ..._common.errors import explain_all
from ..core import cast, convert_to_tensor
from . import reductions
from .elementwise import divide, isnan, isneginf, isposinf, logical_not, sqrt, square, subtract
from .quantiles import fractions, quantiles
from .reductions import all, argmax, argmin, cumprod, cumsum, mean, prod, sum, var
from .selection import where


def nan_to_num(x, nan=0.0, posinf=None, neginf=None):
    """Return `x` with numbers in place of NaN, infinity and minus infinity; the largest and smallest of the dtype if None."""
    x = convert_to_tensor(x)
    if not _has_nan(x):
        return x
    largest = float(np.finfo(x.dtype).max)
    x = where(isnan(x), nan, x)
    x = where(isposinf(x), largest if posinf is None else posinf, x)
    return where(isneginf(x), -largest if neginf is None else neginf, x)


def nansum(x, axis=None, keepdims=False):
    """Return the sum along axes, or over all, without NaN."""
    return sum(_filled(x, 0), axis, keepdims)


def nanprod(x, axis=None, keepdims=False):
    """Return the product along axes, or over all, without NaN."""
    return prod(_filled(x, 1), axis, keepdims)


def nanmean(x, axis=None, keepdims=False):
    """Return the mean along axes, or over all, without NaN; NaN if there is nothing else."""
    x = convert_to_tensor(x)
    return divide(nansum(x, axis, keepdims), _count(x, axis, keepdims)) if _has_nan(x) else mean(x, axis, keepdims)


def nanvar(x, axis=None, keepdims=False):
    """Return the variance along axes, or over all, without NaN; NaN if there is nothing else."""
    x = convert_to_tensor(x)
    if not _has_nan(x):
        return var(x, axis, keepdims)
    squares = square(subtract(_filled(x, 0), nanmean(x, axis, keepdims=True)))
    return divide(sum(where(isnan(x), 0, squares), axis, keepdims), _count(x, axis, keepdims))


def nanstd(x, axis=None, keepdims=False):
    """Return the standard deviation along axes, or over all, without NaN; NaN if there is nothing else."""
    return sqrt(nanvar(x, axis, keepdims))


def nanmax(x, axis=None, keepdims=False):
    """Return the maximum along axes, or over all, without NaN; NaN if there is nothing else."""
    return _extremum(reductions.max, -np.inf, x, axis, keepdims)


def nanmin(x, axis=None, keepdims=False):
    """Return the minimum along axes, or over all, without NaN; NaN if there is nothing else."""
    return _extremum(reductions.min, np.inf, x, axis, keepdims)


def nanargmax(x, axis=None, keepdims=False):
    """Return the index of the largest element along an axis, or of all, without NaN; -1 if there is nothing else."""
    return _place(argmax, -np.inf, x, axis, keepdims)


def nanargmin(x, axis=None, keepdims=False):
    """Return the index of the smallest element along an axis, or of all, without NaN; -1 if there is nothing else."""
    return _place(argmin, np.inf, x, axis, keepdims)


def nancumsum(x, axis=None, dtype=None):
    """Return the cumulative sum along an axis, in which NaN counts as 0; of the flattened array if None."""
    return cumsum(_filled(x, 0), axis, dtype)


def nancumprod(x, axis=None, dtype=None):
    """Return the cumulative product along an axis, in which NaN counts as 1; of the flattened array if None."""
    return cumprod(_filled(x, 1), axis, dtype)


def nanmedian(x, axis=None, keepdims=False):
    """Return the median along axes, or over all, without NaN; NaN if there is nothing else. See `median`."""
    return quantiles(x, np.array(0.5), axis, "linear", keepdims, without_nan=True)


def nanquantile(x, q, axis=None, method="linear", keepdims=False):
    """Return quantiles along axes, or of all, without NaN; NaN if there is nothing else. See `quantile`."""
    return quantiles(x, fractions(q), axis, method, keepdims, without_nan=True)


def nanpercentile(x, q, axis=None, method="linear", keepdims=False):
    """Return percentiles along axes, or of all, without NaN; NaN if there is nothing else. See `percentile`."""
    return quantiles(x, fractions(q, 100), axis, method, keepdims, without_nan=True)


def _has_nan(x):
    """Return whether an array or tensor has a dtype with NaN."""
    return np.dtype(x.dtype).kind == "f"


def _filled(x, value):
    """Return an array with a number in place of NaN."""
    x = convert_to_tensor(x)
    return where(isnan(x), value, x) if _has_nan(x) else x


def _count(x, axis, keepdims):
    """Return how many elements are not NaN, in the dtype of the array."""
    return sum(cast(logical_not(isnan(x)), x.dtype), axis, keepdims)


def _extremum(function, limit, x, axis, keepdims):
    x = convert_to_tensor(x)
    y = function(_filled(x, limit), axis, keepdims)
    return where(all(isnan(x), axis, keepdims), np.nan, y) if _has_nan(x) else y


def _place(function, limit, x, axis, keepdims):
    x = convert_to_tensor(x)
    y = function(_filled(x, limit), axis, keepdims)
    return where(all(isnan(x), axis, keepdims), -1, y) if _has_nan(x) else y


__all__ = [
    "nan_to_num", "nanargmax", "nanargmin", "nancumprod", "nancumsum", "nanmax", "nanmean", "nanmedian", "nanmin",
    "nanpercentile", "nanprod", "nanquantile", "nanstd", "nansum", "nanvar",
]  # fmt: skip

explain_all(globals(), __all__)
