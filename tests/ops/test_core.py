"""Shapes with an unknown batch size, and reshaping."""

import numpy as np

import striate
from striate import layers, ops


class Flattened(layers.Layer):
    """Layer in whose `call` the batch size is a number, although it is None in a graph of layers."""

    def call(self, x):
        assert ops.shape(x)[0] is not None
        return ops.reshape(x, (ops.shape(x)[0], -1))


def test_the_batch_size_of_a_graph_of_layers_is_unknown(tmp_path):
    x = np.arange(48, dtype=np.float32).reshape(2, 2, 3, 4)
    inputs = layers.Input((2, 3, 4))
    assert ops.shape(inputs) == (None, 2, 3, 4)
    for y in (ops.reshape(inputs, (ops.shape(inputs)[0], -1)), Flattened()(inputs)):
        assert y.shape == (None, 24)
        np.testing.assert_array_equal(striate.Model(inputs, y).predict(x), x.reshape(2, 24))
    y = ops.pad(ops.reshape(inputs, (ops.shape(inputs)[0], 6, 4)), ((0, 0), (1, 0), (0, 0)))[:, ::2]
    y = ops.sum(ops.conv(ops.depth_to_space(inputs, 2), np.ones((1, 2, 1, 3))), axis=(1, 2)) + ops.mean(y, axis=(1, 2))[:, None]
    model = striate.Model(inputs, y)
    model.save(tmp_path / "model.striate")
    np.testing.assert_array_equal(striate.Model.load(tmp_path / "model.striate").predict(x), model.predict(x))


class ReshapedWeight(layers.Layer):
    """Layer with a reshaped weight, which is read by an operation that can work in place."""

    def build(self, input_shape):
        self.w = self.add_weight((2, 3), "random_normal", name="w")

    def call(self, x):
        return ops.matmul(x, ops.relu(ops.reshape(self.w, (3, 2))))


def test_operations_in_place_do_not_overwrite_reshaped_weights(rng):
    x = rng.standard_normal((4, 3)).astype(np.float32)
    layer = ReshapedWeight()
    y = layer(x, rng=0)
    (w,) = layer.get_weights()
    assert (w < 0).any()
    np.testing.assert_allclose(y, x @ np.maximum(w.reshape(3, 2), 0), rtol=1e-5)
    np.testing.assert_allclose(layer(x), y, rtol=1e-6)
