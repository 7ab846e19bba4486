"""Saving and loading: nothing is lost, nothing is unpickled, and damage is told."""

import json
import os
import pickle
import stat

import numpy as np
import pytest

from striate import Model, Sequential, layers, models, optimizers


def trained(rng=0):
    model = Sequential(
        [
            layers.Input((6, 6, 1)),
            layers.Conv2D(4, (3, 2), padding=((1, 1), (0, 2)), activation="relu", kernel_initializer="he_normal"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(3, activation="softmax"),
        ],
        name="small",
        rng=rng,
    )
    model.compile(optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(*data(), epochs=2, verbose=0)
    return model


def data():
    rng = np.random.default_rng(1)
    return rng.standard_normal((30, 6, 6, 1)).astype(np.float32), rng.integers(0, 3, 30)


@pytest.mark.parametrize("name", ["model.npz", "model", "model.striate"])
def test_a_loaded_model_goes_on_where_the_saved_one_stopped(tmp_path, name):
    x, y = data()
    model = trained()
    model.save(tmp_path / name)
    again = Sequential.load(tmp_path / name)
    assert again.name == "small"
    assert again.get_config() == model.get_config()
    np.testing.assert_array_equal(again.predict(x), model.predict(x))
    assert model.fit(x, y, epochs=2, verbose=0).history == again.fit(x, y, epochs=2, verbose=0).history
    np.testing.assert_equal(model.get_weights(), again.get_weights())


def test_a_model_that_is_not_compiled_cannot_be_trained(tmp_path):
    model = Sequential([layers.Dense(2)], rng=0)
    with pytest.raises(ValueError, match="the model is not built"):
        model.save_weights(tmp_path / "model.npz")
    assert not list(tmp_path.iterdir())
    model.build((None, 3))
    model.save(tmp_path / "model.npz")
    again = Sequential.load(tmp_path / "model.npz")
    assert not again.compiled
    np.testing.assert_array_equal(again.get_weights()[0], model.get_weights()[0])


def test_a_model_may_be_saved_without_its_optimizer(tmp_path):
    model = trained()
    models.save_model(model, tmp_path / "model.npz", include_optimizer=False)
    again = models.load_model(tmp_path / "model.npz")
    assert not again.compiled
    np.testing.assert_array_equal(again.predict(data()[0]), model.predict(data()[0]))
    model.save(tmp_path / "zipped.npz", zipped=True)
    assert models.load_model(tmp_path / "zipped.npz").compiled
    with pytest.raises(ValueError, match="zipped=False is not supported, since a model is one file"):
        model.save(tmp_path / "folder", zipped=False)


def test_a_file_may_bear_the_endings_of_keras(tmp_path):
    x, y = data()
    model = trained()
    model.save(tmp_path / "model.keras")
    again = models.load_model(tmp_path / "model.keras")
    assert again.fit(x, y, epochs=1, verbose=0).history == model.fit(x, y, epochs=1, verbose=0).history
    model.save_weights(tmp_path / "weights.keras")
    other = trained(rng=1)
    other.load_weights(tmp_path / "weights.keras")
    np.testing.assert_array_equal(other.predict(x), model.predict(x))


def test_the_file_is_plain_numpy_and_json(tmp_path):
    trained().save(tmp_path / "model.npz")
    with np.load(tmp_path / "model.npz", allow_pickle=False) as file:
        assert file["weights/conv2d/kernel"].shape == (3, 2, 1, 4)
        description = json.loads(bytes(file["model.json"]))
    assert description["config"]["layers"][1]["config"]["padding"] == [[1, 1], [0, 2]]


def test_a_failed_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "model.npz"
    trained().save(path)
    before = path.read_bytes()

    def fail(*arguments, **keywords):
        raise OSError("disk full")

    monkeypatch.setattr(np, "savez", fail)
    with pytest.raises(OSError, match="disk full"):
        trained(rng=1).save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX'")
def test_the_file_has_the_usual_mode(tmp_path):
    trained().save(tmp_path / "model.npz")
    (tmp_path / "other").touch()
    assert stat.S_IMODE((tmp_path / "model.npz").stat().st_mode) == stat.S_IMODE((tmp_path / "other").stat().st_mode)


def rewrite(path, **changes):
    with np.load(path) as file:
        arrays = dict(file)
    description = json.loads(bytes(arrays["model.json"]))
    for key, value in changes.items():
        if key in arrays or key.startswith("weights/"):
            arrays.pop(key) if value is None else arrays.update({key: value})
        else:
            description[key] = value
    arrays["model.json"] = np.frombuffer(json.dumps(description).encode(), np.uint8)
    with path.open("wb") as file:
        np.savez(file, **arrays)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda path: path.write_bytes(b"not a model"), "is not a model saved by striate, or is damaged"),
        (lambda path: path.write_bytes(b""), "is not a model saved by striate, or is damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:200]), "is not a model saved by striate, or is damaged"),
        (lambda path: path.write_bytes(pickle.dumps({"a": 1})), "is not a model saved by striate, or is damaged"),
        (lambda path: np.savez(path, a=np.zeros(3)), "is not a model saved by striate, or is damaged"),
        (lambda path: rewrite(path, format="other"), "is not a model saved by striate"),
        (lambda path: rewrite(path, version=99), "format version 99; expected 1"),
        (lambda path: rewrite(path, class_name="Oracle"), "'Oracle' is unknown"),
        (lambda path: rewrite(path, **{"weights/conv2d/kernel": None}), "lacks the weight 'conv2d/kernel'"),
        (
            lambda path: rewrite(path, **{"weights/conv2d/bias": np.zeros(5)}),
            r"holds shape \(5,\) for .* has \(4,\)",
        ),
    ],
)
def test_damaged_files_are_refused(tmp_path, damage, message):
    path = tmp_path / "model.npz"
    trained().save(path)
    damage(path)
    with pytest.raises(ValueError, match=message):
        Sequential.load(path)


def test_a_missing_file_raises_file_not_found(tmp_path):
    with pytest.raises(FileNotFoundError):
        Sequential.load(tmp_path / "none.npz")


class Doubling(layers.Layer):
    """A custom layer."""

    def forward(self, x, *, training, rng):
        """Double."""
        return 2 * x, None

    def backward(self, dy, saved, *, input_gradient=True):
        """Double."""
        return 2 * dy, []


def test_custom_layers_are_saved_and_loaded(tmp_path):
    x, y = data()
    model = Sequential([layers.Input((6, 6, 1)), Doubling(), layers.Flatten(), layers.Dense(3, activation="softmax")], rng=0)
    model.compile("sgd", "sparse_categorical_crossentropy")
    losses = model.fit(x, y, epochs=5, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    model.save(tmp_path / "model.npz")
    with pytest.raises(ValueError, match=r"npz' cannot be loaded: layer class='Doubling' is unknown"):
        Sequential.load(tmp_path / "model.npz")
    again = Sequential.load(tmp_path / "model.npz", custom_objects={"Doubling": Doubling})
    np.testing.assert_array_equal(again.predict(x), model.predict(x))


def graph_model():
    image, extra = layers.Input((6, 6, 2)), layers.Input((3,), name="extra")
    block = Sequential([layers.Conv2D(2, 3, padding="same"), layers.BatchNormalization()], name="block")
    x = layers.Add()([image, block(image)])
    inner = layers.Input((6, 6, 2))
    x = Model(inner, layers.Maximum()([inner, layers.Conv2D(2, 1)(inner)]), name="inner")(x)
    x = layers.Dropout(0.1)(layers.Flatten()(x), training=True)
    x = layers.Concatenate()([x, extra])
    shared = layers.Dense(4, activation="relu")
    x = shared(layers.Dense(4)(shared(layers.Dense(4)(x))))
    return Model([image, extra], [layers.Dense(3, activation="softmax", name="kind")(x), x], rng=0)


def test_a_graph_of_layers_comes_back(tmp_path):
    rng = np.random.default_rng(0)
    model = graph_model()
    x = [rng.standard_normal((10, 6, 6, 2)).astype(np.float32), rng.standard_normal((10, 3)).astype(np.float32)]
    y = [rng.integers(0, 3, 10), rng.standard_normal((10, 4))]
    model.compile("adam", ["sparse_categorical_crossentropy", "mse"], metrics=[["accuracy"], None], loss_weights=[1, 0.25])
    model.fit(x, y, epochs=2, verbose=0)
    model.save(tmp_path / "model.npz")
    again = Model.load(tmp_path / "model.npz")
    assert [layer.name for layer in again.layers] == [layer.name for layer in model.layers]
    assert len(again.weights) == len(model.weights)
    model.rng = np.random.default_rng(1)
    again.rng = np.random.default_rng(1)
    for a, b in zip(model.predict(x), again.predict(x), strict=True):
        np.testing.assert_array_equal(a, b)
    assert model.fit(x, y, verbose=0).history == again.fit(x, y, verbose=0).history
    np.testing.assert_equal(model.get_weights(), again.get_weights())


def test_frozen_layers_and_their_state_come_back(tmp_path):
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((20, 5)).astype(np.float32), rng.integers(0, 3, 20)
    model = Sequential(
        [layers.Input((5,)), layers.Dense(4), layers.BatchNormalization(), layers.Dense(3, activation="softmax")], rng=0
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    model.layers[0].trainable = False
    model.fit(x, y, verbose=0)
    model.layers[0].trainable = True  # trained from here on
    model.layers[2].trainable = False
    frozen = model.layers[2].get_weights()
    before = model.layers[0].get_weights()
    model.fit(x, y, verbose=0)
    assert not np.array_equal(before[0], model.layers[0].kernel.value)
    model.save(tmp_path / "model.npz")
    again = Sequential.load(tmp_path / "model.npz")
    assert again.layers[2].trainable is False
    for each in (model, again):
        each.layers[2].trainable = True
        each.rng = np.random.default_rng(3)
    assert np.array_equal(again.layers[2].kernel.value, frozen[0])
    assert model.fit(x, y, verbose=0).history == again.fit(x, y, verbose=0).history
    np.testing.assert_equal(model.get_weights(), again.get_weights())


def test_a_layer_gives_each_weight_its_name():
    class Twice(layers.Layer):
        def build(self, input_shape):
            for _ in range(2):
                self.add_weight((1,), lambda shape, dtype, rng: np.ones(shape, dtype), name="scale")

        def call(self, inputs):
            return inputs

    with pytest.raises(ValueError, match="name='scale' is the name of another weight of layer 'twice'"):
        Sequential([layers.Input((3,)), Twice()])


def test_frozen_models_and_tuning_come_back(tmp_path):
    inner = layers.Input((3,))
    base = Model(inner, layers.Dense(4)(inner), trainable=False)
    image = layers.Input((3,))
    model = Model(image, layers.Dense(2)(base(image)), rng=0)
    model.compile("sgd", "mse", autotune=True)
    model.save(tmp_path / "model.npz")
    again = Model.load(tmp_path / "model.npz")
    assert len(again.trainable_weights) == len(model.trainable_weights) == 2
    assert again.autotune


def test_weights_are_saved_and_loaded_alone(tmp_path):
    model, other = trained(), trained()
    model.save_weights(tmp_path / "weights.npz")
    other.set_weights([np.zeros_like(weight) for weight in other.get_weights()])
    other.load_weights(tmp_path / "weights.npz")
    np.testing.assert_equal(model.get_weights(), other.get_weights())
    model.save(tmp_path / "model.npz")
    other.load_weights(tmp_path / "model.npz")


def test_weights_that_do_not_fit_change_nothing(tmp_path):
    trained().save_weights(tmp_path / "weights.npz")
    arrays = dict(np.load(tmp_path / "weights.npz"))
    last = list(arrays)[-1]
    for change, message in (
        ({last: np.zeros(77, np.float32)}, r"holds shape \(77,\) for the weight"),
        ({last: None}, "lacks the weight"),
    ):
        np.savez(tmp_path / "wrong.npz", **{k: v for k, v in {**arrays, **change}.items() if v is not None})
        model = trained()
        before = [weight + 1 for weight in model.get_weights()]
        model.set_weights(before)
        with pytest.raises(ValueError, match=message):
            model.load_weights(tmp_path / "wrong.npz")
        for a, b in zip(model.get_weights(), before, strict=True):
            np.testing.assert_array_equal(a, b)
