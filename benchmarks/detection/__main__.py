"""How well and how fast detectors learn, and how fast they find, beside PyTorch and ONNX Runtime.

    python -m benchmarks.detection digits | streets [--peer-python PYTHON] [--seeds N]
    python -m benchmarks.detection frame [--peer-python PYTHON] [--rounds N]

``digits`` and ``streets`` train a detector from nothing, and print the seconds that this took and the average precision on
new scenes; PyTorch trains the same network from the same weights, with the same batches, losses and schedule. ``frame``
measures how long one frame of 320 x 320 pixels takes: the network alone, and all of the detection; ONNX Runtime computes the
same network, written in PyTorch and exported from there.
"""

import argparse
import json
import statistics
import sys

import numpy as np

from benchmarks.learners import add_options, learn, peer_python
from benchmarks.process import Process

_WORKER = "benchmarks.detection.worker"


def frame(arguments):
    """Print the milliseconds that a frame takes, the medians over rounds in which the libraries take turns."""
    libraries = {"striate": sys.executable, "onnxruntime": peer_python(arguments, "torch", "onnx", "onnxruntime")}
    processes = {library: Process(python, _WORKER, library) for library, python in libraries.items() if python is not None}
    found, outputs = {}, {}
    for _ in range(arguments.rounds):
        for library, process in processes.items():
            for name in ("network", "detection"):
                answer = process.ask({"frame": name})
                if answer is not None:
                    found.setdefault(f"{library}, {name}", []).append(answer["seconds"] * 1e3)
                    outputs[library] = answer["outputs"]
    for process in processes.values():
        process.close()
    if len(outputs) == 2:
        np.testing.assert_allclose(outputs["striate"], outputs["onnxruntime"], rtol=1e-4)
    print(json.dumps({name: round(statistics.median(values), 3) for name, values in found.items()}))


def main():
    """Measure, and print the results as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("task", choices=["digits", "streets", "frame"])
    add_options(parser)
    parser.add_argument("--rounds", type=int, default=7, help="turns of each library (default: %(default)s)")
    arguments = parser.parse_args()
    if arguments.task == "frame":
        frame(arguments)
    else:
        learn(_WORKER, arguments)


if __name__ == "__main__":
    main()
