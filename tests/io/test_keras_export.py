"""Models written as Keras' files: read again here, and by Keras where it is installed."""

import json
import zipfile

import numpy as np
import pytest

import striate
from striate import interop, layers
from tests.io import test_keras_files as both

pytest.importorskip("h5py")

X = both.X


def elementwise(library):
    inputs = library.Input((12, 12, 3))
    x = library.layers.Conv2D(4, 3)(inputs)
    y = library.ops.tanh(1 - x / 2) + library.layers.Conv2D(4, 1)(x) ** 2
    return library.Model(inputs, library.ops.maximum(library.ops.exp(-y) * x, 0.5))


def attention(library):
    inputs, of = library.Input((12, 12, 3), name="image"), library.layers
    x = of.Reshape((36, 12))(inputs)
    x = of.MultiHeadAttention(2, 4)(x, x, use_causal_mask=True)
    x = of.Add()([x, of.Dense(12, activation="gelu", name="mlp")(of.LayerNormalization()(x))])
    x = of.Bidirectional(of.GRU(3), merge_mode="sum")(x, training=False)
    return library.Model({"image": inputs}, {"a": of.Dense(2)(x), "b": x})


def functions(library):
    inputs, ops = library.Input((12, 12, 3)), library.ops
    x = library.layers.Conv2D(3, 3)(inputs)
    for function in (ops.exp, ops.relu, ops.gelu, ops.image.rgb_to_grayscale, library.activations.tanh):
        x = library.layers.Lambda(function)(x)
    return library.Model(inputs, x)


def given(make):
    return {"image": X} if make is attention else X


def outputs(model, x, **kwargs):
    return striate.tree.flatten(model.predict(x, **kwargs))


class Both(striate.layers.Layer):
    """The first input, and the second if it is there."""

    def call(self, x, other=None):
        return x if other is None else x + other


MODELS = [both.convnet, both.resnet, both.volumes, both.reader, elementwise, attention, functions]


@pytest.mark.parametrize("make", MODELS)
def test_models_written_are_read_again(make, tmp_path):
    model = make(striate)
    interop.save_keras_model(model, tmp_path / "x.keras")
    again = striate.models.load_model(tmp_path / "x.keras")
    for a, b in zip(outputs(again, given(make)), outputs(model, given(make)), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras' own
@pytest.mark.parametrize("make", MODELS)
def test_keras_loads_what_is_written(make, tmp_path):
    keras = pytest.importorskip("keras")
    model = make(striate)
    both.scramble(model)
    interop.save_keras_model(model, tmp_path / "x.keras")
    theirs = keras.models.load_model(tmp_path / "x.keras")
    for a, b in zip(outputs(model, given(make)), outputs(theirs, given(make), verbose=0), strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-5, atol=2e-5)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras' own
@pytest.mark.parametrize("make", [both.with_block, both.subclassed])
def test_keras_loads_custom_layers_and_models(make, tmp_path):
    keras = pytest.importorskip("keras")
    model = make(striate, **both.classes_of_ones_own(striate))
    both.scramble_all(model)
    interop.save_keras_model(model, tmp_path / "x.keras")
    theirs = keras.models.load_model(tmp_path / "x.keras", custom_objects=both.classes_of_ones_own(keras))
    assert type(theirs).__name__ == type(model).__name__
    np.testing.assert_allclose(model.predict(X), theirs.predict(X, verbose=0), rtol=2e-5, atol=2e-5)


def test_the_file_has_the_members_of_keras(tmp_path):
    interop.save_keras_model(both.convnet(striate), tmp_path / "x.keras")
    with zipfile.ZipFile(tmp_path / "x.keras") as archive:
        assert sorted(archive.namelist()) == ["config.json", "metadata.json", "model.weights.h5"]
        described = json.loads(archive.read("config.json"))
    assert (described["module"], described["class_name"]) == ("keras", "Sequential")
    assert described["config"]["layers"][1]["module"] == "keras.layers"
    assert described["config"]["layers"][1]["config"]["kernel_initializer"]["module"] == "keras.initializers"


def test_what_keras_lacks_is_refused(tmp_path):
    inputs = striate.Input((12, 12, 3))
    with pytest.raises(ValueError, match=r"layer 'operation' computes 'mean'; expected functions among"):
        interop.save_keras_model(striate.Model(inputs, striate.ops.mean(inputs, axis=1)), tmp_path / "x.keras")
    own = striate.Sequential([inputs, layers.LocalResponseNormalization()])
    with pytest.raises(ValueError, match=r"is a LocalResponseNormalization, which Keras lacks"):
        interop.save_keras_model(own, tmp_path / "x.keras")
    with pytest.raises(ValueError, match=r"expected one that ends in '\.keras'"):
        interop.save_keras_model(both.convnet(striate), tmp_path / "x.npz")
    with pytest.raises(ValueError, match="the model is not built"):
        interop.save_keras_model(striate.Sequential([layers.Dense(2)]), tmp_path / "x.keras")
    assert not list(tmp_path.iterdir())


def test_optional_inputs_and_numbers_of_numpy_are_written(tmp_path):
    x, other = striate.Input((3,), name="x"), striate.Input((3,), name="other", optional=True)
    y = striate.layers.Dense(3)(x) * np.float32(2)
    model = striate.Model([x, other], Both()(y, other), rng=0)
    interop.save_keras_model(model, tmp_path / "x.keras")
    again = striate.models.load_model(tmp_path / "x.keras", custom_objects={"Both": Both})
    a = np.ones((2, 3), np.float32)
    for given in ([a, a], [a, None]):
        np.testing.assert_array_equal(again.predict(given), model.predict(given))


def test_arrays_in_functions_are_refused_by_the_layer(tmp_path):
    x = striate.Input((3,))
    model = striate.Model(x, striate.layers.Dense(3)(x) * np.arange(3.0, dtype="float32"))
    with pytest.raises(ValueError, match=r"layer 'operation' takes an array of shape \(3,\)"):
        interop.save_keras_model(model, tmp_path / "x.keras")
