"""Hard SiLU and hard sigmoid are fused into convolutions and matrix products of predictions, and of nothing else."""

import numpy as np
import pytest

import striate
from striate import Input, Model, layers
from striate import functional as F
from tests.helpers import reference

each_activation = pytest.mark.parametrize("name", ["hard_sigmoid", "hard_silu"])


def normalized(layer, **how):
    """Return a function that applies a layer and a batch normalization."""
    return lambda x: layers.BatchNormalization(**how)(layer(x))


#: Layers of 32-channel images, of which some have whole vectors of outputs, and some do not.
LAYERS = {
    "direct": lambda **how: layers.Conv2D(70, 3, strides=2, **how),
    "one filter": lambda **how: layers.Conv2D(1, 3, **how),
    "1×1": lambda **how: layers.Conv2D(64, 1, **how),
    "winograd": lambda **how: layers.Conv2D(64, 3, padding="same", **how),
    "im2col": lambda **how: layers.Conv2D(20, 3, algorithm="im2col", **how),
    "depthwise": lambda **how: layers.DepthwiseConv2D(3, padding="same", **how),
    "transposed": lambda **how: layers.Conv2DTranspose(8, 3, strides=2, **how),
    "dense": lambda **how: layers.Dense(33, **how),
    "normalized": lambda **how: normalized(layers.Conv2D(24, 3, use_bias=False, **how), **how),
}


def names(model, batch):
    """Return the names of the classes of the operations of a prediction."""
    return [type(operation).__name__ for operation in model.plan(batch).operations]


def pair(make, name, dtype="float32"):
    """Return a model of one layer and an activation, and one of the same layer alone."""
    x = Input((9, 7, 32), dtype=dtype)
    plain = make(dtype=dtype)(x)
    return Model(x, layers.Activation(name, dtype=dtype)(plain), rng=0), Model(x, plain)


@each_activation
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)
def test_fused_activations_have_the_same_bits(rng, make, dtype, name):
    model, plain = pair(make, name, dtype)
    assert "ActivationFunction" not in names(model, 3)
    x = 4 * rng.standard_normal((3, 9, 7, 32)).astype(dtype)
    y = plain.predict(x)
    assert y.dtype == dtype
    np.testing.assert_array_equal(model.predict(x), getattr(F, name)(y))
    eps = np.finfo(dtype).eps
    np.testing.assert_allclose(model.predict(x), getattr(reference, name)(y.astype(np.float64)), rtol=4 * eps, atol=8 * eps)


@each_activation
def test_a_residual_is_added_before_the_activation(rng, name):
    x = Input((6, 5, 16))
    y = layers.Add()([layers.Conv2D(16, 3, padding="same")(x), x])
    model, plain = Model(x, layers.Activation(name)(y), rng=0), Model(x, y)
    assert names(model, 2) == ["Conv2D"]
    images = 4 * rng.standard_normal((2, 6, 5, 16)).astype(np.float32)
    np.testing.assert_array_equal(model.predict(images), getattr(F, name)(plain.predict(images)))


@each_activation
def test_a_sum_after_the_activation_stays_there(rng, name):
    x = Input((6, 5, 16))
    y = layers.Conv2D(16, 1)(x)
    model, plain = Model(x, layers.Add()([layers.Activation(name)(y), x]), rng=0), Model(x, y)
    images = 4 * rng.standard_normal((2, 6, 5, 16)).astype(np.float32)
    np.testing.assert_array_equal(model.predict(images), getattr(F, name)(plain.predict(images)) + images)


@each_activation
def test_values_that_others_read_are_not_changed(rng, name):
    x = Input((6, 5, 16))
    y = layers.Conv2D(16, 1)(x)
    model = Model(x, [y, layers.Activation(name)(y)], rng=0)
    plain, activated = model.predict(4 * rng.standard_normal((2, 6, 5, 16)).astype(np.float32))
    np.testing.assert_array_equal(activated, getattr(F, name)(plain))


@each_activation
def test_outputs_of_pooling_are_not_those_before_it(rng, name):
    x = Input((8, 8, 3))
    y = layers.MaxPooling2D()(layers.Conv2D(5, 3, padding="same", activation="relu")(x))
    model, plain = Model(x, layers.Activation(name)(y), rng=0), Model(x, y)
    images = rng.standard_normal((2, 8, 8, 3)).astype(np.float32)
    np.testing.assert_array_equal(model.predict(images), getattr(F, name)(plain.predict(images)))


@each_activation
@pytest.mark.parametrize("values", [[np.nan], [np.inf], [-np.inf]], ids=str)
def test_limits_are_those_of_the_activation(values, name):
    model, plain = pair(lambda **how: layers.DepthwiseConv2D(1, depthwise_initializer="ones", **how), name)
    x = np.full((1, 9, 7, 32), values, np.float32)
    np.testing.assert_array_equal(plain.predict(x), x)
    np.testing.assert_array_equal(model.predict(x), getattr(F, name)(x))


@each_activation
def test_training_keeps_the_input(rng, name):
    """The gradient of a model is that of its layers, and its training steps are those of the unfused graph."""
    x = Input((5, 4, 3), dtype="float64")
    y = layers.Conv2D(4, 2, activation=name, dtype="float64")(x)
    model = Model(x, y, rng=0)
    model.compile("sgd", "mse")
    model.optimizer.learning_rate = 1.0
    images, targets = 4 * rng.standard_normal((2, 5, 4, 3)), rng.standard_normal((2, 4, 3, 4))
    kernel, bias = model.get_weights()
    plain = F.conv2d(images, kernel, bias)
    dy = 2 * (getattr(F, name)(plain) - targets) / targets.size
    saved = plain if name == "hard_silu" else getattr(F, name)(plain)
    dz = getattr(F, f"{name}_backward_input")(dy, saved)
    model.train_on_batch(images, targets)
    np.testing.assert_allclose(
        kernel - model.get_weights()[0], F.conv2d_backward_kernel(dz, images, kernel.shape), rtol=1e-10, atol=1e-12
    )


@each_activation
def test_low_precision_applies_hard_activations(rng, name):
    x = Input((9, 7, 32))
    y = layers.Conv2D(48, 1)(layers.Conv2D(64, 1, activation=name)(x))
    model = Model(x, y, rng=0)
    images = rng.standard_normal((4, 9, 7, 32)).astype(np.float32)
    want = model.predict(images)
    quantized = striate.quantization.quantize(model, images)
    assert names(quantized, 4).count("ActivationFunction") == 0
    np.testing.assert_allclose(quantized.predict(images), want, rtol=0, atol=0.05 * abs(want).max())
    model.dtype_policy = "bfloat16"
    assert names(model, 4) == ["Quantize", "LowPrecisionConv2D", "LowPrecisionConv2D"]
    np.testing.assert_allclose(model.predict(images), want, rtol=0, atol=0.02 * abs(want).max())
