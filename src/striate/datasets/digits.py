"""The embedded set of handwritten digits."""

from pathlib import Path

import numpy as np


def load_digits():
    """Return 1,797 images of handwritten digits, 8 x 8 pixels, which come with striate.

    It is the test set of "Optical recognition of handwritten digits" (Alpaydin & Kaynak, 1998) of the UCI Machine Learning
    Repository, doi:10.24432/C50P49, licence CC BY 4.0: digits that 13 people wrote on forms, at 32 x 32 pixels, reduced by
    counting the ink in blocks of 4 x 4.

    Returns
    -------
    x : ndarray of uint8, shape (1797, 8, 8)
        Ink in each pixel, 0 to 16.
    y : ndarray of uint8, shape (1797,)
        Which digit it is, 0 to 9.

    Examples
    --------
    >>> from striate.datasets import load_digits
    >>> x, y = load_digits()
    >>> x.shape, y[:5]
    ((1797, 8, 8), array([0, 1, 2, 3, 4], dtype=uint8))
    """
    with np.load(Path(__file__).with_name("digits.npz"), allow_pickle=False) as arrays:
        return arrays["images"], arrays["labels"]
