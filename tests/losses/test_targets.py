"""Targets and sample weights that are refused."""

import numpy as np
import pytest

from striate import losses


@pytest.mark.parametrize(
    ("loss", "y", "error", "message"),
    [
        ("sparse_categorical_crossentropy", [0, 3], ValueError, r"label 3, out of range; expected 0 to 2 for 3 classes"),
        ("sparse_categorical_crossentropy", [-1, 2], ValueError, r"label -1, out of range"),
        ("sparse_categorical_crossentropy", [0.0, np.nan], ValueError, r"y holds NaN or infinity, first in sample 1"),
        ("sparse_categorical_crossentropy", [0.5, 1], ValueError, r"0\.5.*not a class index"),
        ("sparse_categorical_crossentropy", np.eye(3), ValueError, r"y has shape \(3, 3\).*one-hot"),
        ("sparse_categorical_crossentropy", ["cat", "dog"], TypeError, r"y=.* has dtype <U3; expected real numbers"),
        ("categorical_crossentropy", [0, 1], ValueError, r"y has shape \(2,\).*class indices"),
        ("categorical_crossentropy", [[0, 0, 2.0]], ValueError, r"2\.0.*out of range"),
        ("categorical_crossentropy", [[0, 0, np.nan]], ValueError, r"NaN"),
        ("mse", [[1.0, 2.0, np.inf]], ValueError, r"NaN or infinity, first in sample 0"),
        ("mse", [[1.0, 2.0]], ValueError, r"y has shape \(1, 2\); expected"),
    ],
)
def test_bad_targets_are_refused(loss, y, error, message):
    with pytest.raises(error, match=message):
        losses.get(loss).prepare(y, (None, 3), "float32")


def test_targets_of_binary_crossentropy_are_checked():
    with pytest.raises(ValueError, match=r"y holds .*2.0.*, out of range; expected 0 for no and 1 for yes"):
        losses.BinaryCrossentropy()(np.array([2]), np.array([[0.5]]))
    with pytest.raises(ValueError, match="label_smoothing=2 is out of range"):
        losses.BinaryCrossentropy(label_smoothing=2)


@pytest.mark.parametrize(
    ("weights", "error", "message"),
    [
        ([1.0, 2.0], ValueError, r"sample_weight has shape \(2,\); expected \(3,\)"),
        ([1.0, np.nan, 1.0], ValueError, "sample_weight holds NaN"),
        (["a", "b", "c"], TypeError, "sample_weight=.* has dtype"),
    ],
)
def test_bad_weights_are_refused(weights, error, message):
    with pytest.raises(error, match=message):
        losses.MeanSquaredError()(np.zeros((3, 2)), np.zeros((3, 2)), sample_weight=weights)
