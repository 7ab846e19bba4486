"""Images for models in low precision, and what these compute with."""

import numpy as np


def images(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def kinds(model):
    """Return the names of the operations of a prediction."""
    return [type(operation).__name__ for operation in model.plan(2).operations]
