"""Rounding in training: its values, its straight-through gradients, and that the same is rounded as in predictions."""

import numpy as np
import pytest

from striate import Input, Model, Sequential, layers
from striate.engine import Graph, Plan, append_gradients
from striate.engine.operations.fake_quantization import FakeQuantize, FakeQuantizeKernel
from striate.engine.operations.low_precision import Scale, quantized_weights
from striate.models.graphs import emit_all
from striate.quantization import quantize
from tests.helpers.low_precision import images


def computed(append, *arrays):
    """Return the value that `append` returns for inputs, and the gradients of the inputs if that of the value is `dy`."""
    graph = Graph(training=True)
    *inputs, dy = (graph.input(array.shape, array.dtype) for array in arrays)
    y = append(*inputs)
    gradients = append_gradients(graph, [(y, dy)], inputs)
    return Plan(graph, [y, *(gradients[value] for value in inputs if value in gradients)], 1).instantiate().compute(arrays)


@pytest.mark.parametrize(("low", "high"), [(0, 3), (-1, 3), (-2, 0)])
def test_values_are_rounded_and_gradients_pass_where_they_are_not_clipped(low, high):
    scale = Scale.of_range(low, high)
    x, dy = 2 * images(7, 11, 13, seed=1), images(7, 11, 13)
    y, dx = computed(lambda x: FakeQuantize(x, scale).y, x, dy)
    integers = np.rint(x.astype(np.float64) / scale.scale) + scale.zero
    np.testing.assert_allclose(y, (np.clip(integers, 0, 255) - scale.zero) * scale.scale, rtol=1e-6)
    within = (integers >= 0) & (integers <= 255)
    assert 0.1 < within.mean() < 0.9
    np.testing.assert_array_equal(dx, dy * within)
    again, _ = computed(lambda x: FakeQuantize(x, scale).y, y, dy)
    np.testing.assert_array_equal(again, y)  # Values that are on the scale stay where they are.


@pytest.mark.parametrize("shape", [(3, 2, 4, 6), (4, 6), (3, 2, 3, 2)])  # the last one is depthwise, with six filters
def test_weights_are_those_of_predictions_and_their_gradients_pass(shape):
    kernel, bias, dy = images(*shape), np.array([0, 1, -2, 1e9, 3, 4], np.float32), images(*shape, seed=1)
    x_scale = Scale(0.5, 10)
    y, dkernel = computed(
        lambda kernel: FakeQuantizeKernel(kernel, kernel.graph.constant(bias), x_scale, filters=6).y, kernel, dy
    )
    integers, _, multiplier = quantized_weights(kernel.reshape(-1, 6), bias, x_scale, 1.0)
    np.testing.assert_allclose(y.reshape(-1, 6), integers * (multiplier / np.float32(0.5)), rtol=1e-6)
    np.testing.assert_array_equal(dkernel, dy)


def convolutional(rng=0):
    """Return a model with everything that is fused: normalization, ReLU6, a residual, pooling and concatenation."""
    image = Input((12, 12, 4))
    x = layers.Conv2D(16, 3, padding="same", use_bias=False)(image)
    x = layers.ReLU(6)(layers.BatchNormalization()(x))
    y = layers.DepthwiseConv2D(3, padding="same", use_bias=False)(x)
    y = layers.ReLU()(layers.BatchNormalization(center=False)(y))
    y = layers.BatchNormalization(scale=False)(layers.Conv2D(16, 1)(y))
    x = layers.ReLU()(layers.Add()([x, y]))
    x = layers.MaxPooling2D()(layers.Concatenate()([x, layers.Conv2D(8, 1, activation="gelu")(x)]))
    x = layers.Dropout(0.0)(layers.Conv2D(16, 3, strides=2, activation="relu")(x))
    model = Model(image, layers.Dense(5)(layers.Flatten()(x)), rng=rng)
    generator = np.random.default_rng(1)
    for weight in model.weights:
        if weight.name in ("moving_mean", "beta", "moving_variance", "gamma"):
            weight.assign(generator.uniform(0.2, 1.0, weight.shape))
    return model


def test_training_computes_what_predictions_do():
    x = images(40, 12, 12, 4)
    quantized = quantize(convolutional(), x)
    graph, outputs = emit_all(quantized, 40, [x.shape[1:]], training=True)
    simulated = Plan(graph, outputs, 2).instantiate().compute([x])[0]
    expected = quantized.predict(x)
    difference = np.abs(simulated - expected)
    # A sum of float32 numbers next to one half may be rounded to the other integer, which is one step of one value among many.
    assert np.median(difference) < 1e-5
    assert np.sqrt(np.mean(difference**2)) < 0.2 * np.sqrt(np.mean((expected - convolutional().predict(x)) ** 2))


def test_training_learns_to_be_rounded():
    model = Sequential([layers.Input((4,)), layers.Dense(3, use_bias=False, kernel_initializer="zeros")])
    x, target = images(400, 4), np.array([[1, 0.02, 0.5], [0.3, 0.01, 0.2], [-0.7, -0.02, 0.1], [0.2, 0, -0.5]], np.float32)
    quantized = quantize(model, x)
    quantized.compile("adam", "mse")
    quantized.layers[-1].set_weights([target + 0.1])
    quantized.fit(x, x @ target, epochs=60, batch_size=20, verbose=0, rng=0)
    assert quantized.evaluate(x, x @ target, verbose=0) < 2e-4


def test_layers_that_are_active_in_training_alone_leave_what_is_rounded():
    first, x = layers.Conv2D(8, 3, activation="relu"), images(8, 10, 10, 3)
    augmented = [layers.RandomFlip(), layers.Rescaling(2.0), first, layers.Dropout(0.5), layers.Conv2D(4, 1)]
    model = Sequential([layers.Input((10, 10, 3)), *augmented, layers.Flatten(), layers.Dense(2)], rng=0)
    quantized = quantize(model, x, keep=[model.layers[-1].name])
    quantized.compile("sgd", "mse")
    quantized.fit(x, np.zeros((8, 2)), verbose=0)
    graph, _ = emit_all(quantized, 8, [x.shape[1:]], training=True)
    rounded = [each.inputs.kernel.source.name for each in graph.operations if isinstance(each, FakeQuantizeKernel)]
    assert rounded == ["kernel", "kernel"]
    assert sum(isinstance(each, FakeQuantize) for each in graph.operations) == 3  # both inputs, and the output of the first
