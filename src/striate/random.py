"""Random arrays, with Keras' names. There is no global seed: without one, numbers differ from call to call."""

import numpy as np

from ._checks import number


class SeedGenerator:
    """Random numbers that go on from call to call.

    Parameters
    ----------
    seed : int, optional
        Where they begin.
    """

    def __init__(self, seed=None):
        self.generator = np.random.default_rng(seed)


def _generator(seed):
    return seed.generator if isinstance(seed, SeedGenerator) else np.random.default_rng(seed)


def normal(shape, mean=0.0, stddev=1.0, dtype="float32", seed=None):
    """Return normally distributed numbers; `seed` is a number, a `SeedGenerator` or a numpy.random.Generator."""
    return _generator(seed).normal(mean, number("stddev", stddev, 0), shape).astype(dtype)


def uniform(shape, minval=0.0, maxval=1.0, dtype="float32", seed=None):
    """Return numbers between two."""
    return _generator(seed).uniform(minval, maxval, shape).astype(dtype)


def randint(shape, minval, maxval, dtype="int32", seed=None):
    """Return integers from `minval` on and below `maxval`."""
    return _generator(seed).integers(minval, maxval, shape).astype(dtype)


def shuffle(x, axis=0, seed=None):
    """Return the parts of an array along an axis in another order."""
    return _generator(seed).permutation(x, axis=axis)
