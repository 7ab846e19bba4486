"""Weights of models by the names that files give them, and arrays from files as weights."""

import numpy as np


def as_stored(array, dtype):
    """Return an array from a file, of any real numbers, in the dtype that is needed."""
    if array.dtype.kind not in "fiub":
        raise TypeError(f"an array has dtype {array.dtype}; expected real numbers")
    with np.errstate(over="ignore"):  # what is too large for the dtype becomes infinite
        return np.asarray(array, dtype)


def set_weights(found):
    """Set weights to arrays that were checked, a list of (weight, array)."""
    for weight, array in found:
        weight.assign(array)


def weight_paths(model):
    """Yield (path, weight) of the weights of all layers within a model, the path made of their names."""
    seen = {}
    for path, weight in (*((weight.name, weight) for weight in model._own_weights), *_weight_paths(model, "")):
        seen[path] = seen.get(path, 0) + 1
        yield (path if seen[path] == 1 else f"{path}#{seen[path]}"), weight


def _weight_paths(layer, prefix):
    for sublayer in layer._sublayers():
        path = f"{prefix}{sublayer.name}/"
        yield from ((path + weight.name, weight) for weight in sublayer._own_weights)
        yield from _weight_paths(sublayer, path)
