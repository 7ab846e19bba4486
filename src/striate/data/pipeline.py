"""Data sets made of others, step by step, as by `tf.data`: elements are made when they are asked for."""

import itertools
import sys

import numpy as np

from .._common.checks import boolean, called, integer, shown
from .._common.randomness import generator
from .._common.structures import leaves, with_leaves
from .background import Epoch

#: What `cardinality` returns for data sets without an end, and for those whose length is not known; as in `tf.data`.
INFINITE, UNKNOWN = -1, -2

_END = object()  # what takes the place of an element after the last one


class Pipeline:
    """The base class of data sets with the methods of `tf.data`. A subclass defines `__iter__`.

    An element is an array, or a tuple, list or dict of arrays. Functions get the parts of a tuple as separate arguments.
    """

    def cardinality(self):
        """Return the number of elements; -1 if there is no end, -2 if it is not known."""
        return len(self)

    def map(self, map_func, num_parallel_calls=None, deterministic=None, name=None):
        """Return a data set of what a function makes of each element.

        Parameters
        ----------
        map_func : callable
            Takes the parts of an element, and returns the new element.
        num_parallel_calls : int, optional
            Number of threads, in a data set that has its own; -1 and None leave it as it is.
        deterministic, name
            Accepted for compatibility, without effect: the order always stays the same.
        """
        called("map_func", map_func, "the parts of an element")
        return Stage(self, lambda items: (applied(map_func, item) for item in items), self.cardinality)

    def filter(self, predicate, name=None):
        """Return a data set of the elements for which a function returns True."""
        called("predicate", predicate, "the parts of an element")
        return Stage(self, lambda items: (item for item in items if applied(predicate, item)), lambda: UNKNOWN)

    def batch(self, batch_size, drop_remainder=False, num_parallel_calls=None, deterministic=None, name=None):
        """Return a data set of batches: several elements, stacked along a new first axis.

        Parameters
        ----------
        batch_size : int
            Elements in a batch; the last one may have fewer.
        drop_remainder : bool
            Whether such a last batch is left out.
        num_parallel_calls, deterministic, name
            Accepted for compatibility, without effect.
        """
        size, whole = integer("batch_size", batch_size, 1), boolean("drop_remainder", drop_remainder)

        def batches(items):
            items = iter(items)
            while len(part := list(itertools.islice(items, size))) > (size - 1 if whole else 0):
                columns = zip(*map(leaves, part), strict=True)
                yield with_leaves(part[0], [np.stack([np.asarray(each) for each in column]) for column in columns])

        return Stage(self, batches, lambda: _if_known(self, lambda n: n // size if whole else -(-n // size)))

    def unbatch(self, name=None):
        """Return a data set of the samples in the batches."""

        def samples(items):
            for item in items:
                arrays = leaves(item)
                for i in range(len(arrays[0])):
                    yield with_leaves(item, [array[i] for array in arrays])

        return Stage(self, samples, lambda: getattr(self, "samples", UNKNOWN))

    def take(self, count, name=None):
        """Return a data set of the first elements, at most `count`; all of them for -1."""
        count = integer("count", count, -1)
        stop = None if count == -1 else count

        def length():
            known = self.cardinality()
            return known if count == -1 or known == UNKNOWN else count if known == INFINITE else min(known, count)

        return Stage(self, lambda items: itertools.islice(items, stop), length)

    def skip(self, count, name=None):
        """Return a data set without the first `count` elements."""
        count = integer("count", count, 0)
        return Stage(
            self, lambda items: itertools.islice(items, count, None), lambda: _if_known(self, lambda n: max(n - count, 0))
        )

    def repeat(self, count=None, name=None):
        """Return a data set that goes through this one `count` times, or without an end for None and -1."""
        count = -1 if count is None else integer("count", count, -1)

        def rounds(items):
            for number in itertools.count() if count == -1 else range(count):
                yield from items if number == 0 else self

        return Stage(self, rounds, lambda: INFINITE if count == -1 else _if_known(self, lambda n: n * count))

    def shuffle(self, buffer_size, seed=None, reshuffle_each_iteration=True, name=None):
        """Return a data set with the elements in a random order.

        Parameters
        ----------
        buffer_size : int
            Elements that are held, from which the next one is drawn; the length of the data set, or more, for any order.
        seed : int, optional
            Seed of the order.
        reshuffle_each_iteration : bool
            Whether each pass has a new order.
        name
            Accepted for compatibility, without effect.
        """
        size, anew = integer("buffer_size", buffer_size, 1), boolean("reshuffle_each_iteration", reshuffle_each_iteration)
        seeds = generator(seed, "seed").integers(1 << 32, size=2).tolist()
        passes = itertools.count()

        def drawn(items):
            rng, held = np.random.default_rng([*seeds, next(passes) if anew else 0]), []
            for item in items:
                if len(held) < size:
                    held.append(item)
                    continue
                place = rng.integers(size)
                yield held[place]
                held[place] = item
            yield from (held[i] for i in rng.permutation(len(held)))

        return Stage(self, drawn, self.cardinality)

    def cache(self, filename="", name=None):
        """Return a data set that keeps the elements in memory after the first complete pass.

        `filename` must be empty: elements are not kept in files.
        """
        if filename != "":
            raise ValueError(f"filename={shown(filename)} is not supported; expected an empty string, for memory")
        kept = []

        def remembered(items):
            if kept:
                yield from kept[0]
                return
            found = []
            for item in items:
                found.append(item)
                yield item
            kept[:] = [found]

        return Stage(self, remembered, self.cardinality)

    def prefetch(self, buffer_size, name=None):
        """Return a data set whose next elements are made in the background.

        Parameters
        ----------
        buffer_size : int
            Elements that may be ready before they are needed; two for -1, "autotune".
        name
            Accepted for compatibility, without effect.
        """
        size = integer("buffer_size", buffer_size, -1)

        def ahead(items):
            items = iter(items)
            epoch = Epoch(lambda _: next(items, _END), sys.maxsize, 1, 2 if size == -1 else max(size, 1))
            try:
                yield from iter(epoch.__next__, _END)
            finally:
                epoch.close()

        return Stage(self, ahead, self.cardinality)

    def as_numpy_iterator(self):
        """Return an iterator over the elements."""
        return iter(self)


class Stage(Pipeline):
    """A data set made of another one.

    Parameters
    ----------
    source : iterable
        The other data set.
    make : callable
        Takes a pass over `source`, and returns an iterable of the elements.
    length : callable
        Returns the number of elements, or `INFINITE` or `UNKNOWN`.
    """

    def __init__(self, source, make, length):
        self._source = source
        self._make = make
        self._length = length

    def __iter__(self):
        """Yield the elements."""
        return iter(self._make(iter(_Pass(self._source))))

    def cardinality(self):
        """Return the number of elements; -1 if there is no end, -2 if it is not known."""
        return self._length()

    def __len__(self):
        """Return the number of elements.

        Raises
        ------
        TypeError
            If there is no end, or it is not known.
        """
        length = self.cardinality()
        if length < 0:
            raise TypeError(f"the data set has {'no end' if length == INFINITE else 'an unknown length'}; expected take(count)")
        return length


class _Pass:
    """A pass over a data set that begins when the first element is asked for."""

    def __init__(self, source):
        self._source = source

    def __iter__(self):
        yield from self._source


def applied(function, item):
    """Return what a function returns for an element, the parts of a tuple being separate arguments."""
    return function(*item) if isinstance(item, tuple) else function(item)


def _if_known(source, function):
    """Return a function of the number of elements of a data set, or that number if it is not known or infinite."""
    known = source.cardinality()
    return known if known < 0 else function(known)
