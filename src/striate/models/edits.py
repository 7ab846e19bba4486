"""Attributes of layers, losses and penalties that change after programs were made of them."""

import weakref

from .._arguments import is_of_the_library
from .._watched import Watched, frozen
from ..engine import Value
from ..layers.base import layers_within
from ..layers.symbolic import Tensor


class Edits:
    """What a model's programs depend on beside its structure and weights, as it was when they were made.

    Layers, losses, regularizers and constraints tell when an attribute is set, which costs the steps between nothing. Lists,
    sets and dicts tell nothing: those that users' own layers and losses hold are looked at each time.
    """

    def __init__(self):
        self._changes = None  # how many there were when all was looked at
        self._known = None
        self._containers = ()

    def found(self, model):
        """Return whether something has changed since the last time."""
        if self._changes == Watched.changes and (
            not self._containers or all(frozen(container) == known for container, known in self._containers)
        ):
            return False
        self._changes = Watched.changes
        things = _things(model)
        known = {id(thing): (weakref.ref(thing), frozen(_attributes(thing))) for thing in things}  # the model is one of them
        self._containers = [
            (value, frozen(value))
            for thing in things
            if not is_of_the_library(type(thing))
            for value in _attributes(thing).values()
            if isinstance(value, (list, set, dict))
        ]
        before, self._known = self._known, known
        return before is not None and before != known

    def __reduce__(self):
        return Edits, ()  # copies of a model plan anew


def _things(model):
    """Return what a model's programs are made of: its layers, itself if it has a `call` of its own, losses and penalties."""
    layers = list(layers_within(model))
    weights = [weight for layer in (model, *layers) for weight in layer._own_weights]
    penalties = [each for weight in weights for each in (weight.regularizer, weight.constraint)]
    activities = [layer.activity_regularizer for layer in layers]
    losses = [objective.loss for objective in model._objectives]
    return [each for each in (model, *layers, *losses, *penalties, *activities) if isinstance(each, Watched)]


def _attributes(thing):
    """Return the attributes that programs may depend on; what stood for arrays in a graph is none of them."""
    found = thing.watched_attributes()
    return {name: value for name, value in found.items() if not isinstance(value, (Value, Tensor))}
