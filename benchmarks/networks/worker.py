"""One network in one library, in a process of its own: time, peak memory and what it computes, as a line of JSON."""

import json
import resource
import sys
import time

import numpy as np

from benchmarks.networks.builders import LIBRARIES
from benchmarks.networks.definitions import NETWORKS
from benchmarks.worker import best_call

#: How long it is measured.
SECONDS, CALLS = 2.0, 5


def main(name, threads, network, mode, batch):
    """Measure."""
    try:
        library = LIBRARIES[name](threads)
    except ImportError:
        print(json.dumps(None))
        return
    definition = NETWORKS[network][0]()
    rng = np.random.default_rng(0)
    x = rng.standard_normal((batch, *definition.shape), np.float32)
    y = rng.integers(0, definition.steps[-1].shape[0], batch)
    function = library.predict(definition, x) if mode == "predict" else library.train(definition, x, y)
    start = time.perf_counter()
    first = function()
    first_seconds = time.perf_counter() - start
    result = {
        "first": first_seconds,
        "result": np.asarray(first, np.float64).ravel()[:1000].tolist(),
        "seconds": best_call(function, SECONDS, CALLS),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5]))
