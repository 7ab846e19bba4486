"""The default source of random numbers: fresh entropy, or one seed once a program has set it."""

import numpy as np

from .checks import integer

_source = None


def set_seed(seed):
    """Seed all generators that are made without a seed from now on."""
    global _source
    _source = np.random.default_rng(seed)


def generator(rng=None, name="rng"):
    """Return a numpy.random.Generator: `rng` itself, one seeded with it (an integer or several), or a fresh one for None.

    Errors call the argument `name`.
    """
    if rng is None:
        return np.random.default_rng(None if _source is None else _source.integers(1 << 64, dtype=np.uint64))
    if isinstance(rng, (np.random.Generator, np.random.BitGenerator, np.random.SeedSequence)):
        return np.random.default_rng(rng)
    if isinstance(rng, (list, tuple)) or (isinstance(rng, np.ndarray) and rng.ndim == 1):
        return np.random.default_rng([integer(f"{name}[{i}]", each, 0, None) for i, each in enumerate(rng)])
    return np.random.default_rng(integer(name, rng, 0, None))
