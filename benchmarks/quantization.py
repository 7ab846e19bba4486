"""Test accuracies of trained networks in float32, bfloat16 and 8-bit integers, the latter before and after fine-tuning.

    python -m benchmarks.quantization --data FOLDER --models FOLDER [--networks resnet20 mobilenetv2]

The networks are trained once and kept in the folder of models. Fine-tuning is a further epoch of the quantized model.
Differences to float32 are in percentage points.
"""

import argparse
from pathlib import Path
from typing import NamedTuple

import numpy as np

import striate
from benchmarks.learning import BATCH, RATE, classifier
from striate import layers, losses, optimizers
from striate.architectures import MobileNetV2, ResNet20
from striate.data import load_mnist
from striate.quantization import quantize

#: Number of training images that determine the ranges of activations.
CALIBRATION = 512

#: Epochs, and largest learning rate, of fine-tuning.
FINE_TUNING_EPOCHS, FINE_TUNING_RATE = 1, 2e-4


class Task(NamedTuple):
    """What a network learns: the folder of its images, the function that makes it for a shape of images, and the epochs."""

    data: str
    network: callable
    epochs: int


def with_images(network):
    """Return a network that takes images of bytes, mirrored at random in training."""
    before = [layers.RandomFlip("horizontal"), layers.Rescaling(1 / 255)]
    return striate.Sequential([layers.Input(network.input_shape[1:]), *before, network], rng=0)


def resnet20(shape):
    """Return ResNet-20."""
    return with_images(ResNet20(shape, classifier_activation=None, rng=0))


def mobilenetv2(shape):
    """Return MobileNetV2 for small images, of half the width."""
    return with_images(MobileNetV2(shape, 10, classifier_activation=None, alpha=0.5, small_images=True, rng=0))


TASKS = {
    "mnist": Task("mnist", lambda shape: classifier(shape, clothes=False, seed=0), 2),
    "fashion": Task("fashion-mnist", lambda shape: classifier(shape, clothes=True, seed=0), 4),
    "resnet20": Task("fashion-mnist", resnet20, 4),
    "mobilenetv2": Task("fashion-mnist", mobilenetv2, 4),
}


def images_of(folder):
    """Return the training and the test images, of float32 from 0 to 255, with their labels."""
    return [(images[..., np.newaxis].astype(np.float32), labels) for images, labels in load_mnist(folder)]


def fit(model, x, y, epochs, rate):
    """Train a model with a learning rate that rises to `rate` and falls."""
    schedule = optimizers.schedules.OneCycle(rate, -(-len(x) // BATCH) * epochs)
    model.compile(optimizers.AdamW(schedule, weight_decay=0.05), losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(x, y, batch_size=BATCH, epochs=epochs, verbose=0, rng=0)


def trained(name, folder, x, y):
    """Return the network of a task, trained now or before."""
    path = folder / f"{name}.npz"
    if not path.exists():
        model = TASKS[name].network(x.shape[1:])
        fit(model, x, y, TASKS[name].epochs, RATE)
        folder.mkdir(parents=True, exist_ok=True)
        model.save(path, include_optimizer=False)
    return striate.models.load_model(path, compile=False)


def accuracy(model, x, y):
    """Return the percentage of images whose largest output is that of their class."""
    return 100 * float(np.mean(model.predict(x, batch_size=250, verbose=0).argmax(-1) == y))


def measure(name, data, folder):
    """Return the accuracies of a network."""
    (x, y), (x_test, y_test) = images_of(data / TASKS[name].data)
    model = trained(name, folder, x, y)
    result = {"float32": accuracy(model, x_test, y_test)}
    quantized = quantize(model, x[:CALIBRATION])
    model.dtype_policy = "bfloat16"
    result["bfloat16"] = accuracy(model, x_test, y_test)
    result["int8"] = accuracy(quantized, x_test, y_test)
    fit(quantized, x, y, FINE_TUNING_EPOCHS, FINE_TUNING_RATE)
    result["int8, fine-tuned"] = accuracy(quantized, x_test, y_test)
    return result


def main():
    """Measure networks, and print their accuracies in percent."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, type=Path, help="folder of the folders mnist and fashion-mnist of IDX files")
    parser.add_argument("--models", required=True, type=Path, help="folder where trained networks are kept")
    parser.add_argument("--networks", nargs="+", choices=TASKS, default=list(TASKS))
    arguments = parser.parse_args()
    for name in arguments.networks:
        result = measure(name, arguments.data, arguments.models)
        cells = [f"{kind} {percent:.2f} ({percent - result['float32']:+.2f})" for kind, percent in result.items()]
        print(f"{name:12} {'   '.join(cells)}", flush=True)


if __name__ == "__main__":
    main()
