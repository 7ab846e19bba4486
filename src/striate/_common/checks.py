"""Checks of arguments: errors name the argument, its value and what was expected; values are returned in one form."""

import math
import operator
import os
import sys

import numpy as np

from .arrays import empty
from .names import suggestion

_FLOAT32, _FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)

#: Largest seed, with as many bits as the state of NumPy's generators.
LARGEST_SEED = (1 << 128) - 1

#: Largest window, stride, dilation or padding; sums of a few of them stay far from overflow.
LARGEST = 1 << 30


class ArgumentTypeError(TypeError, ValueError):
    """An argument is of a type that is not expected. Python's error for that is a TypeError, and Keras' is a ValueError."""


_BITS = f" that fits into {sys.maxsize.bit_length() + 1} bits"
_LONGEST = 200  # number of characters after which a value in an error is cut off


def shown(value):
    """Return a value as an error shows it: its `repr` on one line, cut off if it is long."""
    try:
        text = " ".join(line.strip() for line in repr(value).split("\n"))
    except Exception:  # Python limits the digits of ints, and the `repr` of a custom class may fail.
        return f"<{type(value).__name__}>"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def integer(name, value, minimum=None, maximum=sys.maxsize):
    """Return `value` as an int between `minimum` and `maximum`, inclusive; None means no limit."""
    expected = "an integer" if minimum is None else f"an integer of at least {minimum}"
    if maximum is not None and maximum != sys.maxsize:
        expected += f"{'' if minimum is None else ' and'} at most {maximum}"
    if isinstance(value, (bool, np.bool_)):
        raise ArgumentTypeError(f"{name}={value!r} is a bool; expected {expected}")
    try:
        result = operator.index(value)
    except TypeError:
        raise ArgumentTypeError(f"{name}={shown(value)} is of type {type(value).__name__}; expected {expected}") from None
    if minimum is not None and result < minimum:
        raise ValueError(f"{name}={shown(value)} is too small; expected {expected}")
    if maximum is not None and not -maximum - 1 <= result <= maximum:
        raise ValueError(f"{name}={shown(value)} is too large; expected {expected}{_BITS if maximum == sys.maxsize else ''}")
    return result


def integer_or_word(name, value, minimum, words):
    """Return `value` as an int of at least `minimum`, or as one of `words`."""
    value = value.item() if isinstance(value, np.ndarray) and not value.ndim else value
    if isinstance(value, str) and value in words:
        return str(value)
    try:
        return integer(name, value, minimum)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{error}, or one of {', '.join(map(repr, words))}") from None


def integers(name, value, minimum=None, maximum=sys.maxsize):
    """Return a list or tuple of integers, or an array of one axis, as a tuple of ints, each as `integer` returns it."""
    return tuple(integer(f"{name}[{i}]", each, minimum, maximum) for i, each in enumerate(sequence(name, value, "integers")))


def pair(name, value, minimum=1, maximum=LARGEST):
    """Return an int, or two of them, as a pair of ints (for height and width) between `minimum` and `maximum`."""
    return _one_or_several(name, value, 2, "two for height and width", minimum, maximum)


def triple(name, value, minimum=1, maximum=LARGEST):
    """Return an int, or three of them, as three ints (for depth, height and width) between `minimum` and `maximum`."""
    return _one_or_several(name, value, 3, "three for depth, height and width", minimum, maximum)


def _one_or_several(name, value, count, several, minimum, maximum):
    """Return an int, or `count` of them, as a tuple of ints; errors call these `several`."""
    if isinstance(value, (tuple, list)) or (isinstance(value, np.ndarray) and value.ndim):
        if len(value) != count:
            raise ValueError(f"{name}={shown(value)} has {len(value)} elements; expected an integer, or {several}")
        return tuple(integer(f"{name}[{i}]", each, minimum, maximum) for i, each in enumerate(value))
    return (integer(name, value, minimum, maximum),) * count


def axis_of(axis, name, shape):
    """Return an axis of the array called `name`, of a given shape, as a non-negative index."""
    index = integer("axis", axis)
    if not -len(shape) <= index < len(shape):
        raise ValueError(f"axis={shown(axis)} is out of range; expected an axis of {name}, shape {tuple(shape)}")
    return index % len(shape)


def axes_of(axes, name, shape):
    """Return an axis, or several in a list, as a tuple of different non-negative indices; see `axis_of`."""
    found = tuple(axis_of(axis, name, shape) for axis in (axes if isinstance(axes, (list, tuple)) else [axes]))
    if len(set(found)) < len(found):
        raise ValueError(f"axis={shown(axes)} holds an axis twice; expected different axes of {name}, shape {tuple(shape)}")
    return found


def axes(name, value):
    """Return an axis as an int, or several as a list of ints."""
    return list(integers(name, value)) if isinstance(value, (list, tuple)) else integer(name, value)


def boolean(name, value):
    """Return `value`, a bool or 0 or 1, as a bool."""
    if value is True or value is False:  # Most calls pass one of these, which need no slower checks.
        return value
    if not isinstance(value, (bool, np.bool_, int, np.integer)) or value not in (0, 1):
        raise ArgumentTypeError(f"{name}={shown(value)} is neither true nor false; expected True or False")
    return bool(value)


def number(name, value, minimum=None, maximum=None, *, open_minimum=False, open_maximum=False):
    """Return `value` as a finite float between `minimum` and `maximum`, inclusive unless the bounds are open."""
    if type(value) is float and minimum is None and maximum is None and math.isfinite(value):
        return value + 0.0  # Most calls pass such a number, which needs no slower checks; adding 0 turns -0.0 into 0.0.
    low = "" if minimum is None else f" {'above' if open_minimum else 'of at least'} {minimum}"
    high = "" if maximum is None else f" {'below' if open_maximum else 'at most'} {maximum}"
    expected = "a finite number" + " and".join(filter(None, (low, high)))
    try:
        if isinstance(value, (bool, np.bool_, str, bytes)) or (isinstance(value, np.ndarray) and value.ndim):
            raise TypeError
        result = float(value)
    except OverflowError:  # An int may be too large for a float.
        result = math.inf
    except (TypeError, ValueError):
        raise ArgumentTypeError(f"{name}={shown(value)} is of type {type(value).__name__}; expected {expected}") from None
    fits = math.isfinite(result)
    if minimum is not None:
        fits = fits and (result > minimum if open_minimum else result >= minimum)
    if maximum is not None:
        fits = fits and (result < maximum if open_maximum else result <= maximum)
    if not fits:
        raise ValueError(f"{name}={shown(value)} is out of range; expected {expected}")
    return result + 0.0


def text(name, value):
    """Return `value` as a str."""
    if not isinstance(value, str):
        raise ArgumentTypeError(f"{name}={shown(value)} is of type {type(value).__name__}; expected a str")
    return str(value)


def check_path(name, value):
    """Return `value`, a str or an object with a path, as a str."""
    found = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(found, str):
        raise ArgumentTypeError(
            f"{name}={shown(value)} is of type {type(value).__name__}; expected the path of a file or folder"
        )
    try:
        possible = found and b"\0" not in os.fsencode(found)
    except UnicodeEncodeError:
        possible = False
    if not possible:
        raise ValueError(f"{name}={shown(value)} is not a valid path; expected the path of a file or folder")
    return str(found)  # NumPy's strings are taken for bytes by some functions of the system.


def called(name, value, of="its arguments"):
    """Return `value` if it is callable; `of` tells the error its arguments."""
    if not callable(value):
        raise ArgumentTypeError(f"{name}={shown(value)} cannot be called; expected a function of {of}")
    return value


def verbosity(value):
    """Return the argument `verbose`, how much is printed, as an int, 0 for nothing."""
    return int(value) if isinstance(value, (bool, np.bool_)) else integer("verbose", value, 0)


def check_seed(name, value):
    """Return `value` as an int that can be a seed, or None for None."""
    return None if value is None else integer(name, value, 0, LARGEST_SEED)


def float_dtype(name, value):
    """Return the name of a supported floating-point dtype, float32 for None."""
    try:
        found = "float32" if value is None else np.dtype(value).name
    except Exception:  # NumPy may raise anything for an object that is not a dtype.
        found = None
    if found not in ("float32", "float64"):
        raise ValueError(f"{name}={shown(value)} is not supported; expected 'float32' or 'float64'")
    return found


def sequence(name, value, of):
    """Return a list or tuple, or an array of one axis or more, as a list; `of` tells the error what it holds."""
    if not isinstance(value, (list, tuple, range)) and not (isinstance(value, np.ndarray) and value.ndim):
        raise ArgumentTypeError(f"{name}={shown(value)} is of type {type(value).__name__}; expected a list or tuple of {of}")
    return list(value)


def choice(name, value, options):
    """Return the element of `options`, mostly strings, that equals `value`."""
    if isinstance(value, np.ndarray) and not value.ndim:
        value = value.item()
    if value is None or isinstance(value, (str, int, np.integer)):
        for option in options:
            if option == value and isinstance(option, bool) == isinstance(value, bool):
                return option
    hint = suggestion(value, [each for each in options if isinstance(each, str)]) if isinstance(value, str) else ""
    raise ValueError(f"{name}={shown(value)} is unknown; expected one of {', '.join(repr(o) for o in options)}{hint}")


def shape(name, value, axes):
    """Return `value` as a tuple of non-negative ints, one for each word in `axes`."""
    if not isinstance(value, (tuple, list)) or len(value) != len(axes):
        raise ValueError(f"{name}={shown(value)} is not a shape; expected ({', '.join(axes)}), {len(axes)} integers")
    return tuple(integer(f"{name}[{i}]", size, 0) for i, size in enumerate(value))


def float_array(name, value, axes=None, like=None):
    """Return `value` as a C-contiguous array of float32 or float64 in native byte order, copied only if necessary.

    `axes` names the dimensions that it must have; `like` is a pair (name, array) whose dtype it must share.
    """
    if type(value) is np.ndarray:  # Most calls pass an array that needs none of the slower checks below.
        ready = (value.dtype is _FLOAT32 or value.dtype is _FLOAT64) and not _needs_copy(value)
        if ready and (axes is None or value.ndim == len(axes)) and (like is None or value.dtype is like[1].dtype):
            return value
    array = as_array(name, value)
    native = array.dtype.newbyteorder("=")
    if native not in (_FLOAT32, _FLOAT64):
        raise ArgumentTypeError(
            f"{_named(name, value)} has dtype {array.dtype}; expected float32 or float64 (convert it, for example with "
            f"{name}.astype(numpy.float32))"
        )
    if axes is not None and array.ndim != len(axes):
        raise ValueError(
            f"{_named(name, value)} has {array.ndim} dimensions, shape {array.shape}; expected {len(axes)}: ({', '.join(axes)})"
        )
    if like is not None and native != like[1].dtype:
        raise ArgumentTypeError(
            f"{_named(name, value)} has dtype {native} but {like[0]} has {like[1].dtype}; expected the same"
        )
    return kernel_ready(array)


def as_array(name, value, dtype=None):
    """Return `value` as an array."""
    try:
        return np.asarray(value, dtype)
    except (TypeError, ValueError, OverflowError) as error:
        kind = TypeError if isinstance(error, TypeError) else ValueError
        raise kind(f"{name}={shown(value)} is not an array ({error}); expected one, or nested lists of equal lengths") from None


def real_array(name, value, dtype=None, kinds="fiub"):
    """Return `value` as an array of real numbers, or of other kinds, converted to a dtype unless that is None."""
    array = as_array(name, value)
    if array.dtype.kind not in kinds:
        raise ArgumentTypeError(f"{_named(name, value)} has dtype {array.dtype}; expected real numbers")
    return array if dtype is None else array.astype(dtype, copy=False)


def float_vectors(name, value, each, like=None):
    """Return `value` as `float_array` does, after checking that it has at least one axis, of what `each` names."""
    array = float_array(name, value, like=like)
    if array.ndim < 1:
        raise ValueError(f"{name} has no dimensions; expected at least one, of {each}")
    return array


def check_shape(name, array, expected, whose):
    """Raise an error unless an array has the expected shape, which is the shape of what `whose` names."""
    if array.shape != expected:
        raise ValueError(f"{name} has shape {array.shape}; expected the shape of {whose}, {expected}")


def vector(name, value, size, each, like):
    """Return `value` as an array of `size` elements, one for each of what `each` names; see `float_array`."""
    value = float_array(name, value, (each,), like)
    if value.size != size:
        raise ValueError(f"{name} has shape {value.shape}; expected one element for each of the {size} {each}")
    return value


def bias_vector(bias, size, each, like):
    """Return `bias` as a `vector`."""
    return vector("bias", bias, size, each, like)


def _named(name, value):
    """Return how an error names an argument: arrays without their elements, since shape and dtype tell more."""
    return name if isinstance(value, np.ndarray) else f"{name}={shown(value)}"


def kernel_ready(array):
    """Return an array as kernels take it: C-contiguous, aligned and in native byte order, copied only if necessary."""
    return np.array(array, array.dtype.newbyteorder("="), order="C") if _needs_copy(array) else array


def _needs_copy(array):
    flags = array.flags
    return not (flags.c_contiguous and flags.aligned and array.dtype.isnative)


def output(out, shape, dtype, inputs=()):
    """Return `out` if a result of `shape` and `dtype` can be written to it, or a new array if it is None.

    `inputs` are arrays that are read while the result is written, and so must not overlap it.
    """
    if out is None:
        return empty(shape, dtype)
    if type(out) is np.ndarray and out.shape == shape and out.dtype is dtype and out.flags.carray and not inputs:
        return out
    if not isinstance(out, np.ndarray):
        raise ArgumentTypeError(f"out is of type {type(out).__name__}; expected a numpy.ndarray")
    if out.shape != tuple(shape) or out.dtype != dtype:
        raise ValueError(f"out has shape {out.shape} and dtype {out.dtype}; expected {tuple(shape)} and {dtype}")
    if _needs_copy(out) or not out.flags.writeable:
        raise ValueError("out is not C-contiguous or not writeable; expected an array that a result can be written to")
    for array in inputs:
        if np.may_share_memory(out, array):
            raise ValueError("out overlaps an input; expected separate memory")
    return out


def environment_switch(name, default):
    """Return whether the environment variable `name`, "0" or "1", is "1"; `default` if it is not set."""
    value = os.environ.get(name, str(int(default))).strip()
    if value not in ("0", "1"):
        raise ImportError(f"{name}={value!r} is not a switch; expected 0 or 1")
    return value == "1"
