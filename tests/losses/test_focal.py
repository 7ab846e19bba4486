"""Focal losses."""

import numpy as np
import pytest

from striate import losses


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("kind", [losses.BinaryFocalCrossentropy, losses.CategoricalFocalCrossentropy])
def test_focal_losses_of_perfect_predictions_have_finite_gradients(kind, gamma):
    logits = np.array([[-200.0, 200.0, -np.inf], [-1.0, 0.5, 0.25]], np.float32)
    y = np.array([[0.0, 1.0, 0.0]] * 2, np.float32)
    value, gradient = kind(gamma=gamma, from_logits=True).value_and_gradient(y, logits)
    assert np.isfinite(value)
    np.testing.assert_array_equal(gradient[0], 0)
    assert (gradient[1] != 0).all()
