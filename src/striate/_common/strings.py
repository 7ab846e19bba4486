"""Arrays of strings, which are arrays of Python's objects, as NumPy's strings have a fixed length."""

import numpy as np

from .checks import shown


def strings_or_integers(name, value):
    """Return an array of strings, of Python's class, or of int64; floats are truncated."""
    array = np.asarray(value)
    if array.dtype.kind == "S":
        array = np.char.decode(array, "utf-8")
    if array.dtype.kind in "UT":
        return array.astype(object)
    if array.dtype.kind == "O":
        texts = [each.decode() if isinstance(each, bytes) else each for each in array.ravel().tolist()]
        if all(isinstance(each, str) for each in texts):
            return np.array(texts, object).reshape(array.shape)
    if array.dtype.kind in "biuf":
        return array.astype(np.int64)
    raise TypeError(f"{name}={shown(value)} is of dtype {array.dtype}; expected strings or integers")


def strings(name, value):
    """Return an array of strings, of Python's class; integers as their decimals."""
    array = strings_or_integers(name, value)
    return array if array.dtype == object else array.astype(str).astype(object)


def holds_strings(value):
    """Return whether an array, or nested lists, hold strings."""
    while isinstance(value, (list, tuple)) and len(value):
        value = value[0]
    if not isinstance(value, np.ndarray):
        return isinstance(value, (str, bytes))
    return value.dtype.kind in "SUT" or (value.dtype == object and value.size > 0 and isinstance(value.flat[0], (str, bytes)))
