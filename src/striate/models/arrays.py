"""The arrays that users pass to models: checked and converted to one form, a list with an array for each input or output."""

import numpy as np

from .._common.arrays import read_only
from .._common.checks import integer
from ..layers.calls import float_input


def check_inputs(x, names, dtype):
    """Return a model's inputs as arrays of its dtype; `names` are those of its inputs, None if they are not known yet."""
    if isinstance(x, dict):
        if names is None or set(x) != set(names):
            raise ValueError(f"x has the keys {list(x)}; expected the names of the model's inputs, {names}")
        x = [x[name] for name in names]
    several = isinstance(x, (list, tuple)) and (names is None or len(names) > 1 or isinstance(next(iter(x), None), np.ndarray))
    arrays = list(x) if several else [x]
    if names is not None and len(arrays) != len(names):
        raise ValueError(f"x has {len(arrays)} arrays; expected {len(names)}, one for each input of the model")
    arrays = [float_input(array, dtype) for array in arrays]
    for array in arrays:
        if array.ndim < 2:
            raise ValueError(f"x has shape {array.shape}; expected (samples, ...) with at least one more axis")
        if not len(array):
            raise ValueError(f"x has no samples, shape {array.shape}; expected at least one")
        if len(array) != len(arrays[0]):
            raise ValueError(f"x has {len(arrays[0])} samples in one input and {len(array)} in another; expected equal numbers")
    return arrays


def check_targets(y, samples, objectives, names, shapes, dtype):
    """Return checked targets, one array for each objective; all outputs' names and shapes are given."""
    if not objectives:
        return []
    if y is None:
        raise ValueError("y is None; expected targets, or an x that yields batches (x, y)")
    if (
        len(names) == 1
        and isinstance(y, (list, tuple))
        and len(y) == 1
        and isinstance(y[0], np.ndarray)
        and len(y[0]) == samples
    ):
        y = y[0]
    if isinstance(y, dict):
        if not {objective.name for objective in objectives} <= set(y) <= set(names):
            raise ValueError(f"y has the keys {list(y)}; expected the names of the model's outputs, {names}")
        given = [y[objective.name] for objective in objectives]
    elif len(names) == 1 or (len(objectives) == 1 and not isinstance(y, (list, tuple))):
        given = [y]
    elif not isinstance(y, (list, tuple)) or len(y) != len(names):
        raise ValueError(f"y is of type {type(y).__name__}; expected a list with targets for each of the outputs {names}")
    else:
        given = [y[objective.output] for objective in objectives]
    prepared = []
    for targets, objective in zip(given, objectives, strict=True):
        targets = objective.loss.prepare(targets, shapes[objective.output], dtype)
        if len(targets) != samples:
            raise ValueError(f"y has {len(targets)} samples and x has {samples}; expected equal numbers")
        prepared.append(read_only(targets))  # Custom metrics get these arrays, which may be the user's own.
    return prepared


def fill(places, arrays, part):
    """Copy a part of each array, a slice or an array of indices, to its place."""
    for place, array in zip(places, arrays, strict=True):
        if isinstance(part, slice):
            place[...] = array[part]
        else:
            # All indices are in range, so nothing is clipped; with "raise", NumPy would copy twice.
            np.take(array, part, axis=0, out=place, mode="clip")


def is_of_samples(y, shape, part):
    """Return whether an output of a given shape has one element along the first axis for each sample of a batch."""
    return y.ndim > 0 and shape[0] is None and len(y) == part.stop - part.start


def joined(outputs):
    """Return an output of several batches, concatenated along the first axis; scalars become an array."""
    return np.concatenate([np.atleast_1d(y) for y in outputs])


def parts(samples, batch_size, order=None):
    """Yield the indices of the samples in each batch, a slice, or a part of the given order."""
    for start in range(0, samples, batch_size):
        part = slice(start, min(start + batch_size, samples))
        yield part if order is None else order[part]


def check_batch_size(batch_size, name="batch_size"):
    """Return a checked batch size, 32 for None."""
    return 32 if batch_size is None else integer(name, batch_size, 1)


def check_steps(name, steps):
    """Return a checked number of batches, None for as many as there are."""
    return None if steps is None else integer(name, steps, 1)
