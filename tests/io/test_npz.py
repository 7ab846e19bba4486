"""Models whose weights stay in their file until something needs them."""

import os
import pickle
import sys
import warnings

import numpy as np
import pytest
from small_models import images, residual_network

from striate import Input, Model, Sequential, layers, models
from striate.engine.variable import LazyArray
from striate.io import npz


def in_file(model):
    """The weights that are still there."""
    return [weight.name for weight in model.weights if isinstance(weight._array, LazyArray)]


def convolutional(tmp_path):
    """A model that was saved, its file, and a batch."""
    image = Input((12, 12, 3))
    x = layers.BatchNormalization()(layers.Conv2D(8, 3, use_bias=False)(image))
    x = layers.Conv2D(16, 3, activation="relu", padding="same")(layers.ReLU()(x))
    model = Model(image, layers.Dense(4)(layers.GlobalAveragePooling2D()(x)), rng=0)
    rng = np.random.default_rng(0)
    for weight in model.weights:
        weight.assign(rng.uniform(0.1, 0.5, weight.shape))
    path = tmp_path / "model.npz"
    model.save(path)
    return model, path, rng.standard_normal((3, 12, 12, 3)).astype(np.float32)


def test_predictions_leave_what_they_pack_in_the_file(tmp_path):
    model, path, x = convolutional(tmp_path)
    again = models.load_model(path, lazy=True)
    assert len(in_file(again)) == len(again.weights)
    np.testing.assert_array_equal(again.predict(x), model.predict(x))
    left = set(in_file(again))
    assert "kernel" in left
    assert len(left & {"gamma", "beta", "moving_mean", "moving_variance"}) == 4  # they are folded into the kernel
    assert not isinstance(again.layers[-1].kernel._array, LazyArray)  # a matrix, which is read as it is
    for got, want in zip(again.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(got, want)
    again.save(tmp_path / "copy.npz")
    np.testing.assert_array_equal(Model.load(tmp_path / "copy.npz").predict(x), model.predict(x))
    assert set(in_file(again)) == left


def test_weights_can_be_assigned_and_trained(tmp_path):
    model, path, x = convolutional(tmp_path)
    again = Model.load(path, lazy=True)
    again.predict(x)
    y = np.zeros((3, 4), np.float32)
    for each in (model, again):
        each.layers[1].kernel.assign(each.layers[1].kernel.value * 2)
        each.compile("sgd", "mse")
        each.fit(x, y, batch_size=2, verbose=0)
    np.testing.assert_array_equal(again.predict(x), model.predict(x))
    again.save(path)  # in place of the file that it came from
    np.testing.assert_array_equal(Model.load(path, lazy=True).predict(x), model.predict(x))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps files that are open")
def test_the_file_may_be_replaced_and_removed(tmp_path):
    model, path, x = convolutional(tmp_path)
    again = Model.load(path, lazy=True)
    (tmp_path / "other").write_bytes(b"something else")
    os.replace(tmp_path / "other", path)
    np.testing.assert_array_equal(again.predict(x), model.predict(x))
    path.unlink()
    np.testing.assert_array_equal(again.get_weights()[0], model.get_weights()[0])


@pytest.mark.parametrize("change", ["truncate", "write"])
def test_a_file_that_was_written_to_is_noticed(tmp_path, change):
    _, path, x = convolutional(tmp_path)
    again = Model.load(path, lazy=True)
    if change == "truncate":
        os.truncate(path, 700)
    else:
        with open(path, "r+b") as file:
            file.seek(5000)
            file.write(b"\0" * 100)
        os.utime(path, ns=(1, 1))
    for _ in range(2):
        with pytest.raises(OSError, match=r"model.npz' has changed since the model was loaded from it"):
            again.predict(x)


def test_predictions_are_not_made_of_what_could_not_be_read(tmp_path):
    _, path, x = convolutional(tmp_path)
    again = Model.load(path, lazy=True)
    again.predict(x)
    os.utime(path, ns=(1, 1))
    again.layers[2].gamma.assign(np.ones(8))
    for _ in range(2):
        with pytest.raises(OSError, match="has changed"):
            again.predict(x)


def test_compiled_models_go_on(tmp_path):
    model, (x, y) = residual_network(), images()
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y, epochs=1, verbose=0)
    model.save(tmp_path / "model.npz")
    again = Model.load(tmp_path / "model.npz", lazy=True)
    for each in (model, again):
        each.fit(x, y, epochs=1, verbose=0)
    np.testing.assert_array_equal(again.predict(x), model.predict(x))


def test_copies_have_weights_of_their_own(tmp_path):
    model, path, x = convolutional(tmp_path)
    again = pickle.loads(pickle.dumps(Model.load(path, lazy=True)))
    assert in_file(again) == []
    np.testing.assert_array_equal(again.predict(x), model.predict(x))


def test_arrays_that_are_not_as_they_are_needed_are_read_at_once(tmp_path):
    model, path, x = convolutional(tmp_path)
    with np.load(path) as file:
        arrays = {name: file[name].astype(float) if name.endswith("gamma") else file[name] for name in file.files}
    np.savez(path, **arrays)
    again = Model.load(path, lazy=True)
    assert len(in_file(again)) == len(again.weights) - 1
    np.testing.assert_array_equal(again.predict(x), model.predict(x))
    np.savez_compressed(path, **arrays)
    again = Model.load(path, lazy=True)
    assert in_file(again) == []
    np.testing.assert_array_equal(again.predict(x), model.predict(x))


def test_pieces_are_read_where_positions_are_shared(tmp_path, monkeypatch):
    model, path, x = convolutional(tmp_path)
    monkeypatch.setattr(npz, "_AT_ONCE", 100)
    np.testing.assert_array_equal(Model.load(path, lazy=True).predict(x), model.predict(x))
    monkeypatch.delattr(os, "preadv", raising=False)
    np.testing.assert_array_equal(Model.load(path, lazy=True).predict(x), model.predict(x))


def test_the_file_is_closed_with_the_model(tmp_path):
    _, path, x = convolutional(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again = Model.load(path, lazy=True)
        (descriptor,) = {_file_of(weight._array) for weight in again.weights}
        os.fstat(descriptor)
        again.predict(x)
        for weight in again.weights:
            weight.assign(weight.value)
    with pytest.raises(OSError, match="descriptor"):
        os.fstat(descriptor)


def _file_of(lazy):
    return next(cell.cell_contents._file for cell in lazy.make.__closure__ if hasattr(cell.cell_contents, "_file"))


def test_what_is_not_a_model_is_refused(tmp_path):
    (tmp_path / "model.npz").write_bytes(b"nothing")
    with pytest.raises(ValueError, match="not a model saved by striate"):
        Sequential.load(tmp_path / "model.npz", lazy=True)
    with pytest.raises(FileNotFoundError):
        Sequential.load(tmp_path / "none.npz", lazy=True)
