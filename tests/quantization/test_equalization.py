"""Cross-layer equalization: outputs stay the same, ranges of weights become equal, and integers represent them better."""

import copy

import numpy as np

from striate import Input, Model, layers
from striate.quantization import quantize
from striate.quantization.calibration import Calibration
from striate.quantization.equalization import equalize
from tests.helpers.low_precision import images


def unequal():
    """Return a model whose channels differ widely, with normalization, depthwise and grouped convolutions, and pooling."""
    rng, image = np.random.default_rng(0), Input((12, 12, 4))
    x = layers.BatchNormalization()(layers.Conv2D(16, 3, use_bias=False)(image))
    x = layers.DepthwiseConv2D(3, depth_multiplier=2)(layers.ReLU()(x))
    x = layers.ReLU()(layers.BatchNormalization(scale=False, center=False)(x))
    x = layers.Conv2D(16, 3, groups=4, activation="relu")(x)
    x = layers.Conv2D(8, 1, activation="relu")(layers.MaxPooling2D()(x))
    x = layers.Dense(3)(layers.Dense(6, activation="relu")(x))
    model = Model(image, x, rng=0)
    for weight in model.weights:
        if weight.name == "kernel":
            weight.assign(weight.value * np.exp(rng.normal(0, 1.5, weight.shape[-2:])))
        else:
            weight.assign(rng.uniform(0.3, 1, weight.shape))
    return model


def test_outputs_stay_the_same_and_ranges_become_equal():
    model, x = unequal(), images(32, 12, 12, 4)
    equal = copy.deepcopy(model)
    equalize(Calibration(equal, [x], 32))
    expected = model.predict(x)
    np.testing.assert_allclose(equal.predict(x), expected, atol=1e-5 * np.abs(expected).max())
    grouped, pointwise = (layer.kernel.value for layer in equal.layers if type(layer) is layers.Conv2D and layer.use_bias)
    ranges = np.abs(grouped).max((0, 1, 2)), np.abs(pointwise).max((0, 1, 3))
    np.testing.assert_allclose(*ranges, rtol=0.1)
    before = [layer.kernel.value for layer in model.layers if type(layer) is layers.Conv2D and layer.use_bias]
    assert np.ptp(np.log(np.abs(before[0]).max((0, 1, 2)) / np.abs(before[1]).max((0, 1, 3)))) > 2


def test_integers_represent_equal_channels_better():
    model, x = unequal(), images(32, 12, 12, 4)
    expected = model.predict(x)

    def error(**settings):
        return np.sqrt(np.mean((quantize(model, x, **settings).predict(x) - expected) ** 2))

    assert error(equalization=True) < 0.7 * error()


def test_layers_that_others_read_and_shared_layers_stay():
    image, shared = Input((6, 6, 8)), layers.Conv2D(8, 1, activation="relu")
    x = shared(image)
    read_twice = layers.Conv2D(8, 1, activation="relu")(shared(x))
    y = layers.Add()([layers.Conv2D(8, 1)(read_twice), read_twice])
    nonlinear = layers.Conv2D(8, 1, activation="gelu")(y)
    model, x = Model(image, layers.Conv2D(8, 1)(nonlinear), rng=0), images(8, 6, 6, 8)
    equal = copy.deepcopy(model)
    equalize(Calibration(equal, [x], 8))
    for before, after in zip(model.get_weights(), equal.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)


def test_relu6_becomes_relu():
    image = Input((6, 6, 8))
    x = layers.ReLU(6)(layers.Conv2D(8, 1, activation="relu6")(image))
    model, x = Model(image, layers.Activation("relu6")(layers.Conv2D(8, 1)(x)), rng=0), 40 * images(8, 6, 6, 8)
    assert model.predict(x).max() == 6
    quantized = quantize(model, x, equalization=True)
    assert quantized.predict(x).max() > 7
    assert model.predict(x).max() == 6
