"""Where random numbers come from if nobody says: fresh entropy, or, once a program has asked for it, one seed."""

import numpy as np

from ._checks import integer

_source = None


def set_seed(seed):
    """Let all generators that are made without a seed from now on follow from one."""
    global _source
    _source = np.random.default_rng(seed)


def generator(rng=None, name="rng"):
    """Return a numpy.random.Generator: `rng` itself, or one that begins with it, or, for None, a fresh one.

    Errors call it `name`.
    """
    if rng is None:
        return np.random.default_rng(None if _source is None else _source.integers(1 << 64, dtype=np.uint64))
    if isinstance(rng, (np.random.Generator, np.random.BitGenerator, np.random.SeedSequence)):
        return np.random.default_rng(rng)
    return np.random.default_rng(integer(name, rng, 0, None))
