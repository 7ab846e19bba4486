"""Event files for TensorBoard, and the arguments of the callback."""

import inspect
import io
import math
import re
import sys

import numpy as np
import pytest

from striate import Sequential, callbacks, layers
from tests.callbacks.trainings import dropout_model


def test_tensorboard_gets_losses_and_metrics(tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    x, y = np.ones((8, 4)), np.ones((8, 2))
    model = dropout_model(0)
    callback = callbacks.TensorBoard(tmp_path, histogram_freq=2, update_freq="batch", write_steps_per_second=True)
    history = model.fit(x, y, epochs=4, batch_size=4, validation_split=0.5, verbose=0, callbacks=[callback]).history
    train, validation = (EventAccumulator(str(tmp_path / kind), {"histograms": 0}).Reload() for kind in ("train", "validation"))
    np.testing.assert_allclose([event.value for event in train.Scalars("epoch_loss")], history["loss"], rtol=1e-6)
    np.testing.assert_allclose([event.value for event in validation.Scalars("epoch_loss")], history["val_loss"], rtol=1e-6)
    assert [event.step for event in train.Scalars("batch_loss")] == [1, 2, 3, 4]
    assert [event.step for event in train.Scalars("batch_steps_per_second")] == [1, 2, 3, 4]
    speeds = train.Scalars("epoch_steps_per_second")
    assert [event.step for event in speeds] == [0, 1, 2, 3]
    assert all(0 < event.value < math.inf for event in speeds)
    assert train.Scalars("epoch_learning_rate")[0].value == pytest.approx(0.01)
    assert [event.step for event in train.Histograms("dense/kernel")] == [1, 3]


@pytest.mark.parametrize(
    ("name", "value", "kind", "expected"),
    [
        ("log_dir", 3, TypeError, "is of type int; expected the path of a file or folder"),
        ("log_dir", "", ValueError, "is not a valid path; expected the path of a file or folder"),
        ("histogram_freq", -1, ValueError, "is too small; expected an integer of at least 0"),
        ("histogram_freq", 0.5, TypeError, "is of type float; expected an integer of at least 0"),
        ("histogram_freq", True, TypeError, "is a bool; expected an integer of at least 0"),
        ("write_graph", "no", TypeError, "is neither true nor false; expected True or False"),
        ("write_graph", None, TypeError, "is neither true nor false; expected True or False"),
        ("write_images", "no", TypeError, "is neither true nor false; expected True or False"),
        ("write_steps_per_second", "no", TypeError, "is neither true nor false; expected True or False"),
        ("update_freq", "day", TypeError, "is of type str; expected an integer of at least 0, or one of 'epoch', 'batch'"),
        ("update_freq", 2.0, TypeError, "is of type float; expected an integer of at least 0, or one of 'epoch', 'batch'"),
        ("update_freq", -1, ValueError, "is too small; expected an integer of at least 0, or one of 'epoch', 'batch'"),
        ("profile_batch", 2, ValueError, "is not supported; expected 0"),
        ("profile_batch", (2, 4), ValueError, "is not supported; expected 0"),
        ("embeddings_freq", -1, ValueError, "is too small; expected an integer of at least 0"),
        ("embeddings_metadata", 3, TypeError, "is of type int; expected a path, or paths by the names of layers"),
    ],
)
def test_bad_arguments_are_refused(name, value, kind, expected):
    with pytest.raises(kind, match=rf"^TensorBoard: {name}={re.escape(repr(value))} {expected}$"):
        callbacks.TensorBoard(**{name: value})


def test_tensorboard_takes_arguments_in_other_forms(tmp_path):
    for freq, expected in (("epoch", 0), (np.str_("batch"), 1), (np.array("batch"), 1), (np.int64(3), 3), (np.array(2), 2)):
        assert callbacks.TensorBoard(tmp_path, update_freq=freq).update_freq == expected
    for off in (0, False, np.int64(0), np.False_, np.array(0)):
        callbacks.TensorBoard(tmp_path, profile_batch=off)
    for graph in (True, False, np.False_, 1):
        callbacks.TensorBoard(tmp_path, write_graph=graph, write_steps_per_second=graph)


def test_tensorboard_has_the_signature_of_keras():
    keras = pytest.importorskip("keras")
    ours, theirs = (inspect.signature(cls).parameters.values() for cls in (callbacks.TensorBoard, keras.callbacks.TensorBoard))
    assert [(each.name, each.default) for each in ours] == [(each.name, each.default) for each in theirs]
    assert callbacks.TensorBoard("logs", 1, False, False, False, "batch", 0, 0, None).update_freq == 1


def test_histograms_leave_out_elements_that_are_not_finite(tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    model = Sequential([layers.Input((3,)), layers.Dense(2, trainable=False), layers.Dense(2)], rng=0)
    model.compile("sgd", "mse")
    model.layers[0].set_weights([np.array([[np.nan, 1], [np.inf, 2], [-np.inf, 3]]), np.full(2, np.nan)])
    callback = callbacks.TensorBoard(tmp_path, histogram_freq=1)
    assert len(model.fit(np.ones((4, 3)), np.ones((4, 2)), epochs=2, verbose=0, callbacks=[callback]).epoch) == 2
    train = EventAccumulator(str(tmp_path / "train"), {"histograms": 0}).Reload()
    histogram = train.Histograms("dense/kernel")[0].histogram_value
    assert (histogram.num, histogram.min, histogram.max, histogram.sum) == (3, 1, 3, 6)
    assert train.Tags()["histograms"] == ["dense/kernel"]  # The bias has no finite element.


def test_weights_are_written_as_images(tmp_path):
    pytest.importorskip("tensorboard")
    Image = pytest.importorskip("PIL.Image")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    model = Sequential([layers.Input((6, 6, 1)), layers.Conv2D(3, (2, 4)), layers.Flatten(), layers.Dense(1)], rng=0)
    model.compile("sgd", "mse")
    callback = callbacks.TensorBoard(tmp_path, histogram_freq=1, write_images=True)
    model.fit(np.ones((4, 6, 6, 1)), np.ones((4, 1)), epochs=1, verbose=0, callbacks=[callback])
    train = EventAccumulator(str(tmp_path / "train"), {"images": 0}).Reload()
    tags = ["conv2d/bias/image", *(f"conv2d/kernel/image/{i}" for i in range(3)), "dense/bias/image", "dense/kernel/image"]
    assert sorted(train.Tags()["images"]) == tags
    kernel = model.layers[0].kernel.numpy()[:, :, 0]
    pixels = np.asarray(Image.open(io.BytesIO(train.Images("conv2d/kernel/image/1")[0].encoded_image_string)))
    np.testing.assert_allclose(pixels / 255, (kernel[..., 1] - kernel.min()) / np.ptp(kernel), atol=0.51 / 255)


def test_the_projector_gets_vectors_and_labels(tmp_path):
    pytest.importorskip("tensorboard")
    text_format = pytest.importorskip("google.protobuf.text_format")
    from tensorboard.plugins import projector

    model = Sequential([layers.Input((3,)), layers.Embedding(5, 4, name="words"), layers.Flatten(), layers.Dense(1)], rng=0)
    model.compile("sgd", "mse")

    def train(metadata):
        callback = callbacks.TensorBoard(tmp_path, embeddings_freq=1, embeddings_metadata=metadata)
        model.fit(np.ones((4, 3)), np.ones((4, 1)), epochs=2, verbose=0, callbacks=[callback])

    train({"words": "labels.tsv"})
    (found,) = text_format.Parse((tmp_path / "projector_config.pbtxt").read_text(), projector.ProjectorConfig()).embeddings
    assert (found.tensor_name, found.metadata_path) == ("words", "labels.tsv")
    vectors = np.loadtxt(tmp_path / found.tensor_path, delimiter="\t")
    np.testing.assert_allclose(vectors, model.layers[0].embeddings.numpy(), rtol=1e-6)
    with pytest.raises(ValueError, match=r"embeddings_metadata has the keys \['others'\]; expected some of \['words'\]"):
        train({"others": "labels.tsv"})


def test_missing_tensorboard_gives_an_import_error(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    monkeypatch.setitem(sys.modules, "tensorboard.compat.proto", None)
    with pytest.raises(ImportError, match=r"needs tensorboard, which is not .* pip install striate\[tensorboard\]"):
        dropout_model(0).fit(np.ones((4, 4)), np.ones((4, 2)), verbose=0, callbacks=[callbacks.TensorBoard(tmp_path)])
