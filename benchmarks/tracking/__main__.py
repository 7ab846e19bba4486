"""How well and how fast moving digits are tracked, with a detector that striate trains, and with one that PyTorch trains.

    python -m benchmarks.tracking scenes [--peer-python PYTHON] [--seeds N] [--videos SEED]

Each library trains the same network from the same weights, with the same batches, losses and schedule; the same tracker then
tracks what it finds in new videos, frame by frame. MOTA, IDF1 and identity switches are printed, the seconds of the training,
and how many frames a second detection and tracking take together, and tracking alone.
"""

import argparse
import json
import sys
from importlib.util import find_spec

from benchmarks.process import Process

_WORKER = "benchmarks.tracking.worker"


def main():
    """Measure, and print the results as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("task", choices=["scenes"])
    parser.add_argument("--peer-python", help="an interpreter that has PyTorch and SciPy")
    parser.add_argument("--seeds", type=int, default=1, help="number of trainings (default: %(default)s)")
    parser.add_argument("--videos", type=int, default=2, help="seed of the videos (default: %(default)s)")
    arguments = parser.parse_args()
    libraries = {"striate": sys.executable, "torch": arguments.peer_python or (sys.executable if find_spec("torch") else None)}
    for seed in range(arguments.seeds):
        results = {}
        for library, python in libraries.items():
            if python is None:
                print(f"{library} not installed: left out", file=sys.stderr)
                continue
            process = Process(python, _WORKER, library)
            results[library] = process.ask({"seed": seed, "videos": arguments.videos})
            process.close()
            print(json.dumps({"task": arguments.task, "seed": seed, "library": library, **results[library]}), flush=True)
        if len(results) == 2:
            times = (results[library]["seconds"] for library in ("torch", "striate"))
            print(f"PyTorch takes {next(times) / next(times):.2f} times as long to train")


if __name__ == "__main__":
    main()
