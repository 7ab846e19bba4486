"""Losses that compare vectors and distributions."""

import numpy as np
import pytest

import striate
from striate import activations, losses


def test_divergence_from_logits_equals_divergence_from_probabilities():
    logits, y = np.array([[1.0, -1e9, 2.0], [0.0, 1.0, 2.0]]), np.array([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]])
    model = striate.Sequential([striate.layers.Input((3,)), striate.layers.Softmax()])
    model.compile(loss="kl_divergence")
    right = losses.KLDivergence()(y, activations.softmax(logits))
    assert model.evaluate(logits, y, verbose=0) == pytest.approx(right, rel=1e-4)
    assert right == pytest.approx((1.3132617 + np.log(1 / 2) + 0.9076059) / 2, rel=1e-5)
