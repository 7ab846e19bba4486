"""A good file of each kind that striate reads, and what is read from it."""

import contextlib
import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

from striate import (
    Input,
    Model,
    Sequential,
    callbacks,
    data,
    datasets,
    detection,
    interop,
    layers,
    models,
    ocr,
    retrieval,
    tracking,
    utils,
    video,
)
from striate._common.files import reading
from striate.data import DataLoader
from striate.io.random_states import rngs_of_layers
from striate.io.state_dicts import read_state_dict
from tests.helpers.state_dicts import state_dict

X, Y = np.random.default_rng(0).random((8, 6, 6, 2), np.float32), np.arange(8) % 3


class Kind(NamedTuple):
    """A kind of file."""

    write: callable  # makes a good one at a path
    read: callable  # returns what is read from it, arrays in a list
    exact: bool  # whether damage cannot go unnoticed
    name: str = "file"


def network(rng=0):
    """Return a model with a state of every kind."""
    image = Input((6, 6, 2))
    x = layers.Conv2D(3, 3, activation="relu", padding="same")(image)
    x = layers.Dropout(0.2, seed=1)(layers.Add()([x, layers.BatchNormalization()(x)]))
    x = Sequential([layers.GlobalAveragePooling2D(), layers.Dense(3, activation="softmax")], name="head")(x)
    model = Model(image, x, rng=rng)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def trained():
    """Return the model after some steps."""
    model = network()
    model.fit(X, Y, batch_size=4, epochs=1, verbose=0, rng=0)
    return model


def state_of(model):
    """Return all that a file may change of a model."""
    optimizer = model.optimizer if model.compiled else None  # as a file whose description lacks it leaves it
    return [
        *model.get_weights(),
        *([] if optimizer is None else [*optimizer.get_state(), np.array([optimizer.iterations, optimizer.learning_rate])]),
        *[np.array(repr(rng.bit_generator.state)) for rng in (model.rng, *[rng for _, rng in rngs_of_layers(model)])],
    ]


@contextlib.contextmanager
def _all_or_nothing(model):
    """What cannot be read leaves a model as it was."""
    before = state_of(model)
    try:
        yield
    except ValueError:
        assert_same(before, state_of(model))
        raise


def _read_weights(path):
    model = network(rng=1)
    with _all_or_nothing(model):
        model.load_weights(path)
    return model.get_weights()


def _restore(path):
    model = network(rng=1)
    model.fit(X[:2], Y[:2], verbose=0)
    with _all_or_nothing(model):
        model.restore(path)
    return state_of(model)


def _read_lazily(path):
    model = models.load_model(path, compile=False, lazy=True)
    y = []
    with contextlib.suppress(MemoryError):  # it may be made for images that are too large, or make them so
        y = [model.predict(X)]
    return [*y, *model.get_weights()]


def safetensors_model():
    """Return a model that PyTorch's modules have counterparts of."""
    return Sequential([Input((6, 6, 2)), layers.Conv2D(3, 3), layers.BatchNormalization(), layers.Flatten(), layers.Dense(2)])


def _read_safetensors(path):
    model = safetensors_model()
    with _all_or_nothing(model):
        interop.load_safetensors(model, path)
    return model.get_weights()


def keras_config():
    """Return the description of a small model as Keras writes it."""

    def tensor(name):
        return {
            "class_name": "__keras_tensor__",
            "config": {"shape": [None, 6, 6, 2], "dtype": "float32", "keras_history": [name, 0, 0]},
        }

    def layer(kind, name, *inputs, **config):
        dtype = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None}
        nodes = [{"args": list(inputs), "kwargs": {}}] if inputs else []
        config = {"name": name, "trainable": True, "dtype": dtype, **config}
        return {"module": "keras.layers", "class_name": kind, "config": config, "name": name, "inbound_nodes": nodes}

    start = {"batch_shape": [None, 6, 6, 2], "dtype": "float32", "sparse": False, "ragged": False, "name": "image"}
    zeros = {"module": "keras.initializers", "class_name": "Zeros", "config": {}, "registered_name": None}
    steps = [
        {"module": "keras.layers", "class_name": "InputLayer", "config": start, "name": "image", "inbound_nodes": []},
        layer(
            "Conv2D", "conv", tensor("image"), filters=3, kernel_size=[3, 3], strides=[1, 1], padding="same", activation="relu",
            data_format="channels_last", dilation_rate=[1, 1], groups=1, use_bias=True, bias_initializer=zeros,
        ),
        layer("BatchNormalization", "norm", tensor("conv"), axis=-1, momentum=0.99, epsilon=0.001, center=True, scale=True),
        layer("Add", "add", [tensor("conv"), tensor("norm")]),
        layer("GlobalAveragePooling2D", "pool", tensor("add"), keepdims=False),
        {
            "module": "keras.src.ops.numpy", "class_name": "Multiply", "config": {"name": "multiply"}, "name": "multiply",
            "inbound_nodes": [{"args": [tensor("pool"), 2.0], "kwargs": {}}],
        },
        layer("Dense", "dense", tensor("multiply"), units=3, activation="linear", use_bias=True),
    ]  # fmt: skip
    ends = {"input_layers": ["image", 0, 0], "output_layers": ["dense", 0, 0]}
    return {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": {"name": "net", "layers": steps, **ends},
    }


def write_keras(path, config=None, compression=zipfile.ZIP_STORED):
    """Write a model as Keras does."""
    weights = path.with_name("model.weights.h5")
    image = Input((6, 6, 2))
    x = layers.Conv2D(3, 3)(image)
    x = layers.GlobalAveragePooling2D()(layers.BatchNormalization()(x))
    Model(image, layers.Dense(3)(x), rng=0).save_weights(weights)
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("config.json", json.dumps(keras_config() if config is None else config))
        archive.write(weights, "model.weights.h5")
    weights.unlink()


def _read_keras(path):
    return models.load_model(path).get_weights()


def _write_idx(path):
    header = bytes([0, 0, 12, 3]) + b"".join(n.to_bytes(4, "big") for n in (5, 4, 3))
    path.write_bytes(header + np.arange(60, dtype=">i4").tobytes())


def _write_gzipped_idx(path):
    _write_idx(path)
    path.write_bytes(gzip.compress(path.read_bytes()))


def _write_cifar(path):
    rng = np.random.default_rng(0)
    with tarfile.open(path, "w:gz") as archive:
        for name in ("readme.txt", *[f"data_batch_{i}.bin" for i in range(1, 6)], "test_batch.bin"):
            content = rng.integers(0, 10, 2 * 3073, np.uint8).tobytes()
            info = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


def _read_cifar(path):
    return [array for part in datasets.cifar10.read(path) for array in part]


def _write_image(kind):
    def write(path):
        pixels = np.random.default_rng(0).integers(0, 256, (11, 13, 3))
        utils.save_img(path, pixels, file_format=kind, scale=False)

    return write


def _read_image(path):
    return [utils.img_to_array(utils.load_img(path))]


def _write_backup(path):
    """Write what a training that was stopped leaves."""

    class Stop(callbacks.Callback):
        comes_last = True

        def on_epoch_end(self, epoch, logs=None):
            raise KeyboardInterrupt

    model = network()
    told = [callbacks.BackupAndRestore(path.parent), callbacks.EarlyStopping("loss", restore_best_weights=True), Stop()]
    with contextlib.suppress(KeyboardInterrupt):
        model.fit(DataLoader((X, Y), 4, shuffle=True, rng=0), epochs=3, callbacks=told, verbose=0)


def _go_on(path):
    model = network()
    told = [callbacks.BackupAndRestore(path.parent, delete_checkpoint=False), callbacks.EarlyStopping("loss", patience=9)]
    model.fit(DataLoader((X, Y), 4, shuffle=True, rng=0), epochs=3, callbacks=told, verbose=0)
    return model.get_weights()


def _write_log(path):
    network().fit(X, Y, epochs=3, verbose=0, callbacks=[callbacks.CSVLogger(path)])


def _go_on_with_log(path):
    told = callbacks.CSVLogger(path, append=True)
    told.on_train_begin()
    told.on_epoch_end(3, {"loss": 1.0, "more": 2.0})
    return []


def annotated():
    """Return a data set of two images with objects."""
    objects = [detection.Objects([[0, 0, 3, 2], [1, 2, 4, 6]], [0, 2]), detection.Objects([[1, 1, 5, 5]], [1])]
    return detection.Dataset(np.arange(60, dtype=np.uint8).reshape(2, 6, 5), objects, ["a", "b", "c"])


def detector():
    """Return a small detector of these classes."""
    backbone = detection.simple_backbone((16, 16, 1), [4, 4], rng=0)
    return detection.Detector(["a", "b", "c"], (16, 16, 1), backbone, strides=(4, 8), channels=4, rng=0)


def recognizer():
    """Return a small recognizer of text."""
    return ocr.TextRecognizer("abc", 16, (2, 2, 2, 2, 2, 2), rng=0)


_ARRAYS = {"kernel": np.arange(12, dtype=np.float32).reshape(2, 3, 2), "count": np.array(3)}


def _read_state_dict(path):
    with reading(path, "a state dict"):
        return list(read_state_dict(path.read_bytes()).values())


def tracks():
    """Return what is in a frame, with identities."""
    return tracking.Tracks([[0, 0, 3, 2], [1, 2, 4, 6]], [0, 2], [0.5, 0.9], [3, 5])


def _read_mot(path):
    return [array for each in tracking.read_mot(path) for array in (each.boxes, each.labels, each.scores, each.ids)]


def events():
    """Return what happened in a video."""
    return [video.Event(1.5, (0, 0, 3, 2), "bag", 0.9), video.Event(4.0, (1, 2, 4, 6), "person")]


def _read_events(path):
    return [np.array([each.time, *each.box, each.score]) for each in video.read_events(path)]


def index():
    """Return a small index of vectors."""
    made = retrieval.Index(3)
    made.add(np.random.default_rng(0).normal(size=(5, 3)))
    return made


def _read_index(path):
    found = retrieval.load_index(path)
    return [found.ids, found.search(np.eye(3)).scores]


def _arrays_of(dataset):
    return [array for image, objects in dataset for array in (image, objects.boxes, objects.labels)]


KINDS = {
    "model": Kind(lambda path: trained().save(path), lambda path: state_of(models.load_model(path)), True),
    "lazy": Kind(lambda path: trained().save(path), _read_lazily, True),
    "weights": Kind(lambda path: trained().save_weights(path), _read_weights, True),
    "restored": Kind(lambda path: trained().save(path), _restore, True),
    "keras": Kind(write_keras, _read_keras, True, "file.keras"),
    "hdf5": Kind(lambda path: trained().save_weights(path), _read_weights, False, "file.weights.h5"),
    "safetensors": Kind(lambda path: interop.save_safetensors(safetensors_model(), path), _read_safetensors, False),
    "idx": Kind(_write_idx, lambda path: [data.read_idx(path)], False),
    "gzipped idx": Kind(_write_gzipped_idx, lambda path: [data.read_idx(path)], True),
    "cifar": Kind(_write_cifar, _read_cifar, True),
    "png": Kind(_write_image("png"), _read_image, False, "file.png"),
    "jpeg": Kind(_write_image("jpeg"), _read_image, False, "file.jpg"),
    "bmp": Kind(_write_image("bmp"), _read_image, False, "file.bmp"),
    "gif": Kind(_write_image("gif"), _read_image, False, "file.gif"),
    "tiff": Kind(_write_image("tiff"), _read_image, False, "file.tif"),
    "webp": Kind(_write_image("webp"), _read_image, False, "file.webp"),
    "coco": Kind(
        lambda path: detection.write_coco(path, annotated()), lambda path: _arrays_of(detection.read_coco(path)), False,
        "file.json",
    ),
    "detector": Kind(
        lambda path: detector().save(path), lambda path: state_of(detection.load_detector(path).model), True
    ),
    "recognizer": Kind(
        lambda path: recognizer().save(path), lambda path: state_of(ocr.load_text_recognizer(path).model), True
    ),
    "voc": Kind(
        lambda path: detection.write_voc(path.parent, annotated()),
        lambda path: _arrays_of(detection.read_voc(path.parent)), False, "000000.xml",
    ),
    "yolo": Kind(
        lambda path: detection.write_yolo(path.parent, annotated(), path.parent),
        lambda path: _arrays_of(detection.read_yolo(path.parent, path.parent, ["a", "b", "c"])), False, "000000.txt",
    ),
    "state dict": Kind(lambda path: path.write_bytes(state_dict(_ARRAYS)), _read_state_dict, False),
    "mot": Kind(lambda path: tracking.write_mot(path, [tracks(), tracks()]), _read_mot, False, "file.txt"),
    "events": Kind(lambda path: video.write_events(path, events()), _read_events, False, "file.jsonl"),
    "index": Kind(lambda path: index().save(path), _read_index, True, "file.npz"),
    "note of a training": Kind(_write_backup, _go_on, False, "training.json"),
    "state of a training": Kind(_write_backup, _go_on, True, "epoch-0.npz"),
    "log": Kind(_write_log, _go_on_with_log, False),
}  # fmt: skip

#: What a kind needs that may not be installed.
NEEDS = {"keras": "h5py", "hdf5": "h5py", "safetensors": "safetensors"} | dict.fromkeys(
    ("png", "jpeg", "bmp", "gif", "tiff", "webp", "coco", "voc", "yolo"), "PIL"
)


def assert_same(got, want):
    """Check that two lists of arrays are the same, bit by bit."""
    assert len(got) == len(want)
    for a, b in zip(got, want, strict=True):
        np.testing.assert_array_equal(a, b)


def make(kind, folder):
    """Write a good file of a kind to a new folder; return its path."""
    folder = Path(folder) / "folder"
    folder.mkdir()
    path = folder / KINDS[kind].name
    KINDS[kind].write(path)
    return path
