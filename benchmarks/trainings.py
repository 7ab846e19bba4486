"""Trainings of the same network by striate and by PyTorch, one after the other, each in a process of its own."""

import json
import sys
from importlib.util import find_spec

from benchmarks.process import Process


def peer_python(given, *packages):
    """Return the interpreter of the peers, `given` or this one; None if this one lacks packages that they need."""
    if given is None and not all(map(find_spec, packages)):
        print(f"{' and '.join(packages)} not installed: left out", file=sys.stderr)
        return None
    return given or sys.executable


def compare(worker, task, seeds, given):
    """Print what each library has learned of a task with each seed, and how their times compare.

    Parameters
    ----------
    worker : str
        Module of the measuring process, which answers ``{"train": task, "seed": seed}`` with results by their names.
    task : str
        Name of the task.
    seeds : int
        Number of trainings.
    given : str, optional
        An interpreter that has PyTorch.
    """
    libraries = {"striate": sys.executable, "torch": peer_python(given, "torch")}
    for seed in range(seeds):
        results = {}
        for library, python in libraries.items():
            if python is not None:
                process = Process(python, worker, library)
                results[library] = process.ask({"train": task, "seed": seed})
                process.close()
                print(json.dumps({"task": task, "seed": seed, "library": library, **results[library]}), flush=True)
        if len(results) == 2:
            print(f"PyTorch takes {results['torch']['seconds'] / results['striate']['seconds']:.2f} times as long")
