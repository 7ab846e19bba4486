"""Models that read the weights of large dense layers in fewer bits."""

import copy

import numpy as np
import pytest

from striate import Sequential, layers
from striate.models import load_model
from striate.quantization import quantize


def wide(rng=0, **settings):
    """Return a model of a dense layer that is large enough, a normalization that is folded into it, and a small layer."""
    return Sequential(
        [
            layers.Input((512,)),
            layers.Dense(600, **settings),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Dense(10),
        ],
        rng=rng,
    )


def trained(rng, **settings):
    """Return such a model with weights as after training, and samples."""
    model = wide(**settings)
    model.set_weights([rng.standard_normal(weight.shape).astype(weight.dtype) ** 2 / 4 for weight in model.weights])
    kernel = model.layers[0].kernel
    kernel.assign(rng.standard_normal(kernel.shape).astype(np.float32))
    return model, rng.standard_normal((40, 512)).astype(np.float32)


def meant(kernel, dtype):
    """Return what a kernel is rounded to, in float64."""
    if dtype == "bfloat16":
        bits = kernel.view(np.uint32)
        nearest = bits + 0x7FFF + (bits >> 16 & 1) >> 16 << 16
        return nearest.astype(np.uint32).view(np.float32).astype(float)
    scales = abs(kernel).max(0) / np.float32(127)
    return np.rint(kernel / scales) * scales.astype(float)


@pytest.mark.parametrize("dtype", ["int8", "bfloat16"])
@pytest.mark.parametrize("samples", [1, 8, 9, 40])
def test_predictions_are_those_of_rounded_weights(rng, dtype, samples):
    model = Sequential([layers.Input((512,)), layers.Dense(600, activation="relu"), layers.Dense(10)], rng=0)
    x = rng.standard_normal((samples, 512)).astype(np.float32)
    model.weight_dtype = dtype
    (kernel, bias, last, shift), got = model.get_weights(), model.predict(x, batch_size=samples)
    hidden = np.maximum(x.astype(float) @ meant(kernel, dtype) + bias, 0)
    np.testing.assert_allclose(got, hidden @ last + shift, rtol=0, atol=2e-6)
    exact = np.maximum(x.astype(float) @ kernel + bias, 0) @ last + shift
    assert abs(got - exact).max() > 1e-4


@pytest.mark.parametrize("dtype", ["int8", "bfloat16"])
@pytest.mark.parametrize("samples", [2, 40])
def test_folded_weights_are_rounded_again_when_they_change(rng, dtype, samples):
    model, x = trained(rng)
    before = model.predict(x[:samples])
    model.weight_dtype = dtype
    rounded = model.predict(x[:samples])
    assert 0 < abs(rounded - before).max() < 0.02 * abs(before).max()
    model.set_weights([1.25 * weight for weight in model.get_weights()])
    changed = model.predict(x[:samples])
    assert abs(changed - rounded).max() > 0.1 * abs(before).max()
    model.weight_dtype = "float32"
    exact = model.predict(x[:samples])
    assert 0 < abs(changed - exact).max() < 0.02 * abs(exact).max()


def test_the_report_and_the_plan_tell_which_weights(rng, capsys):
    model, x = trained(rng)
    for dtype in ("int8", "bfloat16"):
        model.weight_dtype = dtype
        model.predict(x[:1])
        model.plan(1).report()
        assert capsys.readouterr().out.count(f"{dtype} weights") == 1  # The other layer is small.
        model.plan(40).report()
        assert f"{dtype} weights" not in capsys.readouterr().out


def mebibytes(model, capsys):
    """Return the MiB that a report tells for the first dense layer of a model, in predictions for one sample."""
    model.plan(1).report()
    (row,) = [line for line in capsys.readouterr().out.splitlines() if " 1×600 " in line and line.startswith("dense ")]
    return float(row.split()[-1])


def test_the_report_counts_weights_as_they_are_stored(capsys):
    model = Sequential([layers.Input((512,)), layers.Dense(600), layers.Dense(10)], rng=0)
    others = 4 * (512 + 600 + 600)  # bytes of the input, the output and the bias
    kernel = 512 * 600
    assert mebibytes(model, capsys) == round((4 * kernel + others) / 2**20, 2)
    for dtype, size in (("int8", kernel + 4 * 600), ("bfloat16", 2 * kernel)):
        model.weight_dtype = dtype
        assert mebibytes(model, capsys) == round((size + others) / 2**20, 2)
    model.weight_dtype = "float32"
    integers = quantize(model, np.eye(512, dtype=np.float32)[:8])
    assert mebibytes(integers, capsys) < mebibytes(model, capsys) / 3


def test_training_uses_the_weights_themselves(rng):
    models = [wide(), wide()]
    models[0].weight_dtype = "int8"
    x, y = rng.standard_normal((64, 512)).astype(np.float32), rng.standard_normal((64, 10)).astype(np.float32)
    for model in models:
        model.compile("sgd", "mse")
        model.fit(x, y, epochs=2, shuffle=False, verbose=0)
    for got, want in zip(*(model.get_weights() for model in models), strict=True):
        np.testing.assert_array_equal(got, want)
    assert models[0].evaluate(x, y, verbose=0) != models[1].evaluate(x, y, verbose=0)


def test_it_is_saved_and_copied(rng, tmp_path):
    model, x = trained(rng)
    model.weight_dtype = "int8"
    want = model.predict(x[:3])
    model.save(tmp_path / "model.striate")
    for other in (load_model(tmp_path / "model.striate"), copy.deepcopy(model)):
        assert other.weight_dtype == "int8"
        np.testing.assert_array_equal(other.predict(x[:3]), want)


def test_units_of_zeros_stay_zeros():
    model = Sequential([layers.Input((1024,)), layers.Dense(512, kernel_initializer="zeros", bias_initializer="ones")], rng=0)
    model.weight_dtype = "int8"
    np.testing.assert_array_equal(model.predict(np.ones((1, 1024), np.float32)), np.ones((1, 512)))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("samples", [1, 40])
def test_units_with_a_weight_that_is_not_finite_are_nan(rng, value, samples):
    model = Sequential([layers.Input((512,)), layers.Dense(600)], rng=0)
    x = rng.standard_normal((samples, 512)).astype(np.float32)
    model.weight_dtype = "int8"
    want = model.predict(x)
    kernel, bias = model.get_weights()
    kernel[5, 3] = value
    model.set_weights([kernel, bias])
    want[:, 3] = np.nan
    np.testing.assert_array_equal(model.predict(x), want)


@pytest.mark.parametrize("dtype", ["float64", "int4", None, 8])
def test_other_dtypes_are_refused(dtype):
    model = wide()
    with pytest.raises((TypeError, ValueError), match=r"weight_dtype=.* expected"):
        model.weight_dtype = dtype
    assert model.weight_dtype == "float32"
    double = Sequential([layers.Input((3,), dtype="float64"), layers.Dense(2, dtype="float64")], rng=0)
    with pytest.raises(ValueError, match="weight_dtype='int8'"):
        double.weight_dtype = "int8"
