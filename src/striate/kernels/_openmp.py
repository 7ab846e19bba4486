"""Loads the OpenMP runtime, and tells it to be considerate.

A thread that waits for the others of its parallel region spins first and sleeps then. libgomp spins for milliseconds unless it
is told otherwise when it is loaded; where other programs want the processors too, nobody works in that time. A thousand turns,
some 20 µs, are as good on a quiet machine, and beside other busy programs training is several times as fast with them. Whoever
sets one of the variables that libgomp reads has decided for himself.
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
