"""Files that are damaged or hostile: each is read as it was, or refused by a ValueError that names it."""

import contextlib
import json
import re
import shutil
import signal
import warnings
import zipfile

import numpy as np
import pytest

from striate import models
from striate.engine import autotune
from striate.geometry import conv2d_geometry

from . import sample_files
from .budget import generator, rounds
from .mutations import VALUES, damage, disturb, pick

SECONDS = 20  # that a file may take to be read


@contextlib.contextmanager
def deadline(what):
    """Fail where something hangs."""

    def fail(*_):
        raise AssertionError(f"it took more than {SECONDS} s: {what}")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def read(kind, path, keep=None):
    """Return what a file is read as, None if it is refused as it should be."""
    with deadline(path), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Pillow, on what is odd but no fault
        try:
            return sample_files.KINDS[kind].read(path)
        except ValueError as error:
            if str(path.parent) in str(error):
                return None
            shutil.copy(path, keep)
            raise AssertionError(f"the error does not name {path}") from error
        except FileNotFoundError:
            if kind == "note of a training":  # which names another file
                return None
            raise
        except BaseException:
            shutil.copy(path, keep)
            raise


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs POSIX' alarms")
@pytest.mark.parametrize("kind", sample_files.KINDS)
def test_files_with_damaged_bytes_are_read_or_refused(kind, tmp_path):
    pytest.importorskip(sample_files.NEEDS.get(kind, "numpy"))
    path = sample_files.make(kind, tmp_path)
    original = tmp_path / "original"
    shutil.copytree(path.parent, original)
    good, rng = path.read_bytes(), generator(1, *kind.encode())
    want = read(kind, path, tmp_path / "found")
    refused = 0
    for _ in range(rounds(40)):
        shutil.rmtree(path.parent)
        shutil.copytree(original, path.parent)
        path.write_bytes(damage(good, rng))
        got = read(kind, path, tmp_path / "found")
        refused += got is None
        if got is not None and sample_files.KINDS[kind].exact:
            sample_files.assert_same(got, want)
    assert refused or not sample_files.KINDS[kind].exact


# ------------------------------------------------------------------------------------------------- whole, but hostile


def note_in(folder):
    """Return the note that a training leaves beside its state, None if there is none."""
    path = folder / "training.json"
    return path.read_text() if path.exists() else None


def empty(folder, note):
    """Remove all files but the note."""
    for each in folder.iterdir():
        each.unlink()
    if note:
        (folder / "training.json").write_text(note)


def rewrite(path, description, arrays, compress):
    arrays["model.json"] = np.frombuffer(json.dumps(description).encode(), np.uint8)
    with path.open("wb") as file:
        (np.savez_compressed if compress else np.savez)(file, **arrays)


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs POSIX' alarms")
@pytest.mark.parametrize("kind", ["model", "lazy", "restored", "state of a training"])
def test_hostile_descriptions_are_refused(kind, tmp_path):
    path = sample_files.make(kind, tmp_path)
    with np.load(path) as file:
        good = dict(file)
    description = json.loads(bytes(good.pop("model.json")))
    note = note_in(path.parent)
    rng = generator(2, *kind.encode())
    for _ in range(rounds(80)):
        empty(path.parent, note)
        rewrite(path, disturb(description, rng), dict(good), rng.integers(2))
        read(kind, path, tmp_path / "found")


ARRAYS = [
    np.zeros(3, np.float16), np.zeros((), np.float32), np.zeros((0, 5)), np.zeros(4, complex), np.array(["text"]),
    np.zeros(2, "M8[s]"), np.zeros(3, np.int64), np.full(3, np.nan), np.full((3, 3), 1e300), np.zeros(100_000, np.uint8),
    np.asfortranarray(np.ones((2, 3))), np.array(-1), np.array(2**63, np.uint64), np.zeros(3, [("a", "f4")]),
    np.zeros(3, ">f4"), np.array([True]),
]  # fmt: skip


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs POSIX' alarms")
@pytest.mark.parametrize("kind", ["model", "lazy", "weights", "restored", "state of a training"])
def test_hostile_arrays_are_refused(kind, tmp_path):
    path = sample_files.make(kind, tmp_path)
    with np.load(path) as file:
        good = dict(file)
    note = note_in(path.parent)
    rng = generator(3, *kind.encode())
    for _ in range(rounds(60)):
        empty(path.parent, note)
        arrays = dict(good)
        names = list(arrays)
        for _ in range(rng.integers(1, 3)):
            name = names[rng.integers(len(names))]
            change = rng.integers(5)
            if change == 0:
                arrays.pop(name, None)
            elif change == 1:
                arrays[name] = ARRAYS[rng.integers(len(ARRAYS))]
            elif change == 2:
                arrays[name] = good[name].astype(rng.choice(["f2", "f8", ">f4", "i8", "c8", "S3"]))
            elif change == 3:
                arrays[name] = np.resize(good[name], good[name].shape[::-1])
            else:
                other = rng.choice(
                    ["", "/", "..", "x", "weights/x", "optimizer/x", "training/", "training/callbacks/9/a", "a" * 300]
                )
                arrays[str(other) + str(rng.choice(["", "/0", "/-1", "/x", name]))] = good[name]
        with path.open("wb") as file:
            (np.savez_compressed if rng.integers(2) else np.savez)(file, **arrays)
        read(kind, path, tmp_path / "found")


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs POSIX' alarms")
def test_hostile_descriptions_in_keras_files_are_refused(tmp_path):
    pytest.importorskip("h5py")
    path, rng = tmp_path / "file.keras", generator(4)
    assert len(sample_files.KINDS["keras"].read(sample_files.make("keras", tmp_path))) == 8
    for _ in range(rounds(60)):
        sample_files.write_keras(
            path, disturb(sample_files.keras_config(), rng), rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
        )
        read("keras", path, tmp_path / "found")


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs POSIX' alarms")
def test_hostile_training_states_are_refused(tmp_path):
    path = sample_files.make("note of a training", tmp_path)
    state, rng = (path.parent / "epoch-0.npz").read_bytes(), generator(5)
    for _ in range(rounds(30)):
        for each in path.parent.iterdir():
            each.unlink()
        (path.parent / "epoch-0.npz").write_bytes(state)
        path.write_text(json.dumps(disturb({"epoch": 0, "file": "epoch-0.npz"}, rng)))
        read("note of a training", path, tmp_path / "found")


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs POSIX' alarms")
def test_hostile_model_configurations_are_refused():
    good, rng = sample_files.network().to_json(), generator(6)
    models.model_from_json(good)
    texts = [json.dumps(value) for value in VALUES] + ["[" * 100_000, '{"a":' * 10_000, ""]
    texts += [json.dumps(disturb(json.loads(good), rng)) for _ in range(rounds(80))]
    texts += [damage(good.encode(), rng).decode(errors="replace") for _ in range(rounds(40))]
    for text in texts:
        with deadline(text[:10_000]):
            try:
                models.model_from_json(text)
            except ValueError as error:
                if not re.match("json_string=.* (is not what Model.to_json wrote|cannot be loaded: )", str(error)):
                    raise AssertionError(text) from error


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs POSIX' alarms")
def test_cache_of_measurements_breaks_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path))
    monkeypatch.setattr(autotune, "_measure", lambda *_: "direct")
    geometry = conv2d_geometry((2, 10, 10, 8), (3, 3, 8, 8), 2, "same")  # not for Winograd

    def choose():
        monkeypatch.setattr(autotune, "_known", {})
        with deadline(cache.read_bytes() if cache.exists() else b""):
            assert autotune.best_algorithm("forward", geometry, "float32", True, 1) in ("direct", "im2col")

    cache, rng = autotune.cache_file(), generator(7)
    choose()
    good = cache.read_text()
    key = json.loads(good)[0]
    for _ in range(rounds(100)):
        cache.write_bytes(damage(good.encode(), rng))
        choose()
        cache.write_text(json.dumps(disturb([key, "direct"], rng)) + "\n" + json.dumps([key, pick(rng)]))
        choose()
    for algorithm in ("winograd_f2", "winograd", "auto", "depthwise", "nonsense"):
        cache.write_text(json.dumps([key, algorithm]) + "\n")
        choose()
    cache.write_bytes(b"[" * 1_000_000)
    choose()
