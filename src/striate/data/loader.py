"""Batches made in the background while a network trains on the previous ones."""

import copy
import functools

import numpy as np

from .._common.checks import as_array, boolean, called, check_seed, integer, shown
from .._common.errors import Constructed
from .._common.structures import leaves, mapped
from .background import Epoch
from .pipeline import Pipeline, applied


class DataLoader(Constructed, Pipeline):
    """Batches of a data set, optionally in a new order in each epoch, prefetched by threads.

    Parameters
    ----------
    dataset : tuple of array_like or dict of them, or object
        Arrays (x,), (x, y) or (x, y, sample_weight) of equal length; or an object with ``__len__`` and ``__getitem__``
        that returns a sample (x, y) for an index.
        For a model with inputs or outputs in a dict, x and y are dicts, of arrays or of what belongs to a sample.
    batch_size : int
        Samples per batch.
    shuffle : bool
        Whether the samples are in a new random order in each epoch.
    drop_last : bool
        Whether a last, smaller batch is left out.
    transform : callable, optional
        ``transform(batch, rng)`` takes a batch, a tuple of arrays, and a generator of random numbers, and returns the batch to
        use instead.
    workers : int
        Number of threads that make batches.
    prefetch : int
        Number of batches that may be ready before they are needed.
    rng : None or int
        Seed of orders and transforms.

    Attributes
    ----------
    epoch : int
        Number of epochs begun. Order and random numbers depend only on the seed and this number, not on the number of workers:
        a training that is resumed sets it to get the same batches as an uninterrupted one.

    Notes
    -----
    It has the methods of `tf.data` (`map`, `batch`, `unbatch`, `take`, `skip`, `cache`, `prefetch`, `shuffle`, `repeat` …),
    which return new data sets. The functions given to `map` run in the loader's threads.

    Examples
    --------
    >>> import numpy as np
    >>> from striate.data import DataLoader
    >>> x = np.arange(10.0).reshape(5, 2)
    >>> for (batch,) in DataLoader((x,), batch_size=2):
    ...     print(batch.sum())
    6.0
    22.0
    17.0
    >>> [float(batch.mean()) for batch in DataLoader((x,), batch_size=2).map(lambda x: 2 * x).take(2)]
    [3.0, 11.0]
    """

    def __init__(self, dataset, batch_size=32, shuffle=False, drop_last=False, transform=None, workers=1, prefetch=2, rng=None):
        self.arrays = None
        if isinstance(dataset, (tuple, list)) and not hasattr(dataset, "__array__"):
            self.arrays = tuple(
                mapped(functools.partial(as_array, f"dataset[{i}]"), part, dict) for i, part in enumerate(dataset)
            )
            arrays = leaves(self.arrays, (tuple, dict))
            if not all(array.ndim for array in arrays):
                raise TypeError(
                    f"dataset={shown(dataset)} holds something that is not an array of samples; expected arrays of equal length"
                )
            lengths = {len(array) for array in arrays}
            if not 1 <= len(self.arrays) <= 3 or len(lengths) != 1:
                raise ValueError(
                    f"dataset has {len(self.arrays)} arrays of {sorted(lengths)} samples; expected up to three, of equal length"
                )
        elif (
            isinstance(dataset, dict)
            or not (hasattr(dataset, "__len__") and hasattr(dataset, "__getitem__"))
            or (isinstance(dataset, np.ndarray) and not dataset.ndim)
        ):
            raise TypeError(
                f"dataset={shown(dataset)} is of type {type(dataset).__name__}; expected a tuple of arrays, or __len__ "
                "and __getitem__"
            )
        self.dataset = dataset
        self.batch_size = integer("batch_size", batch_size, 1)
        self.shuffle = boolean("shuffle", shuffle)
        self.drop_last = boolean("drop_last", drop_last)
        self.transform = None if transform is None else called("transform", transform, "a batch and random numbers")
        self.workers = integer("workers", workers, 1)
        self._prefetch = integer("prefetch", prefetch, 1)
        self.seed = np.random.SeedSequence(check_seed("rng", rng)).entropy
        self.epoch = 0
        self._is_bare = False  # whether batches of a single array are that array, not a tuple
        self._functions = ()  # functions of batches, which `map` has added
        if not len(self):
            raise ValueError(f"dataset has {self.samples} samples; expected enough for a batch of {self.batch_size}")

    @property
    def samples(self):
        """Number of samples."""
        return len(self.dataset) if self.arrays is None else len(leaves(self.arrays, (tuple, dict))[0])

    def __len__(self):
        """Return the number of batches per epoch."""
        return self.samples // self.batch_size if self.drop_last else -(-self.samples // self.batch_size)

    def map(self, map_func, num_parallel_calls=None, deterministic=None, name=None):
        """Return a loader of what a function, which runs in the loader's threads, makes of each batch; see `Pipeline.map`."""
        loader = copy.copy(self)
        loader._functions = (*self._functions, called("map_func", map_func, "the parts of a batch"))
        if num_parallel_calls is not None:
            loader.workers = max(self.workers, integer("num_parallel_calls", num_parallel_calls, -1))
        return loader

    def __iter__(self):
        """Yield the batches of an epoch."""
        epoch = self.epoch
        self.epoch += 1
        order = np.arange(self.samples)
        if self.shuffle:
            order = np.random.default_rng([self.seed, epoch]).permutation(self.samples)
        return Epoch(functools.partial(self._make, epoch, order), len(self), self.workers, self._prefetch)

    #: What makes an array of a batch of the arrays of its samples; for subclasses.
    _stack = staticmethod(np.stack)

    def _make(self, epoch, order, index):
        """Return the batch of an index."""
        part = order[index * self.batch_size : (index + 1) * self.batch_size]
        if self.arrays is not None:
            batch = mapped(lambda array: array[part], self.arrays, (tuple, dict))
        else:
            samples = [self.dataset[int(i)] for i in part]
            samples = [sample if isinstance(sample, tuple) else (sample,) for sample in samples]
            batch = tuple(_stacked(column, self._stack) for column in zip(*samples, strict=True))
        if self.transform is not None:
            batch = self.transform(batch, np.random.default_rng([self.seed, epoch, index + 1]))
            batch = batch if isinstance(batch, tuple) else (batch,)
        batch = batch[0] if self._is_bare else batch
        for function in self._functions:
            batch = applied(function, batch)
        return batch


def _stacked(samples, stack):
    """Return samples, arrays or dicts of arrays, as one batch; `stack` makes an array of a list of them."""
    if isinstance(samples[0], dict):
        return {key: _stacked([sample[key] for sample in samples], stack) for key in samples[0]}
    return stack([np.asarray(sample) for sample in samples])
