"""Activations as layers and as arguments."""

import numpy as np
import pytest

from striate import Input, Model, activations, layers, ops
from striate import functional as F

IMAGES = (2, 6, 7, 4)


def test_aliases_of_activations_are_resolved():
    assert layers.Activation("swish").get_config()["activation"] == "silu"
    assert layers.Dense(2, activation="hard_swish").activation is activations.hard_silu
    assert layers.Dense(2, activation=ops.gelu).get_config()["activation"] == "gelu_tanh"


@pytest.mark.parametrize("name", activations.NAMES)
def test_activations_by_name_are_functions(name):
    function = activations.get(name)
    x = np.linspace(-2, 2, 10, dtype=np.float32)
    np.testing.assert_array_equal(function(x), layers.Activation(name)(x[np.newaxis])[0])
    assert activations.serialize(function) == name
    assert activations.get(None) is activations.linear


def test_activation_argument_applies_the_function_to_the_output():
    x = np.random.default_rng(0).standard_normal(IMAGES, dtype=np.float32)
    plain, fused = layers.Conv2D(8, 3), layers.Conv2D(8, 3, activation="relu")
    y = plain(x, rng=5)
    np.testing.assert_array_equal(fused(x, rng=5), F.relu(y))


def test_relu_with_a_threshold_and_a_largest_value():
    x = np.array([-2, 0.2, 0.5, 3], np.float32)
    np.testing.assert_allclose(layers.ReLU(1.0, 0.1, 0.5)(x), [-0.25, -0.03, 0, 1], rtol=1e-6)
    np.testing.assert_array_equal(layers.ReLU(6)(np.array([-1, 5, 7], np.float32)), [0, 5, 6])
    np.testing.assert_allclose(layers.ReLU(negative_slope=0.5)(x), [-1, 0.2, 0.5, 3], rtol=1e-6)


def test_prelu_refuses_other_sizes_than_it_was_built_for():
    layer = layers.PReLU()
    layer(np.ones((2, 6, 3), np.float32))
    with pytest.raises(ValueError, match=r"built for inputs of shape \(None, 6, 3\), got \(None, 4, 3\)"):
        layer(np.ones((2, 4, 3), np.float32))


def test_forward_is_refused_by_layers_with_call():
    with pytest.raises(TypeError, match="ReLU does not define forward; expected a layer that does"):
        layers.ReLU(max_value=3).forward(np.ones((1, 2), np.float32), training=False, rng=None)


@pytest.mark.parametrize("axis", [-1, 1, (1, 2)])
@pytest.mark.parametrize("mask_shape", [(2, 3, 4), (2, 1, 4), (4,)])
def test_softmax_leaves_out_what_a_mask_hides(axis, mask_shape):
    rng = np.random.default_rng(0)
    x, mask = rng.standard_normal((2, 3, 4), dtype=np.float32), rng.random(mask_shape) < 0.6
    exponentials = np.exp(x.astype(np.float64)) * mask
    sums = exponentials.sum(axis, keepdims=True)
    expected = np.divide(exponentials, sums, out=np.zeros(x.shape), where=sums > 0)
    layer = layers.Softmax(axis)
    np.testing.assert_allclose(layer(x, mask=mask), expected, rtol=1e-6)
    np.testing.assert_allclose(layer(x, mask.astype(np.float32).tolist()), expected, rtol=1e-6)
    if mask_shape[0] == 2:
        inputs = Input(x.shape[1:]), Input(mask_shape[1:], dtype="bool")
        np.testing.assert_allclose(Model(inputs, layer(*inputs)).predict((x, mask)), expected, rtol=1e-6)


@pytest.mark.parametrize("mask_shape", [(2, 1, 3), (2, 3), (4,)])
def test_softmax_refuses_masks_of_other_shapes(mask_shape):
    with pytest.raises(ValueError, match=r"mask has shape .*; expected one that is broadcast to \(1, 3\)"):
        layers.Softmax()(np.zeros((1, 3), np.float32), mask=np.ones(mask_shape))


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_global_average_pooling_leaves_out_what_a_mask_hides(data_format, keepdims):
    rng = np.random.default_rng(0)
    x, mask = rng.standard_normal((2, 5, 3), dtype=np.float32), np.array([[1, 1, 0, 1, 0], [0, 0, 0, 0, 1]])
    expected = (x * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
    given = x if data_format == "channels_last" else x.transpose(0, 2, 1)
    y = layers.GlobalAveragePooling1D(data_format, keepdims)(given, mask=mask)
    assert y.shape == layers.GlobalAveragePooling1D(data_format, keepdims).compute_output_shape(given.shape)
    np.testing.assert_allclose(y.reshape(2, 3), expected, rtol=1e-6)
