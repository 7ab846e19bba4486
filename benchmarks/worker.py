"""The process of one library and number of threads that times the layers it is told to, and the handle that tells it."""

import sys
import time
import traceback

from benchmarks.process import Process, answers, requests
from benchmarks.shapes import Convolution

#: A burst lasts for at least this many seconds and calls.
BURST_SECONDS, BURST_CALLS = 0.05, 3


class Worker(Process):
    """The handle. `environment` tells what the process runs with, and is None if the library is not installed there."""

    def __init__(self, python, library, threads, isa=None):
        super().__init__(python, "benchmarks.worker", library, threads, isa=isa)
        self.environment = self.answer()

    def burst(self, layer, direction, algorithms=()):
        """Return seconds of the best call in a burst, of each variant of the library, or {"error": text}."""
        seconds = self.ask([list(layer), direction, list(algorithms)])
        time.sleep(0.01)  # until its idle threads have stopped spinning
        return seconds

    def forget(self):
        """Free the memory of the last layer."""
        self.ask(None)


def best_call(function, seconds=BURST_SECONDS, calls=BURST_CALLS, clock=time.perf_counter):
    """Return how long the fastest of many calls takes."""
    best, done = float("inf"), 0
    begin = now = clock()
    while now - begin < seconds or done < calls:
        start = clock()
        function()
        now = clock()
        best, done = min(best, now - start), done + 1
    return best


def make_functions(library, layer, direction, algorithms):
    """Return the functions that a library has for a layer, after a check of what each computes."""
    from benchmarks.arrays import Arrays
    from benchmarks.checks import check_convolution

    arrays = Arrays(layer)
    functions = library.layer(direction, layer, arrays, algorithms)
    for function in functions.values():
        check_convolution(direction, function(), arrays, layer, arrays.bias if direction == "forward" else None)
    return functions


def environment(library):
    """Return what a library runs with: its versions and thread pools."""
    try:
        import threadpoolctl
    except ImportError:
        pools = None
    else:
        pools = threadpoolctl.threadpool_info()
    return {"python": sys.executable, "versions": library.versions(), "threadpools": pools}


def main(name, threads):
    """Answer requests until there are no more."""
    answer = answers()
    from benchmarks.libraries import LIBRARIES

    try:
        library = LIBRARIES[name](threads)
    except ImportError:
        if name == "striate":
            raise
        answer(None)
        return
    answer(environment(library))
    current = functions = None
    for request in requests():
        try:
            if request != current:
                current, functions = request, None  # frees memory first
                if request is not None:
                    shape, direction, algorithms = request
                    functions = make_functions(library, Convolution(*shape), direction, algorithms)
            answer({variant: best_call(function) for variant, function in (functions or {}).items()})
            functions = dict(reversed((functions or {}).items()))  # being first or last favours none
        except Exception:  # one layer that fails does not end the others
            current = functions = None
            answer({"error": traceback.format_exc()})


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
