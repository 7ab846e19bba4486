"""The arrays that users pass to models: checked and converted to one form, a list with an array for each input or output."""

import numpy as np

from .._common.arrays import read_only
from .._common.checks import integer, shown
from .._common.structures import flat_shapes
from ..layers.calls import input_array
from .structures import arranged, missing, of_rank, require_optional, structure_of


def check_inputs(x, shape, names, dtypes, optional=()):
    """Return the structure of a model's inputs, and the inputs as arrays in the order of its leaves.

    Parameters
    ----------
    x : array_like, or a structure of them
        What was given.
    shape : tuple, structure of tuple, or None
        The shapes that the model was built for; None if it is not built, and takes any structure.
    names : list of str or None
        Names of the inputs; None for a model that is not made of a graph of layers.
    dtypes : sequence of str
        Dtypes of the inputs, or one for all.
    optional : sequence of bool
        Whether each input may be None, if any may.
    """
    structure = structure_of(x) if shape is None else shape
    given = arranged("x", x, structure, names, "inputs")
    require_optional(x, given, optional)
    if all(each is None for each in given):
        raise ValueError(f"x={shown(x)} holds None in place of all inputs; expected an array for at least one")
    dtypes = dtypes if len(dtypes) == len(given) else dtypes[:1] * len(given)
    arrays = [None if array is None else input_array(array, dtype) for array, dtype in zip(given, dtypes, strict=True)]
    if names is not None and shape is not None:
        pairs = zip(flat_shapes(shape), arrays, strict=True)
        arrays = [array if array is None else of_rank(expected, array) for expected, array in pairs]
    if optional:
        samples = next(array.shape[:1] for array in arrays if array is not None)
        arrays = [missing(*samples, dtypes[i]) if array is None else array for i, array in enumerate(arrays)]
    for array in arrays:
        if not array.ndim:
            raise ValueError(f"x has shape {array.shape}; expected samples along the first axis")
        if not len(array):
            raise ValueError(f"x has no samples, shape {array.shape}; expected at least one")
        if len(array) != len(arrays[0]):
            raise ValueError(f"x has {len(arrays[0])} samples in one input and {len(array)} in another; expected equal numbers")
    return structure, arrays


def check_targets(y, samples, objectives, names, shape, dtype):
    """Return checked targets, one array for each output of each objective.

    All outputs' names, and their structure of shapes, are given.
    """
    if not objectives:
        return []
    judged = [(objective.loss_of_targets, i) for objective in objectives for i in objective.outputs]
    needed = sorted({i for _, i in judged})
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
    shapes = flat_shapes(shape)
    if isinstance(y, dict) and {names[i] for i in needed} <= set(y) <= set(names):
        given = {i: y[names[i]] for i in needed}
    elif not isinstance(y, dict) and (len(names) == 1 or (len(needed) == 1 and not isinstance(y, (list, tuple)))):
        given = {needed[0]: y}
    elif not isinstance(y, (list, tuple, dict)):
        raise ValueError(f"y is of type {type(y).__name__}; expected a list with targets for each of the outputs {names}")
    elif isinstance(y, (list, tuple)) and len(y) == len(needed) < len(names):
        given = dict(zip(needed, y, strict=True))
    else:
        given = arranged("y", y, shape, names, "outputs")
    prepared = []
    for loss, i in judged:
        targets = loss.prepare(given[i], shapes[i], dtype)
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
