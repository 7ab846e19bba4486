"""How long a search among many vectors takes, beside NumPy, scikit-learn and faiss.

    python -m benchmarks.retrieval [--vectors N] [--dimensions D ...] [--peer-python PYTHON ...] [--rounds N]

Each library finds the ten vectors of the largest inner product with a query, and with each of a batch of 64, in a process of
its own; they take turns. "agreement" is the share of these vectors that all of them find. scikit-learn and faiss are looked for
in this interpreter, and in those that ``--peer-python`` names.
"""

import argparse
import json
import statistics
import subprocess
import sys

import striate
from benchmarks.process import Process
from benchmarks.retrieval.libraries import LIBRARIES

_WORKER = "benchmarks.retrieval.worker"

#: Numbers of queries at once.
_BATCHES = 1, 64


def _interpreters(candidates):
    """Return the interpreter for each library, the first that has it; libraries that none has are left out."""
    found = {}
    for library in LIBRARIES:
        for python in [sys.executable, *candidates]:
            has = subprocess.run([python, "-c", f"import {library}"], capture_output=True).returncode == 0
            if library == "striate" or has:
                found[library] = python
                break
        else:
            print(f"{library} not installed: left out", file=sys.stderr)
    return found


def measure(dimensions, count, rounds, interpreters):
    """Return the milliseconds of each library and batch, medians over rounds, and how many neighbours all of them agree on."""
    processes = {library: Process(python, _WORKER, library) for library, python in interpreters.items()}
    task = {"vectors": count, "dimensions": dimensions, "threads": striate.get_num_threads()}
    sets = {name: each.ask(task)["found"] for name, each in processes.items()}
    agreed = statistics.mean(
        len(set.intersection(*(set(found[i]) for found in sets.values()))) / len(sets["striate"][i])
        for i in range(len(sets["striate"]))
    )
    times = {}
    for _ in range(rounds):
        for library, process in processes.items():
            for batch in _BATCHES:
                times.setdefault((library, batch), []).append(process.ask({"batch": batch})["milliseconds"])
    for process in processes.values():
        process.close()
    return {f"{library}, batch {batch}": round(statistics.median(each), 2) for (library, batch), each in times.items()}, agreed


def main():
    """Measure, and print the results as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vectors", type=int, default=100_000, help="how many are searched (default: %(default)s)")
    parser.add_argument("--dimensions", type=int, nargs="+", default=[128, 256], help="their elements (default: %(default)s)")
    parser.add_argument("--peer-python", nargs="*", default=[], help="interpreters that have scikit-learn or faiss")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each library (default: %(default)s)")
    arguments = parser.parse_args()
    interpreters = _interpreters(arguments.peer_python)
    for dimensions in arguments.dimensions:
        times, agreed = measure(dimensions, arguments.vectors, arguments.rounds, interpreters)
        result = {"vectors": arguments.vectors, "dimensions": dimensions, "milliseconds": times, "agreement": round(agreed, 4)}
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
