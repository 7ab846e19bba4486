"""Threads that make what is asked for in the background, in order."""

import collections
import itertools
import threading
import weakref


class Epoch:
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
