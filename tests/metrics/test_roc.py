"""ROC curves: against counting, and against scikit-learn."""

import numpy as np
import pytest

from striate.metrics import AUC, roc_curve


def samples(seed=0, count=200):
    """Return targets, and scores of which some are equal."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, count)
    return y, (rng.standard_normal(count) + y).round(1)


def test_rates_are_those_of_counting():
    y, scores = samples()
    curve = roc_curve(y, scores)
    assert curve.thresholds[0] == np.inf
    np.testing.assert_array_equal(curve.thresholds[1:], np.unique(scores)[::-1])
    for false, true, threshold in zip(*curve, strict=True):
        assert false == np.mean(scores[y == 0] >= threshold)
        assert true == np.mean(scores[y == 1] >= threshold)


def test_the_area_is_the_probability_of_the_right_order():
    y, scores = samples()
    more = scores[y == 1][:, np.newaxis] - scores[y == 0]
    assert roc_curve(y, scores).auc == pytest.approx(np.mean((more > 0) + 0.5 * (more == 0)), rel=1e-12)
    assert roc_curve(y, -scores).auc == pytest.approx(1 - roc_curve(y, scores).auc, rel=1e-12)


def test_the_area_is_that_of_the_metric():
    y, scores = samples(1)
    p = 1 / (1 + np.exp(-scores))
    assert roc_curve(y, p).auc == pytest.approx(AUC(num_thresholds=2000)(y, p), abs=1e-3)


def test_the_equal_error_rate_lies_between_thresholds():
    assert roc_curve([1, 1, 0, 0], [4, 3, 2, 1]).equal_error_rate == 0
    assert roc_curve([0, 0, 1, 1], [4, 3, 2, 1]).equal_error_rate == 1
    assert roc_curve([1, 0, 1, 0], [4, 3, 2, 1]).equal_error_rate == 0.5
    # From (0, 2/3) to (1/2, 2/3), the errors are equal where the missed third is accepted.
    assert roc_curve([1, 1, 0, 1, 0], [5, 4, 3, 2, 1]).equal_error_rate == pytest.approx(1 / 3)
    y, scores = samples(2)
    curve = roc_curve(y, scores)
    x = np.linspace(0, 1, 100_001)
    missed = 1 - np.interp(x, curve.false_positive_rate, curve.true_positive_rate)
    assert curve.equal_error_rate == pytest.approx(x[np.abs(missed - x).argmin()], abs=1e-4)


def test_thresholds_keep_the_rate():
    y, scores = samples(3)
    curve = roc_curve(y, scores)
    for rate in (0, 0.01, 0.1, 0.5, 1):
        threshold = curve.threshold_at(rate)
        assert np.mean(scores[y == 0] >= threshold) <= rate
        lower = scores[scores < threshold]
        assert not lower.size or np.mean(scores[y == 0] >= lower.max()) > rate


def test_scikit_learn_has_the_same():
    metrics = pytest.importorskip("sklearn.metrics")
    y, scores = samples(4)
    for got, want in zip(roc_curve(y, scores), metrics.roc_curve(y, scores, drop_intermediate=False), strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-12)
    assert roc_curve(y, scores).auc == pytest.approx(metrics.roc_auc_score(y, scores), rel=1e-12)


@pytest.mark.parametrize(
    ("y_true", "y_score", "message"),
    [
        ([1, 0], [0.5], r"y_true has shape \(2,\) and y_score \(1,\)"),
        ([1, 1], [0.5, 0.1], "y_true does not hold both 0 and 1 alone"),
        ([], [], "y_true does not hold both 0 and 1 alone"),
        ([1, 2], [0.5, 0.1], "y_true does not hold both 0 and 1 alone"),
        ([1, 0], [0.5, np.nan], "y_score holds NaN"),
    ],
)
def test_what_does_not_fit_is_refused(y_true, y_score, message):
    with pytest.raises(ValueError, match=message):
        roc_curve(y_true, y_score)


def test_rates_are_from_0_to_1():
    with pytest.raises(ValueError, match=r"false_positive_rate=1.5 is out of range"):
        roc_curve([1, 0], [2, 1]).threshold_at(1.5)
