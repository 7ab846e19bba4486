"""Metrics of true and false positives and negatives."""

import numpy as np
import pytest

from striate import metrics
from tests.metrics.samples import BINARY, GUESSES, SIDES


def test_positives_and_negatives_are_counted_at_thresholds():
    y, p = np.array([1, 1, 1, 0, 0, 0]), np.array([[0.9], [0.7], [0.2], [0.6], [0.1], [0.3]])
    for metric, expected in (
        (metrics.Precision(), 2 / 3),
        (metrics.Recall(), 2 / 3),
        (metrics.Recall(thresholds=0.8), 1 / 3),
        (metrics.F1Score("micro", threshold=0.15), 2 * 3 / (2 * 3 + 2)),
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


def test_auc_is_the_probability_that_a_positive_ranks_above_a_negative():
    y, p = BINARY[0][:, 0], BINARY[1][:, 0]
    chance = np.mean([(a > b) + 0.5 * (a == b) for a in p[y == 1] for b in p[y == 0]])
    assert metrics.AUC(num_thresholds=20000)(y, p) == pytest.approx(chance, abs=1e-3)
    with pytest.raises(ValueError, match="y_pred is not between 0 and 1"):
        metrics.AUC()(y, 3 * p)


def test_reset_auc_forgets_nan():
    metric = metrics.AUC()
    metric.update_state(np.array(SIDES), np.array(GUESSES))
    assert np.isnan(metric.result())
    metric.reset_state()
    assert metric(SIDES[:2], GUESSES[:2]) == 1
