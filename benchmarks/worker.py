"""The process that times layers in one library with one number of threads, and its handle."""

import array
import sys
import time
import traceback

from benchmarks.process import Process, answers, requests
from benchmarks.shapes import Convolution

#: Shortest duration of a burst, in seconds.
BURST_SECONDS = 0.05

#: Fewest calls in a burst.
BURST_CALLS = 3


class Worker(Process):
    """The handle. `environment` describes the process's libraries, and is None if the measured one is not installed."""

    def __init__(self, python, library, threads, isa=None):
        super().__init__(python, "benchmarks.worker", library, threads, isa=isa)
        self.environment = self.answer()

    def burst(self, layer, direction, algorithms=()):
        """Return the seconds of the fastest call in a burst for each variant, or {"error": text}."""
        seconds = self.ask([list(layer), direction, list(algorithms)])
        time.sleep(0.01)  # Its idle threads stop spinning meanwhile.
        return seconds

    def forget(self):
        """Free the memory of the last layer."""
        self.ask(None)


def call_times(function, seconds=BURST_SECONDS, calls=BURST_CALLS, clock=time.perf_counter):
    """Return how long each call takes, in seconds, in a burst of at least `seconds` and `calls`."""
    times = array.array("d")  # It is small enough not to show in the memory of a process.
    begin = now = clock()
    while now - begin < seconds or len(times) < calls:
        start = clock()
        function()
        now = clock()
        times.append(now - start)
    return times


def best_call(function, seconds=BURST_SECONDS, calls=BURST_CALLS):
    """Return how long the fastest call of a burst takes, in seconds."""
    return min(call_times(function, seconds, calls))


def make_functions(library, layer, direction, algorithms):
    """Return a library's functions for a layer, by variant, after checking what each computes."""
    from benchmarks.arrays import Arrays
    from benchmarks.checks import check_convolution

    arrays = Arrays(layer)
    functions = library.layer(direction, layer, arrays, algorithms)
    for function in functions.values():
        check_convolution(direction, function(), arrays, layer, arrays.bias if direction == "forward" else None)
    return functions


def environment(library):
    """Return the interpreter, versions and thread pools of a library."""
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
                current, functions = request, None  # This frees the memory of the last layer before the next one needs memory.
                if request is not None:
                    shape, direction, algorithms = request
                    functions = make_functions(library, Convolution(*shape), direction, algorithms)
            answer({variant: best_call(function) for variant, function in (functions or {}).items()})
            functions = dict(reversed((functions or {}).items()))  # The order alternates, so that it favours no variant.
        except Exception:  # If one layer fails, others can still be measured.
            current = functions = None
            answer({"error": traceback.format_exc()})


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
