"""Processes that are killed while they write: files are the old or the new ones, and what comes later goes on from there.

Beside kills, Ctrl-C: threads that make batches end.
"""

import csv
import shutil
import signal
import stat
import threading
import time

import numpy as np
import pytest

import striate
from striate import callbacks, interop, models, utils
from striate.data import DataLoader
from striate.engine import autotune
from striate.functional._geometry import conv2d_geometry

from . import samples
from .budget import FACTOR, generator, rounds
from .kills import killed, needs_ptrace, stops

PIXELS = np.random.default_rng(0).integers(0, 256, (2, 40, 50, 3))


def steps(n):
    """Return from which stop on, and after how many each, a process is killed: in long runs after all."""
    return (1, 0) if FACTOR is not None else (n, 3)


def _model(seed):
    model = samples.network(rng=seed)
    model.fit(samples.X, samples.Y, verbose=0)
    return model


#: What writes a file that depends on a number, and what reads it; the package that it needs.
WRITERS = {
    "model": (
        lambda path, i: _model(i).save(path),
        lambda path: samples.state_of(models.load_model(path)),
        None,
    ),
    "weights": (lambda path, i: _model(i).save_weights(path), lambda path: _loaded(path), None),
    "x.weights.h5": (lambda path, i: _model(i).save_weights(path), lambda path: _loaded(path), "h5py"),
    "safetensors": (
        lambda path, i: interop.save_safetensors(_stack(i), path),
        lambda path: _from_safetensors(path),
        "safetensors",
    ),
    "x.png": (
        lambda path, i: utils.save_img(path, PIXELS[i], scale=False),
        lambda path: [np.asarray(utils.load_img(path))],
        "PIL",
    ),
}


def _loaded(path):
    model = samples.network(rng=9)
    model.load_weights(path)
    return model.get_weights()


def _stack(seed):
    model = striate.Sequential([striate.Input((4,)), striate.layers.Dense(3)], rng=seed)
    return model


def _from_safetensors(path):
    model = _stack(9)
    interop.load_safetensors(model, path)
    return model.get_weights()


@needs_ptrace
@pytest.mark.parametrize("name", WRITERS)
def test_file_is_the_old_or_the_new(name, tmp_path):
    write, read, package = WRITERS[name]
    pytest.importorskip(package or "numpy")
    path, other = tmp_path / "folder" / name, tmp_path / name
    path.parent.mkdir()
    write(path, 0)
    path.chmod(0o600)
    old = read(path)
    write(other, 1)
    new = read(other)
    seen = set()

    def work():
        with striate.num_threads(1):
            write(path, 1)

    for _ in killed(work, *steps(40)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        got = read(path)
        is_new = all(np.array_equal(a, b) for a, b in zip(got, new, strict=True))
        samples.assert_same(got, new if is_new else old)
        seen.add(is_new)
        if is_new:
            write(path, 0)
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert list(path.parent.iterdir()) == [path]
    assert False in seen
    samples.assert_same(read(path), new)
    assert list(path.parent.iterdir()) == [path]


def train(folder):
    """Train with all callbacks that write; return the weights."""
    given = [
        callbacks.ModelCheckpoint(folder / "best.npz", "loss", save_best_only=True),
        callbacks.ModelCheckpoint(folder / "at-{epoch}.npz", save_weights_only=True),
        callbacks.CSVLogger(folder / "log.csv", append=True),
        callbacks.BackupAndRestore(folder / "backup"),
    ]
    model = samples.network(rng=0)
    with striate.num_threads(1):
        model.fit(
            DataLoader((samples.X, samples.Y), 4, shuffle=True, rng=1),
            validation_data=(samples.X, samples.Y),
            validation_freq=2,  # so that the log gets new columns
            epochs=3,
            callbacks=given,
            verbose=0,
        )
    return model.get_weights()


def table(folder):
    with open(folder / "log.csv", newline="") as file:
        return list(csv.reader(file))


@needs_ptrace
def test_training_goes_on(tmp_path):
    whole, folder = tmp_path / "whole", tmp_path / "folder"
    for each in (whole, folder):
        each.mkdir()
    weights, log = train(whole), table(whole)
    names = sorted(each.name for each in whole.rglob("*"))
    for _ in killed(lambda: train(folder), *steps(131)):
        samples.assert_same(train(folder), weights)
        assert table(folder) == log
        assert sorted(each.name for each in folder.rglob("*")) == names
        samples.assert_same(models.load_model(folder / "best.npz").get_weights(), _best(whole))
        shutil.rmtree(folder)
        folder.mkdir()
    assert table(folder) == log


def _best(folder):
    return models.load_model(folder / "best.npz").get_weights()


@needs_ptrace
def test_training_that_is_killed_again_and_again(tmp_path):
    whole, folder = tmp_path / "whole", tmp_path / "folder"
    whole.mkdir()
    folder.mkdir()
    weights, log, rng = train(whole), table(whole), generator(8)
    for _ in range(rounds(4)):
        shutil.rmtree(folder)
        folder.mkdir()
        for _ in range(20):
            last = int(rng.integers(3000))
            if stops(lambda: train(folder), last) != last:
                break  # it came to its end
        else:
            samples.assert_same(train(folder), weights)
        assert table(folder) == log
        samples.assert_same(models.load_model(folder / "best.npz").get_weights(), _best(whole))


@needs_ptrace
def test_cache_of_measurements(tmp_path, monkeypatch):
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(autotune, "_measure", lambda *_: "im2col")
    monkeypatch.setattr(autotune, "_known", {})
    geometries = [conv2d_geometry((n, 10, 10, 8), (3, 3, 8, 8), 2, "same") for n in (1, 2)]

    def choose(geometry):
        return autotune.best_algorithm("forward", geometry, "float32", True, 1)

    for _ in killed(lambda: choose(geometries[0]), *steps(5)):
        assert choose(geometries[1]) == "im2col"
        autotune._known.clear()
        assert choose(geometries[1]) == "im2col"
        autotune._known.clear()


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs POSIX' timers")
@pytest.mark.parametrize("workers", [1, 3])
def test_threads_of_loaders_end(workers):
    model = striate.Sequential([striate.Input((4,)), striate.layers.Dense(1)], rng=0)
    model.compile("sgd", "mse")
    x, y = np.zeros((120, 4), np.float32), np.zeros((120, 1), np.float32)

    def slow(batch, rng):
        time.sleep(2e-4)
        return batch

    def train():
        model.fit(DataLoader((x, y), 8, transform=slow, workers=workers), epochs=2, verbose=0)

    def interrupt(*_):
        raise KeyboardInterrupt

    train()
    threads, interrupted, rng = threading.active_count(), 0, generator(9, workers)
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        for _ in range(rounds(60)):
            try:
                signal.setitimer(signal.ITIMER_REAL, float(rng.uniform(1e-4, 2e-2)))
                train()
                signal.setitimer(signal.ITIMER_REAL, 0)
            except KeyboardInterrupt:
                interrupted += 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert interrupted
    end = time.monotonic() + 5
    while threading.active_count() > threads and time.monotonic() < end:
        time.sleep(0.01)
    assert threading.active_count() <= threads


def test_a_loader_that_is_dropped_ends_its_threads():
    threads = threading.active_count()
    batches = iter(DataLoader((np.zeros((100, 2)),), 2, workers=3))
    next(batches)
    assert threading.active_count() > threads
    del batches
    assert threading.active_count() == threads
