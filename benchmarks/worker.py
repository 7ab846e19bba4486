"""A process of one library and number of threads that times the layers it is told to, and the handle that tells it.

They exchange lines of JSON over the process' standard input and output.
"""

import json
import os
import subprocess
import sys
import time
import traceback
from pathlib import Path

from benchmarks.shapes import Convolution

#: A burst lasts for at least so many seconds and calls.
BURST_SECONDS, BURST_CALLS = 0.05, 3

#: oneDNN's names for the instruction sets that STRIATE_ISA names.
ONEDNN_ISA = {"v2": "SSE41", "v3": "AVX2", "v4": "AVX512_CORE"}


def child_environment(isa=None):
    """Return the environment for a process that measures: without what slows OpenBLAS down; limited to an instruction set."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("OPENBLAS_")}
    if isa is not None:
        environment |= {"STRIATE_ISA": isa, "ONEDNN_MAX_CPU_ISA": ONEDNN_ISA[isa]}
    return environment


class Worker:
    """The handle. `facts` says what the process runs with, or is None if the library is not installed there."""

    def __init__(self, python, library, threads, isa=None):
        self.process = subprocess.Popen(
            [python, "-m", "benchmarks.worker", library, str(threads)],
            cwd=Path(__file__).parents[1],
            env=child_environment(isa),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.facts = self._answer()

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{' '.join(self.process.args)} ended with status {self.process.wait()}")
        return json.loads(line)

    def burst(self, layer, direction, algorithms=()):
        """Return seconds of the best call in a burst, of each variant of the library, or {"error": text}."""
        self._tell([list(layer), direction, list(algorithms)])
        seconds = self._answer()
        time.sleep(0.01)  # until its idle threads have stopped spinning
        return seconds

    def forget(self):
        """Free the memory of the last layer."""
        self._tell(None)
        self._answer()

    def _tell(self, message):
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def close(self):
        """End the process."""
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


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
    from benchmarks.checks import check_convolution
    from benchmarks.libraries import Arrays

    arrays = Arrays(layer)
    functions = library.layer(direction, layer, arrays, algorithms)
    for function in functions.values():
        check_convolution(direction, function(), arrays, layer, arrays.bias if direction == "forward" else None)
    return functions


def facts(library):
    """Return what a library runs with."""
    try:
        import threadpoolctl
    except ImportError:
        pools = None
    else:
        pools = threadpoolctl.threadpool_info()
    return {"python": sys.executable, "versions": library.versions(), "threadpools": pools}


def main(name, threads):
    """Answer requests until there are no more."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints does not disturb the answers

    def answer(message):
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    from benchmarks.libraries import LAYER_LIBRARIES

    try:
        library = LAYER_LIBRARIES[name](threads)
    except ImportError:
        if name == "striate":
            raise
        answer(None)
        return
    answer(facts(library))
    current = functions = None
    for line in sys.stdin:
        request = json.loads(line)
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
