"""What is made of weights once, and again when they change: packed kernels, folded normalizations."""

import threading

from .variable import Variable


class Constant:
    """An array made of variables, when it is first asked for.

    Parameters
    ----------
    sources : dict of str to Variable
        What it is made of.
    shape : tuple
        Shape of the array.
    make : callable
        Takes the sources' arrays by name, and as `out` an array to write to, None at first; returns the array.
    """

    def __init__(self, sources, shape, make):
        self.sources = sources
        self.shape = tuple(shape)
        self.make = make
        self._array = None
        self._seen = None
        self._making = threading.Lock()  # `make` may release Python's lock: of two threads, one waits for the other's array

    @property
    def dtype(self):
        """Dtype of the array."""
        return next(iter(self.sources.values())).dtype

    @property
    def array(self):
        """The array, up to date after `refresh`. It keeps its place in memory."""
        with self._making:
            if self._array is None:
                self._update()
            return self._array

    def refresh(self):
        """Compute the array anew if there is one and a source has changed."""
        with self._making:
            if self._array is not None and self._seen != self._versions():
                self._update()

    def _update(self):
        versions = self._versions()
        self._array = self.make(**{name: source.peek() for name, source in self.sources.items()}, out=self._array)
        self._seen = versions  # not before: should a source fail to be read, the next run asks again

    def _versions(self):
        return [source.version for source in self.sources.values()]


class Constants:
    """The constants of a model, shared by all its programs."""

    def __init__(self):
        self._by_key = {}
        self._lock = threading.Lock()
        self._changes = -1

    def get(self, key, sources, shape, make):
        """Return the constant of that key and sources, a new one if there is none."""
        key = (key, *(id(source) for source in sources.values()))
        with self._lock:
            return self._by_key.setdefault(key, Constant(sources, shape, make))

    def __reduce__(self):
        return Constants, ()  # copies of a model make them anew

    def refresh(self):
        """Bring all up to date with their variables."""
        if self._changes == Variable.changes:
            return
        with self._lock:
            changes = Variable.changes
            for constant in self._by_key.values():
                constant.refresh()
            self._changes = changes
