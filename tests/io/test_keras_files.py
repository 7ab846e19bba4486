"""Weights and models in Keras' files: both ways, beside Keras where it is installed."""

import json
import tracemalloc
import zipfile

import numpy as np
import pytest

import striate
from striate import layers as own_layers

h5py = pytest.importorskip("h5py")

X = np.random.default_rng(0).standard_normal((3, 12, 12, 3)).astype("float32")


def convnet(library):
    layers = library.layers
    return library.Sequential(
        [
            library.Input((12, 12, 3)),
            layers.Conv2D(6, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2),
            layers.SeparableConv2D(5, 3, activation="gelu"),
            layers.Conv2DTranspose(4, 2, strides=2),
            layers.GroupNormalization(2),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(4, activation="softmax"),
        ]
    )


def volumes(library):
    layers = library.layers
    first = {"data_format": "channels_first"}
    return library.Sequential(
        [
            library.Input((12, 12, 3)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.Reshape((5, 5, 4, 8)),
            layers.Conv3D(4, (3, 2, 2), padding="same", activation="relu"),
            layers.BatchNormalization(axis=2),
            layers.MaxPooling3D((2, 1, 1)),
            layers.Conv3DTranspose(3, 2, strides=(2, 1, 1)),
            layers.ZeroPadding3D((0, 1, 0)),
            layers.Cropping3D(((0, 1), (1, 0), (0, 0))),
            layers.UpSampling3D((1, 2, 1)),
            layers.AveragePooling3D((1, 2, 2), strides=1, padding="same", **first),
            layers.AdaptiveAveragePooling3D((2, 3, 2)),
            layers.SpatialDropout3D(0.3),
            layers.Reshape((4, 3, 3)),
            layers.SpectralNormalization(layers.Conv2D(4, 2, groups=2, **first)),
            layers.SeparableConv2D(5, 2, **first),
            layers.Flatten(**first),
            layers.Dense(4, activation="softmax"),
        ]
    )


def resnet(library):
    layers = library.layers
    inputs = library.Input((12, 12, 3))
    x = layers.Conv2D(4, 3, padding="same", use_bias=False)(inputs)
    shared = layers.Conv2D(4, 3, padding="same", activation="relu")
    y = layers.Conv2D(4, 1)(x)
    for _ in range(2):
        x = layers.add([x, layers.LayerNormalization()(shared(x))])
    x = layers.Concatenate()([y, x])
    x = layers.GlobalAveragePooling2D()(layers.PReLU(shared_axes=[1, 2])(x))
    head = library.Sequential([layers.Dense(5, activation="relu"), layers.Dense(3)])
    other = library.Input((8,))
    inner = library.Model(other, layers.Dense(2)(layers.Dense(4, activation="tanh")(other)))
    return library.Model(inputs, [head(x), inner(x)])


def reader(library):
    layers = library.layers
    inputs = library.Input((12, 12, 3))
    x = layers.Reshape((12, 36))(inputs)
    x = layers.Bidirectional(layers.LSTM(4, return_sequences=True, dropout=0.1), merge_mode="sum")(x)
    x = layers.TimeDistributed(layers.Dense(5, activation="relu"))(x)
    x = layers.RNN([layers.LSTMCell(4), layers.GRUCell(3, recurrent_dropout=0.1)], return_sequences=True)(x)
    x, *states = layers.LSTM(4, return_sequences=True, return_state=True, unit_forget_bias=False)(x)
    x = layers.LSTM(4, return_sequences=True, activation="relu")(x, initial_state=states)
    x = layers.GRU(3, reset_after=False, return_sequences=True, go_backwards=True)(x)
    return library.Model(inputs, layers.SimpleRNN(2, kernel_regularizer="l2")(layers.GRU(3, return_sequences=True)(x)))


def outputs(model):
    y = model.predict(X, verbose=0)
    return y if isinstance(y, list) else [y]


def scramble(model):
    rng = np.random.default_rng(1)
    for layer in model.layers:
        layer.set_weights([rng.uniform(0.1, 0.5, array.shape) for array in layer.get_weights()])


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras' own
@pytest.mark.parametrize("make", [convnet, resnet, volumes, reader])
def test_weights_and_models_move_both_ways(make, tmp_path):
    keras = pytest.importorskip("keras")
    theirs, ours = make(keras), make(striate)
    scramble(theirs)
    theirs.save_weights(tmp_path / "x.weights.h5")
    theirs.save(tmp_path / "x.keras")
    theirs.save(tmp_path / "x.h5")
    for name in ("x.weights.h5", "x.keras", "x.h5"):
        scrambled = make(striate)
        scrambled.load_weights(tmp_path / name)
        for a, b in zip(outputs(scrambled), outputs(theirs), strict=True):
            np.testing.assert_allclose(a, b, rtol=2e-5, atol=2e-5)
    for name in ("x.keras", "x.h5"):
        loaded = striate.models.load_model(tmp_path / name)
        for a, b in zip(outputs(loaded), outputs(theirs), strict=True):
            np.testing.assert_allclose(a, b, rtol=2e-5, atol=2e-5)
    scramble(ours)
    ours.save_weights(tmp_path / "y.weights.h5")
    theirs.load_weights(tmp_path / "y.weights.h5")
    for a, b in zip(outputs(ours), outputs(theirs), strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-5, atol=2e-5)


@pytest.mark.parametrize("make", [convnet, resnet])
def test_weights_written_are_read_again(make, tmp_path):
    first, second = make(striate), make(striate)
    first.save_weights(tmp_path / "x.weights.h5")
    second.load_weights(tmp_path / "x.weights.h5")
    for a, b in zip(outputs(first), outputs(second), strict=True):
        np.testing.assert_array_equal(a, b)
    with h5py.File(tmp_path / "x.weights.h5") as file:
        assert "kernel" not in file
        assert "0" in file["layers/conv2d/vars"]


def classes_of_ones_own(library):
    """Return a layer, a model and an activation, all written with a library."""
    layers = library.layers

    class Block(layers.Layer):
        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)
            self.units = units
            self.dense = layers.Dense(units)
            self.rest = [layers.Dense(units, activation="tanh"), layers.Dense(units)]
            self._named = {"norm": layers.BatchNormalization(), "drop": layers.Dropout(0.5)}

        def build(self, input_shape):
            self.frozen = self.add_weight(shape=(self.units,), initializer="ones", trainable=False, name="frozen")
            self.scale = self.add_weight(shape=(self.units,), initializer="ones", name="scale")

        def call(self, x):
            x = self.dense(x)
            for layer in self.rest:
                x = layer(x)
            return self._named["drop"](self._named["norm"](x * self.scale + self.frozen))

        def get_config(self):
            return {"units": self.units, **super().get_config()}

    class Net(library.Model):
        def __init__(self, units=6, **kwargs):
            super().__init__(**kwargs)
            self.units = units
            self.stem = layers.Conv2D(units, 3, activation=layers.LeakyReLU(0.1))
            self.pool = layers.GlobalAveragePooling2D()
            self.block = Block(units)
            self.head = library.Sequential([layers.Dense(units), layers.Dense(units)])
            self.out = layers.Dense(units)
            self.after = [layers.Dense(3)]

        def call(self, x):
            x = self.head(self.block(self.pool(self.stem(x))))
            return self.after[0](self.out(x))

        def get_config(self):
            return {"units": self.units, **super().get_config()}

    class Twice(library.Sequential):
        pass

    def doubled(x):
        return x * 2

    return {"Block": Block, "Net": Net, "Twice": Twice, "doubled": doubled}


def with_block(library, Block, Twice, doubled, **_):
    layers = library.layers
    return library.Sequential(
        [
            library.Input((12, 12, 3)),
            layers.Resizing(8, 8, antialias=True),
            layers.Normalization(),
            layers.Normalization(axis=None),
            layers.Normalization(mean=[0.1, 0.2, 0.3], variance=[1.0, 2.0, 3.0]),
            layers.RandomFlip(),
            Twice([layers.Conv2D(4, 3, activation=layers.LeakyReLU(0.1)), layers.SeparableConv2D(4, 3, activation=doubled)]),
            layers.Activation(layers.ELU(0.5)),
            layers.Flatten(),
            Block(5),
            Block(4, trainable=False),
            layers.Dense(3, activation=doubled),
        ]
    )


def subclassed(library, Net, **_):
    model = Net()
    model(np.zeros((1, 12, 12, 3), "float32"))
    return model


def scramble_all(model):
    rng = np.random.default_rng(1)
    for weight in model.weights:
        weight.assign(rng.uniform(0.1, 0.5, weight.shape).astype("float32"))
    for layer in model.layers:
        if hasattr(layer, "finalize_state"):  # Keras' Normalization keeps what it makes of its weights
            layer.finalize_state()


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras' own
@pytest.mark.parametrize("make", [with_block, subclassed])
def test_custom_layers_and_models_move_both_ways(make, tmp_path):
    keras = pytest.importorskip("keras")
    of_theirs, of_ours = classes_of_ones_own(keras), classes_of_ones_own(striate)
    theirs, ours = make(keras, **of_theirs), make(striate, **of_ours)
    scramble_all(theirs)
    theirs.save_weights(tmp_path / "x.weights.h5")
    theirs.save(tmp_path / "x.keras")
    ours.load_weights(tmp_path / "x.weights.h5")
    np.testing.assert_allclose(outputs(ours)[0], outputs(theirs)[0], rtol=2e-5, atol=2e-5)
    loaded = striate.models.load_model(tmp_path / "x.keras", custom_objects=of_ours)
    assert type(loaded).__name__ == type(theirs).__name__
    np.testing.assert_allclose(outputs(loaded)[0], outputs(theirs)[0], rtol=2e-5, atol=2e-5)
    scramble_all(ours)
    ours.save_weights(tmp_path / "y.weights.h5")
    theirs = make(keras, **of_theirs)
    theirs.load_weights(tmp_path / "y.weights.h5")
    np.testing.assert_allclose(outputs(ours)[0], outputs(theirs)[0], rtol=2e-5, atol=2e-5)
    again = make(striate, **of_ours)
    again.load_weights(tmp_path / "y.weights.h5")
    np.testing.assert_array_equal(outputs(ours)[0], outputs(again)[0])


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras' own
def test_registered_classes_are_known(tmp_path):
    keras = pytest.importorskip("keras")
    theirs = classes_of_ones_own(keras)["Block"]
    keras.saving.register_keras_serializable("striate_tests", name="Renamed")(theirs)
    model = keras.Sequential([keras.Input((12, 12, 3)), keras.layers.Flatten(), theirs(3)])
    scramble_all(model)
    model.save(tmp_path / "x.keras")
    with pytest.raises(ValueError, match=r"holds what striate lacks: layer 'block.*' of class Block"):
        striate.models.load_model(tmp_path / "x.keras")
    with striate.saving.custom_object_scope({"Renamed": classes_of_ones_own(striate)["Block"]}):
        loaded = striate.models.load_model(tmp_path / "x.keras")
    np.testing.assert_allclose(outputs(loaded)[0], outputs(model)[0], rtol=2e-5, atol=2e-5)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras' own
def test_functions_in_graphs_are_read(tmp_path):
    keras = pytest.importorskip("keras")
    inputs = keras.Input((12, 12, 3))
    x = keras.layers.Conv2D(4, 3)(inputs)
    y = keras.ops.tanh(1 - x / 2) + keras.layers.Conv2D(4, 1)(keras.layers.Lambda(keras.ops.sin)(x)) ** 2
    theirs = keras.Model(inputs, keras.ops.maximum(keras.ops.relu(y) * keras.ops.exp(x), 0.5))
    theirs.save(tmp_path / "x.keras")
    np.testing.assert_allclose(
        outputs(striate.models.load_model(tmp_path / "x.keras"))[0], outputs(theirs)[0], rtol=2e-5, atol=2e-5
    )
    keras.Model(inputs, keras.ops.mean(inputs, axis=1)).save(tmp_path / "y.keras")
    # Keras counts the names that it makes up for as long as the process lives.
    with pytest.raises(ValueError, match=r"holds what striate lacks: function 'mean(_\d+)?' \(Mean\)"):
        striate.models.load_model(tmp_path / "y.keras")


def test_weights_that_do_not_fit_change_nothing(tmp_path):
    convnet(striate).save_weights(tmp_path / "x.weights.h5")
    other = striate.Sequential([striate.Input((12, 12, 3)), own_layers.Conv2D(6, 3), own_layers.Conv2D(6, 3)])
    before = other.get_weights()
    with pytest.raises(ValueError, match=r"holds weights of shapes \[\] for 'layers/conv2d_1'; expected \[\(3, 3, 6, 6\)"):
        other.load_weights(tmp_path / "x.weights.h5")
    for a, b in zip(before, other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_weights_that_do_not_fit_may_be_left_out(tmp_path):
    convnet(striate).save_weights(tmp_path / "x.weights.h5")
    model = striate.Sequential([striate.Input((12, 12, 3)), own_layers.Conv2D(6, 3), own_layers.Conv2D(6, 3)])
    kept = model.layers[1].get_weights()
    with pytest.warns(UserWarning, match=r"holds weights of shapes \[\] for 'layers/conv2d_1'; expected"):
        model.load_weights(tmp_path / "x.weights.h5", skip_mismatch=True)
    with h5py.File(tmp_path / "x.weights.h5") as file:
        np.testing.assert_array_equal(model.layers[0].get_weights()[0], file["layers/conv2d/vars/0"])
    for a, b in zip(model.layers[1].get_weights(), kept, strict=True):
        np.testing.assert_array_equal(a, b)
    with pytest.raises(ValueError, match="by_name=True is only for files in the layout of Keras 2"):
        model.load_weights(tmp_path / "x.weights.h5", by_name=True)


def test_other_files_are_refused(tmp_path):
    model = convnet(striate)
    with pytest.raises(FileNotFoundError, match=r"none\.weights\.h5"):
        model.load_weights(tmp_path / "none.weights.h5")
    (tmp_path / "bad.weights.h5").write_bytes(b"nothing")
    with pytest.raises(ValueError, match="is not a file of Keras'"):
        model.load_weights(tmp_path / "bad.weights.h5")
    with h5py.File(tmp_path / "empty.weights.h5", "w"):
        pass
    with pytest.raises(ValueError, match="holds no layers as Keras writes them"):
        model.load_weights(tmp_path / "empty.weights.h5")


def test_what_striate_lacks_is_listed(tmp_path):
    def entry(kind, **config):
        return {"class_name": kind, "config": {"name": kind.lower(), "dtype": "float32", **config}}

    items = [
        entry("InputLayer", batch_shape=[None, 4]),
        entry("Dense", units=3, lora_rank=4, activation="relu", quantization_config=None),
        entry("ConvLSTM2D", filters=3),
    ]
    with zipfile.ZipFile(tmp_path / "x.keras", "w") as archive:
        archive.writestr("config.json", json.dumps({"class_name": "Sequential", "config": {"name": "x", "layers": items}}))
    with pytest.raises(
        ValueError,
        match=r"holds what striate lacks: lora_rank=4 of layer 'dense' \(Dense\); layer 'convlstm2d' of class ConvLSTM2D",
    ):
        striate.models.load_model(tmp_path / "x.keras")
    (tmp_path / "bad.keras").write_bytes(b"nothing")
    with pytest.raises(ValueError, match="is not a file of Keras'"):
        striate.models.load_model(tmp_path / "bad.keras")


WEIGHT = "layers/dense/vars/0"


@pytest.fixture
def small(tmp_path):
    """A model, a file of its weights, and one that holds something else at the same place."""
    model = striate.Sequential([striate.Input((4,)), own_layers.Dense(3)], rng=0)
    paths = [tmp_path / name for name in ("x.weights.h5", "secret.weights.h5")]
    for path in paths:
        model.save_weights(path)
    (tmp_path / "secret").write_bytes(np.arange(12, dtype="f4").tobytes())
    return model, *paths


def external_link(file, secret, place):
    del file[place]
    file[place] = h5py.ExternalLink(str(secret), place)


def soft_link(file, secret):
    file["elsewhere"] = h5py.ExternalLink(str(secret), "layers")
    del file["layers/dense"]
    file["layers/dense"] = h5py.SoftLink("/elsewhere/dense")


def virtual(file, secret):
    del file[WEIGHT]
    layout = h5py.VirtualLayout((4, 3), "f4")
    layout[...] = h5py.VirtualSource(str(secret), WEIGHT, (4, 3))
    file.create_virtual_dataset(WEIGHT, layout)


def other(file, secret, **settings):
    del file[WEIGHT]
    file.create_dataset(WEIGHT, **settings)


def some_chunks(file, secret):
    other(file, secret, shape=(4, 3), dtype="f4", chunks=(3, 2))
    file[WEIGHT][:3] = 1.0


HOSTILE = {
    "external storage": (
        lambda f, s: other(f, s, shape=(4, 3), dtype="f4", external=[(str(s.with_name("secret")), 0, 48)]),
        "not an array in the file itself",
    ),
    "a link to another file": (
        lambda f, s: external_link(f, s, WEIGHT),
        "'0' is a link; expected everything to be in the file",
    ),
    "a group of another file": (lambda f, s: external_link(f, s, "layers"), "'layers' is a link"),
    "a link to such a link": (soft_link, "'dense' is a link"),
    "a virtual dataset": (virtual, "not an array in the file itself"),
    "nothing stored": (lambda f, s: other(f, s, shape=(4, 3), dtype="f4"), "has no elements; expected 48 bytes of them"),
    "nothing stored of much": (lambda f, s: other(f, s, shape=(1 << 20, 1 << 12), dtype="f4"), "has no elements"),
    "much of nothing": (
        lambda f, s: other(f, s, shape=(1 << 20, 1 << 12), dtype="f4", chunks=True, compression="gzip"),
        "claim to hold",
    ),
    "no chunks stored": (lambda f, s: other(f, s, shape=(4, 3), dtype="f4", chunks=(4, 3)), "lacks some of its chunks"),
    "not all chunks stored": (some_chunks, r"lacks some of its chunks of shape \(3, 2\)"),
    "one large chunk": (
        lambda f, s: other(f, s, data=np.ones((4, 3)), maxshape=(None, None), chunks=(10_000, 1000), compression="gzip"),
        "has chunks of shape",
    ),
    "text": (lambda f, s: other(f, s, data=np.full((4, 3), b"x")), "expected real numbers"),
    "lists": (lambda f, s: other(f, s, shape=(4, 3), dtype=h5py.vlen_dtype("f4")), "expected real numbers"),
    "a group": (lambda f, s: (f.move(WEIGHT, "away"), f.create_group(WEIGHT)), "not an array in the file itself"),
    "nothing": (lambda f, s: other(f, s, dtype="f4"), "expected real numbers|no array"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_keras_files_are_refused(small, kind):
    model, path, secret = small
    change, message = HOSTILE[kind]
    with h5py.File(path, "a") as file:
        change(file, secret)
    before = model.get_weights()
    tracemalloc.start()
    with pytest.raises(ValueError, match=rf"x\.weights\.h5' is not a file of Keras', or is damaged .*({message})"):
        model.load_weights(path)
    assert tracemalloc.get_traced_memory()[1] < 5e6
    tracemalloc.stop()
    for a, b in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("settings", [{"compression": "gzip"}, {"chunks": (3, 2)}], ids=["gzip", "chunks"])
def test_what_others_wrote_in_chunks_is_read(small, settings):
    model, path, secret = small
    with h5py.File(path, "a") as file:
        other(file, secret, data=np.full((4, 3), 2, "i2"), **settings)
    model.load_weights(path)
    np.testing.assert_array_equal(model.get_weights()[0], np.full((4, 3), 2))


def test_members_with_inflated_sizes_are_refused(tmp_path):
    path = tmp_path / "x.keras"
    model = striate.Sequential([striate.Input((4,)), own_layers.Dense(3)])
    for name, read in (("config.json", striate.models.load_model), ("model.weights.h5", model.load_weights)):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, b" " * (1 << 26))
        tracemalloc.start()
        with pytest.raises(ValueError, match=rf"x\.keras' is not .*'{name}' claims that its \d+ bytes become 67108864"):
            read(path)
        assert tracemalloc.get_traced_memory()[1] < 5e6
        tracemalloc.stop()


#: Keras' configurations of layers that `adapt` gave a vocabulary, which is a text in the file.
LOOKUP = {
    "invert": False, "max_tokens": None, "num_oov_indices": 2, "oov_token": "[UNK]", "mask_token": None, "output_mode": "int",
    "sparse": False, "pad_to_max_tokens": False, "idf_weights": None, "vocabulary": None, "vocabulary_size": 5,
    "oov_method": "floormod", "salt": None, "encoding": "utf-8",
}  # fmt: skip
TEXTS = {
    "max_tokens": None, "standardize": "lower_and_strip_punctuation", "split": "whitespace", "ngrams": None,
    "output_mode": "int", "output_sequence_length": 1, "pad_to_max_tokens": False, "sparse": False, "ragged": False,
    "vocabulary": None, "idf_weights": None, "encoding": "utf-8", "vocabulary_size": 5,
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "config", "lines", "dtype", "x", "expected"),
    [
        ("StringLookup", LOOKUP, "[UNK]\n[UNK]\nb\na\nc\n\n", "string", ["a", "c", "b"], [3, 4, 2]),
        ("TextVectorization", TEXTS, "\n[UNK]\nb\na\nc", "string", ["A!", "c", "z"], [3, 4, 1]),
        (
            "IntegerLookup",
            {**LOOKUP, "oov_token": -1, "num_oov_indices": 1, "vocabulary_dtype": "int64", "encoding": None},
            "-1\n7\n5",
            "int64",
            [5, 7, 8],
            [2, 1, 0],
        ),
    ],
)
def test_vocabularies_are_texts_in_files(tmp_path, kind, config, lines, dtype, x, expected):
    name = striate._common.registry.snake_case(kind)
    policy = {"class_name": "DTypePolicy", "config": {"name": "float32"}}

    def entry(cls, **arguments):
        return {"module": "keras.layers", "class_name": cls, "config": {"dtype": policy, **arguments}}

    items = [
        {"class_name": "InputLayer", "config": {"batch_shape": [None, 1], "dtype": dtype, "name": "input_layer"}},
        entry(kind, name=name, trainable=True, **config),
        entry("Embedding", name="embedding", input_dim=5, output_dim=2),
    ]
    embedding = own_layers.Embedding(5, 2)
    own = striate.Sequential([striate.Input((1,), dtype="int32"), embedding], rng=0)
    own.save_weights(tmp_path / "own.weights.h5")
    with zipfile.ZipFile(tmp_path / "x.keras", "w") as archive:
        archive.writestr("config.json", json.dumps({"class_name": "Sequential", "config": {"name": "m", "layers": items}}))
        archive.write(tmp_path / "own.weights.h5", "model.weights.h5")
        archive.writestr(f"assets/layers/{name}/vocabulary.txt", lines)
    model = striate.models.load_model(tmp_path / "x.keras")
    np.testing.assert_array_equal(model.predict(np.array(x)[:, None])[:, 0], embedding.get_weights()[0][expected])
