"""Layers that encode categories: against loops, and Keras for the boundaries that `adapt` finds."""

import numpy as np
import pytest

import striate
from striate import layers

X = np.array([[0, 1, 1], [3, 0, 2], [2, 2, 2], [1, 3, 5]])  # 5 is none of four categories.
ONE_HOT = np.array([[[float(each == k) for k in range(4)] for each in row] for row in X])


@pytest.mark.parametrize(("mode", "wanted"), [("one_hot", ONE_HOT), ("multi_hot", ONE_HOT.max(1)), ("count", ONE_HOT.sum(1))])
def test_integers_are_encoded(mode, wanted):
    layer = layers.CategoryEncoding(4, mode)
    np.testing.assert_array_equal(layer(X), wanted)
    assert layer.compute_output_shape((None, 3)) == (None, *wanted.shape[1:])
    assert layers.CategoryEncoding.from_config(layer.get_config()).get_config() == layer.get_config()
    model = striate.Sequential([striate.Input((3,)), layer])
    np.testing.assert_array_equal(model.predict(X), wanted)


def test_one_column_is_encoded_in_place():
    layer = layers.CategoryEncoding(4, "one_hot")
    np.testing.assert_array_equal(layer(X[:, :1]), ONE_HOT[:, 0])
    assert layer.compute_output_shape((None, 1)) == (None, 4)


def test_counts_are_weighted():
    weights = np.random.default_rng(0).random(X.shape)
    y = layers.CategoryEncoding(4, "count")(X, count_weights=weights)
    np.testing.assert_allclose(y, (ONE_HOT * weights[..., np.newaxis]).sum(1), rtol=1e-6)
    with pytest.raises(ValueError, match="count_weights goes with output_mode='count', not 'one_hot'"):
        layers.CategoryEncoding(4, "one_hot")(X, count_weights=weights)


@pytest.mark.parametrize("mode", ["int", "one_hot", "multi_hot", "count"])
def test_numbers_are_sorted_into_bins(mode, tmp_path):
    x = np.array([[-3.0, 0.0, 0.99], [1.0, 7.0, 0.5]], np.float32)
    indices = np.array([[sum(b <= each for b in (0.0, 1.0, 2.0)) for each in row] for row in x])
    layer = layers.Discretization([0.0, 1.0, 2.0], output_mode=mode)
    wanted = indices if mode == "int" else layers.CategoryEncoding(4, mode)(indices)
    y = layer(x)
    assert y.dtype == (np.int32 if mode == "int" else np.float32)
    np.testing.assert_array_equal(y, wanted)
    model = striate.Sequential([striate.Input((3,)), layer])
    assert model.output_shape == (None, *wanted.shape[1:])
    np.testing.assert_array_equal(model.predict(x), wanted)
    model.save(tmp_path / "model.keras")
    np.testing.assert_array_equal(striate.models.load_model(tmp_path / "model.keras").predict(x), wanted)


def test_adapt_finds_bins_that_hold_equally_many():
    x = np.random.default_rng(0).exponential(size=(5000, 2))
    layer = layers.Discretization(num_bins=5)
    for data in (x, iter(np.split(x, 10)), [x[:3000], x[3000:]]):
        layer.adapt(data)
        below = np.cumsum(np.bincount(layer(x).ravel()))[:-1] / x.size
        np.testing.assert_allclose(below, [0.2, 0.4, 0.6, 0.8], atol=2 * layer.epsilon)  # of the summary, and of its merging
    again = layers.Discretization.from_config(layer.get_config())
    assert (again.bin_boundaries, again.num_bins) == (layer.bin_boundaries, 5)
    layer.adapt((x + i for i in range(100)), steps=1)
    first = layer.bin_boundaries
    layer.adapt(x)
    assert layer.bin_boundaries == first


def test_adapt_finds_the_bins_of_keras():
    keras = pytest.importorskip("keras")
    x = np.random.default_rng(0).normal(size=(400, 3)).astype(np.float32)
    ours, theirs = layers.Discretization(num_bins=7, epsilon=0.02), keras.layers.Discretization(num_bins=7, epsilon=0.02)
    for data in (x, [x[:150], x[150:300], x[300:]], x[:5]):
        ours.adapt(data)
        theirs.reset_state()  # Keras' own `adapt` needs TensorFlow.
        for batch in data if isinstance(data, list) else [data]:
            theirs.update_state(batch)
        theirs.finalize_state()
        np.testing.assert_allclose(ours.bin_boundaries, theirs.bin_boundaries, rtol=1e-4)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: layers.CategoryEncoding(), ValueError, "num_tokens=None"),
        (lambda: layers.CategoryEncoding(0), ValueError, "num_tokens=0"),
        (lambda: layers.CategoryEncoding(3, "int"), ValueError, "output_mode='int'"),
        (lambda: layers.CategoryEncoding(3, sparse=True), ValueError, "sparse=True is not supported"),
        (lambda: layers.Discretization(), ValueError, "exclude each other; expected one"),
        (lambda: layers.Discretization([1.0], num_bins=2), ValueError, "exclude each other; expected one"),
        (lambda: layers.Discretization([1.0, 0.0]), ValueError, r"bin_boundaries=\[1.0, 0.0\] do not ascend"),
        (lambda: layers.Discretization(num_bins=3)(X), ValueError, "expected a call of `adapt` first"),
        (lambda: layers.Discretization([1.0]).adapt(X), ValueError, "adapt was called on a Discretization with given"),
        (lambda: layers.Discretization(num_bins=3).adapt([]), ValueError, "has no numbers"),
    ],
)
def test_bad_arguments_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()
