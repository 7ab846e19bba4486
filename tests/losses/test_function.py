"""Functions as losses, and losses as functions."""

import numpy as np
import pytest

from striate import losses, ops
from tests.losses.samples import probabilities


def test_functions_and_subclasses_are_losses():
    def quartic(y_true, y_pred):
        return ops.mean(ops.square(ops.square(y_true - y_pred)), axis=-1)

    class Quartic(losses.Loss):
        def call(self, y_true, y_pred):
            return quartic(y_true, y_pred)

    y_true, y_pred = np.random.default_rng(0).standard_normal((2, 5, 3))
    for loss in (losses.get(quartic), Quartic()):
        assert loss(y_true, y_pred) == pytest.approx(((y_true - y_pred) ** 4).mean())
        _, gradient = loss.value_and_gradient(y_true, y_pred)
        np.testing.assert_allclose(gradient, 4 * (y_pred - y_true) ** 3 / 15)
    assert losses.get(quartic).get_config()["function"] == "quartic"
    with pytest.raises(TypeError, match="returned float; expected a symbolic tensor"):
        losses.get(lambda y_true, y_pred: 1.0)(y_true, y_pred)


def test_loss_functions_can_be_called_in_custom_losses():
    def combined(y_true, y_pred):
        smooth = losses.categorical_crossentropy(y_true, y_pred, label_smoothing=0.1)
        classes = ops.argmax(y_true, axis=-1)
        return smooth + 0.5 * losses.sparse_categorical_crossentropy(classes, y_pred) + losses.hinge(y_true, y_pred)

    rng = np.random.default_rng(3)
    y_true, y_pred = np.eye(4)[rng.integers(0, 4, 5)], probabilities(rng, (5, 4))
    signs = 2 * y_true - 1
    expected = (
        losses.CategoricalCrossentropy(label_smoothing=0.1)(y_true, y_pred)
        + 0.5 * losses.CategoricalCrossentropy()(y_true, y_pred)
        + np.maximum(1 - signs * y_pred, 0).mean()
    )
    assert losses.get(combined)(y_true, y_pred) == pytest.approx(expected, rel=1e-12)
