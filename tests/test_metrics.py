"""Metrics: means over batches."""

import numpy as np
import pytest

from striate import metrics

Y_PRED = np.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8], [0.3, 0.4, 0.3]])


@pytest.mark.parametrize(
    ("name", "y_true", "expected"),
    [
        ("accuracy", np.array([0, 2, 0]), 2 / 3),
        ("accuracy", np.eye(3)[[0, 2, 0]], 2 / 3),
        ("sparse_categorical_accuracy", np.array([0, 1, 1]), 2 / 3),
        ("categorical_accuracy", np.eye(3)[[1, 2, 1]], 2 / 3),
        ("mse", np.zeros((3, 3)), (Y_PRED**2).mean()),
    ],
)
def test_result_is_the_mean_over_all_batches(name, y_true, expected):
    metric = metrics.get(name)
    assert metric.name == name
    assert np.isnan(metric.result())
    metric.update_state(y_true[:1], Y_PRED[:1])
    metric.update_state(y_true[1:], Y_PRED[1:])
    assert metric.result() == pytest.approx(expected)
    metric.reset_state()
    assert metric(y_true, Y_PRED) == pytest.approx(expected)


def test_unknown_metrics_are_refused():
    with pytest.raises(ValueError, match="metric='luck' is unknown; expected one of 'acc'"):
        metrics.get("luck")
    with pytest.raises(TypeError, match="metric=3 is no metric"):
        metrics.get(3)


def test_accuracy_of_one_probability():
    metric = metrics.Accuracy()
    assert metric(np.array([1, 0, 1, 0]), np.array([[0.9], [0.2], [0.4], [0.5]])) == 0.75
    assert metrics.Accuracy()(np.array([[1], [0]]), np.array([[0.9], [0.7]])) == 0.5
