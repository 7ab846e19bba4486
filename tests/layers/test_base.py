"""Public names, and weights of layers: reading and setting them, and checks that inputs fit them."""

import inspect

import numpy as np
import pytest

from striate import Input, Model, layers

IMAGES = (2, 6, 7, 4)


def test_set_weights_takes_what_get_weights_returns():
    first, second = layers.Conv2D(3, 2), layers.Conv2D(3, 2)
    x = np.ones(IMAGES, np.float32)
    y = first(x, rng=0)
    assert not np.array_equal(second(x, rng=1), y)
    second.set_weights(first.get_weights())
    np.testing.assert_array_equal(second(x), y)
    first.get_weights()[0][...] = 0  # `get_weights` returns copies.
    np.testing.assert_array_equal(first(x), y)
    assert first.count_params() == 2 * 2 * 4 * 3 + 3


def test_wrong_weights_are_refused_and_change_nothing():
    layer = layers.Dense(3)
    layer(np.ones((2, 4), np.float32), rng=0)
    before = layer.get_weights()
    with pytest.raises(ValueError, match=r"^layer 'dense': weights has 1 elements; expected 2, one for each weight$"):
        layer.set_weights(before[:1])
    with pytest.raises(ValueError, match=r"^layer 'dense': weights\[1\], for 'dense/bias', has shape \(4,\); expected \(3,\)$"):
        layer.set_weights([np.zeros((4, 3)), np.zeros(4)])
    with pytest.raises(
        TypeError, match=r"^layer 'dense': weights\[1\], for 'dense/bias', has dtype .*; expected real numbers$"
    ):
        layer.set_weights([np.zeros((4, 3)), np.full(3, "a")])
    with pytest.raises(ValueError, match=r"^layer 'dense': weights has 2 elements; expected 0, .* as it is not built yet$"):
        layers.Dense(3).set_weights(before)
    for a, b in zip(before, layer.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_built_layer_refuses_other_channels():
    layer = layers.Conv2D(2, 3, name="first")
    layer(np.ones(IMAGES, np.float32))
    with pytest.raises(ValueError, match=r"layer 'first' was built for .*4\), got .*5\)"):
        layer(np.ones((1, 6, 7, 5), np.float32))


def test_custom_layers_check_the_sizes_that_their_weights_depend_on():
    class Positions(layers.Layer):
        def build(self, input_shape):
            self.table = self.add_weight((input_shape[1] + 1, 1))
            self.scale = self.add_weight(())

        def call(self, x):
            return x * self.scale + self.table[1:]

    layer = Positions()
    layer(np.ones((1, 5, 3), np.float32))
    assert layer(np.ones((1, 5, 7), np.float32)).shape == (1, 5, 7)  # No weight depends on the channels.
    with pytest.raises(ValueError, match=r"was built for inputs of shape \(None, 5, 3\), got \(None, 1, 3\); .* along axis -2"):
        layer(np.ones((1, 1, 3), np.float32))
    with pytest.raises(ValueError, match=r"got \(None, 4, 5, 3\)"):
        layer(np.ones((1, 4, 5, 3), np.float32))


def test_all_public_names_are_listed():
    listed = {name: getattr(layers, name) for name in layers.__all__}  # Some are imported by this.
    public = {name for name, value in vars(layers).items() if not name.startswith("_") and not inspect.ismodule(value)}
    # A function that makes the package's own ones, and the name of a class in files
    assert public - {"importing_later", "GroupedQueryAttention"} == set(listed)


def test_names_that_a_package_does_not_have_are_attribute_errors():
    with pytest.raises(AttributeError, match=r"module 'striate\.layers' has no attribute 'LSTMM'"):
        _ = layers.LSTMM


def test_a_dense_layer_takes_any_number_of_axes():
    layer = layers.Dense(2)
    layer(np.ones((1, 3), np.float32))
    assert layer(np.ones((1, 4, 5, 3), np.float32)).shape == (1, 4, 5, 2)
    with pytest.raises(ValueError, match="expected the same number of channels or features"):
        layer(np.ones((1, 3, 4), np.float32))


def test_inputs_of_another_float_dtype_are_converted():
    inputs = Input((4,), dtype="float64")
    x = np.random.default_rng(0).standard_normal((3, 4))
    for layer in (layers.Dense(2), layers.ReLU(), layers.Reshape((2, 2)), layers.Lambda(lambda x: x + 1)):
        y = layer(inputs)
        assert y.dtype == "float32"
        found = Model(inputs, y, rng=0).predict(x)
        assert found.dtype == np.float32
        np.testing.assert_array_equal(found, layer(x.astype(np.float32)))
    image = Input((4,))
    double = Model(image, layers.Dense(2, dtype="float64")(layers.Dense(3)(image)), rng=0)
    assert double.output.dtype == "float64"
    double.compile("sgd", "mse")
    before = double.get_weights()
    double.fit(x, np.ones((3, 2)), verbose=0)
    assert all((a != b).any() for a, b in zip(before, double.get_weights(), strict=True))
