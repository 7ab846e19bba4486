"""The data sets of commands that train, and the network for the digits."""

from pathlib import Path

import numpy as np

from .. import data, datasets
from ..architectures import pattern

#: Data sets that `train` knows, each with the name of its folder in ``--data``; None for the embedded digits.
DATASETS = {"digits": None, "mnist": "mnist", "fashion-mnist": "fashion-mnist"}


def network_for_digits(seed):
    """Return the pattern network for images of 8 x 8 pixels."""
    return pattern((8, 8, 1), conv=[(2, 32), (2, 64)], dense=[128], rng=seed)


def _images(x, largest):
    return np.divide(x[..., np.newaxis], largest, dtype=np.float32)


def digits(rng):
    """Return the embedded digits, shuffled, the last fifth held back for testing."""
    x, y = datasets.load_digits()
    order = np.random.default_rng(rng).permutation(len(x))
    x, y = _images(x[order], 16), y[order]
    held_back = len(x) // 5
    return (x[:-held_back], y[:-held_back]), (x[-held_back:], y[-held_back:])


def load(name, folder, seed):
    """Return ((x_train, y_train), (x_test, y_test)) of a data set."""
    if DATASETS[name] is None:
        return digits(seed)
    if folder is None:
        raise ValueError(f"--data is missing; expected the folder that holds the IDX files of {name} (or set STRIATE_DATA)")
    folder = Path(folder)
    if (folder / DATASETS[name]).is_dir():
        folder = folder / DATASETS[name]
    (x_train, y_train), (x_test, y_test) = data.load_mnist(folder)
    return (_images(x_train, 255), y_train), (_images(x_test, 255), y_test)
