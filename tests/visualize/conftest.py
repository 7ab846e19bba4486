"""Figures are closed after each test, and are drawn without a window."""

import os
import sys

import numpy as np
import pytest

from striate import Sequential, layers

os.environ.setdefault("MPLBACKEND", "Agg")


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture
def images():
    """Return images for `classifier`."""
    return np.random.default_rng(3).uniform(0, 1, (3, 7, 6, 2))


@pytest.fixture
def classifier():
    """Return a small convolutional network of three classes in float64."""
    parts = [
        layers.Conv2D(4, 3, padding="same", activation="tanh", name="first", dtype="float64"),
        layers.AveragePooling2D(name="pool", dtype="float64"),
        layers.Conv2D(5, 2, activation="sigmoid", name="last", dtype="float64"),
        layers.Flatten(name="flat", dtype="float64"),
        layers.Dense(3, activation="softmax", name="scores", dtype="float64"),
    ]
    return Sequential([layers.Input((7, 6, 2), dtype="float64"), *parts], rng=0)
