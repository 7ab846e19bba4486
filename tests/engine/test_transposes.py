"""Transposes that undo each other leave the graph, and with them nothing else changes."""

import numpy as np
import pytest

from striate import Input, Model, layers, ops

FIRST = {"data_format": "channels_first"}


def names(model, batch=2):
    return [type(operation).__name__ for operation in model.plan(batch).operations]


def twins(make, shape):
    """Two models of the same layers and weights, with the channels first and last, and the same input for both."""
    first, last = make("channels_first", 1), make("channels_last", -1)
    last.set_weights(first.get_weights())
    x = np.random.default_rng(0).standard_normal((2, *shape)).astype(np.float32)
    return first, last, x, np.moveaxis(x, 1, -1)


def residual(data_format, axis):
    settings = {"data_format": data_format}
    inputs = Input((4, 8, 6) if axis == 1 else (8, 6, 4))
    x = layers.Conv2D(8, 3, padding="same", **settings)(inputs)
    x = before = layers.ReLU()(layers.BatchNormalization(axis)(x))
    x = layers.BatchNormalization(axis)(layers.Conv2D(8, 3, padding="same", **settings)(x))
    x = layers.Activation("tanh")(layers.Add()([x, before]))
    x = layers.Conv2DTranspose(3, 2, strides=2, **settings)(layers.MaxPooling2D(**settings)(x))
    x = layers.ReLU()(layers.GroupNormalization(3, axis)(x))
    return Model(inputs, layers.GlobalAveragePooling2D(**settings)(x), rng=0)


def test_a_network_with_channels_first_has_one_transpose_more():
    first, last, x, moved = twins(residual, (4, 8, 6))
    assert names(first) == ["Transpose", *names(last)]
    np.testing.assert_array_equal(first.predict(x), last.predict(moved))


def test_training_is_the_same_with_channels_first():
    first, last, x, moved = twins(residual, (4, 8, 6))
    target = np.ones((2, 3), np.float32)
    for model, data in ((first, x), (last, moved)):
        model.compile("sgd", "mse")
        model.fit(data, target, epochs=3, shuffle=False, verbose=0)
    for a, b in zip(first.get_weights(), last.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("activation", ["softmax", "log_softmax"])
def test_activations_along_an_axis_stay_where_they_are(activation):
    inputs = Input((4, 5))
    y = layers.Permute((2, 1))(layers.Activation(activation)(layers.Permute((2, 1))(inputs)))
    x = np.random.default_rng(0).standard_normal((2, 4, 5)).astype(np.float32)
    wanted = np.swapaxes(layers.Activation(activation)(np.swapaxes(x, 1, 2)), 1, 2)
    np.testing.assert_array_equal(Model(inputs, y).predict(x), wanted)


def test_values_that_are_read_elsewhere_are_kept():
    inputs = Input((4, 5))
    first = layers.Permute((2, 1))(inputs)
    second = layers.Permute((2, 1))(first)
    model = Model(inputs, [first, second, layers.ReLU()(second), layers.Permute((2, 1))(layers.ReLU()(first))])
    x = np.random.default_rng(0).standard_normal((2, 4, 5)).astype(np.float32)
    moved, back, bent, again = model.predict(x)
    np.testing.assert_array_equal(moved, np.swapaxes(x, 1, 2))
    np.testing.assert_array_equal(back, x)
    np.testing.assert_array_equal(bent, np.maximum(x, 0))
    np.testing.assert_array_equal(again, np.maximum(x, 0))


def test_other_pairs_of_transposes_stay():
    inputs = Input((4, 5, 6))
    y = layers.Permute((2, 3, 1))(layers.Permute((2, 3, 1))(inputs))
    x = np.random.default_rng(0).standard_normal((2, 4, 5, 6)).astype(np.float32)
    np.testing.assert_array_equal(Model(inputs, y).predict(x), x.transpose(0, 3, 1, 2))


def test_a_weight_that_changes_between_transposes_is_read_before():
    class Counting(layers.Layer):
        def build(self, input_shape):
            self.count = self.add_weight((2, 3), "ones", trainable=False)

        def call(self, x):
            before = ops.transpose(self.count)
            self.count.assign(self.count * 2)
            return x + ops.transpose(before)

    layer = Counting()
    x = np.zeros((2, 3), np.float32)
    np.testing.assert_array_equal([layer(x, training=True)[0, 0] for _ in range(3)], [1, 2, 4])


def test_the_kernel_for_volumes_is_rearranged_once_for_prediction():
    model = Model(inputs := Input((4, 5, 6, 2)), layers.Conv3DTranspose(2, 2)(layers.Conv3D(3, 2)(inputs)), rng=0)
    assert "Transpose" not in names(model)
    x = np.random.default_rng(0).standard_normal((2, 4, 5, 6, 2)).astype(np.float32)
    before = model.predict(x)
    np.testing.assert_allclose(before, model.layers[2](model.layers[1](x)), rtol=1e-4, atol=1e-5)
    model.layers[1].kernel.assign(2 * model.layers[1].kernel.numpy())
    np.testing.assert_allclose(model.predict(x), 2 * before, rtol=1e-4, atol=1e-5)
