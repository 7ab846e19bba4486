"""How fast faces are found beside facenet-pytorch, and how well and how fast embeddings are learned beside PyTorch.

    python -m benchmarks.faces detect --peer-python PYTHON [--rounds N]
    python -m benchmarks.faces verification [--peer-python PYTHON] [--seeds N]

``detect`` runs MTCNN, with the weights that facenet-pytorch has, on two photographs of scikit-image, both of which the
interpreter of the peers needs; it prints the milliseconds for each, and the largest difference of a box or a landmark in
pixels. ``verification`` trains a network of embeddings on synthetic faces, and prints the seconds that this took and the area
under the ROC curve and the equal error rate on identities that it has not seen; PyTorch trains the same network from the same
weights, with the same batches, loss and schedule.
"""

import argparse
import json
import statistics
import sys
import tempfile

from benchmarks.learners import add_options, learn, peer_python
from benchmarks.process import Process

_WORKER = "benchmarks.faces.worker"


def detect(arguments):
    """Print the milliseconds that photographs take, the medians over rounds in which the libraries take turns."""
    peer = peer_python(arguments, "facenet_pytorch", "skimage")
    if peer is None:
        sys.exit("expected --peer-python, an interpreter that has facenet-pytorch and scikit-image")
    pythons = {"facenet-pytorch": peer, "striate": sys.executable}
    processes = {library: Process(python, _WORKER, library) for library, python in pythons.items()}
    with tempfile.TemporaryDirectory() as folder:
        request = {"prepare": folder}
        for process in processes.values():  # The first one tells where weights are, and writes the photographs.
            request |= process.ask(request)
    found = {}
    for _ in range(arguments.rounds):
        for library, process in processes.items():
            for photograph in request["photographs"]:
                found.setdefault(photograph, {}).setdefault(library, []).append(process.ask({"detect": photograph}))
    for process in processes.values():
        process.close()
    for photograph, answers in found.items():
        times = {library: statistics.median(each["seconds"] for each in given) for library, given in answers.items()}
        points = [given[0]["points"] for given in answers.values()]
        print(
            json.dumps(
                {
                    "photograph": photograph,
                    "faces": [len(each) for each in points],
                    "largest difference": _difference(*points),
                    **{f"{library}, ms": round(1e3 * seconds, 1) for library, seconds in times.items()},
                }
            )
        )
        print(f"facenet-pytorch takes {times['facenet-pytorch'] / times['striate']:.2f} times as long")


def _difference(first, second):
    """Return the largest difference of any coordinate between each face of one list and the nearest of another, in pixels."""
    return max(
        min(max(abs(a - b) for a, b in zip(one, other, strict=True)) for other in these)
        for those, these in ((first, second), (second, first))
        for one in those
    )


def main():
    """Measure, and print the results as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("task", choices=["detect", "verification"])
    add_options(parser)
    parser.add_argument("--rounds", type=int, default=7, help="turns of each library (default: %(default)s)")
    arguments = parser.parse_args()
    if arguments.task == "detect":
        detect(arguments)
    else:
        learn(_WORKER, arguments)


if __name__ == "__main__":
    main()
