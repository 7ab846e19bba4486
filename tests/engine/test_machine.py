"""The speed of the machine: how the fastest call is measured."""

import pytest

from striate.engine import machine


@pytest.mark.parametrize(
    ("calls", "seconds", "shortest", "total"),
    [(3, 0.0, 1.0, 6.0), (1, 6.5, 1.0, 10.0), (5, 0.0, 0.5, 10.5), (1, 0.0, 3.0, 3.0)],
)
def test_calls_are_repeated_until_there_are_enough_and_they_took_long_enough(monkeypatch, calls, seconds, shortest, total):
    now, durations = 0.0, iter([3.0, 1.0, 2.0, 4.0, 0.5])

    def function():
        nonlocal now
        now += next(durations)

    monkeypatch.setattr(machine.time, "perf_counter", lambda: now)
    assert machine.shortest_time(function, calls, seconds) == shortest
    assert now == total
