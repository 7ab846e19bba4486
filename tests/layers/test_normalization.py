"""Normalization layers."""

import numpy as np

from striate import layers
from tests.helpers.layer_gradients import gradients


def test_unit_normalization_leaves_vectors_of_length_zero_unchanged():
    x = np.zeros((2, 3), np.float32)
    y, dx = gradients(layers.UnitNormalization(), x, np.ones_like(x))
    np.testing.assert_array_equal(y, 0)
    assert np.isfinite(dx).all()
