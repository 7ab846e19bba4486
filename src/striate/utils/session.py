"""What concerns the whole process."""

import numpy as np

from .. import _randomness
from .._checks import integer


def set_random_seed(seed):
    """Seed everything random that is given no seed: models made from now on, and Python's and NumPy's generators.

    A model with an ``rng`` of its own, `fit` with one, and layers with a seed do not depend on it.

    Parameters
    ----------
    seed : int
        From 0 on, below 2³².
    """
    import random  # slow to import

    seed = integer("seed", seed, 0, (1 << 32) - 1)
    random.seed(seed)
    np.random.seed(seed)
    _randomness.set_seed(seed)


def clear_session(free_memory=True):
    """Do nothing, for programs written for Keras: there is no state of models outside of them."""
