"""What is learned, and by which U-Net."""

from typing import NamedTuple

import numpy as np

from striate import image, optimizers
from striate.architectures import UNet
from striate.data import DataLoader
from striate.datasets import cell_images, lane_scenes

#: Largest learning rate of a cycle, and images per step.
RATE, BATCH = 1e-2, 16

SIZE = 96  # height and width of the images


class Task(NamedTuple):
    """Images with three classes of pixels, and the network that learns them."""

    channels: int  # of an image
    weights: tuple  # of the classes, in the loss
    epochs: int
    depth: int
    filters: int = 8

    @property
    def shape(self):
        """Return the shape of an image."""
        return SIZE, SIZE, self.channels


TASKS = {
    "cells": Task(1, (1, 1, 10), epochs=12, depth=2),
    "lanes": Task(3, (1, 5, 5), epochs=12, depth=4),
}


def classes_of(cells):
    """Return 0 for the background, 1 for cells, and 2 for pixels that have two cells among their neighbours."""
    cells = cells[..., np.newaxis]
    inside = cells > 0
    largest = image.dilate(cells)
    smallest = 255 - image.dilate(np.where(inside, 255 - cells, 0).astype(np.uint8))
    return np.where(inside & (largest != smallest), 2, inside)[..., 0]


def data(name):
    """Return images and classes of their pixels, to learn from and to be judged by."""
    found = []
    for x, y, *_ in (cell_images if name == "cells" else lane_scenes).load_data(SIZE):
        x = (x.reshape(len(x), *TASKS[name].shape) / 255).astype(np.float32)
        found.append((x, classes_of(y) if name == "cells" else y.astype(np.int64)))
    return found


def batches(name, x, y, seed):
    """Return a loader of images, classes and weights of pixels, in an order that depends on the seed."""
    weights = np.array(TASKS[name].weights, np.float32)[y]
    return DataLoader((x, y, weights), BATCH, shuffle=True, rng=seed)


def network(name, seed=0):
    """Return the U-Net of a task."""
    task = TASKS[name]
    return UNet(task.shape, 3, task.filters, task.depth, batch_normalization=True, rng=seed)


def optimizer(name, steps):
    """Return the optimizer, whose learning rate goes up and down once in all steps."""
    return optimizers.Adam(optimizers.schedules.OneCycle(RATE, steps))
