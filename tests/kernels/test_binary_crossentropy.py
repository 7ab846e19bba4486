"""Binary cross-entropy: its kernel against the same in float64, and where logarithms and powers are infinite."""

import numpy as np
import pytest

from striate import losses
from striate.engine import Graph, Plan, append_gradients

SHAPES = [(1, 1), (37, 1), (5, 3), (3, 16), (2, 33), (4, 5, 3, 1), (5000, 1), (3, 5000)]
FOCUS = {"plain": None, "focal": {"gamma": 2.0}, "balanced": {"gamma": 0.5, "apply_class_balancing": True, "alpha": 0.3}}


def loss_of(focus, from_logits):
    settings = FOCUS[focus]
    return (
        losses.BinaryCrossentropy(from_logits)
        if settings is None
        else losses.BinaryFocalCrossentropy(**settings, from_logits=from_logits)
    )


def reference(loss, y_true, y_pred, weights=None):
    """Return value and gradient of a loss in float64, made of functions of arrays."""
    given = [np.asarray(array, np.float64) for array in (y_pred, y_true, *([] if weights is None else [weights]))]
    graph = Graph()
    inputs = [graph.input(array.shape, array.dtype) for array in given]
    values = loss.call(inputs[1], inputs[0])
    if weights is not None:
        values = values * (inputs[2] if len(values.shape) == 1 else inputs[2][:, None, None])
    value = loss._reduced(inputs[1], values, None)
    gradient = append_gradients(graph, [graph.start_at(value)], [inputs[0]])[inputs[0]]
    value, gradient = Plan(graph, [value, gradient], 1).instantiate().compute(given)
    return value.item(), gradient


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("from_logits", [False, True])
@pytest.mark.parametrize("focus", FOCUS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_value_and_gradient(shape, focus, from_logits, weighted, dtype):
    rng = np.random.default_rng(0)
    loss = loss_of(focus, from_logits)
    y_true = np.where(rng.random(shape) < 0.5, rng.random(shape), rng.integers(0, 2, shape)).astype(dtype)
    y_pred = (8 * rng.standard_normal(shape) if from_logits else rng.random(shape)).astype(dtype)
    weights = rng.random(len(y_pred)).astype(dtype) if weighted else None
    value, gradient = loss.value_and_gradient(y_true, y_pred, weights)
    expected, slopes = reference(loss, y_true, y_pred, weights)
    epsilon = float(np.finfo(dtype).eps)
    assert value == pytest.approx(expected, rel=20 * epsilon)
    np.testing.assert_allclose(gradient, slopes, rtol=200 * epsilon, atol=20 * epsilon * abs(slopes).max())


@pytest.mark.parametrize("focus", FOCUS)
def test_small_probabilities_keep_their_digits(focus):
    for p in (np.geomspace(2e-7, 1e-2, 64), -np.geomspace(2e-7, 1e-2, 64)):
        y_pred = p.astype(np.float32)[:, None]
        from_logits = p[0] < 0  # of some probability as small
        y_pred = np.log(-y_pred) if from_logits else y_pred
        loss = loss_of(focus, from_logits)
        for target in (0.0, 1.0):
            for sample in y_pred:
                y_true = np.full((1, 1), target, np.float32)
                value, gradient = loss.value_and_gradient(y_true, sample[None])
                expected, slope = reference(loss, y_true, sample[None])
                np.testing.assert_allclose([value, gradient.item()], [expected, slope.item()], rtol=2e-6, atol=1e-36)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("focus", FOCUS)
def test_certain_logits(focus, dtype):
    loss = loss_of(focus, True)
    weights = (0.3, 0.7) if focus == "balanced" else (1, 1)
    for large in (np.inf, np.finfo(dtype).max, 1e4):
        z = np.array([[large, -large, large, -large]], dtype)
        y = np.array([[1, 0, 0, 1]], dtype)
        values, slopes = zip(*(loss.value_and_gradient(y[:, i : i + 1], z[:, i : i + 1]) for i in range(4)), strict=True)
        np.testing.assert_allclose(values, [0, 0, large * weights[1], large * weights[0]], rtol=1e-6)
        np.testing.assert_allclose(np.ravel(slopes), [0, 0, weights[1], -weights[0]], rtol=1e-6, atol=1e-30)


@pytest.mark.parametrize("from_logits", [False, True])
@pytest.mark.parametrize("focus", FOCUS)
def test_nan_stays(focus, from_logits):
    y_pred = np.full((4, 9), 0.5, np.float32)
    y_pred[1, 2] = np.nan
    for target in (0.0, 1.0):
        value, gradient = loss_of(focus, from_logits).value_and_gradient(np.full_like(y_pred, target), y_pred)
        assert np.isnan(value)
        assert np.isnan(gradient[1, 2])
        assert np.isnan(gradient).sum() == 1


@pytest.mark.parametrize("focus", FOCUS)
def test_impossible_predictions_are_finite(focus):
    y_pred, y_true = np.array([[0.0, 1.0, 0.0, 1.0]], np.float32), np.array([[1.0, 0.0, 0.0, 1.0]], np.float32)
    value, gradient = loss_of(focus, False).value_and_gradient(y_true, y_pred)
    assert np.isfinite(value)
    assert value > 3
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("gamma", [5.0, 10.0])
def test_slopes_too_small_to_be_squared_count(gamma):
    loss = losses.BinaryFocalCrossentropy(gamma=gamma, from_logits=True)
    y_true, y_pred = np.ones((1, 1), np.float32), np.full((1, 1), 30 / gamma, np.float32)
    _, gradient = loss.value_and_gradient(y_true, y_pred)
    _, slope = reference(loss, y_true, y_pred)
    np.testing.assert_allclose(gradient, slope, rtol=1e-4)
