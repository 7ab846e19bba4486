"""Medians, quantiles and percentiles: numbers between the sorted elements, through which gradients flow to these."""

import numpy as np

from ..._common.checks import as_array, axes_of, boolean, choice, shown
from ..._common.errors import explain_all
from ...engine.operators import Operators
from .._functions import shape_of
from ..core import cast, convert_to_tensor
from .creation import ones_like
from .elementwise import add, ceil, divide, equal, floor, isnan, logical_not, maximum, multiply, round, subtract
from .reductions import sum
from .selection import take_along_axis, where
from .shaping import expand_dims, moveaxis, reshape, squeeze, transpose
from .sorting import sort

#: For each method, where between the sorted elements a quantile is, for its position as a fraction of an index.
_METHODS = {
    "linear": lambda position: position,
    "lower": floor,
    "higher": ceil,
    "midpoint": lambda position: multiply(add(floor(position), ceil(position)), 0.5),
    "nearest": round,
}


def median(x, axis=None, keepdims=False):
    """Return the median along axes, or of all: the middle one of the sorted elements, or the mean of the middle two."""
    return quantiles(x, np.array(0.5), axis, "linear", keepdims)


def quantile(x, q, axis=None, method="linear", keepdims=False):
    """Return quantiles along axes, or of all elements.

    Parameters
    ----------
    x : array_like or symbolic tensor
        Numbers.
    q : float or sequence of float
        Which quantiles, from 0 for the smallest element to 1 for the largest.
    axis : int or tuple of int, optional
        Axes along which elements are sorted; all if None.
    method : {"linear", "lower", "higher", "midpoint", "nearest"}
        What a quantile between two elements is: interpolated linearly, the lower or the higher one, their mean, or the nearest.
    keepdims : bool
        Whether to keep the axes, with size 1.

    Returns
    -------
    array or symbolic tensor
        The quantiles, along an additional first axis if `q` is a sequence; NaN where an element is NaN.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import ops
    >>> ops.quantile(np.array([3.0, 0.0, 1.0, 2.0]), [0.5, 1.0])
    array([1.5, 3. ])
    """
    return quantiles(x, fractions(q), axis, method, keepdims)


def percentile(x, q, axis=None, method="linear", keepdims=False):
    """Return percentiles along axes, or of all: `quantile` with `q` from 0 to 100."""
    return quantiles(x, fractions(q, 100), axis, method, keepdims)


def quantiles(x, q, axis, method, keepdims, without_nan=False):
    """Return quantiles, of all elements or of those that are not NaN; see `quantile`."""
    method = _METHODS[choice("method", method, tuple(_METHODS))]
    x = convert_to_tensor(x)
    x = x if np.dtype(x.dtype).kind == "f" else cast(x, "float32")
    shape = shape_of(x)
    axes = axes_of(list(range(len(shape))) if axis is None else axis, "x", shape)
    kept = [i for i in range(len(shape)) if i not in axes]
    rows = reshape(transpose(x, (*kept, *axes)), (*(shape[i] for i in kept), -1))
    ordered = sort(rows)  # NaN comes last.
    counted = logical_not(isnan(rows)) if without_nan else ones_like(rows)
    last = maximum(subtract(sum(cast(counted, "float64"), -1, keepdims=True), 1), 0)
    position = method(multiply(last, reshape(q, (-1,))))
    low, high = (take_along_axis(ordered, cast(each, "int32"), -1) for each in (floor(position), ceil(position)))
    fraction = cast(subtract(position, floor(position)), x.dtype)
    with np.errstate(invalid="ignore"):  # Infinity times 0 is NaN.
        between = add(multiply(low, subtract(1, fraction)), multiply(high, fraction))
    y = where(equal(fraction, 0), low, between)
    if not without_nan:
        largest = ordered[..., -1:]
        y = where(isnan(largest), largest, y)
    y = moveaxis(y, -1, 0) if shape_of(q) else squeeze(y, -1)
    if boolean("keepdims", keepdims):
        for each in sorted(axes):
            y = expand_dims(y, each + len(shape_of(q)))
    return y


def fractions(q, whole=1):
    """Return numbers from 0 to `whole`, an array of at most one axis or a symbolic tensor, divided by `whole`."""
    if isinstance(q, Operators):
        return divide(q, whole)
    array = as_array("q", q, np.float64)
    if array.ndim > 1 or not np.all((array >= 0) & (array <= whole)):
        raise ValueError(f"q={shown(q)} is out of range; expected a number from 0 to {whole}, or a sequence of them")
    return array / whole


__all__ = ["median", "percentile", "quantile"]

explain_all(globals(), __all__)
