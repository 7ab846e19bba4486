"""The process that trains a recognizer with one library."""

import sys
import time

from benchmarks.process import answers, requests
from benchmarks.reading import definitions


def train(library, name, seed):
    """Return seconds, what was read correctly, and the number of parameters after training on a task."""
    train_data, test_data = definitions.data(name)
    if library == "torch":
        from benchmarks.reading import peer

        return peer.train(name, train_data, test_data, seed)
    recognizer = definitions.recognizer(seed)
    start, busy = time.perf_counter(), time.process_time()
    recognizer.fit(*train_data, definitions.TASKS[name].epochs, batch_size=definitions.BATCH, verbose=0, rng=seed)
    times = {"seconds": time.perf_counter() - start, "processor seconds": time.process_time() - busy}
    return {**times, **recognizer.evaluate(*test_data)._asdict(), "parameters": recognizer.model.count_params()}


def main():
    """Answer requests: ``{"train": task, "seed": n}``."""
    library, answer = sys.argv[1], answers()
    for request in requests():
        answer(train(library, request["train"], request["seed"]))


if __name__ == "__main__":
    main()
