"""The process that trains a detector with one library, and tracks what it finds."""

import time

import numpy as np

from benchmarks.detection.definitions import BATCH, detector_of
from benchmarks.process import answers, requests
from benchmarks.tracking import definitions
from striate.detection.selection import clipped
from striate.tracking import tracking_accuracy


def trained(library, seed):
    """Return a function that finds digits in a frame, given a least score, and the seconds that the training took."""
    data, detector = definitions.train_data(), detector_of(definitions.TASK, seed)
    if library == "torch":
        from benchmarks.detection import peer

        network, times = peer.fit(definitions.TASK, detector, data, seed)

        def find(frame, score):
            return clipped(peer.find(network, frame[np.newaxis], score)[0], frame.shape[:2])

        return find, times
    start, busy = time.perf_counter(), time.process_time()
    detector.fit(data, definitions.TASK.epochs, batch_size=BATCH, verbose=0, rng=seed)
    times = {"seconds": time.perf_counter() - start, "processor seconds": time.process_time() - busy}
    return lambda frame, score: detector.detect(frame, score_threshold=score), times


def run(library, seed, video_seed):
    """Return how long a training took, how well videos are tracked, and how many frames a second."""
    find, times = trained(library, seed)
    videos, truth, ignored = definitions.videos(video_seed)
    tracker, found = definitions.tracker(), []
    find(videos[0, 0], 0.5)  # The first call plans.
    detecting, start = 0.0, time.perf_counter()
    for video in videos:
        tracker.reset()
        for frame in video:
            begin = time.perf_counter()
            detections = find(frame, tracker.low_threshold)
            detecting += time.perf_counter() - begin
            found.append(tracker.update(detections, frame))
    seconds = time.perf_counter() - start
    result = tracking_accuracy(definitions.joined(truth), definitions.joined(found), ignored=ignored)
    speed = {"frames a second": len(found) / seconds, "tracking alone": len(found) / (seconds - detecting)}
    return {**times, **{name: round(value) for name, value in speed.items()}, **result._asdict()}


def main():
    """Answer requests: ``{"seed": n, "videos": n}``."""
    import sys

    library, answer = sys.argv[1], answers()
    for request in requests():
        answer(run(library, request["seed"], request["videos"]))


if __name__ == "__main__":
    main()
