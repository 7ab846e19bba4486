"""Products with numbers for each sample and channel, as gates are, become scalings of channels."""

import numpy as np
import pytest

from striate import Input, Model, layers, ops


def gated(product, dtype="float32"):
    """Return a model that multiplies images by gates computed from them."""
    x = Input((6, 5, 3), dtype=dtype)
    gate = layers.GlobalAveragePooling2D(keepdims=True, dtype=dtype)(x)
    gate = layers.Conv2D(3, 1, activation="sigmoid", dtype=dtype)(gate)
    return Model(x, product(x, gate), rng=0)


PRODUCTS = {
    "layer": lambda x, gate: layers.Multiply(dtype=x.dtype)([x, gate]),
    "layer, gate first": lambda x, gate: layers.Multiply(dtype=x.dtype)([gate, x]),
    "operator": lambda x, gate: x * gate,
    "operator, gate first": lambda x, gate: gate * x,
    "function": ops.multiply,
    "vectors": lambda x, gate: layers.Multiply(dtype=x.dtype)([x, layers.Reshape((1, 3), dtype=x.dtype)(gate)]),
}


@pytest.mark.parametrize("product", PRODUCTS.values(), ids=PRODUCTS)
def test_gates_scale_channels(rng, product):
    model = gated(product)
    kernel, bias = model.get_weights()
    x = rng.standard_normal((4, 6, 5, 3)).astype(np.float32)
    gate = 1 / (1 + np.exp(-(x.mean((1, 2)) @ kernel[0, 0] + bias)))
    np.testing.assert_allclose(model.predict(x), x * gate[:, np.newaxis, np.newaxis], rtol=0, atol=1e-6)
    kinds = [type(operation).__name__ for operation in model.plan(4).operations]
    assert "ScaleShift" in kinds
    assert not {"Broadcast", "Merge"}.intersection(kinds)


@pytest.mark.parametrize("product", PRODUCTS.values(), ids=PRODUCTS)
def test_gradients_match_finite_differences(rng, product):
    model = gated(product, "float64")
    model.compile("sgd", "mse")
    model.optimizer.learning_rate = 1.0
    x, y = rng.standard_normal((2, 4, 6, 5, 3))
    before = model.get_weights()

    def loss(weights):
        model.set_weights(weights)
        return model.evaluate(x, y, verbose=0)

    model.train_on_batch(x, y)
    for i, (old, new) in enumerate(zip(before, model.get_weights(), strict=True)):
        for place in np.ndindex(old.shape):
            step = np.zeros(old.shape)
            step[place] = 1e-5
            moved = [[*before[:i], old + sign * step, *before[i + 1 :]] for sign in (1, -1)]
            difference = (loss(moved[0]) - loss(moved[1])) / 2e-5
            assert old[place] - new[place] == pytest.approx(difference, rel=1e-5, abs=1e-8)


def test_gates_that_are_read_elsewhere_or_differ_in_shape_are_broadcast(rng):
    x = Input((6, 5, 3))
    rows = layers.Lambda(lambda x: ops.mean(x, axis=2, keepdims=True))(x)
    model = Model(x, x * rows)
    a = rng.standard_normal((2, 6, 5, 3)).astype(np.float32)
    np.testing.assert_allclose(model.predict(a), a * a.mean(2, keepdims=True), rtol=0, atol=1e-6)
    assert "ScaleShift" not in [type(operation).__name__ for operation in model.plan(2).operations]
