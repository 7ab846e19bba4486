"""Detection of attributes of layers, losses and penalties that change after programs were made of them."""

import weakref

from .._common.arguments import is_of_the_library
from .._common.structures import flat_deep
from .._common.watched import Watched, frozen
from ..engine import Value
from ..layers.base import Layer
from ..layers.symbolic import Tensor


class Edits:
    """The attributes that a model's programs depend on, with their values when the programs were made.

    Layers, losses, regularizers and constraints notify when an attribute is set, so that steps without a change cost nothing.
    Lists, sets and dicts do not notify: those that custom layers and losses hold are compared each time.
    """

    def __init__(self):
        self._changes = None  # value of `Watched.changes` at the last comparison
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
        # The model is one of them and holds this object: a strong reference would make a cycle.
        known = {id(thing): (weakref.ref(thing), frozen(_attributes(thing))) for thing in things}
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
        return Edits, ()  # A copy of a model makes its own plans.


def _things(model):
    """Return the objects that a model's programs depend on: the model, its layers, losses, metrics and penalties, and whatever
    the custom ones among these hold.
    """
    judges = [each for one in model._objectives for each in (one.loss, *one.metrics, *one.weighted_metrics)]
    found, waiting = {}, [model, *(each for each in judges if each is not None)]
    while waiting:
        thing = waiting.pop()
        if id(thing) in found:
            continue
        found[id(thing)] = thing
        held = []
        if isinstance(thing, Layer):
            held += [thing.activity_regularizer, *thing._sublayers()]
            held += [each for weight in thing._own_weights for each in (weight.regularizer, weight.constraint)]
        if not is_of_the_library(type(thing)):
            attributes = thing.watched_attributes() if isinstance(thing, Watched) else vars(thing)
            held += flat_deep(list(attributes.values()))
        waiting += [each for each in held if isinstance(each, Watched)]
    return [each for each in found.values() if isinstance(each, Watched)]


def _attributes(thing):
    """Return the attributes that programs may depend on, which excludes symbolic tensors."""
    found = thing.watched_attributes()
    return {name: value for name, value in found.items() if not isinstance(value, (Value, Tensor))}
