"""Means and sums of numbers, and means of what a function returns."""

import numpy as np
import pytest

from striate import Variable, metrics
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


class Both(metrics.Metric):
    """The mean error and its largest value, by a metric and variables that are attributes."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.mean = metrics.MeanAbsoluteError()
        self.others = {"largest": Variable(0.0, name="largest")}
        self.count = self.add_variable((), name="count")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.mean.update_state(y_true, y_pred)
        largest = self.others["largest"]
        largest.assign(max(float(largest), np.abs(np.asarray(y_true) - y_pred).max()))
        self.count.assign_add(1)

    def result(self):
        return self.mean.result() + float(self.others["largest"])


def test_parts_of_custom_metrics_are_reset_with_them():
    metric = Both()
    assert [variable.name for variable in metric.variables] == ["count", "total", "count", "largest"]
    metric.update_state([[1.0], [2.0]], [[1.0], [5.0]])
    assert metric.result() == 4.5
    metric.reset_state()
    assert [float(variable) for variable in metric.variables] == [0.0] * 4
    metric.update_state([[1.0]], [[1.5]])
    assert metric.result() == 1.0


def test_stateless_methods_leave_a_metric_as_it_is():
    metric = metrics.MeanSquaredError()
    before = metric.variables
    state = metric.stateless_update_state(before, [[1.0], [2.0]], [[1.0], [4.0]])
    assert [float(each) for each in state] == [4.0, 2.0]
    assert metric.stateless_result(state) == 2.0
    assert [float(each) for each in metric.stateless_reset_state()] == [0.0, 0.0]
    metric.update_state([[1.0]], [[4.0]])
    assert [float(each) for each in metric.stateless_reset_state()] == [0.0, 0.0]
    assert metric.result() == 9.0
    with pytest.raises(ValueError, match="got 1 values of variables; expected 2"):
        metric.stateless_result([1.0])
