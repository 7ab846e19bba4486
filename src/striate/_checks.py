"""Checks of arguments: each names the argument, its value and what was expected, and returns the value in one form."""

import operator
import os

import numpy as np

from ._arrays import empty

_FLOAT32, _FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)


def integer(name, value, minimum=None, maximum=None):
    """Return `value` as an int between `minimum` and `maximum`, both included."""
    expected = "an integer" if minimum is None else f"an integer of at least {minimum}"
    if maximum is not None:
        expected += f" and at most {maximum}"
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name}={value!r} is a bool; expected {expected}")
    try:
        result = operator.index(value)
    except TypeError:
        raise TypeError(f"{name}={value!r} is of type {type(value).__name__}; expected {expected}") from None
    if minimum is not None and result < minimum:
        raise ValueError(f"{name}={value!r} is too small; expected {expected}")
    if maximum is not None and result > maximum:
        raise ValueError(f"{name}={value!r} is too large; expected {expected}")
    return result


def pair(name, value, minimum=1, maximum=None):
    """Return an int, or two of them, as a pair of ints (for height and width) between `minimum` and `maximum`."""
    if isinstance(value, (tuple, list)):
        if len(value) != 2:
            raise ValueError(f"{name}={value!r} has {len(value)} elements; expected an integer, or two for height and width")
        return integer(f"{name}[0]", value[0], minimum, maximum), integer(f"{name}[1]", value[1], minimum, maximum)
    value = integer(name, value, minimum, maximum)
    return value, value


def number(name, value, minimum=None, maximum=None, *, open_minimum=False, open_maximum=False):
    """Return `value` as a finite float between `minimum` and `maximum`, the bounds included unless they are open."""
    low = "" if minimum is None else f" {'above' if open_minimum else 'of at least'} {minimum}"
    high = "" if maximum is None else f" {'below' if open_maximum else 'at most'} {maximum}"
    expected = "a finite number" + " and".join(filter(None, (low, high)))
    if isinstance(value, (bool, np.bool_, str, bytes)):
        raise TypeError(f"{name}={value!r} is of type {type(value).__name__}; expected {expected}")
    try:
        result = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name}={value!r} is of type {type(value).__name__}; expected {expected}") from None
    fits = np.isfinite(result)
    if minimum is not None:
        fits = fits and (result > minimum if open_minimum else result >= minimum)
    if maximum is not None:
        fits = fits and (result < maximum if open_maximum else result <= maximum)
    if not fits:
        raise ValueError(f"{name}={value!r} is out of range; expected {expected}")
    return result


def choice(name, value, options):
    """Return `value` if it is one of the strings `options`."""
    if value not in options:
        raise ValueError(f"{name}={value!r} is unknown; expected one of {', '.join(repr(o) for o in options)}")
    return value


def shape(name, value, axes):
    """Return `value` as a tuple of non-negative ints, one for each word in `axes`."""
    if not isinstance(value, (tuple, list)) or len(value) != len(axes):
        raise ValueError(f"{name}={value!r} is not a shape ({', '.join(axes)}) of {len(axes)} integers")
    return tuple(integer(f"{name}[{i}]", size, 0) for i, size in enumerate(value))


def float_array(name, value, axes=None, like=None):
    """Return `value` as a C-contiguous array of float32 or float64 in native byte order; a copy only where it must be.

    `axes` names the dimensions that it must have; `like` is a (name, array) pair whose dtype it must share.
    """
    if type(value) is np.ndarray:  # what most calls bring, without the slower checks
        ready = (value.dtype is _FLOAT32 or value.dtype is _FLOAT64) and not _needs_copy(value)
        if ready and (axes is None or value.ndim == len(axes)) and (like is None or value.dtype is like[1].dtype):
            return value
    array = np.asarray(value)
    native = array.dtype.newbyteorder("=")
    if native not in (_FLOAT32, _FLOAT64):
        raise TypeError(
            f"{name} has dtype {array.dtype}; expected float32 or float64 (convert it, as in {name}.astype(numpy.float32))"
        )
    if axes is not None and array.ndim != len(axes):
        raise ValueError(f"{name} has {array.ndim} dimensions, shape {array.shape}; expected {len(axes)}: ({', '.join(axes)})")
    if like is not None and native != like[1].dtype:
        raise TypeError(f"{name} has dtype {native} but {like[0]} has {like[1].dtype}; expected the same")
    return np.array(array, native, order="C") if _needs_copy(array) else array


def vector(name, value, size, each, like):
    """Return `value` as an array with one element for each of the `size` things that `each` names; see `float_array`."""
    value = float_array(name, value, (each,), like)
    if value.size != size:
        raise ValueError(f"{name} has shape {value.shape}; expected one element for each of the {size} {each}")
    return value


def bias_vector(bias, size, each, like):
    """Return `bias` as a `vector`."""
    return vector("bias", bias, size, each, like)


def _needs_copy(array):
    flags = array.flags
    return not (flags.c_contiguous and flags.aligned and array.dtype.isnative)


def output(out, shape, dtype, inputs=()):
    """Return `out` if a result of `shape` and `dtype` can be written to it, or a new array if it is None.

    `inputs` are arrays that are still read while the result is written, and so must not overlap it.
    """
    if out is None:
        return empty(shape, dtype)
    if type(out) is np.ndarray and out.shape == shape and out.dtype is dtype and out.flags.carray and not inputs:
        return out
    if not isinstance(out, np.ndarray):
        raise TypeError(f"out is of type {type(out).__name__}; expected a numpy.ndarray")
    if out.shape != tuple(shape) or out.dtype != dtype:
        raise ValueError(f"out has shape {out.shape} and dtype {out.dtype}; expected {tuple(shape)} and {dtype}")
    if _needs_copy(out) or not out.flags.writeable:
        raise ValueError("out is not C-contiguous or not writeable; expected an array that a result can be written to")
    for array in inputs:
        if np.may_share_memory(out, array):
            raise ValueError("out overlaps an input; expected separate memory")
    return out


def environment_switch(name, default):
    """Return whether the environment variable `name` is "1"; it may be "0", too, and without it there is `default`."""
    value = os.environ.get(name, str(int(default))).strip()
    if value not in ("0", "1"):
        raise ImportError(f"{name}={value!r} is not a switch; expected 0 or 1")
    return value == "1"
