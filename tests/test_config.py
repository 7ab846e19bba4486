"""Keras' settings, and the dtypes that layers take."""

import logging

import numpy as np
import pytest

import striate
from striate import DTypePolicy, backend, config, dtype_policies, layers


@pytest.fixture
def model():
    model = striate.Sequential([layers.Input((2,)), layers.Dense(1)], rng=0)
    model.compile("sgd", "mse")
    return model


X, Y = np.ones((8, 2), "float32"), np.ones((8, 1), "float32")


def test_epochs_and_steps_are_limited(model):
    config.set_max_epochs(2)
    config.set_max_steps_per_epoch(2)
    try:
        history = model.fit(X, Y, batch_size=2, epochs=5, verbose=0)
    finally:
        config.set_max_epochs(None)
        config.set_max_steps_per_epoch(None)
    assert len(history.epoch) == 2
    assert model.optimizer.iterations == 4
    assert len(model.fit(X, Y, epochs=3, verbose=0).epoch) == 3


def test_progress_goes_to_a_logger(model, caplog, capsys):
    config.disable_interactive_logging()
    try:
        with caplog.at_level(logging.INFO, logger="striate"):
            model.fit(X, Y, epochs=2, verbose=2)
    finally:
        config.enable_interactive_logging()
    assert [each.getMessage()[:9] for each in caplog.records] == ["Epoch 1/2", "Epoch 2/2"]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "call",
    [
        lambda: config.set_dtype_policy("mixed_float16"),
        lambda: config.set_dtype_policy("float64"),
        lambda: config.set_dtype_policy(None),
        lambda: config.set_backend("torch"),
        lambda: config.set_max_epochs(0),
        lambda: config.set_epsilon(-1),
        lambda: layers.Dense(2, dtype="mixed_float16"),
        lambda: layers.Dense(2, dtype=DTypePolicy("mixed_bfloat16")),
        lambda: DTypePolicy("float7"),
        lambda: dtype_policies.get([]),
        lambda: backend.standardize_dtype("float7"),
    ],
)
def test_what_is_not_supported_is_reported(call):
    with pytest.raises(ValueError, match="expected"):
        call()


def test_layers_take_policies():
    assert layers.Dense(2, dtype=DTypePolicy("float64")).dtype == "float64"
    assert layers.Dense(2, dtype="float64").dtype_policy == DTypePolicy("float64")
    assert layers.Dense(2, dtype=dtype_policies.DTypePolicyMap("float64")).dtype == "float64"
    assert layers.Dense(2, dtype=dtype_policies.serialize(DTypePolicy("float64"))).dtype == "float64"


def test_policies_by_path():
    policies = dtype_policies.DTypePolicyMap("float32", {"a": DTypePolicy("float64")})
    policies["b/.*"] = "float64"
    assert [policies[key].name for key in ("a", "b/c", "b", "a/b")] == ["float64", "float64", "float32", "float32"]
    again = dtype_policies.deserialize(dtype_policies.serialize(policies))
    assert repr(again) == repr(policies)
    policies["b/c.*"] = "float32"
    with pytest.raises(ValueError, match="fits one pattern"):
        policies["b/c"]


@pytest.mark.parametrize(
    ("dtype", "name"),
    [(None, "float32"), (int, "int32"), (float, "float32"), (bool, "bool"), (np.uint8, "uint8"), (np.dtype("f8"), "float64")],
)
def test_dtypes_have_names(dtype, name):
    assert backend.standardize_dtype(dtype) == name


def test_dtypes_of_results():
    assert backend.result_type("int32", "float32") == "float32"
    assert backend.result_type("int8", "uint8") == "int16"
    assert backend.result_type("float64", float) == "float64"
    assert backend.result_type() == "float32"
