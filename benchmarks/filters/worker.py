"""The process of one library and number of threads that filters."""

import sys

from benchmarks.filters.libraries import LIBRARIES, picture
from benchmarks.process import answers, requests
from benchmarks.worker import best_call

STEP = 61  # between the pixels of a result that are compared


def main(library, threads):
    """Answer requests (size, channels, dtype, filter, side, seconds) until there are no more."""
    answer = answers()
    try:
        functions = LIBRARIES[library](threads)
    except ImportError:
        answer(None)
        return
    answer(library)
    current = image = None
    for *wanted, name, side, seconds in requests():
        if wanted != current:
            current, image = wanted, picture(*wanted)
        result = functions[name](image, side) if name in functions else None
        if result is None:
            answer(None)
            continue
        inner = result[side:-side:STEP, side:-side:STEP].tolist()
        answer({"seconds": best_call(lambda: functions[name](image, side), seconds, 1), "result": inner})  # noqa: B023


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
