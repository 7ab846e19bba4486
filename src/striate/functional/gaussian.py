"""Weights of Gaussian filters, apart from `functional.filtering`, which most programs do not need."""

import numpy as np


def gaussian(size, sigma):
    """Return the weights of a Gaussian at `size` neighbours, whose sum is 1."""
    weights = np.exp(-0.5 * ((np.arange(size) - (size - 1) / 2) / sigma) ** 2)
    return weights / weights.sum()
