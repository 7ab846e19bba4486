"""How close operations with little arithmetic come to the memory's bandwidth: GB/s, and percentages of the speed of copying.

Each array counts once for each time that an operation has to read or write it. NumPy copies an array of the same size, in the
same number of Python threads. The arrays are larger than the caches.
"""

import argparse
import statistics
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np

import striate
from benchmarks.arrays import empty, random_array
from benchmarks.worker import best_call
from striate import functional as F

SHAPE = (16, 56, 56, 256)

#: Number of measurements of each operation, of which the median counts.
ROUNDS = 5

#: Shortest duration of a measurement, of which the fastest call counts.
SECONDS = 0.2


def seconds_of(call):
    """Return how long the fastest of many calls takes, after one that warms up."""
    call()
    return best_call(call, SECONDS, 1)


def copying(threads):
    """Return a function that copies an array in a number of threads, and how many bytes it reads and writes."""
    source, target = random_array(*SHAPE), empty(SHAPE)
    parts = list(zip(np.array_split(source, threads), np.array_split(target, threads), strict=True))
    pool = ThreadPoolExecutor(threads)

    def call():
        list(pool.map(lambda part: np.copyto(part[1], part[0]), parts))

    return call, source.nbytes + target.nbytes


def poolings(x):
    """Yield (name, function, arrays that it reads or writes) for poolings and their gradients."""
    for size, padding in ((2, "valid"), (3, "same")):
        arguments = {"pool_size": size, "strides": 2, "padding": padding}
        y = F.max_pool2d(x, **arguments)
        dy, dx = random_array(*y.shape, seed=1), empty(x.shape)
        name = f"pool {size}×{size} s2 {padding}"
        yield f"max {name}", partial(F.max_pool2d, x, **arguments, out=y), (x, y)
        yield f"average {name}", partial(F.average_pool2d, x, **arguments, out=y), (x, y)
        yield f"max {name}, gradient", partial(F.max_pool2d_backward_input, dy, x, **arguments, out=dx), (x, dy, dx)
        backward = partial(F.average_pool2d_backward_input, dy, x.shape, **arguments, out=dx)
        yield f"average {name}, gradient", backward, (dy, dx)


def operations():
    """Yield (name, function, arrays that it reads or writes) for all operations."""
    x, dy, y = random_array(*SHAPE), random_array(*SHAPE, seed=1), empty(SHAPE)
    yield from poolings(x)
    for function in (F.relu, F.leaky_relu, F.sigmoid, F.tanh, F.gelu, F.softmax):
        yield function.__name__, partial(function, x, out=y), (x, y)
    yield "relu, gradient", partial(F.relu_backward_input, dy, x, out=y), (x, dy, y)
    yield "softmax, gradient", partial(F.softmax_backward_input, dy, x, out=y), (x, dy, y)
    yield "add", partial(F.add, [x, dy], out=y), (x, dy, y)
    yield "multiply", partial(F.multiply, [x, dy], out=y), (x, dy, y)
    both = empty((*SHAPE[:3], 2 * SHAPE[3]))
    yield "concatenate", partial(F.concatenate, [x, dy], out=both), (x, dy, both)
    mean, variance = F.moments(x)
    gamma = np.ones_like(mean)
    yield "moments", partial(F.moments, x), (x,)
    yield "batch norm", partial(F.batch_normalization, x, mean, variance, gamma, gamma, out=y), (x, y)
    backward = partial(F.batch_normalization_backward, dy, x, mean, variance, gamma, out=y)
    yield "batch norm, gradient", backward, (x, dy, x, dy, y)  # x and dy are read for the sums, and again for dx
    yield "local response norm", partial(F.local_response_normalization, x, 2, beta=0.75, out=y), (x, y)
    backward = partial(F.local_response_normalization_backward_input, dy, x, 2, beta=0.75, out=y)
    yield "local response norm, gradient", backward, (x, dy, y)


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    arguments = parser.parse_args()

    for threads in arguments.threads:
        striate.set_num_threads(threads)
        copy, copied = copying(threads)
        print(f"{'threads ' + str(threads):32}     GB/s   of copying")
        for name, call, arrays in operations():
            ratios, speeds = [], []
            for _ in range(ROUNDS):
                speeds.append(sum(array.nbytes for array in arrays) / seconds_of(call) / 1e9)
                ratios.append(speeds[-1] * seconds_of(copy) / copied * 1e9)
            print(f"{name:32} {statistics.median(speeds):8.1f} {100 * statistics.median(ratios):10.0f} %", flush=True)


if __name__ == "__main__":
    main()
