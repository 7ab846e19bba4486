"""Keras' older ``.h5`` files of weights and of models, code in files, and how models were compiled."""

import json
import zipfile

import numpy as np
import pytest

import striate
from striate import applications, layers

h5py = pytest.importorskip("h5py")

X = np.random.default_rng(0).standard_normal((3, 8, 8, 3)).astype("float32")
keras_warns = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras' own


def small():
    """Return a model with layers that have no weights, one, and four, two of them not trained."""
    stack = [
        striate.Input((8, 8, 3)),
        layers.Conv2D(4, 3, use_bias=False, name="first"),
        layers.ReLU(name="relu"),
        layers.BatchNormalization(name="norm"),
        layers.Flatten(name="flatten"),
        layers.Dense(2, name="last"),
    ]
    model = striate.Sequential(stack, rng=0)
    rng = np.random.default_rng(1)
    model.set_weights([rng.uniform(0.1, 0.5, weight.shape) for weight in model.get_weights()])
    return model


def write_weights(group, model, names=None):
    """Write the weights of a model's layers as Keras 2 does, the layers with other names."""
    names = [layer.name for layer in model.layers] if names is None else names
    group.attrs["layer_names"] = [name.encode() for name in names]
    group.attrs["keras_version"] = b"2.15.0"
    for name, layer in zip(names, model.layers, strict=True):
        weights = [*layer.trainable_weights, *layer.non_trainable_weights]
        places = [f"{name}/{weight.name}_{i}:0" for i, weight in enumerate(weights)]
        group.create_group(name).attrs["weight_names"] = [place.encode() for place in places]
        for place, weight in zip(places, weights, strict=True):
            group[name][place] = weight.numpy()


@pytest.mark.parametrize("by_name", [False, True])
def test_weights_of_keras_2_are_read(tmp_path, by_name):
    saved, model = small(), small()
    with h5py.File(tmp_path / "x.h5", "w") as file:
        write_weights(file, saved)
    model.set_weights([weight + 1 for weight in model.get_weights()])
    model.load_weights(tmp_path / "x.h5", by_name=by_name)
    np.testing.assert_array_equal(model.predict(X), saved.predict(X))


def test_layers_are_found_in_order_or_by_name(tmp_path):
    saved, model = small(), small()
    with h5py.File(tmp_path / "x.h5", "w") as file:
        write_weights(file.create_group("model_weights"), saved, ["first", "b", "c", "d", "e"])
    before = [weight + 1 for weight in model.get_weights()]
    model.set_weights(before)
    model.load_weights(tmp_path / "x.h5", by_name=True)
    np.testing.assert_array_equal(model.get_layer("first").get_weights()[0], saved.get_layer("first").get_weights()[0])
    for a, b in zip(model.get_weights()[1:], before[1:], strict=True):
        np.testing.assert_array_equal(a, b)
    model.load_weights(tmp_path / "x.h5")
    np.testing.assert_array_equal(model.predict(X), saved.predict(X))


def test_many_names_are_spread_over_attributes(tmp_path):
    saved, model = small(), small()
    model.set_weights([weight + 1 for weight in model.get_weights()])
    with h5py.File(tmp_path / "x.h5", "w") as file:
        write_weights(file, saved)
        names = file.attrs["layer_names"]
        del file.attrs["layer_names"]
        file.attrs["layer_names0"], file.attrs["layer_names1"] = names[:3], names[3:]
    model.load_weights(tmp_path / "x.h5")
    np.testing.assert_array_equal(model.predict(X), saved.predict(X))


def test_weights_that_do_not_fit_change_nothing_or_are_left_out(tmp_path):
    saved = small()
    with h5py.File(tmp_path / "x.h5", "w") as file:
        write_weights(file, saved)
    other = striate.Sequential(
        [striate.Input((8, 8, 3)), layers.Conv2D(4, 3, use_bias=False), layers.BatchNormalization(), layers.Dense(3)]
    )
    before = other.get_weights()
    with pytest.raises(
        ValueError, match=r"holds weights of shapes \[\(144, 2\), \(2,\)\] for 'last'; expected \[\(4, 3\), \(3,\)\]"
    ):
        other.load_weights(tmp_path / "x.h5")
    for a, b in zip(other.get_weights(), before, strict=True):
        np.testing.assert_array_equal(a, b)
    with pytest.warns(UserWarning, match="holds weights of shapes"):
        other.load_weights(tmp_path / "x.h5", skip_mismatch=True)
    np.testing.assert_array_equal(other.get_weights()[0], saved.get_weights()[0])
    np.testing.assert_array_equal(other.get_weights()[-1], before[-1])
    with pytest.raises(ValueError, match="holds 3 layers with weights; expected 1, as the model has, or by_name=True"):
        striate.Sequential([striate.Input((4,)), layers.Dense(2)]).load_weights(tmp_path / "x.h5")
    with pytest.raises(ValueError, match="the file holds weights, but no model"):
        striate.models.load_model(tmp_path / "x.h5")


def test_links_to_other_files_are_refused(tmp_path):
    model = small()
    for name in ("x.h5", "secret.h5"):
        with h5py.File(tmp_path / name, "w") as file:
            write_weights(file, model)
    with h5py.File(tmp_path / "x.h5", "a") as file:
        del file["last/last/kernel_0:0"]
        file["last/last/kernel_0:0"] = h5py.ExternalLink(str(tmp_path / "secret.h5"), "last/last/kernel_0:0")
    with pytest.raises(ValueError, match="'kernel_0:0' is a link; expected everything to be in the file itself"):
        model.load_weights(tmp_path / "x.h5")


@keras_warns
def test_weights_that_keras_publishes_are_read(tmp_path):
    """Keras 3 still has the function that wrote them."""
    legacy = pytest.importorskip("keras.src.legacy.saving.legacy_h5_format")
    keras = pytest.importorskip("keras")
    arguments = {"input_shape": (32, 32, 3), "classes": 3, "alpha": 0.5}
    theirs = keras.applications.MobileNetV3Small(weights=None, **arguments)
    with h5py.File(tmp_path / "x.h5", "w") as file:
        legacy.save_weights_to_hdf5_group(file, theirs)
    own = applications.MobileNetV3Small(weights=tmp_path / "x.h5", **arguments)
    for a, b in zip(own.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def dense(name, units, **config):
    return {
        "class_name": "Dense",
        "config": {
            "name": name, "trainable": True, "dtype": "float32", "units": units, "activation": "linear", "use_bias": True,
            "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": None}},
            "bias_initializer": {"class_name": "Zeros", "config": {}}, "kernel_regularizer": None, "bias_regularizer": None,
            "activity_regularizer": None, "kernel_constraint": None, "bias_constraint": None, **config,
        },
    }  # fmt: skip


#: A model as Keras 2.15 writes it: a Functional with a shared layer and arguments that Keras 3 has dropped or renamed.
FUNCTIONAL = {
    "class_name": "Functional",
    "config": {
        "name": "model",
        "trainable": True,
        "layers": [
            {
                "class_name": "InputLayer",
                "config": {
                    "batch_input_shape": [None, 8, 8, 3], "dtype": "float32", "sparse": False, "name": "input_1",
                },
                "name": "input_1",
                "inbound_nodes": [],
            },
            {
                "class_name": "SeparableConv2D",
                "config": {
                    "name": "separable", "trainable": True, "dtype": "float32", "filters": 3, "kernel_size": [3, 3],
                    "strides": [1, 1], "padding": "same", "data_format": "channels_last", "dilation_rate": [1, 1], "groups": 1,
                    "activation": "linear", "use_bias": True, "depth_multiplier": 1,
                    "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": None}},
                    "depthwise_initializer": {"class_name": "GlorotUniform", "config": {"seed": None}},
                },
                "name": "separable",
                "inbound_nodes": [[["input_1", 0, 0, {}]], [["separable", 0, 0, {}]]],
            },
            {
                "class_name": "BatchNormalization",
                "config": {"name": "norm", "dtype": "float32", "axis": [3], "momentum": 0.9, "epsilon": 0.001},
                "name": "norm",
                "inbound_nodes": [[["separable", 1, 0, {"training": False}]]],
            },
            {
                "class_name": "LeakyReLU",
                "config": {"name": "leaky", "trainable": True, "dtype": "float32", "alpha": 0.25},
                "name": "leaky",
                "inbound_nodes": [[["norm", 0, 0, {}]]],
            },
            {
                "class_name": "Add",
                "config": {"name": "add", "trainable": True, "dtype": "float32"},
                "name": "add",
                "inbound_nodes": [[["leaky", 0, 0, {}], ["input_1", 0, 0, {}]]],
            },
            {**dense("last", 2), "name": "last", "inbound_nodes": [[["add", 0, 0, {}]]]},
        ],
        "input_layers": [["input_1", 0, 0]],
        "output_layers": [["last", 0, 0]],
    },
}  # fmt: skip
TRAINING = {
    "loss": {"class_name": "MeanSquaredError", "config": {"reduction": "auto", "name": "mean_squared_error", "fn": "mse"}},
    "metrics": [[{"class_name": "MeanMetricWrapper", "config": {"name": "mae", "fn": "mean_absolute_error"}}]],
    "weighted_metrics": None,
    "loss_weights": None,
    "optimizer_config": {
        "class_name": "SGD",
        "config": {
            "name": "SGD", "weight_decay": None, "clipnorm": None, "global_clipnorm": None, "clipvalue": None, "use_ema": False,
            "ema_momentum": 0.99, "ema_overwrite_frequency": None, "jit_compile": True, "is_legacy_optimizer": False,
            "learning_rate": 0.25, "momentum": 0.5, "nesterov": True,
        },
    },
}  # fmt: skip


def write_model(path, config, model, training=None):
    """Write a model as Keras 2 does, with the weights of `model`."""
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(config).encode()
        if training is not None:
            file.attrs["training_config"] = json.dumps(training).encode()
        write_weights(file.create_group("model_weights"), model)


def test_models_of_keras_2_are_read(tmp_path):
    image = striate.Input((8, 8, 3), name="input_1")
    separable = layers.SeparableConv2D(3, 3, padding="same", name="separable")
    x = layers.BatchNormalization(momentum=0.9, name="norm")(separable(separable(image)), training=False)
    x = layers.Add(name="add")([layers.LeakyReLU(0.25, name="leaky")(x), image])
    model = striate.Model(image, layers.Dense(2, name="last")(x), rng=0)
    write_model(tmp_path / "x.h5", FUNCTIONAL, model, TRAINING)
    loaded = striate.models.load_model(tmp_path / "x.h5")
    assert [layer.name for layer in loaded.layers] == [layer.name for layer in model.layers]
    np.testing.assert_array_equal(loaded.predict(X), model.predict(X))
    optimizer = loaded.optimizer
    assert (type(optimizer).__name__, optimizer.learning_rate, optimizer.momentum, optimizer.nesterov) == (
        "SGD",
        0.25,
        0.5,
        True,
    )
    y = np.zeros((3, 8, 8, 2), "float32")
    want = model.predict(X)
    np.testing.assert_allclose(loaded.evaluate(X, y, verbose=0), [np.square(want).mean(), np.abs(want).mean()], rtol=1e-5)
    assert not striate.models.load_model(tmp_path / "x.h5", compile=False).compiled


def test_sequential_models_of_keras_2_are_read(tmp_path):
    model = striate.Sequential([striate.Input((4,)), layers.Dense(3, name="a"), layers.Dense(2, name="b")], rng=0)
    config = {"name": "s", "layers": [dense("a", 3, batch_input_shape=[None, 4]), dense("b", 2)]}
    x = np.ones((2, 4), "float32")
    for form in (config, config["layers"]):  # The oldest files have a list.
        write_model(tmp_path / "x.hdf5", {"class_name": "Sequential", "config": form}, model)
        loaded = striate.models.load_model(tmp_path / "x.hdf5")
        assert not loaded.compiled
        np.testing.assert_array_equal(loaded.predict(x), model.predict(x))


def compiled(library):
    model = library.Sequential([library.Input((4,)), library.layers.Dense(3, activation="softmax")])
    model.compile(
        optimizer=library.optimizers.Adam(
            library.optimizers.schedules.ExponentialDecay(0.5, 10, 0.9), beta_1=0.8, clipnorm=1.0
        ),
        loss=library.losses.SparseCategoricalCrossentropy(from_logits=False),
        metrics=["accuracy", library.metrics.SparseTopKCategoricalAccuracy(2, name="top")],
    )
    return model


@keras_warns
@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_models_are_compiled_as_keras_compiled_them(tmp_path, ending):
    keras = pytest.importorskip("keras")
    theirs = compiled(keras)
    x, y = np.random.default_rng(0).random((6, 4), np.float32), np.array([0, 1, 2, 0, 1, 2])
    theirs.train_on_batch(x, y)
    theirs.save(tmp_path / f"x.{ending}")
    loaded = striate.models.load_model(tmp_path / f"x.{ending}")
    np.testing.assert_allclose(loaded.evaluate(x, y, verbose=0), theirs.evaluate(x, y, verbose=0), rtol=1e-5)
    assert isinstance(loaded.optimizer, striate.optimizers.Adam)
    config = loaded.optimizer.get_config()
    assert (config["beta_1"], config["clipnorm"], config["learning_rate"]["config"]["decay_rate"]) == (0.8, 1.0, 0.9)


def test_what_cannot_be_compiled_is_named(tmp_path):
    model = striate.Sequential([striate.Input((4,)), layers.Dense(3, name="a")])
    config = {"class_name": "Sequential", "config": {"name": "s", "layers": [dense("a", 3, batch_input_shape=[None, 4])]}}

    def training(**changes):
        return {**TRAINING, "metrics": None, **changes}

    write_model(tmp_path / "x.h5", config, model, training(loss="mine"))
    with pytest.raises(ValueError, match=r"cannot be compiled as it was: .*'mine'.*; expected compile=False"):
        striate.models.load_model(tmp_path / "x.h5")
    assert striate.models.load_model(tmp_path / "x.h5", {"mine": lambda y_true, y_pred: y_pred}).compiled
    optimizer = {"class_name": "SGD", "config": {"learning_rate": 0.1, "decay": 0.5}}
    write_model(tmp_path / "x.h5", config, model, training(optimizer_config=optimizer))
    with pytest.raises(ValueError, match=r"cannot be compiled as it was: SGD with decay=0.5 is not supported"):
        striate.models.load_model(tmp_path / "x.h5")


@keras_warns
@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_code_is_run_only_on_demand(tmp_path, ending):
    keras = pytest.importorskip("keras")
    factor = 3.0
    stack = [
        keras.Input((4,)),
        keras.layers.Lambda(lambda x, shift=2.0, *, power: x**power * factor + shift, arguments={"power": 2}),
        keras.layers.Activation(abs_of),
    ]
    keras.Sequential(stack).save(tmp_path / f"x.{ending}")
    with pytest.raises(ValueError, match=r"holds code, which could do anything, in layers \['lambda.*'\]; .* safe_mode=False"):
        striate.models.load_model(tmp_path / f"x.{ending}", {"abs_of": abs_of})
    loaded = striate.models.load_model(tmp_path / f"x.{ending}", {"abs_of": abs_of}, safe_mode=False)
    x = np.arange(8, dtype="float32").reshape(2, 4)
    np.testing.assert_allclose(loaded.predict(x), x**2 * 3 + 2)


def abs_of(x):
    """Return the absolute value, with any library."""
    return abs(x)


def test_code_of_other_versions_of_python_is_refused(tmp_path):
    code = {"class_name": "__lambda__", "config": {"code": "AAAA", "defaults": None, "closure": None}}
    items = [
        {"class_name": "InputLayer", "config": {"batch_shape": [None, 4], "dtype": "float32", "name": "i"}},
        {"class_name": "Lambda", "config": {"name": "l", "dtype": "float32", "function": code, "arguments": {}}},
    ]
    with zipfile.ZipFile(tmp_path / "x.keras", "w") as archive:
        archive.writestr("config.json", json.dumps({"class_name": "Sequential", "config": {"name": "x", "layers": items}}))
    with pytest.raises(ValueError, match="the code of a function is not that of this version of Python"):
        striate.models.load_model(tmp_path / "x.keras", safe_mode=False)
