"""How much the fuzzers try: little and always the same in the suite, much and always new in `python -m tests.fuzz`."""

import os

import numpy as np

#: How many times as much as the suite does; None in the suite itself.
FACTOR = float(os.environ["STRIATE_FUZZ"]) if "STRIATE_FUZZ" in os.environ else None

#: What the random numbers of a long run begin with. It is printed, so that a run can be repeated.
SEED = int(os.environ.get("STRIATE_FUZZ_SEED", "0"))


def rounds(n):
    """Return how often to try what the suite tries `n` times."""
    return n if FACTOR is None else max(1, round(n * FACTOR))


def generator(*key):
    """Return a source of random numbers for the fuzzer that the integers `key` name: the same in each run of the suite."""
    return np.random.default_rng([SEED, *key])
