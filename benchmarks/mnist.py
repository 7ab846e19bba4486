"""One epoch or more of LeNet-5 on MNIST with one library: seconds, peak memory and test accuracy, as a line of JSON."""

import argparse
import json
import resource
import time
from pathlib import Path

import numpy as np

from benchmarks.libraries import INSTALLED, LIBRARIES
from benchmarks.networks import definitions
from striate.data import load_mnist


def main():
    """Train, and print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path, help="folder of the IDX files")
    parser.add_argument("--library", choices=INSTALLED, default="striate")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--batch-size", type=int, default=64)
    arguments = parser.parse_args()

    (x_train, y_train), (x_test, y_test) = load_mnist(arguments.data)
    x_train, x_test = (np.divide(x[..., np.newaxis], 255, dtype=np.float32) for x in (x_train, x_test))
    y_train = y_train.astype(np.int64)
    train, predict = LIBRARIES[arguments.library](arguments.threads).trainer(definitions.lenet(), "adam")
    rng = np.random.default_rng(0)
    seconds = []
    for _ in range(arguments.epochs):
        order = rng.permutation(len(x_train))
        start = time.perf_counter()
        for first in range(0, len(x_train), arguments.batch_size):
            batch = order[first : first + arguments.batch_size]
            train(x_train[batch], y_train[batch])
        seconds.append(time.perf_counter() - start)
    right = sum(
        np.count_nonzero(predict(x_test[i : i + 250]).argmax(-1) == y_test[i : i + 250]) for i in range(0, len(x_test), 250)
    )
    result = {
        "library": arguments.library,
        "threads": arguments.threads,
        "seconds per epoch": round(float(np.median(seconds)), 2),
        "peak memory MiB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "test accuracy": right / len(x_test),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
