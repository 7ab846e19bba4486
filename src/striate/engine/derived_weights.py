"""Weights derived from others, folded or packed: computed once, and recomputed when the others change."""

import threading

from .variable import Variable


class DerivedWeight:
    """An array derived from variables, computed when it is first read.

    Parameters
    ----------
    sources : dict of str to Variable
        Variables that it is derived from.
    shape : tuple
        Shape of the array.
    make : callable
        Function of the sources' arrays, by name, and of `out`, the array to write to or None for a new one; returns the array.
    """

    def __init__(self, sources, shape, make):
        self.sources = sources
        self.shape = tuple(shape)
        self.make = make
        self._array = None
        self._seen = None
        self._making = threading.Lock()  # `make` may release the GIL, and the array must be made only once.

    @property
    def dtype(self):
        """Dtype of the array."""
        return next(iter(self.sources.values())).dtype

    @property
    def array(self):
        """The array, up to date after `refresh`; its address never changes."""
        with self._making:
            if self._array is None:
                self._update()
            return self._array

    def refresh(self):
        """Recompute the array if there is one and a source has changed."""
        with self._making:
            if self._array is not None and self._seen != self._versions():
                self._update()

    def _update(self):
        versions = self._versions()
        self._array = self.make(**{name: source.peek() for name, source in self.sources.items()}, out=self._array)
        self._seen = versions  # This comes last, so that the next run tries again if reading a source fails.

    def _versions(self):
        return [source.version for source in self.sources.values()]


class DerivedWeights:
    """The derived weights of a model, shared by all its programs."""

    def __init__(self):
        self._by_key = {}
        self._lock = threading.Lock()
        self._changes = -1

    def get(self, key, sources, shape, make):
        """Return the derived weight for a key and sources, which is created if there is none."""
        key = (key, *(id(source) for source in sources.values()))
        with self._lock:
            return self._by_key.setdefault(key, DerivedWeight(sources, shape, make))

    def __reduce__(self):
        return DerivedWeights, ()  # A copy of a model derives its own weights.

    def refresh(self):
        """Recompute the derived weights whose sources have changed."""
        if self._changes == Variable.changes:
            return
        with self._lock:
            changes = Variable.changes
            for weight in self._by_key.values():
                weight.refresh()
            self._changes = changes
