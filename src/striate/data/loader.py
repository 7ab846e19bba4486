"""Batches made in the background while a network trains on those before."""

import threading

import numpy as np

from .._checks import as_array, boolean, check_seed, integer, shown
from .._errors import Constructed


class DataLoader(Constructed):
    """Batches of a set of samples, in a new order in each epoch, made by threads ahead of their use.

    Parameters
    ----------
    dataset : tuple of array_like, or object with ``__len__`` and ``__getitem__``
        Arrays (x,), (x, y) or (x, y, sample_weight) of one length; or what gives a sample (x, y) for a number.
    batch_size : int
        Samples of a batch.
    shuffle : bool
        Whether each epoch has an order of its own.
    drop_last : bool
        Whether a last, smaller batch is left out.
    transform : callable, optional
        ``transform(batch, rng)`` returns what becomes of a batch, a tuple of arrays, with random numbers from `rng`.
    workers : int
        Threads that make batches.
    prefetch : int
        Batches that may be ready ahead of their use.
    rng : None or int
        Seed of orders and transforms.

    Attributes
    ----------
    epoch : int
        Epochs begun. Order and random numbers depend on the seed and on it alone, not on the number of workers: a training that
        goes on sets it to see what an unbroken one would.

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
    """

    def __init__(self, dataset, batch_size=32, shuffle=False, drop_last=False, transform=None, workers=1, prefetch=2, rng=None):
        self.arrays = None
        if isinstance(dataset, (tuple, list)) and not hasattr(dataset, "__array__"):
            self.arrays = tuple(as_array(f"dataset[{i}]", each) for i, each in enumerate(dataset))
            if not all(array.ndim for array in self.arrays):
                raise TypeError(f"dataset={shown(dataset)} holds what is no array of samples; expected arrays of one length")
            lengths = {len(array) for array in self.arrays}
            if not 1 <= len(self.arrays) <= 3 or len(lengths) != 1:
                raise ValueError(
                    f"dataset has {len(self.arrays)} elements of {sorted(lengths)} samples; expected up to three, of one length"
                )
        elif not (hasattr(dataset, "__len__") and hasattr(dataset, "__getitem__")):
            raise TypeError(
                f"dataset={shown(dataset)} is of type {type(dataset).__name__}; expected a tuple of arrays, or __len__ "
                "and __getitem__"
            )
        self.dataset = dataset
        self.batch_size = integer("batch_size", batch_size, 1)
        self.shuffle = boolean("shuffle", shuffle)
        self.drop_last = boolean("drop_last", drop_last)
        self.transform = transform
        self.workers = integer("workers", workers, 1)
        self.prefetch = integer("prefetch", prefetch, 1)
        self.seed = np.random.SeedSequence(check_seed("rng", rng)).entropy
        self.epoch = 0
        if not len(self):
            raise ValueError(f"dataset has {self.samples} samples; expected enough for a batch of {self.batch_size}")

    @property
    def samples(self):
        """How many samples there are."""
        return len(self.dataset) if self.arrays is None else len(self.arrays[0])

    def __len__(self):
        """Return the number of batches of an epoch."""
        return self.samples // self.batch_size if self.drop_last else -(-self.samples // self.batch_size)

    def __iter__(self):
        """Yield the batches of an epoch."""
        epoch = self.epoch
        self.epoch += 1
        order = np.arange(self.samples)
        if self.shuffle:
            order = np.random.default_rng([self.seed, epoch]).permutation(self.samples)
        return self._in_order(epoch, order)

    def _make(self, epoch, order, number):
        """Return a batch."""
        part = order[number * self.batch_size : (number + 1) * self.batch_size]
        if self.arrays is not None:
            batch = tuple(array[part] for array in self.arrays)
        else:
            samples = [self.dataset[int(i)] for i in part]
            samples = [sample if isinstance(sample, tuple) else (sample,) for sample in samples]
            batch = tuple(np.stack([np.asarray(each) for each in column]) for column in zip(*samples, strict=True))
        if self.transform is not None:
            batch = self.transform(batch, np.random.default_rng([self.seed, epoch, number + 1]))
            batch = batch if isinstance(batch, tuple) else (batch,)
        return batch

    def _in_order(self, epoch, order):
        """Yield the batches that threads make, in their order."""
        import queue  # slow to import

        room = threading.Semaphore(self.prefetch + self.workers)  # for batches that are being made or wait
        results = [queue.SimpleQueue() for _ in range(len(self))]
        stop = threading.Event()
        numbers = iter(range(len(self)))
        taking = threading.Lock()

        def work():
            while True:
                room.acquire()
                with taking:
                    number = None if stop.is_set() else next(numbers, None)
                if number is None:
                    room.release()  # for the other workers, who end as well
                    return
                try:
                    results[number].put((self._make(epoch, order, number), None))
                except BaseException as error:  # told to whoever waits for the batch
                    results[number].put((None, error))
                    return

        threads = [threading.Thread(target=work, daemon=True) for _ in range(min(self.workers, len(self)))]
        for thread in threads:
            thread.start()
        try:
            for result in results:
                batch, error = result.get()
                room.release()
                if error is not None:
                    raise error
                yield batch
        finally:
            stop.set()
            room.release(len(threads))
            for thread in threads:
                thread.join()
