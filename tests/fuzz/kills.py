"""A process that is killed at each of its system calls, one after the other (Linux).

The parent traces the child (ptrace): it stops at the beginning and at the end of each system call, and is killed at one of
these stops. So nothing is simulated, and what is left behind is what a kill leaves.
"""

import ctypes
import os
import signal
import sys
import warnings

import pytest

_TRACEME, _SYSCALL = 0, 24

if sys.platform == "linux":
    _ptrace = ctypes.CDLL(None, use_errno=True).ptrace
    _ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    _ptrace.restype = ctypes.c_long


def _can_trace():
    if sys.platform != "linux":
        return False
    return stops(lambda: os.getppid(), 1 << 30) > 0


def stops(work, last=1 << 30):
    """Do work in a child that is killed at the stop with this index; return how many there were."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads that a fork leaves behind
        child = os.fork()
    if child == 0:
        code = 1
        try:
            if _ptrace(_TRACEME, 0, None, None) == 0:
                os.kill(os.getpid(), signal.SIGSTOP)
                work()
                code = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(code)
    os.waitpid(child, 0)
    count = 0
    while True:
        if count == last:
            os.kill(child, signal.SIGKILL)
        _ptrace(_SYSCALL, child, None, None)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            return count
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0, "the work failed by itself"
            return count
        count += 1


def killed(work, stride=1, offset=0):
    """Yield after each kill of a child that does `work`, the last time after it came to its end by itself.

    Parameters
    ----------
    work : callable
        What the child does.
    stride, offset : int
        It is killed at each of this many stops, beginning with that one.
    """
    stop = offset
    while stops(work, stop) == stop:
        yield stop
        stop += stride


needs_ptrace = pytest.mark.skipif(not _can_trace(), reason="the system cannot trace a process")
