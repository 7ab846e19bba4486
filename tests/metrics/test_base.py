"""Means and sums of numbers, and means of what a function returns."""

import numpy as np
import pytest

from striate import metrics
from tests.metrics.samples import REAL


def test_means_and_sums_are_weighted():
    mean, total = metrics.Mean(), metrics.Sum()
    for metric in (mean, total):
        metric.update_state([1.0, 2.0], sample_weight=[1.0, 3.0])
        metric.update_state(5.0)
    assert mean.result() == pytest.approx(12 / 5)
    assert total.result() == pytest.approx(12)

    def largest_error(y_true, y_pred):
        return np.abs(y_true - y_pred).max(-1)

    metric = metrics.get(largest_error)
    assert metric.name == "largest_error"
    assert metric(*REAL) == pytest.approx(np.abs(REAL[0] - REAL[1]).max(1).mean())
