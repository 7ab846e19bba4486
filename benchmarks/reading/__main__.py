"""How well and how fast a recognizer of lines of text learns, beside PyTorch.

    python -m benchmarks.reading lines [--peer-python PYTHON] [--seeds N]

A recognizer is trained from nothing on synthetic lines of text; printed are the seconds that this took, and how much of new
lines it then reads correctly. PyTorch trains the same network from the same weights, with the same batches, loss and schedule.
"""

import argparse

from benchmarks.reading.definitions import TASKS
from benchmarks.trainings import compare


def main():
    """Measure, and print the results as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("task", choices=list(TASKS))
    parser.add_argument("--peer-python", help="an interpreter that has PyTorch")
    parser.add_argument("--seeds", type=int, default=1, help="number of trainings (default: %(default)s)")
    arguments = parser.parse_args()
    compare("benchmarks.reading.worker", arguments.task, arguments.seeds, arguments.peer_python)


if __name__ == "__main__":
    main()
