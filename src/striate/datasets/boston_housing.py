"""Boston housing: prices of homes in 506 districts (Harrison, D. and Rubinfeld, D., 'Hedonic housing prices', 1978)."""

import numpy as np

from .._common.names import public_attributes
from . import keras_files

_CHECKSUM = "sha256:f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5"  # as Keras has it


def load_data(path="boston_housing.npz", test_split=0.2, seed=113):
    """Return the data set, downloaded to striate's cache unless its file is there or in ``STRIATE_DATA``.

    Parameters
    ----------
    path : str
        Name of the file in the cache.
    test_split : float
        Fraction of the districts to test with.
    seed : int
        Seed of the order.

    Returns
    -------
    (x_train, y_train), (x_test, y_test) : tuples of ndarray
        Features (districts, 13), and prices in thousands of dollars.

    Raises
    ------
    OSError
        If it can neither be found nor downloaded.
    """
    with np.load(keras_files.find(path, "boston_housing.npz", _CHECKSUM), allow_pickle=False) as arrays:
        x, y = arrays["x"], arrays["y"]
    return keras_files.split(*keras_files.shuffled([x, y], seed), test_split)


__all__ = ["load_data"]

__getattr__, __dir__ = public_attributes(globals())
