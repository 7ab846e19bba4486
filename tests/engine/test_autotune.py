"""Algorithms chosen by measurement: remembered, shared by processes, and never wrong."""

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


def test_the_fastest_is_chosen(monkeypatch, cache):
    measured = []

    def best_call(function):
        measured.append(function.keywords["algorithm"])
        return {"winograd_f2": 1.0}.get(measured[-1], 2.0)

    monkeypatch.setattr(autotune, "_best_call", best_call)
    assert choose() == "winograd_f2"
    assert measured == ["direct", "im2col", "winograd_f2", "winograd_f4"]
    assert choose() == "winograd_f2"
    monkeypatch.setattr(autotune, "_known", {})
    assert choose() == "winograd_f2"  # read from the file
    assert len(measured) == 4
    assert len(cache.read_text().splitlines()) == 1
    choose("backward_input")
    assert len(cache.read_text().splitlines()) == 2


def test_small_differences_leave_the_usual_choice(monkeypatch):
    monkeypatch.setattr(autotune, "_best_call", lambda function: 1.0 if function.keywords["algorithm"] == "im2col" else 1.04)
    assert choose() == autotune.pick_conv2d_algorithm("auto", "forward", GEOMETRY, True)


def test_a_damaged_file_is_passed_over(cache, monkeypatch):
    choose()
    line = cache.read_text()
    cache.write_bytes(b"{\n" + b"[1, 2]\n" + b'["key", "magic"]\n' + b"[]\n" + line.encode() + b'["half')
    monkeypatch.setattr(autotune, "_known", {})
    monkeypatch.setattr(autotune, "_measure", None)
    assert choose() == json.loads(line)[1]
    cache.write_bytes(b"\xff\xfe")
    monkeypatch.setattr(autotune, "_known", {})
    with pytest.raises(TypeError):  # it measures
        choose()


def test_without_a_place_to_write_it_still_chooses(monkeypatch, tmp_path):
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


def test_a_tuned_model_computes_the_same():
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


def test_choices_of_winograd_are_ignored_where_it_is_forbidden(cache, monkeypatch):
    monkeypatch.setattr(autotune, "get_winograd", lambda: False)
    monkeypatch.setattr(autotune, "_measure", lambda *_: "direct")
    assert choose() == "direct"
    key = json.loads(cache.read_text())[0]
    cache.write_text(json.dumps([key, "winograd_f2"]) + "\n")
    monkeypatch.setattr(autotune, "_known", {})
    assert choose() == "direct"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
@pytest.mark.parametrize(
    "make", [os.mkfifo if hasattr(os, "mkfifo") else None, os.mkdir, lambda path: path.write_bytes(b"[" * 500_000)]
)
def test_an_invalid_cache_is_ignored(cache, monkeypatch, make):
    monkeypatch.setattr(autotune, "_measure", lambda *_: "im2col")
    cache.parent.mkdir()
    make(cache)
    assert choose() == "im2col"


def test_a_line_that_was_cut_off_spoils_no_other(cache, monkeypatch):
    monkeypatch.setattr(autotune, "_measure", lambda *_: "im2col")
    choose()
    content = cache.read_bytes()
    cache.write_bytes(content + content[:30])
    choose("backward_input")
    monkeypatch.setattr(autotune, "_known", {})
    monkeypatch.setattr(autotune, "_measure", None)
    assert choose() == choose("backward_input") == "im2col"
