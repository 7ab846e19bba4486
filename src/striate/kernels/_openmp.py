"""Loading of the OpenMP runtime, with a short spin time.

A thread that waits for the others of its parallel region spins first, and then sleeps. By default, libgomp spins for
milliseconds; if other programs want the processors too, nobody works in that time. A thousand iterations, about 20 µs, are as
good on a quiet machine, and beside other busy programs they make training several times as fast. libgomp reads the number when
it is loaded; users who set one of its variables themselves keep their setting.
"""

import os

_SPIN = "GOMP_SPINCOUNT"
_undecided = not {_SPIN, "OMP_WAIT_POLICY"} & os.environ.keys()

if _undecided:
    os.environ[_SPIN] = "1000"
try:
    from . import tasks
finally:
    if _undecided:
        del os.environ[_SPIN]

__all__ = ["tasks"]
