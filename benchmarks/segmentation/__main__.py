"""How well and how fast U-Nets learn the classes of pixels, beside PyTorch.

    python -m benchmarks.segmentation cells | lanes [--peer-python PYTHON] [--seeds N]

A U-Net is trained from nothing, and the seconds that this took and the intersection over union on new images are printed;
PyTorch trains the same network from the same weights, with the same batches, loss and schedule.
"""

import argparse

from benchmarks.learners import add_options, learn


def main():
    """Measure, and print the results as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("task", choices=["cells", "lanes"])
    add_options(parser)
    learn("benchmarks.segmentation.worker", parser.parse_args())


if __name__ == "__main__":
    main()
