"""The filter of boxes: against textbook formulas, one box at a time, and along paths that are known."""

import numpy as np
import pytest

from striate.tracking import BoxFilter
from striate.tracking.kalman import GATE

BOXES = np.array([[10, 20, 30, 70], [100, 50, 160, 80], [0, 0, 5, 40]], float)


def one_by_one(boxes, measured):
    """Return the states after a prediction and an update, each box by plain matrices (DeepSORT's noise)."""
    f, h = np.eye(8), np.eye(4, 8)
    f[:4, 4:] = np.eye(4)
    result = []
    for box, seen in zip(boxes, measured, strict=True):
        first, z = (
            np.array([(b[0] + b[2]) / 2, (b[1] + b[3]) / 2, (b[2] - b[0]) / (b[3] - b[1]), b[3] - b[1]]) for b in (box, seen)
        )
        m = np.concatenate([first, np.zeros(4)])
        s = m[3] / 20, m[3] / 160
        p = np.diag(np.square([2 * s[0], 2 * s[0], 1e-2, 2 * s[0], 10 * s[1], 10 * s[1], 1e-5, 10 * s[1]]))
        q = np.diag(np.square([s[0], s[0], 1e-2, s[0], s[1], s[1], 1e-5, s[1]]))
        m, p = f @ m, f @ p @ f.T + q
        noise = np.diag(np.square([m[3] / 20, m[3] / 20, 1e-1, m[3] / 20]))
        spread = h @ p @ h.T + noise
        gain = p @ h.T @ np.linalg.inv(spread)
        offset = z - h @ m
        result.append((m + gain @ offset, (np.eye(8) - gain @ h) @ p, offset @ np.linalg.inv(spread) @ offset))
    return [np.stack(each) for each in zip(*result, strict=True)]


def test_a_step_is_that_of_the_textbook():
    measured = BOXES + np.array([[3, -2, 5, 1], [0, 0, 0, 0], [10, 10, 12, 9]])
    boxes = BoxFilter()
    state = boxes.predict(*boxes.begin(BOXES))
    distances = boxes.distances(*state, measured)
    means, covariances = boxes.update(*state, measured)
    expected = one_by_one(BOXES, measured)
    np.testing.assert_allclose(means, expected[0], rtol=1e-9)
    np.testing.assert_allclose(covariances, expected[1], rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(np.diag(distances), expected[2], rtol=1e-9)
    assert distances.shape == (3, 3)


def test_covariances_stay_symmetric_and_positive():
    boxes, rng = BoxFilter(), np.random.default_rng(0)
    state = boxes.begin(BOXES)
    for _ in range(200):
        state = boxes.predict(*state)
        if rng.random() < 0.7:
            state = boxes.update(*state, BOXES + rng.normal(size=BOXES.shape))
    np.testing.assert_allclose(state[1], state[1].swapaxes(1, 2), rtol=1e-6, atol=1e-9)
    assert (np.linalg.eigvalsh(state[1]) > 0).all()


def test_velocity_is_learned_and_noise_is_smoothed():
    boxes, rng = BoxFilter(), np.random.default_rng(1)
    speed = np.array([2.0, -1.0])
    truth = BOXES[0] + np.arange(60)[:, np.newaxis] * np.tile(speed, 2)
    noisy = truth + rng.normal(scale=1.5, size=truth.shape)
    state, errors = boxes.begin(noisy[:1]), []
    for i in range(1, 60):
        state = boxes.predict(*state)
        state = boxes.update(*state, noisy[i : i + 1])
        errors.append(boxes.boxes(state[0])[0] - truth[i])
    np.testing.assert_allclose(state[0][0, 4:6], speed, atol=0.4)
    assert np.std(errors[20:]) < np.std(noisy - truth)


def test_the_gate_holds_what_belongs_together():
    boxes, rng = BoxFilter(), np.random.default_rng(2)
    state = boxes.predict(*boxes.begin(BOXES[:1]))
    _, spread = boxes._projected(*state)
    seen = rng.multivariate_normal(state[0][0, :4], spread[0], 4000)
    corners = np.column_stack([seen[:, 0], seen[:, 1], seen[:, 0], seen[:, 1]])
    half = np.column_stack([seen[:, 2] * seen[:, 3], seen[:, 3]]) / 2
    inside = boxes.distances(*state, corners + np.concatenate([-half, half], 1)) <= GATE
    assert abs(inside.mean() - 0.95) < 0.015


def test_no_boxes_are_fine():
    boxes = BoxFilter()
    state = boxes.update(*boxes.predict(*boxes.begin(np.zeros((0, 4)))), [])
    assert boxes.boxes(state[0]).shape == (0, 4)
    assert boxes.distances(*state, BOXES).shape == (0, 3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: BoxFilter(position=0), "BoxFilter: position=0 is out of range"),
        (lambda: BoxFilter().begin([[1, 2, 0, 5]]), "boxes holds .* ends before it begins"),
        (lambda: BoxFilter().predict(np.zeros((2, 7)), np.zeros((2, 8, 8))), r"means has shape \(2, 7\); expected"),
        (lambda: BoxFilter().predict(np.zeros((2, 8)), np.zeros((1, 8, 8))), r"covariances has shape \(1, 8, 8\)"),
        (lambda: BoxFilter().update(*BoxFilter().begin(BOXES), BOXES[:1]), r"boxes has shape \(1, 4\); expected \(3, 4\)"),
    ],
)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
