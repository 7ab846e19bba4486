"""Models made to predict with 8-bit integers: how near, how they are made, and that their bits are the same everywhere."""

import numpy as np
import pytest

from striate import Input, Model, Sequential, initializers, kernels, layers, set_num_threads
from striate.architectures import GoogLeNet, ResNet18
from striate.engine import Quantization
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
    quantized = quantize(model, x, keep=[model.layers[-1].name])
    quantized.save(tmp_path / "model.npz")
    for lazy in (False, True):
        loaded = load_model(tmp_path / "model.npz", lazy=lazy)
        assert kinds(loaded) == kinds(quantized)
        assert loaded.quantization == quantized.quantization
        np.testing.assert_array_equal(loaded.predict(x), quantized.predict(x))


def test_bounds_in_files_are_checked(tmp_path):
    model, x = small(), images(8, 12, 12, 3)
    quantized = quantize(model, x)
    quantized.quantization = Quantization({0: (float("nan"), 1.0)}, {})
    quantized.save(tmp_path / "model.npz")
    with pytest.raises(ValueError, match=r"quantization\[0\]\[0\]=nan"):
        load_model(tmp_path / "model.npz")
    quantized.quantization = Quantization({}, {0: "prettier"})
    quantized.save(tmp_path / "model.npz")
    with pytest.raises(ValueError, match=r"kept\[0\]='prettier'"):
        load_model(tmp_path / "model.npz")


def biased(rng=0):
    """Return a model whose second convolution has so few and unequal weights that rounding shifts its outputs."""
    model = Sequential(
        [
            layers.Input((12, 12, 3)),
            layers.Conv2D(16, 3, activation="relu"),
            layers.DepthwiseConv2D(3, use_bias=False),
            layers.BatchNormalization(),
            layers.Conv2D(8, 1),
        ],
        rng=rng,
    )
    kernel = np.random.default_rng(0).uniform(0, 0.012, (3, 3, 16, 1))
    kernel[1, 1] = 1
    model.layers[1].set_weights([kernel])
    return model


def test_bias_correction_removes_mean_errors():
    model, x = biased(), images(60, 12, 12, 3)
    expected = model.predict(x)

    def mean_error(**settings):
        return np.abs((quantize(model, x, **settings).predict(x) - expected).mean((0, 1, 2))).max()

    assert mean_error() < 0.3 * mean_error(bias_correction=False)


def test_bias_correction_leaves_weights_that_are_shared():
    image = Input((8, 8, 4))
    twice = layers.Conv2D(4, 3, padding="same")
    model, x = Model(image, layers.Conv2D(2, 3)(twice(twice(image))), rng=0), images(20, 8, 8, 4)
    before, after = (each.get_weights() for each in (model, quantize(model, x)))
    changed = [not np.array_equal(a, b) for a, b in zip(before, after, strict=True)]
    assert changed == [False, False, False, True]


def test_layers_are_kept_in_float32_by_name():
    model, x = small(), images(20, 12, 12, 3)
    name = model.layers[2].name
    quantized = quantize(model, x, keep=[name])
    assert kinds(quantized) == [
        "Quantize", "LowPrecisionConv2D", "MaxPool2D", "Conv2D", "Quantize", "Reshape", "LowPrecisionConv2D",
        "ActivationFunction",
    ]  # fmt: skip
    lines = []
    quantized.plan(2).report(lines.append)
    assert f"In float32 because it is asked for: {name}" in lines[0]
    with pytest.raises(ValueError, match=r"keep has 'pool'.*expected some of \['conv2d"):
        quantize(model, x, keep=["pool"])
    with pytest.raises(TypeError, match="expected a list or tuple of names"):
        quantize(model, x, keep=name)


def test_layers_within_models_are_kept_by_name_or_path():
    inner, x = small(), images(20, 12, 12, 3)
    inner.name = "inner"
    name = inner.layers[2].name
    model = Sequential([layers.Input((12, 12, 3)), inner], rng=0)
    for keep in ([name], [f"inner/{name}"]):
        assert kinds(quantize(model, x, keep=keep)).count("Conv2D") == 1
    assert kinds(quantize(model, x, keep=["inner"])).count("LowPrecisionConv2D") == 0


def test_layers_that_hurt_are_kept_in_float32():
    model, x = small(), images(40, 12, 12, 3)
    kernel = model.layers[2].get_weights()[0]
    kernel[:, :, 0] *= 1000  # Beside such weights, the others of their filters are rounded to zero.
    first = model.layers[0].get_weights()[0]
    first[..., 0] /= 1000
    model.layers[0].set_weights([first, np.zeros(16)])
    model.layers[2].set_weights([kernel, np.zeros(16)])
    expected = model.predict(x)

    def error(quantized):
        return np.sqrt(np.sum((quantized.predict(x) - expected) ** 2) / np.sum(expected**2))

    assert error(quantize(model, x)) > 0.05
    quantized = quantize(model, x, tolerance=0.02)
    assert error(quantized) < 0.02
    assert quantized.quantization.kept == {2: "more accurate"}


def coarse(model, images):
    """Return a quantized model whose activations have so wide ranges that about four bits are left."""
    quantized = quantize(model, images)
    ranges = {i: (low, high) if i < 0 else (80 * low, 80 * high) for i, (low, high) in quantized.quantization.ranges.items()}
    quantized.quantization = quantized.quantization._replace(ranges=ranges)
    return quantized


def test_fine_tuning_makes_up_for_coarse_scales(tmp_path):
    x, y = digits(1797)
    model = Sequential(
        [
            layers.Input((8, 8, 1)),
            layers.Conv2D(16, 3, padding="same", use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
            layers.DepthwiseConv2D(3, use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
            layers.Conv2D(16, 1, activation="relu"),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ],
        rng=0,
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y, epochs=6, verbose=0, rng=0)
    tuned = coarse(model, x[:200])
    tuned.compile("adam", "sparse_categorical_crossentropy")
    statistics = [weight.value.copy() for weight in tuned.non_trainable_weights]
    tuned.fit(x, y, epochs=4, verbose=0, rng=0)
    model.fit(x, y, epochs=4, verbose=0, rng=0)  # as much training, but without rounding
    rounded = coarse(model, x[:200])
    rounded.compile(loss="sparse_categorical_crossentropy")
    assert tuned.evaluate(x, y, verbose=0) < 0.7 * rounded.evaluate(x, y, verbose=0)
    assert tuned.evaluate(x, y, verbose=0) > model.evaluate(x, y, verbose=0)
    for weight, as_before in zip(tuned.non_trainable_weights, statistics, strict=True):
        np.testing.assert_array_equal(weight.value, as_before)
    tuned.save(tmp_path / "model.npz")
    np.testing.assert_array_equal(load_model(tmp_path / "model.npz").predict(x[:20]), tuned.predict(x[:20]))
