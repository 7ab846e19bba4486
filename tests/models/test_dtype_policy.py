"""Models that predict with bfloat16 numbers."""

import numpy as np
import pytest

from striate import Input, Model, Sequential, initializers, layers
from striate.architectures import GoogLeNet, ResNet18
from striate.models import load_model
from striate.quantization import quantize
from tests.helpers.low_precision import assert_follows_weights, images, kinds


def network():
    """Return a model with grouped and strided convolutions, and with operations that have no kernel of bfloat16 numbers."""
    x = image = Input((12, 12, 3))
    x = layers.MaxPooling2D()(layers.Conv2D(16, 3, padding="same", activation="relu")(x))
    x = layers.Conv2D(32, 3, strides=2, groups=4)(x)
    x = layers.Conv2D(8, 1, activation="gelu")(layers.DepthwiseConv2D(2)(x))
    return Model(image, layers.Dense(5, activation="softmax")(layers.Flatten()(x)), rng=0)


def test_the_policy_is_the_dtype_until_it_is_set():
    model = network()
    assert model.dtype_policy == "float32"
    model.dtype_policy = "bfloat16"
    assert (model.dtype_policy, model.dtype) == ("bfloat16", "float32")
    model.dtype_policy = "float32"
    assert "LowPrecisionConv2D" not in kinds(model)


@pytest.mark.parametrize(
    "build",
    [
        network,
        lambda: ResNet18((32, 32, 3), classes=10, small_images=True),
        lambda: GoogLeNet((32, 32, 3), classes=10, small_images=True),
    ],
)
def test_outputs_are_near_those_of_float32(build):
    model = build()
    x = images(4, *model.input_shape[1:])
    expected = model.predict(x)
    model.dtype_policy = "bfloat16"
    difference = np.abs(model.predict(x) - expected).max()
    assert 0 < difference < 0.02
    assert "LowPrecisionConv2D" in kinds(model)
    model.dtype_policy = "float32"
    np.testing.assert_array_equal(model.predict(x), expected)


def test_residuals_and_concatenations_stay_bfloat16():
    for build in (ResNet18, GoogLeNet):
        model = build((32, 32, 3), classes=10, small_images=True)
        model.dtype_policy = "bfloat16"
        names = kinds(model)
        between = names[1 : names.index("AveragePool2D") - 1]
        assert set(between) <= {"LowPrecisionConv2D", "LowPrecisionMaxPool2D", "LowPrecisionConcatenate"}


def gated():
    """Return a model with gates, averages and activations between convolutions, as in EfficientNet."""
    image = Input((12, 12, 3))
    x = layers.Conv2D(16, 3, padding="same", activation="silu")(image)
    gate = layers.GlobalAveragePooling2D(keepdims=True)(x)
    gate = layers.Conv2D(16, 1, activation="sigmoid")(layers.Conv2D(4, 1, activation="hard_silu")(gate))
    x = layers.Conv2D(24, 1)(layers.Multiply()([x, gate]))
    x = layers.AveragePooling2D()(layers.Activation("gelu")(x))
    return Model(image, layers.Dense(5, activation="softmax")(layers.GlobalAveragePooling2D()(x)), rng=0)


def test_activations_gates_and_averages_stay_bfloat16():
    model, x = gated(), images(5, 12, 12, 3)
    expected = model.predict(x)
    model.dtype_policy = "bfloat16"
    assert 0 < np.abs(model.predict(x) - expected).max() < 0.01
    assert kinds(model).count("Quantize") == 1  # of the images
    assert "Dequantize" not in kinds(model)
    dtypes = {type(each).__name__: each.y.dtype for each in model.plan(5).operations}
    assert {dtypes["AveragePool2D"], dtypes["ScaleShift"]} == {np.dtype(np.uint16)}


def test_what_is_read_in_float32_too_is_converted():
    image = Input((6, 6, 4))
    x = layers.Conv2D(8, 1, activation="silu")(image)
    model = Model(image, [layers.Conv2D(4, 1)(x), layers.Activation("tanh")(x), x, layers.Softmax()(x)], rng=0)
    batch = images(3, 6, 6, 4)
    expected = model.predict(batch)
    model.dtype_policy = "bfloat16"
    for got, wanted in zip(model.predict(batch), expected, strict=True):
        assert got.dtype == np.float32
        assert np.abs(got - wanted).max() < 0.03


def test_convolutions_that_winograds_algorithm_suits_use_it_unless_told_otherwise(monkeypatch):
    def described(algorithm="auto"):
        model = Sequential([Input((24, 24, 32)), layers.Conv2D(64, 3, padding="same", algorithm=algorithm)], rng=0)
        model.dtype_policy = "bfloat16"
        x = images(2, 24, 24, 32)
        assert np.abs(model.predict(x) - expected(x, model)).max() < 0.03
        return next(each.describe() for each in model.plan(2).operations if type(each).__name__ == "LowPrecisionConv2D")

    def expected(x, model):
        return Sequential(model.layers).predict(x)

    for instruction_set, algorithm in (("v3", "winograd_f4"), ("bf16", "winograd_f4"), ("amx", None)):
        monkeypatch.setattr("striate.engine.operations.low_precision.instruction_set", instruction_set)
        assert described() == ", ".join(filter(None, ("bfloat16", algorithm)))
    assert described("winograd_f2") == "bfloat16, winograd_f2"
    assert described("direct") == "bfloat16"
    monkeypatch.setattr("striate.algorithms._winograd", False)
    assert described() == "bfloat16"


def test_relu6_is_computed_as_numbers_are_stored():
    kernel = initializers.RandomNormal(stddev=0.7, seed=0)
    convolutions = [layers.Conv2D(16, 3, kernel_initializer=kernel), layers.Conv2D(8, 1, kernel_initializer=kernel)]
    stages = [layer for each in convolutions for layer in (each, layers.ReLU(6))]
    model, x = Sequential([Input((9, 9, 4)), *stages], rng=0), images(8, 9, 9, 4)
    expected = model.predict(x)
    assert 0.1 < (expected == 6).mean() < 0.9
    model.dtype_policy = "bfloat16"
    got = model.predict(x)
    assert [kind for kind in kinds(model) if kind != "Quantize"] == ["LowPrecisionConv2D"] * 2
    assert got.max() == 6
    assert np.abs(got - expected).max() < 0.2


def test_every_call_computes_so_and_sees_new_weights():
    model, x = network(), images(6, 12, 12, 3)
    model.dtype_policy = "bfloat16"
    model.compile("sgd", "sparse_categorical_crossentropy")
    before = model.predict(x)
    np.testing.assert_array_equal(model(x), before)
    np.testing.assert_array_equal(model.predict(x, batch_size=2), before)
    loss = -np.log(before[np.arange(6), np.arange(6) % 5]).mean()
    assert model.evaluate(x, np.arange(6) % 5, verbose=0) == pytest.approx(loss, rel=1e-5)
    model.fit(x, np.arange(6) % 5, epochs=5, verbose=0)
    assert_follows_weights(model, network(), x, before, 0.02)


def test_training_computes_in_float32():
    x, y = images(6, 12, 12, 3), np.arange(6) % 5
    results = []
    for policy in ("float32", "bfloat16"):
        model = network()
        model.dtype_policy = policy
        model.compile("sgd", "sparse_categorical_crossentropy")
        model.fit(x, y, epochs=2, verbose=0, rng=0)
        results.append(model.get_weights())
    for one, other in zip(*results, strict=True):
        np.testing.assert_array_equal(one, other)


def test_saved_models_keep_it(tmp_path):
    model, x = network(), images(6, 12, 12, 3)
    model.dtype_policy = "bfloat16"
    model.save(tmp_path / "model.npz")
    for lazy in (False, True):
        loaded = load_model(tmp_path / "model.npz", lazy=lazy)
        assert loaded.dtype_policy == "bfloat16"
        np.testing.assert_array_equal(loaded.predict(x), model.predict(x))


def test_infinity_and_nan_stay_with_their_sample():
    model = Sequential([layers.Input((5,)), layers.Dense(3, use_bias=False, kernel_initializer="ones")], rng=0)
    model.dtype_policy = "bfloat16"
    x = np.ones((40, 5), np.float32)
    x[11], x[20, 2], x[33] = np.nan, np.inf, 3e38
    y = model.predict(x)
    assert np.isnan(y[11]).all()
    np.testing.assert_array_equal(y[[20, 33]], np.inf)
    np.testing.assert_array_equal(np.delete(y, [11, 20, 33], 0), 5)


class PlusWeight(layers.Layer):
    """Adds a weight of the shape of a whole batch."""

    def build(self, input_shape):
        self.w = self.add_weight((1, *input_shape[1:]), "ones", name="w")

    def call(self, x):
        return x + self.w


@pytest.mark.parametrize("low", ["bfloat16", "int8"])
def test_a_weight_that_is_added_stays_real(low):
    model, x = (
        Sequential([layers.Input((8, 8, 4)), layers.Conv2D(8, 3, padding="same"), PlusWeight()], rng=0),
        images(1, 8, 8, 4),
    )
    expected = model.predict(x)
    if low == "int8":
        model = quantize(model, x)
    else:
        model.dtype_policy = "bfloat16"
    assert np.abs(model.predict(x) - expected).max() < 0.1


def test_a_model_that_predicts_so_can_be_quantized():
    x, results = images(6, 12, 12, 3), []
    for policy in ("float32", "bfloat16"):
        model = network()
        model.dtype_policy = policy
        quantized = quantize(model, x)
        assert quantized.dtype_policy == "float32"
        assert model.dtype_policy == policy
        results.append(quantized.predict(x))
    np.testing.assert_array_equal(*results)


def test_quantized_models_have_integers():
    model, x = network(), images(6, 12, 12, 3)
    quantized = quantize(model, x)
    expected = quantized.predict(x)
    quantized.dtype_policy = "bfloat16"
    np.testing.assert_array_equal(quantized.predict(x), expected)


def test_other_policies_are_refused():
    model = network()
    with pytest.raises(ValueError, match=r"dtype_policy='float16'.*'float32', 'bfloat16'"):
        model.dtype_policy = "float16"
    double = Sequential([layers.Input((4,), dtype="float64"), layers.Dense(2, dtype="float64")], rng=0)
    with pytest.raises(ValueError, match=r"dtype_policy='bfloat16'.*'float64'"):
        double.dtype_policy = "bfloat16"
    assert double.dtype_policy == "float64"
