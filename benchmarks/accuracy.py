"""Test accuracies of networks trained with and without Winograd's convolution, from the same weights and batches.

"mnist" is ((conv3×3 → ReLU)*2 → pool)*2 → FC on images of 28×28×1. "colour" has three such stages, of 64, 128 and 256 filters,
on images of 32×32×3, the size of CIFAR's. They are made from the same files: padded, each in a light colour on a dark one.
"""

import argparse
import json
import statistics
import time
from pathlib import Path

import numpy as np

import striate
from striate import Sequential, layers
from striate.data import load_mnist

#: Filters in each stage of the networks.
STAGES = {"mnist": (32, 64), "colour": (64, 128, 256)}


def images_of(kind, images, rng):
    """Return images, shape (count, 28, 28), as the network takes them."""
    grey = np.divide(images[..., np.newaxis], 255, dtype=np.float32)
    if kind == "mnist":
        return grey
    grey = np.pad(grey, ((0, 0), (2, 2), (2, 2), (0, 0)))
    light, dark = rng.uniform(0, 0.4, (2, len(images), 1, 1, 3)).astype(np.float32)
    return grey * (1 - light) + (1 - grey) * dark


def network(kind, shape, seed):
    """Return the compiled model, which is not trained yet."""
    stages = []
    for filters in STAGES[kind]:
        stages += [layers.Conv2D(filters, 3, padding="same", activation="relu") for _ in range(2)]
        stages.append(layers.MaxPooling2D())
    head = [layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dense(10)]
    model = Sequential([layers.Input(shape), *stages, *head], rng=seed)
    loss = striate.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=striate.optimizers.Adam(5e-4), loss=loss, metrics=["accuracy"])
    return model


def accuracy_of(kind, train, test, seed, epochs, *, winograd):
    """Train a network; return its test accuracy."""
    striate.set_winograd(winograd)
    try:
        model = network(kind, train[0].shape[1:], seed)
        model.fit(*train, batch_size=64, epochs=epochs, verbose=0, rng=seed)
        return float(np.mean(model.predict(test[0]).argmax(-1) == test[1]))
    finally:
        striate.set_winograd(True)


def main():
    """Train networks with several seeds, and print their accuracies."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, type=Path, help="folder of the IDX files, of MNIST or Fashion-MNIST")
    parser.add_argument("--kind", choices=STAGES, default="mnist")
    parser.add_argument("--images", type=int, default=60000, help="number of training images (default: all)")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()

    rng = np.random.default_rng(0)
    (x_train, y_train), (x_test, y_test) = load_mnist(arguments.data)
    train = images_of(arguments.kind, x_train[: arguments.images], rng), y_train[: arguments.images]
    test = images_of(arguments.kind, x_test, rng), y_test
    results = {True: [], False: []}
    for seed in range(arguments.seeds):
        for winograd, accuracies in results.items():
            start = time.perf_counter()
            accuracies.append(accuracy_of(arguments.kind, train, test, seed, arguments.epochs, winograd=winograd))
            result = {"seed": seed, "winograd": winograd, "test accuracy": accuracies[-1]}
            print(json.dumps({**result, "seconds": round(time.perf_counter() - start, 1)}), flush=True)
    for winograd, accuracies in results.items():
        print(
            f"{'with' if winograd else 'without'} Winograd: {statistics.mean(accuracies):.4f} on average of {len(accuracies)}"
        )


if __name__ == "__main__":
    main()
