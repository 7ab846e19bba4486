"""Programs of a model: planned when first needed, kept for the next batch of the same size, within bounds on memory."""

import collections
import contextlib
import threading

from ..engine import Plan

#: Programs kept idle, at most so many and of so many bytes; the one used last is kept whatever its size.
_MOST_IDLE = 16
_MOST_IDLE_BYTES = 1 << 30


class Programs:
    """A model's idle programs, by what they are for.

    Any number of threads may take programs: each gets one of its own, with its own memory.
    """

    def __init__(self):
        self._plans = collections.OrderedDict()  # by key, the one used last at the end
        self._idle = collections.OrderedDict()  # lists of executables by key
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def lend(self, key, make):
        """Lend an executable that nobody else uses meanwhile.

        Parameters
        ----------
        key : tuple
            Everything that the plan depends on.
        make : callable
            Returns (graph, outputs, threads, constants) for a new plan.
        """
        with self._lock:
            idle = self._idle.get(key)
            executable = idle.pop() if idle else None
            plan = self._plans.get(key)
        if executable is None:
            if plan is None:
                plan = Plan(*make())
            executable = plan.instantiate()
        try:
            yield executable
        finally:
            with self._lock:
                self._plans[key] = executable.plan
                self._plans.move_to_end(key)
                self._idle.setdefault(key, []).append(executable)
                self._idle.move_to_end(key)
                self._drop()

    def _drop(self):
        """Drop the executables used longest ago while there are too many."""
        while len(self._idle) > 1:  # those of the key used last are kept
            executables = [executable for idle in self._idle.values() for executable in idle]
            few = len(executables) <= _MOST_IDLE and len(self._plans) <= _MOST_IDLE
            if few and sum(executable.nbytes for executable in executables) <= _MOST_IDLE_BYTES:
                return
            key, idle = next(iter(self._idle.items()))
            if idle:
                idle.pop()
            if not idle:
                del self._idle[key]
                self._plans.pop(key, None)

    def clear(self):
        """Drop all."""
        with self._lock:
            self._plans.clear()
            self._idle.clear()
