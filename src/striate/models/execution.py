"""Programs of a model: planned when first needed, and kept for the next batch of the same size, within limits on memory."""

import collections
import threading

from ..engine import Plan

#: Limit on the number of idle programs.
_MOST_IDLE = 16
#: Limit on the memory of idle programs, in bytes; the one that ran last is kept whatever its size.
_MOST_IDLE_BYTES = 1 << 30


class Programs:
    """The idle programs of a model, by what their plans depend on.

    Any number of threads may borrow programs: each gets one of its own, with its own memory.
    """

    def __init__(self):
        self._kept = collections.OrderedDict()  # _Kept by key, the most recently used last
        self._cleared = 0  # number of calls of `clear`
        self._lock = threading.Lock()

    def lend(self, key, make, arguments):
        """Lend an executable, in a ``with`` block, that no other thread uses meanwhile.

        Parameters
        ----------
        key : tuple
            Everything that the plan depends on.
        make : callable
            Returns the arguments of `Plan`, for a new plan.
        arguments : tuple
            Arguments of `make`.
        """
        with self._lock:
            kept, cleared = self._kept.get(key), self._cleared
            executable = kept.idle.pop() if kept is not None and kept.idle else None
        if kept is None:
            kept = _Kept(key, Plan(*make(*arguments)), cleared)
        return _Loan(self, kept, kept.plan.instantiate() if executable is None else executable, executable is None)

    def give_back(self, kept, executable, new):
        """Take an executable back; if it is `new`, the limits may now be exceeded."""
        with self._lock:
            if kept.cleared != self._cleared:
                return  # The model has changed since the plan was made.
            kept = self._kept.setdefault(kept.key, kept)
            self._kept.move_to_end(kept.key)
            kept.idle.append(executable)
            if new:
                self._drop()

    def _drop(self):
        """Drop the least recently used executables until they are within the limits."""
        while True:
            idle = [executable for kept in self._kept.values() for executable in kept.idle]
            few = len(idle) <= _MOST_IDLE and len(self._kept) <= _MOST_IDLE
            if few and sum(executable.nbytes for executable in idle) <= _MOST_IDLE_BYTES:
                return
            key, oldest = next(iter(self._kept.items()))
            if len(self._kept) == 1 and len(oldest.idle) == 1:
                return
            if oldest.idle:
                oldest.idle.pop()
            if not oldest.idle:
                del self._kept[key]

    def __reduce__(self):
        return Programs, ()  # A copy of a model makes its own plans.

    def clear(self):
        """Drop all plans and executables."""
        with self._lock:
            self._kept.clear()
            self._cleared += 1

    def __len__(self):
        """Return the number of plans."""
        return len(self._kept)


class _Kept:
    """A plan and its idle executables."""

    __slots__ = ("cleared", "idle", "key", "plan")

    def __init__(self, key, plan, cleared):
        self.key = key
        self.plan = plan
        self.cleared = cleared  # value of `Programs._cleared` when the plan was made
        self.idle = []


class _Loan:
    """A context manager that lends an executable for the duration of a ``with`` block."""

    __slots__ = ("executable", "kept", "new", "programs")

    def __init__(self, programs, kept, executable, new):
        self.programs = programs
        self.kept = kept
        self.executable = executable
        self.new = new

    def __enter__(self):
        return self.executable

    def __exit__(self, *error):
        self.programs.give_back(self.kept, self.executable, self.new)
