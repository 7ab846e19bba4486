"""Models made to predict with 8-bit integers: how near, how they are made, and that their bits are the same everywhere."""

import numpy as np
import pytest

from striate import Input, Model, Sequential, initializers, kernels, layers, set_num_threads
from striate.architectures import GoogLeNet, ResNet18
from striate.engine.operations.low_precision import LowPrecisionConv2D, Scale, quantized_weights
from striate.models import load_model
from striate.quantization import quantize
from striate.quantization.ranges import Histogram, least_error, percentiles
from tests.helpers.low_precision import assert_follows_weights, images, kinds
from tests.helpers.small_models import digits


def small(rng=0, **settings):
    return Sequential(
        [
            layers.Input((12, 12, 3)),
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(16, 3, **settings),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ],
        rng=rng,
    )


@pytest.mark.parametrize("method", ["range", "percentile", "mse"])
def test_outputs_are_near_those_of_real_numbers(method):
    model, x = small(), images(40, 12, 12, 3)
    before = model.predict(x)
    quantized = quantize(model, x, method=method)
    difference = quantized.predict(x) - before
    assert 0 < np.abs(difference).max() < 0.03
    np.testing.assert_array_equal(model.predict(x), before)  # the model itself is as it was
    assert kinds(quantized) == [
        "Quantize", "LowPrecisionConv2D", "LowPrecisionMaxPool2D", "LowPrecisionConv2D", "Reshape", "LowPrecisionConv2D",
        "ActivationFunction",
    ]  # fmt: skip


def test_relu6_is_computed_as_integers_are_stored():
    kernel = initializers.RandomNormal(stddev=0.7, seed=0)
    convolutions = [layers.Conv2D(16, 3, kernel_initializer=kernel), layers.Conv2D(8, 1, kernel_initializer=kernel)]
    stages = [layer for each in convolutions for layer in (each, layers.ReLU(6))]
    model, x = Sequential([layers.Input((12, 12, 4)), *stages], rng=0), images(20, 12, 12, 4)
    expected = model.predict(x)
    assert 0.1 < (expected == 6).mean() < 0.9
    quantized = quantize(model, x)
    got = quantized.predict(x)
    assert kinds(quantized) == ["Quantize", "LowPrecisionConv2D", "LowPrecisionConv2D"]
    assert got.max() == 6
    assert np.abs(got - expected).mean() < 0.1


def test_digits_are_told_apart_as_well():
    x, y = digits(1797)
    model = Sequential(
        [
            layers.Input((8, 8, 1)),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ],
        rng=0,
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x[:1400], y[:1400], epochs=8, verbose=0, rng=0)
    real = model.evaluate(x[1400:], y[1400:], verbose=0)[1]
    integer = quantize(model, x[:300]).evaluate(x[1400:], y[1400:], verbose=0)[1]
    assert real > 0.93
    assert integer >= real - 0.003


@pytest.mark.parametrize("build", [ResNet18, GoogLeNet])
def test_residuals_and_concatenations_stay_integers(build):
    model = build((32, 32, 3), classes=10, small_images=True, classifier_activation=None, rng=0)
    x = images(8, 32, 32, 3)
    quantized = quantize(model, x)
    names = kinds(quantized)
    between = names[1 : names.index("AveragePool2D") - 1]  # from the first bytes to the last, which the mean wants as numbers
    assert set(between) <= {"LowPrecisionConv2D", "LowPrecisionMaxPool2D", "LowPrecisionConcatenate"}
    expected = model.predict(x)
    assert np.corrcoef(quantized.predict(x).ravel(), expected.ravel())[0, 1] > 0.999


def test_bits_are_the_same_on_all_instruction_sets_and_threads():
    x = images(3, 32, 32, 3)
    quantized = quantize(ResNet18((32, 32, 3), classes=10, small_images=True), x)
    head = Model(quantized.input, quantized.layers[-3].output)
    head.quantization = quantized.quantization  # its operations are the first of the whole model's
    results = []
    for isa in kernels.usable_instruction_sets():
        kernels.load(isa)
        for threads in (1, 2, 3):
            set_num_threads(threads)
            head._programs.clear()
            head._derived_weights = type(head._derived_weights)()
            results.append(head.predict(x))
    kernels.load(kernels.instruction_set)
    assert any(type(operation) is LowPrecisionConv2D for operation in head.plan(3).operations)
    for result in results[1:]:
        np.testing.assert_array_equal(result, results[0])


def test_weights_that_change_become_integers_again():
    model, x = small(), images(20, 12, 12, 3)
    quantized = quantize(model, x)
    before = quantized.predict(x)
    quantized.compile("sgd", "sparse_categorical_crossentropy")
    quantized.fit(x, np.arange(20) % 10, epochs=2, verbose=0)
    assert_follows_weights(quantized, small(), x, before, 0.03)


def test_models_with_several_inputs_and_real_operations_are_quantized():
    a, b = Input((8, 8, 4)), Input((8, 8, 4))
    x = layers.Conv2D(8, 3, activation="gelu")(layers.Multiply()([a, b]))  # no kernel of integers for either
    model = Model([a, b], [layers.Conv2D(4, 1)(x), layers.Conv2DTranspose(2, 3)(x)], rng=0)
    inputs = [images(6, 8, 8, 4), images(6, 8, 8, 4, seed=1)]
    for got, expected in zip(quantize(model, inputs).predict(inputs), model.predict(inputs), strict=True):
        assert np.abs(got - expected).max() < 0.05 * np.abs(expected).max()


def test_scales_have_a_byte_for_zero():
    assert Scale.of_range(-1, 3)[:2] == (4 / 255, 64)
    assert Scale.of_range(1, 3).zero == 0
    assert Scale.of_range(-3, -1).zero == 255
    assert Scale.of_range(0, 0)[:2] == (1, 0)


def test_weights_have_a_scale_for_each_filter():
    kernel = np.array([[1.0, 0.001, 0.0, 1e-30], [-0.5, 0.0004, 0.0, 0.0]], np.float32).reshape(1, 1, 2, 4)
    bias = np.array([1.0, 0.0, 3.0, 5.0], np.float32)
    integers, biases, multiplier = quantized_weights(kernel, bias, Scale(0.5, 10), 2.0)
    np.testing.assert_array_equal(integers[0, 0], [[127, 127, 0, 0], [-64, 51, 0, 0]])
    # the sums of an x that is zero, all bytes being 10, give back the biases
    sums = 10 * integers.reshape(2, 4).sum(0, dtype=np.int64) + biases
    np.testing.assert_allclose(sums * multiplier * 2.0, bias, rtol=1e-2, atol=1e-6)


def test_bounds_leave_out_what_costs_more_than_it_brings():
    histogram = Histogram()
    values = np.random.default_rng(0).standard_normal(100000)
    histogram.add(values)
    histogram.add(np.array([40.0]))
    assert (histogram.low, histogram.high) == (values.min(), 40)
    assert histogram.counts.sum() == 100001
    low, high = least_error(histogram)
    assert -4.5 < low < -3
    assert 33 < high < 37  # of (40 - high)² and 100000 ((high - low) / 255)² / 12, the sum is least
    low, high = percentiles(histogram)
    assert -4.5 < low < -3.4
    assert 3.4 < high < 4.5


def test_bad_arguments_are_named():
    model, x = small(), images(4, 12, 12, 3)
    with pytest.raises(ValueError, match="method='best'"):
        quantize(model, x, method="best")
    with pytest.raises(ValueError, match="no samples"):
        quantize(model, x[:0])
    with pytest.raises(ValueError, match="NaN or infinity"):
        quantize(model, x * np.float32(np.inf))
    with pytest.raises(ValueError, match="float64"):
        quantize(Sequential([layers.Input((4,), dtype="float64"), layers.Dense(2, dtype="float64")], rng=0), np.ones((2, 4)))


def test_saved_models_predict_the_same(tmp_path):
    model, x = small(), images(20, 12, 12, 3)
    quantized = quantize(model, x)
    quantized.save(tmp_path / "model.npz")
    for lazy in (False, True):
        loaded = load_model(tmp_path / "model.npz", lazy=lazy)
        assert "LowPrecisionConv2D" in kinds(loaded)
        np.testing.assert_array_equal(loaded.predict(x), quantized.predict(x))


def test_bounds_in_files_are_checked(tmp_path):
    model, x = small(), images(8, 12, 12, 3)
    quantized = quantize(model, x)
    quantized.quantization = {**quantized.quantization, 0: (float("nan"), 1.0)}
    quantized.save(tmp_path / "model.npz")
    with pytest.raises(ValueError, match=r"quantization\[0\]\[0\]=nan"):
        load_model(tmp_path / "model.npz")
