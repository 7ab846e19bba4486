"""What programs written for Keras lean on when they save."""

import numpy as np
import pytest

import striate as keras
from striate import layers, ops
from tests.helpers.small_classifier import YES, X, network


def half(y_true, y_pred):
    return ops.mean(ops.square(y_true - y_pred), axis=-1) * 0.5


def test_all_of_a_compilation_is_saved(tmp_path):
    model = network(loss=half, metrics=["accuracy", half], weighted_metrics=["accuracy"])
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", custom_objects={"half": half})
    weights = np.arange(24)
    assert again.evaluate(X, YES, sample_weight=weights, return_dict=True) == model.evaluate(
        X, YES, sample_weight=weights, return_dict=True
    )
    with pytest.raises(ValueError, match=r"function \(see custom_objects\)='half' is unknown"):
        keras.models.load_model(tmp_path / "model.keras")
    bare = keras.models.load_model(tmp_path / "model.keras", compile=False)
    assert not bare.compiled
    np.testing.assert_array_equal(bare.predict(X), model.predict(X))


def bent(x):
    return ops.tanh(x) * 2


def test_custom_activations_are_saved(tmp_path):
    model = keras.Sequential([keras.Input((5,)), layers.Dense(3, activation=bent), layers.Activation(bent)], rng=0)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", custom_objects={"bent": bent})
    np.testing.assert_array_equal(again.predict(X), model.predict(X))
    with pytest.raises(ValueError, match="activation='bent' is unknown"):
        keras.models.load_model(tmp_path / "model.keras")


def test_weights_that_do_not_fit_may_be_left_out(tmp_path):
    network().save_weights(tmp_path / "weights.npz")
    other = network(units=2, loss="mse")
    before = other.get_weights()
    with pytest.raises(ValueError, match=r"holds shape \(4, 1\) for the weight 'dense_1/kernel', where the model has \(4, 2\)"):
        other.load_weights(tmp_path / "weights.npz")
    np.testing.assert_array_equal(other.get_weights()[0], before[0])
    with pytest.warns(UserWarning, match="holds shape"):
        other.load_weights(tmp_path / "weights.npz", skip_mismatch=True)
    np.testing.assert_array_equal(other.get_weights()[0], network().get_weights()[0])
    np.testing.assert_array_equal(other.get_weights()[2], before[2])
    with pytest.raises(FileExistsError, match=r"weights\.npz' exists"):
        other.save_weights(tmp_path / "weights.npz", overwrite=False)


class Scaled(keras.Model):
    """Has a weight of its own, makes its layers in `build`, and returns two outputs."""

    def build(self, input_shape):
        self.dense = layers.Dense(2)
        self.scale = self.add_weight((2,), "ones", name="scale")

    def call(self, x):
        y = self.dense(x)
        return [y * self.scale, y]


def test_models_that_own_weights_are_saved(tmp_path):
    model = Scaled()
    model.compile("adam", "mse")
    model.build((None, 5))
    model.scale.assign([3.0, 4.0])
    model.save(tmp_path / "model.npz")
    again = keras.models.load_model(tmp_path / "model.npz", custom_objects={"Scaled": Scaled})
    for a, b in zip(again.predict(X), model.predict(X), strict=True):
        np.testing.assert_array_equal(a, b)
    y = [X[:, :2], X[:, :2]]
    assert again.fit(X, y, verbose=0, rng=0).history == model.fit(X, y, verbose=0, rng=0).history
    assert Scaled()(X)[0].shape == (24, 2)


def assert_training_goes_on(model, path):
    """A model that was trained and saved is trained further as it would have been without."""
    model.compile("sgd", "mse")
    model.fit(X, YES, verbose=0)
    model.save(path)
    again = keras.models.load_model(path)
    assert again.fit(X, YES, epochs=2, verbose=0).history == model.fit(X, YES, epochs=2, verbose=0).history


@pytest.mark.parametrize("name", ["MT19937", "Philox", "SFC64", "PCG64DXSM"])
def test_random_generators_of_any_kind_go_on_after_loading(tmp_path, name):
    generator = np.random.Generator(getattr(np.random, name)(3))
    model = keras.Sequential([keras.Input((5,)), layers.Dropout(0.5), layers.Dense(1)], rng=generator)
    assert_training_goes_on(model, tmp_path / "model.npz")


def test_layers_with_numbers_of_their_own_go_on(tmp_path):
    model = keras.Sequential([keras.Input((5,)), layers.Dropout(0.5, seed=3), layers.Dense(1)], rng=0)
    assert_training_goes_on(model, tmp_path / "model.npz")


def test_another_models_backup_changes_nothing(tmp_path):
    network("sigmoid").save(tmp_path / "model.npz")
    other = network(optimizer="adam")
    before = other.get_weights()
    with pytest.raises(ValueError, match="holds a model compiled with SGD; expected one compiled with Adam"):
        other.restore(tmp_path / "model.npz")
    wider = network(units=3)
    with pytest.raises(ValueError, match="holds shape"):
        wider.restore(tmp_path / "model.npz")
    for a, b in zip(other.get_weights(), before, strict=True):
        np.testing.assert_array_equal(a, b)
