"""What is learned, and by which network."""

from typing import NamedTuple

from striate.datasets import digit_scenes, mnist, street_scenes
from striate.detection import Dataset, Detector, Objects, simple_backbone

#: Largest learning rate of a cycle, and images per step.
RATE, BATCH = 6e-3, 16


class Task(NamedTuple):
    """Scenes, and the network that learns them."""

    classes: tuple
    shape: tuple  # of an image
    filters: tuple  # of the backbone
    train: int  # number of scenes to learn from
    epochs: int
    strides: tuple = (8, 16)
    channels: int = 48
    depth: int = 1


TASKS = {
    "digits": Task(digit_scenes.CLASSES, (128, 128, 1), (16, 32, 48, 64), train=4000, epochs=20),
    "streets": Task(street_scenes.CLASSES, (128, 128, 3), (16, 32, 48, 64), train=3000, epochs=24),
    "frame": Task(street_scenes.CLASSES, (320, 320, 3), (16, 32, 48, 64), train=0, epochs=0),
}

#: Scenes that the average precision is measured on; their digits are others than those learned from.
TEST = 500


def data(name):
    """Return the data sets to learn from and to be judged by."""
    task = TASKS[name]
    if name == "digits":
        glyphs = mnist.load_data()
        parts = [
            digit_scenes.generate(count, task.shape[0], seed=seed, digits=glyphs[seed])
            for seed, count in enumerate((task.train, TEST))
        ]
    else:
        parts = [street_scenes.generate(count, task.shape[0], seed=seed) for seed, count in enumerate((task.train, TEST))]
    return [Dataset(x, list(map(Objects, boxes, labels)), task.classes) for x, boxes, labels in parts]


def detector(name, seed=0):
    """Return the detector of a task in `TASKS`."""
    return detector_of(TASKS[name], seed)


def detector_of(task, seed=0):
    """Return the detector of a task."""
    backbone = simple_backbone(task.shape, task.filters, rng=seed)
    return Detector(task.classes, task.shape, backbone, task.strides, task.channels, task.depth, rng=seed)


def weights_by_layer(detector):
    """Return the weights of the layers of a detector that have some, as arrays by the layers' names."""
    found = {}
    for layer in [*detector.model.get_layer("backbone").layers, *detector.model.layers]:
        if layer.name != "backbone" and layer.weights:
            found[layer.name] = [weight.numpy() for weight in layer.weights]
    return found
