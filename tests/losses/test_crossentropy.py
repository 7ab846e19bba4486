"""Losses with logarithms: where probabilities are rounded to 0 or 1, results are those of logits."""

import numpy as np
import pytest

import striate
from striate import activations, losses, ops
from striate.engine import Graph, Plan, append_gradients


def test_impossible_predictions_give_a_finite_loss_and_gradient():
    p = np.array([[0.0, 1.0]], np.float32)
    for loss, target in ((losses.SparseCategoricalCrossentropy(), [0]), (losses.CategoricalCrossentropy(), [[1, 0]])):
        assert loss(target, p) == pytest.approx(-np.log(1e-7), rel=1e-6)
        gradient = loss.value_and_gradient(loss.prepare(target, (None, 2), "float32"), p)[1]
        assert np.isfinite(gradient).all()
        assert gradient[0, 0] < 0
    z = np.array([[-1000.0, 1000.0]], np.float32)
    assert losses.SparseCategoricalCrossentropy(from_logits=True)([0], z) == 2000


def test_binary_crossentropy_of_impossible_predictions_is_finite():
    loss = losses.BinaryCrossentropy()
    value, gradient = loss.value_and_gradient(np.array([[1.0, 0.0]], np.float32), np.array([[0.0, 1.0]], np.float32))
    assert value == pytest.approx(-np.log(1e-7), rel=0.02)
    np.testing.assert_array_equal(gradient, 0)
    large = losses.BinaryCrossentropy(from_logits=True)(np.array([[1, 0]]), np.array([[-1e4, 1e4]], np.float32))
    assert large == pytest.approx(1e4)


def _classes(y):
    return np.eye(3)[y]


def _smooth(y):
    return _classes(y) * 0.8 + 0.2 / 3


def _column(y):
    return y[:, np.newaxis]


# For each name: a loss of probabilities, the activation that computes these, the same loss of logits, and a function that makes
# its targets from class indices, if they are not these themselves.
OF_LOGITS = {
    "sparse": (losses.SparseCategoricalCrossentropy(), "softmax", losses.SparseCategoricalCrossentropy(True), None),
    "categorical": (losses.CategoricalCrossentropy(), "softmax", losses.CategoricalCrossentropy(True), _classes),
    "binary": (losses.BinaryCrossentropy(), "sigmoid", losses.BinaryCrossentropy(True), _classes),
    "binary focal": (losses.BinaryFocalCrossentropy(), "sigmoid", losses.BinaryFocalCrossentropy(from_logits=True), _classes),
    "categorical focal": (
        losses.CategoricalFocalCrossentropy(),
        "softmax",
        losses.CategoricalFocalCrossentropy(from_logits=True),
        _classes,
    ),
    "divergence": (
        losses.KLDivergence(),
        "softmax",
        losses.CategoricalCrossentropy(True),
        _smooth,
    ),
    "divergence from classes": (losses.KLDivergence(), "softmax", losses.CategoricalCrossentropy(True), _classes),
    "function": (
        lambda y, p: losses.sparse_categorical_crossentropy(y, p),
        "softmax",
        losses.SparseCategoricalCrossentropy(True),
        None,
    ),
    "ops, sparse": (
        lambda y, p: ops.sparse_categorical_crossentropy(y, p),
        "softmax",
        losses.SparseCategoricalCrossentropy(True),
        _column,
    ),
    "ops, categorical": (
        lambda y, p: ops.categorical_crossentropy(y, p),
        "softmax",
        losses.CategoricalCrossentropy(True),
        _classes,
    ),
    "ops, binary": (lambda y, p: ops.binary_crossentropy(y, p), "sigmoid", losses.BinaryCrossentropy(True), _classes),
}


@pytest.mark.parametrize("reshaped", [False, True])
@pytest.mark.parametrize("name", OF_LOGITS)
def test_probabilities_that_are_rounded_to_zero_have_gradients(name, reshaped):
    of_predictions, activation, of_logits, make_targets = OF_LOGITS[name]
    y = np.array([0, 1, 2, 2])
    targets = y if make_targets is None else make_targets(y)
    logits = np.array([[-120.0, 0.0, 3.0], [60.0, -60.0, 0.0], [1.0, 2.0, -0.5], [0.0, 30.0, -30.0]], np.float32)
    steps = []
    for loss, last in ((of_predictions, activation), (of_logits, None)):
        inputs = striate.Input((3,))
        outputs = striate.layers.Dense(3, last, use_bias=False)(inputs)
        if reshaped and last:
            outputs = striate.layers.Reshape((3,))(outputs)
        model = striate.Model(inputs, outputs)
        model.set_weights([np.eye(3)])
        model.compile(striate.optimizers.SGD(1.0), loss)
        before = model.evaluate(logits, targets)
        assert model.train_on_batch(logits, targets) == pytest.approx(before, rel=1e-6)
        steps.append((before, np.eye(3) - model.get_weights()[0]))
    # The divergence is the cross-entropy minus the entropy of the targets.
    negative_entropy = (_smooth(y) * np.log(_smooth(y))).sum(-1).mean() if make_targets is _smooth else 0
    assert steps[0][0] == pytest.approx(steps[1][0] + negative_entropy, rel=1e-5)
    np.testing.assert_allclose(steps[0][1], steps[1][1], rtol=1e-4, atol=1e-4)
    assert np.abs(steps[0][1]).max() > 1


def _value_and_gradient(loss, activation, y_true, logits):
    """Return a loss, and its gradient with respect to logits, which an activation, if there is one, turns into predictions."""
    graph = Graph()
    x, targets = (graph.input(array.shape, array.dtype) for array in (logits, y_true))
    found = losses.get(loss).emit(targets, activations.get(activation)(x) if activation else x)
    gradient = append_gradients(graph, found.starts, [x])[x]
    value, gradient = Plan(graph, [found.value, gradient], 1).instantiate().compute([logits, y_true])
    return value.item(), gradient


@pytest.mark.parametrize("after_activation", [True, False])
@pytest.mark.parametrize("low", [-1e9, -np.inf])
@pytest.mark.parametrize("name", [name for name, (*_, make_targets) in OF_LOGITS.items() if make_targets is not _smooth])
def test_impossible_classes_that_are_not_targets_add_nothing(dtype, name, low, after_activation):
    of_predictions, activation, of_logits, make_targets = OF_LOGITS[name]
    y = np.array([0, 2])
    targets = y if make_targets is None else make_targets(y)
    targets = targets.astype(dtype) if targets.dtype.kind == "f" else targets
    loss, activation = (of_predictions, activation) if after_activation else (of_logits, None)
    logits = np.array([[1.0, low, 2.0], [low, 0.0, 1.0]], dtype)
    value, gradient = _value_and_gradient(loss, activation, targets, logits)
    unlikely = np.where(logits == low, dtype.type(-80), logits)
    expected = _value_and_gradient(loss, activation, targets, unlikely)
    assert value == pytest.approx(expected[0], rel=1e-6)
    np.testing.assert_allclose(gradient, expected[1], rtol=1e-5, atol=1e-30)
    if "focal" not in name:
        columns = 3 if OF_LOGITS[name][1] == "sigmoid" else 1
        p = activations.get(OF_LOGITS[name][1])(logits)
        np.testing.assert_allclose(gradient, (p - _classes(y)) / (2 * columns), rtol=1e-5, atol=1e-7)


def test_metrics_of_a_model_that_ends_in_softmax_get_probabilities(rng):
    model = striate.Sequential([striate.layers.Input((3,)), striate.layers.Dense(3, "softmax")], rng=0)
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["sparse_categorical_crossentropy"])
    x = rng.standard_normal((8, 3)).astype(np.float32)
    logs = model.evaluate(x, np.arange(8) % 3, return_dict=True)
    assert logs["loss"] == pytest.approx(logs["sparse_categorical_crossentropy"], rel=1e-5)
    np.testing.assert_allclose(model.predict(x).sum(1), 1, rtol=1e-5)
