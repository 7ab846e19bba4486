"""Batches made in the background while a network trains on the previous ones."""

import collections
import functools
import itertools
import threading
import weakref

import numpy as np

from .._common.checks import as_array, boolean, called, check_seed, integer, shown
from .._common.errors import Constructed


class DataLoader(Constructed):
    """Batches of a data set, optionally in a new order in each epoch, prefetched by threads.

    Parameters
    ----------
    dataset : tuple of array_like, or object with ``__len__`` and ``__getitem__``
        Arrays (x,), (x, y) or (x, y, sample_weight) of equal length; or an object that returns a sample (x, y) for an index.
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
                raise TypeError(
                    f"dataset={shown(dataset)} holds something that is not an array of samples; expected arrays of equal length"
                )
            lengths = {len(array) for array in self.arrays}
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
        self.prefetch = integer("prefetch", prefetch, 1)
        self.seed = np.random.SeedSequence(check_seed("rng", rng)).entropy
        self.epoch = 0
        if not len(self):
            raise ValueError(f"dataset has {self.samples} samples; expected enough for a batch of {self.batch_size}")

    @property
    def samples(self):
        """Number of samples."""
        return len(self.dataset) if self.arrays is None else len(self.arrays[0])

    def __len__(self):
        """Return the number of batches per epoch."""
        return self.samples // self.batch_size if self.drop_last else -(-self.samples // self.batch_size)

    def __iter__(self):
        """Yield the batches of an epoch."""
        epoch = self.epoch
        self.epoch += 1
        order = np.arange(self.samples)
        if self.shuffle:
            order = np.random.default_rng([self.seed, epoch]).permutation(self.samples)
        return _Epoch(functools.partial(self._make, epoch, order), len(self), self.workers, self.prefetch)

    def _make(self, epoch, order, index):
        """Return the batch of an index."""
        part = order[index * self.batch_size : (index + 1) * self.batch_size]
        if self.arrays is not None:
            batch = tuple(array[part] for array in self.arrays)
        else:
            samples = [self.dataset[int(i)] for i in part]
            samples = [sample if isinstance(sample, tuple) else (sample,) for sample in samples]
            batch = tuple(np.stack([np.asarray(each) for each in column]) for column in zip(*samples, strict=True))
        if self.transform is not None:
            batch = self.transform(batch, np.random.default_rng([self.seed, epoch, index + 1]))
            batch = batch if isinstance(batch, tuple) else (batch,)
        return batch


class _Epoch:
    """The batches of an epoch in order, prefetched by threads.

    Parameters
    ----------
    make : callable
        Returns the batch of an index.
    count : int
        Number of batches.
    workers : int
        Number of threads that make batches.
    prefetch : int
        Number of batches that may be ready before they are needed.
    """

    def __init__(self, make, count, workers, prefetch):
        self._crew = _Crew(make)
        self._workers = min(workers, count)
        self._ahead = workers + prefetch  # number of batches that may be under way or ready
        self._indices = iter(range(count))
        self._waiting = collections.deque()  # queues in which these batches arrive, in order

    def __iter__(self):
        return self

    def __next__(self):
        if not self._crew.started:
            self._crew.start(self._workers)
            self._ask()
        if not self._waiting:
            self.close()
            raise StopIteration
        batch, error = self._waiting[0].get()
        self._waiting.popleft()
        self._ask()
        if error is None:
            return batch
        self.close()
        if isinstance(error, StopIteration):  # Raised as it is, it would look like the end of the epoch.
            raise RuntimeError("the dataset or its transform raised StopIteration; expected a batch") from error
        raise error

    def _ask(self):
        """Ask for as many batches as may be prepared."""
        for index in itertools.islice(self._indices, self._ahead - len(self._waiting)):
            self._waiting.append(self._crew.ask_for(index))

    def close(self):
        """End the threads."""
        self._indices = iter(())
        self._waiting.clear()
        self._crew.end()


class _Crew:
    """Threads that make batches as long as the epoch that reads them exists.

    They share only queues, whose methods are atomic: a lock of `threading` that is being acquired when Ctrl-C arrives may stay
    locked, and a thread that waits for it would wait forever.
    """

    def __init__(self, make):
        import queue  # This module is slow to import.

        self.started = False
        self.threads = []
        self.make = make  # function that makes a batch, None once no batches are wanted any longer
        self._new_queue = queue.SimpleQueue
        self._tasks = queue.SimpleQueue()  # (index of a batch, queue for it); anything else ends the threads

    def start(self, count):
        """Start threads, fewer if the system has no more. Without any, batches are made where they are asked for."""
        self.started = True
        # Threads do not keep the dataset alive. Once the crew is gone, no batches are read, and the callback ends the threads.
        # The callback is a C function: a KeyboardInterrupt in a Python callback would be lost, and the threads would never end.
        crew = weakref.ref(self, self._tasks.put)
        for _ in range(count):
            thread = threading.Thread(target=_work, args=(crew, self._tasks), daemon=True)
            self.threads.append(thread)
            try:
                thread.start()
            except RuntimeError:  # The system cannot start another thread.
                self.threads.remove(thread)
                return

    def ask_for(self, index):
        """Return a queue into which (batch, None) or (None, error) will be put."""
        result = self._new_queue()
        if self.threads:
            self._tasks.put((index, result))
        else:
            _put(self.make, index, result)
        return result

    def end(self):
        """End the threads, and wait until they have ended."""
        self.make = None
        self._tasks.put(None)
        for thread in self.threads:
            if thread is not threading.current_thread() and thread.is_alive():
                thread.join()


def _work(crew, tasks):
    """Make batches; the data set is kept alive only while a batch is being made."""
    while isinstance(task := tasks.get(), tuple) and (make := getattr(crew(), "make", None)) is not None:
        _put(make, *task)
        del make, task
    tasks.put(None)  # The other threads end, too.


def _put(make, index, result):
    try:
        result.put((make(index), None))
    except BaseException as error:  # It is raised where the batch is read.
        result.put((None, error))
