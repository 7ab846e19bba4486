"""What benchmarks of learning share: each library trains in a process of its own, and the results are printed."""

import json
import sys
from importlib.util import find_spec

from benchmarks.process import Process


def peer_python(arguments, *packages):
    """Return the interpreter of the peers, None if there is none."""
    if arguments.peer_python is None and not all(map(find_spec, packages)):
        print(f"{' and '.join(packages)} not installed: left out", file=sys.stderr)
        return None
    return arguments.peer_python or sys.executable


def add_options(parser):
    """Add the options of all benchmarks of learning."""
    parser.add_argument("--peer-python", help="an interpreter that has PyTorch, and what else a task is compared with")
    parser.add_argument("--seeds", type=int, default=1, help="number of trainings (default: %(default)s)")


def learn(worker, arguments):
    """Print what striate and PyTorch have learned of a task, with each seed; `worker` is the module that trains."""
    libraries = {"striate": sys.executable, "torch": peer_python(arguments, "torch")}
    for seed in range(arguments.seeds):
        results = {}
        for library, python in libraries.items():
            if python is not None:
                process = Process(python, worker, library)
                results[library] = process.ask({"train": arguments.task, "seed": seed})
                process.close()
                print(json.dumps({"task": arguments.task, "seed": seed, "library": library, **results[library]}), flush=True)
        if len(results) == 2:
            print(f"PyTorch takes {results['torch']['seconds'] / results['striate']['seconds']:.2f} times as long")
