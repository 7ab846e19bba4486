"""The number of threads that the kernels may use, which never changes a bit of any result."""

import contextlib
import contextvars
import math
import os

from ._common.checks import integer

#: Largest number of threads, more than any machine can make good use of: OpenMP ends the process if it cannot start them.
MOST_THREADS = 1024


def _affinity():
    """Return the number of processors that this process may run on."""
    if hasattr(os, "process_cpu_count"):  # It exists since Python 3.13.
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _read(path):
    with open(path, encoding="ascii") as file:
        return file.read()


def _cgroup_limit():
    """Return the number of processors that a container's quota allows, or None without one."""
    try:
        quota, period = _read("/sys/fs/cgroup/cpu.max").split()  # This is the file of cgroup 2.
    except (OSError, ValueError):
        try:
            # These are the files of cgroup 1.
            quota, period = (_read(f"/sys/fs/cgroup/cpu/cpu.cfs_{each}_us") for each in ("quota", "period"))
        except OSError:
            return None
    try:
        cpus = int(quota) / int(period)
    except (ValueError, ZeroDivisionError):  # The quota is "max" if there is no limit.
        return None
    return max(1, math.ceil(cpus)) if cpus > 0 else None


def _asked_of_openmp():
    """Return the number of threads that the environment sets for OpenMP, or None; invalid values are ignored, as in OpenMP."""
    wanted = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()  # In a list, the rest is for nested regions.
    return min(int(wanted), MOST_THREADS) if wanted.isdecimal() and int(wanted) else None


def _default():
    wanted = os.environ.get("STRIATE_NUM_THREADS", "").strip()
    if wanted:
        if not wanted.isdecimal() or not 1 <= int(wanted) <= MOST_THREADS:
            raise ImportError(
                f"STRIATE_NUM_THREADS={wanted!r} is not a number of threads; expected an integer from 1 to {MOST_THREADS}"
            )
        return int(wanted)
    if asked := _asked_of_openmp():
        return asked
    limit = _cgroup_limit()
    return min(_affinity(), limit) if limit else _affinity()


_num_threads = _default()
_own_number = contextvars.ContextVar("num_threads", default=None)  # number of threads in a `with` block of `num_threads`


def get_num_threads():
    """Return how many threads operations may use.

    Returns
    -------
    int
        By default, the number of processors that this process may run on, within a container's quota. The environment variable
        ``STRIATE_NUM_THREADS`` or else ``OMP_NUM_THREADS``, `set_num_threads` and `num_threads` override that.

    Examples
    --------
    >>> import striate
    >>> with striate.num_threads(2):
    ...     striate.get_num_threads()
    2
    """
    return _own_number.get() or _num_threads


def set_num_threads(num_threads):
    """Set how many threads operations may use in the whole process, except in ``with`` blocks of `num_threads`.

    Parameters
    ----------
    num_threads : int
        From 1 to 1024. Small operations run on one thread regardless. Results are the same, bit for bit.

    Raises
    ------
    TypeError, ValueError
        If `num_threads` is not an integer, below 1 or above 1024.

    Examples
    --------
    >>> import striate
    >>> before = striate.get_num_threads()
    >>> striate.set_num_threads(2)
    >>> striate.get_num_threads()
    2
    >>> striate.set_num_threads(before)
    """
    global _num_threads
    _num_threads = integer("num_threads", num_threads, 1, MOST_THREADS)


@contextlib.contextmanager
def num_threads(num_threads):
    """Set how many threads operations may use in a ``with`` block, in the Python thread that runs it.

    Parameters
    ----------
    num_threads : int
        From 1 to 1024.

    Raises
    ------
    TypeError, ValueError
        If `num_threads` is not an integer, below 1 or above 1024.

    Examples
    --------
    >>> import striate
    >>> with striate.num_threads(1):
    ...     striate.get_num_threads()
    1
    """
    before = _own_number.set(integer("num_threads", num_threads, 1, MOST_THREADS))
    try:
        yield
    finally:
        _own_number.reset(before)
