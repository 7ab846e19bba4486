"""How well networks learn: to classify images, to locate an object, and to recognize shifted digits better than dense ones.

    python -m benchmarks.learning mnist | fashion --data FOLDER [--peer-python PYTHON]
    python -m benchmarks.learning digits | regression | dense

With ``--peer-python``, PyTorch trains the same network with the same batch size and schedule, to compare accuracy and time.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

import striate
from striate import callbacks, layers, losses, optimizers
from striate.data import load_mnist
from striate.datasets import load_digits

#: Batch size, and largest learning rate, of the networks for MNIST and Fashion-MNIST.
BATCH, RATE = 128, 2e-3

#: Filters in each stage of these networks.
STAGES = (32, 64, 128)


def classifier(shape, clothes, seed):
    """Return ((conv3×3 → normalization → ReLU)*2 → pool → dropout)*3 → FC, with images changed at random in training.

    Digits are rotated and shifted, clothes are mirrored.
    """
    changes = [layers.RandomRotation(0.02, fill_mode="constant"), layers.RandomTranslation(0.07, 0.07, fill_mode="constant")]
    stages = [layers.RandomFlip("horizontal")] if clothes else changes
    stages.append(layers.Rescaling(1 / 255))
    for filters in STAGES:
        for _ in range(2):
            stages.append(layers.Conv2D(filters, 3, padding="same", use_bias=False, kernel_initializer="he_normal"))
            stages += [layers.BatchNormalization(momentum=0.9), layers.ReLU()]
        stages += [layers.MaxPooling2D(padding="same"), layers.Dropout(0.2)]
    return striate.Sequential([layers.Input(shape), *stages, layers.Flatten(), layers.Dropout(0.4), layers.Dense(10)], rng=seed)


def train_classes(arguments):
    """Train on MNIST or Fashion-MNIST; return the accuracy on the test images, and the time."""
    (x, y), (x_test, y_test) = (
        (images[..., np.newaxis].astype(np.float32), labels) for images, labels in load_mnist(arguments.data)
    )
    steps = -(-len(x) // BATCH) * arguments.epochs
    model = classifier(x.shape[1:], arguments.task == "fashion", arguments.seed)
    rate = optimizers.schedules.OneCycle(RATE, steps)
    model.compile(optimizers.AdamW(rate, weight_decay=0.05), losses.SparseCategoricalCrossentropy(from_logits=True))
    start = time.perf_counter()
    model.fit(x, y, batch_size=BATCH, epochs=arguments.epochs, verbose=2 if arguments.verbose else 0)
    seconds = time.perf_counter() - start
    result = {"accuracy": float(np.mean(model.predict(x_test, batch_size=500).argmax(-1) == y_test)), "seconds": seconds}
    if arguments.peer_python:
        more = ["--data", str(arguments.data), "--epochs", str(arguments.epochs), "--seed", str(arguments.seed)]
        text = subprocess.check_output([arguments.peer_python, "-m", "benchmarks.learning", "peer", *more], text=True)
        result["PyTorch"] = json.loads(text.splitlines()[-1])
    return result


def train_peer(arguments):
    """Train the same network in PyTorch, but without augmentation, which PyTorch itself lacks; return the same as striate's."""
    import torch
    from torch import nn

    torch.manual_seed(arguments.seed)
    torch.set_num_threads(striate.get_num_threads())
    (x, y), (x_test, y_test) = (
        (torch.from_numpy(images[:, np.newaxis] / np.float32(255)), torch.from_numpy(labels.astype(np.int64)))
        for images, labels in load_mnist(arguments.data)
    )
    stages, channels = [], 1
    for filters in STAGES:
        for _ in range(2):
            stages += [nn.Conv2d(channels, filters, 3, padding=1, bias=False), nn.BatchNorm2d(filters), nn.ReLU()]
            channels = filters
        stages += [nn.MaxPool2d(2, ceil_mode=True), nn.Dropout(0.2)]
    model = nn.Sequential(*stages, nn.Flatten(), nn.Dropout(0.4), nn.Linear(channels * 16, 10))
    model = model.to(memory_format=torch.channels_last)
    steps = -(-len(x) // BATCH) * arguments.epochs
    optimizer = torch.optim.AdamW(model.parameters(), RATE, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, steps)
    start = time.perf_counter()
    for _ in range(arguments.epochs):
        for part in torch.randperm(len(x)).split(BATCH):
            optimizer.zero_grad()
            batch = x[part].contiguous(memory_format=torch.channels_last)
            nn.functional.cross_entropy(model(batch), y[part]).backward()
            optimizer.step()
            schedule.step()
    seconds = time.perf_counter() - start
    model.eval()
    with torch.no_grad():
        right = sum(
            int((model(part).argmax(1) == labels).sum())
            for part, labels in zip(x_test.split(500), y_test.split(500), strict=True)
        )
    return {"accuracy": right / len(x_test), "seconds": seconds}


def digits():
    """Return the embedded digits, from 0 to 1, their labels, and the indices of the fifth that is held back and of the rest."""
    images, labels = load_digits()
    order = np.random.default_rng(0).permutation(len(images))
    return images[..., np.newaxis].astype(np.float32) / 16, labels, *np.split(order, [len(order) // 5])


def train_digits(arguments):
    """Train on the embedded digits; return the accuracy on those held back, and the time."""
    images, labels, held_back, kept = digits()
    network = [layers.Conv2D(32, 3, padding="same", activation="relu"), layers.Conv2D(64, 3, padding="same", activation="relu")]
    head = [layers.MaxPooling2D(), layers.Dropout(0.25), layers.Flatten(), layers.Dense(128, activation="relu")]
    model = striate.Sequential(
        [layers.Input(images.shape[1:]), *network, *head, layers.Dropout(0.4), layers.Dense(10)], rng=arguments.seed
    )
    model.compile(optimizers.Adam(2e-3), losses.SparseCategoricalCrossentropy(from_logits=True))
    start = time.perf_counter()
    model.fit(images[kept], labels[kept], epochs=20, verbose=0)
    seconds = time.perf_counter() - start
    accuracy = np.mean(model.predict(images[held_back]).argmax(-1) == labels[held_back])
    return {"accuracy": float(accuracy), "seconds": seconds}


def boxes(count, size, seed):
    """Return images of a bright ellipse on noise, and the row and column of its centre, its height and its width in pixels."""
    rng = np.random.default_rng(seed)
    height, width = rng.uniform(6, 16, (2, count))
    row, column = rng.uniform(height / 2, size - height / 2), rng.uniform(width / 2, size - width / 2)
    rows, columns = np.mgrid[:size, :size] + 0.5
    axes = np.stack([row, column, height / 2, width / 2])[..., np.newaxis, np.newaxis]
    inside = ((rows - axes[0]) / axes[2]) ** 2 + ((columns - axes[1]) / axes[3]) ** 2 < 1
    images = 0.4 * rng.random((count, size, size)) + 0.5 * inside
    return images[..., np.newaxis].astype(np.float32), np.stack([row, column, height, width], 1).astype(np.float32)


def train_regression(arguments):
    """Train to find the position and size of an ellipse; return the mean errors on new images, in pixels, and the time."""
    size = 40
    (x, y), (x_test, y_test) = boxes(6000, size, 1), boxes(1000, size, 2)
    network = []
    for filters in (16, 32, 64):
        network += [layers.Conv2D(filters, 3, padding="same", activation="relu"), layers.MaxPooling2D()]
    model = striate.Sequential(
        [layers.Input((size, size, 1)), *network, layers.Flatten(), layers.Dense(64, activation="relu"), layers.Dense(4)],
        rng=arguments.seed,
    )
    epochs = 20
    rate = optimizers.schedules.OneCycle(2e-3, -(-len(x) // 32) * epochs)
    model.compile(optimizers.Adam(rate), "huber")
    start = time.perf_counter()
    model.fit(x, y / size, epochs=epochs, verbose=0)
    seconds = time.perf_counter() - start
    errors = np.abs(model.predict(x_test) * size - y_test).mean(0)
    names = ("row", "column", "height", "width")
    return {**{f"error of {name}, pixels": float(error) for name, error in zip(names, errors, strict=True)}, "seconds": seconds}


def train_dense(arguments):
    """Train a dense and a convolutional network on digits; return parameters, and accuracies on digits shifted or not."""
    images, labels, held_back, kept = digits()
    padded = np.pad(images, ((0, 0), (6, 6), (6, 6), (0, 0)))  # leaves space for the shifts
    rng = np.random.default_rng(3)
    shifted = np.stack([np.roll(image, rng.integers(-4, 5, 2), (0, 1)) for image in padded[held_back]])
    shape = padded.shape[1:]
    dense = [layers.Flatten(), layers.Dense(256, activation="relu"), layers.Dense(256, activation="relu")]
    convolutional = [layers.Conv2D(filters, 3, activation="relu") for filters in (16, 32, 64)]
    convolutional.append(layers.GlobalMaxPooling2D())  # makes the position irrelevant
    networks = {"dense": dense, "convolutional": convolutional}
    result = {}
    for name, network in networks.items():
        model = striate.Sequential([layers.Input(shape), *network, layers.Dense(10)], rng=arguments.seed)
        model.compile(optimizers.Adam(2e-3), losses.SparseCategoricalCrossentropy(from_logits=True))
        stop = callbacks.EarlyStopping("loss", patience=5, restore_best_weights=True)
        model.fit(padded[kept], labels[kept], epochs=60, verbose=0, callbacks=[stop])
        for kind, x in (("unshifted", padded[held_back]), ("shifted", shifted)):
            result[f"{name}, {kind}"] = float(np.mean(model.predict(x).argmax(-1) == labels[held_back]))
        result[f"{name}, parameters"] = model.count_params()
    return result


TASKS = {
    "mnist": train_classes, "fashion": train_classes, "peer": train_peer, "digits": train_digits,
    "regression": train_regression, "dense": train_dense,
}  # fmt: skip


def main():
    """Train networks for a task; print the results as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("--data", type=Path, help="folder of the IDX files, of MNIST or Fashion-MNIST")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--peer-python", help="an interpreter that has PyTorch, which trains the same network")
    arguments = parser.parse_args()
    if arguments.task in ("mnist", "fashion", "peer") and arguments.data is None:
        sys.exit("--data is missing; expected the folder of the IDX files")
    print(json.dumps(TASKS[arguments.task](arguments)))


if __name__ == "__main__":
    main()
