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
@pytest.mark.parametrize("regressors", [0, 2])
@pytest.mark.parametrize(
    ("y_true", "y_pred"),
    [(CONSTANT, CONSTANT), (CONSTANT, REAL[1][:8, :2]), (HALF, REAL[1][:8, :2]), (HALF, HALF)],
    ids=["right", "wrong", "half", "half-right"],
)
def test_scores_of_constant_targets_match_keras(aggregation, regressors, y_true, y_pred):
    keras = pytest.importorskip("keras")
    own, other = (module.metrics.R2Score(aggregation, regressors) for module in (striate, keras))
    own.update_state(y_true, y_pred)
    other.update_state(y_true, y_pred)
    np.testing.assert_allclose(own.result(), np.asarray(other.result()), rtol=2e-5, atol=1e-6)
