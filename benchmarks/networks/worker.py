"""The process that measures one network in one library: its result first, then time and peak memory in bursts, on request."""

import functools
import resource
import sys
import time

import numpy as np

from benchmarks.libraries import LIBRARIES
from benchmarks.networks.definitions import NETWORKS
from benchmarks.process import answers, requests
from benchmarks.worker import call_times

#: Shortest duration of a burst, in seconds.
SECONDS = 0.5

#: Fewest calls in a burst.
CALLS = 2


def summary(times):
    """Return the best, the median and the 95th percentile of the seconds that calls take."""
    return {"best": min(times), "median": float(np.median(times)), "p95": float(np.quantile(times, 0.95))}


def main(name, threads, network, mode, batch):
    """Answer with the result and time of the first call, or None if the library is not installed; then answer requests."""
    answer = answers()
    try:
        library = LIBRARIES[name](threads)
    except ImportError:
        answer(None)
        return
    definition = NETWORKS[network][0]()
    rng = np.random.default_rng(0)
    x = rng.standard_normal((batch, *definition.shape), np.float32)
    *pixels, classes = definition.steps[-1].shape
    y = rng.integers(0, classes, (batch, *pixels))
    if mode == "train":
        train, _ = library.trainer(definition)
        function = functools.partial(train, x, y)
    else:
        function = getattr(library, mode)(definition, x)
    start = time.perf_counter()
    first = function()
    first_seconds = time.perf_counter() - start
    answer({"first": first_seconds, "result": np.asarray(first, np.float64).ravel()[:1000].tolist()})
    for _request in requests():
        times = summary(call_times(function, SECONDS, CALLS))
        answer({**times, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024})


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5]))
