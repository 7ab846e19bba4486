"""Objects whose attributes may change after programs were made from them."""


class Watched:
    """Base class of objects whose attribute changes are counted, so that programs that depend on them can be made again.

    Attributes
    ----------
    changes : int
        Number of times that an attribute of any watched object was set; while it stays the same, nothing has changed.
    """

    changes = 0

    #: Kind of the object as an argument, such as "initializer", by which files refer to it.
    kind = None

    #: Names of attributes that no program depends on.
    unwatched = frozenset()

    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        if name not in self.unwatched:
            Watched.changes += 1

    def __delattr__(self, name):
        super().__delattr__(name)
        Watched.changes += 1

    def watched_attributes(self):
        """Return the attributes that programs may depend on, by name."""
        return {name: value for name, value in vars(self).items() if name not in self.unwatched}


def frozen(value):
    """Return a snapshot of a value, which equals a later one if the value, and all it contains, is the same.

    Numbers and strings are compared by value; lists, tuples, sets and dicts by their contents; and other objects by identity,
    so that an array whose elements change is still the same.
    """
    if isinstance(value, (bool, int, float, complex, str, bytes, type(None))):
        return type(value), value
    if isinstance(value, dict):
        return dict, tuple((frozen(key), frozen(each)) for key, each in value.items())
    if isinstance(value, (list, tuple)):
        return type(value), tuple(map(frozen, value))
    if isinstance(value, (set, frozenset)):
        return type(value), frozenset(map(frozen, value))
    return _Same(value)


class _Same:
    """A wrapper that compares an object by identity."""

    __slots__ = ("thing",)

    def __init__(self, thing):
        self.thing = thing

    def __eq__(self, other):
        return isinstance(other, _Same) and self.thing is other.thing

    def __hash__(self):
        return id(self.thing)
