"""Metrics for regression."""

import numpy as np
import pytest

import striate
from striate import metrics
from tests.metrics.samples import REAL


def test_regression_errors_match_their_formulas():
    rng = np.random.default_rng(0)
    y, p = rng.standard_normal((7, 3)), rng.standard_normal((7, 3)).astype(np.float32)
    for metric, expected in (
        (metrics.MeanAbsoluteError(), abs(y - p).mean()),
        (metrics.RootMeanSquaredError(), np.sqrt(((y - p) ** 2).mean())),
    ):
        metric.update_state(y[:2], p[:2])
        metric.update_state(y[2:], p[2:])
        assert metric.result() == pytest.approx(expected, rel=1e-6)


CONSTANT = np.full((8, 2), 3.0, "float32")
HALF = np.stack([CONSTANT[:, 0], REAL[0][:8, 0]], 1)


@pytest.mark.parametrize("aggregation", ["uniform_average", "variance_weighted_average", None])
@pytest.mark.parametrize(
    ("y_true", "y_pred"),
    [(CONSTANT, CONSTANT), (CONSTANT, REAL[1][:8, :2]), (HALF, REAL[1][:8, :2]), (HALF, HALF)],
    ids=["right", "wrong", "half", "half-right"],
)
def test_scores_of_constant_targets_match_keras(aggregation, y_true, y_pred):
    keras = pytest.importorskip("keras")
    own, other = (module.metrics.R2Score(aggregation) for module in (striate, keras))
    own.update_state(y_true, y_pred)
    other.update_state(y_true, y_pred)
    np.testing.assert_allclose(own.result(), np.asarray(other.result()), rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("aggregation", ["uniform_average", "variance_weighted_average", None])
def test_the_adjusted_score_follows_from_the_number_of_samples(aggregation):
    y_true, y_pred = REAL
    weights = np.ones(40)
    for samples in (40, 25):  # Those of weight 0 do not count.
        weights[samples:] = 0
        plain = np.asarray(striate.metrics.R2Score(aggregation)(y_true, y_pred, weights))
        for regressors in (1, 5):
            adjusted = striate.metrics.R2Score(aggregation, regressors)(y_true, y_pred, weights)
            np.testing.assert_allclose(adjusted, 1 - (1 - plain) * (samples - 1) / (samples - regressors - 1), rtol=1e-12)
    np.testing.assert_array_equal(striate.metrics.R2Score(aggregation, 24)(y_true, y_pred, weights), plain)
