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


def test_layers_as_activations_are_saved(tmp_path):
    activations = [layers.LeakyReLU(0.1), layers.PReLU(alpha_initializer="ones", name="slopes")]
    model = keras.Sequential([keras.Input((5,)), *(layers.Dense(3, activation=each) for each in activations)], rng=0)
    model.layers[1].activation.set_weights([np.array([0.1, 0.2, 0.3])])
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert again.layers[0].activation.negative_slope == 0.1
    np.testing.assert_array_equal(again.predict(X), model.predict(X))
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    np.testing.assert_array_equal(copy.predict(X), model.predict(X))


def test_lambdas_are_saved_as_code_and_loaded_on_trust(tmp_path):
    model = keras.Sequential(
        [keras.Input((5,)), layers.Lambda(lambda x, by=3: ops.square(x) * by, name="code"), layers.Lambda(bent)], rng=0
    )
    expected = np.tanh(np.square(X) * 3) * 2
    model.save(tmp_path / "model.keras")
    for load in (keras.models.load_model, keras.Sequential.load):
        with pytest.raises(ValueError, match=r"model\.keras' holds code, which could do anything, in layers \['code'\]"):
            load(tmp_path / "model.keras", custom_objects={"bent": bent})
    again = keras.models.load_model(tmp_path / "model.keras", custom_objects={"bent": bent}, safe_mode=False)
    np.testing.assert_allclose(again.predict(X), expected, rtol=1e-5)
    np.testing.assert_allclose(keras.models.clone_model(model).predict(X), expected, rtol=1e-5)
    with pytest.raises(ValueError, match="holds code"):
        keras.models.model_from_json(model.to_json(), {"bent": bent})


def test_a_lambda_that_reads_global_variables_is_not_saved(tmp_path):
    model = keras.Sequential([keras.Input((5,)), layers.Lambda(lambda x: bent(x))])
    with pytest.raises(TypeError, match=r"layer 'lambda' cannot be saved: .* reads the global variable 'bent'"):
        model.save(tmp_path / "model.keras")


@pytest.mark.parametrize("compiled", [False, True])
def test_a_model_that_is_not_built_is_saved_without_weights(tmp_path, compiled):
    model = keras.Sequential([layers.Dense(3), layers.Dense(1)], rng=0)
    if compiled:
        model.compile(keras.optimizers.Adam(0.1), "mse", metrics=["mae"])
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert (again.built, again.compiled) == (False, compiled)
    if compiled:
        assert again.fit(X, YES, verbose=0).history == model.fit(X, YES, verbose=0).history
    np.testing.assert_array_equal(again.predict(X), model.predict(X))


@pytest.mark.parametrize("ending", ["npz", "weights.h5"])
def test_layers_may_be_left_out_of_files_of_weights(tmp_path, ending):
    if ending == "weights.h5":
        pytest.importorskip("h5py")
    path = tmp_path / f"model.{ending}"
    source, other = network(), network()
    source.set_weights([weight + 1 for weight in source.get_weights()])
    source.save_weights(path)
    before, saved = other.get_weights(), source.get_weights()
    other.load_weights(path, objects_to_skip=[other.layers[0]])
    for i, weight in enumerate(other.get_weights()):
        np.testing.assert_array_equal(weight, before[i] if i < 2 else saved[i])
    source.save_weights(path, objects_to_skip=[source.layers[0]])
    other.set_weights(before)
    with pytest.raises(ValueError, match=r"model\."):
        other.load_weights(path)
    other.load_weights(path, objects_to_skip=[other.layers[0]])
    np.testing.assert_array_equal(other.get_weights()[2], saved[2])
    with pytest.raises(TypeError, match=r"objects_to_skip\[0\]='dense' is of type str; expected a layer"):
        other.load_weights(path, objects_to_skip=["dense"])


@pytest.mark.parametrize("dtypes", [("float64", "float32"), ("float32", "float64")])
def test_layers_of_different_dtypes_follow_one_another(tmp_path, dtypes):
    first, second = (layers.Dense(3, dtype=dtype) for dtype in dtypes)
    model = keras.Sequential([keras.Input((5,), dtype="float64"), first, second, layers.Softmax(dtype="float64")], rng=0)
    a, b, c, d = model.get_weights()
    x = X.astype("float64") + 1e-12
    logits = (x.astype(dtypes[0]) @ a + b).astype(dtypes[1]) @ c + d
    powers = np.exp(logits.astype("float64"))
    np.testing.assert_allclose(model.predict(x), powers / powers.sum(1, keepdims=True), rtol=1e-5)
    model.save(tmp_path / "model.npz")
    again = keras.models.load_model(tmp_path / "model.npz")
    assert [weight.dtype for weight in again.weights] == [weight.dtype for weight in model.weights]
    np.testing.assert_array_equal(again.predict(x), model.predict(x))


def test_a_model_that_is_not_built_but_has_weights_is_not_saved(tmp_path):
    class Trained(keras.Model):
        def __init__(self):
            super().__init__()
            self.network = network()

        def call(self, x):
            return self.network(x)

    with pytest.raises(ValueError, match="the model is not built"):
        Trained().save(tmp_path / "model.npz")
