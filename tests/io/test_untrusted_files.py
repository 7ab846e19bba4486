"""Untrusted files: they take memory in proportion to their size at most, and change all of a model or nothing."""

import json
import sys
import tracemalloc
import zipfile

import numpy as np
import pytest

from striate import Input, Sequential, interop, layers, models, optimizers
from striate._common.arguments import read, written
from striate._common.code import function_of
from striate.callbacks import BackupAndRestore
from striate.io import npz
from striate.layers.deserialization import deserializers

X, Y = np.ones((4, 5), np.float32), np.ones((4, 3), np.float32)


def network(rng=0, optimizer="adam", **settings):
    model = Sequential([Input((5,)), layers.Dense(4, activation="relu"), layers.Dropout(0.1, seed=3), layers.Dense(3)], rng=rng)
    model.compile(optimizer, "mse", **settings)
    return model


@pytest.fixture
def saved(tmp_path):
    model = network()
    model.fit(X, Y, verbose=0)
    model.save(tmp_path / "model.npz")
    return tmp_path / "model.npz"


def contents(path):
    with np.load(path) as file:
        arrays = dict(file)
    return json.loads(bytes(arrays.pop("model.json"))), arrays


def rewrite(path, description, arrays, save=np.savez):
    text = json.dumps(description).encode()
    save(path, **arrays, **{"model.json": np.frombuffer(text, np.uint8)})


def peak(function, *arguments, **settings):
    """Return how many bytes a call takes that must be refused."""
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=r"path='.*(model|bomb)\.npz'"):
            function(*arguments, **settings)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def state(model):
    return [*model.get_weights(), *model.optimizer.get_state(), model.optimizer.iterations, repr(model.rng.bit_generator.state)]


def assert_same(got, want):
    for a, b in zip(got, want, strict=True):
        np.testing.assert_array_equal(a, b)


# ----------------------------------------------------------------------------------------------------------------- memory


@pytest.mark.parametrize("initializer", ["glorot_uniform", "zeros", "ones", "identity"])
@pytest.mark.parametrize("lazy", [False, True])
def test_a_description_makes_no_memory(saved, initializer, lazy):
    description, arrays = contents(saved)
    description["config"]["layers"][1]["config"] |= {"units": 150_000_000, "kernel_initializer": initializer}
    rewrite(saved, description, arrays)
    assert peak(models.load_model, saved, lazy=lazy) < 5e6
    assert peak(Sequential.load, saved) < 5e6


def test_compressed_members_take_no_memory_before_they_are_checked(saved, tmp_path):
    bomb = tmp_path / "bomb.npz"
    description, arrays = contents(saved)
    description["config"]["layers"][1]["config"]["units"] = 10_000_000
    arrays["weights/dense/kernel"] = np.zeros((5, 10_000_000), np.float32)
    rewrite(bomb, description, arrays, np.savez_compressed)
    assert bomb.stat().st_size < 1e6
    assert peak(models.load_model, bomb) < 5e6
    assert peak(network().load_weights, bomb) < 5e6
    assert peak(network().restore, bomb) < 5e6


def test_members_that_nothing_needs_are_not_read(saved, tmp_path):
    bomb = tmp_path / "bomb.npz"
    description, arrays = contents(saved)
    rewrite(bomb, description, {**arrays, "more": np.zeros(200_000_000, np.uint8)}, np.savez_compressed)
    tracemalloc.start()
    again = models.load_model(bomb)
    assert tracemalloc.get_traced_memory()[1] < 5e6
    tracemalloc.stop()
    np.testing.assert_array_equal(again.predict(X), models.load_model(saved).predict(X))


def test_a_long_description_is_refused(saved):
    description, arrays = contents(saved)
    rewrite(saved, {**description, "more": [[]] * 1_000_000}, arrays, np.savez_compressed)
    assert peak(models.load_model, saved) < 5e6


def test_one_piece_of_a_file_is_not_several_arrays(tmp_path):
    path = tmp_path / "model.npz"
    model = Sequential([Input((100,)), *[layers.Dense(100, use_bias=False) for _ in range(10)]], rng=0)
    model.save_weights(path)
    with zipfile.ZipFile(path, "a") as archive:
        first = archive.infolist()[0]
        for member in archive.infolist():
            member.header_offset, member.CRC = first.header_offset, first.CRC
        archive._didModify = True
    content = path.read_bytes()
    begin = content.index(b"PK\3\4", 10)
    path.write_bytes(content[:begin] + content[content.index(b"PK\1\2") :])
    before = model.get_weights()
    with pytest.raises(ValueError, match=r"model\.npz' is not a model saved by striate, or is damaged"):
        model.load_weights(path)
    assert_same(model.get_weights(), before)


def test_claims_are_added_up():
    claims = npz.Claims(1000)
    claims.add("a", 900, False)
    claims.add("a", 900, False)  # the same once more
    claims.add("b", 900_000, True)
    with pytest.raises(ValueError, match="up to 'c', its 1000 bytes claim to hold 1001"):
        claims.add("c", 101, False)
    with pytest.raises(ValueError, match="1100000 compressed"):
        npz.Claims(1000).add("d", 1_100_000, True)


# -------------------------------------------------------------------------------------------------------------- checksums


def test_each_damaged_byte_is_noticed(saved):
    content = saved.read_bytes()
    want = state(models.load_model(saved))
    assert_same(models.load_model(saved, compile=False, lazy=True).get_weights(), want[:4])
    at = content.index(want[0].tobytes())
    for place in range(at, at + want[0].nbytes):
        saved.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(ValueError, match=r"is damaged: 'weights/dense/kernel\.npy' has the checksum"):
            models.load_model(saved)
        again = models.load_model(saved, compile=False, lazy=True)
        for _ in range(2):
            with pytest.raises(ValueError, match=r"model\.npz' is damaged: 'weights/dense/kernel\.npy' has the checksum"):
                again.predict(X)


# ------------------------------------------------------------------------------------------------------------ all or none


def last_weight(arrays):
    return [name for name in arrays if name.startswith("weights/")][-1]


CHANGES = {
    "text among weights": lambda d, a: a.update({last_weight(a): np.full(a[last_weight(a)].shape, "x")}),
    "complex numbers": lambda d, a: a.update({last_weight(a): a[last_weight(a)].astype(complex)}),
    "no generator": lambda d, a: d.pop("rng"),
    "another generator": lambda d, a: d["rng"].update(bit_generator="get"),
    "a generator's state": lambda d, a: d["rng"]["state"].update(inc=-1),
    "a layer's generator": lambda d, a: d["layers"]["dropout/"].update(bit_generator="MT19937"),
    "no steps": lambda d, a: d["compile"].pop("iterations"),
    "steps that are none": lambda d, a: d["compile"].update(iterations="many"),
    "too many steps": lambda d, a: d["compile"].update(iterations=2**63),
    "a learning rate": lambda d, a: d["compile"]["optimizer"]["config"].update(learning_rate=-1.0),
    "a learning rate of text": lambda d, a: d["compile"]["optimizer"]["config"].update(learning_rate="fast"),
    "a moment's shape": lambda d, a: a.update({"optimizer/dense_1/bias/1": np.zeros(7)}),
    "a moment of text": lambda d, a: a.update({"optimizer/dense_1/bias/1": np.full(3, "x")}),
    "a moment less": lambda d, a: a.pop("optimizer/dense_1/bias/1"),
    "a moment of nothing": lambda d, a: a.update({"optimizer/other/0": np.zeros(3)}),
    "a moment without a number": lambda d, a: a.update({"optimizer/dense/bias/x": np.zeros(3)}),
    "callbacks": lambda d, a: a.update({"training/callbacks/5/wait": np.zeros(())}),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("fresh", [False, True])
def test_what_does_not_fit_changes_nothing(saved, change, fresh):
    description, arrays = contents(saved)
    CHANGES[change](description, arrays)
    rewrite(saved, description, arrays)
    model = network(rng=1)
    if not fresh:
        model.fit(X[:2], Y[:2], epochs=3, verbose=0)
    before = state(model)
    with pytest.raises(ValueError, match=r"path='.*model\.npz'"):
        model.restore(saved)
    assert_same(state(model), before if not fresh else [*before[:4], *state(model)[4:]])
    assert model.optimizer.iterations == before[-2]
    if "weights" in change or "numbers" in change:
        with pytest.raises(ValueError, match=r"path='.*model\.npz'"):
            model.load_weights(saved)
        assert_same(model.get_weights(), before[:4])


def test_a_model_that_is_not_built_stays_so(saved):
    description, arrays = contents(saved)
    description["input_shape"] = [None, 6]
    rewrite(saved, description, arrays)
    model = Sequential([layers.Dense(4, activation="relu"), layers.Dropout(0.1, seed=3), layers.Dense(3)], rng=1)
    model.compile("adam", "mse")
    with pytest.raises(ValueError, match=r"holds shape \(5, 4\) for the weight 'dense/kernel', where the model has \(6, 4\)"):
        model.restore(saved)
    assert not model.built
    description["input_shape"] = [None, 5]
    rewrite(saved, description, arrays)
    model.restore(saved)
    assert_same(state(model), state(models.load_model(saved)))


def test_a_state_without_steps_is_one(tmp_path):
    """What an optimizer has learned is forgotten where it had not begun to when the model was saved."""
    model = network(optimizer=optimizers.Adam(0.1, use_ema=True))
    model.save(tmp_path / "model.npz")
    before = model.get_weights()
    first = model.fit(X, Y, epochs=3, verbose=0, rng=1).history
    model.restore(tmp_path / "model.npz")
    assert_same(model.get_weights(), before)
    assert model.optimizer.iterations == 0
    assert model.fit(X, Y, epochs=3, verbose=0, rng=1).history == first


def test_numbers_that_are_too_large_are_infinite(tmp_path):
    model = network()
    model.save_weights(tmp_path / "x.npz")
    with np.load(tmp_path / "x.npz") as file:
        np.savez(tmp_path / "x.npz", **{name: np.full(file[name].shape, 1e300) for name in file.files})
    model.load_weights(tmp_path / "x.npz")
    assert np.isinf(model.get_weights()[0]).all()


# ---------------------------------------------------------------------------------------------------------- what is named


def described(loss="mse", metrics=()):
    model = network()
    model.compile("sgd", loss, metrics=list(metrics))
    return model


def custom_metric(y_true, y_pred):
    return np.zeros(len(y_true))


@pytest.mark.parametrize(
    "name", ["get", "resolve", "__builtins__", "Loss", "base", "REGISTERED", "FUNCTIONS", 3, None, ["get"], {}]
)
def test_names_of_metrics_in_files_lead_to_metrics_only(tmp_path, name):
    path = tmp_path / "model.npz"
    described(metrics=[custom_metric]).save(path)
    description, arrays = contents(path)
    (judged,) = description["compile"]["metrics"].values()
    judged[0]["config"]["function"] = name
    rewrite(path, description, arrays)
    with pytest.raises(ValueError, match=r"path='.*model\.npz'"):
        models.load_model(path)
    judged[0]["config"]["function"] = "custom_metric"
    judged[0]["class_name"] = "get"
    rewrite(path, description, arrays)
    with pytest.raises(ValueError, match="class of a function='get' is unknown; expected one of 'FunctionMetric'"):
        models.load_model(path, {"custom_metric": custom_metric})
    judged[0] = {"class_name": "FunctionMetric", "config": {"function": "huber", "name": "h", "larger_is_better": False}}
    rewrite(path, description, arrays)
    assert models.load_model(path).metrics_names == ["loss", "h"]


@pytest.mark.parametrize(
    "text", ["", "[", "null", "[" * 100_000, '{"class_name": "Sequential"}', '{"class_name": [], "config": {}}']
)
def test_texts_that_are_not_models_are_refused(text):
    with pytest.raises(ValueError, match=r"json_string=.* is not what Model\.to_json wrote, or is damaged \(.+\)"):
        models.model_from_json(text)


@pytest.mark.parametrize("dtype", ["S1000000000", "object", "complex64", "datetime64[s]", "f4,f4", 3, None, []])
def test_array_arguments_must_be_numeric(dtype):
    good = written(np.ones((2, 3), np.float32))
    np.testing.assert_array_equal(read(good, deserializers()), np.ones((2, 3), np.float32))
    with pytest.raises(ValueError, match=r"dtype of an array=.* is unknown; expected one of 'int8', "):
        read({**good, "dtype": dtype}, deserializers())


# -------------------------------------------------------------------------------------------------------------- trainings


def left_by_training(folder):
    class Stop(BackupAndRestore):
        def on_epoch_end(self, epoch, logs=None):
            super().on_epoch_end(epoch, logs)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        network().fit(X, Y, epochs=3, verbose=0, steps_per_epoch=1, batch_size=2, callbacks=Stop(folder))


@pytest.mark.parametrize(
    "note",
    [
        b"", b"{}", b"[]", b"\xff", b"[" * 3000, b"{" * 10_000, b'{"epoch": -1, "file": "epoch--1.npz"}', b'{"epoch": 0}',
        b'{"epoch": true, "file": "epoch-True.npz"}', b'{"epoch": 0, "file": "../epoch-0.npz"}',
        b'{"epoch": 1e400, "file": "x"}',
    ],
)  # fmt: skip
def test_damaged_backup_notes_are_refused(tmp_path, note):
    left_by_training(tmp_path)
    (tmp_path / "training.json").write_bytes(note)
    with pytest.raises(ValueError, match=r"training\.json' is not the manifest of a backup, or is damaged"):
        network().fit(X, Y, epochs=3, verbose=0, callbacks=BackupAndRestore(tmp_path))


@pytest.mark.parametrize("order", [np.zeros(4, int), np.arange(5), np.arange(4.0) + 0.5, np.array(["x"] * 4)])
def test_invalid_orders_of_samples_are_refused(tmp_path, order):
    left_by_training(tmp_path)
    description, arrays = contents(tmp_path / "epoch-0.npz")
    arrays["training/batches/order"] = order
    rewrite(tmp_path / "epoch-0.npz", description, arrays)
    with pytest.raises(ValueError, match=r"epoch-0\.npz' is not a"):
        network().fit(X, Y, epochs=3, verbose=0, steps_per_epoch=1, batch_size=2, callbacks=BackupAndRestore(tmp_path))


def code_that_imports(module):
    """Return the description of a function whose code is none, and which imports a module."""
    return {
        "class_name": "__lambda__",
        "config": {"code": "AAAA", "defaults": None, "closure": None, "modules": {"m": module}},
    }


@pytest.mark.parametrize("own", [True, False], ids=["striate", "keras"])
@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("kernel_initializer", lambda code: {"class_name": "Constant", "config": {"value": code}}),
        ("activation", lambda code: code),
        ("arguments", lambda code: {"factor": code}),
        ("name_of_nothing", lambda code: [1, [code]]),
    ],
)
def test_code_anywhere_in_a_file_is_refused_and_nothing_is_imported(own, argument, value, tmp_path, monkeypatch):
    (tmp_path / "evil_module.py").write_text("raise SystemExit('imported')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("striate._common.code.base64", None)  # Nothing can be decoded, let alone unmarshalled.
    path, model = tmp_path / ("m.npz" if own else "m.keras"), Sequential([Input((5,)), layers.Dense(3, name="last")], rng=0)
    part = value(code_that_imports("evil_module"))
    if own:
        model.save(path)
        description, arrays = contents(path)
        description["config"]["layers"][-1]["config"][argument] = part
        rewrite(path, description, arrays)
    else:
        pytest.importorskip("h5py")
        interop.save_keras_model(model, path)
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        config = json.loads(members["config.json"])
        config["config"]["layers"][-1]["config"][argument] = part
        members["config.json"] = json.dumps(config).encode()
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in members.items():
                archive.writestr(name, text)
    for load in [models.load_model] if own else [models.load_model, interop.load_keras_model]:
        with pytest.raises(ValueError, match=r"holds code, which could do anything, in layers \['last'\]"):
            load(path)
    assert "evil_module" not in sys.modules


def test_the_one_reader_of_code_refuses_it_unless_it_is_trusted():
    with pytest.raises(ValueError, match=r"a configuration holds code, which could do anything; expected none, or safe_mode"):
        function_of(code_that_imports("evil_module"))
