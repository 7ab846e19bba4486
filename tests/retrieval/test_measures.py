"""Measures of ranked answers: by hand, and against scikit-learn."""

import numpy as np
import pytest

from striate.retrieval import mean_average_precision, precision_at_k, recall_at_k

#: Two queries with answers at the ranks 1, 3, 4 and 2; a third has none.
RELEVANT = np.array([[1, 0, 1, 1, 0], [0, 1, 0, 0, 0], [0, 0, 0, 0, 0]], bool)
TOTAL = [4, 1, 0]


def test_a_worked_example():
    assert precision_at_k(RELEVANT, 1) == pytest.approx((1 + 0 + 0) / 3)
    assert precision_at_k(RELEVANT, 4) == pytest.approx((3 / 4 + 1 / 4 + 0) / 3)
    assert recall_at_k(RELEVANT, 3, TOTAL) == pytest.approx((2 / 4 + 1) / 2)
    assert mean_average_precision(RELEVANT, TOTAL) == pytest.approx(((1 + 2 / 3 + 3 / 4) / 4 + 1 / 2) / 2)
    assert mean_average_precision(RELEVANT) == pytest.approx(((1 + 2 / 3 + 3 / 4) / 3 + 1 / 2) / 2)


def test_average_precision_is_that_of_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(0)
    relevant = rng.random((30, 40)) < 0.2
    scores = -np.arange(40)
    expected = [metrics.average_precision_score(row, scores) for row in relevant if row.any()]
    assert mean_average_precision(relevant) == pytest.approx(np.mean(expected))


def test_nothing_to_find_is_nan():
    nothing = np.zeros((2, 3), bool)
    assert np.isnan(mean_average_precision(nothing))
    assert np.isnan(recall_at_k(nothing, 1, [0, 0]))
    assert np.isnan(precision_at_k(np.zeros((0, 3), bool), 2))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: precision_at_k([[0, 1]], 1), r"relevant has shape \(1, 2\) and dtype int64; expected"),
        (lambda: precision_at_k(RELEVANT, 6), "k=6 is larger than the number of answers; expected at most 5"),
        (lambda: recall_at_k(RELEVANT, 2, [4, 1]), r"total has shape \(2,\) and dtype int64; expected \(3,\) integers"),
        (lambda: recall_at_k(RELEVANT, 2, [2, 1, 0]), "total holds 0 or more, fewer than are relevant"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
