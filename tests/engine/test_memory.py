"""Memory of values: no two that are in use at the same time overlap, and little memory is used."""

import numpy as np
import pytest

from striate.engine.memory import Storage, place


def overlap(a, b):
    in_time = a.first <= b.last and b.first <= a.last
    in_space = a.offset < b.offset + b.size and b.offset < a.offset + a.size
    return in_time and in_space


@pytest.mark.parametrize("seed", range(20))
def test_storages_in_use_at_the_same_time_do_not_overlap(seed):
    rng = np.random.default_rng(seed)
    storages = []
    for _ in range(60):
        first = int(rng.integers(0, 40))
        storages.append(Storage(64 * int(rng.integers(1, 20)), first, first + int(rng.integers(0, 10))))
    total = place(storages)
    assert total == max(s.offset + s.size for s in storages)
    for i, a in enumerate(storages):
        assert not any(overlap(a, b) for b in storages[:i])
    most = max(sum(s.size for s in storages if s.first <= t <= s.last) for t in range(50))
    assert most <= total <= 1.4 * most


def test_a_chain_uses_the_memory_of_two_values():
    storages = [Storage(640, i, i + 1) for i in range(10)]
    assert place(storages) == 2 * 640
    assert place([]) == 0
