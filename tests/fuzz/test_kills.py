"""Processes that are killed while they write: files are the old or the new ones, and what comes later goes on from there.

Beside kills, Ctrl-C: threads that make batches end.
"""

import csv
import importlib.util
import shutil
import signal
import stat
import threading
import time

import numpy as np
import pytest
from waiting import soon

import striate
from striate import callbacks, interop, models, utils
from striate.data import DataLoader
from striate.engine import autotune
from striate.geometry import conv2d_geometry

from . import sample_files
from .budget import FACTOR, generator, rounds
from .kills import killed, needs_ptrace, stops

PIXELS = np.random.default_rng(0).integers(0, 256, (2, 40, 50, 3))


def steps(n):
    """Return from which stop on, and after how many each, a process is killed: in long runs after all."""
    return (1, 0) if FACTOR is not None else (n, 3)


def _model(seed):
    model = sample_files.network(rng=seed)
    model.fit(sample_files.X, sample_files.Y, verbose=0)
    return model


#: What writes a file that depends on a number, and what reads it; the package that it needs.
WRITERS = {
    "model": (
        lambda path, i: _model(i).save(path),
        lambda path: sample_files.state_of(models.load_model(path)),
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
    model = sample_files.network(rng=9)
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
        sample_files.assert_same(got, new if is_new else old)
        seen.add(is_new)
        if is_new:
            write(path, 0)
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert list(path.parent.iterdir()) == [path]
    assert False in seen
    sample_files.assert_same(read(path), new)
    assert list(path.parent.iterdir()) == [path]


def train(folder):
    """Train with all callbacks that write; return the weights."""
    given = [
        callbacks.ModelCheckpoint(folder / "best.npz", "loss", save_best_only=True),
        callbacks.ModelCheckpoint(folder / "at-{epoch}.npz", save_weights_only=True),
        callbacks.CSVLogger(folder / "log.csv", append=True),
        callbacks.BackupAndRestore(folder / "backup"),
    ]
    if importlib.util.find_spec("tensorboard"):
        given.append(callbacks.TensorBoard(folder / "logs", histogram_freq=1))
    model = sample_files.network(rng=0)
    with striate.num_threads(1):
        model.fit(
            DataLoader((sample_files.X, sample_files.Y), 4, shuffle=True, rng=1),
            validation_data=(sample_files.X, sample_files.Y),
            validation_freq=2,  # so that the log gets new columns
            epochs=3,
            callbacks=given,
            verbose=0,
        )
    return model.get_weights()


def names(folder):
    """Return what files and folders there are, but for TensorBoard's, whose names hold the time."""
    return sorted(path.name for path in folder.rglob("*") if "logs" not in path.parts)


def tensorboard_epochs(folder):
    """Return the epochs whose losses TensorBoard shows, None if it is not installed."""
    if not importlib.util.find_spec("tensorboard"):
        return None
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(folder / "logs" / "train")).Reload().Scalars("epoch_loss")
    return sorted({event.step for event in events})


def table(folder):
    with open(folder / "log.csv", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture
def folders(tmp_path):
    """Two folders: what an unbroken training wrote, and none yet; and its weights."""
    whole, folder = tmp_path / "whole", tmp_path / "folder"
    for each in (whole, folder):
        each.mkdir()
    return whole, folder, train(whole)


def check_what_follows(whole, folder, weights):
    """Check that a killed training goes on as if nothing had been, or if it was at its end, that a new one begins."""
    over = (
        not (folder / "backup" / "training.json").exists() and (folder / "log.csv").exists() and table(folder) == table(whole)
    )
    sample_files.assert_same(train(folder), weights)
    log = table(whole)
    assert table(folder) == (log + log[1:] if over else log)
    assert names(folder) == names(whole)
    assert tensorboard_epochs(folder) == tensorboard_epochs(whole)
    sample_files.assert_same(*[models.load_model(each / "best.npz").get_weights() for each in (folder, whole)])


@needs_ptrace
def test_a_killed_training_goes_on(folders):
    whole, folder, weights = folders
    for _ in killed(lambda: train(folder), *steps(131)):
        check_what_follows(whole, folder, weights)
        shutil.rmtree(folder)
        folder.mkdir()
    assert table(folder) == table(whole)


@needs_ptrace
def test_end_of_a_training(folders):
    whole, folder, weights = folders
    count = stops(lambda: train(folder))
    for back in range(rounds(24)):
        shutil.rmtree(folder)
        folder.mkdir()
        stops(lambda: train(folder), max(count - back, 0))
        check_what_follows(whole, folder, weights)


@needs_ptrace
def test_training_that_is_killed_again_and_again(folders):
    whole, folder, weights = folders
    rng = generator(8)
    for _ in range(rounds(4)):
        shutil.rmtree(folder)
        folder.mkdir()
        for _ in range(20):
            last = int(rng.integers(2000))
            if stops(lambda: train(folder), last) != last or not (folder / "backup" / "training.json").exists():
                break
        check_what_follows(whole, folder, weights)


@needs_ptrace
def test_a_killed_process_leaves_a_readable_cache_of_measurements(tmp_path, monkeypatch):
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


def threads_alive():
    """Return how many threads there are; `threading` counts those, too, whose start was interrupted before there was one."""
    return sum(thread.is_alive() for thread in threading.enumerate())


def assert_threads_end(threads):
    """Assert that soon no more threads are alive than there were."""
    assert soon(lambda: threads_alive() <= threads)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs POSIX' timers")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of interrupts in Python's own callbacks
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
    threads, interrupted, rng = threads_alive(), 0, generator(9, workers)
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
    assert_threads_end(threads)


def test_a_loader_that_is_dropped_ends_its_threads():
    threads = threads_alive()
    batches = iter(DataLoader((np.zeros((100, 2)),), 2, workers=3))
    next(batches)
    assert threads_alive() > threads
    del batches
    assert_threads_end(threads)
