"""Layers and weights of models by their names in files, and arrays from files as weights."""

import numpy as np

from ..layers.sublayers import layers_by_path


def as_stored(array, dtype):
    """Return an array from a file, of any real dtype, in the dtype that is needed."""
    if array.dtype.kind not in "fiub":
        raise TypeError(f"an array has dtype {array.dtype}; expected real numbers")
    with np.errstate(over="ignore"):  # Values too large for the dtype become infinite.
        return np.asarray(array, dtype)


def set_weights(found):
    """Set weights to checked arrays, a list of (weight, array)."""
    for weight, array in found:
        weight.assign(array)


def weight_paths(model, skipped=()):
    """Yield (path, weight) of the weights of all layers in a model; the path is made of the names of layers and weight.

    Those of the layers `skipped`, and of the layers in them, are left out.
    """
    seen, left_out = {}, {id(weight) for layer in skipped for weight in layer.weights}
    for prefix, layer in [("", model), *((f"{path}/", layer) for path, layer in layers_by_path(model))]:
        for weight in layer._own_weights:
            path = prefix + weight.name
            seen[path] = seen.get(path, 0) + 1
            if id(weight) not in left_out:
                yield (path if seen[path] == 1 else f"{path}#{seen[path]}"), weight
