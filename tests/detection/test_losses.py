"""The loss of boxes: its value by the overlap of boxes, its gradient by finite differences."""

import numpy as np
import pytest

from striate import Sequential, layers, losses
from striate.detection import GIoULoss, giou


def boxes(rng, *shape):
    corners = rng.uniform(0, 10, (*shape, 2, 2))
    return np.concatenate([corners.min(-2), corners.max(-2)], -1)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_values_are_one_minus_the_overlap(dtype):
    rng = np.random.default_rng(0)
    true, predicted = boxes(rng, 5, 7).astype(dtype), boxes(rng, 5, 7).astype(dtype)
    got = GIoULoss(reduction="none")(true, predicted)
    expected = [[1 - giou([a], [b])[0, 0] for a, b in zip(*rows, strict=True)] for rows in zip(true, predicted, strict=True)]
    np.testing.assert_allclose(got, expected, rtol=0, atol=16 * np.finfo(dtype).eps)
    assert GIoULoss()(true, true) == pytest.approx(0, abs=1e-6)


def test_gradients_are_those_of_finite_differences():
    rng = np.random.default_rng(1)
    true, predicted = boxes(rng, 6, 8), boxes(rng, 6, 8)
    predicted[0, 0] = [12, 3, 15, 4]  # far from all others
    true[0, 0] = [1, 1, 2, 2]
    weights = rng.random((6, 8))
    weights[2] = 0
    loss = GIoULoss(reduction="mean_with_sample_weight")
    value, gradient = loss.value_and_gradient(true, predicted, weights)
    assert value == pytest.approx((weights * GIoULoss(reduction="none")(true, predicted)).sum() / weights.sum(), rel=1e-12)
    step, expected = 1e-6, np.zeros_like(predicted)
    for place in np.ndindex(predicted.shape):
        ends = []
        for sign in (-1, 1):
            moved = predicted.copy()
            moved[place] += sign * step
            ends.append(loss.value_and_gradient(true, moved, weights)[0])
        expected[place] = (ends[1] - ends[0]) / (2 * step)
    rounding = 8 * np.finfo(float).eps / step  # of the difference of two values near 1
    np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=rounding)
    assert not gradient[2].any()
    assert gradient[0, 0].any()


def test_boxes_without_area_have_finite_losses():
    value, gradient = GIoULoss().value_and_gradient(np.zeros((1, 4)), np.array([[1.0, 1, 1, 1]]))
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()
    value, gradient = GIoULoss().value_and_gradient(np.array([[0.0, 0, 2, 2]]), np.array([[3.0, 3, 1, 1]]))
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()


def test_boxes_are_learned():
    model = Sequential([layers.Input((1,)), layers.Dense(4, use_bias=True)], rng=0)
    model.compile("adam", GIoULoss())
    model.layers[0].bias.assign([4, 4, 7, 7])
    model.optimizer.learning_rate = 0.05
    x, y = np.zeros((4, 1)), np.tile([5.0, 6, 9, 8], (4, 1))
    model.fit(x, y, epochs=400, verbose=0)
    np.testing.assert_allclose(model.predict(x, verbose=0), y, atol=0.2)


def test_the_loss_is_saved_with_its_model(tmp_path):
    model = Sequential([layers.Input((1,)), layers.Dense(4)], rng=0)
    model.compile("adam", GIoULoss(reduction="sum"))
    model.save(tmp_path / "model.npz")
    again = Sequential.load(tmp_path / "model.npz")
    assert isinstance(again.loss, GIoULoss)
    assert again.loss.get_config() == model.loss.get_config()
    assert isinstance(losses.get(GIoULoss()), GIoULoss)


def test_other_shapes_are_refused():
    with pytest.raises(ValueError, match=r"y_pred has shape \(2, 3\); expected \(batch, ..., 4\)"):
        GIoULoss()(np.zeros((2, 3)), np.zeros((2, 3)))
