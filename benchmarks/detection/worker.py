"""The process that trains a detector, or finds objects in a frame, with one library."""

import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.detection import definitions
from benchmarks.process import answers, requests

#: Seconds that a measurement of frames takes at least.
_BURST = 0.5


def train(library, name, seed):
    """Return seconds, average precisions and the number of parameters after training on a task."""
    train_data, test_data = definitions.data(name)
    if library == "torch":
        from benchmarks.detection import peer

        return peer.train(name, train_data, test_data, seed)
    detector = definitions.detector(name, seed)
    start, busy = time.perf_counter(), time.process_time()
    detector.fit(train_data, definitions.TASKS[name].epochs, batch_size=definitions.BATCH, verbose=0, rng=seed)
    times = {"seconds": time.perf_counter() - start, "processor seconds": time.process_time() - busy}
    result = detector.evaluate(test_data)
    return {**times, "ap50": result.ap50, "ap": result.ap, "parameters": detector.model.count_params()}


def frame_functions(library):
    """Return functions by name: what a library computes for one frame; and the outputs of the network."""
    task = definitions.TASKS["frame"]
    frame = np.random.default_rng(0).integers(0, 256, task.shape, dtype=np.uint8)
    x = frame[np.newaxis].astype(np.float32)
    if library == "striate":
        detector = definitions.detector("frame")
        outputs = detector.model(x, training=False)
        return {"network": lambda: detector.model(x, training=False), "detection": lambda: detector.detect(frame)}, outputs
    import onnxruntime

    import striate
    from benchmarks.detection import peer

    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "network.onnx"))
        peer.export("frame", path)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = striate.get_num_threads()
        session = onnxruntime.InferenceSession(path, options, ["CPUExecutionProvider"])
    x = np.ascontiguousarray(x.transpose(0, 3, 1, 2))
    return {"network": lambda: session.run(None, {"x": x})}, session.run(None, {"x": x})


def seconds_of(function):
    """Return the fastest of the calls of a function within a burst."""
    fastest, end = np.inf, time.perf_counter() + _BURST
    while time.perf_counter() < end:
        start = time.perf_counter()
        function()
        fastest = min(fastest, time.perf_counter() - start)
    return fastest


def main():
    """Answer requests: ``{"train": task, "seed": n}``, or ``{"frame": name of a function}``."""
    import sys

    library, answer = sys.argv[1], answers()
    functions = None
    for request in requests():
        if "train" in request:
            answer(train(library, request["train"], request["seed"]))
            continue
        if functions is None:
            functions, outputs = frame_functions(library)
            sums = [float(np.abs(y).sum()) for y in outputs]
        if request["frame"] in functions:
            answer({"seconds": seconds_of(functions[request["frame"]]), "outputs": sums})
        else:
            answer(None)


if __name__ == "__main__":
    main()
