"""What is computed from weights once, and again when they change: packed kernels, folded normalizations."""

import threading

from .variable import Variable


class Constant:
    """An array made of variables and other constants.

    Parameters
    ----------
    sources : sequence of Variable and Constant
        What it is made of.
    make : callable
        Takes the sources' arrays and an array to write to or None at first; returns the array.

    Attributes
    ----------
    array : ndarray
        The result, up to date after `refresh`. It keeps its place in memory.
    """

    def __init__(self, sources, make):
        self.sources = tuple(sources)
        self.make = make
        self.array = None
        self.version = 0
        self._seen = None
        self.refresh()

    @property
    def shape(self):
        """Shape of the array."""
        return self.array.shape

    @property
    def dtype(self):
        """Dtype of the array."""
        return self.array.dtype

    def refresh(self):
        """Compute the array anew if a source has changed."""
        for source in self.sources:
            if isinstance(source, Constant):
                source.refresh()
        versions = [source.version for source in self.sources]
        if versions != self._seen:
            self.array = self.make(*[source.array for source in self.sources], self.array)
            self._seen = versions
            self.version += 1


class Constants:
    """The constants of a model, shared by all its programs.

    Attributes
    ----------
    changes : int
        `Variable.changes` as of the last `refresh`.
    """

    def __init__(self):
        self._by_key = {}
        self._lock = threading.Lock()
        self._changes = -1

    def get(self, key, sources, make):
        """Return the constant of that key and sources, made now if there is none."""
        key = (key, *(id(source) for source in sources))
        with self._lock:
            if key not in self._by_key:
                self._by_key[key] = Constant(sources, make)
            return self._by_key[key]

    def refresh(self):
        """Bring all up to date with their variables."""
        if self._changes == Variable.changes:
            return
        with self._lock:
            changes = Variable.changes
            for constant in self._by_key.values():
                constant.refresh()
            self._changes = changes
