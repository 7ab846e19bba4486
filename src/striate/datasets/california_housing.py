"""California housing: prices of homes in 20,640 districts (Pace, R. and Barry, R., 'Sparse spatial autoregressions', 1997)."""

import numpy as np

from .._common.checks import choice
from .._common.names import public_attributes
from . import keras_files

_CHECKSUM = "sha256:1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f"  # as Keras has it


def load_data(version="large", path="california_housing.npz", test_split=0.2, seed=113):
    """Return the data set, downloaded to striate's cache unless its file is there or in ``STRIATE_DATA``.

    Parameters
    ----------
    version : {"large", "small"}
        All districts, or the first 600.
    path : str
        Name of the file in the cache.
    test_split : float
        Fraction of the districts to test with.
    seed : int
        Seed of the order.

    Returns
    -------
    (x_train, y_train), (x_test, y_test) : tuples of ndarray
        Features (districts, 8), and prices in dollars.

    Raises
    ------
    OSError
        If it can neither be found nor downloaded.
    """
    with np.load(keras_files.find(path, "california_housing.npz", _CHECKSUM), allow_pickle=False) as arrays:
        x, y = arrays["x"], arrays["y"]
    if choice("version", version, ("large", "small")) == "small":
        x, y = x[:600], y[:600]
    return keras_files.split(*keras_files.shuffled([x, y], seed), test_split)


__all__ = ["load_data"]

__getattr__, __dir__ = public_attributes(globals())
