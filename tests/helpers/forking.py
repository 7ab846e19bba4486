"""Work in a forked child: it must end, and without an error."""

import os
import signal
import time
import warnings

import pytest

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")


def fork(work):
    """Start a child that does some work and ends; return its process id."""
    with warnings.catch_warnings():
        # "This process is multi-threaded, use of fork() may lead to deadlocks in the child" (Python 3.12)
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return child


def join(child):
    """Wait for a child; it must not hang, nor have failed."""
    for _ in range(300):
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            assert status == 0
            return
        time.sleep(0.1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    pytest.fail("the child hangs")
