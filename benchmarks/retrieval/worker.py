"""The process that searches with one library."""

import time

import numpy as np

from benchmarks.process import answers, requests
from benchmarks.retrieval.libraries import LIBRARIES, vectors

#: Seconds that a measurement takes at least.
_BURST = 0.5


def milliseconds_of(search, queries, batch):
    """Return the median of the milliseconds that batches of queries take within a burst."""
    found, end, begin = [], time.perf_counter() + _BURST, 0
    while time.perf_counter() < end or len(found) < 3:
        part = queries[begin : begin + batch]
        start = time.perf_counter()
        search(part)
        found.append((time.perf_counter() - start) * 1e3)
        begin = (begin + batch) % (len(queries) - batch + 1)  # Another query each time, as users ask them.
    return float(np.median(found))


def main():
    """Answer requests: ``{"vectors": n, "dimensions": d, "threads": n}``, or ``{"batch": n}``."""
    import sys

    library, answer = sys.argv[1], answers()
    for request in requests():
        if "vectors" in request:
            search = LIBRARIES[library](vectors(request["vectors"], request["dimensions"]), request["threads"])
            queries = vectors(512, request["dimensions"], seed=1)
            answer({"found": np.asarray(search(queries[:20])).tolist()})
        else:
            answer({"milliseconds": milliseconds_of(search, queries, request["batch"])})


if __name__ == "__main__":
    main()
