"""How well and how fast a recognizer of lines of text learns, beside PyTorch.

    python -m benchmarks.reading lines [--peer-python PYTHON] [--seeds N]

A recognizer is trained from nothing on synthetic lines of text; printed are the seconds that this took, and how much of new
lines it then reads correctly. PyTorch trains the same network from the same weights, with the same batches, loss and schedule.
"""

import argparse

from benchmarks.learners import add_options, learn
from benchmarks.reading.definitions import TASKS


def main():
    """Measure, and print the results as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("task", choices=list(TASKS))
    add_options(parser)
    learn("benchmarks.reading.worker", parser.parse_args())


if __name__ == "__main__":
    main()
