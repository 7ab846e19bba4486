"""Masks of the pairs of queries and keys that attention leaves out."""

import numpy as np

from ...engine.operators import apply


def causal(queries, keys):
    """Return the mask, (queries, keys), in which queries see keys up to their own place."""
    return np.tri(queries, keys, dtype=bool)


def window(queries, keys, size):
    """Return the mask, (queries, keys), in which queries see the keys less than `size` places away."""
    return np.abs(np.arange(queries)[:, None] - np.arange(keys)) < size


def both(first, second):
    """Return the mask in which both of two masks of booleans are set, either of which may be None."""
    if first is None or second is None:
        return second if first is None else first
    return apply("logical_and", first, second)
