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


def test_errors_of_regression():
    rng = np.random.default_rng(0)
    y, p = rng.standard_normal((7, 3)), rng.standard_normal((7, 3)).astype(np.float32)
    for metric, expected in (
        (metrics.MeanAbsoluteError(), abs(y - p).mean()),
        (metrics.RootMeanSquaredError(), np.sqrt(((y - p) ** 2).mean())),
    ):
        metric.update_state(y[:2], p[:2])
        metric.update_state(y[2:], p[2:])
        assert metric.result() == pytest.approx(expected, rel=1e-6)


def test_top_k_accuracy():
    p = np.array([[0.1, 0.5, 0.4], [0.6, 0.3, 0.1], [0.2, 0.3, 0.5]])
    labels = np.array([2, 2, 2])
    assert [metrics.TopKAccuracy(k)(labels, p) for k in (1, 2, 3)] == pytest.approx([1 / 3, 2 / 3, 1])
    assert metrics.TopKAccuracy(2)(np.eye(3)[labels], p) == pytest.approx(2 / 3)


def test_positives_and_negatives():
    y, p = np.array([1, 1, 1, 0, 0, 0]), np.array([[0.9], [0.7], [0.2], [0.6], [0.1], [0.3]])
    for metric, expected in (
        (metrics.Precision(), 2 / 3),
        (metrics.Recall(), 2 / 3),
        (metrics.Recall(threshold=0.8), 1 / 3),
        (metrics.F1Score(threshold=0.15), 2 * 3 / (2 * 3 + 2)),
        (metrics.BinaryAccuracy(), 4 / 6),
        (metrics.BinaryAccuracy(threshold=0.65), 5 / 6),
    ):
        metric.update_state(y[:4], p[:4])
        metric.update_state(y[4:], p[4:])
        assert metric.result() == pytest.approx(expected)
        again = metrics.get({"class_name": type(metric).__name__, "config": metric.get_config()})
        assert again(y, p) == pytest.approx(expected)
        metric.reset_state()
        assert metric(np.zeros(2), np.zeros((2, 1))) == (1 if isinstance(metric, metrics.BinaryAccuracy) else 0)
