"""Masks that calls of layers take as arguments: arrays or tensors, of which elements that are not set are left out."""

import numpy as np

from .. import activations
from .._common.structures import Arguments
from ..engine.operators import apply
from .base import Layer

_HIDDEN = -1e9  # Keras' score of what a mask hides


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


def masked_softmax(x, mask=None, axes=-1):
    """Return the softmax along axes, with 0 where a mask of booleans is not set, everywhere if it is set nowhere."""
    if mask is None:
        return activations.softmax(x, axes)
    return apply("where", mask, activations.softmax(apply("where", mask, x, _HIDDEN), axes), 0.0)
