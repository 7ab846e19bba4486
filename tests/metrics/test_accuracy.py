"""Accuracies."""

import numpy as np
import pytest

from striate import metrics
from tests.metrics.samples import NAN


def test_accuracy_of_single_probabilities_has_the_threshold_one_half():
    metric = metrics.Accuracy()
    assert metric(np.array([1, 0, 1, 0]), np.array([[0.9], [0.2], [0.4], [0.5]])) == 0.75
    assert metrics.Accuracy()(np.array([[1], [0]]), np.array([[0.9], [0.7]])) == 0.5


def test_top_k_accuracy_counts_classes_among_the_most_probable():
    p = np.array([[0.1, 0.5, 0.4], [0.6, 0.3, 0.1], [0.2, 0.3, 0.5]])
    labels = np.array([2, 2, 2])
    assert [metrics.TopKAccuracy(k)(labels, p) for k in (1, 2, 3)] == pytest.approx([1 / 3, 2 / 3, 1])
    assert metrics.TopKAccuracy(2)(np.eye(3)[labels], p) == pytest.approx(2 / 3)


def test_nan_counts_as_more_probable_in_top_k_accuracy():
    p = np.array([[0.5, 0.3, NAN, 0.1]])
    assert [metrics.TopKAccuracy(k)([0], p) for k in (1, 2)] == [0, 1]
    assert metrics.TopKAccuracy(4)([2], p) == 0
