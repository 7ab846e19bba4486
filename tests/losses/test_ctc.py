"""CTC as a loss: values and gradients, reductions and weights, in training, beside Keras', and bad targets."""

import re

import numpy as np
import pytest

from striate import Input, Sequential, layers, losses, ops
from striate import functional as F

LABELS = np.array([[1, 2, 2], [3, 0, 0], [0, 0, 0]])
LENGTHS = np.array([3, 1, 0])


@pytest.fixture
def logits(rng, dtype):
    return rng.standard_normal((3, 6, 4)).astype(dtype)


def test_values_are_those_of_the_function(logits):
    values = F.ctc_loss(LABELS, logits, LENGTHS, np.full(3, 6))
    np.testing.assert_array_equal(losses.ctc(LABELS, logits), values)
    np.testing.assert_array_equal(losses.ctc(LABELS.astype(float), logits), values)
    weights = np.array([0.5, 2.0, 0.0])
    for reduction, expected, weighted in [
        ("none", values, values * weights),
        ("sum", values.sum(), (values * weights).sum()),
        ("sum_over_batch_size", values.mean(), (values * weights).mean()),
        ("mean_with_sample_weight", values.mean(), (values * weights).sum() / weights.sum()),
    ]:
        loss = losses.CTC(reduction=reduction)
        np.testing.assert_allclose(loss(LABELS, logits), expected, rtol=1e-6)
        np.testing.assert_allclose(loss(LABELS, logits, weights), weighted, rtol=1e-6)


def test_the_gradient_is_that_of_the_function_for_any_threads(logits, for_any_threads):
    dy = np.array([0.5, 2.0, 0.0], logits.dtype)
    value, gradient = losses.CTC().value_and_gradient(LABELS, logits, dy)
    expected = F.ctc_loss_backward_output(dy / 3, LABELS, logits, LENGTHS, np.full(3, 6))
    np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(value, (dy * losses.ctc(LABELS, logits)).mean(), rtol=1e-6)
    for_any_threads(lambda: losses.CTC().value_and_gradient(LABELS, logits, dy)[1])


class Shorter(losses.Loss):
    """A loss with symbolic lengths and another blank, that of a sequence without its last step."""

    def call(self, y_true, y_pred):
        return ops.ctc_loss(y_true[:, 1:], y_pred, y_true[:, 0], np.full(y_pred.shape[0], y_pred.shape[1] - 1), mask_index=-1)


def test_custom_losses_have_gradients_of_symbolic_targets(logits):
    y_true = np.array([[2, 0, 1], [0, 0, 0], [1, 2, 0]])
    value, gradient = Shorter().value_and_gradient(y_true, logits)
    arguments = y_true[:, 1:], logits, y_true[:, 0], np.full(3, 5)
    np.testing.assert_allclose(value, F.ctc_loss(*arguments, mask_index=-1).mean(), rtol=1e-6)
    third = np.full(3, 1 / 3, logits.dtype)
    np.testing.assert_allclose(gradient, F.ctc_loss_backward_output(third, *arguments, mask_index=-1), rtol=1e-5, atol=1e-7)


def test_a_model_learns_sequences(rng):
    """Bumps of three kinds in a noisy signal, of which only the order is known, are read at last without a mistake."""
    kinds = np.eye(3)[rng.integers(0, 3, (64, 4))]
    x = np.zeros((64, 24, 3))
    for i, order in enumerate(kinds):
        x[i, np.sort(rng.permutation(7)[:4]) * 3 + 1] = order
    x += 0.1 * rng.standard_normal(x.shape)
    y = kinds.argmax(-1) + 1
    model = Sequential([Input((None, 3)), layers.Conv1D(16, 3, padding="same", activation="relu"), layers.Dense(4)], rng=0)
    model.compile("adam", "ctc")
    model.optimizer.learning_rate = 0.03
    history = model.fit(x, y, epochs=120, batch_size=16, verbose=0).history["loss"]
    assert history[-1] < 0.02 * history[0]
    labels, _ = ops.ctc_decode(model.predict(x, verbose=0), np.full(64, 24))
    np.testing.assert_array_equal(labels[0][:, :5], np.pad(y, ((0, 0), (0, 1)), constant_values=-1))


def test_a_target_that_does_not_fit_makes_the_loss_infinite(logits):
    value, gradient = losses.CTC().value_and_gradient(np.array([[1, 1, 1]] * 3), logits[:, :4])
    assert value == np.inf
    np.testing.assert_array_equal(gradient, 0)


def test_nan_makes_the_loss_nan(logits):
    logits[1, 2, 3] = np.nan
    value, gradient = losses.CTC().value_and_gradient(LABELS, logits)
    assert np.isnan(value)
    assert np.isnan(gradient[1]).any()
    assert np.isfinite(gradient[[0, 2]]).all()


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([1, 2, 3], "y has shape (3,); expected (samples, length) labels, followed by zeros"),
        ([[1, 4]] * 3, "y holds 4, which is not a label; expected integers from 1 to 3 for 4 classes, followed by zeros"),
        ([[1, -1]] * 3, "y holds -1, which is not a label"),
        ([[1, 1.5]] * 3, "y holds 1.5, which is not a label"),
        ([[1, np.nan]] * 3, "y holds NaN or infinity, first in sample 0"),
        ([[1, 2], [0, 1], [0, 0]], "y holds a label after a zero, first in sample 1; expected zeros at the end alone"),
        ([[1, 2]], "expected the same number of samples"),
    ],
)
def test_bad_targets_are_named(y, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        losses.CTC()(y, np.zeros((3, 6, 4)))


def test_predictions_are_sequences():
    with pytest.raises(ValueError, match=re.escape("y_pred has shape (3, 4); expected (batch, ..., steps, ..., classes)")):
        losses.CTC()([[1]] * 3, np.zeros((3, 4)))
    model = Sequential([Input((5,)), layers.Dense(4)])
    model.compile("sgd", "ctc")
    with pytest.raises(ValueError, match=re.escape("the model's output has shape (None, 4); expected (batch, steps, classes)")):
        model.fit(np.zeros((2, 5)), np.ones((2, 1)), verbose=0)


def test_losses_are_those_of_keras(logits):
    keras = pytest.importorskip("keras")
    np.testing.assert_allclose(losses.ctc(LABELS, logits), np.asarray(keras.losses.ctc(LABELS, logits)), rtol=1e-5)
    assert losses.CTC()(LABELS, logits) == pytest.approx(float(keras.losses.CTC()(LABELS, logits)), rel=1e-5)
    assert losses.CTC().get_config() == {"name": "ctc", "reduction": "sum_over_batch_size"}
