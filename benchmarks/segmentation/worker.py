"""The process that trains a U-Net with one library."""

import sys
import time

from benchmarks.process import answers, requests
from benchmarks.segmentation import definitions
from striate import metrics


def train(library, name, seed):
    """Return seconds, and the intersection over union of each class and of all that is not background."""
    train_data, (x_test, y_test) = definitions.data(name)
    if library == "torch":
        from benchmarks.segmentation import peer

        times, found = peer.train(name, train_data, x_test, seed)
    else:
        times, found = _train_striate(name, train_data, x_test, seed)
    of_classes = [metrics.IoU(3, [i])(y_test, found) for i in range(3)]
    return {**times, "iou": metrics.BinaryIoU([1])(y_test > 0, (found > 0).astype(float)), "iou of classes": of_classes}


def _train_striate(name, train_data, x_test, seed):
    model, batches = definitions.network(name, seed), definitions.batches(name, *train_data, seed)
    epochs = definitions.TASKS[name].epochs
    model.compile(definitions.optimizer(name, epochs * len(batches)), "sparse_categorical_crossentropy")
    start, busy = time.perf_counter(), time.process_time()
    model.fit(batches, epochs=epochs, verbose=0)
    times = {"seconds": time.perf_counter() - start, "processor seconds": time.process_time() - busy}
    return {**times, "parameters": model.count_params()}, model.predict(x_test, verbose=0).argmax(-1)


def main():
    """Answer requests: ``{"train": task, "seed": n}``."""
    library, answer = sys.argv[1], answers()
    for request in requests():
        answer(train(library, request["train"], request["seed"]))


if __name__ == "__main__":
    main()
