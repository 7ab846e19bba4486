"""The process that finds faces in photographs, or learns embeddings, with one library."""

import time
from pathlib import Path

import numpy as np

from benchmarks.process import answers, requests


class Striate:
    """MTCNN of striate."""

    def __init__(self, folder, request):
        from striate.faces import convert_mtcnn

        self.photographs = dict(np.load(Path(folder, "photographs.npz")))
        self._detector = convert_mtcnn(request["weights"], Path(folder, "mtcnn.npz"))

    def told(self):
        """Return nothing new."""
        return {}

    def detect(self, photograph):
        """Return boxes and landmarks."""
        found = self._detector.detect(photograph)
        return found.boxes, found.landmarks


class Facenet:
    """MTCNN of facenet-pytorch, which also gets the photographs."""

    def __init__(self, folder, request):
        import facenet_pytorch
        import torch

        import striate

        torch.set_num_threads(striate.get_num_threads())
        self.photographs = photographs()
        np.savez(Path(folder, "photographs.npz"), **self.photographs)
        self._weights = str(Path(facenet_pytorch.__file__).parent / "data")
        self._detector = facenet_pytorch.MTCNN(keep_all=True)

    def told(self):
        """Return where the weights are, and the names of the photographs."""
        return {"weights": self._weights, "photographs": list(self.photographs)}

    def detect(self, photograph):
        """Return boxes and landmarks."""
        boxes, _, landmarks = self._detector.detect(photograph, landmarks=True)
        return np.stack(boxes).astype(float), np.stack(landmarks).astype(float)


def photographs():
    """Return photographs of scikit-image: one with a face, and a grid of a hundred faces."""
    from skimage import data

    faces = (255 * data.lfw_subset()[:100]).round().astype(np.uint8).repeat(3, 1).repeat(3, 2)
    grid = faces.reshape(10, 10, 75, 75).transpose(0, 2, 1, 3).reshape(750, 750, 1)
    return {"one face": data.astronaut(), "a hundred faces": np.repeat(grid, 3, 2)}


def train(seed):
    """Return seconds, and how well new identities are told apart after training."""
    from benchmarks.faces import definitions
    from striate import losses
    from striate.data import DataLoader
    from striate.optimizers import Adam
    from striate.optimizers.schedules import OneCycle

    (x, y), (x_test, y_test) = definitions.data()
    network = definitions.network(seed)
    batches = DataLoader((x, y), definitions.BATCH, shuffle=True, rng=seed)
    schedule = OneCycle(definitions.RATE, definitions.EPOCHS * len(batches))
    network.compile(Adam(schedule), losses.TripletSemiHardLoss(definitions.MARGIN))
    start, busy = time.perf_counter(), time.process_time()
    network.fit(batches, epochs=definitions.EPOCHS, verbose=0)
    times = {"seconds": time.perf_counter() - start, "processor seconds": time.process_time() - busy}
    found = definitions.judged(network.predict(x_test, verbose=0), y_test)
    return {**times, **found, "parameters": network.count_params()}


def main():
    """Answer requests: ``{"prepare": folder, …}`` and ``{"detect": photograph}``, or ``{"train": task, "seed": n}``."""
    import sys

    library, answer = sys.argv[1], answers()
    for request in requests():
        if "prepare" in request:
            detector = (Striate if library == "striate" else Facenet)(request["prepare"], request)
            for photograph in detector.photographs.values():  # The first one includes planning.
                detector.detect(photograph)
            answer(detector.told())
        elif "detect" in request:
            photograph = detector.photographs[request["detect"]]
            start = time.perf_counter()
            boxes, landmarks = detector.detect(photograph)
            seconds = time.perf_counter() - start
            points = np.concatenate([boxes, landmarks.reshape(len(boxes), -1)], 1)
            answer({"seconds": seconds, "points": points.tolist()})
        elif library == "striate":
            answer(train(request["seed"]))
        else:
            from benchmarks.faces import peer

            answer(peer.train(request["seed"]))


if __name__ == "__main__":
    main()
