"""Images for models in low precision, what these compute with, and how well they follow their weights."""

import numpy as np


def images(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def assert_follows_weights(model, real, x, before, bound):
    """Check that predictions have changed with the weights, to about those of a model of real numbers with the same."""
    real.set_weights(model.get_weights())
    after = model.predict(x)
    assert np.abs(after - before).max() > 1e-3
    assert np.abs(after - real.predict(x)).max() < bound


def kinds(model):
    """Return the names of the operations of a prediction."""
    return [type(operation).__name__ for operation in model.plan(2).operations]
