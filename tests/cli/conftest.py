"""A trained classifier in a file, and an image of a digit."""

import numpy as np
import pytest

import striate
from striate import layers
from tests.helpers.small_models import digits


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """Return the path of a model that knows the embedded digits."""
    x, y = digits(600)
    parts = [layers.Conv2D(16, 3, activation="relu", name="conv"), layers.MaxPooling2D(), layers.Flatten()]
    model = striate.Sequential([layers.Input((8, 8, 1)), *parts, layers.Dense(10, activation="softmax")], rng=0)
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y, epochs=12, verbose=0)
    path = tmp_path_factory.mktemp("model") / "digits.npz"
    model.save(path)
    return path


@pytest.fixture
def image(tmp_path):
    """Return the path of an image of a 7, of 24 × 32 pixels."""
    pytest.importorskip("PIL")
    x, y = digits(8)
    assert y[7] == 7
    path = tmp_path / "seven.png"
    striate.utils.save_img(path, np.kron(x[7], np.ones((3, 4, 1))) * 255, scale=False)
    return path
