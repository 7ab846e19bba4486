"""Functions that affect the whole process."""

import collections

import numpy as np

from .._common import randomness
from .._common.checks import integer, shown
from ..layers.symbolic import Tensor


def set_random_seed(seed):
    """Seed everything random that is given no seed: models made from now on, and Python's and NumPy's generators.

    Models that are given an ``rng``, `fit` with one, and layers with a seed do not depend on it.

    Parameters
    ----------
    seed : int
        The seed, from 0 to 2³² - 1.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers, utils
    >>> utils.set_random_seed(0)
    >>> first = layers.Dense(2)(np.ones((1, 3), "float32"))
    >>> utils.set_random_seed(0)
    >>> bool((layers.Dense(2)(np.ones((1, 3), "float32")) == first).all())
    True
    """
    import random  # This module is slow to import.

    seed = integer("seed", seed, 0, (1 << 32) - 1)
    random.seed(seed)
    np.random.seed(seed)
    randomness.set_seed(seed)


def clear_session(free_memory=True):
    """Do nothing; accepted for compatibility with Keras, since models have no global state.

    Examples
    --------
    >>> from striate import layers, utils
    >>> utils.clear_session()
    >>> layers.Dense(2).name
    'dense'
    """


def is_keras_tensor(x):
    """Return whether an object is a symbolic tensor, which layers take and return when a model is made.

    Examples
    --------
    >>> import numpy as np
    >>> from striate import layers, utils
    >>> utils.is_keras_tensor(layers.Input((2,))), utils.is_keras_tensor(np.ones(2))
    (True, False)
    """
    return isinstance(x, Tensor)


_counts = collections.Counter()


def get_uid(prefix=""):
    """Return how often this function has been called with a prefix, for names.

    Examples
    --------
    >>> from striate import backend
    >>> backend.get_uid("a prefix"), backend.get_uid("a prefix")
    (1, 2)
    """
    _counts[prefix] += 1
    return _counts[prefix]


def get_source_inputs(tensor):
    """Return the symbolic tensors of all `Input` from which a symbolic tensor is computed, as a list.

    Examples
    --------
    >>> from striate import layers, utils
    >>> image = layers.Input((2,))
    >>> utils.get_source_inputs(layers.Dense(3)(image))[0] is image
    True
    """
    if not isinstance(tensor, Tensor):
        raise TypeError(f"tensor={shown(tensor)} is of type {type(tensor).__name__}; expected a symbolic tensor")
    found, seen, waiting = {}, set(), [tensor]
    while waiting:
        each = waiting.pop(0)
        if not each.node.sources:
            found[each.place] = each
        elif each.node not in seen:
            seen.add(each.node)
            waiting += each.node.sources
    return list(found.values())
