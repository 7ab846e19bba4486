"""Where random numbers come from if nobody says: fresh entropy, or, once a program has asked for it, one seed."""

import numpy as np

_source = None


def set_seed(seed):
    """Let all generators that are made without a seed from now on follow from one."""
    global _source
    _source = np.random.default_rng(seed)


def generator(rng=None):
    """Return a numpy.random.Generator: `rng` itself, or one that begins with it, or, for None, a fresh one."""
    if rng is None and _source is not None:
        return np.random.default_rng(_source.integers(1 << 64, dtype=np.uint64))
    return np.random.default_rng(rng)
