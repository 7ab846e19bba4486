"""Operations that are faster in float32 stay so in models that are tuned, and only in these."""

import json

import numpy as np
import pytest

from striate import Input, Model, layers
from striate.engine import autotune, precision_tuning
from striate.quantization import quantize
from tests.helpers.low_precision import images, kinds


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path))
    monkeypatch.setattr(autotune, "_known", {})
    return tmp_path / "convolutions.jsonl"


def model(rng=0):
    image = Input((8, 8, 4))
    x = layers.Conv2D(16, 3, padding="same", activation="relu", name="first")(image)
    y = layers.Conv2D(16, 1, name="second")(x)
    x = layers.Dense(3, name="third")(layers.Add()([x, y]))
    return Model(image, x, rng=rng)


@pytest.fixture
def seconds(monkeypatch):
    """Return a list of the kinds of programs that are measured, of which those of float32 are faster if they convolve 3×3."""
    measured = []

    def shortest_time(run, calls, seconds):
        operations = run.__self__.plan.operations
        low = any(type(operation).__name__ == "LowPrecisionConv2D" for operation in operations)
        shape = next(each.inputs.kernel.shape for each in operations if hasattr(each.inputs, "kernel"))
        measured.append([type(operation).__name__ for operation in operations])
        return 2.0 if low == (shape[0] == 3) else 1.0

    monkeypatch.setattr(precision_tuning, "shortest_time", shortest_time)
    return measured


def test_operations_that_are_faster_in_float32_stay_so_if_asked_for(seconds, cache):
    x = images(20, 8, 8, 4)
    quantized = quantize(model(), x)
    before = quantized.predict(x)
    integers = ["Quantize", "LowPrecisionConv2D", "LowPrecisionConv2D", "LowPrecisionConv2D"]
    assert kinds(quantized) == integers
    assert not seconds
    quantized.autotune = True
    assert kinds(quantized) == ["Conv2D", "Quantize", "LowPrecisionConv2D", "LowPrecisionConv2D"]
    assert sorted(seconds) == sorted(
        [
            ["Dequantize", "Conv2D", "Quantize"], ["LowPrecisionConv2D"],
            ["Dequantize", "Dequantize", "Conv2D", "Quantize"], ["LowPrecisionConv2D"],
            ["Dequantize", "Dense"], ["LowPrecisionConv2D"],
        ]
    )  # fmt: skip
    lines = []
    quantized.plan(2).report(lines.append)
    assert lines[0].endswith("In float32 because it is faster: first")
    assert 0 < np.abs(quantized.predict(x) - before).max() < 0.1
    chosen = [json.loads(line)[1] for line in cache.read_text().splitlines()]
    assert sorted(set(chosen) - {*autotune.ALGORITHMS}) == ["float32", "uint8"]
    measured = len(seconds)
    quantized.plan(3)
    assert len(seconds) == measured + 6  # of another batch size
    quantized._programs.clear()
    quantized.plan(2)
    assert len(seconds) == measured + 6


def test_bfloat16_is_tuned_too(seconds):
    tuned = model()
    tuned.dtype_policy = "bfloat16"
    tuned.autotune = True
    assert kinds(tuned) == ["Conv2D", "Quantize", "LowPrecisionConv2D", "LowPrecisionConv2D"]


def test_the_faster_one_is_measured():
    tuned = model()
    tuned.dtype_policy = "bfloat16"
    tuned.autotune = True
    assert {"Conv2D", "Dense", "LowPrecisionConv2D"} & set(kinds(tuned))
    assert set(autotune._known.values()) <= {*autotune.ALGORITHMS, "float32", "uint16"}
