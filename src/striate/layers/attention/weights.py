"""Weights of attention: softmax of scores, of which masks hide some."""

import numpy as np

from ... import activations
from ..._common.structures import Arguments
from ...engine.operators import apply
from ..base import Layer

_HIDDEN = -1e9  # Keras' score of keys that a query must not attend to


class TakesMasks(Layer):
    """The base class of layers whose calls take masks, which may be broadcast along the batch."""

    def _compute(self, x, training, rng):
        """Return the output for arrays; masks of arrays are constants, since their first axis need not be the batch."""
        if isinstance(x, Arguments):
            masks = {name: value for name, value in x.items() if name.endswith("mask")}
            x = Arguments({name: value for name, value in x.items() if name not in masks}, x.constants | masks)
        return super()._compute(x, training, rng)


def is_set(mask):
    """Return where a mask of any dtype is not 0, as a value or array of booleans."""
    return apply("not_equal", np.asarray(mask) if isinstance(mask, (list, tuple)) else mask, 0)


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


def weights(scores, mask=None, axes=-1):
    """Return the softmax of scores along axes, with 0 where a mask is not set, everywhere if it is set nowhere."""
    if mask is None:
        return activations.softmax(scores, axes)
    return apply("where", mask, activations.softmax(apply("where", mask, scores, _HIDDEN), axes), 0.0)
