"""Algorithms chosen by measurement: they are remembered, shared by processes, and always valid."""

import json
import multiprocessing
import os

import numpy as np
import pytest

from striate import Input, Model, layers
from striate.engine import autotune
from striate.geometry import conv2d_geometry


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "new"))
    monkeypatch.setattr(autotune, "_known", {})
    return tmp_path / "new" / "convolutions.jsonl"


GEOMETRY = conv2d_geometry((2, 10, 10, 8), (3, 3, 8, 8), 1, "same")


def choose(direction="forward", packed=True):
    return autotune.best_algorithm(direction, GEOMETRY, "float32", packed, 1)


def test_the_fastest_algorithm_is_chosen_and_remembered(monkeypatch, cache):
    measured = []

    def shortest_time(function, calls, seconds):
        measured.append(function.keywords["algorithm"])
        return {"winograd_f2": 1.0}.get(measured[-1], 2.0)

    monkeypatch.setattr(autotune, "shortest_time", shortest_time)
    assert choose() == "winograd_f2"
    assert measured == ["direct", "im2col", "winograd_f2", "winograd_f4"]
    assert choose() == "winograd_f2"
    monkeypatch.setattr(autotune, "_known", {})
    assert choose() == "winograd_f2"  # The choice is read from the file.
    assert len(measured) == 4
    assert len(cache.read_text().splitlines()) == 1
    choose("backward_input")
    assert len(cache.read_text().splitlines()) == 2


def test_small_gains_leave_the_choice_by_shape(monkeypatch):
    times = {"im2col": 1.0}
    monkeypatch.setattr(autotune, "shortest_time", lambda function, *_: times.get(function.keywords["algorithm"], 1.04))
    assert choose() == autotune.pick_conv2d_algorithm("auto", "forward", GEOMETRY, True)


def test_invalid_lines_of_the_file_are_skipped(cache, monkeypatch):
    choose()
    line = cache.read_text()
    cache.write_bytes(b"{\n" + b"[1, 2]\n" + b'["key", "magic"]\n' + b"[]\n" + line.encode() + b'["half')
    monkeypatch.setattr(autotune, "_known", {})
    monkeypatch.setattr(autotune, "_measure", None)
    assert choose() == json.loads(line)[1]
    cache.write_bytes(b"\xff\xfe")
    monkeypatch.setattr(autotune, "_known", {})
    with pytest.raises(TypeError):  # It measures again, which None cannot.
        choose()


def test_algorithms_are_chosen_even_if_the_file_cannot_be_written(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "file" / "folder"))
    assert choose() in autotune.ALGORITHMS


def _tune(size):
    geometry = conv2d_geometry((1, size, size, 4), (3, 3, 4, 4), 1, "same")
    return autotune.best_algorithm("forward", geometry, "float32", False, 1)


def test_processes_share_the_file(cache):
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        pool.map(_tune, [6, 7, 8, 6, 7, 8, 6, 7, 8])
    lines = [json.loads(line) for line in cache.read_text().splitlines()]
    assert len({key for key, _ in lines}) == 3


def test_a_tuned_model_has_the_same_predictions():
    image = Input((12, 12, 6))
    x = layers.Conv2D(8, 3, padding="same", activation="relu")(image)
    x = layers.Conv2D(8, 3, padding="same", groups=8)(x)
    model = Model(image, layers.Dense(3)(layers.Flatten()(x)), rng=0)
    x = np.random.default_rng(0).standard_normal((4, 12, 12, 6)).astype(np.float32)
    plain = model.predict(x)
    model.compile("sgd", "mse", autotune=True)
    np.testing.assert_allclose(model.predict(x), plain, rtol=1e-4, atol=1e-5)
    assert all(op.algorithm in autotune.ALGORITHMS for op in model.plan(4).operations if hasattr(op, "algorithm"))
    losses = model.fit(x, np.zeros((4, 3)), epochs=3, verbose=0).history["loss"]
    assert losses[-1] < losses[0]


@pytest.mark.parametrize("algorithm", ["winograd_f4", "depthwise", "auto", "winograd", "magic", ["direct"], {}, None])
def test_invalid_choices_are_measured_again(cache, monkeypatch, algorithm):
    geometry = conv2d_geometry((2, 10, 10, 8), (3, 3, 8, 8), 2, "same")
    want = autotune.best_algorithm("forward", geometry, "float32", True, 1)
    key = json.loads(cache.read_text())[0]
    cache.write_text(json.dumps([key, algorithm]) + "\n")
    monkeypatch.setattr(autotune, "_known", {})
    monkeypatch.setattr(autotune, "_measure", lambda *_: want)
    assert autotune.best_algorithm("forward", geometry, "float32", True, 1) == want
    assert json.loads(cache.read_text().splitlines()[-1]) == [key, want]


def test_stored_choices_of_winograd_are_ignored_if_it_is_off(cache, monkeypatch):
    monkeypatch.setattr(autotune, "get_winograd", lambda: False)
    monkeypatch.setattr(autotune, "_measure", lambda *_: "direct")
    assert choose() == "direct"
    key = json.loads(cache.read_text())[0]
    cache.write_text(json.dumps([key, "winograd_f2"]) + "\n")
    monkeypatch.setattr(autotune, "_known", {})
    assert choose() == "direct"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
@pytest.mark.parametrize(
    "make", [os.mkfifo if hasattr(os, "mkfifo") else None, os.mkdir, lambda path: path.write_bytes(b"[" * 500_000)]
)
def test_an_invalid_cache_is_ignored(cache, monkeypatch, make):
    monkeypatch.setattr(autotune, "_measure", lambda *_: "im2col")
    cache.parent.mkdir()
    make(cache)
    assert choose() == "im2col"


def test_an_incomplete_last_line_damages_no_other(cache, monkeypatch):
    monkeypatch.setattr(autotune, "_measure", lambda *_: "im2col")
    choose()
    content = cache.read_bytes()
    cache.write_bytes(content + content[:30])
    choose("backward_input")
    monkeypatch.setattr(autotune, "_known", {})
    monkeypatch.setattr(autotune, "_measure", None)
    assert choose() == choose("backward_input") == "im2col"
